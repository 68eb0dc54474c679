"""Links by which somebody without an account reads a conversation, as it was when they were made.

Keeps true: a link is found by the hash of its token alone; it works until it expires, is withdrawn,
or its maker is disabled or may not see the conversation any more. Who may change a conversation
makes and withdraws them; who made one may withdraw it whatever has become of that. May import the
plain ground and the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from chat.conversations.path import read_up
from chat.conversations.places import seen_by
from chat.conversations.threads import find_conversation
from chat.conversations.views import ConversationView, MessageView
from chat.errors import Invalid, NotFound
from chat.models import Conversation, ShareLink, User
from chat.values import Viewer, iso, utc_now

DAYS = (1, 7, 30, 90)
_LINKS = ShareLink.metadata.tables["share_links"]
_MOST = 20  # links of one conversation at a time
_SHOWN = 400  # messages of the path, the newest


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link, without its token, which nobody knows any more."""

    id: str
    conversation_id: str
    made_by: str
    shows_names: bool
    created_at: datetime
    expires_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "made_by": self.made_by,
            "shows_names": self.shows_names,
            "created_at": iso(self.created_at),
            "expires_at": iso(self.expires_at),
        }


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A link that somebody has made, and what it shows."""

    link: LinkView
    title: str

    def as_json(self) -> dict[str, Any]:
        place = {"conversation_id": self.link.conversation_id, "title": self.title}
        return self.link.as_json() | place


@dataclass(frozen=True, slots=True)
class SharedTalk:
    """What a link shows; without names everybody but its maker is somebody."""

    title: str
    messages: Sequence[MessageView]
    maker_id: str
    shows_names: bool
    expires_at: datetime

    def name_of(self, message: MessageView) -> str:
        is_named = self.shows_names or message.author_id == self.maker_id
        return message.author_name if is_named or message.role == "assistant" else "Somebody"


def make_link(
    session: Session,
    viewer: Viewer,
    conversation_id: str,
    *,
    token_hash: str,
    days: int,
    shows_names: bool,
) -> LinkView:
    """A link to the path that is shown now; Invalid for an empty conversation."""
    place = _managed(session, viewer, conversation_id)
    if days not in DAYS:
        raise Invalid(f"days is {', '.join(map(str, DAYS))}.")
    if place.leaf_id is None:
        raise Invalid("There is nothing to read here yet. Ask something first.")
    if len(list_links(session, viewer, conversation_id)) >= _MOST:
        raise Invalid(f"A conversation has at most {_MOST} links. Withdraw one first.")
    link = ShareLink(
        token_hash=token_hash,
        conversation_id=place.id,
        made_by=viewer.id,
        leaf_id=place.leaf_id,
        shows_names=shows_names,
        expires_at=utc_now() + timedelta(days=days),
    )
    session.add(link)
    session.flush()
    return _view(link, viewer.name)


def list_links(session: Session, viewer: Viewer, conversation_id: str) -> list[LinkView]:
    """The links of a conversation that still work, newest first."""
    _managed(session, viewer, conversation_id)
    rows = session.execute(
        select(ShareLink, User.name)
        .join(User, User.id == ShareLink.made_by)
        .where(ShareLink.conversation_id == conversation_id, ShareLink.expires_at > utc_now())
        .order_by(ShareLink.id.desc())
    )
    return [_view(link, name) for link, name in rows]


def list_own_links(session: Session, viewer: Viewer) -> list[OwnLink]:
    """Those of all conversations that the viewer has made and that still work, newest first."""
    rows = session.execute(
        select(ShareLink, Conversation.title)
        .join(Conversation, Conversation.id == ShareLink.conversation_id)
        .where(ShareLink.made_by == viewer.id, ShareLink.expires_at > utc_now())
        .where(seen_by(_LINKS.c.made_by))
        .order_by(ShareLink.id.desc())
    )
    return [OwnLink(_view(link, viewer.name), title or "New chat") for link, title in rows]


def withdraw_link(session: Session, viewer: Viewer, link_id: str) -> str:
    """End a link at once, as its maker or who shares its conversation; the conversation's id."""
    link = session.get(ShareLink, link_id)
    if link is None:
        raise NotFound("There is no such link.")
    if link.made_by != viewer.id:
        _managed(session, viewer, link.conversation_id)
    session.execute(delete(ShareLink).where(ShareLink.id == link_id))
    return link.conversation_id


def read_shared(session: Session, token_hash: str) -> SharedTalk | None:
    """What the link with this hash shows; None when it does not work, or not any more."""
    row = session.execute(
        select(ShareLink, Conversation.title)
        .join(Conversation, Conversation.id == ShareLink.conversation_id)
        .join(User, User.id == ShareLink.made_by)
        .where(ShareLink.token_hash == token_hash, ShareLink.expires_at > utc_now())
        .where(User.disabled_at.is_(None), seen_by(_LINKS.c.made_by))
    ).one_or_none()
    if row is None:
        return None
    link, title = row
    messages = [one for one in read_up(session, link.leaf_id, _SHOWN) if one.content]
    return SharedTalk(
        title or "A conversation", messages, link.made_by, link.shows_names, link.expires_at
    )


def _managed(session: Session, viewer: Viewer, conversation_id: str) -> ConversationView:
    place = find_conversation(session, viewer, conversation_id)
    if not place.may_manage:
        raise NotFound("Only who began this conversation, or an owner of its space, shares it.")
    return place


def _view(link: ShareLink, maker: str) -> LinkView:
    return LinkView(
        link.id, link.conversation_id, maker, link.shows_names, link.created_at, link.expires_at
    )
