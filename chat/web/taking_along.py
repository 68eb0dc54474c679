"""Everything that the site has of a person, as one ZIP archive that is written while it is read.

Keeps true: it holds what is theirs, no secret and nobody's else; a piece is read in a short session
of its own, so that it holds no connection and little memory, whatever its size. May import every
floor below web.
"""

import json
import time
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from chat.audit import Entry
from chat.audit.lines import as_line
from chat.audit.reading import COLUMNS, TABLE
from chat.conversations import exporting
from chat.errors import NotFound
from chat.models import (
    ApiToken,
    Document,
    LoginSession,
    Member,
    Rating,
    ShareLink,
    Space,
    Upload,
    User,
)
from chat.values import Viewer, iso
from chat.web.site import Site

_OF_PROFILE = ("id", "email", "name", "role", "created_at", "disabled_at")
# A table, how its rows are those of a person, and what is told of each: never a secret.
_LISTS: tuple[tuple[str, Any, Any, tuple[str, ...]], ...] = (
    ("documents", Document, Document.added_by,
     ("id", "space_id", "title", "kind", "origin", "created_at", "version")),
    ("uploads", Upload, Upload.added_by, ("id", "space_id", "name", "size", "state", "created_at")),
    ("ratings", Rating, Rating.user_id, ("message_id", "is_good", "reason", "note", "changed_at")),
    ("links", ShareLink, ShareLink.made_by,
     ("id", "conversation_id", "shows_names", "created_at", "expires_at")),
    ("tokens", ApiToken, ApiToken.user_id, ("id", "name", "created_at", "last_used_at")),
    ("sessions", LoginSession, LoginSession.user_id,
     ("id", "device", "address", "created_at", "last_used_at", "expires_at")),
)  # fmt: skip
_ENTRIES = 500


class _Sink:
    """What the archive writes goes out at once; ZIP can do without looking back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        data, self._pieces = b"".join(self._pieces), []
        return data


def archive(parts: Site, viewer: Viewer) -> Iterator[bytes]:
    """The pieces of the archive: the profile, and a file of JSON Lines for each kind of thing."""
    sink = _Sink()
    to: Any = sink
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as file:
        for name, lines in _files(parts, viewer):
            with file.open(name, "w") as entry:
                for line in lines:
                    entry.write(line.encode() + b"\n")
                    yield sink.take()
                    time.sleep(0)  # let the streams go on between two
    yield sink.take()


def _files(parts: Site, viewer: Viewer) -> Iterator[tuple[str, Iterable[str]]]:
    with parts.database.reading() as session:
        profile = _row(session.get_one(User, viewer.id), _OF_PROFILE)
        spaces = [_space(*row) for row in session.execute(_memberships(viewer))]
    yield "profile.json", [json.dumps(profile, ensure_ascii=False, indent=1)]
    yield "spaces.jsonl", map(_dump, spaces)
    yield "conversations.jsonl", _talks(parts, viewer)
    for name, table, owner, columns in _LISTS:
        with parts.database.reading() as session:
            query = select(table).where(owner == viewer.id).order_by(*table.__table__.primary_key)
            rows = [_row(one, columns) for one in session.scalars(query)]
        yield f"{name}.jsonl", map(_dump, rows)
    yield "audit.jsonl", _entries(parts, viewer)


def _talks(parts: Site, viewer: Viewer) -> Iterator[str]:
    with parts.database.reading() as session:
        ids = exporting.own_ids(session, viewer)
    for one in ids:
        try:
            with parts.database.reading() as session:
                line = _dump(exporting.as_data(session, viewer, one))
        except NotFound:  # deleted meanwhile, or in a space that the viewer has left
            continue
        yield line  # outside: nothing is held while the client reads


def _entries(parts: Site, viewer: Viewer) -> Iterator[str]:
    """What the audit trail says of the person, and of what they did."""
    theirs = or_(TABLE.c.actor_id == viewer.id, TABLE.c.subject == f"person:{viewer.id}")
    query = select(*COLUMNS).where(theirs).order_by(TABLE.c.number).limit(_ENTRIES)
    after = 0
    while True:
        with parts.database.reading() as session:
            rows = _read(session, query.where(TABLE.c.number > after))
        if not rows:
            return
        yield from map(as_line, rows)
        after = rows[-1].number


def _read(session: Session, query: Any) -> list[Entry]:
    return [Entry(*row) for row in session.execute(query)]


def _memberships(viewer: Viewer) -> Any:
    mine = select(Space, Member.role).join(Member, Member.space_id == Space.id)
    return mine.where(Member.user_id == viewer.id).order_by(Space.id)


def _space(space: Space, role: str) -> dict[str, Any]:
    own = {"instructions": space.instructions} if space.personal_of is not None else {}
    return {"id": space.id, "name": space.name, "role": role, **own}


def _row(row: Any, columns: Iterable[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in columns}
    return {n: iso(v) if hasattr(v, "isoformat") else v for n, v in values.items()}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
