"""How much a person may ask: counted where their questions are stored, in the caller's transaction.

Keeps true: the counts are exact however many processes there are, and outlast them, since the
caller holds the person; what is refused does not count. Conversations that were deleted do not
count either, and an answer that is continued counts once, at its newest attempt: whoever admits
sends looks after both. May import the plain ground and the tables.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select

from chat.conversations.tables import RUNS
from chat.database import Statements
from chat.errors import RateLimited, TooManyRuns
from chat.rates import Rate, counted, time_in_words
from chat.statements import Prepared
from chat.values import Viewer, utc_now

_OLDEST = timedelta(days=2)  # no run lasts longer
_MINE = RUNS.c.user_id == bindparam("user_id")
_NTH_NEWEST = (
    select(RUNS.c.started_at)
    .where(_MINE)
    .order_by(RUNS.c.started_at.desc())
    .offset(bindparam("nth"))
    .limit(1)
)
_UNFINISHED = (
    select(RUNS.c.message_id)
    .where(_MINE, RUNS.c.state == "running", RUNS.c.started_at > bindparam("since"))
    .order_by(RUNS.c.started_at, RUNS.c.message_id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`rates` of questions; how many answers may be written at once (0: no limit), and how many
    further questions may wait for their turn."""

    rates: tuple[Rate, ...] = ()
    runs: int = 0
    waiting: int = 0


def check_allowance(session: Statements, viewer: Viewer, allowance: Allowance) -> bool:
    """Whether one more question has to wait; RateLimited or TooManyRuns when it may not be asked.

    The caller holds the person.
    """
    rates, now = allowance.rates, utc_now()
    if not rates and not allowance.runs:
        return False
    given: dict[str, Any] = {"user_id": viewer.id, "since": now - _OLDEST}
    for number, rate in enumerate(rates):
        given[f"since_{number}"] = now - timedelta(seconds=rate.seconds)
    unfinished, *asked = _counts(len(rates)).rows(session, given)[0]
    for rate, count in reversed(list(zip(rates, asked, strict=True))):  # the longest wait first
        if count >= rate.amount:
            raise _too_often(rate, _nth_newest(session, viewer, rate.amount), now)
    if allowance.runs and unfinished >= allowance.runs + allowance.waiting:
        raise _too_many(allowance)
    return bool(allowance.runs) and unfinished >= allowance.runs


def first_unfinished(session: Statements, person_id: str, most: int) -> set[str]:
    """The oldest `most` of a person's answers that have not ended, wherever they are.

    Since they begin in this order, they are those that may be written at the same time.
    """
    given = {"user_id": person_id, "since": utc_now() - _OLDEST, "most": most}
    return set(session.scalars(_UNFINISHED, given))


@lru_cache(maxsize=8)
def _counts(rates: int) -> Prepared:
    """How many answers have not ended, and how many were asked for in each time."""
    started = RUNS.c.started_at
    unfinished = func.count().filter(RUNS.c.state == "running").label("unfinished")
    asked = [
        func.count().filter(started > bindparam(f"since_{one}")).label(f"asked_{one}")
        for one in range(rates)
    ]
    return Prepared(select(unfinished, *asked).where(_MINE, started > bindparam("since")))


def _nth_newest(session: Statements, viewer: Viewer, nth: int) -> datetime:
    given = {"user_id": viewer.id, "nth": nth - 1}
    moment: datetime = session.execute(_NTH_NEWEST, given).scalar_one()
    return moment


def _too_often(rate: Rate, counts_since: datetime, now: datetime) -> RateLimited:
    ends = counts_since + timedelta(seconds=rate.seconds)
    seconds = max(1, math.ceil((ends - now).total_seconds()))
    asked = f"You have asked {counted(rate.amount, 'question')} in the past {rate.period}."
    return RateLimited(f"{asked} Try again in {time_in_words(seconds)}.", retry_after=seconds)


def _too_many(allowance: Allowance) -> TooManyRuns:
    written = f"You have {counted(allowance.runs, 'answer')} being written"
    waiting = f" and {allowance.waiting:,} waiting" if allowance.waiting else ""
    return TooManyRuns(
        f"{written}{waiting}. Wait for one, or stop one, then send again.", retry_after=5
    )
