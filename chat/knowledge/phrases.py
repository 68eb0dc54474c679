"""Finds the names and phrases in a text that become the concepts of its passages.

Keeps true: two spellings of one phrase have one key. Knows no table, so that the process that reads
a file does without the database. Imports words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from chat.knowledge.words import STOP, spelled, stem, word_set, words

MOST_IN_PASSAGE = 12
_MOST_REPEATED = 30  # phrases of the passages that are read together
_LONGEST = 3  # words of a phrase
_NAME = re.compile(
    r"[^\W\d_a-z][\w’'&-]*"  # Geneva, and what goes on from it: University of Chicago, Mark II
    r"(?:(?: (?:of|the|de|van|von|du|la|and|&|for))?(?: the)? [^\W\d_a-z][\w’'&-]*| [IVX]+\b){0,5}"
)
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`]*`|https?://\S+", re.DOTALL)
_TOKEN = re.compile(r"[^\W\d_]+|\S")
# Written large where a sentence begins, or always, and yet no name that says what a text is about.
_NO_NAMES = word_set(
    """according additional another any based being besides considering depending despite due early
    every everybody everyone everything few finally first given hence including instead it last late
    later less like many meanwhile more moreover most much nearly next nobody none nonetheless note
    nothing now often one others overall rather recent regarding second see several similar
    sometimes still therefore third thus today two three type unlike unless usually using various
    well yes yesterday
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday"""
)
_LY_NOUNS = word_set("italy sicily emily sally kelly molly billy assembly family thessaly supply")
# In a phrase of plain words these say nothing of what it is about.
_EMPTY = word_set(
    """able added became become becomes best better big came certain come comes different done five
    follow followed following follows found four full gave get gets give gives giving goes going
    good got great high higher keep keeps kept known large larger less level levels like long low
    lower made main major make makes making many may more most much need needs new next old one
    part particular possible put receive received recent say says second see seen set several show
    shows side similar simple small smaller some start started take taken takes ten third three
    time times took two type use used uses using usually various want way ways well went work works
    year years"""
)
_ASKING = word_set("how what when where which who whose why")  # headings that only ask
_HEADING = 5  # words of a heading that can be a name
_NO_HEADINGS = word_set(
    """abstract appendix background conclusion conclusions contents details example examples faq
    general history introduction links misc notes other overview preface questions references
    results see summary usage"""
)


def concepts_in(passages: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """For each (heading, text) of a document the concepts of it, as key → name."""
    texts = [_CODE.sub(" ", text) for _, text in passages]
    lower = {word for text in texts for word in words(text) if word.islower()}
    headings = [_name_of(heading.rpartition(" › ")[2]) for heading, _ in passages]
    phrases = [_phrases(text) for text in texts]
    repeated = _repeated(phrases)
    titled = _titled(headings)
    found = []
    for heading, text, held in zip(headings, texts, phrases, strict=True):
        names = Counter(_names(text, lower))
        ordered = [heading, *(name for name, _ in names.most_common())]
        ordered += [repeated[key] for key, _ in held if key in repeated]
        if titled:
            runs = _runs(text)
            ordered += [name for key, name in titled.items() if key in runs]
        found.append(_keyed(ordered))
    return found


def key_of(name: str) -> str:
    """The stems of a name's words: `Apollo programs` and `the Apollo program` have one key."""
    parts = [spelled(word) for word in words(name)]
    return " ".join(stem(part) for part in parts if part and part not in STOP)


def _name_of(heading: str) -> str:
    """A heading where it names something; nothing for a question or a sentence."""
    parts = heading.lower().split()
    names = 0 < len(parts) <= _HEADING and parts[0] not in _ASKING
    return heading if names and heading.lower() not in _NO_HEADINGS else ""


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
        while parts and (parts[0].lower() in STOP or _is_empty_start(parts)):
            parts = parts[1:]
        if len(parts) > 1 or (parts and len(parts[0]) > 2 and _is_name(parts[0].lower(), lower)):
            yield " ".join(parts)


def _is_empty_start(parts: Sequence[str]) -> bool:
    """`Today the United Nations` begins with a word that only begins the sentence."""
    return len(parts) > 1 and parts[0].lower() in _NO_NAMES and parts[1].islower()


def _is_name(word: str, lower: set[str]) -> bool:
    """Whether a single word is one, where it is written large."""
    is_adverb = word.endswith("ly") and word not in _LY_NOUNS
    return not (is_adverb or word in _NO_NAMES or word in lower)


def _phrases(text: str) -> Counter[tuple[str, str]]:
    """Runs of two or three plain words, as (key, name): `packet switching`."""
    counts: Counter[tuple[str, str]] = Counter()
    run: list[str] = []
    for token in [*_TOKEN.findall(text), "."]:
        if _is_plain(token):
            run.append(token)
            continue
        for count in range(2, _LONGEST + 1):
            for start in range(len(run) - count + 1):
                name = " ".join(run[start : start + count])
                counts[" ".join(map(stem, map(spelled, run[start : start + count]))), name] += 1
        run = []
    return counts


def _is_plain(word: str) -> bool:
    if len(word) < 3 or not word.islower() or word in STOP or word in _EMPTY:
        return False
    return not word.endswith("ly") or word in _LY_NOUNS


def _repeated(phrases: Sequence[Counter[tuple[str, str]]]) -> dict[str, str]:
    """The phrases that come back, key → name; none that is always a part of a longer one."""
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for held in phrases:
        for (key, name), count in held.items():
            counts[key] += count
            names.setdefault(key, name)
    kept = [key for key, count in counts.items() if count > 1 and len(key) > 5]
    longer = {
        part: counts[key]
        for key in kept
        if key.count(" ") == 2
        for part in (key.rpartition(" ")[0], key.partition(" ")[2])
    }
    whole = [key for key in kept if longer.get(key, 0) < counts[key]]
    best = sorted(whole, key=lambda key: (-counts[key] * (key.count(" ") + 1), key))
    return {key: names[key] for key in best[:_MOST_REPEATED]}


def _titled(headings: Sequence[str]) -> dict[str, str]:
    """What short headings name, key → name: other passages may speak of it too."""
    found = {key_of(heading): heading for heading in dict.fromkeys(headings)}
    return {key: name for key, name in found.items() if len(key) > 3 and key.count(" ") < _LONGEST}


def _runs(text: str) -> frozenset[str]:
    """The keys of all runs of one to three words of a text, without the words that say nothing."""
    held = [stem(part) for word in words(text) if (part := spelled(word)) and part not in STOP]
    return frozenset(_joined(held))


def _joined(held: Sequence[str]) -> Iterator[str]:
    for count in range(1, _LONGEST + 1):
        for start in range(len(held) - count + 1):
            yield " ".join(held[start : start + count])
