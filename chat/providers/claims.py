"""What a model's text claims, sentence by sentence, while it is being written.

Keeps true: what has been found depends on the text, not on how it was cut; a marker after a full
stop belongs to the sentence before it; code, headings, the head of a table, questions and what only
leads up to a list are no claims; no more is held than the sentence being written. Imports
knowledge.
"""

import re
from collections.abc import Iterator

from chat.knowledge.sentences import sentence_spans
from chat.knowledge.words import STOP, each_word, spelled, word_set

LINE_END = ""  # between the claims: a marker speaks only for its own line
LONGEST = 2000  # characters of a sentence; what is longer is cut
_FENCE_LINE = 80  # characters of a line of code that are kept, to see whether it closes the block

_LIST = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,4}"
_MARKER = rf"(?:\[{_LIST}\](?![(:])|【{_LIST}(?:†[^】\n]{{0,12}})?】)"
_MARKERS = re.compile(_MARKER)
_NUMBERS = re.compile(r"(\d{1,3})(?:\s?[–-]\s?(\d{1,3}))?")
_CODE = re.compile(r"`[^`\n]*`")
_LATE = re.compile(rf"([.!?…]+[\"'”’)»*_]*)((?:[ \t]?{_MARKER})+)")  # markers after the stop
_OPEN = re.compile(r"[ \t]*(?:\[(?:\d[\d\s,;–-]*)?|【[^】\n]*)\Z")  # may become a marker
_MAY_END = re.compile(r"[.!?…\n\]】]")
_DONE = re.compile(r"[.!?…][\"'”’)»*_]*\s*\Z")
_DOUBTFUL = re.compile(r"(?:\b\w{1,2}|\.\w+)\.[\"'”’)»*_]*\Z")  # `3.` of 3.5, `U.S.`, `Dr.`
_UNDECIDED = re.compile(r"[.!?…\n\]】](?!.*?\w\S*\s+\S)", re.DOTALL)  # no whole word follows
_NEXT_WORD = re.compile(r"\w\S*\s")
_STOP = re.compile(r"[.!?…]")
_MAY_OPEN = re.compile(r"[\[【]")
_LAST_WORDS = 60  # characters at the end of a sentence in which a doubtful full stop is looked for
_MARKER_LENGTH = 40  # characters at the end in which a marker may still turn out to be none

_ITEM = re.compile(r"\s*(?:>\s?)*(?:(?:[-*+•]|\d{1,3}[.)])(?:\s+|\Z))?")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_NO_CLAIM = re.compile(r"\s{0,3}#{1,6}(?:\s|\Z)|\s*\[\d+\]:|\s*[-=*_|:\s]*\Z")
_TABLE = re.compile(r"\s*\|")
_MARKS = frozenset(["", *"`~#[-=*_|:"])  # with which a line of one of the three kinds begins
_LABEL = re.compile(r"(\*\*|__)(?:(?!\1).)+\1:?\Z|.*(?::|\?)[\"'”’)»*_]*\Z", re.DOTALL)
_CLOSERS = "\"'”’)»*_"  # what may follow the last sign of a sentence
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_SMALL_TALK = STOP | word_set(
    """yes ok okay sure certainly absolutely indeed hello hi hey thank thanks welcome great good
    question hope help helps happy know summary overall finally sorry source sources references"""
)


