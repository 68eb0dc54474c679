"""Conversations and their messages: a tree, of which a page shows one path.

A question's parent is the answer before it, an answer's parent is its question. Siblings are
versions: an edited question, a regenerated answer. Imports the plain ground.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import ID, UtcTime
from chat.values import new_id, utc_now


class Conversation(Base):
    """A thread of one person, private or visible to its space; `leaf_id` ends the path shown.

    `imported_key` is what it was where it came from."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("ix_conversations_owner_id_active_at", "owner_id", "active_at"),
        Index("ix_conversations_imported", "owner_id", "imported_key", unique=True),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    space_id: Mapped[str | None] = mapped_column(
        ForeignKey("spaces.id", ondelete="SET NULL"), index=True
    )
    visibility: Mapped[str] = mapped_column(String(16), default="private")
    title: Mapped[str] = mapped_column(String(200))
    leaf_id: Mapped[str | None] = mapped_column(ID)
    imported_key: Mapped[str | None] = mapped_column(String(100))
    archived_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)
    active_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)


class Message(Base):
    """One turn. `status` is complete, running, stopped, interrupted or failed."""

    __tablename__ = "messages"
    # It also finds all messages of a conversation.
    __table_args__ = (UniqueConstraint("conversation_id", "client_id"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    parent_id: Mapped[str | None] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(String(16))
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(16), default="complete")
    content: Mapped[str] = mapped_column(Text, default="")
    thinking: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSON, default=dict)
    client_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=utc_now)


class Pin(Base):
    """That a person wants a conversation on top of their list."""

    __tablename__ = "pins"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
