"""The page of a conversation and that of a new one, also with a draft that could not be sent.

May import every floor below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, make_response, render_template, request

from chat import conversations, spaces
from chat.conversations import ConversationView, MessagePage, MessageView
from chat.errors import ParleyError
from chat.spaces import Brief, SpaceView
from chat.values import Depth, new_id
from chat.web.access import current_viewer
from chat.web.errors import problem
from chat.web.running import with_progress
from chat.web.site import site
from chat.web.welcome import library_totals, suggest_questions
from chat.web.where import Option, asked_space, place_of, place_options
from chat.web.writers import Offers, offer_writers

SHOWN = 30


@dataclass(frozen=True, slots=True)
class ComposerOptions:
    """What the composer offers. `client_id` makes a form that is sent twice start one answer;
    `parent_id` is set where the page shows another path than the newest."""

    writers: Offers
    depth: str
    max_chars: int
    client_id: str
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where a conversation is: its space, the places that it could be moved to, who else is asking
    in it right now, what its space asks for."""

    space: SpaceView | None
    places: Sequence[Option]
    place: str
    asker: str
    brief: Brief


def new_page(*, draft: str = "", error: ParleyError | None = None) -> Response:
    """The empty chat, with what the library offers; `?space=` is where it is to be."""
    viewer = current_viewer()
    with site().database.reading() as session:
        space = asked_space(session, viewer)
        read = viewer.space_ids if space is None or space.is_personal else (space.id,)
        library = library_totals(session, read)
        asks = suggest_questions(session, read)
        places = place_options(spaces.member_spaces(session, viewer))
        brief = spaces.read_brief(session, space.id if space else None, viewer.id)
    chosen = request.form.get("place") or (space.id if space and not space.is_personal else "")
    return _page(
        "chat/new.html",
        draft,
        error,
        library=library,
        asks=asks,
        options=_options([], order=brief.providers),
        c=None,
        space=space,
        places=places,
        place=chosen,
    )


def conversation_page(
    conversation_id: str, *, draft: str = "", error: ParleyError | None = None
) -> Response:
    """One conversation: its newest messages, or those that `?at=` and `?before=` name."""
    found, page = read_messages(conversation_id)
    room = _read_room(found)
    answers = [item for item in page.items if item.role == "assistant"]
    last = answers[-1] if answers else None
    is_newest = last is None or last.id == found.leaf_id
    told = [item.details for item in answers if item.details]
    parent_id = last.id if last and not is_newest else None
    options = _options(told, parent_id, order=room.brief.providers)
    running = next((item.id for item in answers if item.status == "running"), "")
    values = {"c": found, "page": page, "options": options, "running": running, "room": room}
    return _page(
        "chat/conversation.html", draft, error, editing=request.args.get("edit", ""), **values
    )


def _read_room(found: ConversationView) -> Room:
    viewer = current_viewer()
    with site().database.reading() as session:
        mine = spaces.member_spaces(session, viewer)
        asker = conversations.find_asker(session, found.id)
        brief = spaces.read_brief(session, found.space_id, found.owner_id)
    return Room(
        space=next((one for one in mine if one.id == found.space_id), None),
        places=place_options(mine) if found.owner_id == viewer.id else (),
        place=place_of(found),
        asker=asker[1] if asker and asker[0] != viewer.id else "",
        brief=brief,
    )


def read_messages(conversation_id: str) -> tuple[ConversationView, MessagePage]:
    """The conversation and the part of it that the address asks for, with what runs in it."""
    viewer, asked = current_viewer(), request.args
    with site().database.reading() as session:
        found = conversations.find_conversation(session, viewer, conversation_id)
        page = conversations.read_path(
            session,
            viewer,
            conversation_id,
            at=asked.get("at"),
            before=asked.get("before"),
            limit=SHOWN,
        )
        answers = [item.id for item in page.items if item.role == "assistant"]
        mine = conversations.own_ratings(session, viewer, answers)
    items = [replace(with_progress(item), rating=mine.get(item.id)) for item in page.items]
    return found, MessagePage(items, page.next)


def read_message(conversation_id: str, message_id: str) -> tuple[ConversationView, MessageView]:
    """One message of a conversation."""
    viewer = current_viewer()
    with site().database.reading() as session:
        found = conversations.find_conversation(session, viewer, conversation_id)
        message = conversations.find_message(session, viewer, message_id)
        mine = conversations.own_ratings(session, viewer, [message.id])
    return found, replace(with_progress(message), rating=mine.get(message.id))


def _options(
    answers: Sequence[Mapping[str, Any]], parent_id: str | None = None, *, order: Sequence[str]
) -> ComposerOptions:
    """As for the last answer of this conversation, where there is one; these are their details."""
    last = answers[-1] if answers else {}
    return ComposerOptions(
        writers=offer_writers(site().providers, answers, order),
        depth=str(last.get("depth", Depth.BALANCED)),
        max_chars=site().settings.max_message_chars,
        client_id=new_id(),
        parent_id=parent_id,
    )


def _page(template: str, draft: str, error: ParleyError | None, **values: Any) -> Response:
    failed = problem(error) if error is not None else None
    body = render_template(template, draft=draft, problem=failed, **values)
    response = make_response(body, error.status if error is not None else 200)
    if error is not None and error.retry_after is not None:
        response.headers["Retry-After"] = str(round(error.retry_after) or 1)
    return response
