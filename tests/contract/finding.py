"""Texts of people and documents, and how tests look for them."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chat import finding
from chat.conversations import create_conversation
from chat.database import dialect_of
from chat.finding import Result, Results, Wanted
from chat.knowledge.ingest import add_document
from chat.models import Conversation, Message, SearchEntry
from chat.values import Viewer, new_id
from tests.people import Person


def say(session: Session, place: str, content: str, author: Viewer | None = None) -> str:
    """A finished message at the end of a conversation; its id."""
    message = Message(
        id=new_id(),
        conversation_id=place,
        role="user" if author else "assistant",
        author_id=author.id if author else None,
        content=content,
    )
    session.add(message)
    session.flush()
    return message.id


def talk(session: Session, owner: Person, title: str, *texts: str, shared: bool = False) -> str:
    """A conversation with these messages by its owner; its id."""
    place = create_conversation(
        session,
        owner.viewer,
        title=title,
        space_id=owner.space_id if shared else None,
        visibility="space" if shared else "private",
    ).id
    for content in texts:
        say(session, place, content, owner.viewer)
    return place


def document(session: Session, person: Person, title: str, body: str) -> str:
    return add_document(
        session, space_id=person.space_id, title=title, text=body, kind="text", origin=title,
        added_by=person.id,
    ).id  # fmt: skip


def look(session: Session, person: Person, typed: str, **wanted: object) -> Results:
    session.flush()
    index_all(session)
    return finding.search(session, person.viewer, typed, Wanted(**wanted))  # type: ignore[arg-type]


def index_all(session: Session) -> None:
    """As the thread of a site does, and the entrance of its search."""
    while finding.index_pending(session):
        pass


def ids(results: Results) -> list[str]:
    return [item.id for item in results.items]


def marks(item: Result) -> list[str]:
    return [text for text, is_marked in item.excerpt if is_marked]


_WHOSE = """SELECT e.number FROM search_entries e
    LEFT JOIN conversations c ON e.number > 0 AND c.id = e.place_id
    LEFT JOIN passages p ON p.number = -e.number
    LEFT JOIN documents d ON d.id = p.document_id
    WHERE CASE WHEN e.number > 0
        THEN coalesce(e.seen_by, '') <> coalesce(
            CASE c.visibility WHEN 'space' THEN c.space_id ELSE c.owner_id END, '')
        ELSE e.seen_by <> p.space_id OR e.place_id <> d.id OR e.at <> d.created_at
            OR coalesce(e.author_id, '') <> coalesce(d.added_by, '') END"""


def check_entries(session: Session) -> None:
    """Fail when entries or index differ from the texts."""
    session.flush()
    told = select(SearchEntry.text_id).where(SearchEntry.number > 0)
    texts = select(Message.id).where(Message.content != "")
    assert set(session.scalars(told.where(SearchEntry.text_id.is_not(None)))) == set(
        session.scalars(texts)
    )
    titles = session.scalars(select(SearchEntry.place_id).where(SearchEntry.text_id.is_(None)))
    assert sorted(titles) == sorted(
        session.scalars(select(Conversation.id).where(Conversation.title != ""))
    )
    passages = session.scalar(text("SELECT count(*) FROM passages"))
    below = select(SearchEntry.number).where(SearchEntry.number < 0)
    assert len(session.scalars(below).all()) == passages
    assert session.execute(text(_WHOSE)).all() == []
    check_index(session)
    index_all(session)
    check_index(session)


def check_index(session: Session) -> None:
    """Fail when the index of words differs from the texts that it was told of."""
    if dialect_of(session) == "sqlite":
        check = "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"
        session.execute(text(check))
