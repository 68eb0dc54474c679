"""Where sentences begin and end.

Keeps true: every span is a literal part of the text, spans do not overlap and keep their order, and
nothing but white space and reference marks lies between them. Imports pace and words.
"""

import re

from chat.knowledge.pace import Pace
from chat.knowledge.words import word_set

# An end: the stop, what closes after it, reference marks glued to it (`degrees.:121,154 He`,
# `plant.[12] He`), then white space and something that can begin a sentence. `re` looks quickly for
# what begins with a set of characters, not for what begins with a repetition. A row of stops is
# looked at once, from its beginning, and nothing is given back: the rest begins with other signs.
_END = re.compile(
    r"""(?P<stop>[.!?…](?<![.!?…]{2})[.!?…]*+)
        (?P<close>["'”’)\]»*_]*+)
        (?P<marks>(?::\d+(?:[-–,]\s?\d+)*|\[\d+\]|\[(?:note\ \d+|[a-z]+\ needed|[a-z]+\??)\])*+)
        (?:\s+|$|(?<=[a-z][.!?])(?=[A-Z][a-z]+\ [a-z]))""",  # the last: `the end.Many say`
    re.VERBOSE,
)
_PLAIN_END = re.compile(r"""[^.!?…]*+([.!?…]++["'”’)\]»*_]*+)\s++(?=[^\W_a-z]\S*+\s)""")
_STARTS = re.compile(r"""["'“‘(\[«*_`]*(?:(?<=`)\w|[^\W_a-z])""")
_LONG_TEXT = 4000  # characters; what is shorter takes less than a pace
_LONG_WORD = 40  # characters before a full stop are looked at
_LAST_WORD = re.compile(r"(?:[^\W\d_]\.)*[^\W_]+$")
_FIRST_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]|\.(?=\s))*")  # `A.` of `J. A. Smith` keeps its stop
_NEVER_LAST = word_set(
    """mr mrs ms dr prof rev fr sr jr st mt gen col lt sgt capt cmdr adm maj hon gov sen rep pres
    v vs cf eg ie e.g i.e viz approx ca c al figs fig eq eqs sec ch vol pp p no nos ed eds trans
    jan feb mar apr jun jul aug sep sept oct nov dec dept univ assn bros"""
)
_BEFORE_DIGIT = frozenset(
    ["no", "nos", "p", "pp", "fig", "figs", "eq", "vol", "ch", "sec", "c", "ca"]
)
_USUALLY_WITHIN = word_set("inc ltd co corp u.s u.k u.n d.c a.m p.m b.c a.d ph.d")
_MAY_GO_ON = _NEVER_LAST | _BEFORE_DIGIT | _USUALLY_WITHIN
_OPENERS = word_set(
    """the a an this that these those it its he his she her they their we our in on at by for from
    to as with while when after before however although but and there such some many most all
    both each during since if according"""
)


def sentence_spans(text: str, first: int = 0) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph begin and end, without the white space around them.

    No full stop stands before `first`.
    """
    spans: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    pace = Pace() if len(text) > _LONG_TEXT else None
    for end in _END.finditer(text, first):
        if pace:
            pace()
        after = end.end()
        if after > start and _is_end(text, start, end):
            spans.append((start, end.end("close")))
            start = after
    rest = len(text.rstrip())
    if start < rest:
        spans.append((start, rest))
    return spans


def plain_end(text: str, start: int, first: int) -> tuple[int, int] | None:
    """Where the sentence ends that begins at `start`, and where the next one begins, if the first
    full stop from `first` on tells: white space and a whole word with a capital follow it.
    """
    found = _PLAIN_END.match(text, first)
    if found is None:
        return None
    at, end = found.span(1)
    if end == at + 1 and text[at] == "." and not _is_last_word(text, start, at, found.end()):
        return None
    return end, found.end()


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    return [text[start:end] for start, end in sentence_spans(text)]


def _is_end(text: str, start: int, end: re.Match[str]) -> bool:
    at, after = end.span()
    if after == len(text):
        return True
    follows = text[after]
    is_plain = follows.isalnum() and not "a" <= follows <= "z"
    if not is_plain and not _STARTS.match(text, after):
        return False
    if text[at] != "." or end.end("marks") > at + 1:
        return True
    return _is_last_word(text, start, at, after)


def _is_last_word(text: str, start: int, at: int, after: int) -> bool:
    """Whether the full stop `at` its end ends the sentence, too; the text goes on at `after`."""
    low = max(start, at - _LONG_WORD)
    begin = text.rfind(" ", low, at) + 1 or low
    word = text[begin:at]
    if not word.isalnum():
        last = _LAST_WORD.search(text, begin, at)
        return last is None or not _goes_on(last.group(), text, after)
    if len(word) > 1 and word.lower() not in _MAY_GO_ON:
        return True  # as most do
    return not _goes_on(word, text, after)


def _goes_on(word: str, text: str, after: int) -> bool:
    """Whether a full stop after `word` belongs to it, and the sentence goes on at `after`."""
    lower = word.lower()
    if lower in _BEFORE_DIGIT:
        return text[after].isdigit()
    if lower in _NEVER_LAST:
        return True
    if lower in _USUALLY_WITHIN or _is_initials(word):
        following = _FIRST_WORD.match(text, after)
        return following is None or following.group().lower() not in _OPENERS
    return False


def _is_initials(word: str) -> bool:
    """`J` of `J. Smith`, `U.S`: capitals with stops between them, but not `I` alone."""
    parts = word.split(".")
    return all(len(part) == 1 and part.isupper() for part in parts) and word != "I"
