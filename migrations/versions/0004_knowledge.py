"""Documents, passages, their full-text index, concepts and mentions.

The index is SQLite's FTS5 with external content: triggers keep it equal to `passages`, also where a
foreign key deletes. Never use INSERT OR REPLACE on `passages`: it skips the delete trigger.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_DELETE = """INSERT INTO passage_index (passage_index, rowid, title, heading, text)
    VALUES ('delete', old.number, old.title, old.heading, old.text);"""
_INSERT = """INSERT INTO passage_index (rowid, title, heading, text)
    VALUES (new.number, new.title, new.heading, new.text);"""

_INDEX = (
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
        "ix_documents_unfinished", "documents", ["id"], sqlite_where=sa.text("passages = 0")
    )
    _create_passages()
    _create_concepts()
    for statement in _INDEX:
        op.execute(statement)


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
    op.execute("DROP TABLE passage_instances")
    op.execute("DROP TABLE passage_vocabulary")
    op.execute("DROP TABLE passage_index")
    for table in ("mentions", "concepts", "passages", "documents"):
        op.drop_table(table)
