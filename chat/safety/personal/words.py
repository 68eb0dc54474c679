"""The words of a text, as the lexicon has them, and what a phrase of them says.

Keeps true: a name of a programme (`phoneNumber`, `tax_id`), an abbreviation with points (`D.N.I.`),
a plural and a compound (`Diensthandy`) say what their parts say. Imports the lexicon.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from chat.safety.personal.id_words import ID_PHRASES, ID_STEMS
from chat.safety.personal.lexicon import NUMBERED, NUMBERINGS, PHRASES, STEMS

LONGEST = 4  # words of a phrase
# Signs of the scripts that set no spaces between words.
UNSPACED_SIGNS = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_WORD = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(r"(?<=[a-zß-öø-ÿ]{2})(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z]{2})")
_NOTHING: frozenset[str] = frozenset()
_OTHER = frozenset(["figure", "numbered"])
# Whose a number is, and not of what.
_ABBREVIATED = {"nr", "nro"}
_NOT_NUMBERED = set(
    [
        *("unter", "diese", "meine", "deine", "seine", "ihre", "unsere", "eure", "neue", "alte"),
        *(
            "andere",
            "eigene",
            "meiner",
            "seiner",
            "ihrer",
            "mijn",
            "onze",
            "haar",
            "nieuwe",
            "nowy",
        ),
        *("jego", "mitt", "hans", "hennes", "deres", "vores", "vart", "nytt", "personliga"),
        *("privat", "private", "dienstliche", "private"),
    ]
)
_SHORTEST_COMPOUND = 6  # letters


class Word(NamedTuple):
    """A word in small letters without accents, and where it ends."""

    text: str
    end: int


class _Lexicon(NamedTuple):
    """What each phrase says, and with what words those of several begin."""

    says: dict[str, frozenset[str]]
    beginnings: frozenset[str]


def words_of(part: str) -> list[Word]:
    """Every word; one of capitals within is several, unless it is in the lexicon as it stands."""
    words: list[Word] = []
    for place in _WORD.finditer(part):
        raw, end = place.group(), place.end()
        whole = fold(raw)
        if len(raw) < 4 or raw[1:].islower() or raw.isupper() or whole in _lexicon().says:
            words.append(Word(whole, end))
        else:
            words.extend(Word(fold(one), end) for one in _JOINT.split(raw))
    return words


def phrases_from(words: Sequence[Word], first: int) -> Iterator[tuple[int, frozenset[str]]]:
    """What the phrases that begin with a word say, and behind what word they end: the longest
    first.
    """
    word = words[first].text
    is_known = False
    is_letter = len(word) == 1 and first + 1 < len(words) and len(words[first + 1].text) == 1
    if is_letter or word in _lexicon().beginnings:
        for last in range(min(len(words), first + LONGEST), first + 1, -1):
            if said := _says([one.text for one in words[first:last]]):
                yield last, said
                is_known = True
    if said := _says_alone(word):
        yield first + 1, said
    elif not is_known and first + 1 < len(words) and _is_numbered(words[first], words[first + 1]):
        yield first + 2, _OTHER


def _is_numbered(word: Word, next_word: Word) -> bool:
    """Whether it has numbers of its own, as `Angebot Nr.` and `Angebots-Nr.` say."""
    is_beside = next_word.end - len(next_word.text) == word.end + 1
    is_noun = len(word.text) > 3 and word.text not in _NOT_NUMBERED
    return next_word.text in _ABBREVIATED and is_beside and is_noun


def _says(words: Sequence[str]) -> frozenset[str]:
    says = _lexicon().says
    phrase = ("" if max(map(len, words)) == 1 else " ").join(words)
    if (said := says.get(phrase)) is not None:
        return said
    return says.get(phrase[:-1], _NOTHING) if phrase[-1] in "sn" else _NOTHING


@lru_cache(maxsize=4096)
def _says_alone(word: str) -> frozenset[str]:
    says = _lexicon().says
    if (said := says.get(word)) is not None:
        return said
    if len(word) > 3 and word[-1] in "sn" and (said := says.get(word[:-1])) is not None:
        return said
    if len(word) < _SHORTEST_COMPOUND:
        return _NOTHING
    return next((said for stem, said in _stems() if stem.fullmatch(word)), _NOTHING)


def fold(word: str) -> str:
    """Lower case, without accents."""
    word = word.lower()
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFKD", word)
    return "".join(one for one in parts if not unicodedata.combining(one)).replace("ı", "i")


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    held: dict[str, set[str]] = {}
    for phrase, tag in _phrases():
        words = [fold(word) for word in _WORD.findall(phrase)]
        glue = "" if max(map(len, words), default=0) == 1 else " "
        held.setdefault(glue.join(words), set()).add(tag)
    says = {phrase: frozenset(tags) for phrase, tags in held.items() if phrase}
    return _Lexicon(says, frozenset(one.split()[0] for one in says if " " in one))


def _with_person(tags: str) -> Iterator[str]:
    for tag in tags.split():
        yield tag
        if tag.startswith("id:"):
            yield "person"


def _phrases() -> Iterator[tuple[str, str]]:
    for table in (PHRASES, ID_PHRASES):
        for tags, listed in table.items():
            for phrase in listed.split("|"):
                yield from ((phrase.strip(), tag) for tag in _with_person(tags))
    for what in NUMBERED.split("|"):
        for numbering in NUMBERINGS.split("|"):
            yield from (
                (f"{what.strip()} {numbering.strip()}", tag) for tag in ("figure", "numbered")
            )


@lru_cache(maxsize=1)
def _stems() -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    stems = (*ID_STEMS.items(), *STEMS.items())
    return tuple(
        (re.compile(re.sub(r"\s", "", stem)), frozenset(_with_person(tags))) for tags, stem in stems
    )
