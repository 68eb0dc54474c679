"""Spaces: the rooms of a team, who is in them, and what they are set to.

Keeps true: there is always a space to be in, "Team"; everybody has a private space that nobody else
is ever in; a space that the viewer is not in does not exist for them; only owners manage a space,
and it is never without one. May import the plain ground and the tables.
"""

from chat.spaces.finding import member_space, member_spaces, owned_space, shared_space
from chat.spaces.members import change_role, find_role, join, leave, list_members, remove
from chat.spaces.settings import change_space, clean_instructions, create_space, read_brief
from chat.spaces.team import default_space, find_by_slug
from chat.spaces.views import Brief, MemberView, SpaceView
from chat.spaces.watching import moved_among

__all__ = [
    "Brief",
    "MemberView",
    "SpaceView",
    "change_role",
    "change_space",
    "clean_instructions",
    "create_space",
    "default_space",
    "find_by_slug",
    "find_role",
    "join",
    "leave",
    "list_members",
    "member_space",
    "member_spaces",
    "moved_among",
    "owned_space",
    "read_brief",
    "remove",
    "shared_space",
]
