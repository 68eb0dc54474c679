"""Which answers may be given again, and what their key takes from who asks and who writes."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from chat.answering.attempt import Attempt
from chat.answering.caching import identity_of, is_clean, libraries_of, policy_of
from chat.answering.context import Job
from chat.answering.privacy import Privacy
from chat.conversations import Asked
from chat.eventlog.live import LiveLog
from chat.eventlog.notices import Audience
from chat.eventlog.sql import RunWriter
from chat.events import Chunk
from chat.providers.building import build_provider
from chat.providers.pacing import Pace
from chat.spaces import Brief
from chat.values import Connection, DataPolicy, Depth, Limits, Role, Viewer
from tests.unit.answering.conftest import FedProvider

ASKED = Asked(
    conversation_id="c", owner_id="p", space_id=None, visibility="private", question_id="q",
    question="Why?", asked_at="", client_id=None, history_from=None, message_id="m", attempt=1,
    depth=Depth.QUICK, provider="", model="", written="", thinking="", is_new=True,
)  # fmt: skip
JOB = Job(
    asked=ASKED,
    viewer=Viewer("p", "Bob", "bob@example.org", Role.MEMBER, ("team", "own")),
    audience=Audience("p", None),
    space_ids=["team", "own"],
    brief=Brief(libraries={"team": 4, "own": 0, "elsewhere": 2}),
    cached=True,
)
CLEAN = {
    "stop_reason": "end",
    "sources": [{"n": 1, "document_id": "d"}],
    "analysis": {"stages": [{"stage": "loading_context"}, {"stage": "answering"}]},
}


@dataclass
class Outside:
    name: str = "vendor"
    models: tuple[str, ...] = ("small",)


def attempt_with(text: str = "Because.", job: Job = JOB) -> Attempt:
    writer = RunWriter(LiveLog("m", 1))
    if text:
        writer.write(Chunk(content=text, confidence=None))
    return Attempt(job=job, writer=writer, provider=FedProvider(), model="queue")


def stages(*names: str) -> dict[str, Any]:
    return {"analysis": {"stages": [{"stage": name} for name in names]}}


def test_a_whole_answer_at_the_first_try_is_clean() -> None:
    assert is_clean(attempt_with(), CLEAN)


@pytest.mark.parametrize(
    "unclean",
    [
        {"stop_reason": "length"},
        {"stop_reason": "timeout"},
        {"stop_reason": "stopped"},
        {"stop_reason": "refused"},
        {"sources": [{"n": 1, "url": "https://example.org"}]},
        stages("loading_context", "retrying", "answering"),
        stages("loading_context", "fallback", "answering"),
        stages("recovering", "loading_context", "answering"),
        stages("loading_context", "cached"),
    ],
)
def test_what_went_another_way_is_not_clean(unclean: dict[str, Any]) -> None:
    assert not is_clean(attempt_with(), CLEAN | unclean)


def test_a_later_attempt_is_not_clean_nor_is_an_empty_text() -> None:
    second = replace(JOB, asked=replace(ASKED, attempt=2))
    assert not is_clean(attempt_with(job=second), CLEAN)
    assert not is_clean(attempt_with(text=""), CLEAN)


def test_libraries_are_those_that_are_searched_and_ever_held_something() -> None:
    assert libraries_of(JOB) == {"team": 4}


def test_there_are_none_to_go_by_where_a_space_was_lost_on_the_way() -> None:
    assert libraries_of(replace(JOB, brief=Brief(libraries={"own": 0}))) is None


@pytest.mark.parametrize(
    "stricter",
    [
        (Privacy(default=DataPolicy.REDACT), Brief()),
        (Privacy(), Brief(personal_data=DataPolicy.REDACT)),
        (Privacy(), Brief(documents=DataPolicy.WARN)),
    ],
)
def test_what_is_done_about_personal_data_asks_for_another_answer(
    stricter: tuple[Privacy, Brief],
) -> None:
    privacy, brief = stricter
    before = policy_of(JOB, Outside(), Privacy())  # type: ignore[arg-type]
    assert policy_of(replace(JOB, brief=brief), Outside(), privacy) != before  # type: ignore[arg-type]


def test_another_address_of_the_same_name_is_another_writer() -> None:
    here = Connection(
        name="local", kind="openai_compatible", preset="other",
        base_url="http://127.0.0.1:1/v1", models=("small",),
    )  # fmt: skip
    places = [
        here,
        replace(here, base_url="http://127.0.0.1:2/v1"),
        replace(here, context_tokens=9),
    ]
    known = {identity_of(build_provider(place, Limits(), Pace())) for place in places}
    assert len(known) == 3
    web = replace(here, preset="perplexity")
    assert identity_of(build_provider(web, Limits(), Pace())) is None
