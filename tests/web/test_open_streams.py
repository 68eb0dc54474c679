"""An open stream ends when its reader may not read any more."""

import pytest
from flask import Flask
from sqlalchemy import delete

from chat import accounts
from chat.database import Database
from chat.models import Member
from chat.web.watch import Watch
from tests.people import Person
from tests.web.streams import ask, new_conversation


class Flag:
    """Counts how often a stream was woken."""

    woken = 0

    def wake(self) -> None:
        self.woken += 1


@pytest.fixture
def watch(app: Flask) -> Watch:
    found: Watch = app.extensions["parley"].watch
    return found


def test_a_stream_goes_on_while_its_reader_may_read(watch: Watch, alice: Person) -> None:
    ticket = watch.open(alice.viewer, new_conversation(alice), Flag().wake)
    watch.look()
    assert not ticket.ended
    assert watch.count == 1
    watch.close(ticket)
    assert watch.count == 0


def test_signing_out_ends_the_streams_of_that_session(
    watch: Watch, alice: Person, database: Database
) -> None:
    flag = Flag()
    ticket = watch.open(alice.viewer, None, flag.wake)
    with database.writing() as session:
        accounts.sessions.end(session, alice.viewer, alice.viewer.session_id or "")
    watch.look()
    assert ticket.ended
    assert flag.woken >= 1


def test_deleting_a_conversation_ends_its_streams(watch: Watch, alice: Person) -> None:
    place = new_conversation(alice)
    ticket = watch.open(alice.viewer, place, Flag().wake)
    alice.client.delete(f"/api/conversations/{place}")
    watch.look()
    assert ticket.ended


def test_withdrawing_a_shared_conversation_ends_the_streams_of_the_others(
    watch: Watch, alice: Person, bob: Person
) -> None:
    place = new_conversation(alice, visibility="space", space_id=alice.space_id)
    mine = watch.open(alice.viewer, place, Flag().wake)
    his = watch.open(bob.viewer, place, Flag().wake)
    watch.look()
    assert not his.ended
    alice.client.patch(f"/api/conversations/{place}", json={"visibility": "private"})
    watch.look()
    assert (mine.ended, his.ended) == (False, True)


def test_a_process_that_has_left_ends_every_stream(watch: Watch, alice: Person) -> None:
    ticket = watch.open(alice.viewer, None, Flag().wake)
    watch.is_leaving = lambda: True
    watch.look()
    assert not ticket.ended  # its run has to come to others first
    watch.has_left = lambda: True
    watch.look()
    assert ticket.ended


def test_what_happens_is_told_to_open_pages(alice: Person) -> None:
    stream = alice.client.get("/api/events").iter_encoded()
    assert b"event: hello" in next(stream)
    place = new_conversation(alice, title="New one")
    assert f'"id":"{place}"'.encode() in next(stream)
    stream.close()  # type: ignore[attr-defined]


def test_a_withdrawn_conversation_leaves_the_pages_of_the_others(
    alice: Person, bob: Person
) -> None:
    place = new_conversation(alice, visibility="space", space_id=alice.space_id)
    mine, his = (who.client.get("/api/events").iter_encoded() for who in (alice, bob))
    assert [b"event: hello" in next(stream) for stream in (mine, his)] == [True, True]
    alice.client.patch(f"/api/conversations/{place}", json={"space_id": None})
    assert b'"deleted"' in next(his)
    assert [b'"changed"' in next(mine) for _ in range(2)] == [False, True]  # hers stays
    for stream in (mine, his):
        stream.close()  # type: ignore[attr-defined]


def test_a_finished_stream_is_not_counted_any_more(watch: Watch, alice: Person) -> None:
    ask(alice, new_conversation(alice))
    assert watch.count == 0


def test_a_reader_that_leaves_is_not_counted_any_more(watch: Watch, alice: Person) -> None:
    response = alice.client.get("/api/events")
    assert watch.count == 1
    response.close()
    assert watch.count == 0


def test_a_page_of_everything_is_opened_anew_when_its_spaces_change(
    watch: Watch, bob: Person, database: Database
) -> None:
    ticket = watch.open(bob.viewer, None, Flag().wake)
    watch.look()
    assert not ticket.ended
    with database.writing() as session:
        session.execute(delete(Member).where(Member.user_id == bob.id))
    watch.look()
    assert ticket.ended
