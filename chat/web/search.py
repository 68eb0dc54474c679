"""Search for people: one page, the best few in the dialog of Ctrl+K, and the same as JSON.

Keeps true: what is shown was found for the viewer, within the query; the page works without
script, which only asks for its results sooner. May import every floor below web.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, jsonify, render_template, request

from chat import finding, spaces
from chat.errors import Invalid
from chat.finding import Results, Wanted
from chat.values import utc_now
from chat.web.access import current_viewer, signed_in
from chat.web.bodies import read_limit
from chat.web.site import site

blueprint = Blueprint("search", __name__)
_LONGEST = 200  # characters of what is looked for
_SHOWN, _MOST, _OFFERED = 20, 50, 8
_WHATS = {"": "", "conversations": "conversation", "documents": "document"}
_WHENS = {"": 0, "week": 7, "month": 31, "year": 366}  # days


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked for, what came of it, and how long that took."""

    asked: Mapping[str, str]
    results: Results
    took_ms: float

    @property
    def count(self) -> int:
        """How many there are of what is wanted, whether they are shown or not."""
        said, documents = self.results.conversations, self.results.documents
        return {"conversations": said, "documents": documents}.get(
            self.asked["what"], said + documents
        )


@blueprint.get("/search")
@signed_in
def page() -> str:
    """The page with its filters and the results."""
    viewer, found = current_viewer(), _search(_SHOWN)
    with site().database.reading() as session:
        places = [(one.id, one.name) for one in spaces.member_spaces(session, viewer)]
        people = finding.people_near(session, viewer)
    return render_template("search/page.html", found=found, spaces=places, people=people)


@blueprint.get("/search/results")
@signed_in
def results() -> str:
    """Fragment: the results for the page's filters."""
    return render_template("search/results.html", found=_search(_SHOWN))


@blueprint.get("/search/options")
@signed_in
def options() -> str:
    """Fragment: the best few, as options of the dialog."""
    return render_template("search/options.html", found=_search(_OFFERED))


@blueprint.get("/api/search")
@signed_in
def search_api() -> Response:
    """The best results as JSON."""
    found = _search(read_limit(_SHOWN, _MOST))
    return jsonify(
        {
            "items": [item.as_json() for item in found.results.items],
            "conversations": found.results.conversations,
            "documents": found.results.documents,
            "more": found.results.is_cut,
            "instead": found.results.instead or None,
            "took_ms": round(found.took_ms, 1),
        }
    )


def _search(limit: int) -> Found:
    names = ("q", "what", "space", "person", "when")
    asked = {name: request.args.get(name, "").strip()[:_LONGEST] for name in names}
    for name, known in (("what", _WHATS), ("when", _WHENS)):
        if asked[name] not in known:
            raise Invalid(f"{name} is {', '.join(filter(None, known))}, or nothing.")
    days = _WHENS[asked["when"]]
    wanted = Wanted(
        space_id=asked["space"] or None,
        person_id=asked["person"] or None,
        since=utc_now() - timedelta(days=days) if days else None,
    )
    viewer, began = current_viewer(), time.perf_counter()
    finding.catch_up(site().database)
    with site().database.reading() as session:
        found = finding.search(
            session, viewer, asked["q"], wanted, kind=_WHATS[asked["what"]], limit=limit
        )
    return Found(asked, found, (time.perf_counter() - began) * 1000)
