"""The page of a space: what it is set to, who is in it, its invitations, and the way out.

May import every floor below.
"""

from flask import Response

from chat import spaces
from chat.accounts import invites
from chat.spaces import SpaceView
from chat.values import SpaceRole
from chat.web.access import current_viewer
from chat.web.forms import Form, page
from chat.web.policies import choices_of_space
from chat.web.site import site


def space_page(
    space_id: str,
    form: Form | None = None,
    *,
    link: str = "",
    refused: str = "",
    status: int = 200,
) -> Response:
    """The page; `link` is an invitation that was made just now, `refused` what is in the way."""
    viewer = current_viewer()
    with site().database.reading() as session:
        space = spaces.member_space(session, viewer, space_id)
        members = spaces.list_members(session, viewer, space_id)
        brief = spaces.read_brief(session, space_id, viewer.id)
        pending = invites.list_pending(session, space_id) if _invites_into(space) else []
    return page(
        "spaces/space.html",
        form,
        status=status,
        space=space,
        members=members,
        brief=brief,
        pending=pending,
        roles=tuple(SpaceRole),
        writers=[provider.name for provider in site().providers.list()],
        policies=choices_of_space(),
        link=link,
        refused=refused,
        invite_days=site().settings.invite_days,
        site_injections=site().settings.injections,
    )


def _invites_into(space: SpaceView) -> bool:
    return space.is_managed and not space.is_personal
