"""What is looked through: what the viewer may see, and of that what they want.

Keeps true: these conditions stand in every query of texts, so that what somebody may not see is
never read for them; an entry itself tells who sees it. Imports what is asked, held texts and the
tables.
"""

from dataclasses import dataclass, replace

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from chat.finding.asked import Wanted
from chat.finding.held import Held, read_held
from chat.finding.tables import CONVERSATIONS, DOCUMENTS, ENTRIES
from chat.values import Viewer

_CONVERSATIONS, _DOCUMENTS = select(CONVERSATIONS.c.id), select(DOCUMENTS.c.id)
_FEW = 50  # conversations
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Scope:
    """Documents, or conversations, as far as a viewer sees them and wants them.

    `places` are all that they see, where these are a few conversations, and `held` their texts
    where these are few, too.
    """

    of_documents: bool
    viewer: Viewer
    wanted: Wanted
    places: tuple[str, ...] = ()
    held: Held | None = None

    def conditions(self, entries: FromClause) -> list[Condition]:
        """What is true of the search entries of the scope.

        While a document is stored or taken out, its passages are in no space.
        """
        c, wanted = entries.c, self.wanted
        found = [c.seen_by.in_(self._spaces) if self.of_documents else self._seen(entries)]
        if wanted.since is not None:
            found.append(c.at >= wanted.since)
        if wanted.person_id is not None:
            found.append(or_(c.author_id == wanted.person_id, self._answers(entries)))
        return found

    @property
    def _spaces(self) -> list[str]:
        return [i for i in self.viewer.space_ids if self.wanted.space_id in {None, i}]

    def _seen(self, entries: FromClause) -> Condition:
        """Of the spaces, and one's own; of these, if so wanted, those within a space."""
        c, viewer = entries.c, self.viewer
        if self.wanted.space_id is None:
            own: Condition = c.seen_by == viewer.id
        else:
            here = _of(viewer.id).where(CONVERSATIONS.c.space_id == self.wanted.space_id)
            own = and_(c.seen_by == viewer.id, c.place_id.in_(here))
        return or_(c.seen_by.in_(self._spaces), own)

    def _answers(self, entries: FromClause) -> Condition:
        """What nobody wrote, an answer, is of the conversation's owner."""
        theirs = entries.c.place_id.in_(_of(self.wanted.person_id or ""))
        return and_(entries.c.author_id.is_(None), theirs)


def known_scopes(session: Session, viewer: Viewer, wanted: Wanted) -> list[Scope]:
    """Those in which there is anything: who sees nothing of a kind does not search it."""
    found = []
    places = session.scalars(_visible(viewer).limit(_FEW + 1)).all()
    if places:
        few = tuple(places) if len(places) <= _FEW else ()
        scope = Scope(False, viewer, wanted, few)
        held = read_held(session, few, scope.conditions(ENTRIES)) if few else None
        found.append(replace(scope, held=held))
    here = DOCUMENTS.c.space_id.in_(viewer.space_ids)
    if session.execute(_DOCUMENTS.where(here).limit(1)).first():
        found.append(Scope(True, viewer, wanted))
    return found


def _visible(viewer: Viewer) -> CompoundSelect[str]:
    """One's own and those of one's spaces, each by an index."""
    c = CONVERSATIONS.c
    shared = _CONVERSATIONS.where(c.space_id.in_(viewer.space_ids), c.visibility == "space")
    return union_all(_of(viewer.id).where(c.visibility == "private"), shared)


def _of(person_id: str) -> Select[str]:
    return _CONVERSATIONS.where(CONVERSATIONS.c.owner_id == person_id)
