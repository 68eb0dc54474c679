"""Who writes when somebody cannot: the same provider again, then the next; text is not lost."""

import threading
from collections.abc import Callable, Iterable

import pytest

from chat import conversations, events, sse
from chat.answering import fallback
from chat.answering.context import Job
from chat.answering.pipeline import Bounds
from chat.answering.runner import Runner
from chat.conversations import Wish
from chat.database import Database
from chat.errors import ProviderError
from chat.eventlog.notices import Audience
from chat.eventlog.sql import SqlLog
from chat.events import Event
from chat.providers.base import Draft, Finish, Piece, Text, Thinking
from chat.providers.registry import Registry
from chat.values import AnswerRequest, Source
from tests.people import Person
from tests.unit.answering.conftest import Running

Step = Piece | Exception
Ask = Callable[..., list[Event]]


class Scripted:
    """Plays one script a draft: pieces to yield and errors to raise."""

    models = ("one",)

    def __init__(self, name: str, *scripts: Iterable[Step]) -> None:
        self.name = name
        self._scripts = iter(scripts)
        self.requests: list[AnswerRequest] = []

    def open(self, request: AnswerRequest) -> Draft:
        self.requests.append(request)
        return Draft(sources=_SOURCES, pieces=_play(next(self._scripts)), tokens_used=1)


def _play(script: Iterable[Step]):  # type: ignore[no-untyped-def]  # a generator of pieces
    for step in script:
        if isinstance(step, Exception):
            raise step
        yield step


_SOURCES = (Source(1, "d", "Harbour", "p", "It stands still.", 1.0),)
DOWN = ProviderError("It is down.", code="provider_down", again=True)
KEY = ProviderError("The key is refused.", code="provider_key", retryable=False)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fallback, "_FIRST_PAUSE", 0.001)


@pytest.fixture
def ask(database: Database, log: SqlLog, alice: Person) -> Callable[..., list[Event]]:
    """Everything that a follower is told of an answer which these providers write."""

    def start(*providers: Scripted, **bounds: float) -> list[Event]:
        return told(run(database, log, alice, providers, Bounds(**bounds)))  # type: ignore[arg-type]

    return start


def run(
    database: Database, log: SqlLog, alice: Person, providers: Iterable[Scripted], bounds: Bounds
) -> Running:
    runner = Runner(database, log, Registry(list(providers)), bounds=bounds)
    with database.writing() as session:
        place = conversations.create_conversation(session, alice.viewer)
        asked = conversations.ask(session, alice.viewer, place.id, "Why?", Wish())
    job = Job(
        asked=asked,
        viewer=alice.viewer,
        audience=Audience(alice.id),
        space_ids=alice.viewer.space_ids,
    )
    return Running(job, runner.start(job))


def told(job: Running) -> list[Event]:
    decoder = sse.Decoder()
    frames = [frame for batch in job.follow() if batch for frame in decoder.feed(batch)]
    return [events.parse(frame.event, frame.data) for frame in frames]


def test_a_provider_that_is_down_is_asked_again(ask: Ask) -> None:
    seen = ask(Scripted("model", [DOWN], [DOWN], [Text("At last.")]))
    assert _stages(seen).count("retrying") == 2
    assert _end(seen).content == "At last."
    assert _end(seen).metadata["attempts"] == 1


def test_after_the_retries_the_next_provider_writes(ask: Ask) -> None:
    seen = ask(Scripted("model", [DOWN], [DOWN], [DOWN]), Scripted("other", [Text("Here.")]))
    assert _stages(seen)[-2:] == ["fallback", "answering"]
    assert (_end(seen).content, _end(seen).metadata["provider"]) == ("Here.", "other")
    assert "reset" not in _names(seen)


def test_what_makes_no_sense_to_repeat_is_not_repeated(ask: Ask) -> None:
    model = Scripted("model", [KEY])
    seen = ask(model, Scripted("library", [Text("Here.")]))
    assert "retrying" not in _stages(seen)
    assert _end(seen).metadata["provider"] == "library"
    (step,) = [one for one in seen if isinstance(one, events.Progress) and one.stage == "fallback"]
    assert step.detail == {"provider": "library", "model": "one", "code": "provider_key"}


def test_a_provider_that_asks_for_a_long_wait_is_not_waited_for(ask: Ask) -> None:
    busy = ProviderError("Wait.", code="provider_limit", again=True, retry_after=3600)
    seen = ask(Scripted("model", [busy]), Scripted("library", [Text("Here.")]))
    assert "retrying" not in _stages(seen)


