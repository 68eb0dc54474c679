"""Files that were sent and are being read, or could not be. Imports the plain ground."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import ID, UtcTime
from chat.values import new_id, utc_now


class Upload(Base):
    """A file on its way into a space; its bytes are a file of the data directory with its id.

    `kind` is document, or talks for an export of conversations.
    `state` is waiting, reading, done or failed. `done` of `total` says how far the reading is, in
    `unit` (pages, passages, …). `reader` is the process that reads it, `beat_at` when that last
    said so. `results` are the documents and refusals that came of it.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_added_by_created_at", "added_by", "created_at"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"))
    added_by: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16), default="document")
    name: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    replaces: Mapped[bool] = mapped_column(Boolean, default=True)
    state: Mapped[str] = mapped_column(String(16), default="waiting", index=True)
    unit: Mapped[str] = mapped_column(String(16), default="")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    reader: Mapped[str | None] = mapped_column(String(32))
    beat_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)
