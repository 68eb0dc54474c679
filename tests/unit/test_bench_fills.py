"""The databases that the bench measures are made of what the site stores today."""

from sqlalchemy import func, select

from bench import concepts, sayings
from chat.database import Database
from chat.models import Message, Passage, SearchEntry, Space


def test_search_is_measured_on_texts_that_are_found(database: Database) -> None:
    sayings.fill(database, messages=80, documents=3)
    with database.reading() as session:
        assert session.scalar(select(func.count(Message.id))) >= 80
        assert session.scalar(select(func.count(Passage.number))) == 12
        assert session.scalar(select(func.count(SearchEntry.number))) >= 92


def test_concepts_are_measured_in_documents_that_have_some(database: Database) -> None:
    with database.reading() as session:
        space_id = session.scalars(select(Space.id).where(Space.slug == "team")).one()
    concepts._fill(database, space_id, concepts._Texts(), 3)
    with database.reading() as session:
        assert session.scalar(select(func.count(Passage.number))) == 3 * concepts._PASSAGES
