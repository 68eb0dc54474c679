"""What the page Models shows: who writes answers, in the order in which they are asked.

Keeps true: no key is in it, only whether there is one and since when. May import every floor below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chat.connections import BUILT_IN
from chat.errors import NotFound
from chat.providers.sealing import Sealer
from chat.providers.stored import (
    Description,
    StoredView,
    find_stored,
    is_readable,
    list_stored,
    open_connection,
)
from chat.values import Connection
from chat.vendors import VENDORS
from chat.web.site import site

Origin = Literal["environment", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One provider of models. `state` is on, off, unreadable or hidden (its name is another's)."""

    id: str
    what: Description
    origin: Origin
    state: str
    has_key: bool
    key_set_at: datetime | None = None
    is_first: bool = True
    is_last: bool = True

    @property
    def label(self) -> str:
        return VENDORS[self.what.preset].label

    @property
    def can_be_asked(self) -> bool:
        return self.state in {"on", "off"}


def sealer() -> Sealer:
    """What opens and seals the keys of this site."""
    return Sealer(site().settings.secret_key)


def names_of_environment() -> set[str]:
    """The names that no row of the page may take."""
    return {connection.name for connection in site().settings.connections}


def list_rows() -> list[Row]:
    """Those of the environment first, as they are asked; the built-in one is not among them."""
    with site().database.reading() as session:
        stored = list_stored(session)
    return [
        *(_of_environment(connection) for connection in site().settings.connections),
        *(_of_page(view, place, stored) for place, view in enumerate(stored)),
    ]


def read_row(provider_id: str) -> StoredView:
    """One that was connected on the page; NotFound when there is none such."""
    with site().database.reading() as session:
        return find_stored(session, provider_id)


def find_connection(name: str) -> Connection:
    """What a test needs; NotFound for a name of nobody, Unreadable when the key is."""
    for connection in site().settings.connections:
        if connection.name == name:
            return connection
    with site().database.reading() as session:
        for view in list_stored(session):
            if view.name == name:
                return open_connection(view, sealer())
    raise NotFound("There is no such provider, or not any more.")


def free_name(preset: str, rows: Sequence[Row]) -> str:
    """A name for another provider of this kind."""
    taken = {row.what.name for row in rows} | {BUILT_IN}
    base = "local" if preset == "other" else preset.replace("_", "-")
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (base, *numbered) if name not in taken)


def _of_environment(connection: Connection) -> Row:
    what = Description(
        name=connection.name,
        preset=connection.preset,
        base_url=connection.base_url,
        models=connection.models,
        context_tokens=connection.context_tokens,
        embedding_model=connection.embedding_model,
        personal_data=connection.personal_data,
    )
    return Row(id="", what=what, origin="environment", state="on", has_key=bool(connection.key))


def _of_page(view: StoredView, place: int, stored: Sequence[StoredView]) -> Row:
    return Row(
        id=view.id,
        what=view,
        origin="page",
        state=_state(view),
        has_key=view.key_set_at is not None,
        key_set_at=view.key_set_at,
        is_first=place == 0,
        is_last=place == len(stored) - 1,
    )


def _state(view: StoredView) -> str:
    if view.name in names_of_environment():
        return "hidden"
    if not is_readable(view, sealer()):
        return "unreadable"
    return "on" if view.enabled else "off"
