"""People's search on SQLite: the parts of its index are joined a few pages at a time.

FTS5 itself joins 64 pages for each level of parts, in whatever statement fills a page: that held
everybody up for 26 ms now and then. Who tells the index of texts has a few pages joined each time
instead (`finding/pending.py`, `knowledge/fts5.py`).
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_USUAL = 4  # FTS5's own: so many parts of a level begin it


def upgrade() -> None:
    _join_from(0)


def downgrade() -> None:
    _join_from(_USUAL)


def _join_from(parts: int) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO search_index (search_index, rank) VALUES ('automerge', {parts})")
