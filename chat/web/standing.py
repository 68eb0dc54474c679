"""How the site stands right now: who is there, what is open, how much room there is.

Keeps true: what cannot be told is None, and nothing is made up for it. May import every floor below
web.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chat.accounts import people
from chat.backups import noted
from chat.backups.noted import Noted
from chat.figures.reading import streams_elsewhere
from chat.figures.storage import database_bytes, free_bytes
from chat.metrics import counted
from chat.metrics.family import Gauge
from chat.metrics.numbers import Joined, key_of
from chat.models import Run
from chat.values import utc_now
from chat.web.sampling import Sampling
from chat.web.site import Site

PRESENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Of the whole site; `processes` and `memory` are those of this data directory.

    `online` are the ids and names of who was there within five minutes."""

    running: int
    streams: int
    queue: int
    online: Sequence[tuple[str, str]]
    processes: int
    memory: int
    database: int
    free: int | None
    backup: Noted | None


def look(parts: Site, session: Session) -> Standing:
    """As it is now; figures of other processes are a second old."""
    Sampling(parts).look()
    joined = parts.figures.read()
    running = select(func.count()).select_from(Run).where(Run.state == "running")
    elsewhere = streams_elsewhere(session, parts.figures.folder_id, time.time())
    queue = _now(joined, counted.queue)
    return Standing(
        running=max(0, (session.scalar(running) or 0) - queue),
        streams=_now(joined, counted.followers) + elsewhere,
        queue=queue,
        online=people.online(session, utc_now() - PRESENT),
        processes=_now(joined, counted.processes),
        memory=_now(joined, counted.resident),
        database=database_bytes(session),
        free=free_bytes(parts.settings.data_dir),
        backup=noted.last(parts.settings.data_dir),
    )


def _now(joined: Joined, gauge: Gauge) -> int:
    return int(joined.values.get((key_of(gauge),), [0.0])[0])
