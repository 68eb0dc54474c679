"""An answer's frames for one follower, wherever its run is written, or from what is stored.

Keeps true: they end with the terminal one, or the follower resumes after the last one that it has;
while they are waited for, no connection is held. May import every floor below web.
"""

import time
from collections.abc import Iterator

from chat import conversations
from chat.eventlog.live import LiveLog
from chat.eventlog.mirrors import reach
from chat.events import EventId
from chat.web.outlet import Outlet
from chat.web.site import Site

_BETWEEN_LOOKS = 0.05  # seconds between looks while a run begins or ends here
_LOOKS = 120  # six seconds: a run that has not begun by then never will
_BEHIND = 1.0  # seconds after which another process's frames have come, or never will


def answer_frames(
    parts: Site,
    message_id: str,
    after: EventId,
    log: LiveLog | None = None,
    outlet: Outlet | None = None,
) -> Iterator[bytes | None]:
    """An answer's frames to the terminal one, from the live log or from what is stored."""
    log = log or parts.log.find(message_id)
    if log is not None:  # with nothing around it: that would be memory of each stream
        return log.follow(after, outlet=outlet)
    return _frames_elsewhere(parts, message_id, after, outlet)


def _frames_elsewhere(
    parts: Site, message_id: str, after: EventId, outlet: Outlet | None
) -> Iterator[bytes | None]:
    """The frames of a run that ended, is written by another process, or just begins or ends here.

    Then its rows are committed, and its log opens now or just closed.
    """
    for look in range(_LOOKS + 1):
        if look == _LOOKS:
            parts.runner.end_unowned()
        log = parts.log.find(message_id)
        if log is not None:
            yield from log.follow(after, outlet=outlet)
            return
        with parts.database.reading() as session:
            ended = conversations.find_ended(session, message_id)
            owner_id = conversations.find_owner(session, message_id)
        if ended is not None:
            yield conversations.ended_frames(ended, after)
            return
        if not parts.runner.owns(owner_id):
            yield from _mirrored(parts, message_id, after, outlet)
            return
        time.sleep(_BETWEEN_LOOKS)


def _mirrored(
    parts: Site, message_id: str, after: EventId, outlet: Outlet | None
) -> Iterator[bytes | None]:
    with parts.log.following(message_id) as log:
        if log is not None:
            reach(log, after, _BEHIND)
            yield from log.follow(after, outlet=outlet)
            return
    with parts.database.reading() as session:
        ended = conversations.find_ended(session, message_id)
    if ended is not None:  # in this very moment
        yield conversations.ended_frames(ended, after)
