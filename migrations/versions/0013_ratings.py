"""What people think of answers, and how confidence is shifted by it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ratings",
        _of("message_id", "messages"),
        _of("user_id", "users"),
        sa.Column("is_good", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("estimator", sa.String(16)),
        sa.Column("changed_at", _TIME, nullable=False),
    )
    for column in ("user_id", "changed_at"):
        op.create_index(f"ix_ratings_{column}", "ratings", [column])
    op.create_table(
        "calibrations",
        sa.Column("estimator", sa.String(16), primary_key=True),
        *(
            sa.Column(name, sa.Float, nullable=False)
            for name in ("slope", "offset", "loss_before", "loss_after")
        ),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("fitted_at", _TIME, nullable=False),
    )


def _of(column: str, parent: str) -> sa.Column[str]:
    reference = sa.ForeignKey(
        f"{parent}.id", name=f"fk_ratings_{column}_{parent}", ondelete="CASCADE"
    )
    return sa.Column(column, sa.String(32), reference, primary_key=True)


def downgrade() -> None:
    op.drop_table("calibrations")
    op.drop_table("ratings")
