"""Answers that may be given again: to whom, for which question, and for how long.

An entry names the message that holds an answer, under a hash of everything that the answer was made
from. Keeps true: nothing is found by whom may not read all of what it was made from, now; an entry
goes with its message, with what was found in its spaces, and with its time. May import the plain
ground and the tables.
"""

from chat.cache.entries import (
    Entry,
    Found,
    Limits,
    count_use,
    find,
    forget_library,
    forget_text,
    forget_too_many,
    store,
)
from chat.cache.keys import Ingredients, key_of, normalised

__all__ = [
    "Entry",
    "Found",
    "Ingredients",
    "Limits",
    "count_use",
    "find",
    "forget_library",
    "forget_text",
    "forget_too_many",
    "key_of",
    "normalised",
    "store",
]
