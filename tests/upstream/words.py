"""What the upstream writes: the same words in every run, cut as a tokenizer would cut them.

The text cites `[1]` and `[2]`, and `[99]`, which no prompt holds; its characters take one to four
bytes in UTF-8.
"""

from collections.abc import Iterator
from itertools import cycle

TOKENS = (
    "Roll", " back", " with", " `make", " rollback`", ",", " then", " check", " the", " health",
    " page", " [", "1", "]", ".", " Café", " and", " naïve", " words", " cost", " two", " bytes",
    ",", " 日本", "語", " three", ",", " 👩‍🚀", " and", " 𝔘", " four", " [", "2", "]", ".",
    " A", " source", " that", " nobody", " gave", " [99", "]", " is", " dropped", ".",
    " The", " rest", " is", " as", " plain", " as", " it", " gets", " [1", "]", ".", "\n\n",
)  # fmt: skip
THOUGHTS = (
    "The",
    " passages",
    " name",
    " a",
    " rollback",
    "…",
    " 🤔",
    " so",
    " I",
    " cite",
    " them",
    ".",
)


def tokens() -> Iterator[str]:
    """Tokens without an end."""
    return cycle(TOKENS)


def split(text: str) -> list[str]:
    """A given text as tokens: words with the space before them."""
    found = [""]
    for character in text:
        if character.isspace() and found[-1].strip():
            found.append(character)
        else:
            found[-1] += character
    return [token for token in found if token]


def log_probability(position: int) -> float:
    """What the fake model gives its token: between -0.05 and -0.85, the same in every run."""
    return -0.05 - (position * 7 % 9) / 10
