"""Providers of models that an admin has connected. Imports the plain ground."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import ID, UtcTime
from chat.values import new_id, utc_now


class StoredProvider(Base):
    """A provider; `position` orders them, `sealed_key` is encrypted (`providers/sealing.py`).

    `personal_data` is a `values.DataPolicy`, None where the site's setting counts.
    """

    __tablename__ = "providers"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    preset: Mapped[str] = mapped_column(String(32))
    base_url: Mapped[str] = mapped_column(String(500))
    models: Mapped[list[str]] = mapped_column(JSON)
    context_tokens: Mapped[int] = mapped_column(Integer)
    embedding_model: Mapped[str] = mapped_column(String(128), default="")
    sealed_key: Mapped[str] = mapped_column(Text, default="")
    key_set_at: Mapped[datetime | None] = mapped_column(UtcTime)
    personal_data: Mapped[int | None] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    enabled: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)
