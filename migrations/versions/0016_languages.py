"""The language of a document, and the stems of its words where it is not English.

The index of SQLite gets a column for them; on PostgreSQL they are tokens like all others. What is
there already counts as English until it is added anew.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_WITH = ("title", "heading", "text", "stems")
_WITHOUT = ("title", "heading", "text")


def upgrade() -> None:
    op.add_column(
        "documents", sa.Column("language", sa.String(8), nullable=False, server_default="en")
    )
    op.create_index("ix_documents_space_id_language", "documents", ["space_id", "language"])
    op.add_column("passages", sa.Column("stems", sa.Text, nullable=False, server_default=""))
    _index_anew(_WITH)


def downgrade() -> None:
    _index_anew(_WITHOUT)
    op.drop_column("passages", "stems")
    op.drop_index("ix_documents_space_id_language", "documents")
    op.drop_column("documents", "language")


def _index_anew(columns: Sequence[str]) -> None:
    """Make the full-text index of SQLite with these columns, as revision 0004 has it."""
    if op.get_bind().dialect.name == "postgresql":
        return
    names = ", ".join(columns)
    delete, insert = (
        f"""INSERT INTO passage_index ({extra}rowid, {names})
            VALUES ({value}{row}.number, {", ".join(f"{row}.{name}" for name in columns)});"""
        for extra, value, row in (("passage_index, ", "'delete', ", "old"), ("", "", "new"))
    )
    for statement in (
        *(f"DROP TRIGGER passages_{event}" for event in ("added", "removed", "changed")),
        *(f"DROP TABLE passage_{name}" for name in ("vocabulary", "instances", "index")),
        f"""CREATE VIRTUAL TABLE passage_index USING fts5(
            {names}, content='passages', content_rowid='number', tokenize='porter unicode61')""",
        "CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab('passage_index', 'row')",
        "CREATE VIRTUAL TABLE passage_instances USING fts5vocab('passage_index', 'instance')",
        f"CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN {insert} END",
        f"CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN {delete} END",
        f"""CREATE TRIGGER passages_changed AFTER UPDATE OF {names} ON passages
            BEGIN {delete} {insert} END""",
        "INSERT INTO passage_index (passage_index) VALUES ('rebuild')",
    ):
        op.execute(statement)
