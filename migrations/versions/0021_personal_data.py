"""What is done about personal data in what leaves for a provider, for each space and provider."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "spaces", sa.Column("personal_data", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column("providers", sa.Column("personal_data", sa.Integer))


def downgrade() -> None:
    op.drop_column("providers", "personal_data")
    op.drop_column("spaces", "personal_data")
