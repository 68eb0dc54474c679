"""Old entries go by the setting, and the rest is as provable as before."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from chat import audit
from chat.audit import Action, Entry, Filter, Head
from chat.audit.chain import BEGINNING, seal
from chat.audit.pruning import newest_checkpoint
from chat.database import Database
from chat.models import AuditEntry
from chat.values import utc_now
from tests.unit.audit.test_trail import _verify, _without_guard

NOON = utc_now().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def trail(database: Database) -> list[Entry]:
    """Forty entries of the last ten days, four a day, today among them."""
    return fill(database, [NOON - timedelta(days=9 - n // 4) for n in range(40)])


def fill(database: Database, moments: Sequence[datetime]) -> list[Entry]:
    """Entries that were made at these times."""
    entries, before = [], BEGINNING
    for number, at in enumerate(moments, 1):
        entry = Entry(number, at, "a1", Action.ANSWERED.value, f"message:{number}", "{}")
        made = replace(entry, hash=seal(before, entry))
        entries.append(made)
        before = made.hash
    with database.writing() as session:
        session.add_all(AuditEntry(**asdict(one)) for one in entries)
    return entries


def test_what_is_older_goes_and_the_rest_is_proved_from_the_checkpoint(
    trail: list[Entry], database: Database
) -> None:
    assert audit.prune(database, 3, NOON) == 24  # days go whole: six of the ten
    with database.reading() as session:
        left = audit.read(session, Filter())
        checkpoint = newest_checkpoint(session)
    assert [one.number for one in left] == list(range(41, 24, -1))
    assert checkpoint is not None
    assert (checkpoint.head, checkpoint.pruned) == (Head(24, trail[23].hash), 24)
    verdict = _verify(database)
    assert (verdict.is_intact, verdict.entries, verdict.pruned) == (True, 17, 24)


def test_nothing_goes_where_the_setting_keeps_it(trail: list[Entry], database: Database) -> None:
    assert audit.prune(database, 0, NOON) == 0
    assert audit.prune(database, 30, NOON) == 0
    assert _verify(database).entries == 40


def test_it_goes_on_day_by_day_with_one_checkpoint_for_each(
    trail: list[Entry], database: Database
) -> None:
    for later in range(3):
        audit.prune(database, 3, NOON + timedelta(days=later))
        assert audit.prune(database, 3, NOON + timedelta(days=later)) == 0
    verdict = _verify(database)
    assert (verdict.is_intact, verdict.pruned) == (True, 32)
    with database.reading() as session:
        assert len(audit.read(session, Filter(action=Action.TRAIL_PRUNED))) == 3


def test_a_head_noted_at_the_end_of_a_day_that_went_is_still_compared(
    trail: list[Entry], database: Database
) -> None:
    audit.prune(database, 3, NOON)
    for number in (8, 24, 30):  # ends of days that went, the checkpoint itself, one that is there
        assert _verify(database, Head(number, trail[number - 1].hash)).is_intact
        verdict = _verify(database, Head(number, "f" * 64))
        assert verdict.broken_at == number
    unknown = _verify(database, Head(7, trail[6].hash))  # in the middle of a day
    assert (unknown.is_intact, unknown.is_compared) == (True, False)
    assert _verify(database, Head(99, "f" * 64)).broken_at == 42


def test_the_database_lets_go_only_what_a_checkpoint_names(
    trail: list[Entry], database: Database
) -> None:
    audit.prune(database, 3, NOON)
    for statement in (
        "DELETE FROM audit_entries WHERE number = 25",
        "DELETE FROM audit_entries",
        "UPDATE audit_entries SET subject = ''",
    ):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
            session.execute(text(statement))
    assert _verify(database).entries == 17


def test_what_a_process_left_undone_is_done_the_next_time(
    trail: list[Entry], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.audit.pruning._let_go", lambda database: 0)
    audit.prune(database, 3, NOON)
    assert (_verify(database).is_intact, _verify(database).entries) == (True, 17)
    monkeypatch.undo()
    assert audit.prune(database, 3, NOON) == 24


@pytest.mark.parametrize("column", ["action", "subject", "details", "hash", "actor_id"])
def test_a_checkpoint_that_was_changed_is_found(
    trail: list[Entry], database: Database, column: str
) -> None:
    audit.prune(database, 3, NOON)
    with database.writing() as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.number == 41)).one()
        value = str(getattr(row, column) or "")
        session.expunge(row)
        _without_guard(session)
        changed = value.replace("24", "23", 1) if column == "details" else f"{value}x"[-64:]
        session.execute(update(AuditEntry).where(AuditEntry.number == 41).values({column: changed}))
    assert _verify(database).broken_at == 41


def test_an_entry_that_went_without_a_checkpoint_is_missed(
    trail: list[Entry], database: Database
) -> None:
    audit.prune(database, 3, NOON)
    with database.writing() as session:
        _without_guard(session)
        session.execute(text("DELETE FROM audit_entries WHERE number = 25"))
    verdict = _verify(database)
    assert (verdict.broken_at, verdict.reason) == (25, "the entry is missing")
