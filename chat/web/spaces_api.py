"""The spaces of a person as JSON. May import every floor below web."""

from flask import Blueprint, Response, jsonify

from chat import spaces
from chat.web.access import current_viewer, signed_in
from chat.web.site import site

blueprint = Blueprint("spaces_api", __name__, url_prefix="/api/spaces")


@blueprint.get("")
@signed_in
def list_spaces() -> Response:
    """The spaces that the person is in, and what they may do there."""
    with site().database.reading() as session:
        mine = spaces.member_spaces(session, current_viewer())
    return jsonify({"items": [space.as_json() for space in mine]})


@blueprint.get("/<space_id>")
@signed_in
def show_space(space_id: str) -> Response:
    """One of them, with who is in it."""
    viewer = current_viewer()
    with site().database.reading() as session:
        space = spaces.member_space(session, viewer, space_id)
        members = spaces.list_members(session, viewer, space_id)
        brief = spaces.read_brief(session, space_id, viewer.id)
    return jsonify(
        space.as_json()
        | {
            "instructions": brief.instructions,
            "providers": list(brief.providers),
            "members": [{"id": one.id, "name": one.name, "role": one.role} for one in members],
        }
    )
