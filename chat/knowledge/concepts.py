"""Concepts: the names and phrases that passages speak of, and which of them are linked.

Two concepts are linked when passages share them. Keeps true: concepts belong to one space and are
read only for spaces that the viewer is in. Imports words and the tables.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import BindParameter, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from chat.knowledge.words import STOP, spelled, stem, words
from chat.models import Concept, Mention

MOST_IN_PASSAGE = 12
_NAME = re.compile(
    r"[^\W\d_a-z][\w’'&-]*"  # Geneva, and what goes on from it: University of Chicago, Mark II
    r"(?:(?: (?:of|the|de|van|von|du|la|and|&|for))?(?: the)? [^\W\d_a-z][\w’'&-]*| [IVX]+\b){0,5}"
)
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`]*`|https?://\S+", re.DOTALL)


# What every search asks, built once: building a statement costs more than running it.
_CONCEPTS, _MENTIONS = Concept.metadata.tables["concepts"], Mention.metadata.tables["mentions"]
_SHARED = _CONCEPTS.join(_MENTIONS, _MENTIONS.c.concept_id == _CONCEPTS.c.id)
_OWN: BindParameter[Sequence[int]] = bindparam("own", expanding=True)
_MOST: BindParameter[int] = bindparam("most")
_MOST_SHARED = (func.count().desc(), _CONCEPTS.c.id)
_MENTIONED_MOST = (
    select(_CONCEPTS.c.id, _CONCEPTS.c.key, _CONCEPTS.c.name)
    .select_from(_SHARED)
    .where(_MENTIONS.c.passage_number.in_(bindparam("numbers", expanding=True)))
    .group_by(_CONCEPTS.c.id)
    .order_by(*_MOST_SHARED)
    .limit(_MOST)
)
_NAMED = select(_CONCEPTS.c.id).where(
    _CONCEPTS.c.key.in_(bindparam("keys", expanding=True)),
    _CONCEPTS.c.space_id.in_(bindparam("space_ids", expanding=True)),
)
_NEAR = select(_MENTIONS.c.passage_number).where(_MENTIONS.c.concept_id.in_(_OWN)).limit(200)
_LINKED = (
    select(_CONCEPTS.c.name)
    .select_from(_SHARED)
    .where(_MENTIONS.c.passage_number.in_(_NEAR), _CONCEPTS.c.id.not_in(_OWN))
    .group_by(_CONCEPTS.c.id)
    .order_by(*_MOST_SHARED)
    .limit(_MOST)
)


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
        if len(parts) > 1 or (parts and len(parts[0]) > 2 and parts[0].lower() not in lower):
            yield " ".join(parts)


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


def save_mentions(
    session: Session, space_id: str, found: Sequence[tuple[int, dict[str, str]]]
) -> None:
    """Store the concepts of passages, given as (passage number, key → name)."""
    names = {key: name for _, keyed in found for key, name in keyed.items()}
    ids = _ids(session, space_id, list(names))
    fresh = [key for key in names if key not in ids]
    if fresh:
        rows = [{"space_id": space_id, "key": key, "name": names[key]} for key in fresh]
        session.execute(insert(Concept), rows)
        ids.update(_ids(session, space_id, fresh))
    links = [
        {"passage_number": number, "concept_id": ids[key]} for number, kd in found for key in kd
    ]
    if links:
        session.execute(insert(Mention), links)


def _ids(session: Session, space_id: str, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), 400):
        some = keys[start : start + 400]
        query = select(Concept.key, Concept.id).where(
            Concept.space_id == space_id, Concept.key.in_(some)
        )
        found.update({key: number for key, number in session.execute(query)})
    return found


def forget_unmentioned(session: Session, space_id: str) -> None:
    """Remove the concepts of a space that no passage mentions any more."""
    mentioned = select(Mention.concept_id).where(Mention.concept_id == Concept.id)
    session.execute(delete(Concept).where(Concept.space_id == space_id, ~mentioned.exists()))


def concepts_of(session: Session, numbers: Sequence[int], limit: int) -> list[tuple[int, str, str]]:
    """The concepts that these passages mention most: (id, key, name), most shared first."""
    rows = session.execute(_MENTIONED_MOST, {"numbers": numbers, "most": limit})
    return [(row[0], row[1], row[2]) for row in rows]


def named_in(session: Session, keys: Sequence[str], space_ids: Sequence[str]) -> list[int]:
    """The ids of the concepts with these keys, in the viewer's spaces."""
    return list(session.scalars(_NAMED, {"keys": keys, "space_ids": space_ids}))


def linked_with(session: Session, concept_ids: Sequence[int], limit: int) -> list[str]:
    """The names of the concepts that share most passages with these ones."""
    return list(session.scalars(_LINKED, {"own": concept_ids, "most": limit}))
