"""Spaces: a team's room with its own documents, and who is in it. Imports the plain ground."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import ID, UtcTime
from chat.values import new_id, utc_now


class Space(Base):
    """A room; `slug` is its name on the command line.

    `personal_of` is the one person whose private space it is. `instructions` extend the system text
    of its answers; `providers` are the names of those who are asked first, in order;
    `personal_data` is a `values.DataPolicy`, `injections` a `values.InjectionPolicy`, or
    empty where the site's counts.
    `library_version` counts the changes of what is found in it.
    """

    __tablename__ = "spaces"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    personal_of: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), unique=True, index=True
    )
    instructions: Mapped[str] = mapped_column(Text, default="")
    providers: Mapped[list[str]] = mapped_column(JSON, default=list)
    personal_data: Mapped[int] = mapped_column(Integer, default=0)
    injections: Mapped[str] = mapped_column(String(8), default="")
    library_version: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)


class Member(Base):
    """That a person is in a space, as owner, editor or reader."""

    __tablename__ = "members"

    space_id: Mapped[str] = mapped_column(
        ForeignKey("spaces.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(16))  # values.SpaceRole
