"""What becomes of conversations whose person, or whose space, goes.

Keeps true: what somebody kept for themselves goes with them; what they shared stays with the space,
under one of its owners and without their name. May import the plain ground and the tables.
"""

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from chat.models import Conversation, Member, Message, Run, User
from chat.values import SpaceRole


def is_answered_for(session: Session, person_id: str) -> bool:
    """Whether an answer is being written that somebody asked for, or in what they began."""
    running = (
        select(Run.message_id)
        .join(Message, Message.id == Run.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Run.state == "running")
        .where((Run.user_id == person_id) | (Conversation.owner_id == person_id))
    )
    return session.scalar(running.limit(1)) is not None


def private_ids(session: Session, person_id: str) -> list[str]:
    """The conversations that nobody but this person sees."""
    mine = select(Conversation.id).where(Conversation.owner_id == person_id)
    return list(session.scalars(mine.where(Conversation.visibility == "private")))


def room_ids(session: Session, space_id: str) -> list[str]:
    """The conversations that everybody in a space sees."""
    shared = select(Conversation.id).where(Conversation.space_id == space_id)
    return list(session.scalars(shared.where(Conversation.visibility == "space")))


def erase(session: Session, conversation_id: str) -> None:
    """Delete a conversation with all its messages, whoever began it."""
    session.execute(  # as in `threads.delete_conversation`: no depth of nested deletes
        update(Message).where(Message.conversation_id == conversation_id).values(parent_id=None),
        execution_options={"synchronize_session": False},
    )
    session.execute(delete(Conversation).where(Conversation.id == conversation_id))


def hand_over(session: Session, person_id: str) -> None:
    """Let the shared conversations that this person began, and asked in, be those of an owner.

    Where no owner can sign in, of another member; where nobody is left, they go with the person.
    """
    owner = (
        select(Member.user_id)
        .join(User, User.id == Member.user_id)
        .where(Member.space_id == Conversation.space_id, Member.user_id != person_id)
        .order_by(Member.role != SpaceRole.OWNER, User.disabled_at.is_not(None), Member.user_id)
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    rooms = (
        update(Conversation)
        .where(Conversation.owner_id == person_id, Conversation.visibility == "space")
        .where(owner.is_not(None))
    )
    session.execute(rooms.values(owner_id=owner), execution_options={"synchronize_session": False})
    owner_of_room = (
        select(Conversation.owner_id)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(Message.id == Run.message_id)
        .scalar_subquery()
    )
    elsewhere = exists().where(
        Message.id == Run.message_id,
        Conversation.id == Message.conversation_id,
        Conversation.owner_id != person_id,
    )
    session.execute(
        update(Run).where(Run.user_id == person_id, elsewhere).values(user_id=owner_of_room),
        execution_options={"synchronize_session": False},
    )
