"""Documents, passages, their full-text index, concepts and mentions.

On SQLite the index is FTS5 with external content: triggers keep it equal to `passages`, also where
a foreign key deletes. Never use INSERT OR REPLACE on `passages`: it skips the delete trigger.

On PostgreSQL it is columns of `passages`, which Parley writes with the others and never changes;
triggers count in how many passages a word is. Who writes passages there does so one after another,
so that two who count the same words do not wait for each other in a circle.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

UNFINISHED = sa.text("passages = 0")
_DELETE = """INSERT INTO passage_index (passage_index, rowid, title, heading, text)
    VALUES ('delete', old.number, old.title, old.heading, old.text);"""
_INSERT = """INSERT INTO passage_index (rowid, title, heading, text)
    VALUES (new.number, new.title, new.heading, new.text);"""

_FTS5 = (
    """CREATE VIRTUAL TABLE passage_index USING fts5(
        title, heading, text,
        content='passages', content_rowid='number', tokenize='porter unicode61')""",
    "CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab('passage_index', 'row')",
    "CREATE VIRTUAL TABLE passage_instances USING fts5vocab('passage_index', 'instance')",
    f"CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN {_INSERT} END",
    f"CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN {_DELETE} END",
    f"""CREATE TRIGGER passages_changed AFTER UPDATE OF title, heading, text ON passages
        BEGIN {_DELETE} {_INSERT} END""",
)


_COUNT_WORDS = """CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO passage_words AS held (word, passages)
            SELECT word, {sign} count(*)
            FROM changed, unnest(tsvector_to_array(tokens)) AS word GROUP BY word
            ON CONFLICT (word) DO UPDATE SET passages = held.passages + excluded.passages;
        UPDATE passage_sums AS held
            SET passages = held.passages {sign} c.passages, tokens = held.tokens {sign} c.tokens
            FROM (SELECT count(*) AS passages, coalesce(sum(length), 0) AS tokens
                  FROM changed) AS c;
        {then}
        RETURN NULL;
    END $$"""
_FORGET_WORDS = """DELETE FROM passage_words WHERE passages = 0 AND word IN
            (SELECT unnest(tsvector_to_array(tokens)) FROM changed);"""
_TSVECTOR = (
    """ALTER TABLE passages ADD COLUMN tokens tsvector NOT NULL,
        ADD COLUMN counts jsonb NOT NULL, ADD COLUMN length integer NOT NULL""",
    "CREATE INDEX ix_passages_tokens ON passages USING gin (tokens) WITH (fastupdate = off)",
    """CREATE TABLE passage_words
        (word text COLLATE "C" PRIMARY KEY, passages integer NOT NULL)""",
    "CREATE TABLE passage_sums (passages bigint NOT NULL, tokens bigint NOT NULL)",
    "INSERT INTO passage_sums VALUES (0, 0)",
    """CREATE FUNCTION passages_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock('passages'::regclass::oid::bigint);
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER passages_in_turn BEFORE INSERT OR DELETE ON passages
        FOR EACH STATEMENT EXECUTE FUNCTION passages_in_turn()""",
    _COUNT_WORDS.format(name="passages_added", sign="+", then=""),
    _COUNT_WORDS.format(name="passages_removed", sign="-", then=_FORGET_WORDS),
    """CREATE TRIGGER passages_added AFTER INSERT ON passages
        REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION passages_added()""",
    """CREATE TRIGGER passages_removed AFTER DELETE ON passages
        REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION passages_removed()""",
)


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("space_id", sa.String(32), _of("documents", "spaces"), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("is_handbook", sa.Boolean, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("added_by", sa.String(32), _added_by(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("space_id", "sha256", name="uq_documents_space_id_sha256"),
    )
    op.create_index("ix_documents_space_id", "documents", ["space_id"])
    op.create_index(
        "ix_documents_unfinished",
        "documents",
        ["id"],
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )
    _create_passages()
    _create_concepts()
    for statement in _TSVECTOR if _is_postgresql() else _FTS5:
        op.execute(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _create_passages() -> None:
    op.create_table(
        "passages",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("document_id", sa.String(32), _of("passages", "documents"), nullable=False),
        sa.Column("space_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("heading", sa.String(600), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.UniqueConstraint("id", name="uq_passages_id"),
        sa.UniqueConstraint("document_id", "position", name="uq_passages_document_id_position"),
    )


def _create_concepts() -> None:
    op.create_table(
        "concepts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("space_id", sa.String(32), _of("concepts", "spaces"), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.UniqueConstraint("space_id", "key", name="uq_concepts_space_id_key"),
    )
    op.create_table(
        "mentions",
        sa.Column("passage_number", sa.Integer, primary_key=True),
        sa.Column("concept_id", sa.Integer, primary_key=True),
        sa.ForeignKeyConstraint(
            ["passage_number"],
            ["passages.number"],
            name="fk_mentions_passage_number_passages",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["concept_id"],
            ["concepts.id"],
            name="fk_mentions_concept_id_concepts",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_mentions_concept_id", "mentions", ["concept_id"])


def _of(table: str, parent: str) -> sa.ForeignKey:
    column = f"{parent.removesuffix('s')}_id"
    name = f"fk_{table}_{column}_{parent}"
    return sa.ForeignKey(f"{parent}.id", name=name, ondelete="CASCADE")


def _added_by() -> sa.ForeignKey:
    return sa.ForeignKey("users.id", name="fk_documents_added_by_users", ondelete="SET NULL")


def downgrade() -> None:
    own = ("passage_instances", "passage_vocabulary", "passage_index")
    if _is_postgresql():
        own = ("passage_words", "passage_sums")
    for table in (*own, "mentions", "concepts", "passages", "documents"):
        op.drop_table(table)
    if _is_postgresql():
        for function in ("passages_in_turn", "passages_added", "passages_removed"):
            op.execute(f"DROP FUNCTION {function}")
