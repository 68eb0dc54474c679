"""A lease runs out when its process stands still or is proved dead, and only then."""

import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import select

from chat import values
from chat.answering.leases import BEAT, LEASE, Leases
from chat.answering.liveness import Place, is_dead, this_process
from chat.database import Database
from chat.models import Process

LOOK = 0.25


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Machine:
    """Two processes on machines of their own, so that neither can prove the other's death."""

    database: Database
    clock: Clock = field(default_factory=Clock)

    def process(self, name: str) -> Leases:
        return Leases(self.database, place=Place(name, 1, 1), clock=self.clock)


@pytest.fixture
def machine(database: Database) -> Machine:
    return Machine(database)


def _look_for(
    seconds: float, watcher: Leases, clock: Clock, *, renews: Leases | None = None
) -> None:
    """Look as often as a process does, while `renews` keeps its lease."""
    for step in range(round(seconds / LOOK)):
        clock.now += LOOK
        if renews is not None and step % round(BEAT / LOOK) == 0:
            assert renews.renew()
        watcher.look()


def test_a_time_of_day_that_jumps_ends_no_lease_and_keeps_none(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of Parley reads it by `values.utc_now`."""
    hours = cycle([5, -5])

    class Jumping:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + timedelta(hours=next(hours))

    monkeypatch.setattr(values, "datetime", Jumping)
    living, silent, watcher = (machine.process(name) for name in ("one", "two", "three"))
    living.hold()
    owner_id = silent.hold()
    watcher.look()
    _look_for(LEASE - LOOK, watcher, machine.clock, renews=living)
    assert watcher.run_out() == set()
    _look_for(LOOK, watcher, machine.clock, renews=living)
    assert watcher.run_out() == {owner_id}


def test_a_lease_runs_out_after_six_seconds_of_silence(machine: Machine) -> None:
    silent, watcher = machine.process("one"), machine.process("two")
    owner_id = silent.hold()
    watcher.look()
    _look_for(LEASE - LOOK, watcher, machine.clock)
    assert watcher.run_out() == set()
    _look_for(LOOK, watcher, machine.clock)
    assert watcher.run_out() == {owner_id}


def test_a_lease_that_is_renewed_does_not_run_out(machine: Machine) -> None:
    living, watcher = machine.process("one"), machine.process("two")
    living.hold()
    watcher.look()
    _look_for(10 * LEASE, watcher, machine.clock, renews=living)
    assert watcher.run_out() == set()
    assert watcher.others_alive


def test_time_in_which_nobody_could_look_does_not_count(machine: Machine) -> None:
    """After the database was away for a minute, nobody could renew: nobody is dead for that."""
    living, watcher = machine.process("one"), machine.process("two")
    living.hold()
    watcher.look()
    machine.clock.now += 60
    watcher.look()
    assert watcher.run_out() == set()


def test_a_process_that_begins_a_run_after_a_sleep_has_a_fresh_lease(machine: Machine) -> None:
    """An idle process does not renew, so others may have taken its silence for its death."""
    idle, watcher = machine.process("one"), machine.process("two")
    owner_id = idle.hold()
    watcher.look()
    _look_for(2 * LEASE, watcher, machine.clock)
    assert watcher.run_out() == {owner_id}
    seen = watcher.beat_of(owner_id)
    assert idle.hold() == owner_id
    watcher.look()
    assert watcher.run_out() == set()
    assert watcher.beat_of(owner_id) != seen


def test_a_process_that_is_proved_dead_is_found_at_the_first_look(database: Database) -> None:
    here = this_process()
    watcher = Leases(database, place=here)
    watcher.hold()
    owner_id = Leases(database, place=replace(here, pid_began=here.pid_began - 1)).hold()
    watcher.look()
    assert watcher.run_out() == {owner_id}
    assert not watcher.others_alive


def test_who_is_gone_for_good_is_forgotten_and_finds_out(machine: Machine) -> None:
    gone, watcher = machine.process("one"), machine.process("two")
    owner_id = gone.hold()
    watcher.look()
    _look_for(61, watcher, machine.clock)
    watcher.bury()
    with machine.database.reading() as session:
        assert session.scalars(select(Process.id)).all() == []
    assert not gone.renew()
    assert gone.hold() != owner_id


def test_who_leaves_is_not_there_any_more(machine: Machine) -> None:
    leaving, watcher = machine.process("one"), machine.process("two")
    leaving.hold()
    watcher.look()
    assert watcher.others_alive
    leaving.leave()
    watcher.look()
    assert not watcher.others_alive
    assert watcher.run_out() == set()


def test_a_living_process_is_not_proved_dead() -> None:
    here = this_process()
    assert here.pid == os.getpid()
    assert not is_dead(here, seen_from=here)
    assert not is_dead(replace(here, machine="another"), seen_from=here)


def test_a_killed_process_is_proved_dead_even_before_it_is_reaped() -> None:
    here = this_process()
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=-1)
    fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    place = Place(here.machine, child.pid, int(fields[19]))
    assert not is_dead(place, seen_from=here)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and not reaped
    assert is_dead(place, seen_from=here)
    child.communicate()
    assert is_dead(place, seen_from=here)


def test_where_nothing_can_be_proved_nobody_is_dead() -> None:
    nowhere = Place("", 2**22, 0)
    assert not is_dead(nowhere, seen_from=nowhere)
