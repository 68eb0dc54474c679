"""What happened, minute by minute, for the overview of the admins."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
_NUMBERS = (
    "answers", "failed", "stopped", "cached", "failures", "tokens", "writing_ms", "requests",
    "request_errors", "first_ms_most", "streams_most", "runs_most", "queue_most", "lag_ms_most",
    "streams",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "figures",
        sa.Column("minute", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.String(32), nullable=False),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("span", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in _NUMBERS),
        sa.Column("first_ms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "process_id", "provider", name="pk_figures"),
    )
    op.create_index("ix_figures_span_minute", "figures", ["span", "minute"])


def downgrade() -> None:
    op.drop_table("figures")
