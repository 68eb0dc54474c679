"""What runs write is stored as it comes, and found by its message only once it is two seconds old.

With SQLite; PostgreSQL, whose writers do not wait for each other, goes on as before.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "log_tail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("first_seq", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("frames", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.execute(
        "INSERT INTO log_groups (message_id, attempt, first_seq, last_seq, frames)"
        " SELECT t.message_id, t.attempt, t.first_seq, t.last_seq, t.frames FROM log_tail t"
        " JOIN runs r ON r.message_id = t.message_id AND r.attempt = t.attempt"
        " WHERE r.state = 'running' ORDER BY t.id"
        " ON CONFLICT (message_id, attempt, first_seq) DO UPDATE"
        " SET last_seq = excluded.last_seq, frames = excluded.frames"
        " WHERE excluded.last_seq > log_groups.last_seq"
    )
    op.drop_table("log_tail")
