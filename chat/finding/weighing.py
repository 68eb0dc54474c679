"""In which order places come: by how well their best text suits, their title, and how new they are.

Imports texts, what is asked, and the plain ground.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chat.finding.asked import Term
from chat.finding.hits import Hit
from chat.finding.marking import mark

_TITLE = 0.5  # of a best text's worth: that the title has every term
_NEWNESS = 0.3  # the most that newness adds
_HALF_LIFE = 30.0  # days after which it adds half of that


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation or a document, its best text, and how many of its texts suit."""

    kind: str
    id: str
    text_id: str | None
    score: float
    count: int
    row: Any = None


def places_of(kind: str, hits: Sequence[Hit]) -> list[Place]:
    """The places of hits, best first; scores from 0 to 1."""
    best: dict[str, Hit] = {}
    texts: dict[str, Hit] = {}  # a title is told by itself: beside it the best text is shown
    counts: Counter[str] = Counter()
    for hit in hits:
        counts[hit.place_id] += 1
        for kept in (best, texts) if hit.text_id else (best,):
            if hit.place_id not in kept or hit.score > kept[hit.place_id].score:
                kept[hit.place_id] = hit
    top = max((hit.score for hit in best.values()), default=0.0) or 1.0
    found = [
        Place(kind, key, texts.get(key, hit).text_id, hit.score / top, counts[key])
        for key, hit in best.items()
    ]
    return sorted(found, key=lambda place: (-place.score, place.id))


def weigh(place: Place, terms: Sequence[Term], now: datetime) -> float:
    """What a place whose row is read is worth in the list of all."""
    title, at = place.row[1] or "", place.row[4]
    days = max(0.0, (now - at).total_seconds() / 86_400)
    told = all(any(marked for _, marked in mark(title, [term])) for term in terms)
    newness: float = 0.5 ** (days / _HALF_LIFE)
    return place.score + _TITLE * told + _NEWNESS * newness


def rows_of(places: Sequence[Place], rows: Mapping[str, Any]) -> list[Place]:
    """The places that are still there, each with its row."""
    return [
        Place(place.kind, place.id, place.text_id, place.score, place.count, rows[place.id])
        for place in places
        if place.id in rows
    ]
