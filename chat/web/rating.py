"""What somebody thinks of an answer: as JSON for scripts, and by plain forms.

Keeps true: a rating is stored at once, without a reason; the reason may follow. May import every
floor below web.
"""

import msgspec
from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from chat import cache, conversations
from chat.answering.recalibrating import recalibrate_when_due
from chat.conversations import RatingView
from chat.errors import Invalid, NotFound
from chat.web.access import current_viewer, signed_in
from chat.web.bodies import read_body
from chat.web.site import site

blueprint = Blueprint("rating", __name__)


class NewRating(msgspec.Struct, kw_only=True):
    """A thumb, with a reason of the menu and a note if one likes."""

    good: bool
    reason: str = ""
    note: str = ""


@blueprint.get("/api/messages/<message_id>/rating")
@signed_in
def show(message_id: str) -> Response:
    """One's own rating of an answer, or null."""
    viewer = current_viewer()
    with site().database.reading() as session:
        found = conversations.find_message(session, viewer, message_id)
        mine = conversations.own_ratings(session, viewer, [found.id]).get(found.id)
    return jsonify(mine.as_json() if mine else None)


@blueprint.put("/api/messages/<message_id>/rating")
@signed_in
def put(message_id: str) -> Response:
    """Rate an answer, or change what one had said."""
    with site().database.reading() as session:
        found = conversations.find_message(session, current_viewer(), message_id)
    return jsonify(_rate(found.id, read_body(NewRating)).as_json())


@blueprint.delete("/api/messages/<message_id>/rating")
@signed_in
def delete(message_id: str) -> tuple[str, int]:
    """Withdraw one's rating."""
    _withdraw(message_id)
    return "", 204


@blueprint.post("/c/<conversation_id>/rate")
@signed_in
def rate(conversation_id: str) -> AnyResponse:
    """Rate an answer by form; the value `none` withdraws."""
    form = request.form
    message_id, value = form.get("message_id", ""), form.get("value")
    with site().database.reading() as session:
        found = conversations.find_message(session, current_viewer(), message_id)
    if found.conversation_id != conversation_id:
        raise NotFound("This message is not in this conversation.")
    if value == "none":
        _withdraw(message_id)
    elif value in {"good", "poor"}:
        note = form.get("note", "").replace("\r\n", "\n")
        body = NewRating(good=value == "good", reason=form.get("reason", ""), note=note)
        _rate(message_id, body)
    else:
        raise Invalid("value is good, poor or none.")
    return redirect(f"/c/{conversation_id}?at={message_id}#m-{message_id}", 303)


def _rate(message_id: str, body: NewRating) -> RatingView:
    with site().database.writing() as session:
        rated = conversations.rate(
            session,
            current_viewer(),
            message_id,
            good=body.good,
            reason=body.reason,
            note=body.note,
        )
        if not body.good:
            cache.forget_text(session, message_id)
        recalibrate_when_due(session)
    return rated


def _withdraw(message_id: str) -> None:
    with site().database.writing() as session:
        conversations.withdraw_rating(session, current_viewer(), message_id)
