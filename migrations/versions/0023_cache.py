"""Which answers may be given again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    message = sa.ForeignKey(
        "messages.id", name="fk_cached_answers_message_id_messages", ondelete="CASCADE"
    )
    op.create_table(
        "cached_answers",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("message_id", sa.String(32), message, nullable=False),
        sa.Column("libraries", sa.Text, nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hits", sa.Integer, nullable=False),
    )
    for column in ("message_id", "stored_at", "used_at"):
        op.create_index(f"ix_cached_answers_{column}", "cached_answers", [column])


def downgrade() -> None:
    op.drop_table("cached_answers")
