"""Who sees a text that can be found is told by its own entry, so that a search looks nowhere else.

`seen_by` is a person for what is private, a space for what is shared, and nobody (null, or empty
while a document is being stored) otherwise. Triggers keep it equal to the conversation, or to the
passage; entries of passages also tell who added their document, and when. No index holds these
columns: PostgreSQL then changes a row without a look at the index of its words.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_WHOSE = "CASE {c}.visibility WHEN 'space' THEN {c}.space_id ELSE {c}.owner_id END"
_OF_TALK = f"(SELECT {_WHOSE.format(c='c')} FROM conversations c WHERE c.id = {{place}})"
_OF_PASSAGE = """(SELECT {column} FROM passages p JOIN documents d ON d.id = p.document_id
    WHERE p.number = -{number})"""
_TYPES = {
    "place_id": "varchar(32)",
    "seen_by": "varchar(32)",
    "author_id": "varchar(32)",
    "at": "timestamptz",
}
# What triggers follow: a table, its columns, what becomes of the entries, and of which.
_CHANGES = (
    (
        "conversations",
        "owner_id, space_id, visibility",
        f"seen_by = {_WHOSE.format(c='new')}",
        "place_id = new.id AND number > 0",
    ),
    (
        "passages",
        "space_id, document_id",
        "seen_by = new.space_id, place_id = new.document_id",
        "number = -new.number",
    ),
    (
        "documents",
        "added_by, created_at",
        "author_id = new.added_by, at = new.created_at",
        "place_id = new.id AND number < 0",
    ),
)


def _told(row: str) -> dict[str, str]:
    """The columns of an entry that others tell, each with an expression for it."""
    talk = {"seen_by": _OF_TALK.format(place=f"{row}.place_id")}
    passage = {
        "place_id": "p.document_id",
        "seen_by": "p.space_id",
        "author_id": "d.added_by",
        "at": "d.created_at",
    }
    return {
        column: f"CASE WHEN {row}.number >= 0 THEN {talk.get(column, f'{row}.{column}')} ELSE "
        f"{_OF_PASSAGE.format(column=source, number=f'{row}.number')} END"
        for column, source in passage.items()
    }


def upgrade() -> None:
    op.add_column("search_entries", sa.Column("seen_by", sa.String(32)))
    if _is_postgresql():
        _upgrade_postgresql()
        return
    _number_from_one()
    op.execute(f"UPDATE search_entries SET {_assigned('search_entries', '=', ', ')}")
    op.execute(
        f"""CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN
            UPDATE search_entries SET {_assigned("new", "=", ", ")}
                WHERE number = new.number; END"""
    )
    for table, columns, change, which in _CHANGES:
        op.execute(
            f"""CREATE TRIGGER search_{table}_moved AFTER UPDATE OF {columns} ON {table}
                BEGIN UPDATE search_entries SET {change} WHERE {which}; END"""
        )


def _number_from_one() -> None:
    """The first text after those of documents got 0, and no index: nobody's has that number now."""
    last = "(SELECT max(1, max(number) + 1) FROM search_entries)"
    op.execute(
        f"""INSERT INTO search_index (rowid, text) SELECT {last}, coalesce(
            (SELECT content FROM messages m WHERE m.id = e.text_id),
            (SELECT title FROM conversations c WHERE c.id = e.place_id))
            FROM search_entries e WHERE e.number = 0"""
    )
    op.execute(f"UPDATE search_entries SET number = {last} WHERE number = 0")
    op.execute("INSERT INTO search_entries (number, place_id, text_id) VALUES (0, '', '')")


def _upgrade_postgresql() -> None:
    """The table is written anew: changing every row would leave it twice as large."""
    # Of a long text only the tokens are kept beside the row, not its ids; what looks through it
    # takes less than to begin a process for it.
    kept = "toast_tuple_target = 256, fillfactor = 90, parallel_workers = 0"
    op.execute(f"ALTER TABLE search_entries SET ({kept})")
    changes = []
    for column, kind in _TYPES.items():
        name = f"told_{column}"
        op.execute(
            f"""CREATE FUNCTION pg_temp.{name}(number bigint, place_id text, author_id text,
                    at timestamptz) RETURNS {kind}
                LANGUAGE sql STABLE AS $$ SELECT {_told(name)[column]} $$"""
        )
        given = f"pg_temp.{name}(number, place_id, author_id, at)"
        changes.append(f"ALTER COLUMN {column} TYPE {kind} USING {given}")
    op.execute(f"ALTER TABLE search_entries {', '.join(changes)}")
    _trigger("entries", "BEFORE INSERT", "added", f"{_assigned('new', ':=', '; ')}; RETURN new")
    for table, columns, change, which in _CHANGES:
        body = f"UPDATE search_entries SET {change} WHERE {which}; RETURN NULL"
        _trigger(table, f"AFTER UPDATE OF {columns}", "moved", body)


def _assigned(row: str, sign: str, between: str) -> str:
    start = "new." if sign == ":=" else ""
    return between.join(f"{start}{column} {sign} {told}" for column, told in _told(row).items())


def _trigger(table: str, when: str, what: str, body: str) -> None:
    name, on = f"search_{table}_{what}", "search_entries" if table == "entries" else table
    op.execute(
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN {body}; END $$"""
    )
    op.execute(f"CREATE TRIGGER {name} {when} ON {on} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def downgrade() -> None:
    for table, what in (("entries", "added"), *((one[0], "moved") for one in _CHANGES)):
        name = f"search_{table}_{what}"
        op.execute(
            f"DROP FUNCTION {name}() CASCADE" if _is_postgresql() else f"DROP TRIGGER {name}"
        )
    op.execute("DELETE FROM search_entries WHERE number = 0")
    op.drop_column("search_entries", "seen_by")
