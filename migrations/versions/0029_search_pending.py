"""People's search on SQLite: the index is told of what was said later, many texts at once.

An entry is written with its text, as before; its words wait. FTS5 writes a part of its own for each
statement that tells it of a text, and a send is three. `search_progress` says up to which number
the words of entries are in the index, which therefore is told to forget only those. The highest
number may be given again once its entry is gone: the progress goes back to the highest one that is
left. Passages (numbers below 0) are indexed at once, as before. The search does not change on
PostgreSQL, whose GIN index has a list of what waits.

On both, messages lose the index of their conversation: it is the first column of the unique one of
conversation and client id, which finds them at the same cost.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_UP_TO = "(SELECT up_to FROM search_progress)"
_SEEN_BY = """(SELECT CASE c.visibility WHEN 'space' THEN c.space_id ELSE c.owner_id END
                FROM conversations c WHERE c.id = {place})"""


class _Text(NamedTuple):
    """A table with texts of people, as in revision 0014; its entry tells who sees it (0027)."""

    table: str
    column: str
    which: str  # the entry of a row
    columns: str
    values: str
    place: str


_TEXTS = (
    _Text(
        table="messages",
        column="content",
        which="text_id = {row}.id AND number > 0",
        columns="place_id, text_id, author_id, at",
        values="new.conversation_id, new.id, new.author_id, new.created_at",
        place="new.conversation_id",
    ),
    _Text(
        table="conversations",
        column="title",
        which="place_id = {row}.id AND text_id IS NULL AND number > 0",
        columns="place_id, author_id, at",
        values="new.id, new.owner_id, new.created_at",
        place="new.id",
    ),
)
_PENDING = f"""INSERT INTO search_index (rowid, text)
    SELECT e.number, coalesce(m.content, c.title) FROM search_entries e
        LEFT JOIN messages m ON m.id = e.text_id
        LEFT JOIN conversations c ON c.id = e.place_id AND e.text_id IS NULL
        WHERE e.number > {_UP_TO} ORDER BY e.number"""
_GIVEN_BACK = """CREATE TRIGGER search_entries_removed AFTER DELETE ON search_entries
    WHEN old.number > 0 BEGIN
        UPDATE search_progress SET up_to = (SELECT max(number) FROM search_entries)
            WHERE up_to > (SELECT max(number) FROM search_entries); END"""


def upgrade() -> None:
    op.drop_index("ix_messages_conversation_id", "messages")
    if _is_postgresql():
        return
    op.create_table("search_progress", sa.Column("up_to", sa.Integer, nullable=False))
    op.execute("INSERT INTO search_progress SELECT coalesce(max(number), 0) FROM search_entries")
    _replace_view(f"AND e.number <= {_UP_TO}")
    for one in _TEXTS:
        _replace(one, _later(one))
    op.execute(_GIVEN_BACK)
    _tell_who_sees("WHEN new.number < 0")  # other entries say it themselves


def downgrade() -> None:
    op.create_index("ix_messages_conversation_id", "messages", ["conversation_id"])
    if _is_postgresql():
        return
    op.execute(_PENDING)
    op.execute("DROP TRIGGER search_entries_removed")
    for one in _TEXTS:
        op.execute(f"DROP TRIGGER search_{one.table}_written")
        _replace(one, _at_once(one))
    _replace_view("")
    _tell_who_sees("")
    op.drop_table("search_progress")


def _replace_view(indexed: str) -> None:
    """What the index holds is compared with this, and made of it anew."""
    op.execute("DROP VIEW search_texts")
    op.execute(
        f"""CREATE VIEW search_texts AS
        SELECT e.number, m.content AS text FROM search_entries e
            JOIN messages m ON m.id = e.text_id WHERE e.number > 0 {indexed}
        UNION ALL SELECT e.number, c.title FROM search_entries e
            JOIN conversations c ON c.id = e.place_id
            WHERE e.number > 0 AND e.text_id IS NULL {indexed}
        UNION ALL SELECT -p.number, p.title || ' ' || p.heading || ' ' || p.text
            FROM passages p"""
    )


def _replace(one: _Text, triggers: Iterator[str]) -> None:
    for happening in ("added", "changed", "removed"):
        op.execute(f"DROP TRIGGER search_{one.table}_{happening}")
    for trigger in triggers:
        op.execute(trigger)


def _later(one: _Text) -> Iterator[str]:
    """An answer's text is written once, at its end: nothing is to be forgotten then."""
    seen_by = _SEEN_BY.format(place=one.place)
    add = f"""INSERT INTO search_entries ({one.columns}, seen_by)
            SELECT {one.values}, {seen_by} WHERE new.{one.column} <> '';"""
    which = one.which.format(row="old")
    forget = _forget(one, f"{which} AND number <= {_UP_TO}", which)
    name, column = f"search_{one.table}", one.column
    yield f"""CREATE TRIGGER {name}_added AFTER INSERT ON {one.table}
        WHEN new.{column} <> '' BEGIN {add} END"""
    yield f"""CREATE TRIGGER {name}_written AFTER UPDATE OF {column} ON {one.table}
        WHEN old.{column} = '' AND new.{column} <> '' BEGIN {add} END"""
    yield f"""CREATE TRIGGER {name}_changed AFTER UPDATE OF {column} ON {one.table}
        WHEN old.{column} <> '' AND old.{column} <> new.{column} BEGIN {forget} {add} END"""
    yield f"""CREATE TRIGGER {name}_removed AFTER DELETE ON {one.table}
        WHEN old.{column} <> '' BEGIN {forget} END"""


