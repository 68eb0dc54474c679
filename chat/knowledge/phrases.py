"""Finds the names and phrases in a text that become the concepts of its passages.

Keeps true: two spellings of one phrase have one key. Knows no table, so that the process that reads
a file does without the database. Imports words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from chat.knowledge.words import STOP, spelled, stem, word_set, words

MOST_IN_PASSAGE = 12
_NAME = re.compile(
    r"[^\W\d_a-z][\w’'&-]*"  # Geneva, and what goes on from it: University of Chicago, Mark II
    r"(?:(?: (?:of|the|de|van|von|du|la|and|&|for))?(?: the)? [^\W\d_a-z][\w’'&-]*| [IVX]+\b){0,5}"
)
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`]*`|https?://\S+", re.DOTALL)
# Written large where a sentence begins, or always, and yet no name that says what a text is about.
_NO_NAMES = word_set(
    """according additional another any based being besides considering depending despite due early
    every few finally first given hence including instead it last late later less like many
    meanwhile more moreover most much nearly next nobody none nonetheless note nothing now often
    one others overall everybody everyone everything
    rather recent regarding second see several similar sometimes still therefore third thus today
    two three type unlike unless usually using various well yes yesterday
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday"""
)
_LY_NAMES = word_set("italy sicily emily sally kelly molly billy willy assembly family thessaly")


def concepts_in(passages: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """For each (heading, text) of a document the concepts of it, as key → name."""
    texts = [_CODE.sub(" ", text) for _, text in passages]
    lower = {word for text in texts for word in words(text) if word.islower()}
    repeated = _repeated_phrases(texts)
    found = []
    for (heading, _), text in zip(passages, texts, strict=True):
        names = Counter(_names(text, lower))
        phrases = [phrase for phrase in repeated if phrase in text]
        last = heading.rpartition(" › ")[2]
        ordered = [last, *(name for name, _ in names.most_common()), *phrases]
        found.append(_keyed(ordered))
    return found


def key_of(name: str) -> str:
    """The stems of a name's words: `Apollo programs` and `the Apollo program` have one key."""
    parts = [spelled(word) for word in words(name)]
    return " ".join(stem(part) for part in parts if part and part not in STOP)


def _keyed(names: Iterable[str]) -> dict[str, str]:
    keyed: dict[str, str] = {}
    for name in names:
        key = key_of(name)
        if 2 < len(key) <= 80 and len(name) <= 80 and key not in keyed:
            keyed[key] = name
            if len(keyed) == MOST_IN_PASSAGE:
                break
    return keyed


def _names(text: str, lower: set[str]) -> Iterable[str]:
    for match in _NAME.finditer(text):
        parts = match.group().strip("’'&-").removesuffix("'s").removesuffix("’s").split(" ")
        while parts and parts[0].lower() in STOP:
            parts = parts[1:]
        if len(parts) > 1 or (parts and len(parts[0]) > 2 and _is_name(parts[0].lower(), lower)):
            yield " ".join(parts)


def _is_name(word: str, lower: set[str]) -> bool:
    """Whether a single word is one, where it is written large."""
    is_adverb = word.endswith("ly") and word not in _LY_NAMES
    return not (is_adverb or word in _NO_NAMES or word in lower)


def _repeated_phrases(texts: Sequence[str]) -> list[str]:
    """Pairs of plain words that the document repeats: `civil disobedience`, `packet switching`."""
    counts: Counter[str] = Counter()
    for text in texts:
        tokens = re.findall(r"[^\W\d_]+|\S", text)
        for left, right in zip(tokens, tokens[1:], strict=False):
            if _is_plain(left) and _is_plain(right):
                counts[f"{left} {right}"] += 1
    return [phrase for phrase, count in counts.most_common(20) if count > 1 and len(phrase) > 6]


def _is_plain(word: str) -> bool:
    return len(word) > 2 and word.islower() and word not in STOP
