"""What whoever takes a run over has to know of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("stalls", sa.Integer, nullable=False, server_default="0"))
    op.add_column(
        "runs",
        sa.Column("stop_asked", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("runs", "stop_asked")
    op.drop_column("runs", "stalls")
