"""Files that are being read, and the versions of a document."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("file_sha256", sa.String(64)))
    op.add_column("documents", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    for column in ("file_sha256", "origin"):
        op.create_index(f"ix_documents_space_id_{column}", "documents", ["space_id", column])
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("space_id", sa.String(32), _of("space_id", "spaces"), nullable=False),
        sa.Column("added_by", sa.String(32), _of("added_by", "users"), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("replaces", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("results", sa.JSON, nullable=False),
        sa.Column("reader", sa.String(32)),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_uploads_state", "uploads", ["state"])
    op.create_index("ix_uploads_added_by_created_at", "uploads", ["added_by", "created_at"])


def _of(column: str, parent: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{parent}.id", name=f"fk_uploads_{column}_{parent}", ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("uploads")
    for column in ("origin", "file_sha256"):
        op.drop_index(f"ix_documents_space_id_{column}", "documents")
    for column in ("version", "file_sha256"):
        op.drop_column("documents", column)
