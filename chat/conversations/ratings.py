"""What people think of answers: a thumb with a reason, and the list of them for admins.

Keeps true: a person has one rating for an answer, which they can change and withdraw; who does not
see an answer cannot rate it, nor learn that others did; a rating goes with its answer and with its
person. May import the plain ground and the tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from chat.connections import BUILT_IN
from chat.conversations.path import find_message
from chat.conversations.views import RatingView
from chat.errors import Conflict, Invalid
from chat.models import Message, Rating, User
from chat.values import Viewer, utc_now

LONGEST_NOTE = 1000  # characters
REASONS: Mapping[bool, Mapping[str, str]] = {
    True: {
        "right": "It is right and complete",
        "sourced": "Its sources say so",
        "clear": "It is clear",
        "other": "Something else",
    },
    False: {
        "wrong": "It is wrong",
        "unsupported": "Its sources do not say that",
        "incomplete": "Something is missing",
        "beside": "It answers another question",
        "outdated": "It is out of date",
        "unclear": "It is hard to understand",
        "other": "Something else",
    },
}
BASIS = "retrieval_support"


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating as admins see it: who, what, and the answer with its question and its metadata."""

    message_id: str
    person: str
    is_good: bool
    reason: str
    note: str
    confidence: float | None
    changed_at: datetime
    question: str
    answer: str
    details: Mapping[str, Any]


def rate(
    session: Session, viewer: Viewer, message_id: str, *, good: bool, reason: str, note: str
) -> RatingView:
    """Rate an answer that the viewer sees, instead of what they had said of it before."""
    if reason and reason not in REASONS[good]:
        raise Invalid(f"reason is empty or one of: {', '.join(REASONS[good])}.")
    note = note.replace("\0", "").strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"A note has at most {LONGEST_NOTE} characters; this one has {len(note)}.")
    answer = find_message(session, viewer, message_id)
    if answer.role != "assistant":
        raise Invalid("Only answers can be rated.")
    if answer.status == "running" or not answer.content:
        raise Conflict("There is no finished answer to rate yet.")
    found = session.get(Rating, (message_id, viewer.id))
    row = found or Rating(message_id=message_id, user_id=viewer.id)
    row.is_good, row.reason, row.note, row.changed_at = good, reason, note, utc_now()
    row.confidence, row.estimator = computed(answer.details)
    if found is None:
        session.add(row)
        session.flush()
    return RatingView(good, reason, note)


def withdraw_rating(session: Session, viewer: Viewer, message_id: str) -> None:
    """Forget what the viewer said of an answer; harmless where they had said nothing."""
    find_message(session, viewer, message_id)
    session.execute(
        delete(Rating).where(Rating.message_id == message_id, Rating.user_id == viewer.id)
    )


def own_ratings(
    session: Session, viewer: Viewer, message_ids: Sequence[str]
) -> dict[str, RatingView]:
    """The viewer's ratings of these answers, by message."""
    if not message_ids:
        return {}
    rows = session.execute(
        select(Rating.message_id, Rating.is_good, Rating.reason, Rating.note).where(
            Rating.message_id.in_(message_ids), Rating.user_id == viewer.id
        )
    )
    return {row[0]: RatingView(*row[1:]) for row in rows}


def list_ratings(
    session: Session, *, good: bool | None = None, limit: int = 20, offset: int = 0
) -> list[Rated]:
    """What was rated on the whole site, newest first: for admins, whatever they see otherwise."""
    question = aliased(Message)
    query = (
        select(Rating, User.name, Message.content, Message.details, question.content)
        .join(User, User.id == Rating.user_id)
        .join(Message, Message.id == Rating.message_id)
        .outerjoin(question, question.id == Message.parent_id)
        .order_by(Rating.changed_at.desc(), Rating.message_id, Rating.user_id)
        .limit(limit)
        .offset(offset)
    )
    if good is not None:
        query = query.where(Rating.is_good == good)
    return [
        Rated(
            message_id=row.message_id,
            person=name,
            is_good=row.is_good,
            reason=REASONS[row.is_good].get(row.reason, ""),
            note=row.note,
            confidence=row.confidence,
            changed_at=row.changed_at,
            question=asked or "",
            answer=content,
            details=details,
        )
        for row, name, content, details, asked in session.execute(query)
    ]


def count_ratings(session: Session) -> dict[bool, int]:
    """How many thumbs there are of each kind."""
    rows = session.execute(select(Rating.is_good, func.count()).group_by(Rating.is_good))
    return {True: 0, False: 0} | {good: count for good, count in rows}


def computed(details: Mapping[str, Any]) -> tuple[float | None, str | None]:
    """The confidence of an answer before any recalibration, and who computed it."""
    value = details.get("confidence")
    if details.get("confidence_basis") != BASIS or not isinstance(value, int | float):
        return None, None
    raw = (details.get("analysis") or {}).get("confidence_computed", value)
    return float(raw), estimator_of(str(details.get("provider") or ""))


def estimator_of(provider: str) -> str:
    """Whose formula gives the confidence of this provider's answers: `library` or `models`."""
    return "library" if provider == BUILT_IN else "models"