class Claims:
    """Of one text. `feed` gives the claims that have ended for good, `pending` those that have
    ended as far as one can see now.
    """

    __slots__ = ("_block", "_cites_late", "_held", "_is_line_start", "_may_end")

    def __init__(self) -> None:
        self._held = ""  # from the beginning of the sentence that is being written
        self._block = ""  # the marks that opened the code we are in, or `|` within a table
        self._is_line_start = True  # whether a line begins with what is held
        self._may_end = False  # whether it is still open if anything held is an end
        self._cites_late = False  # whether markers have come after the full stop

    def feed(self, text: str) -> list[str] | None:
        """The claims that ended for good, and LINE_END after each line; None for no change."""
        if not self._may_end and len(self._held) < LONGEST and not _MAY_END.search(text):
            self._held += text
            return None
        ended: list[str] = []
        while text:  # no more at once than may be held, so that a cut falls in the same place
            room = LONGEST + 1 - len(self._held)
            self._held, text = self._held + text[:room], text[room:]
            ended += self._close_lines()
            ended += self._close_sentences()
        self._may_end = (
            _UNDECIDED.search(self._held) is not None
            or _MAY_OPEN.search(self._held, max(0, len(self._held) - _MARKER_LENGTH)) is not None
        )
        return ended

    def pending(self) -> list[str]:
        """The claims among what is held, most often none or one."""
        if not _MAY_END.search(self._held) or self._is_marked_up:
            return []
        text, is_open = _without_open_marker(self._held)
        ended = self._sentences(text.rstrip("\n"))
        if ended and not self._has_ended(ended[-1], text, is_open=is_open):
            ended.pop()
        return [one for one in ended if _claims(one)]

    @property
    def _is_marked_up(self) -> bool:
        """Whether the line held is no prose: it is read when it is whole."""
        return not self._is_prose(self._held)

    def _has_ended(self, last: str, text: str, *, is_open: bool) -> bool:
        if is_open:
            return False
        if text.endswith("\n"):
            return True
        if not _DONE.search(last):
            is_item = self._is_line_start and bool(_item(text).strip())
            return is_item and last.endswith(("]", "】")) and bool(markers(last))
        if markers(last):
            return True
        at = max(0, len(last) - _LAST_WORDS)
        return not (self._cites_late or _DOUBTFUL.search(last, at))

    def _close_lines(self) -> Iterator[str]:
        while "\n" in self._held:
            line, _, rest = self._held.partition("\n")
            if self._is_prose(line) and line.strip() and not _DONE.search(_settled(line)):
                following = rest.lstrip(" \t")
                if not following:
                    return
                if following[0].islower():  # the sentence goes on in this line
                    self._held = f"{line} {following}"
                    continue
            self._held = rest
            yield from self._read_line(line)
            yield LINE_END
            self._is_line_start = True

    def _is_prose(self, line: str) -> bool:
        if self._block not in ("", "|"):
            return False
        if not self._is_line_start or line.lstrip()[:1] not in _MARKS:
            return True
        return not any(kind.match(line) for kind in (_FENCE, _NO_CLAIM, _TABLE))

    def _read_line(self, line: str) -> Iterator[str]:
        """The claims of a whole line, or of the rest of one."""
        fence = _FENCE.match(line) if self._is_line_start else None
        if self._block not in ("", "|"):
            if fence and fence[1].startswith(self._block) and not line[fence.end() :].strip():
                self._block = ""
        elif fence:
            self._block = fence[1]
        elif self._is_line_start and _TABLE.match(line):
            is_head, self._block = not self._block, "|"
            if not is_head and not _NO_CLAIM.match(line):
                yield from filter(_claims, [line])
        else:
            self._block = ""
            if not (self._is_line_start and _NO_CLAIM.match(line)):
                self._note_style(line)
                yield from filter(_claims, self._sentences(line))

    def _close_sentences(self) -> Iterator[str]:
        """Those of the line held whose end no further text can change."""
        if self._block not in ("", "|"):
            self._held = self._held[:_FENCE_LINE] if "\n" not in self._held else self._held
            return
        if "\n" not in self._held and not self._is_marked_up:
            yield from self._close_settled()
        while len(self._held) > LONGEST:
            yield from filter(_claims, [self._held[:LONGEST]])
            self._held, self._is_line_start = self._held[LONGEST:], False

    def _close_settled(self) -> Iterator[str]:
        stop = _STOP.search(self._held)
        if stop is None or not _NEXT_WORD.search(self._held, stop.end()):
            return  # the sentence has just ended, or goes on
        text, _ = _without_open_marker(self._held)
        start = len(_item(text)) if self._is_line_start else 0
        prose = _settled(text[start:])
        spans = sentence_spans(prose)
        at = 0
        for (begin, _), (following, _) in zip(spans, spans[1:], strict=False):
            if not _NEXT_WORD.search(prose, following):
                break
            self._note_style(text[start + begin : start + following])
            yield from filter(_claims, [prose[begin:following].rstrip()])
            at = following
        if at:
            self._held, self._is_line_start = self._held[start + at :], False
            self._block = ""

    def _sentences(self, text: str) -> list[str]:
        """The sentences of a line or its rest, each with its markers."""
        prose = _settled(text[len(_item(text)) :] if self._is_line_start else text)
        return [prose[start:end] for start, end in sentence_spans(prose)]

    def _note_style(self, text: str) -> None:
        if not self._cites_late and _may_mark(text):
            self._cites_late = _LATE.search(text) is not None


def markers(sentence: str) -> list[int]:
    """The numbers that the sentence's markers name, each once."""
    if not _may_mark(sentence):
        return []
    found: dict[int, None] = {}
    for marker in _MARKERS.findall(_CODE.sub(" ", sentence)):
        for first, last in _NUMBERS.findall(marker.partition("†")[0]):
            start, stop = int(first), int(last or first)
            found.update(dict.fromkeys(range(start, min(stop, start + 20) + 1)))
    return list(found)


def without_markers(sentence: str) -> str:
    """The sentence's own words."""
    return _MARKERS.sub(" ", sentence) if _may_mark(sentence) else sentence


def _may_mark(text: str) -> bool:
    """Whether it can hold a marker: most sentences cannot, and are spared the searching."""
    return "[" in text or "【" in text


def _claims(sentence: str) -> bool:
    """Whether it says something: no label, no question, no small talk, no lead-up to a list.

    Of a script that sets no spaces between words nothing can be said.
    """
    if not sentence.isascii() and _UNSPACED.search(sentence):
        return False
    if not markers(sentence) and _is_label(sentence.strip()):
        return False
    return any(spelled(word) not in _SMALL_TALK for word in each_word(without_markers(sentence)))


def _is_label(text: str) -> bool:
    is_open = text.rstrip(_CLOSERS)[-1:] in (":", "?")
    return (is_open or text[:2] in ("**", "__")) and _LABEL.match(text) is not None


def _settled(text: str) -> str:
    """The text with each late marker moved before its full stop; as long as it was."""
    return _LATE.sub(r"\2\1", text) if _may_mark(text) else text


def _without_open_marker(text: str) -> tuple[str, bool]:
    if not _may_mark(text):
        return text, False
    found = _OPEN.search(text)
    is_open = found is not None and found.group().strip() != ""
    return (text[: found.start()], True) if found and is_open else (text, False)


def _item(text: str) -> str:
    found = _ITEM.match(text)
    return found.group() if found else ""
