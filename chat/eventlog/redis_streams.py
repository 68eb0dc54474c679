"""Groups and announcements over Redis Streams.

Keeps true: each run has one stream, trimmed and expiring, and Redis itself refuses entries out of
order; what this process has told once it does not tell again. Redis replicates late and may be
emptied, so this is fast and not durable: `redis_over_database` adds that. May import the plain
ground and its siblings.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from redis.exceptions import ResponseError

from chat.eventlog.backplane import Announcement, Group, News, after
from chat.eventlog.redis_client import RedisServer
from chat.eventlog.redis_entries import (
    ANNOUNCEMENTS,
    announcement_fields,
    group_fields,
    group_id,
    log_key,
)
from chat.eventlog.redis_reader import RedisReader
from chat.events import EventId
from chat.values import new_id

MAX_GROUPS = 2000  # of a run: five minutes of an answer, and the database has the rest
MAX_ANNOUNCEMENTS = 10_000
_KEPT_SECONDS = 3600  # after the last entry
_KEPT_ENDED_SECONDS = 300
_REMEMBERED = 10_000  # runs
_EXPIRY_EACH = 600  # seconds after which a run's expiry is put off again


class RedisStreams:
    """The backplane of a site whose answers need not outlive its Redis."""

    def __init__(self, server: RedisServer) -> None:
        self.server = server
        self._process_id = new_id()
        self._reader = RedisReader(server, self._process_id)
        self._told: dict[str, EventId] = {}  # the last id that this process has told of a run
        self._kept: dict[str, float] = {}  # when the expiry of its stream was last put off

    def append(self, groups: Sequence[Group]) -> set[str]:
        """Write what has not been told yet in one round trip; the messages that were refused."""
        fresh = [new for group in groups if (new := self._untold(group)) is not None]
        if not fresh:
            return set()
        added = self.server.call(lambda: self._add(fresh))
        doubtful = [group for group, is_added in zip(fresh, added, strict=True) if not is_added]
        refused = self._refused(doubtful) if doubtful else set()
        for group in fresh:
            self._told[group.message_id] = EventId(group.attempt, group.last_seq)
        for message_id in refused:
            self._drop(message_id)
        if len(self._told) > _REMEMBERED:  # runs that were given up; readers cut what comes twice
            self._told.clear()
            self._kept.clear()
        return refused

    def _untold(self, group: Group) -> Group | None:
        told = self._told.get(group.message_id)
        is_same = told is not None and told.attempt == group.attempt
        return after(told, group) if told is not None and is_same else group

    def _add(self, groups: Sequence[Group]) -> list[bool]:
        """Whether each group was added, or else was out of order."""
        pipe = self.server.commands.pipeline(transaction=False)
        for group in groups:
            key, fields = log_key(group.message_id), group_fields(group)
            pipe.xadd(key, fields, id=group_id(group), maxlen=MAX_GROUPS, approximate=True)
        self._put_off_expiry(pipe, groups)
        replies = pipe.execute(raise_on_error=False)
        for reply in replies:
            if isinstance(reply, Exception) and not _is_out_of_order(reply):
                raise reply
        return [not isinstance(reply, Exception) for reply in replies[: len(groups)]]

    def _put_off_expiry(self, pipe: Any, groups: Sequence[Group]) -> None:
        """Once in a while for each run, so that most groups cost one command."""
        now = time.monotonic()
        for message_id in {group.message_id for group in groups}:
            if now >= self._kept.get(message_id, now - _EXPIRY_EACH) + _EXPIRY_EACH:
                pipe.expire(log_key(message_id), _KEPT_SECONDS)
                self._kept[message_id] = now

    def _refused(self, doubtful: Sequence[Group]) -> set[str]:
        """The messages that another attempt writes.

        The others were told before, by a call whose answer was lost.
        """
        pipe = self.server.commands.pipeline(transaction=False)
        for group in doubtful:
            pipe.xrevrange(log_key(group.message_id), count=1)
        newest: list[list[tuple[bytes, Any]]] = self.server.call(pipe.execute)
        return {
            group.message_id
            for group, entries in zip(doubtful, newest, strict=True)
            if entries and EventId.parse(entries[0][0].decode()).attempt != group.attempt
        }

    def settle(self) -> bool:
        """Nothing to do: a stream is where its groups are read."""
        return False

    def publish(self, announcements: Sequence[Announcement]) -> None:
        """Tell every other process in one round trip."""
        pipe = self.server.commands.pipeline(transaction=False)
        for announcement in announcements:
            fields = announcement_fields(self._process_id, announcement)
            pipe.xadd(ANNOUNCEMENTS, fields, maxlen=MAX_ANNOUNCEMENTS, approximate=True)
        self.server.call(pipe.execute)

    def read(self, places: Mapping[str, EventId], timeout: float) -> News:
        """What there is after `places`; returns without anything after half a second at most."""
        return self._reader.read(places, timeout)

    def wake(self) -> None:
        """Let a `read` that waits return."""
        self._reader.wake()

    def forget(self, message_id: str) -> None:
        """Keep the run's stream for those who are still reading, but not for long."""
        self._drop(message_id)
        key, commands = log_key(message_id), self.server.commands
        self.server.call(lambda: commands.expire(key, _KEPT_ENDED_SECONDS))

    def _drop(self, message_id: str) -> None:
        self._told.pop(message_id, None)
        self._kept.pop(message_id, None)

    def close(self) -> None:
        """Give back the connections."""
        self.server.close()


def _is_out_of_order(reply: Exception) -> bool:
    return isinstance(reply, ResponseError) and "equal or smaller" in str(reply)
