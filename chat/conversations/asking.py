"""Questions and the answers that they call for: whether they may be, in the caller's transaction.

Keeps true: a `client_id` starts one thing once; one running answer for a question, and one for a
shared conversation; a question follows a finished answer; nobody asks more than they may.
May import the plain ground and the tables.
"""

from dataclasses import replace

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from chat.conversations.allowance import check_allowance
from chat.conversations.beginning import (
    Asked,
    Question,
    Wish,
    begin_first_answer,
    begin_other_answer,
    read_asked,
)
from chat.conversations.path import find_message
from chat.conversations.places import Place, hold_person, hold_place, hold_place_of
from chat.conversations.tables import MESSAGES, RUNS, USERS
from chat.conversations.threads import NOWHERE, NewPlace, create_in
from chat.database import Statements
from chat.errors import Conflict, Invalid, NotFound
from chat.models import LogGroup, Message, Run
from chat.statements import Prepared
from chat.values import Viewer, new_id, utc_now

CONTINUABLE = ("interrupted", "stopped", "failed")
_MADE_BEFORE = Prepared(
    select(MESSAGES.c.id, MESSAGES.c.role).where(
        MESSAGES.c.conversation_id == bindparam("place_id"),
        MESSAGES.c.client_id == bindparam("client_id"),
    )
)
_PARENT = Prepared(
    select(MESSAGES.c.conversation_id, MESSAGES.c.role, MESSAGES.c.status).where(
        MESSAGES.c.id == bindparam("parent_id")
    )
)
_FIRST_ANSWER = Prepared(
    select(MESSAGES.c.id)
    .where(MESSAGES.c.parent_id == bindparam("question_id"))
    .order_by(MESSAGES.c.id)
    .limit(1)
)
_ASKERS = Prepared(
    select(USERS.c.id, USERS.c.name)
    .join(RUNS, RUNS.c.user_id == USERS.c.id)
    .join(MESSAGES, MESSAGES.c.id == RUNS.c.message_id)
    .where(MESSAGES.c.conversation_id == bindparam("place_id"), RUNS.c.state == "running")
    .limit(1)
)


def ask_first(
    session: Session, viewer: Viewer, content: str, wish: Wish, new_in: NewPlace = NOWHERE
) -> Asked:
    """Ask in a new conversation; the same `client_id` again finds the one made the first time."""
    made_before = select(Message.conversation_id).where(
        Message.author_id == viewer.id,
        Message.client_id == wish.client_id,
        Message.parent_id.is_(None),
    )
    hold_person(session, viewer.id)
    known = session.scalar(made_before) if wish.client_id is not None else None
    place = known or create_in(session, viewer, new_in).id
    return ask(session, viewer, place, content, wish)


def ask(
    session: Statements,
    viewer: Viewer,
    conversation_id: str,
    content: str,
    wish: Wish,
    *,
    parent_id: str | None = None,
    at_leaf: bool = True,
) -> Asked:
    """Write a question, its empty answer and its run; `parent_id` counts when not `at_leaf`."""
    hold_person(session, viewer.id)
    place = hold_place(session, viewer, conversation_id)
    before = _asked_before(session, place.id, wish.client_id)
    if before is not None:
        return before
    follows = place.leaf_id if at_leaf else parent_id
    _check_room(session, viewer, place)
    _check_parent(session, place.id, follows)
    waits = check_allowance(session, viewer, wish.allowance)
    question = Question(new_id(), follows, content, wish.client_id, utc_now())
    return _waiting(begin_first_answer(session, viewer, place, question, wish), waits)


def ask_again(session: Session, viewer: Viewer, message_id: str, wish: Wish) -> Asked:
    """A sibling answer to the same question; `message_id` names the answer or the question."""
    hold_person(session, viewer.id)
    hold_place_of(session, message_id)
    message = find_message(session, viewer, message_id)
    place = hold_place(session, viewer, message.conversation_id)
    before = _asked_before(session, place.id, wish.client_id)
    if before is not None:
        return before
    _check_room(session, viewer, place)
    question_id = message.id if message.role == "user" else message.parent_id
    if question_id is None:
        raise NotFound("The question of this answer is gone.")
    _check_question(session, question_id)
    waits = check_allowance(session, viewer, wish.allowance)
    question = session.get_one(Message, question_id)
    return _waiting(begin_other_answer(session, viewer, place, question, wish), waits)


def go_on(session: Session, viewer: Viewer, message_id: str, wish: Wish) -> Asked:
    """The next attempt at an interrupted, stopped or failed answer, from where it ended."""
    hold_person(session, viewer.id)
    hold_place_of(session, message_id)
    view = find_message(session, viewer, message_id)
    place = hold_place(session, viewer, view.conversation_id)
    if view.role != "assistant":
        raise Invalid("Only an answer can be continued.")
    if view.status == "running":
        return read_asked(session, message_id, is_new=False)
    cut_short = view.details.get("stop_reason") in {"length", "timeout"}
    if view.status not in CONTINUABLE and not cut_short:
        raise Conflict("This answer is complete. Ask for another version instead.")
    _check_room(session, viewer, place)
    _check_question(session, view.parent_id)
    waits = check_allowance(session, viewer, wish.allowance)
    run = session.get_one(Run, message_id)
    run.state, run.attempt, run.last_seq = "running", run.attempt + 1, 0
    run.error, run.ended_at, run.user_id = None, None, viewer.id
    run.owner_id, run.stalls, run.stop_asked = wish.owner_id, 0, False
    run.started_at = utc_now()
    session.get_one(Message, message_id).status = "running"
    session.execute(delete(LogGroup).where(LogGroup.message_id == message_id))
    session.flush()
    return _waiting(read_asked(session, message_id, is_new=True), waits)


def _asked_before(session: Statements, place_id: str, client_id: str | None) -> Asked | None:
    """What a send with this `client_id` has started before, if it has."""
    if client_id is None:
        return None
    given = {"place_id": place_id, "client_id": client_id}
    row = _MADE_BEFORE.first(session, given)
    if row is None:
        return None
    if row.role == "user":
        row = _FIRST_ANSWER.rows(session, {"question_id": row.id})[0]
    return read_asked(session, row.id, is_new=False)


def find_asker(session: Statements, conversation_id: str) -> tuple[str, str] | None:
    """Id and name of who has asked what is being answered; the caller has checked the viewer."""
    row = _ASKERS.first(session, {"place_id": conversation_id})
    return (row[0], row[1]) if row else None


def _check_room(session: Statements, viewer: Viewer, place: Place) -> None:
    """In a room one speaks at a time; in private, versions may be written beside each other."""
    asker = find_asker(session, place.id) if place.is_shared else None
    if asker is None:
        return
    who = "You are" if asker[0] == viewer.id else f"{asker[1]} is"
    raise Conflict(f"{who} asking here right now. Wait for the answer, or stop it, then send.")


def _check_parent(session: Statements, conversation_id: str, parent_id: str | None) -> None:
    if parent_id is None:
        return
    parent = _PARENT.first(session, {"parent_id": parent_id})
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


def _waiting(asked: Asked, waits: bool) -> Asked:
    return replace(asked, waits=True) if waits else asked
