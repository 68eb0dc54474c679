"""Where passages are in the spaces of their meaning, and a version of each space's library.

Passages that are there already get their vectors from `flask prepare`.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "spaces", sa.Column("library_version", sa.Integer, nullable=False, server_default="0")
    )
    op.create_index("ix_passages_space_id_number", "passages", ["space_id", "number"])
    reference = sa.ForeignKey(
        "passages.number", name="fk_passage_vectors_passage_number_passages", ondelete="CASCADE"
    )
    op.create_table(
        "passage_vectors",
        sa.Column("passage_number", sa.Integer, reference, primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("signs", sa.LargeBinary, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("passage_vectors")
    op.drop_index("ix_passages_space_id_number", "passages")
    op.drop_column("spaces", "library_version")
