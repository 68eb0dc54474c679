"""The words of general English with their places in the concept space, read from `lexicon.bin`.

`scripts/build_lexicon.py` made the file from WordNet (its licence is beside it). Keeps true: the
file is mapped into memory and never read as a whole, so it takes what was looked up. Its form:
HEAD; the mean of texts as float32; where each word begins; a byte of rarity each; the words in
order; a vector each, of four bits a dimension (the first half of them low, the second high), 8
standing for 0. Imports nothing of Parley.
"""

import math
import mmap
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("lexicon.bin")
DIMENSIONS = 256
HEAD = "<4sIII"  # mark, number of words, dimensions, bytes of all words
RARITY_STEP = 1 / 16  # of a byte of rarity, in natural logarithms
_HALF = DIMENSIONS // 2
_LOW = bytes((byte & 15) for byte in range(256))
_HIGH = bytes((byte >> 4) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The open file; `mean` is where texts are on average, a part of their length of 1."""

    file: mmap.mmap
    count: int
    ends: int
    rarities: int
    letters: int
    vectors: int
    mean: tuple[float, ...]

    def find(self, word: bytes) -> int | None:
        """The number of a stem."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            if self.word(middle) < word:
                low = middle + 1
            else:
                high = middle
        return low if low < self.count and self.word(low) == word else None

    def word(self, number: int) -> bytes:
        start, end = struct.unpack_from("<II", self.file, self.ends + 4 * number)
        return self.file[self.letters + start : self.letters + end]

    def rarity(self, number: int) -> float:
        """The natural logarithm of how rare a stem is."""
        return self.file[self.rarities + number] * RARITY_STEP

    def vector(self, number: int) -> bytes:
        """A byte from 1 to 15 for each dimension, 8 standing for 0."""
        at = self.vectors + _HALF * number
        packed = self.file[at : at + _HALF]
        return packed.translate(_LOW) + packed.translate(_HIGH)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon, opened at its first use."""
    with FILE.open("rb") as opened:
        file = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    _, count, dimensions, letters = struct.unpack_from(HEAD, file)
    assert dimensions == DIMENSIONS
    at = struct.calcsize(HEAD)
    mean = struct.unpack_from(f"<{dimensions}f", file, at)
    ends = at + 4 * dimensions
    rarities = ends + 4 * (count + 1)
    words = rarities + count
    return Lexicon(file, count, ends, rarities, words, words + letters, mean)


def length(vector: bytes) -> float:
    """The length of a vector as `Lexicon.vector` gives it."""
    return math.sqrt(sum((part - 8) ** 2 for part in vector))
