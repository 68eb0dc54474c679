"""The lease of this process on the runs that it owns, and whose leases have run out.

Keeps true: one statement renews the lease of all runs of a process; a lease runs out when its beat
was seen standing still for `LEASE` seconds, by the clock of the one who looks (no clock is shared,
and time in which nobody could look does not count), or at once when its process is proved dead. May
import every floor below answering.
"""

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import CursorResult, Delete, delete, insert, select, update

from chat import conversations
from chat.answering.liveness import Place, is_dead, this_process
from chat.database import Database
from chat.models import Process, Run
from chat.values import new_id

BEAT = 2.0  # seconds between two renewals
LEASE = 6.0  # seconds of silence after which others take the runs over
PATIENCE = 1.0  # seconds that a write of a lease waits for others': it must not miss its own beat
_FORGOTTEN = 60.0  # seconds of silence after which a process counts as gone
_LOOK = 1.0  # seconds: the most that counts between two looks


@dataclass(slots=True)
class _Other:
    """Another process, as far as it was seen; `silent` is for how many seconds its beat stood."""

    place: Place
    beat: int
    silent: float = 0.0
    dead: bool = False


class Leases:
    """Of one process: its own row in `processes`, and what it knows of the others'."""

    def __init__(
        self,
        database: Database,
        *,
        place: Place | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._place = place
        self._clock = clock
        self._id: str | None = None
        self._registering = threading.Lock()
        self._renewed_at = self._looked_at = clock()
        self._others: dict[str, _Other] = {}
        self.was_away = False  # others may have taken runs over, and who keeps this has not looked
        self.wanted = threading.Event()  # set when there is a lease to keep, for who keeps it
        self.keeper_rests = False  # who keeps it looks seldom, since there are no runs

    @property
    def owner_id(self) -> str | None:
        """The id of this process as an owner; None while nobody knows it."""
        return self._id

    @property
    def others_alive(self) -> bool:
        """Whether other processes live, as of the last look."""
        return any(not other.dead and other.silent < _FORGOTTEN for other in self._others.values())

    @property
    def is_due(self) -> bool:
        """Whether the lease is to be renewed."""
        return self._clock() - self._renewed_at >= BEAT

    @property
    def is_late(self) -> bool:
        """Whether others may have taken runs over since the last renewal."""
        return self._clock() - self._renewed_at > 2 * BEAT

    def keep(self) -> None:
        """There is a run: who keeps the lease must not rest on."""
        if self.keeper_rests:
            self.wanted.set()

    def hold(self) -> str:
        """The id of this process as an owner, whose lease is fresh: it may begin a run."""
        with self._registering:
            if self._id is not None and self.is_late:  # it had no runs, or stood still
                self.was_away = True
                self.renew()
                self.wanted.set()
            return self._id or self._register()

    def _register(self) -> str:
        self._place = self._place or this_process()
        owner_id = new_id()
        with self._database.writing() as session:
            session.execute(insert(Process).values(id=owner_id, beat=0, **_row(self._place)))
        self._id, self._renewed_at = owner_id, self._clock()
        self.wanted.set()
        return owner_id

    def renew(self) -> bool:
        """Keep all runs for another `LEASE`; False when this process was taken for gone.

        It has lost its runs then, and has a new id when it is asked for one.
        """
        if self._id is None:
            return True
        with self._database.writing(PATIENCE) as session:
            beat = update(Process).where(Process.id == self._id).values(beat=Process.beat + 1)
            renewed = session.execute(beat)
            assert isinstance(renewed, CursorResult)
        if renewed.rowcount == 1:
            self._renewed_at = self._clock()
        else:
            self._id = None
        return self._id is not None

    def held(self) -> set[str]:
        """The messages whose runs are still this process's, as the store has it."""
        with self._database.reading() as session:
            return conversations.owned_by(session, self._id or "")

    def asked_to_stop(self) -> set[str]:
        """The messages whose runs somebody wants stopped and could not tell this process."""
        with self._database.reading() as session:
            return conversations.asked_to_stop(session, self._id or "")

    def look(self) -> None:
        """See who lives; forget who is gone and has left nothing."""
        with self._database.reading() as session:
            rows = session.execute(select(Process).where(Process.id != (self._id or ""))).scalars()
            seen = {row.id: (Place(row.machine, row.pid, row.pid_began), row.beat) for row in rows}
        now = self._clock()
        passed, self._looked_at = min(now - self._looked_at, _LOOK), now
        others: dict[str, _Other] = {}
        for owner_id, (place, beat) in seen.items():
            before = self._others.get(owner_id)
            stood = before is not None and before.beat == beat
            silent = before.silent + passed if before is not None and stood else 0.0
            others[owner_id] = _Other(place, beat, silent, self._is_dead(place))
        self._others = others

    def run_out(self) -> set[str]:
        """The processes whose leases have run out, as of the last look."""
        return {
            owner_id
            for owner_id, other in self._others.items()
            if other.silent >= LEASE or other.dead
        }

    def beat_of(self, owner_id: str | None) -> int | None:
        """The beat of a process as of the last look; whoever has another by now lives."""
        other = self._others.get(owner_id or "")
        return other.beat if other is not None else None

    def bury(self) -> None:
        """Remove the rows of those who are gone and own nothing any more, and what they left."""
        gone = [i for i, o in self._others.items() if o.dead or o.silent >= _FORGOTTEN]
        if gone:
            with self._database.writing(PATIENCE) as session:
                session.execute(_without_runs(gone))
                conversations.forget_ended_logs(session)

    def release(self, message_ids: Collection[str]) -> None:
        """Give up some runs, for others to go on with."""
        with self._database.writing(PATIENCE) as session:
            conversations.release(session, self._id or "", message_ids)

    def are_taken(self, message_ids: Collection[str]) -> bool:
        """Whether none of these runs waits for who goes on with it."""
        with self._database.reading() as session:
            return not conversations.any_released(session, message_ids)

    def leave(self) -> None:
        """Give up every run that is left, and the row: others go on with them at once."""
        owner_id, self._id = self._id, None
        if owner_id is not None:
            with self._database.writing(PATIENCE) as session:
                conversations.release(session, owner_id)
                session.execute(delete(Process).where(Process.id == owner_id))

    def _is_dead(self, place: Place) -> bool:
        return self._place is not None and is_dead(place, seen_from=self._place)


def _row(place: Place) -> dict[str, str | int]:
    return {"machine": place.machine, "pid": place.pid, "pid_began": place.pid_began}


def _without_runs(owner_ids: Collection[str]) -> Delete:
    """Of these processes, the rows that no running answer names."""
    left = select(Run.message_id).where(Run.owner_id == Process.id, Run.state == "running")
    return delete(Process).where(Process.id.in_(owner_ids), ~left.exists())
