"""Learns from ratings how far each estimator of confidence is off, and tells the shifts in use.

Keeps true: only ratings of answers whose confidence rests on passages count, an answer once however
many rate it, a person's newest MOST_OF_ONE only; what is learned is learned from the confidence as
it was computed, so a shift never feeds on itself. A process looks at most once a minute what the
shifts are. May import every floor below answering.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chat.answering.calibration import Fit, Opinion, Shift, fit
from chat.database import Database
from chat.models import Calibration, Rating
from chat.values import utc_now

ESTIMATORS = ("library", "models")
MOST_OF_ONE = 50  # ratings of one person, so that nobody alone decides
EVERY = 10  # ratings: so many that are new make the shifts be fitted anew
_MOST = 5000  # newest ratings
_FRESH_SECONDS = 60.0


class Shifts:
    """The shifts in use, by estimator."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._read_at: float | None = None
        self._shifts: dict[str, Shift] = {}

    def find(self, estimator: str) -> Shift | None:
        """The shift of an estimator; None where it has none."""
        now = self._clock()
        if self._read_at is None or now - self._read_at > _FRESH_SECONDS:
            with self._database.reading() as session:
                self._shifts = read_shifts(session)
            self._read_at = now
        return self._shifts.get(estimator)


def read_shifts(session: Session) -> dict[str, Shift]:
    """What is stored, those that change nothing left out."""
    rows = session.execute(select(Calibration.estimator, Calibration.slope, Calibration.offset))
    shifts = {estimator: Shift(slope, offset) for estimator, slope, offset in rows}
    return {name: shift for name, shift in shifts.items() if not shift.changes_nothing}


def recalibrate(session: Session) -> dict[str, Fit]:
    """Fit every estimator's shift to the ratings there are, and store it."""
    fits = {name: fit(opinions_of(session, name)) for name in ESTIMATORS}
    for name, found in fits.items():
        row = session.get(Calibration, name) or Calibration(estimator=name)
        row.slope, row.offset = found.shift.slope, found.shift.offset
        row.answers, row.fitted_at = found.answers, utc_now()
        row.loss_before, row.loss_after = found.loss_before, found.loss_after
        session.add(row)
    return fits


def recalibrate_when_due(session: Session) -> bool:
    """Do so if EVERY ratings have come or changed since the last time."""
    last = session.scalar(select(func.min(Calibration.fitted_at)))
    query = select(func.count()).select_from(Rating)
    if last is not None:
        query = query.where(Rating.changed_at > last)
    if (session.scalar(query) or 0) < EVERY:
        return False
    recalibrate(session)
    return True


def opinions_of(session: Session, estimator: str) -> list[Opinion]:
    """What was thought of each answer with a confidence of this estimator, oldest first."""
    rows = session.execute(
        select(Rating.message_id, Rating.user_id, Rating.is_good, Rating.confidence)
        .where(Rating.estimator == estimator, Rating.confidence.is_not(None))
        .order_by(Rating.changed_at.desc(), Rating.message_id)
        .limit(_MOST)
    )
    counted: Counter[str] = Counter()
    thought: dict[str, list[bool]] = defaultdict(list)
    confidences: dict[str, float] = {}
    for message_id, user_id, is_good, confidence in rows:
        counted[user_id] += 1
        if counted[user_id] <= MOST_OF_ONE:
            thought[message_id].append(is_good)
            confidences[message_id] = float(confidence or 0.0)
    return [
        Opinion(confidences[name], sum(thought[name]) / len(thought[name]))
        for name in sorted(thought)
    ]
