"""Links for who has no account, and what a person has pinned."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ID = sa.String(32)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "share_links",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column(
            "conversation_id", _ID, _of("share_links", "conversations", "conversation_id"),
            nullable=False,
        ),
        sa.Column("made_by", _ID, _of("share_links", "users", "made_by"), nullable=False),
        sa.Column("leaf_id", _ID, nullable=False),
        sa.Column("shows_names", sa.Boolean, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.UniqueConstraint("token_hash", name="uq_share_links_token_hash"),
    )  # fmt: skip
    op.create_index("ix_share_links_conversation_id", "share_links", ["conversation_id"])
    op.create_table(
        "pins",
        sa.Column("user_id", _ID, _of("pins", "users", "user_id"), primary_key=True),
        sa.Column(
            "conversation_id", _ID, _of("pins", "conversations", "conversation_id"),
            primary_key=True,
        ),
    )  # fmt: skip
    op.create_index("ix_pins_conversation_id", "pins", ["conversation_id"])


def _of(table: str, parent: str, column: str) -> sa.ForeignKey:
    name = f"fk_{table}_{column}_{parent}"
    return sa.ForeignKey(f"{parent}.id", name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("pins")
    op.drop_table("share_links")
