"""Conversations that come from elsewhere: written as if they had been held here.

Keeps true: one that has come before is not written again; one is there whole or not at all. What a
file holds has become a tree of checked values before (`knowledge/reading/talks.py`). May import the
plain ground and the tables.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chat.conversations.places import hold_person
from chat.conversations.threads import TITLE_CHARS
from chat.models import Conversation, Message
from chat.values import new_id, utc_now

_NAMES = {"chatgpt": "ChatGPT", "openwebui": "Open WebUI"}


def store_talk(session: Session, owner_id: str, talk: Mapping[str, Any]) -> tuple[str, bool]:
    """Write a conversation for its owner alone; its id, and whether it is new."""
    hold_person(session, owner_id)
    same = (Conversation.owner_id == owner_id, Conversation.imported_key == talk["key"])
    known = session.scalar(select(Conversation.id).where(*same))
    if known is not None:
        return known, False
    place, rows = new_id(), list[dict[str, Any]]()
    ids: dict[str | None, str | None] = {None: None}
    begun = _moment(talk["at"]) or utc_now()
    for said in talk["messages"]:
        ids[said["id"]] = new_id()
        rows.append(_row(said, place, owner_id, ids, _moment(said["at"]) or begun, talk["key"]))
    session.add(
        Conversation(
            id=place,
            owner_id=owner_id,
            title=_title(talk["title"] or talk["messages"][0]["content"]),
            leaf_id=ids[talk["leaf"]],
            imported_key=talk["key"],
            created_at=begun,
            active_at=max(row["created_at"] for row in rows),
        )
    )
    session.flush()
    session.execute(insert(Message), rows)
    return place, True


def _row(
    said: Mapping[str, Any],
    place: str,
    owner_id: str,
    ids: Mapping[str | None, str | None],
    at: datetime,
    key: str,
) -> dict[str, Any]:
    asks = said["role"] == "user"
    made = {"provider": _NAMES.get(key.partition(":")[0], ""), "model": said["model"][:100]}
    return {
        "id": ids[said["id"]],
        "conversation_id": place,
        "parent_id": ids[said["parent"]],
        "role": said["role"],
        "author_id": owner_id if asks else None,
        "content": said["content"],
        "details": {} if asks else made,
        "created_at": at,
    }


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _title(text: str) -> str:
    words = "".join(letter if letter.isprintable() else " " for letter in text[:1000]).split()
    return " ".join(words)[:TITLE_CHARS] or "Imported conversation"
