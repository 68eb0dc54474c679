"""The model of a provider that makes embeddings."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    column = sa.Column("embedding_model", sa.String(128), nullable=False, server_default="")
    op.add_column("providers", column)


def downgrade() -> None:
    op.drop_column("providers", "embedding_model")
