"""What people find by words: a row for each title, each message with text, and each passage.

The rows are written by triggers of revisions 0014 and 0029, so that a text and its row are
committed together; so is the index of words, which on SQLite is told of what people said only later
(`finding/pending.py`). Those of revision 0027 say who sees a text. Imports the plain ground.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from chat.extensions import Base
from chat.models.columns import ID, UtcTime

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class SearchEntry(Base):
    """A text that can be found. `place_id` is its conversation, or its document.

    `number` is its row in the index: above 0 of conversations, below 0 of documents; later texts
    are farther from 0. `text_id` is the message or the passage, None of a conversation's title.
    `author_id` wrote it, or added the document. `seen_by` is the person or the space that sees it.
    """

    __tablename__ = "search_entries"
    __table_args__ = (
        Index(
            "ix_search_entries_titles",
            "place_id",
            unique=True,
            sqlite_where=text("text_id IS NULL"),
            # PostgreSQL has it, too (revision 0014); naming that here would load its dialect.
        ),
    )

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True)
    place_id: Mapped[str] = mapped_column(ID, index=True)
    text_id: Mapped[str | None] = mapped_column(ID, unique=True)
    author_id: Mapped[str | None] = mapped_column(ID)
    at: Mapped[datetime | None] = mapped_column(UtcTime)
    seen_by: Mapped[str | None] = mapped_column(ID)
