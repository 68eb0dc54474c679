"""The audit trail, whose rows the database neither changes nor deletes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_REFUSAL = "the audit trail is append-only"
_SQLITE = (
    f"""CREATE TRIGGER audit_entries_{what}d BEFORE {what.upper()} ON audit_entries
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"""
    for what in ("update", "delete")
)
_POSTGRESQL = (
    f"""CREATE FUNCTION audit_entries_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM audit_entries) THEN  -- a restore begins with empty tables
                RAISE EXCEPTION '{_REFUSAL}';
            END IF;
            RETURN NULL;
        END $$""",
    """CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_kept()""",
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(32)),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for column in ("at", "actor_id", "action"):
        op.create_index(f"ix_audit_entries_{column}", "audit_entries", [column])
    for statement in _POSTGRESQL if _is_postgresql() else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_entries")
    if _is_postgresql():
        op.execute("DROP FUNCTION audit_entries_kept")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
