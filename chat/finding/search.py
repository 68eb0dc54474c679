"""Finds for people what they may see: conversations by titles and messages, documents by passages.

Keeps true: a search reads so many texts and no more, whatever is asked; words as they are typed
come first, and only where nothing has all of them typing errors are forgiven, then single words
are enough. Imports the rest of its box.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from chat.finding.asked import Term, Wanted, terms_of
from chat.finding.hits import LOOKED_AT, Hit
from chat.finding.reading import describe, read_places
from chat.finding.results import Results
from chat.finding.scope import Scope, known_scopes
from chat.finding.slips import is_visible, meant
from chat.finding.texts import texts_within
from chat.finding.weighing import Place, places_of, rows_of, weigh
from chat.values import Viewer, utc_now

KINDS = ("conversation", "document")
_WEIGHED = 50  # places of each kind whose titles are read


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was looked for, and the hits of each kind."""

    terms: Sequence[Term]
    hits: tuple[list[Hit], list[Hit]]
    is_other: bool = False


def search(
    session: Session, viewer: Viewer, text: str, wanted: Wanted, *, kind: str = "", limit: int = 20
) -> Results:
    """The best results for `text` that the viewer may see, of one kind or of both."""
    terms = terms_of(text)
    if not terms:
        return Results()
    scopes = known_scopes(session, viewer, wanted)
    if not scopes:
        return Results()
    looked = _look(session, terms, scopes)
    groups = [places_of(name, hits) for name, hits in zip(KINDS, looked.hits, strict=True)]
    return Results(
        items=describe(session, _best(session, groups, looked.terms, kind)[:limit], looked.terms),
        conversations=len(groups[0]),
        documents=len(groups[1]),
        is_cut=any(len(hits) == LOOKED_AT for hits in looked.hits),
        instead=" ".join(map(str, looked.terms)) if looked.is_other else "",
    )


def _look(session: Session, terms: Sequence[Term], scopes: Sequence[Scope]) -> _Looked:
    found = _find(session, terms, scopes)
    if any(found):
        return _Looked(terms, found)
    alone = len(terms) == 1  # then it is known that nothing has it
    better = [_forgiven(session, term, scopes, is_sought=not alone) for term in terms]
    known = [term for term in better if term is not None]
    is_other = known != list(terms)
    if known and is_other:
        found = _find(session, known, scopes)
    if len(known) > 1 and not any(found):
        found = _find(session, known, scopes, every=False)
    return _Looked(known or terms, found, is_other=is_other and any(found))


def _find(
    session: Session, terms: Sequence[Term], scopes: Sequence[Scope], *, every: bool = True
) -> tuple[list[Hit], list[Hit]]:
    hits = {
        one.of_documents: texts_within(session, one).find(session, terms, one, every=every)
        for one in scopes
    }
    return hits.get(False, []), hits.get(True, [])


def _forgiven(
    session: Session, term: Term, scopes: Sequence[Scope], *, is_sought: bool
) -> Term | None:
    """The term itself where something has it, else the word that was meant, else nothing."""
    is_there = is_sought and is_visible(session, [term], scopes)
    return term if is_there else meant(session, term, scopes)


def _best(
    session: Session, groups: Sequence[list[Place]], terms: Sequence[Term], kind: str
) -> list[Place]:
    now, weighed = utc_now(), []
    for name, places in zip(KINDS, groups, strict=True):
        if kind in {"", name} and places:
            rows = read_places(session, name, [place.id for place in places[:_WEIGHED]])
            weighed += rows_of(places[:_WEIGHED], rows)
    return sorted(weighed, key=lambda place: (-weigh(place, terms, now), place.id))
