"""What is read of spaces: frozen values, as pages, the API and commands show them.

May import the plain ground and the tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chat.models import Space
from chat.values import DataPolicy, SpaceRole


@dataclass(frozen=True, slots=True)
class SpaceView:
    """A space as one of its members sees it; `role` is theirs, None for a command."""

    id: str
    slug: str
    name: str
    is_personal: bool = False
    role: SpaceRole | None = None

    @classmethod
    def of(cls, space: Space, role: str | None = None) -> "SpaceView":
        """The view of a row."""
        personal = space.personal_of is not None
        return cls(space.id, space.slug, space.name, personal, SpaceRole(role) if role else None)

    @property
    def is_managed(self) -> bool:
        """Whether the one who sees it may change it."""
        return self.role is SpaceRole.OWNER

    @property
    def is_writable(self) -> bool:
        """Whether the one who sees it may write in it."""
        return self.role in {SpaceRole.OWNER, SpaceRole.EDITOR}

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "slug": self.slug,
            "personal": self.is_personal,
            "role": self.role,
        }


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody who is in a space."""

    id: str
    name: str
    email: str
    role: SpaceRole
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """What a space says of its answers: instructions for a model, and who is asked first.

    `libraries` are the versions of the libraries that they are made from, by space.
    `personal_data` is what it wants done about such data; `documents` the strictest of that of the
    spaces whose documents are read for an answer, where these are more than one. `injections` is
    what it wants done about passages that speak to the model; empty where the site's counts.
    """

    instructions: str = ""
    providers: tuple[str, ...] = ()
    libraries: Mapping[str, int] = field(default_factory=dict)
    personal_data: DataPolicy = DataPolicy.OFF
    documents: DataPolicy = DataPolicy.OFF
    injections: str = ""
