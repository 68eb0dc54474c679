"""The processes that write answers, and what they tell each other. Imports the plain ground."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import UtcTime
from chat.values import utc_now

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class Process(Base):
    """A process that leases runs. It lives as long as `beat` grows.

    `machine`, `pid` and `pid_began` prove its death to a process of the same machine: there is no
    process of that number any more, or it began at another time.
    """

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    machine: Mapped[str] = mapped_column(String(128))
    pid: Mapped[int] = mapped_column(Integer)
    pid_began: Mapped[int] = mapped_column(BigInteger)
    beat: Mapped[int] = mapped_column(BigInteger, default=0)


class Announcement(Base):
    """What a process tells all others, once: `data` is JSON. Deleted when everybody has read it."""

    __tablename__ = "announcements"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    sender_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(32))
    data: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now, index=True)