def _at_once(one: _Text) -> Iterator[str]:
    """The triggers of revision 0014."""
    own, former = one.which.format(row="new"), one.which.format(row="old")
    add = f"""INSERT INTO search_entries ({one.columns})
            SELECT {one.values} WHERE new.{one.column} <> '';
        INSERT INTO search_index (rowid, text)
            SELECT number, new.{one.column} FROM search_entries WHERE {own};"""
    forget = _forget(one, former, former)
    name, column = f"search_{one.table}", one.column
    yield f"""CREATE TRIGGER {name}_added AFTER INSERT ON {one.table}
        WHEN new.{column} <> '' BEGIN {add} END"""
    yield f"""CREATE TRIGGER {name}_changed AFTER UPDATE OF {column} ON {one.table}
        WHEN old.{column} <> new.{column} BEGIN {forget} {add} END"""
    yield f"""CREATE TRIGGER {name}_removed AFTER DELETE ON {one.table}
        WHEN old.{column} <> '' BEGIN {forget} END"""


def _forget(one: _Text, indexed: str, entry: str) -> str:
    return f"""INSERT INTO search_index (search_index, rowid, text)
            SELECT 'delete', number, old.{one.column} FROM search_entries WHERE {indexed};
        DELETE FROM search_entries WHERE {entry};"""


def _tell_who_sees(when: str) -> None:
    """The trigger of revision 0027; of texts of people it looks only at the conversation."""
    passage = """(SELECT {column} FROM passages p JOIN documents d ON d.id = p.document_id
        WHERE p.number = -new.number)"""
    own = {
        "place_id": ("new.place_id", "p.document_id"),
        "seen_by": (_SEEN_BY.format(place="new.place_id"), "p.space_id"),
        "author_id": ("new.author_id", "d.added_by"),
        "at": ("new.at", "d.created_at"),
    }
    told = ", ".join(
        f"{column} = CASE WHEN new.number >= 0 THEN {talk} ELSE {passage.format(column=source)} END"
        for column, (talk, source) in own.items()
    )
    op.execute("DROP TRIGGER search_entries_added")
    op.execute(
        f"""CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries {when} BEGIN
            UPDATE search_entries SET {told} WHERE number = new.number; END"""
    )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
