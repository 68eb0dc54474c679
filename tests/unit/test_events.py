"""The closed set of events: what they carry, and what they refuse."""

import pytest

from chat import events
from chat.events import EventId


def test_an_event_is_one_frame_of_compact_json() -> None:
    frame = events.frame(events.Chunk(content="a\nb", confidence=0.5), 1, 7)
    assert frame == b'id: 1-7\nevent: chunk\ndata: {"content":"a\\nb","confidence":0.5}\n\n'


def test_an_event_cannot_be_changed() -> None:
    chunk = events.Chunk(content="a", confidence=None)
    with pytest.raises(AttributeError):
        chunk.content = "b"  # type: ignore[misc]


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_a_confidence_is_a_probability(value: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        events.Chunk(content="a", confidence=value)


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "-1", "1-2-3", "a-b", "²-1", "1-9999999999", "1 -2"]
)
def test_an_event_id_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="1-17"):
        EventId.parse(text)


def test_ids_order_by_attempt_and_then_by_number() -> None:
    assert EventId(1, 99) < EventId(2, 1) < EventId(2, 10)
    assert EventId.parse("2-10") == EventId(2, 10)


def test_every_event_says_what_may_follow_it() -> None:
    assert set(events.FOLLOWS) == {None, *events.ALL}
    assert all(not events.FOLLOWS[kind.name] for kind in events.ALL.values() if kind.terminal)


def test_what_was_encoded_parses_to_itself() -> None:
    event = events.Progress(stage="analyzing", message="Analyzing", elapsed_ms=3)
    assert events.parse("progress", event.data().decode()) == event


@pytest.mark.parametrize(("name", "data"), [("nothing", "{}"), ("chunk", "{}"), ("chunk", "{")])
def test_a_frame_that_is_no_event_of_a_run_is_refused(name: str, data: str) -> None:
    with pytest.raises(ValueError, match="not an event"):
        events.parse(name, data)
