"""The entries of the cache: found, stored, and forgotten.

Keeps true: an answer is found only if its asker is, at that very moment, in every space that it was
made from, and each document that it cites is still there; what was rated as poor is not stored.
Several processes may store and forget at once. May import the plain ground and the tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    Select,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from chat.database import Statements
from chat.models import CachedAnswer
from chat.statements import Prepared
from chat.values import utc_now

_TABLES = CachedAnswer.metadata.tables
_CACHED = _TABLES["cached_answers"]
_MESSAGES, _RATINGS = _TABLES["messages"], _TABLES["ratings"]
_MEMBERS, _DOCUMENTS = _TABLES["members"], _TABLES["documents"]
_FIND = Prepared(
    select(
        _MESSAGES.c.id,
        _MESSAGES.c.content,
        _MESSAGES.c.thinking,
        _MESSAGES.c.metadata,
        _CACHED.c.stored_at,
    )
    .join(_CACHED, _CACHED.c.message_id == _MESSAGES.c.id)
    .where(
        _CACHED.c.key == bindparam("wanted"),
        _CACHED.c.stored_at > bindparam("since"),
        _MESSAGES.c.status == "complete",
    )
)
_SLOTS = [f"document_{number}" for number in range(8)]
# Which spaces the asker is in, and which spaces hold these documents.
_READABLE = Prepared(
    union_all(
        select(literal("").label("document_id"), _MEMBERS.c.space_id).where(
            _MEMBERS.c.user_id == bindparam("asker")
        ),
        select(_DOCUMENTS.c.id, _DOCUMENTS.c.space_id).where(
            or_(*(_DOCUMENTS.c.id == bindparam(slot) for slot in _SLOTS)), _DOCUMENTS.c.passages > 0
        ),
    )
)
# A message that somebody deletes just now is not waited for: they might wait for an entry in turn.
_ADD = insert(_CACHED).from_select(
    ["key", "message_id", "libraries", "stored_at", "used_at", "hits"],
    select(
        bindparam("new", type_=_CACHED.c.key.type),
        _MESSAGES.c.id,
        bindparam("of", type_=_CACHED.c.libraries.type),
        bindparam("now", type_=_CACHED.c.stored_at.type),
        bindparam("now", type_=_CACHED.c.stored_at.type),
        literal(0),
    )
    .where(
        _MESSAGES.c.id == bindparam("answer_id"),
        ~exists().where(_RATINGS.c.message_id == _MESSAGES.c.id, _RATINGS.c.is_good.is_(False)),
    )
    .with_for_update(key_share=True, skip_locked=True, of=_MESSAGES),
)
_DROP = delete(_CACHED).where(_CACHED.c.key == bindparam("dropped"))
_USE = (
    update(_CACHED)
    .where(_CACHED.c.key == bindparam("used"))
    .values(used_at=bindparam("now"), hits=_CACHED.c.hits + bindparam("times"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How old an entry may be, and how many there may be; 0 of either turns the cache off."""

    minutes: int = 0
    answers: int = 0

    @property
    def is_on(self) -> bool:
        return self.minutes > 0 and self.answers > 0

    @property
    def since(self) -> datetime:
        """Older than this is too old."""
        return utc_now() - timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Entry:
    """That a message is the answer of a key; `libraries` are those of its ingredients."""

    key: str
    message_id: str
    libraries: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer that is given again, as it was stored, and since when it is there."""

    message_id: str
    content: str
    thinking: str
    details: Mapping[str, Any]
    stored_at: datetime


def find(
    statements: Statements, key: str, limits: Limits, asker_id: str, space_ids: Sequence[str]
) -> Found | None:
    """The answer of a key, if the asker may read all that it is made from; a miss is one query."""
    row = _FIND.first(statements, {"wanted": key, "since": limits.since})
    if row is None or not row.content:
        return None
    found = Found(*row)
    return found if _may_read(statements, found, asker_id, space_ids) else None


def store(statements: Statements, entries: Sequence[Entry]) -> None:
    """Keep answers, in place of those that had their keys; of two at once one may get an error."""
    if not entries:
        return
    now, by_key = utc_now(), {entry.key: entry for entry in entries}
    new = [by_key[key] for key in sorted(by_key)]  # in one order: nobody waits in a circle
    _drop(statements, list(by_key))
    statements.execute(
        _ADD,
        [
            {
                "new": entry.key,
                "answer_id": entry.message_id,
                "of": _as_text(entry.libraries),
                "now": now,
            }
            for entry in new
        ],
    )


def count_use(statements: Statements, used: Mapping[str, int]) -> None:
    """Note that entries were given again, so many times each."""
    if used:
        now = utc_now()
        each = [{"used": key, "now": now, "times": used[key]} for key in sorted(used)]
        statements.execute(_USE, each)


def forget_too_many(statements: Statements, limits: Limits) -> int:
    """Forget what is too old, then what was not used for the longest time; how many there were."""
    kept = select(_CACHED.c.key).order_by(_CACHED.c.used_at.desc(), _CACHED.c.key)
    gone = _forget(statements, select(_CACHED.c.key).where(_CACHED.c.stored_at <= limits.since))
    return gone + _forget(statements, kept.offset(limits.answers))


def forget_library(statements: Statements, space_id: str) -> None:
    """Forget what was made from a space whose library changes: its keys are asked for no more."""
    _forget(statements, select(_CACHED.c.key).where(_CACHED.c.libraries.contains(space_id)))


def forget_text(statements: Statements, message_id: str) -> None:
    """Forget an answer under all keys, whether it is the one that was stored or one given again."""
    mine = select(_MESSAGES.c.content).where(_MESSAGES.c.id == message_id).scalar_subquery()
    same = select(_CACHED.c.key).join(_MESSAGES, _MESSAGES.c.id == _CACHED.c.message_id)
    _forget(statements, same.where(_MESSAGES.c.content == mine))


def _may_read(
    statements: Statements, found: Found, asker_id: str, space_ids: Sequence[str]
) -> bool:
    """Whether the asker is in all of these spaces, and what the answer cites is in one of them."""
    sources = found.details.get("sources") or []
    cited = {source["document_id"] for source in sources if source.get("document_id")}
    names, searched, own = sorted(cited), set(space_ids), set()
    for begin in range(0, len(names) or 1, len(_SLOTS)):
        some = dict(zip_longest(_SLOTS, names[begin : begin + len(_SLOTS)], fillvalue=""))
        for document_id, space_id in _READABLE.rows(statements, {"asker": asker_id, **some}):
            if not document_id:
                own.add(space_id)
            elif space_id in searched:
                cited.discard(document_id)
    return searched <= own and not cited


def _forget(statements: Statements, keys: Select[tuple[str]]) -> int:
    found = [str(row[0]) for row in statements.execute(keys)]
    _drop(statements, found)
    return len(found)


def _drop(statements: Statements, keys: Sequence[str]) -> None:
    """Drop entries in the order of their keys: two who do so never lock each other."""
    if keys:
        statements.execute(_DROP, [{"dropped": key} for key in sorted(keys)])


def _as_text(libraries: Mapping[str, int]) -> str:
    return " ".join(f"{space_id}:{version}" for space_id, version in sorted(libraries.items()))
