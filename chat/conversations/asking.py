"""Questions and the answers that they call for: the three rows of a send, in the caller's
transaction.

Keeps true: a `client_id` starts one thing once; one running answer for a question; a question
follows a finished answer; nobody has more running answers than allowed. May import the plain ground
and the tables.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from chat.conversations.path import find_message
from chat.conversations.threads import count_running, create_conversation, find_conversation
from chat.errors import Conflict, Invalid, NotFound, TooManyRuns
from chat.models import Conversation, LogGroup, Message, Run
from chat.values import Depth, Viewer, iso, new_id, utc_now

_TITLE_CHARS = 60
CONTINUABLE = ("interrupted", "stopped", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How an answer is to be made, as the sender chose; `max_runs` 0 means no limit."""

    depth: Depth = Depth.BALANCED
    provider: str = ""
    model: str = ""
    client_id: str | None = None
    max_runs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and its answer; `is_new` is false when the same send had started it before.

    `written` and `thinking` are what an earlier attempt left of the answer.
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


def find_asked(
    session: Session, viewer: Viewer, conversation_id: str, client_id: str | None
) -> Asked | None:
    """What a send with this `client_id` has started before, if it has."""
    find_conversation(session, viewer, conversation_id)
    if client_id is None:
        return None
    row = session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.client_id == client_id
        )
    )
    if row is None:
        return None
    answer_id = row.id
    if row.role == "user":
        first = select(Message.id).where(Message.parent_id == row.id).order_by(Message.id).limit(1)
        answer_id = session.scalars(first).one()
    return _asked(session, answer_id, is_new=False)


def ask_first(session: Session, viewer: Viewer, content: str, wish: Wish) -> Asked:
    """Ask in a new conversation; the same `client_id` again finds the one made the first time."""
    made_before = select(Message.conversation_id).where(
        Message.author_id == viewer.id,
        Message.client_id == wish.client_id,
        Message.parent_id.is_(None),
    )
    known = session.scalar(made_before) if wish.client_id is not None else None
    place = known or create_conversation(session, viewer).id
    return ask(session, viewer, place, content, wish)


def ask(
    session: Session,
    viewer: Viewer,
    conversation_id: str,
    content: str,
    wish: Wish,
    *,
    parent_id: str | None = None,
    at_leaf: bool = True,
) -> Asked:
    """Write a question, its empty answer and its run; `parent_id` counts when not `at_leaf`."""
    before = find_asked(session, viewer, conversation_id, wish.client_id)
    if before is not None:
        return before
    conversation = session.get_one(Conversation, conversation_id)
    parent_id = conversation.leaf_id if at_leaf else parent_id
    _check_parent(session, conversation_id, parent_id)
    question = Message(
        id=new_id(),
        conversation_id=conversation_id,
        parent_id=parent_id,
        role="user",
        author_id=viewer.id,
        content=content,
        client_id=wish.client_id,
    )
    session.add(question)
    session.flush()
    conversation.title = conversation.title or _title(content)
    return _begin_answer(session, viewer, conversation, question.id, wish)


def ask_again(session: Session, viewer: Viewer, message_id: str, wish: Wish) -> Asked:
    """A sibling answer to the same question; `message_id` names the answer or the question."""
    message = find_message(session, viewer, message_id)
    before = find_asked(session, viewer, message.conversation_id, wish.client_id)
    if before is not None:
        return before
    question_id = message.id if message.role == "user" else message.parent_id
    if question_id is None:
        raise NotFound("The question of this answer is gone.")
    _check_question(session, question_id)
    conversation = session.get_one(Conversation, message.conversation_id)
    return _begin_answer(session, viewer, conversation, question_id, wish, wish.client_id)


def go_on(session: Session, viewer: Viewer, message_id: str, wish: Wish) -> Asked:
    """The next attempt at an interrupted, stopped or failed answer, from where it ended."""
    view = find_message(session, viewer, message_id)
    if view.role != "assistant":
        raise Invalid("Only an answer can be continued.")
    if view.status == "running":
        return _asked(session, message_id, is_new=False)
    cut_short = view.details.get("stop_reason") in {"length", "timeout"}
    if view.status not in CONTINUABLE and not cut_short:
        raise Conflict("This answer is complete. Ask for another version instead.")
    _check_question(session, view.parent_id)
    _check_runs(session, viewer, wish.max_runs)
    run = session.get_one(Run, message_id)
    run.state, run.attempt, run.last_seq = "running", run.attempt + 1, 0
    run.error, run.ended_at, run.user_id = None, None, viewer.id
    run.started_at = utc_now()
    session.get_one(Message, message_id).status = "running"
    session.execute(delete(LogGroup).where(LogGroup.message_id == message_id))
    session.flush()
    return _asked(session, message_id, is_new=True)


def _begin_answer(
    session: Session,
    viewer: Viewer,
    conversation: Conversation,
    question_id: str,
    wish: Wish,
    client_id: str | None = None,
) -> Asked:
    _check_runs(session, viewer, wish.max_runs)
    answer = Message(
        id=new_id(),
        conversation_id=conversation.id,
        parent_id=question_id,
        role="assistant",
        status="running",
        client_id=client_id,
    )
    session.add(answer)
    session.flush()
    session.add(
        Run(
            message_id=answer.id,
            user_id=viewer.id,
            depth=wish.depth.value,
            provider=wish.provider,
            model=wish.model,
        )
    )
    conversation.leaf_id = answer.id
    conversation.active_at = utc_now()
    session.flush()
    return _asked(session, answer.id, is_new=True)


def _asked(session: Session, answer_id: str, *, is_new: bool) -> Asked:
    answer = session.get_one(Message, answer_id)
    question = session.get_one(Message, answer.parent_id)
    run = session.get_one(Run, answer_id)
    place = session.get_one(Conversation, answer.conversation_id)
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
        message_id=answer.id,
        attempt=run.attempt,
        depth=Depth(run.depth),
        provider=run.provider,
        model=run.model,
        written=answer.content,
        thinking=answer.thinking,
        is_new=is_new,
    )


def _check_parent(session: Session, conversation_id: str, parent_id: str | None) -> None:
    if parent_id is None:
        return
    parent = session.get(Message, parent_id)
    if parent is None or parent.conversation_id != conversation_id:
        raise NotFound("The message to answer after does not exist here.")
    if parent.role != "assistant":
        raise Invalid("parent_id must name an answer, or be null for a first question.")
    if parent.status == "running":
        raise Conflict("An answer is being written here. Wait for it, or stop it, then send.")


def _check_question(session: Session, question_id: str | None) -> None:
    """One running answer for a question."""
    running = select(Message.id).where(
        Message.parent_id == question_id, Message.status == "running"
    )
    if session.scalar(running.limit(1)):
        raise Conflict("This question is being answered right now. Wait for it, or stop it.")


def _check_runs(session: Session, viewer: Viewer, limit: int) -> None:
    if limit and count_running(session, viewer.id) >= limit:
        raise TooManyRuns(
            f"You have {limit} answers being written. Wait for one, or stop one, then send again.",
            retry_after=5,
        )


def _title(content: str) -> str:
    """The first line of a question, cut at a word."""
    line = " ".join(next((part for part in content.splitlines() if part.strip()), "").split())
    if len(line) <= _TITLE_CHARS:
        return line
    return line[:_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
