"""What is known of an answer that is still being written, for a page that no script brings up to
date: the text so far and the stages, as a late follower would be told them.

May import every floor below.
"""

from dataclasses import replace
from typing import Any

from chat import conversations, events, sse
from chat.answering.details import add_stage
from chat.conversations import MessageView
from chat.eventlog.live import LiveLog
from chat.web.access import current_viewer
from chat.web.site import site

_STAGE = ("stage", "message", "elapsed_ms", "detail")


def with_progress(message: MessageView) -> MessageView:
    """The message as its log has it, whichever process writes that, or as it is stored."""
    if message.status != "running":
        return message
    log = site().log.glance(message.id)
    if log is None:  # the run may have ended after the message was read
        with site().database.reading() as session:
            return conversations.find_message(session, current_viewer(), message.id)
    details: dict[str, Any] = {"confidence": log.confidence}
    stages: list[dict[str, Any]] = []
    for event in _told_so_far(log):
        match event:
            case events.Start():
                details |= {"provider": event.provider, "model": event.model}
            case events.Context():
                details["sources"] = event.sources
            case events.Progress():
                add_stage(stages, event, _STAGE)
                if event.stage == "fallback":  # within the attempt that started with another
                    details |= event.detail or {}
            case _:
                pass
    details["analysis"] = {"stages": stages}
    return replace(message, content=log.text, thinking=log.thinking, details=details)


def _told_so_far(log: LiveLog) -> list[events.Event]:
    """The events that a follower who joins now is sent at once."""
    batch = next(log.follow(events.BEGINNING, timeout=0), None)
    frames = sse.Decoder().feed(batch or b"")
    return [events.parse(frame.event, frame.data) for frame in frames]
