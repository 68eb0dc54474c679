"""Whether those who have a conversation open may still see it.

Asked of all open streams of a process every second, so in statements that are built once. May
import the plain ground and the tables.
"""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from chat.conversations.tables import CONVERSATIONS, MEMBERS
from chat.database import Statements
from chat.statements import Prepared

_SEEN = Prepared(
    select(*(CONVERSATIONS.c[name] for name in ("id", "owner_id", "space_id", "visibility"))).where(
        CONVERSATIONS.c.id.in_(bindparam("place_ids", expanding=True))
    )
)
_MEMBERSHIPS = Prepared(
    select(MEMBERS.c.user_id, MEMBERS.c.space_id).where(
        MEMBERS.c.user_id.in_(bindparam("person_ids", expanding=True))
    )
)


def hidden_among(session: Statements, places: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The (person id, conversation id) pairs that the person may not see any more.

    Memberships are read anew: a `Viewer` holds those of the time when it was made.
    """
    wanted = set(places)
    seen = _SEEN.rows(session, {"place_ids": list({place for _, place in wanted})})
    found: dict[str, tuple[str, str | None, str]] = {row[0]: row[1:] for row in seen}
    people = list({person_id for person_id, _ in wanted})
    memberships = set(_MEMBERSHIPS.rows(session, {"person_ids": people}))

    def sees(person_id: str, conversation_id: str) -> bool:
        owner_id, space_id, visibility = found.get(conversation_id, ("", None, ""))
        if visibility == "space":
            return (person_id, space_id) in memberships
        return owner_id == person_id

    return {place for place in wanted if not sees(*place)}
