"""Runs and the durable log of what they write. Imports the plain ground.

A log row holds one group of frames, exactly as they went to readers, so that nothing is encoded
twice; it is deleted when the run's message is final, or soon after.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import UtcTime
from chat.values import utc_now


class Run(Base):
    """The making of one answer; there is one for each assistant message.

    `state` is running or ended; `owner_id` is the process that writes it, None while nobody does.
    `stalls` counts the take-overs in a row that found no more text than the one before;
    `stop_asked` is for an owner that cannot be told at once.
    `last_seq` is the seq of the attempt's terminal event, once ended.
    """

    __tablename__ = "runs"
    __table_args__ = (Index("ix_runs_user_started", "user_id", "started_at"),)  # what one has asked

    message_id: Mapped[str] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(16), default="running", index=True)
    attempt: Mapped[int] = mapped_column(Integer, default=1)
    owner_id: Mapped[str | None] = mapped_column(String(32))
    stalls: Mapped[int] = mapped_column(Integer, default=0)
    stop_asked: Mapped[bool] = mapped_column(Boolean, default=False)
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    depth: Mapped[str] = mapped_column(String(16))
    provider: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(128), default="")
    error: Mapped[str | None] = mapped_column(Text)  # the data of the error event, as JSON
    started_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class LogGroup(Base):
    """The frames `first_seq` to `last_seq` of one attempt."""

    __tablename__ = "log_groups"

    message_id: Mapped[str] = mapped_column(
        ForeignKey("runs.message_id", ondelete="CASCADE"), primary_key=True
    )
    attempt: Mapped[int] = mapped_column(Integer, primary_key=True)
    first_seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    last_seq: Mapped[int] = mapped_column(Integer)
    frames: Mapped[bytes] = mapped_column(LargeBinary)


class LogTail(Base):
    """A group as SQLite gets it first, in the order of the flushes (chat/eventlog/sql_tail.py)."""

    __tablename__ = "log_tail"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(32))
    attempt: Mapped[int] = mapped_column(Integer)
    first_seq: Mapped[int] = mapped_column(Integer)
    last_seq: Mapped[int] = mapped_column(Integer)
    frames: Mapped[bytes] = mapped_column(LargeBinary)
