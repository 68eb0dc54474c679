"""What of a passage speaks to the model, and what is done about it in each space."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("passages", sa.Column("findings", sa.String(100)))
    op.add_column(
        "spaces", sa.Column("injections", sa.String(8), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("spaces", "injections")
    op.drop_column("passages", "findings")
