"""What one does with a conversation by plain forms; each leads back to its page.

Keeps true: a question that cannot be sent comes back in the composer with the reason beside it.
Scripts use the API instead. May import every floor below.
"""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from chat import conversations
from chat.conversations import NewPlace, Wish
from chat.errors import Invalid, NotFound, ParleyError, Unauthenticated
from chat.values import Depth
from chat.web.access import current_viewer, signed_in
from chat.web.api import alter, pin, remove
from chat.web.bodies import Change
from chat.web.conversation_page import conversation_page, new_page
from chat.web.site import site
from chat.web.where import read_place
from chat.web.writers import read_writer

blueprint = Blueprint("conversation_forms", __name__)


@blueprint.post("/c")
@signed_in
def begin() -> AnyResponse:
    """Make a conversation of a first question."""
    content, wish = request.form.get("content", ""), _wish()
    try:
        asked = site().sending.ask(current_viewer(), None, content, wish, new_in=_place()).asked
    except (NotFound, Unauthenticated):
        raise
    except ParleyError as error:
        return new_page(draft=content, error=error)
    return _to_message(asked.conversation_id, asked.question_id)


@blueprint.post("/c/<conversation_id>")
@signed_in
def send(conversation_id: str) -> AnyResponse:
    """Ask the next question; a field `parent_id` makes it a sibling of one asked before."""
    form, content = request.form, request.form.get("content", "")
    try:
        asked = (
            site()
            .sending.ask(
                current_viewer(),
                conversation_id,
                content,
                _wish(),
                parent_id=form.get("parent_id") or None,
                at_leaf="parent_id" not in form,
            )
            .asked
        )
    except (NotFound, Unauthenticated):
        raise
    except ParleyError as error:
        return conversation_page(conversation_id, draft=content, error=error)
    return _to_message(conversation_id, asked.question_id)


@blueprint.post("/c/<conversation_id>/regenerate")
@signed_in
def regenerate(conversation_id: str) -> AnyResponse:
    """Write another version of an answer."""
    asked = site().sending.ask_again(current_viewer(), _answer(conversation_id), _wish()).asked
    return _to_message(conversation_id, asked.message_id)


@blueprint.post("/c/<conversation_id>/continue")
@signed_in
def go_on(conversation_id: str) -> AnyResponse:
    """Finish an answer that was cut short."""
    asked = site().sending.go_on(current_viewer(), _answer(conversation_id), _wish()).asked
    return _to_message(conversation_id, asked.message_id, at=True)


@blueprint.post("/c/<conversation_id>/stop")
@signed_in
def stop(conversation_id: str) -> AnyResponse:
    """Stop an answer; harmless when it has ended."""
    message_id = _answer(conversation_id)
    with site().database.reading() as session:
        conversations.check_may_ask(session, current_viewer(), conversation_id)
    site().runner.stop(message_id)
    return _to_message(conversation_id, message_id, at=True)


@blueprint.post("/c/<conversation_id>/rename")
@signed_in
def rename(conversation_id: str) -> AnyResponse:
    """Give a conversation another title."""
    return _change(conversation_id, Change(title=request.form.get("title", "")))


@blueprint.post("/c/<conversation_id>/archive")
@signed_in
def archive(conversation_id: str) -> AnyResponse:
    """Put a conversation into the archive, or bring it back."""
    return _change(conversation_id, Change(archived=bool(request.form.get("archived"))))


@blueprint.post("/c/<conversation_id>/move")
@signed_in
def move(conversation_id: str) -> AnyResponse:
    """Put a conversation into another space, or share it with its space, or neither."""
    place = _place()
    return _change(conversation_id, Change(space_id=place.space_id, visibility=place.visibility))


@blueprint.post("/c/<conversation_id>/pin")
@signed_in
def pin_it(conversation_id: str) -> AnyResponse:
    """Put a conversation on top of one's list, or back among the others."""
    pin(current_viewer(), conversation_id, pinned=bool(request.form.get("pinned")))
    return redirect(f"/c/{conversation_id}", 303)


@blueprint.post("/c/<conversation_id>/delete")
@signed_in
def delete(conversation_id: str) -> AnyResponse:
    """Delete a conversation with all its messages."""
    remove(current_viewer(), conversation_id)
    return redirect("/", 303)


def _change(conversation_id: str, change: Change) -> AnyResponse:
    alter(current_viewer(), conversation_id, change)
    return redirect(f"/c/{conversation_id}", 303)


def _place() -> NewPlace:
    return read_place(request.form.get("place", ""))


def _answer(conversation_id: str) -> str:
    """The message that the form names, if it is one of this conversation."""
    with site().database.reading() as session:
        named = request.form.get("message_id", "")
        found = conversations.find_message(session, current_viewer(), named)
    if found.conversation_id != conversation_id:
        raise NotFound("This message is not in this conversation.")
    return found.id


def _wish() -> Wish:
    form = request.form
    try:
        depth = Depth(form.get("depth", Depth.BALANCED))
    except ValueError as error:
        raise Invalid("depth is quick, balanced or deep.") from error
    provider, model = read_writer(form)
    return Wish(
        depth=depth,
        provider=provider,
        model=model,
        client_id=form.get("client_id", "")[:64] or None,
        cached=True,
    )


def _to_message(conversation_id: str, message_id: str, *, at: bool = False) -> AnyResponse:
    """To a message; `at` shows the path through it, where that may not be the newest one."""
    path = f"?at={message_id}" if at else ""
    return redirect(f"/c/{conversation_id}{path}#m-{message_id}", 303)
