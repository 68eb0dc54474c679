"""The trail is one chain, which nobody changes unseen."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chat import audit
from chat.audit import Action, Entry, Filter, Head, Verdict
from chat.audit.chain import BEGINNING, seal
from chat.database import Database, dialect_of
from chat.models import AuditEntry
from chat.values import utc_now

CHANGES: dict[str, Callable[[AuditEntry], object]] = {
    "number": lambda row: row.number ^ 64,
    "at": lambda row: row.at + timedelta(microseconds=1),
    "actor_id": lambda row: _flipped(row.actor_id or ""),
    "action": lambda row: _flipped(row.action),
    "subject": lambda row: _flipped(row.subject),
    "details": lambda row: _flipped(row.details),
    "hash": lambda row: _flipped(row.hash),
}


@pytest.fixture
def trail(database: Database) -> list[Entry]:
    """Twenty entries."""
    with database.writing() as session:
        return [
            audit.append(
                session, Action.ANSWERED, actor_id="a1", subject=f"message:{n}", status="complete"
            )
            for n in range(20)
        ]


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("place", [0, 7, 19])
def test_one_bit_that_was_changed_is_found_and_located(
    trail: list[Entry], database: Database, column: str, place: int
) -> None:
    number = trail[place].number
    with database.writing() as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.number == number)).one()
        value = CHANGES[column](row)
        session.expunge(row)
        _without_guard(session)
        session.execute(
            update(AuditEntry).where(AuditEntry.number == number).values({column: value})
        )
    verdict = _verify(database)
    assert (verdict.is_intact, verdict.broken_at) == (False, number)


def test_an_entry_that_was_taken_out_is_missed(trail: list[Entry], database: Database) -> None:
    with database.writing() as session:
        _without_guard(session)
        session.execute(text("DELETE FROM audit_entries WHERE number = 5"))
    verdict = _verify(database)
    assert (verdict.broken_at, verdict.reason) == (5, "the entry is missing")


def test_an_end_that_was_cut_off_is_missed_by_who_noted_it(
    trail: list[Entry], database: Database
) -> None:
    noted = _verify(database).head
    assert noted is not None
    assert str(Head.parse(str(noted))) == f"20:{trail[-1].hash}"
    with database.writing() as session:
        _without_guard(session)
        session.execute(text("DELETE FROM audit_entries WHERE number > 15"))
    assert _verify(database).is_intact
    assert _verify(database, noted).broken_at == 16


def test_a_trail_that_was_sealed_anew_is_told_by_the_noted_head(
    trail: list[Entry], database: Database
) -> None:
    noted = Head(trail[3].number, trail[3].hash)
    with database.writing() as session:
        _without_guard(session)
        session.execute(text("DELETE FROM audit_entries"))
        for n in range(6):
            audit.append(session, Action.ANSWERED, actor_id=None, subject=f"forged:{n}")
    assert _verify(database).is_intact
    assert _verify(database, noted).broken_at == 4


def test_the_database_itself_refuses_to_change_the_trail(
    trail: list[Entry], database: Database
) -> None:
    for statement in ("UPDATE audit_entries SET subject = ''", "DELETE FROM audit_entries"):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
            session.execute(text(statement))
    assert _verify(database).entries == 20


def test_who_append_at_the_same_time_make_one_chain(database: Database) -> None:
    together = threading.Barrier(4)

    def write(name: str) -> None:
        together.wait()
        for _ in range(10):
            with database.writing() as session:
                audit.append(session, Action.SIGNED_IN, actor_id=name)

    threads = [threading.Thread(target=write, args=(f"p{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = _verify(database)
    assert (verdict.entries, verdict.is_intact) == (40, True)


def test_what_does_not_commit_leaves_no_entry(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            audit.append(session, Action.SIGNED_IN, actor_id="a1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _verify(database).entries == 0


def test_entries_are_found_by_what_was_done_by_whom_and_when(
    trail: list[Entry], database: Database, app: Flask
) -> None:
    with database.writing() as session:
        audit.append(session, Action.SIGNED_IN, actor_id="b2", subject="person:b2")
        audit.append(session, Action.SIGNED_OUT, actor_id="b2", subject="person:b2")
    with database.reading() as session:
        assert [e.number for e in audit.read(session, Filter(), limit=2)] == [22, 21]
        assert [e.number for e in audit.read(session, Filter(), before=21, limit=1)] == [20]
        assert len(audit.read(session, Filter(action="session"))) == 2
        assert len(audit.read(session, Filter(action=Action.SIGNED_OUT))) == 1
        assert len(audit.read(session, Filter(actor_id="a1"))) == 20
        assert audit.read(session, Filter(subject="message:3"))[0].number == 4
        assert audit.read(session, Filter(since=utc_now())) == []
        ((_, head),) = audit.heads(session)
        assert head.number == 22


def test_a_character_that_moves_to_the_next_field_changes_the_seal() -> None:
    entry = Entry(1, utc_now(), None, "ab", "cd", "ef")
    for fields in (("a", "bcd", "ef"), ("abc", "d", "ef"), ("ab", "cde", "f"), ("ab", "c", "def")):
        assert seal(BEGINNING, entry) != seal(BEGINNING, Entry(1, entry.at, None, *fields))


def _verify(database: Database, noted: Head | None = None) -> Verdict:
    with database.querying() as session:
        return audit.verify(session, noted)


def _without_guard(session: Session) -> None:
    """As somebody with the database's password would."""
    dialect = dialect_of(session)
    statements = ["SET LOCAL session_replication_role = replica"]
    if dialect == "sqlite":
        statements = [f"DROP TRIGGER IF EXISTS audit_entries_{w}d" for w in ("update", "delete")]
    for statement in statements:
        session.execute(text(statement))


def _flipped(value: str) -> str:
    """With one bit of its middle character changed."""
    place = len(value) // 2
    return value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
