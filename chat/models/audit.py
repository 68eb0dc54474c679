"""The audit trail: rows that nobody changes or deletes. Imports the plain ground."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import ID, UtcTime


class AuditEntry(Base):
    """One thing that somebody did; `hash` seals this row and, through the last one, all before.

    `actor_id` and `subject` stay when who or what they name is deleted: they are no references.
    """

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    actor_id: Mapped[str | None] = mapped_column(ID, index=True)
    action: Mapped[str] = mapped_column(String(40), index=True)
    subject: Mapped[str] = mapped_column(String(80))
    details: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class SeenSetting(Base):
    """A sign of what a setting was at the last start; nobody reads from it what that was."""

    __tablename__ = "seen_settings"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(32))
