"""What a space is set to, invitations into one, and a private space for each person."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)
_USERS = sa.table("users", sa.column("id"))
_SPACES = sa.table(
    "spaces",
    *(sa.column(name) for name in ("id", "slug", "name", "personal_of", "instructions")),
    sa.column("providers", sa.JSON),
    sa.column("created_at", _TIME),
)
_MEMBERS = sa.table("members", *(sa.column(name) for name in ("space_id", "user_id", "role")))


def upgrade() -> None:
    _add_reference("spaces", "personal_of", "users")
    op.add_column("spaces", sa.Column("instructions", sa.Text, nullable=False, server_default=""))
    op.add_column("spaces", sa.Column("providers", sa.JSON, nullable=False, server_default="[]"))
    op.create_index("ix_spaces_personal_of", "spaces", ["personal_of"], unique=True)
    _add_reference("invites", "space_id", "spaces")
    op.add_column("invites", sa.Column("space_role", sa.String(16)))
    op.create_index("ix_invites_space_id", "invites", ["space_id"])
    _make_private_spaces()


def _add_reference(table: str, column: str, parent: str) -> None:
    """Within the column: SQLite adds no constraint to a table that is there."""
    reference = sa.ForeignKey(f"{parent}.id", ondelete="CASCADE")
    op.add_column(table, sa.Column(column, sa.String(32), reference), inline_references=True)


def _make_private_spaces() -> None:
    connection, now = op.get_bind(), datetime.now(UTC)
    for (user_id,) in connection.execute(sa.select(_USERS.c.id)).all():
        # Ids sort by time, and these are to come after the team's: a UUIDv7 begins with a 0.
        space_id = "f" + uuid4().hex[1:]
        made = {"id": space_id, "slug": f"only-{user_id}", "name": "Only me", "created_at": now}
        made |= {"personal_of": user_id, "instructions": "", "providers": []}
        connection.execute(_SPACES.insert().values(**made))
        member = {"space_id": space_id, "user_id": user_id, "role": "owner"}
        connection.execute(_MEMBERS.insert().values(**member))


def downgrade() -> None:
    connection = op.get_bind()
    personal = sa.select(_SPACES.c.id).where(_SPACES.c.personal_of.is_not(None))
    connection.execute(sa.delete(_MEMBERS).where(_MEMBERS.c.space_id.in_(personal)))
    connection.execute(sa.delete(_SPACES).where(_SPACES.c.personal_of.is_not(None)))
    op.drop_index("ix_invites_space_id", "invites")
    op.drop_index("ix_spaces_personal_of", "spaces")
    for column in ("space_role", "space_id"):
        op.drop_column("invites", column)
    for column in ("providers", "instructions", "personal_of"):
        op.drop_column("spaces", column)
