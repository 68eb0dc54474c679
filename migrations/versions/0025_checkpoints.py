"""Old entries of the audit trail may go below a checkpoint; the settings of the last start."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_REFUSAL = "the audit trail is append-only"
# A checkpoint is an entry: it says through which number the ones before may go.
_SQLITE = (
    "DROP TRIGGER audit_entries_deleted",
    f"""CREATE TRIGGER audit_entries_deleted BEFORE DELETE ON audit_entries
        WHEN NOT EXISTS (
            SELECT 1 FROM audit_entries
             WHERE action = 'audit.pruned' AND number > OLD.number
               AND CAST(json_extract(details, '$.through') AS INTEGER) >= OLD.number)
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
)
_SQLITE_BACK = (
    "DROP TRIGGER audit_entries_deleted",
    f"""CREATE TRIGGER audit_entries_deleted BEFORE DELETE ON audit_entries
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
)
_POSTGRESQL = (
    f"""CREATE FUNCTION audit_entry_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM audit_entries
                 WHERE action = 'audit.pruned' AND number > OLD.number
                   AND (details::jsonb ->> 'through')::bigint >= OLD.number) THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION '{_REFUSAL}';
        END $$""",
    "DROP TRIGGER audit_entries_kept ON audit_entries",
    """CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_kept()""",
    """CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entries
        FOR EACH ROW EXECUTE FUNCTION audit_entry_kept()""",
)
_POSTGRESQL_BACK = (
    "DROP TRIGGER audit_entry_kept ON audit_entries",
    "DROP FUNCTION audit_entry_kept",
    "DROP TRIGGER audit_entries_kept ON audit_entries",
    """CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_kept()""",
)


def upgrade() -> None:
    for statement in _POSTGRESQL if _is_postgresql() else _SQLITE:
        op.execute(statement)
    op.create_table(
        "seen_settings",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("fingerprint", sa.String(32), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("seen_settings")
    for statement in _POSTGRESQL_BACK if _is_postgresql() else _SQLITE_BACK:
        op.execute(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
