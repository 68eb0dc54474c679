"""What happens in everything a person may see, for the pages that they have open.

Keeps true: the page says which conversation it shows, and others who have that open too learn of
it only where they share it. May import every floor below web.
"""

import socket
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from chat import conversations, sse
from chat.errors import NotFound
from chat.eventlog import notices
from chat.eventlog.notices import Box
from chat.values import Viewer
from chat.web.access import current_viewer, signed_in
from chat.web.open_stream import OpenStream
from chat.web.site import site
from chat.web.stream import respond

_ESTABLISHED = 1
blueprint = Blueprint("news", __name__, url_prefix="/api")


@blueprint.get("/events")
@signed_in
def everything() -> Response:
    """What happens, for a native EventSource; `?conversation=` is what the page shows."""
    viewer, parts = current_viewer(), site()
    shown = _shared(viewer, request.args.get("conversation", ""))
    number, box = parts.notices.subscribe(viewer)
    leave = _enter(viewer, shown, box)
    ticket = parts.watch.open(viewer, shown, lambda: notices.wake(box), tells_all=True)
    ticket.is_left = left_by(request.environ.get("gunicorn.socket"))
    parts.taking_over.hurry()

    def close() -> None:
        parts.notices.unsubscribe(number)
        leave()

    frames = notices.read(box, parts.settings.heartbeat_seconds)
    stream = OpenStream(frames, ticket, parts.watch, first=sse.encode("hello", b"{}"))
    stream.on_close = close
    return respond(stream)


def left_by(connection: Any) -> Callable[[], bool]:
    """Whether the reader at the other end has closed it, as the kernel knows (tcp(7), TCP_INFO).

    A write would fail only after two heartbeats. Never where that cannot be asked.
    """

    def is_left() -> bool:
        try:
            state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        except (AttributeError, OSError):
            return False
        return bool(state != _ESTABLISHED)

    return is_left


def _enter(viewer: Viewer, shown: str | None, box: Box) -> Callable[[], None]:
    """Tell others that the viewer is there; what tells them that they have left."""
    presence = site().presence
    if shown is None:
        return lambda: None
    number = presence.enter(shown, viewer, box)
    return lambda: presence.leave(shown, number)


def _shared(viewer: Viewer, conversation_id: str) -> str | None:
    """A conversation that the viewer shares with others; None for any other, also of nobody."""
    if not conversation_id:
        return None
    try:
        with site().database.reading() as session:
            found = conversations.find_conversation(session, viewer, conversation_id)
    except NotFound:
        return None
    return found.id if found.visibility == "space" else None
