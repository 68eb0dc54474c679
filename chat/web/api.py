"""The JSON API of conversations and messages (docs/protocol.md). Views check, call, and answer.

May import every floor below web.
"""

from flask import Blueprint, Response, jsonify, request

from chat import accounts, conversations, events
from chat.answering.sending import Sent
from chat.audit import Action
from chat.conversations import ConversationView
from chat.errors import NotFound, ParleyError, Unauthenticated, Unavailable
from chat.eventlog.notices import Audience
from chat.values import Viewer
from chat.web.access import current_viewer, signed_in
from chat.web.bodies import Change, NewConversation, read_body, read_limit
from chat.web.frames import answer_frames
from chat.web.running import with_progress
from chat.web.site import site
from chat.web.stream import send
from chat.web.trail import note, note_place

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.post("/conversations")
@signed_in
def create() -> tuple[Response, int]:
    """Make a conversation."""
    body = read_body(NewConversation)
    with site().database.writing() as session:
        made = conversations.create_conversation(
            session,
            current_viewer(),
            title=body.title,
            space_id=body.space_id,
            visibility=body.visibility,
        )
        note_place(session, None, made)
    tell("created", made)
    return jsonify(made.as_json()), 201


@blueprint.get("/conversations")
@signed_in
def list_page() -> Response:
    """Those the person may see, newest activity first."""
    limit = read_limit(50, 200)
    with site().database.reading() as session:
        page = conversations.list_conversations(
            session,
            current_viewer(),
            before=request.args.get("before"),
            limit=limit,
            archived=request.args.get("archived") == "1",
        )
    return jsonify({"items": [item.as_json() for item in page.items], "next": page.next})


@blueprint.get("/conversations/<conversation_id>")
@signed_in
def show(conversation_id: str) -> Response:
    """One conversation."""
    with site().database.reading() as session:
        found = conversations.find_conversation(session, current_viewer(), conversation_id)
    return jsonify(found.as_json())


@blueprint.patch("/conversations/<conversation_id>")
@signed_in
def change(conversation_id: str) -> Response:
    """Rename, move, archive, pin, or change who sees it."""
    body = read_body(Change)
    viewer = current_viewer()
    if body.pinned is not None:
        pinned = pin(viewer, conversation_id, pinned=body.pinned)
        if body == Change(pinned=body.pinned):
            return jsonify(pinned.as_json())
    changed = alter(viewer, conversation_id, body)
    return jsonify(changed.as_json())


@blueprint.delete("/conversations/<conversation_id>")
@signed_in
def delete(conversation_id: str) -> tuple[str, int]:
    """Delete it with all its messages."""
    remove(current_viewer(), conversation_id)
    return "", 204


@blueprint.get("/conversations/<conversation_id>/messages")
@signed_in
def messages(conversation_id: str) -> Response:
    """A page of the path of its messages, oldest first within the page."""
    limit = read_limit(30, 200)
    with site().database.reading() as session:
        page = conversations.read_path(
            session,
            current_viewer(),
            conversation_id,
            at=request.args.get("at"),
            before=request.args.get("before"),
            limit=limit,
        )
    items = [with_progress(item).as_json() for item in page.items]
    return jsonify({"items": items, "next": page.next})


@blueprint.post("/conversations/<conversation_id>/messages")
@signed_in
def send_and_wait(conversation_id: str) -> Response:
    """Send a message and wait for the whole answer."""
    viewer = current_viewer()
    sent = send(viewer, conversation_id)
    wait_for_end(viewer, sent)
    with site().database.reading() as session:
        question = conversations.find_message(session, viewer, sent.asked.question_id)
        answer = conversations.find_message(session, viewer, sent.asked.message_id)
    if answer.status == "running":
        detail = f"The answer is still being written: follow /api/messages/{answer.id}/stream."
        raise Unavailable(detail, retry_after=2)
    return jsonify({"user_message": question.as_json(), "message": answer.as_json()})


