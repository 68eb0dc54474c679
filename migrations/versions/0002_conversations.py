"""Conversations and their messages."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ID = sa.String(32)
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", ID, primary_key=True),
        sa.Column("owner_id", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("space_id", ID, sa.ForeignKey("spaces.id", ondelete="SET NULL"), index=True),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("leaf_id", ID),
        sa.Column("archived_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("active_at", TIME, nullable=False),
    )
    op.create_index(
        "ix_conversations_owner_id_active_at", "conversations", ["owner_id", "active_at"]
    )
    op.create_table(
        "messages",
        sa.Column("id", ID, primary_key=True),
        sa.Column(
            "conversation_id",
            ID,
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("parent_id", ID, sa.ForeignKey("messages.id", ondelete="CASCADE"), index=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("author_id", ID, sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("thinking", sa.Text, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("client_id", sa.String(64)),
        sa.Column("created_at", TIME, nullable=False),
        sa.UniqueConstraint("conversation_id", "client_id"),
    )


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_table("conversations")
