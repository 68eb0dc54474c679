"""What people thought of answers, and what was learned from it. Imports the plain ground."""

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import UtcTime
from chat.values import utc_now


class Rating(Base):
    """One person's thumb for one answer.

    `confidence` is what was computed for it before any recalibration, `estimator` who computed it;
    None where the confidence rests on something else than the passages.
    """

    __tablename__ = "ratings"

    message_id: Mapped[str] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_good: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(String(32), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[float | None] = mapped_column(Float)
    estimator: Mapped[str | None] = mapped_column(String(16))
    changed_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now, index=True)


class Calibration(Base):
    """How the confidence of an estimator is shifted, and what that was fitted on."""

    __tablename__ = "calibrations"

    estimator: Mapped[str] = mapped_column(String(16), primary_key=True)
    slope: Mapped[float] = mapped_column(Float)
    offset: Mapped[float] = mapped_column(Float)
    answers: Mapped[int] = mapped_column(Integer)
    loss_before: Mapped[float] = mapped_column(Float)
    loss_after: Mapped[float] = mapped_column(Float)
    fitted_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)