@blueprint.get("/messages/<message_id>")
@signed_in
def show_message(message_id: str) -> Response:
    """One message; of an answer that is being written, what there is of it."""
    with site().database.reading() as session:
        found = conversations.find_message(session, current_viewer(), message_id)
    return jsonify(with_progress(found).as_json())


@blueprint.post("/messages/<message_id>/stop")
@signed_in
def stop(message_id: str) -> tuple[Response, int]:
    """Stop the run; harmless when it has ended."""
    with site().database.reading() as session:
        found = conversations.find_message(session, current_viewer(), message_id)
        conversations.check_may_ask(session, current_viewer(), found.conversation_id)
    stopping = site().runner.stop(found.id)
    return jsonify({"id": found.id, "stopping": stopping}), 202


def wait_for_end(viewer: Viewer, sent: Sent) -> None:
    """Wait until the answer has ended, for as long as the viewer may read it."""
    parts, asked = site(), sent.asked
    ticket = parts.watch.open(
        viewer, asked.conversation_id, lambda: parts.log.wake(asked.message_id)
    )
    try:
        for _ in answer_frames(parts, asked.message_id, events.BEGINNING, sent.log):
            if ticket.ended:  # the frames are for those who stream; here only their end counts
                break
    finally:
        parts.watch.close(ticket)
    if ticket.ended:
        raise _why_not(viewer)


def _why_not(viewer: Viewer) -> ParleyError:
    """Why somebody who waits for an answer does not get it."""
    parts = site()
    if parts.watch.is_leaving():
        return Unavailable("The server is being restarted. Send this again.", retry_after=2)
    with parts.database.reading() as session:
        valid = accounts.sessions.still_valid(session, {viewer.session_id or ""})
    if viewer.session_id not in valid:
        return Unauthenticated("Sign in to go on.")
    return NotFound("This conversation does not exist, or not for you.")


def pin(viewer: Viewer, conversation_id: str, *, pinned: bool) -> ConversationView:
    """Pin a conversation for the viewer or take the pin out, and tell their open pages alone."""
    with site().database.writing() as session:
        found = conversations.pin_conversation(session, viewer, conversation_id, pinned=pinned)
    happening = "pinned" if pinned else "unpinned"
    told = {"happening": happening, "id": found.id, "title": found.title}
    site().notices.publish("conversation", Audience(viewer.id), **told)
    return found


def alter(viewer: Viewer, conversation_id: str, change: Change) -> ConversationView:
    """Change a conversation in all but its pin, and let the open pages of others know."""
    with site().database.writing() as session:
        before = conversations.find_conversation(session, viewer, conversation_id)
        changed = conversations.change_conversation(
            session,
            viewer,
            conversation_id,
            title=change.title,
            archived=change.archived,
            space_id=change.space_id,
            visibility=change.visibility,
        )
        note_place(session, before, changed)
    tell_change(before, changed)
    return changed


def remove(viewer: Viewer, conversation_id: str) -> None:
    """Delete a conversation for good, and let the open pages of others know."""
    with site().database.writing() as session:
        found = conversations.find_conversation(session, viewer, conversation_id)
        conversations.delete_conversation(session, viewer, conversation_id)
        note(session, Action.CONVERSATION_DELETED, f"conversation:{conversation_id}")
    tell("deleted", found)


def tell(happening: str, place: ConversationView) -> None:
    """Let the open pages of everybody who sees a conversation know what happened to it."""
    site().notices.publish(
        "conversation",
        Audience(place.owner_id, shared_with(place)),
        happening=happening,
        id=place.id,
        title=place.title,
        archived=place.archived_at is not None,
    )


def tell_change(before: ConversationView, changed: ConversationView) -> None:
    """Let open pages know; what somebody may not see any more ends for them at once."""
    if shared_with(before) not in {None, shared_with(changed)}:
        tell("deleted", before)  # for those who may not see it any more; the others are told anew
        site().watch.look_everywhere()
    tell("changed", changed)


def shared_with(place: ConversationView) -> str | None:
    """The space whose members see a conversation; None for a private one."""
    return place.space_id if place.visibility == "space" else None
