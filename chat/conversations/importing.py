"""Conversations that come from elsewhere: written as if they had been held here.

Keeps true: one that has come before is not written again, only what was said in it since; one is
there whole or not at all. What a file holds has become a tree of checked values before
(`knowledge/reading/talks.py`). May import the plain ground and the tables.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chat.conversations.places import hold_person
from chat.conversations.threads import TITLE_CHARS
from chat.models import Conversation, Message
from chat.values import new_id, utc_now

Stored = Literal["new", "grown", "known"]
_Said = tuple[str | None, str, str]  # what a message follows, its role and its text
_Ids = dict[str | None, str | None]
_NAMES = {"chatgpt": "ChatGPT", "openwebui": "Open WebUI"}


def store_talk(session: Session, owner_id: str, talk: Mapping[str, Any]) -> tuple[str, Stored]:
    """Write a conversation for its owner alone; its id, and whether it is new or has grown."""
    hold_person(session, owner_id)
    same = (Conversation.owner_id == owner_id, Conversation.imported_key == talk["key"])
    known = session.scalar(select(Conversation).where(*same))
    if known is not None:
        return known.id, "grown" if _grow(session, known, talk) else "known"
    begun = _moment(talk["at"]) or utc_now()
    place = Conversation(
        id=new_id(),
        owner_id=owner_id,
        title=_title(talk["title"] or talk["messages"][0]["content"]),
        imported_key=talk["key"],
        created_at=begun,
    )
    ids, rows = _rows(place, talk, {})
    place.leaf_id, place.active_at = ids[talk["leaf"]], max(row["created_at"] for row in rows)
    session.add(place)
    session.flush()
    session.execute(insert(Message), rows)
    return place.id, "new"


def _grow(session: Session, place: Conversation, talk: Mapping[str, Any]) -> bool:
    """Add what was said since it came before; whether there was anything.

    A message is known by its text and by what it follows. Who has gone on with the conversation
    here stays where they are.
    """
    columns = Message.parent_id, Message.role, Message.content, Message.id
    said = session.execute(select(*columns).where(Message.conversation_id == place.id))
    ids, rows = _rows(place, talk, {(parent, role, text): i for parent, role, text, i in said})
    if not rows:
        return False
    session.execute(insert(Message), rows)
    if place.leaf_id in ids.values():
        place.leaf_id = ids[talk["leaf"]]
    place.active_at = max(place.active_at, *(row["created_at"] for row in rows))
    return True


def _rows(
    place: Conversation, talk: Mapping[str, Any], known: Mapping[_Said, str]
) -> tuple[_Ids, list[dict[str, Any]]]:
    """The ids of all its messages by those that they had elsewhere, and the rows of new ones."""
    ids: _Ids = {None: None}
    rows = []
    for said in talk["messages"]:
        here = known.get((ids[said["parent"]], said["role"], said["content"]))
        ids[said["id"]] = here or new_id()
        if here is None:
            rows.append(_row(said, place, ids, talk["key"]))
    return ids, rows


def _row(said: Mapping[str, Any], place: Conversation, ids: _Ids, key: str) -> dict[str, Any]:
    asks = said["role"] == "user"
    made = {"provider": _NAMES.get(key.partition(":")[0], ""), "model": said["model"][:100]}
    return {
        "id": ids[said["id"]],
        "conversation_id": place.id,
        "parent_id": ids[said["parent"]],
        "role": said["role"],
        "author_id": place.owner_id if asks else None,
        "content": said["content"],
        "details": {} if asks else made,
        "created_at": _moment(said["at"]) or place.created_at,
    }


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _title(text: str) -> str:
    words = "".join(letter if letter.isprintable() else " " for letter in text[:1000]).split()
    return " ".join(words)[:TITLE_CHARS] or "Imported conversation"
