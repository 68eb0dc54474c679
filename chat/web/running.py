"""What is known of an answer that is still being written, for a page that no script brings up to
date: the text so far and the stages, as a late follower would be told them.

May import every floor below.
"""

from dataclasses import replace
from typing import Any

from chat import events, sse
from chat.conversations import MessageView
from chat.eventlog.live import LiveLog
from chat.web.site import site


def with_progress(message: MessageView) -> MessageView:
    """The message as its log has it; unchanged when its run is not written by this process."""
    log = site().log.find(message.id) if message.status == "running" else None
    if log is None:
        return message
    details: dict[str, Any] = {"confidence": log.confidence}
    stages: list[dict[str, Any]] = []
    for event in _told_so_far(log):
        match event:
            case events.Start():
                details |= {"provider": event.provider, "model": event.model}
            case events.Context():
                details["sources"] = event.sources
            case events.Progress():
                stages.append({"message": event.message, "elapsed_ms": event.elapsed_ms})
            case _:
                pass
    details["analysis"] = {"stages": stages}
    return replace(message, content=log.text, thinking=log.thinking, details=details)


def _told_so_far(log: LiveLog) -> list[events.Event]:
    """The events that a follower who joins now is sent at once."""
    batch = next(log.follow(events.BEGINNING, timeout=0), None)
    frames = sse.Decoder().feed(batch or b"")
    return [events.parse(frame.event, frame.data) for frame in frames]
