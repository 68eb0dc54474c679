"""Where a page is: the space that it is about, and the places that a conversation can be in.

The field `place` of a form names one: the id of a space, "" for none, and a `+` at its end where
everybody in the space is to see the conversation. May import every floor below.
"""

from collections.abc import Sequence

from flask import request
from sqlalchemy.orm import Session

from chat import spaces
from chat.conversations import ConversationView, NewPlace
from chat.spaces import SpaceView
from chat.values import Viewer

Option = tuple[str, str]


def asked_space(session: Session, viewer: Viewer) -> SpaceView | None:
    """The space that `?space=` names; None without one, NotFound when it is not the viewer's."""
    space_id = request.args.get("space", "")
    return spaces.member_space(session, viewer, space_id) if space_id else None


def place_options(mine: Sequence[SpaceView]) -> list[Option]:
    """Every place in which somebody who is in these spaces may put a conversation."""
    options = [("", "Only me")]
    for space in mine:
        if space.is_personal:
            continue
        options.append((space.id, f"{space.name}, only me"))
        if space.is_writable:
            options.append((f"{space.id}+", f"{space.name}, shared"))
    return options


def place_of(conversation: ConversationView) -> str:
    """The value of the place that a conversation is in."""
    shared = "+" if conversation.visibility == "space" else ""
    return f"{conversation.space_id or ''}{shared}"


def read_place(value: str) -> NewPlace:
    """The place that a value names."""
    visibility = "space" if value.endswith("+") else "private"
    return NewPlace(value.removesuffix("+") or None, visibility)
