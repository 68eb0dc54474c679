"""Words: how text is cut into them, which of them carry meaning, and what their stems are.

Keeps true: two spellings of one word (case, accents, endings, `1,500` and `1500`) give one stem.
The stemmers are Snowball's (Porter, 1980 and 2001). Imports nothing of Parley.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

import snowballstemmer

_WORD = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S.
    r"|\d+(?:[.,]\d+)*(?:st|nd|rd|th|s)?\b"  # 1,500 and 19th and 1990s
    r"|[^\W_]+(?:['’][^\W_]+)*"
)
_WHOLE: Callable[[re.Match[str]], str] = itemgetter(0)
ENGLISH = "en"
_SNOWBALL = {
    ENGLISH: "english",
    "de": "german",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}
# Endings that these stemmers know only with the accents that `spelled` has taken away.
_ACCENTED = {
    "es": (re.compile(r"(?<=[cs])ion$"), "ión"),
    "pt": (re.compile(r"(?<=c)ao$"), "ão"),
}
_stemming = threading.Lock()  # a stemmer holds the word that it works on


def word_set(text: str) -> frozenset[str]:
    """The words of a table that is written as prose."""
    return frozenset(text.split())


STOP = word_set(
    """a about above after again all also although am an and any anybody anyone anything
    anywhere are aren't as at be because been before being below between both but by can cannot
    can't could couldn't did didn't do does doesn't doing don't down during each either else etc
    ever few for from further had hadn't has hasn't have haven't having he he'd he'll he's her
    here here's hers herself him himself his how how's however i i'd if i'll i'm in into is
    isn't it it's its itself i've just let's may me might more most must mustn't my myself
    neither no nor not of off on once only or other otherwise ought our ours ourselves out over
    own per please same shall shan't she she'd she'll she's should shouldn't since so some
    somebody someone something somewhere such than that that's the their theirs them themselves
    then there there's these they they'd they'll they're they've this those though through thus
    to too under until up upon us very via was wasn't we we'd we'll were we're weren't we've
    what what's when when's where where's whether which while who whom who's whose why why's
    will with within without won't would wouldn't yet you you'd you'll your you're yours
    yourself yourselves you've"""
)


def words(text: str) -> list[str]:
    """The words of `text` in order, as written."""
    return _WORD.findall(text)


def each_word(text: str) -> Iterator[str]:
    """The same one by one, for who needs only the first few."""
    return map(_WHOLE, _WORD.finditer(text))


def placed_words(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of `text` in order, each with where it begins and ends."""
    return ((found.group(), *found.span()) for found in _WORD.finditer(text))


@lru_cache(maxsize=1 << 12)
def spelled(word: str) -> str:
    """`word` in lower case, without accents, possessive ends, or marks within numbers."""
    word = word.lower().replace("’", "'")
    if not word.isascii():
        word = _without_accents(word)
    if word.endswith("'s"):
        word = word[:-2]
    if word[0].isdigit():
        return word.replace(",", "")
    return word.replace(".", "")


@lru_cache(maxsize=1 << 10)
def _without_accents(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word)
    return "".join(part for part in parts if not unicodedata.combining(part)) or word


@lru_cache(maxsize=1 << 13)
def stem(word: str, language: str = ENGLISH) -> str:
    """The stem of a word as `spelled` gives it."""
    if word[0].isdigit() or len(word) < 3:
        return word
    if language in _ACCENTED:
        ending, accented = _ACCENTED[language]
        word = ending.sub(accented, word)
    with _stemming:
        found: str = _stemmer(language).stemWord(word)
    return found if found.isascii() else _without_accents(found)


@lru_cache(maxsize=len(_SNOWBALL))
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(_SNOWBALL.get(language, "english"))


def stems(text: str, language: str = ENGLISH) -> list[str]:
    """The stems of every word of `text`, in order."""
    return [stem(spelled(word), language) for word in words(text)]
