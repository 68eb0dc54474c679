"""Limits of a person's own, and an index for what somebody has asked in a time."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("users", sa.Column("limits", sa.Text))
    op.create_index("ix_runs_user_started", "runs", ["user_id", "started_at"])
    op.drop_index("ix_runs_user_id", "runs")


def downgrade() -> None:
    op.create_index("ix_runs_user_id", "runs", ["user_id"])
    op.drop_index("ix_runs_user_started", "runs")
    op.drop_column("users", "limits")
