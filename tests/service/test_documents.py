"""Twenty real files of all the kinds: each is read or refused with the right reason, and the site
answers meanwhile as it does while it is idle.
"""

import html
import re
import statistics
import time
from typing import Any

import pytest

from tests.live import LiveSite
from tests.papers.sending import send_files
from tests.papers.twenty import Paper, fact, twenty

SOON = 0.05  # seconds in which the site has to answer
TIMES_IDLE = 4  # or so many times what it takes on this machine while it is idle
PATIENCE = 240.0


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    return twenty()


@pytest.fixture(scope="module")
def outcome(live_site: LiveSite, papers: list[Paper]) -> tuple[dict[str, Any], float, float]:
    """What became of each file, and the median of an answer, idle and meanwhile."""
    idle = [seconds(live_site, "/api/documents") for _ in range(60)]
    sent = send_files(live_site, [(paper.name, paper.data) for paper in papers])
    assert [one["state"] for one in sent] == ["waiting"] * len(papers)
    busy: list[float] = []
    deadline = time.monotonic() + PATIENCE
    while not all(one["state"] in {"done", "failed"} for one in uploads(live_site)):
        assert time.monotonic() < deadline, uploads(live_site)
        busy += [seconds(live_site, "/api/documents") for _ in range(10)]
    assert len(busy) > 60
    became = {one["name"]: one for one in uploads(live_site)}
    return became, statistics.median(idle), statistics.median(busy)


def seconds(site: LiveSite, path: str) -> float:
    began = time.perf_counter()
    assert site.request("GET", path, as_="bob")[0] == 200
    return time.perf_counter() - began


def uploads(site: LiveSite) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = site.request("GET", "/api/uploads", as_="alice")[1]["items"]
    return items


def test_there_are_twenty(papers: list[Paper]) -> None:
    assert len(papers) == 20


def test_each_is_read_or_refused_with_the_right_reason(
    outcome: tuple[dict[str, Any], float, float], papers: list[Paper]
) -> None:
    became = outcome[0]
    reasons = {name: [one["reason"] for one in up["refused"]] for name, up in became.items()}
    assert reasons == {paper.name: [paper.reason] if paper.reason else [] for paper in papers}
    assert all(became[paper.name]["documents"] for paper in papers if not paper.reason)


def test_what_was_read_says_where_it_stands(
    outcome: tuple[dict[str, Any], float, float], papers: list[Paper], live_site: LiveSite
) -> None:
    for paper in papers:
        if paper.place:
            (document,) = outcome[0][paper.name]["documents"]
            assert _place(live_site, document["id"]).startswith(paper.place), paper.name


def test_what_was_read_is_found(
    outcome: tuple[dict[str, Any], float, float], live_site: LiveSite
) -> None:
    for subject in ("word crane", "sheet pump", "slide lamp", "book bell", "packed door"):
        _, made = live_site.request("POST", "/api/conversations", {}, as_="bob")
        question = {"content": f"How often is the {subject} inspected?"}
        path = f"/api/conversations/{made['id']}/messages"
        _, answer = live_site.request("POST", path, question, as_="bob")
        quotes = [one["quote"] for one in answer["message"]["metadata"]["sources"]]
        assert any(fact(subject)[:40] in quote for quote in quotes), (subject, quotes)


def test_the_site_answers_meanwhile(outcome: tuple[dict[str, Any], float, float]) -> None:
    _, idle, busy = outcome
    assert busy < max(SOON, TIMES_IDLE * idle), (idle, busy)


def _place(site: LiveSite, document_id: str) -> str:
    """The place of the passage that holds the fact."""
    _, page = site.request("GET", f"/library/{document_id}?quote=is+inspected+every", as_="bob")
    before = page[: page.index('<mark id="quote">')]
    shown = html.unescape(re.findall(r'class="passage__place">([^<]+)<', before)[-1])
    return shown[0].lower() + shown[1:]
