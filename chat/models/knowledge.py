"""What the team knows: documents, the passages they are cut into, and the concepts they share.

The full-text index over passages is not a table of this file: the migration makes it, with triggers
on `passages`, so that a passage and its index row are always written together. Imports the plain
ground.
"""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import ID, UtcTime
from chat.values import new_id, utc_now


class Document(Base):
    """A text that was added to a space; `sha256` is that of its text, once in a space.

    `passages` says how many it has; 0 while it is being stored or taken out. `file_sha256` is that
    of the file it was read from, where it was the only one in it.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("space_id", "sha256"),
        Index("ix_documents_space_id_file_sha256", "space_id", "file_sha256"),
        Index("ix_documents_space_id_origin", "space_id", "origin"),
        Index("ix_documents_space_id_language", "space_id", "language"),
        Index(
            "ix_documents_unfinished",
            "id",
            sqlite_where=text("passages = 0"),
            # PostgreSQL has it, too (revision 0004); naming that here would load its dialect.
        ),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(300))
    is_handbook: Mapped[bool] = mapped_column(Boolean, default=False)
    sha256: Mapped[str] = mapped_column(String(64))
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer, default=1)
    language: Mapped[str] = mapped_column(String(8), default="en")
    text: Mapped[str] = mapped_column(Text, deferred=True)
    passages: Mapped[int] = mapped_column(Integer)
    added_by: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)


class Passage(Base):
    """A piece of a document. `number` is its row in the index, `place` where its file has it.

    `stems` are those of its words where it is not in English, for the index. `findings` are the
    kinds of what speaks to the model in it, with commas between them; None before anybody looked.
    `space_id` and `title` are its document's, kept here too so that a search reads one table; while
    the document is being stored or taken out, `space_id` is empty.
    """

    __tablename__ = "passages"
    __table_args__ = (
        UniqueConstraint("document_id", "position"),
        Index("ix_passages_space_id_number", "space_id", "number"),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(ID, unique=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    space_id: Mapped[str] = mapped_column(ID)
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    heading: Mapped[str] = mapped_column(String(600))
    place: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    stems: Mapped[str] = mapped_column(Text, default="")
    findings: Mapped[str | None] = mapped_column(String(100))


class PassageVector(Base):
    """Where a passage is in the space of a model; `model` is empty for the concept space.

    `vector` has a signed byte a dimension, `signs` a bit, which tell far from near quickly.
    """

    __tablename__ = "passage_vectors"
    __table_args__ = {"sqlite_with_rowid": False}

    passage_number: Mapped[int] = mapped_column(
        ForeignKey("passages.number", ondelete="CASCADE"), primary_key=True
    )
    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    signs: Mapped[bytes] = mapped_column(LargeBinary)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class Concept(Base):
    """A name or a phrase that the documents of one space use; `key` is its stems.

    `passages` is how many mention it, those of documents that are being stored or taken out too.
    """

    __tablename__ = "concepts"
    __table_args__ = (
        UniqueConstraint("space_id", "key"),
        Index("ix_concepts_most_passages", "space_id", "passages", "key"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    passages: Mapped[int] = mapped_column(Integer, default=0)


class Mention(Base):
    """That a passage speaks of a concept; two concepts of one passage are linked."""

    __tablename__ = "mentions"
    __table_args__ = (Index("ix_mentions_concept_passage", "concept_id", "passage_number"),)

    passage_number: Mapped[int] = mapped_column(
        ForeignKey("passages.number", ondelete="CASCADE"), primary_key=True
    )
    concept_id: Mapped[int] = mapped_column(
        ForeignKey("concepts.id", ondelete="CASCADE"), primary_key=True
    )


class Link(Base):
    """How many passages two concepts of a space share; `concept_id` is the lower number.

    The other one has no foreign key, which would want an index of its own: both are of one space,
    and a link goes when no passage holds it any more.
    """

    __tablename__ = "links"
    __table_args__ = (
        Index(
            "ix_links_shared",
            "concept_id",
            "other_id",
            "passages",
            sqlite_where=text("passages > 1"),
        ),
        Index("ix_links_gone", "concept_id", sqlite_where=text("passages = 0")),
        # Both are partial on PostgreSQL, too; naming that here would load its dialect.
        {"sqlite_with_rowid": False},
    )

    concept_id: Mapped[int] = mapped_column(
        ForeignKey("concepts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    other_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    passages: Mapped[int] = mapped_column(Integer)
