"""The one reader of a process: one blocking read over all the streams that are followed.

Keeps true: however many followers, one connection; reading goes on from the last id, so nothing is
missed between two reads; a `wake` that comes between them is not lost. May import the plain ground
and its siblings.
"""

import time
from collections.abc import Mapping
from typing import Any

from chat.eventlog.backplane import Announcement, Group, News, after
from chat.eventlog.redis_client import BLOCK_SECONDS, RedisServer
from chat.eventlog.redis_entries import (
    ANNOUNCEMENTS,
    log_key,
    message_of,
    read_announcement,
    read_group,
    wake_key,
)
from chat.events import EventId

_BEFORE_ALL = "0-0"
_COUNT = 200  # entries of a stream at once; a late joiner of a long answer reads on at once
_GATHER_SECONDS = 0.02  # between two reads, so that their number does not grow with the runs'
_WAKE_KEPT_SECONDS = 3600
_LATE_SECONDS = 5  # who begins to read is told what was said while it started


class RedisReader:
    """Reads for one process; `wake` may be called from any thread, `read` from one."""

    def __init__(self, server: RedisServer, process_id: str) -> None:
        self._server = server
        self._process_id = process_id
        self._wake_key = wake_key(process_id)
        self._woken = False
        self._wake_place = _BEFORE_ALL
        self._announced: str | None = None  # the last id; None until the first read
        self._returns = server.returns
        self._busy_until = 0.0

    def wake(self) -> None:
        """Let the read that waits, or else the next one, return."""
        if self._woken:
            return
        self._woken = True  # before the entry: a read that begins meanwhile finds it
        pipe = self._server.commands.pipeline(transaction=False)
        pipe.xadd(self._wake_key, {"": ""}, maxlen=1, approximate=False)
        pipe.expire(self._wake_key, _WAKE_KEPT_SECONDS)
        try:
            self._server.call(pipe.execute)
        except BaseException:
            self._woken = False
            raise

    def read(self, places: Mapping[str, EventId], timeout: float) -> News:
        """What there is after `places`, waiting for at most half a second of `timeout`."""
        time.sleep(max(0.0, self._busy_until - time.monotonic()))
        if self._announced is None or self._returns != self._server.returns:
            self._find_place()
        self._woken = False
        streams = {self._wake_key: self._wake_place, ANNOUNCEMENTS: self._announced}
        streams |= {log_key(message_id): str(place) for message_id, place in places.items()}
        milliseconds = int(min(timeout, BLOCK_SECONDS) * 1000)
        block = milliseconds if milliseconds > 0 else None  # 0 would mean for ever
        found = self._server.call(
            lambda: self._server.reader.xread(streams, count=_COUNT, block=block)
        )
        return self._news(found, places)

    def _find_place(self) -> None:
        """Where announcements begin for this process: with those of its last seconds at its start.

        A Redis that came back with an earlier clock is another one: all of it is new.
        """
        returns = self._server.returns
        seconds, microseconds = self._server.call(self._server.reader.time)
        now = seconds * 1000 + microseconds // 1000
        if self._announced is None:
            self._announced = f"{now - _LATE_SECONDS * 1000}-0"
        elif now < int(self._announced.partition("-")[0]):
            self._announced = _BEFORE_ALL
        self._wake_place = _BEFORE_ALL
        self._returns = returns

    def _news(self, found: list[Any], places: Mapping[str, EventId]) -> News:
        groups: list[Group] = []
        announcements: list[Announcement] = []
        for key, entries in found:
            if key == self._wake_key.encode():
                self._wake_place = entries[-1][0].decode()
            elif key == ANNOUNCEMENTS.encode():
                self._announced = entries[-1][0].decode()
                told = [read_announcement(f, but_from=self._process_id) for _, f in entries]
                announcements += [one for one in told if one is not None]
            else:
                groups += _groups(message_of(key), entries, places)
        if groups:
            self._busy_until = time.monotonic() + _GATHER_SECONDS
        return News(groups, announcements)


def _groups(message_id: str, entries: list[Any], places: Mapping[str, EventId]) -> list[Group]:
    """The groups of one stream, each without what the ones before it hold."""
    groups, place = [], places[message_id]
    for entry_id, fields in entries:
        group = after(place, read_group(message_id, entry_id, fields))
        if group is not None:
            groups.append(group)
            place = EventId(group.attempt, group.last_seq)
    return groups
