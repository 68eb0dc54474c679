"""How many passages mention a concept, and how many two concepts share."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SHARED, GONE = sa.text("passages > 1"), sa.text("passages = 0")
_COUNT_MENTIONS = """UPDATE concepts SET passages =
    (SELECT count(*) FROM mentions WHERE mentions.concept_id = concepts.id)"""
_COUNT_SHARED = """INSERT INTO links (concept_id, other_id, passages)
    SELECT one.concept_id, other.concept_id, count(*)
    FROM mentions AS one JOIN mentions AS other
      ON other.passage_number = one.passage_number AND other.concept_id > one.concept_id
    GROUP BY one.concept_id, other.concept_id"""


def upgrade() -> None:
    op.create_index("ix_mentions_concept_passage", "mentions", ["concept_id", "passage_number"])
    op.drop_index("ix_mentions_concept_id", "mentions")
    counted = sa.Column("passages", sa.Integer, nullable=False, server_default="0")
    op.add_column("concepts", counted)
    op.execute(_COUNT_MENTIONS)
    op.create_index("ix_concepts_most_passages", "concepts", ["space_id", "passages", "key"])
    op.create_table(
        "links",
        sa.Column("concept_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("other_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["concept_id"],
            ["concepts.id"],
            name="fk_links_concept_id_concepts",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    op.execute(_COUNT_SHARED)
    _index_links("ix_links_shared", ["concept_id", "other_id", "passages"], SHARED)
    _index_links("ix_links_gone", ["concept_id"], GONE)


def _index_links(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "links", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("links")
    op.drop_index("ix_concepts_most_passages", "concepts")
    op.drop_column("concepts", "passages")
    op.create_index("ix_mentions_concept_id", "mentions", ["concept_id"])
    op.drop_index("ix_mentions_concept_passage", "mentions")
