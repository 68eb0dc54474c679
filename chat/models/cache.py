"""Answers that may be given again. Imports the plain ground."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import UtcTime
from chat.values import utc_now


class CachedAnswer(Base):
    """That a message answers everything that `key` is the hash of; its text is in no second place.

    `libraries` names the spaces that were searched with the versions of their libraries.
    """

    __tablename__ = "cached_answers"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    message_id: Mapped[str] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), index=True
    )
    libraries: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now, index=True)
    used_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now, index=True)
    hits: Mapped[int] = mapped_column(Integer, default=0)
