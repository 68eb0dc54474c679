"""The providers of models that admins connect, as rows of the database.

Keeps true: a key is stored sealed and handed out only within a connection; a change that sends a
kept key to another server is refused; one that cannot be opened leaves its provider out and nothing
else. Functions take the caller's session and give plain values. May import the plain ground, the
tables, and sealing.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chat.errors import Conflict, NotFound
from chat.models import StoredProvider
from chat.providers.sealing import Sealer, Unreadable
from chat.values import Connection, DataPolicy, new_id, utc_now
from chat.vendors import VENDORS

logger = logging.getLogger(__name__)
_TAKEN = "There is a provider of this name. Choose another one."


class NameTaken(Conflict):
    """There is a provider of this name."""


class KeyNeeded(Conflict):
    """The address is another one: the key has to be typed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What an admin says of a provider, checked by `chat/connections.py`; the key is not in it."""

    name: str
    preset: str
    base_url: str
    models: tuple[str, ...]
    context_tokens: int
    embedding_model: str = ""
    personal_data: DataPolicy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredView(Description):
    """A provider as it is stored. `key_set_at` is None where there is no key."""

    id: str
    enabled: bool
    key_set_at: datetime | None
    sealed_key: str = field(repr=False)


def list_stored(session: Session) -> list[StoredView]:
    """All of them, in the order in which they are asked."""
    return [_view(row) for row in session.scalars(_in_order())]


def find_stored(session: Session, provider_id: str) -> StoredView:
    """One of them; NotFound when there is none such."""
    return _view(_row(session, provider_id))


def add_stored(session: Session, sealer: Sealer, said: Description, key: str) -> str:
    """Connect one more, as the last; its id. NameTaken when there is one of this name."""
    _check_name(session, said.name)
    last = session.scalar(select(func.max(StoredProvider.position)))
    row = StoredProvider(id=new_id(), position=0 if last is None else last + 1)
    _write(row, said)
    _seal(row, sealer, key)
    session.add(row)
    _flush(session)
    return row.id


def change_stored(
    session: Session, sealer: Sealer, provider_id: str, said: Description, key: str | None
) -> None:
    """Describe one anew; a key of None keeps the one that it has, "" forgets it.

    NameTaken, NotFound, or KeyNeeded when the kept key would go to another server.
    """
    row = _row(session, provider_id)
    if said.name != row.name:
        _check_name(session, said.name)
    if key is None and row.sealed_key and _server(said.base_url) != _server(row.base_url):
        raise KeyNeeded("The server is another one: type the key for it, or forget the key.")
    _write(row, said)
    if key is not None:
        _seal(row, sealer, key)
    _flush(session)


def switch_stored(session: Session, provider_id: str, *, on: bool) -> None:
    """Switch one on or off; NotFound when there is none such."""
    _row(session, provider_id).enabled = on


def move_stored(session: Session, provider_id: str, *, up: bool) -> None:
    """Change places with the one before or after it, where there is one."""
    rows = list(session.scalars(_in_order().with_for_update()))
    at = rows.index(_row(session, provider_id))
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows):
        row.position = position


def delete_stored(session: Session, provider_id: str) -> None:
    """Forget one with its key; NotFound when there is none such."""
    session.delete(_row(session, provider_id))


def open_connection(view: StoredView, sealer: Sealer) -> Connection:
    """What is needed to ask it; Unreadable when its key cannot be opened."""
    return Connection(
        name=view.name,
        kind=VENDORS[view.preset].kind,
        preset=view.preset,
        base_url=view.base_url,
        models=view.models,
        key=sealer.open(view.id, view.sealed_key),
        context_tokens=view.context_tokens,
        embedding_model=view.embedding_model,
        personal_data=view.personal_data,
    )


def usable_connections(
    session: Session, sealer: Sealer, taken: Collection[str]
) -> list[Connection]:
    """Those that are on and can be asked, in order; the names in `taken` are others' already."""
    found = []
    for view in list_stored(session):
        if not view.enabled or view.name in taken:
            continue
        try:
            found.append(open_connection(view, sealer))
        except Unreadable:
            logger.warning("the key of the provider %s cannot be read: type it again", view.name)
    return found


def is_readable(view: StoredView, sealer: Sealer) -> bool:
    """Whether its key, if it has one, can be opened."""
    try:
        sealer.open(view.id, view.sealed_key)
    except Unreadable:
        return False
    return True


def _in_order() -> Select[StoredProvider]:
    return select(StoredProvider).order_by(StoredProvider.position, StoredProvider.id)


def _row(session: Session, provider_id: str) -> StoredProvider:
    row = session.get(StoredProvider, provider_id)
    if row is None:
        raise NotFound("There is no such provider, or not any more.")
    return row


def _check_name(session: Session, name: str) -> None:
    if session.scalar(select(StoredProvider.id).where(StoredProvider.name == name)):
        raise NameTaken(_TAKEN)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # somebody took the name in this moment
        raise NameTaken(_TAKEN) from error


def _server(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()


def _write(row: StoredProvider, said: Description) -> None:
    row.name, row.preset, row.kind = said.name, said.preset, VENDORS[said.preset].kind
    row.base_url, row.models = said.base_url, list(said.models)
    row.context_tokens, row.embedding_model = said.context_tokens, said.embedding_model
    row.personal_data = said.personal_data


def _seal(row: StoredProvider, sealer: Sealer, key: str) -> None:
    row.sealed_key = sealer.seal(row.id, key)
    row.key_set_at = utc_now() if key else None


def _view(row: StoredProvider) -> StoredView:
    return StoredView(
        id=row.id,
        name=row.name,
        preset=row.preset if row.preset in VENDORS else "other",
        base_url=row.base_url,
        models=tuple(row.models),
        context_tokens=row.context_tokens,
        embedding_model=row.embedding_model,
        personal_data=None if row.personal_data is None else DataPolicy(row.personal_data),
        enabled=row.enabled,
        key_set_at=row.key_set_at,
        sealed_key=row.sealed_key,
    )
