"""Folds texts into the concept space: a text is the sum of its words, each by how rare it is.

A word of the lexicon is where general English has it. Any other is its parts (fastText's runs of
letters, Bojanowski et al., 2017, placed by their digests as in random indexing, Kanerva et al.,
2000), so that the same name is always in the same place and near its inflections. Keeps true: a
text is folded without a look at the others, so that nothing grows old as documents come and go.
Sums are of whole numbers, all dimensions at once in the digits of one: a library of matrices would
take 20 MB in each process. Imports the lexicon, packed, languages and words.
"""

import math
import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b

from chat.knowledge.languages import stop_words
from chat.knowledge.meaning.lexicon import DIMENSIONS, length, lexicon
from chat.knowledge.meaning.packed import pack
from chat.knowledge.words import ENGLISH, spelled, stem, words

_UNIT = 256  # of a weight: it is a whole number
_UNKNOWN = 10.0  # the rarity of a word that the lexicon does not hold
_LANE = 4  # bytes of a dimension in a sum
_SPREAD = struct.Struct(f"<{DIMENSIONS}I")
_PARTS = range(4, 6)  # letters of a part of a word
_MOST_PARTS = 24
_WHOLE = 3  # parts that the word as a whole counts for
_LONGEST = 40  # letters of a word that are looked at
_ONES = bytes(1 if byte == ord("1") else 0 for byte in range(256))


def fold_passage(title: str, heading: str, text: str, language: str = ENGLISH) -> bytes:
    """The packed vector of a passage; empty for one without a word."""
    return fold(Counter(stems_of(f"{title} {heading} {text}", language)), language)


def fold_question(terms: Iterable[str], language: str = ENGLISH) -> bytes:
    """The packed vector of a question's terms; they are not on average where texts are."""
    counted = Counter(stem(term, language) for term in terms)
    return pack(direction(counted, language))


def stems_of(text: str, language: str = ENGLISH) -> list[str]:
    """The stems of the words that carry meaning."""
    said, stop = [spelled(word) for word in words(text) if len(word) > 1], stop_words(language)
    return [stem(word, language) for word in said if word and word not in stop]


def fold(counted: Mapping[str, int], language: str = ENGLISH) -> bytes:
    """The packed vector of a text, given as its stems and how often it holds each."""
    values = direction(counted, language)
    if values and language == ENGLISH:
        mean = lexicon().mean
        values = [value - part for value, part in zip(values, mean, strict=True)]
    return pack(values)


def direction(counted: Mapping[str, int], language: str = ENGLISH) -> list[float]:
    """The sum of the stems' vectors, of length 1; empty where there are none."""
    total = whole = 0
    for word, count in counted.items():
        lanes, weight = _word(word, language == ENGLISH)
        times = round(weight * (1 + math.log(count)))
        total += lanes * times
        whole += times
    if not whole:
        return []
    sums = _SPREAD.unpack(total.to_bytes(_LANE * DIMENSIONS, "little"))
    values = [one - 8 * whole for one in sums]
    size = math.sqrt(sum(value * value for value in values)) or 1.0
    return [value / size for value in values]


def is_english(word: str) -> bool:
    """Whether the lexicon has this stem."""
    return lexicon().find(word.encode()) is not None


@lru_cache(maxsize=1 << 10)
def _word(word: str, is_in_english: bool) -> tuple[int, int]:
    """The vector of a stem, a lane for each dimension in which 8 is 0, and its weight."""
    known = lexicon()
    number = known.find(word.encode()) if is_in_english else None
    vector = known.vector(number) if number is not None else _placed(word[:_LONGEST])
    rarity = known.rarity(number) if number is not None else _UNKNOWN
    spread = bytearray(_LANE * DIMENSIONS)
    spread[::_LANE] = vector
    return int.from_bytes(spread, "little"), round(_UNIT * rarity / length(vector))


def _placed(word: str) -> bytes:
    """The vector of a word that only its letters are known of."""
    parts = [word] * _WHOLE + _runs(word)
    sums = [sum(column) for column in zip(*map(_coins, parts), strict=True)]
    half = len(parts) / 2
    return bytes(8 + round(7 * (one - half) / half) for one in sums)


def _runs(word: str) -> list[str]:
    if len(word) < _PARTS[-1] or not word.isalpha():
        return []
    marked = f"<{word}>"
    runs = (marked[at : at + size] for size in _PARTS for at in range(len(marked) - size + 1))
    return list(dict.fromkeys(runs))[:_MOST_PARTS]


@lru_cache(maxsize=1 << 8)
def _coins(part: str) -> bytes:
    """A 0 or a 1 for each dimension, thrown by the digest of `part`."""
    digest = blake2b(part.encode(), digest_size=DIMENSIONS // 8).digest()
    return format(int.from_bytes(digest, "big"), f"0{DIMENSIONS}b").encode().translate(_ONES)
