"""What people find by words: an entry for each title, message and passage, and an index over them.

Triggers keep both equal to the texts, whoever writes or deletes those; an answer has no text while
it is being written, so it is indexed once, at its end. Entries of passages have numbers below 0, so
that a search in documents passes over conversations, and the other way round.

On SQLite the index is FTS5 with external content. On PostgreSQL it is the column `tokens`, made by
`search_tokens`: letters and digits make a word, without case and accents.
"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TITLES = sa.text("text_id IS NULL")


class _Text(NamedTuple):
    """A table with texts; `{row}` is a row of it, in a trigger or in a query."""

    table: str
    text: str
    columns: str  # by which the text changes
    which: str  # the entry of a row
    new: str  # the columns of a new entry
    values: str
    order: str


_TEXTS = (
    _Text(
        table="messages",
        text="{row}.content",
        columns="content",
        which="text_id = {row}.id AND number > 0",
        new="place_id, text_id, author_id, at",
        values="{row}.conversation_id, {row}.id, {row}.author_id, {row}.created_at",
        order="id",
    ),
    _Text(
        table="conversations",
        text="{row}.title",
        columns="title",
        which="place_id = {row}.id AND text_id IS NULL AND number > 0",
        new="place_id, author_id, at",
        values="{row}.id, {row}.owner_id, {row}.created_at",
        order="id",
    ),
    _Text(
        table="passages",
        text="{row}.title || ' ' || {row}.heading || ' ' || {row}.text",
        columns="title, heading, text",
        which="number = -{row}.number",
        new="number, place_id, text_id",
        values="-{row}.number, {row}.document_id, {row}.id",
        order="number",
    ),
)
_FTS5 = (
    f"""CREATE VIEW search_texts AS
        SELECT e.number, m.content AS text FROM search_entries e
            JOIN messages m ON m.id = e.text_id WHERE e.number > 0
        UNION ALL SELECT e.number, c.title FROM search_entries e
            JOIN conversations c ON c.id = e.place_id WHERE e.number > 0 AND e.text_id IS NULL
        UNION ALL SELECT -p.number, {_TEXTS[2].text.format(row="p")} FROM passages p""",
    """CREATE VIRTUAL TABLE search_index USING fts5(
        text, content='search_texts', content_rowid='number',
        tokenize='unicode61 remove_diacritics 2')""",
    "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab('search_index', 'row')",
)
# Everything that is neither letter nor digit parts words: the parser would keep addresses whole. A
# text is cut where a tsvector would have no room for it.
_TOKENS = r"""CREATE FUNCTION search_tokens(text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT to_tsvector('simple'::regconfig, regexp_replace(
        regexp_replace(normalize(left($1, 100000), NFD), '[\u0300-\u036f]+', '', 'g'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u2190-\u2bff\u3000-\u303f]+',
        ' ', 'g'))
    $$"""


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("place_id", sa.String(32), nullable=False),
        sa.Column("text_id", sa.String(32)),
        sa.Column("author_id", sa.String(32)),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("text_id", name="uq_search_entries_text_id"),
    )
    op.create_index("ix_search_entries_place_id", "search_entries", ["place_id"])
    op.create_index(
        "ix_search_entries_titles",
        "search_entries",
        ["place_id"],
        unique=True,
        sqlite_where=_TITLES,
        postgresql_where=_TITLES,
    )
    for statement in _on_postgresql() if _is_postgresql() else _on_sqlite():
        op.execute(statement)


def _on_sqlite() -> list[str]:
    statements = list(_FTS5)
    for one in _TEXTS:
        statements += [*_triggers(one), _fill(one)]
    return [*statements, "INSERT INTO search_index (search_index) VALUES ('rebuild')"]


def _triggers(one: _Text) -> list[str]:
    new, old = (one.text.format(row=row) for row in ("new", "old"))
    own, former = (one.which.format(row=row) for row in ("new", "old"))
    add = f"""INSERT INTO search_entries ({one.new})
            SELECT {one.values.format(row="new")} WHERE {new} <> '';
        INSERT INTO search_index (rowid, text)
            SELECT number, {new} FROM search_entries WHERE {own};"""
    forget = f"""INSERT INTO search_index (search_index, rowid, text)
            SELECT 'delete', number, {old} FROM search_entries WHERE {former};
        DELETE FROM search_entries WHERE {former};"""
    name, table = f"search_{one.table}", one.table
    return [
        f"""CREATE TRIGGER {name}_added AFTER INSERT ON {table}
            WHEN {new} <> '' BEGIN {add} END""",
        f"""CREATE TRIGGER {name}_changed AFTER UPDATE OF {one.columns} ON {table}
            WHEN {old} <> {new} BEGIN {forget} {add} END""",
        f"""CREATE TRIGGER {name}_removed AFTER DELETE ON {table}
            WHEN {old} <> '' BEGIN {forget} END""",
    ]


def _on_postgresql() -> list[str]:
    statements = [
        _TOKENS,
        "ALTER TABLE search_entries ADD COLUMN tokens tsvector NOT NULL",
        # A search reads many rows and the tokens of few: these are kept beside the rows.
        "ALTER TABLE search_entries ALTER COLUMN tokens SET STORAGE EXTERNAL",
        "ALTER TABLE search_entries SET (toast_tuple_target = 128)",
    ]
    for one in _TEXTS:
        tokens = f"search_tokens({one.text})"
        one = one._replace(new=one.new + ", tokens", values=f"{one.values}, {tokens}")
        statements += [*_functions(one), _fill(one)]
    # What waits to be sorted in is read word by word: little of it, so that a send stays cheap.
    return statements + [
        f"""CREATE INDEX ix_search_entries_{name} ON search_entries USING gin (tokens)
            WITH (gin_pending_list_limit = 256) WHERE number {sign} 0"""
        for name, sign in (("said", ">"), ("documents", "<"))
    ]


def _functions(one: _Text) -> list[str]:
    new, old = (one.text.format(row=row) for row in ("new", "old"))
    name, former = f"search_{one.table}", one.which.format(row="old")
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF tg_op <> 'INSERT' THEN
                DELETE FROM search_entries WHERE {former};
            END IF;
            IF tg_op <> 'DELETE' THEN
                INSERT INTO search_entries ({one.new})
                    SELECT {one.values.format(row="new")} WHERE {new} <> '';
            END IF;
            RETURN NULL;
        END $$""",
        f"""CREATE TRIGGER {name}_kept AFTER INSERT OR DELETE ON {one.table}
            FOR EACH ROW EXECUTE FUNCTION {name}()""",
        f"""CREATE TRIGGER {name}_changed AFTER UPDATE OF {one.columns} ON {one.table}
            FOR EACH ROW WHEN ({old} <> {new}) EXECUTE FUNCTION {name}()""",
    ]


def _fill(one: _Text) -> str:
    """Entries for the texts that are there, older ones first."""
    text, values = one.text.format(row="t"), one.values.format(row="t")
    return f"""INSERT INTO search_entries ({one.new})
        SELECT {values} FROM {one.table} t WHERE {text} <> '' ORDER BY t.{one.order}"""


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def downgrade() -> None:
    if _is_postgresql():
        for one in _TEXTS:
            op.execute(f"DROP FUNCTION search_{one.table}() CASCADE")
        op.drop_table("search_entries")
        op.execute("DROP FUNCTION search_tokens(text)")
        return
    for one in _TEXTS:
        for happening in ("added", "changed", "removed"):
            op.execute(f"DROP TRIGGER search_{one.table}_{happening}")
    op.drop_table("search_vocabulary")
    op.drop_table("search_index")
    op.execute("DROP VIEW search_texts")
    op.drop_table("search_entries")
