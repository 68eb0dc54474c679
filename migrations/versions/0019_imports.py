"""Files of conversations that are read in, and which conversation came from where."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    kind = sa.Column("kind", sa.String(16), nullable=False, server_default="document")
    op.add_column("uploads", kind)
    op.add_column("conversations", sa.Column("imported_key", sa.String(100)))
    op.create_index(
        "ix_conversations_imported", "conversations", ["owner_id", "imported_key"], unique=True
    )


def downgrade() -> None:
    op.drop_index("ix_conversations_imported", "conversations")
    op.drop_column("conversations", "imported_key")
    op.drop_column("uploads", "kind")
