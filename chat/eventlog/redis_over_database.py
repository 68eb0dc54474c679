"""Groups and announcements over Redis, with the database as the ground that holds.

Keeps true: the database's refusal counts, and whatever Redis lacks (trimmed, expired, emptied,
away, or written by a process that does not reach it) is read from the database: no gap, whoever
reads what when. Redis may be ahead of the database, which is how followers elsewhere are quick;
while the database is away, groups still reach them. May import the plain ground and its siblings.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from chat.errors import Unavailable
from chat.eventlog.backplane import Announcement, Backplane, Group, News
from chat.eventlog.gaps import by_message, has_gap, joined
from chat.eventlog.redis_client import RedisServer
from chat.eventlog.redis_streams import RedisStreams
from chat.events import EventId

_LOOK_SECONDS = 0.5  # that a read waits in the database before it looks whether Redis is back
_CHECK_SECONDS = 1.0  # between two looks into the database for what Redis did not tell
_HOLD_SECONDS = 0.2  # until a gap that nobody could fill is looked at again


class RedisOverDatabase:
    """The backplane of a site with a Redis; `durable` is that of its database."""

    def __init__(self, durable: Backplane, server: RedisServer) -> None:
        self._durable = durable
        self._server = server
        self._fast = RedisStreams(server)
        self._heard: set[str] = set()  # messages of which Redis has told since the last check
        self._check_at = 0.0
        self._held: dict[str, float] = {}  # until when a message with a gap is not asked for

    @property
    def is_redis_away(self) -> bool:
        return self._server.is_away

    def append(self, groups: Sequence[Group]) -> set[str]:
        """Store the groups, then tell them; what the database refuses is told to nobody."""
        try:
            refused = self._durable.append(groups)
        except Unavailable:
            self._tell(groups)
            raise
        self._tell([group for group in groups if group.message_id not in refused])
        return refused

    def settle(self) -> bool:
        """What is durable has places, Redis has none."""
        return self._durable.settle()

    def show(self, groups: Sequence[Group]) -> None:
        """Tell what is not stored yet; should it never be, the next attempt begins with what is."""
        self._fast.append(groups)

    def _tell(self, groups: Sequence[Group]) -> None:
        with suppress(Unavailable):  # who follows finds them in the database
            self._fast.append(groups)

    def publish(self, announcements: Sequence[Announcement]) -> None:
        """Tell every other process, through the database while Redis is away."""
        try:
            self._fast.publish(announcements)
        except Unavailable:
            self._durable.publish(announcements)

    def read(self, places: Mapping[str, EventId], timeout: float) -> News:
        """What there is after `places`; may return with nothing before the time is over."""
        if self._server.is_away:
            return self._durable.read(places, min(timeout, _LOOK_SECONDS))
        try:
            news = self._fast.read(self._asked(places), timeout)
        except Unavailable:
            return self._durable.read(places, 0)
        return self._completed(places, news)

    def _asked(self, places: Mapping[str, EventId]) -> Mapping[str, EventId]:
        """The places but for those that are held: Redis would tell the same again and again."""
        if not self._held:
            return places
        now = time.monotonic()
        self._held = {message: until for message, until in self._held.items() if until > now}
        return {message: place for message, place in places.items() if message not in self._held}

    def _completed(self, places: Mapping[str, EventId], news: News) -> News:
        """What Redis told, with what the database has to add: in gaps, and once in a while."""
        told = by_message(news.groups)
        gaps = {message for message, groups in told.items() if has_gap(places[message], groups)}
        self._heard.update(told)
        is_due = time.monotonic() >= self._check_at
        if not gaps and not is_due:
            return news
        lacking = gaps | self._unheard(places) if is_due else gaps
        stored = self._look({message: places[message] for message in lacking})
        more = by_message(stored.groups)
        for message in gaps:
            more[message] = joined(places[message], more.get(message, ()), told.pop(message))
            if not more[message]:
                self._held[message] = time.monotonic() + _HOLD_SECONDS
        groups = [group for some in (told, more) for found in some.values() for group in found]
        return News(groups, [*news.announcements, *stored.announcements])

    def _unheard(self, places: Mapping[str, EventId]) -> set[str]:
        """The messages of which Redis has told nothing since the last check."""
        unheard = places.keys() - self._heard
        self._heard.clear()
        self._check_at = time.monotonic() + _CHECK_SECONDS
        return unheard

    def _look(self, places: Mapping[str, EventId]) -> News:
        try:
            return self._durable.read(places, 0)
        except Unavailable:
            return News()

    def wake(self) -> None:
        """Let a `read` that waits return, wherever it does."""
        self._durable.wake()
        with suppress(Unavailable):
            self._fast.wake()

    def forget(self, message_id: str) -> None:
        """Let both forget."""
        self._durable.forget(message_id)
        with suppress(Unavailable):
            self._fast.forget(message_id)

    def close(self) -> None:
        """Give back the connections of both."""
        self._durable.close()
        self._fast.close()
