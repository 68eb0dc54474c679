"""The beginning of an answer: the rows of a send, and what its run is told.

Keeps true: question, answer and run are written together. Whether they may be is for `asking` to
check. May import the plain ground and the tables.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import NoResultFound

from chat.conversations.allowance import Allowance
from chat.conversations.places import Place
from chat.conversations.tables import CONVERSATIONS, MESSAGES, RUNS
from chat.database import Statements
from chat.models import Message
from chat.statements import Prepared
from chat.values import Depth, Viewer, iso, new_id, utc_now

_TITLE_CHARS = 60
_ADD_MESSAGE = Prepared(
    insert(MESSAGES),
    ("id", "conversation_id", "parent_id", "role", "author_id", "status", "client_id", "content",
     "thinking", "metadata", "created_at"),
)  # fmt: skip
_ADD_RUN = Prepared(
    insert(RUNS),
    ("message_id", "user_id", "state", "attempt", "owner_id", "stalls", "stop_asked", "last_seq",
     "depth", "provider", "model", "started_at"),
)  # fmt: skip
_MOVE_ON = Prepared(
    update(CONVERSATIONS).where(CONVERSATIONS.c.id == bindparam("place_id")),
    ("title", "leaf_id", "active_at"),
)
_QUESTIONS = MESSAGES.alias("question")
_ASKED = Prepared(
    select(
        MESSAGES.c.conversation_id,
        *(CONVERSATIONS.c[name] for name in ("owner_id", "space_id", "visibility")),
        _QUESTIONS.c.id.label("question_id"),
        _QUESTIONS.c.content.label("question"),
        _QUESTIONS.c.created_at.label("asked_at"),
        _QUESTIONS.c.client_id,
        _QUESTIONS.c.parent_id.label("history_from"),
        MESSAGES.c.id.label("message_id"),
        *(RUNS.c[name] for name in ("attempt", "depth", "provider", "model")),
        MESSAGES.c.content.label("written"),
        MESSAGES.c.thinking,
    )
    .join(_QUESTIONS, _QUESTIONS.c.id == MESSAGES.c.parent_id)
    .join(RUNS, RUNS.c.message_id == MESSAGES.c.id)
    .join(CONVERSATIONS, CONVERSATIONS.c.id == MESSAGES.c.conversation_id)
    .where(MESSAGES.c.id == bindparam("answer_id"))
)
_EMPTY = {"thinking": "", "metadata": {}}  # of a message
_BEGUN = {"state": "running", "attempt": 1, "stalls": 0, "stop_asked": False, "last_seq": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How an answer is to be made, as the sender chose.

    `allowance` is how much they may ask, `owner_id` the process that will make it. `cached` says
    that an answer of before will do.
    """

    depth: Depth = Depth.BALANCED
    provider: str = ""
    model: str = ""
    client_id: str | None = None
    allowance: Allowance = Allowance()
    owner_id: str | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be answered; `parent_id` is the answer that it follows."""

    id: str
    parent_id: str | None
    content: str
    client_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and its answer; `is_new` is false when the same send had started it before.

    `written` and `thinking` are what an earlier attempt left of the answer. `waits` when its asker
    has as many answers being written as may be at once.
    """

    conversation_id: str
    owner_id: str
    space_id: str | None
    visibility: str
    question_id: str
    question: str
    asked_at: str
    client_id: str | None
    history_from: str | None
    message_id: str
    attempt: int
    depth: Depth
    provider: str
    model: str
    written: str
    thinking: str
    is_new: bool
    waits: bool = False


def begin_first_answer(
    session: Statements, viewer: Viewer, place: Place, question: Question, wish: Wish
) -> Asked:
    """Write a question, its empty answer and the run of that."""
    asking = {
        "id": question.id,
        "conversation_id": place.id,
        "parent_id": question.parent_id,
        "role": "user",
        "author_id": viewer.id,
        "status": "complete",
        "client_id": question.client_id,
        "content": question.content,
        "created_at": question.created_at,
        **_EMPTY,
    }
    answer = _answer(place, question.id, client_id=None)
    _ADD_MESSAGE.change(session, asking)
    _ADD_MESSAGE.change(session, answer)
    return _begin_run(session, viewer, place, question, answer["id"], wish)


def begin_other_answer(
    session: Statements, viewer: Viewer, place: Place, question: Message, wish: Wish
) -> Asked:
    """Write a further empty answer to a question, and the run of that."""
    answer = _answer(place, question.id, client_id=wish.client_id)
    _ADD_MESSAGE.change(session, answer)
    return _begin_run(session, viewer, place, question, answer["id"], wish)


def read_asked(session: Statements, answer_id: str, *, is_new: bool) -> Asked:
    """What was asked for an answer that is there."""
    row = _ASKED.first(session, {"answer_id": answer_id})
    if row is None:
        raise NoResultFound(f"no answer {answer_id}")
    held = row._asdict()
    return Asked(**held | {"depth": Depth(row.depth), "asked_at": iso(row.asked_at)}, is_new=is_new)


def _answer(place: Place, question_id: str, *, client_id: str | None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "conversation_id": place.id,
        "parent_id": question_id,
        "role": "assistant",
        "author_id": None,
        "status": "running",
        "client_id": client_id,
        "content": "",
        "created_at": utc_now(),
        **_EMPTY,
    }


def _begin_run(
    session: Statements,
    viewer: Viewer,
    place: Place,
    question: Question | Message,
    answer_id: str,
    wish: Wish,
) -> Asked:
    """Write the run of an answer, and make the answer the end of the path shown."""
    how = {"depth": wish.depth, "provider": wish.provider, "model": wish.model}
    run = {"message_id": answer_id, "user_id": viewer.id, **how, **_BEGUN}
    run |= {"owner_id": wish.owner_id, "started_at": utc_now()}
    title = place.title or _title(question.content)
    shown = {"title": title, "leaf_id": answer_id, "active_at": utc_now()}
    _ADD_RUN.change(session, run)
    _MOVE_ON.change(session, {"place_id": place.id, **shown})
    new = {"attempt": 1, "written": "", "thinking": "", "is_new": True}
    return _asked(place, question, message_id=answer_id, **how, **new)


def _asked(place: Place, question: Question | Message, **answer: Any) -> Asked:
    return Asked(
        conversation_id=place.id,
        owner_id=place.owner_id,
        space_id=place.space_id,
        visibility=place.visibility,
        question_id=question.id,
        question=question.content,
        asked_at=iso(question.created_at),
        client_id=question.client_id,
        history_from=question.parent_id,
        **answer,
    )


def _title(content: str) -> str:
    """The first line of a question, cut at a word."""
    line = " ".join(next((part for part in content.splitlines() if part.strip()), "").split())
    if len(line) <= _TITLE_CHARS:
        return line
    return line[:_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