def test_after_the_first_text_another_model_starts_a_new_attempt(
    ask: Ask, database: Database
) -> None:
    seen = ask(
        Scripted("model", [Text("Half an"), DOWN]),
        Scripted("other", [Text("A whole one.")]),
        Scripted("library"),
    )
    assert _names(seen).count("start") == 2
    assert _names(seen).index("reset") > _names(seen).index("chunk")
    end = _end(seen)
    assert (end.content, end.metadata["attempts"]) == ("A whole one.", 2)
    with database.reading() as session:
        stored = conversations.find_ended(session, end.id)
    assert stored is not None
    assert (stored.content, stored.attempt) == ("A whole one.", 2)


def test_text_is_kept_where_only_the_library_is_left(ask: Ask, database: Database) -> None:
    seen = ask(Scripted("model", [Text("Half an"), DOWN]), Scripted("library"))
    assert "reset" not in _names(seen)
    (error,) = [one for one in seen if isinstance(one, events.Error)]
    assert (error.code, error.retryable) == ("provider_down", True)


def test_a_run_that_takes_too_long_keeps_its_text_and_says_so(ask: Ask) -> None:
    late = ProviderError("Too long.", code="run_timeout", again=True)
    seen = ask(Scripted("model", [Text("Half an"), late]), Scripted("other"))
    assert (_end(seen).content, _end(seen).metadata["stop_reason"]) == ("Half an", "timeout")


def test_a_run_that_takes_too_long_before_any_text_is_an_error(ask: Ask) -> None:
    late = ProviderError("Too long.", code="run_timeout", again=True)
    assert _names(ask(Scripted("model", [late]), Scripted("other")))[-1] == "error"


def test_no_provider_writes_on_after_the_deadline(ask: Ask) -> None:
    seen = ask(Scripted("model", [Text("a"), Text("b")]), run_seconds=0.0)
    assert (_end(seen).content, _end(seen).metadata["stop_reason"]) == ("a", "timeout")


def test_an_answer_is_cut_at_its_longest_length(ask: Ask) -> None:
    seen = ask(Scripted("model", [Text("abc"), Text("def"), Text("ghi")]), max_chars=4)
    assert (_end(seen).content, _end(seen).metadata["stop_reason"]) == ("abcd", "length")


def test_the_reason_why_a_provider_stopped_is_told(ask: Ask) -> None:
    seen = ask(Scripted("model", [Text("No."), Finish("refused")]))
    assert _end(seen).metadata["stop_reason"] == "refused"


def test_thinking_is_a_stage_of_its_own(ask: Ask) -> None:
    seen = ask(Scripted("model", [Thinking("Well"), Thinking(", yes."), Text("Yes.")]))
    assert _stages(seen)[-2:] == ["thinking", "answering"]
    assert "".join(one.content for one in seen if isinstance(one, events.Thinking)) == "Well, yes."


def test_a_marker_that_names_no_source_is_dropped_while_it_is_written(ask: Ask) -> None:
    seen = ask(Scripted("model", [Text("It stands [1"), Text("] still [7"), Text("].")]))
    assert _end(seen).content == "It stands [1] still."
    assert [source["n"] for source in _end(seen).metadata["sources"]] == [1]


def test_a_stop_ends_the_wait_before_another_try(
    database: Database, log: SqlLog, alice: Person
) -> None:
    slow = ProviderError("Wait.", code="provider_limit", again=True, retry_after=15)
    provider = Scripted("model", [slow])
    runner = Runner(database, log, Registry([provider]))
    with database.writing() as session:
        place = conversations.create_conversation(session, alice.viewer)
        asked = conversations.ask(session, alice.viewer, place.id, "Why?", Wish())
    job = Job(asked=asked, viewer=alice.viewer, audience=Audience(alice.id), space_ids=())
    running, waiting = Running(job, runner.start(job)), threading.Event()
    seen: list[Event] = []
    for batch in running.follow():
        seen += [events.parse(f.event, f.data) for f in sse.Decoder().feed(batch or b"")]
        if "retrying" in _stages(seen) and not waiting.is_set():
            waiting.set()
            runner.stop(running.message_id)
    assert _end(seen).metadata["stop_reason"] == "stopped"


def _names(seen: Iterable[Event]) -> list[str]:
    return [event.name for event in seen]


def _stages(seen: Iterable[Event]) -> list[str]:
    return [event.stage for event in seen if isinstance(event, events.Progress)]


def _end(seen: list[Event]) -> events.Complete:
    assert isinstance(seen[-1], events.Complete), seen[-1]
    return seen[-1]
