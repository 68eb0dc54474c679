"""What a space is set to: its name, its instructions, who is asked first for its answers.

May import the plain ground and the tables.
"""

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chat.database import Statements
from chat.errors import Conflict, Invalid
from chat.models import Member, Space
from chat.normal_forms import normalized
from chat.spaces.finding import owned_space
from chat.spaces.views import Brief, SpaceView
from chat.statements import Prepared
from chat.values import DataPolicy, SpaceRole, Viewer, new_id

INSTRUCTIONS_CHARS = 4_000
_SPACES, _MEMBERS = (Space.metadata.tables[name].c for name in ("spaces", "members"))
_OWN = select(_MEMBERS.space_id).where(_MEMBERS.user_id == bindparam("owner_id"))
# A conversation without a space is in its owner's private one, and searches all that they are in.
_BRIEF = Prepared(
    select(
        _SPACES.id,
        _SPACES.personal_of,
        _SPACES.instructions,
        _SPACES.providers,
        _SPACES.library_version,
        _SPACES.personal_data,
        _SPACES.injections,
    ).where(or_(_SPACES.id == bindparam("space_id"), _SPACES.id.in_(_OWN)))
)


def create_space(session: Session, viewer: Viewer, name: str) -> SpaceView:
    """A new space with a clean name, which the viewer owns."""
    space_id, wanted = new_id(), _slug(name)
    for slug in (wanted, f"{wanted}-{space_id[-6:]}"):
        try:
            with session.begin_nested():
                session.add(space := Space(id=space_id, slug=slug, name=name))
            break
        except IntegrityError:
            continue
    else:
        raise Conflict("Somebody makes a space of this name right now. Try again.")
    session.add(Member(space_id=space_id, user_id=viewer.id, role=SpaceRole.OWNER))
    session.flush()
    return SpaceView.of(space, SpaceRole.OWNER)


def change_space(
    session: Session,
    viewer: Viewer,
    space_id: str,
    *,
    name: str | None = None,
    instructions: str | None = None,
    providers: Sequence[str] | None = None,
    personal_data: DataPolicy | None = None,
    injections: str | None = None,
) -> SpaceView:
    """Change what a space is set to, as an owner; what is left out stays, and names are clean."""
    found = owned_space(session, viewer, space_id)
    row = session.get_one(Space, space_id)
    if name is not None and name != row.name:
        if found.is_personal:
            raise Conflict("Your private space keeps its name.")
        row.name = name
    if instructions is not None:
        row.instructions = clean_instructions(instructions)
    if providers is not None:
        row.providers = list(dict.fromkeys(providers))
    if personal_data is not None:
        row.personal_data = personal_data
    if injections is not None:
        row.injections = injections
    session.flush()
    return SpaceView.of(row, found.role)


def read_brief(statements: Statements, space_id: str | None, owner_id: str) -> Brief:
    """What the space of a conversation says of its answers; without one, its owner's private."""
    given = {"space_id": space_id, "owner_id": None if space_id else owner_id}
    rows = _BRIEF.rows(statements, given)
    libraries = {row.id: row.library_version for row in rows}
    strictest = max((row.personal_data for row in rows if not space_id), default=0)
    documents = DataPolicy(strictest)
    for row in rows:
        if row.id == space_id or (space_id is None and row.personal_of == owner_id):
            own = DataPolicy(row.personal_data)
            asked = tuple(row.providers)
            return Brief(row.instructions, asked, libraries, own, documents, row.injections)
    return Brief(libraries=libraries, documents=documents)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "space"


def clean_instructions(text: str) -> str:
    """A text of several lines without what cannot be shown; Invalid when it is too long."""
    lines = normalized("NFC", text).replace("\r\n", "\n").split("\n")
    shown = "\n".join("".join(c for c in one if c.isprintable() or c == "\t") for one in lines)
    if len(shown) > INSTRUCTIONS_CHARS:
        raise Invalid(f"Instructions have at most {INSTRUCTIONS_CHARS} characters.")
    return shown.strip()
