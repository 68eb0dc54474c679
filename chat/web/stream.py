"""Streams of answers: send and follow, follow or resume.

Keeps true: access is checked, plain values are copied and the connection is given back before the
first byte; an open stream holds no connection, no transaction and no ORM object; a reader that does
not read holds nobody up. May import every floor below web.
"""

import gc
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import Headers

from chat import __version__, conversations, events
from chat.answering.housekeeping import Housekeeping, care_of_the_trail
from chat.answering.recovery import forget_ended_logs
from chat.answering.sending import Sent
from chat.checkpointing import Checkpointing
from chat.conversations import Wish
from chat.errors import Invalid, Unavailable
from chat.eventlog.live import LiveLog
from chat.events import EventId
from chat.finding import Indexing
from chat.loglines import lines
from chat.metrics import counted
from chat.tracing import traces
from chat.values import Viewer
from chat.web.access import current_viewer, signed_in
from chat.web.bodies import Choice, Send, read_body
from chat.web.frames import answer_frames
from chat.web.open_stream import OpenStream
from chat.web.outlet import outlet_of
from chat.web.sampling import Sampling
from chat.web.site import Site, site
from chat.web.watch import Ticket
from chat.web.write_timeout import limit_writes

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

logger = logging.getLogger(__name__)
blueprint = Blueprint("stream", __name__, url_prefix="/api")
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}


@blueprint.post("/conversations/<conversation_id>/messages/stream")
@signed_in
def send_and_follow(conversation_id: str) -> Response:
    """Send a message and follow its run."""
    viewer = current_viewer()
    return _follow(viewer, send(viewer, conversation_id))


@blueprint.get("/messages/<message_id>/stream")
@signed_in
def follow(message_id: str) -> Response:
    """Follow a run, or resume after the last id that the client has applied."""
    viewer = current_viewer()
    after = _last_event_id()
    with site().database.reading() as session:
        message = conversations.find_message(session, viewer, message_id)
    if message.role != "assistant":
        raise Invalid("Only an answer can be followed; this is a question.")
    if after != events.BEGINNING:
        counted.resumes.add()
    return follow_answer(viewer, message.conversation_id, message.id, after)


@blueprint.post("/messages/<message_id>/regenerate/stream")
@signed_in
def ask_again(message_id: str) -> Response:
    """Ask the same question again and follow the sibling answer."""
    viewer = current_viewer()
    return _follow(viewer, site().sending.ask_again(viewer, message_id, _wish(read_body(Choice))))


@blueprint.post("/messages/<message_id>/continue/stream")
@signed_in
def go_on(message_id: str) -> Response:
    """Finish an answer that was cut short, and follow it."""
    viewer = current_viewer()
    return _follow(viewer, site().sending.go_on(viewer, message_id, _wish(read_body(Choice))))


def remember_worker(worker: Any) -> None:
    """Tie the streams to gunicorn's worker: they end when it leaves. Take over what is left."""
    gc.collect()
    gc.freeze()  # the code is there to stay: collections look only at what requests made
    parts: Site = worker.wsgi.extensions["parley"]
    parts.watch.is_leaving = lambda: not worker.alive
    parts.watch.lets_go = hasattr(worker, "lets_go")
    parts.watch.is_full = lambda: parts.watch.count >= worker.worker_connections
    parts.watch.has_left = lambda: not worker.alive and parts.runner.has_left
    lines.format = parts.settings.log_format
    if parts.settings.traces:
        traces.begin(__version__)
    parts.figures.begin()
    Sampling(parts).start()
    Indexing(parts.database).start()
    Checkpointing(parts.database).start()
    parts.taking_over.start()
    settings = parts.settings
    trail = care_of_the_trail(parts.database, settings.audit_days, settings.fingerprints)
    Housekeeping(trail).start()
    if parts.redis is not None:
        parts.redis.answers()  # one that is away is told in the log, and looked for from now on
    parts.intake.wake()  # what the last process left unread
    parts.embedding.wake()
    try:
        forget_ended_logs(parts.database)
    except (SQLAlchemyError, Unavailable):
        logger.warning("the database is busy: what a crash left of ended answers stays a while")


def send(viewer: Viewer, conversation_id: str) -> Sent:
    """Start what the body of this request asks for."""
    body = read_body(Send)
    parent_id = body.parent_id if isinstance(body.parent_id, str) else None
    return site().sending.ask(
        viewer,
        conversation_id,
        body.content,
        replace(_wish(body), cached=body.cache),
        parent_id=parent_id,
        at_leaf=not (isinstance(body.parent_id, str) or body.parent_id is None),
    )


def follow_answer(
    viewer: Viewer,
    conversation_id: str,
    message_id: str,
    after: EventId,
    log: LiveLog | None = None,
) -> Response:
    """The response that gives `viewer`, whose access was checked, an answer's events."""
    parts = site()
    if parts.watch.is_leaving():
        raise Unavailable("The server is being restarted. Follow again.")
    if parts.watch.is_full():
        raise Unavailable("Too many answers are being followed. Try again.", retry_after=2)
    ticket = parts.watch.open(viewer, conversation_id, lambda: parts.log.wake(message_id))
    try:
        return _open(ticket, message_id, after, log)
    except BaseException:  # nobody would close it
        parts.watch.close(ticket)
        raise


def _open(ticket: Ticket, message_id: str, after: EventId, log: LiveLog | None) -> Response:
    parts = site()
    outlet = outlet_of(request.environ, ticket, is_gate=parts.watch.lets_go)
    frames = answer_frames(parts, message_id, after, log, outlet)
    first = next(frames) if log is not None and log.last_id > after else None  # they are there
    return respond(OpenStream(frames, ticket, parts.watch, first or b"", outlet))


def _follow(viewer: Viewer, sent: Sent) -> Response:
    """The sender follows from the first event of the attempt, whatever was written meanwhile."""
    asked = sent.asked
    after = EventId(asked.attempt, 0) if asked.is_new else events.BEGINNING
    return follow_answer(viewer, asked.conversation_id, asked.message_id, after, sent.log)


def respond(frames: OpenStream) -> Response:
    """The response that an event stream is."""
    request.environ.pop("werkzeug.request", None)  # a circle: it would last as long as the stream
    limit_writes()
    return _Stream(frames, headers=_HEADERS, direct_passthrough=True)


class _Stream(Response):
    """Neither redirects nor has a length: nothing of its headers is to be corrected at the end."""

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        return self.headers


def _last_event_id() -> EventId:
    text = request.headers.get("Last-Event-ID") or request.args.get("after") or ""
    if not text:
        return events.BEGINNING
    try:
        return EventId.parse(text)
    except ValueError as error:
        raise Invalid(f"Last-Event-ID cannot be used: {error}.") from error


def _wish(body: Choice) -> Wish:
    return Wish(
        depth=body.depth,
        provider=body.provider,
        model=body.model,
        client_id=body.client_id,
    )
