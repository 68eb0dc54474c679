"""What a space asks for reaches whoever writes its answers."""

from collections.abc import Callable
from dataclasses import replace

from chat import conversations, spaces
from chat.answering.context import Job, read_brief
from chat.answering.pipeline import Bounds
from chat.answering.runner import Runner
from chat.conversations import Wish
from chat.database import Database
from chat.eventlog.sql import SqlLog
from chat.events import BEGINNING
from chat.providers.registry import Registry
from chat.values import DataPolicy
from tests.people import Person
from tests.unit.answering.conftest import FedProvider, Running


def test_instructions_of_the_private_space_count_in_private_conversations(
    database: Database, alice: Person, provider: FedProvider, ask: Callable[..., Running]
) -> None:
    private = alice.viewer.space_ids[-1]
    with database.writing() as session:
        spaces.change_space(session, alice.viewer, private, instructions="Say port, not left.")
    running = ask()
    provider.end()
    list(running.log.follow(BEGINNING, 5))
    assert provider.requests[0].instructions == "Say port, not left."


def test_instructions_of_a_space_come_after_the_sites(
    database: Database, alice: Person, bob: Person, log: SqlLog, provider: FedProvider
) -> None:
    runner = Runner(database, log, Registry([provider]), bounds=Bounds(instructions="Be brief."))
    wish = replace(Wish(), owner_id=runner.owner_id())
    with database.writing() as session:
        spaces.change_space(session, alice.viewer, alice.space_id, instructions="Be kind.")
        place = conversations.create_conversation(
            session, bob.viewer, space_id=bob.space_id, visibility="space"
        )
        asked = conversations.ask(session, bob.viewer, place.id, "Why?", wish)
        brief = read_brief(session, asked)
    followed = runner.start(Job.of(asked, bob.viewer, brief))
    provider.end()
    list(followed.follow(BEGINNING, 5))
    assert provider.requests[0].instructions == "Be brief.\n\nBe kind."


def test_the_strictest_of_the_spaces_that_are_read_counts_for_their_documents(
    database: Database, alice: Person, bob: Person
) -> None:
    with database.writing() as session:
        owner = alice.viewer
        spaces.change_space(session, owner, alice.space_id, personal_data=DataPolicy.REFUSE)
        private = spaces.read_brief(session, None, bob.id)
        assert (private.personal_data, private.documents) == (DataPolicy.OFF, DataPolicy.REFUSE)
        shared = spaces.read_brief(session, alice.space_id, alice.id)
        assert (shared.personal_data, shared.documents) == (DataPolicy.REFUSE, DataPolicy.OFF)
        away = spaces.create_space(session, bob.viewer, "Away")
        assert spaces.read_brief(session, away.id, bob.id).personal_data is DataPolicy.OFF
