"""The pages of the chat: a new one, one conversation, all of them, and fragments of these.

A fragment is made by the templates of its page, so scripts never hold markup of their own. May
import every floor below.
"""

from flask import Blueprint, Response, render_template, request

from chat.errors import NotFound
from chat.web import conversation_forms, explaining, exporting, imports, links, search, shared
from chat.web.access import current_viewer, signed_in
from chat.web.conversation_page import conversation_page, new_page, read_message, read_messages
from chat.web.sidebar import older_conversations, sidebar
from chat.web.site import site
from chat.web.where import asked_space

blueprint = Blueprint("pages", __name__)
blueprint.register_blueprint(conversation_forms.blueprint)
for part in (search, links, shared, exporting, imports):
    blueprint.register_blueprint(part.blueprint)
blueprint.register_blueprint(explaining.blueprint)
blueprint.app_context_processor(lambda: {"sidebar": sidebar})


@blueprint.get("/")
@signed_in
def new() -> Response:
    """A new chat."""
    return new_page(draft=request.args.get("q", "")[:2000])


@blueprint.get("/c")
@signed_in
def all_conversations() -> str:
    """Every conversation, those of a space, or the archived ones, a page at a time."""
    archived = request.args.get("archived") == "1"
    with site().database.reading() as session:
        space = asked_space(session, current_viewer())
    page = older_conversations(archived=archived, space=space)
    return render_template("chat/all.html", page=page, archived=archived, space=space)


@blueprint.get("/c/more")
@signed_in
def more_conversations() -> str:
    """Fragment: the next conversations of the sidebar."""
    return render_template("chat/more.html", page=older_conversations(pinned=False))


@blueprint.get("/c/<conversation_id>")
@signed_in
def show(conversation_id: str) -> Response:
    """One conversation."""
    return conversation_page(conversation_id)


@blueprint.get("/c/<conversation_id>/older")
@signed_in
def older(conversation_id: str) -> str:
    """Fragment: the messages before the one that `?before=` names."""
    found, page = read_messages(conversation_id)
    return render_template("chat/older.html", c=found, page=page)


@blueprint.get("/c/<conversation_id>/m/<message_id>")
@signed_in
def message(conversation_id: str, message_id: str) -> str:
    """Fragment: one message as it is stored now."""
    found, shown = read_message(conversation_id, message_id)
    if shown.conversation_id != found.id:
        raise NotFound("This message is not in this conversation.")
    return render_template("chat/message.html", c=found, m=shown)
