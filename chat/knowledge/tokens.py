"""Tokens of an index that has no analyser of its own: those that SQLite's FTS5 makes.

Keeps true: a text has the tokens here that `porter unicode61` gives it, so that a library is found
alike whatever the database: letters and digits make a token, without case and accents, cut to its
stem by Porter's stemmer of 1980 with the two departures that he added later. Imports normal
forms.
"""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer

from chat.normal_forms import normalized

_TOKEN = re.compile(r"[^\W_]+")
_LONGEST = 80  # characters of a token that are kept: words have fewer
_stemmer = snowballstemmer.stemmer("porter")
_stemming = threading.Lock()  # a stemmer holds the word that it works on
# Porter's departures, which Snowball's "porter" has not (tartarus.org/martin/PorterStemmer): after
# a syllable, -bli ends like -ble, and -logi like -log.
_DEPARTURES = {"bly": "ble", "blies": "ble", "logy": "log", "logies": "log"}
_DEPARTING = re.compile(r"(.*[aeiouy][^aeiouy].*|[aeiouy][^aeiouy])(bly|blies|logy|logies)")


def tokens(text: str) -> list[str]:
    """The tokens of a text in order."""
    return [token(word) for word in _TOKEN.findall(normalized("NFC", text))]


@lru_cache(maxsize=1 << 13)
def token(word: str) -> str:
    """The token of a word that is one run of letters and digits."""
    if not word.isascii():
        word = _without_accents(word)
    word = word.lower().replace("ς", "σ")[:_LONGEST]
    departing = _DEPARTING.fullmatch(word)
    if departing is not None:
        word = departing[1] + _DEPARTURES[departing[2]]
    letters = word.encode().decode("latin-1")  # FTS5 stems bytes
    if len(letters) < 3:
        return word
    with _stemming:
        found: str = _stemmer.stemWord(letters)
    return found.encode("latin-1").decode(errors="ignore")


def _without_accents(word: str) -> str:
    """Latin letters without their marks; other scripts keep theirs."""
    return "".join(map(_plain, word))


def _plain(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    return parts[0] if parts[0].isascii() else letter
