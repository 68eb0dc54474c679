"""The live log: late, slow and resuming followers all end with what was written."""

import random
import threading
from collections.abc import Iterable

import pytest

from chat import events, sse
from chat.eventlog import live
from chat.eventlog.live import LiveLog
from chat.events import BEGINNING, EventId


def test_a_follower_from_the_start_gets_every_event_once() -> None:
    log = LiveLog("m", 1)
    log.write(_start())
    reader = log.follow(BEGINNING, 1)
    first = next(reader)
    log.write(_chunk("a"))
    log.write(_complete("a"))
    frames = _frames([first, *reader])
    assert [f.id for f in frames] == ["1-1", "1-2", "1-3"]


def test_a_follower_that_resumes_gets_exactly_what_it_lacks() -> None:
    log = _written(10)
    assert [f.id for f in _read(log, EventId(1, 9))] == ["1-10", "1-11", "1-12"]
    assert [f.event for f in _read(log, EventId(1, 11))] == ["complete"]


def test_a_late_follower_gets_the_events_without_text_and_one_snapshot() -> None:
    log = _written(10)
    frames = _read(log, BEGINNING)
    assert [f.event for f in frames] == ["start", "snapshot", "complete"]
    assert events.parse("snapshot", frames[1].data).content == "0123456789"  # type: ignore[attr-defined]


def test_a_follower_whose_frames_are_gone_gets_a_snapshot() -> None:
    log = _written(3 * live.MAX_FRAMES)
    frames = _read(log, EventId(1, 5))
    assert [f.event for f in frames] == ["snapshot", "complete"]
    assert _text(frames) == log.text


def test_a_follower_of_an_earlier_attempt_gets_a_snapshot() -> None:
    log = LiveLog("m", 2)
    log.write(_start(2))
    log.write(_chunk("new"))
    log.write(_complete("new"))
    frames = _read(log, EventId(1, 500))
    assert [f.event for f in frames] == ["start", "snapshot", "complete"]
    assert _ids_grow(frames)


def test_an_id_from_nowhere_gets_everything_anew() -> None:
    assert _text(_read(_written(4), EventId(1, 400))) == "0123"
    assert _text(_read(_written(4), EventId(7, 1))) == "0123"


def test_a_context_after_the_first_text_is_not_lost_to_a_late_follower() -> None:
    log = LiveLog("m", 1)
    log.write(_start())
    log.write(_chunk("a"))
    log.write(events.Progress(stage="fallback", message="Another provider", elapsed_ms=1))
    log.write(_complete("a"))
    frames = _read(log, BEGINNING)
    assert [f.event for f in frames] == ["start", "snapshot", "progress", "complete"]
    assert _ids_grow(frames)


def test_a_reset_withdraws_the_text() -> None:
    log = LiveLog("m", 1)
    for event in (_start(), _chunk("old"), events.Reset(reason="again"), _chunk("new")):
        log.write(event)
    assert log.text == "new"


def test_memory_is_bounded_while_nobody_reads() -> None:
    log = LiveLog("m", 1)
    for _ in range(5_000):
        log.write(_chunk("x" * 100))
    assert len(log._recent) <= live.MAX_FRAMES
    assert log._recent_bytes <= live.MAX_BYTES


def test_a_silent_log_tells_its_follower_so() -> None:
    log = LiveLog("m", 1)
    assert next(log.follow(BEGINNING, 0.001)) is None


def test_followers_at_many_places_all_end_with_the_same_text() -> None:
    """open-webui #29596, LibreChat #11842: a reload or a second reconnect loses or mixes text."""
    log, results = LiveLog("m", 1), {}
    log.write(_start())

    def read(number: int) -> None:
        results[number] = _read(log, EventId(1, number % 3))

    threads = [threading.Thread(target=read, args=(n,)) for n in range(30)]
    for thread in threads[:15]:
        thread.start()
    for n in range(1_000):
        log.write(_chunk(f"{n} "))
    for thread in threads[15:]:
        thread.start()
    log.write(_complete(log.text))
    for thread in threads:
        thread.join(10)
    assert len(results) == 30
    for frames in results.values():
        assert _text(frames) == log.text
        assert _ids_grow(frames)


def test_what_could_not_be_saved_is_saved_first_the_next_time() -> None:
    log = LiveLog("m", 1)
    log.write(_start())
    taken = log.take_unsaved()
    assert taken is not None
    log.write(_chunk("a"))
    log.give_back(taken)
    again = log.take_unsaved()
    assert again is not None
    assert (again.first_seq, again.last_seq, again.frames.count(b"\n\n")) == (1, 2, 2)
    assert log.take_unsaved() is None


def test_what_could_not_be_saved_is_left_alone_once_all_is_in_the_message() -> None:
    log = LiveLog("m", 1)
    log.write(_start())
    taken = log.take_unsaved()
    assert taken is not None
    log.write(_chunk("a"))
    log.take_unsaved()  # its end is stored
    log.give_back(taken)
    assert log.take_unsaved() is None


def test_each_time_there_is_something_to_save_again_it_is_told_once() -> None:
    told: list[LiveLog] = []
    log = LiveLog("m", 1, told.append)
    log.write(_start())
    log.write(_chunk("a"))
    assert told == [log]
    log.take_unsaved()
    log.write(_chunk("b"))
    assert told == [log, log]


def test_what_is_unsaved_at_the_end_keeps_its_numbers_and_may_be_looked_at_before() -> None:
    log = LiveLog("m", 1)
    log.write(_start())
    log.take_unsaved()
    log.write(_chunk("a"))
    before = log.peek_unsaved()
    log.write(_complete("a"))
    after = log.peek_unsaved()
    taken = log.take_unsaved()
    assert before == after == taken
    assert taken is not None
    assert (taken.first_seq, taken.last_seq, taken.frames.count(b"\n\n")) == (2, 2, 1)
    assert log.peek_unsaved() is None


def test_what_an_attempt_has_not_saved_is_not_saved_for_the_next_one() -> None:
    log = LiveLog("m", 1)
    log.write(_start())
    taken = log.take_unsaved()
    assert taken is not None
    log.begin_attempt(2)
    log.give_back(taken)
    assert log.take_unsaved() is None


def test_a_follower_stays_with_the_run_over_its_attempts() -> None:
    log = LiveLog("m", 1)
    log.write(_start())
    log.write(_chunk("old"))
    reader = log.follow(BEGINNING, 1)
    seen = [next(reader)]
    log.begin_attempt(2)
    log.write(events.Reset(reason="another provider"))
    log.write(_start(2))
    log.write(_chunk("new"))
    log.write(_complete("new"))
    frames = _frames([*seen, *reader])
    assert [f.id for f in frames] == ["1-1", "1-2", "2-1", "2-2", "2-3", "2-4"]
    assert _text(frames) == "new"


@pytest.mark.parametrize("after", [BEGINNING, EventId(1, 1), EventId(1, 2), EventId(2, 1)])
def test_who_joins_or_resumes_after_an_attempt_has_the_text_of_the_newest(after: EventId) -> None:
    log = LiveLog("m", 1)
    log.write(_start())
    log.write(_chunk("old"))
    log.begin_attempt(2)
    log.write(events.Reset(reason="another provider"))
    for part in "x" * (2 * live.MAX_FRAMES):
        log.write(_chunk(part))
    log.write(_complete(log.text))
    frames = _read(log, after)
    assert _text(frames) == log.text
    assert _ids_grow(frames)


def test_the_attempts_of_a_run_only_grow() -> None:
    log = LiveLog("m", 2)
    with pytest.raises(ValueError, match="only grow"):
        log.begin_attempt(2)


@pytest.mark.parametrize("seed", range(200))
def test_a_random_log_with_little_room_resumes_from_any_id(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_FRAMES", 7)
    chance, log = random.Random(seed), LiveLog("m", 1)
    log.write(_start())
    shown = {1: ""}  # what a reader shows who has applied the event of this number
    for _ in range(chance.randint(0, 60)):
        log.write(_random_event(chance))
        shown[log.last_id.seq] = log.text
    log.write(_complete(log.text))
    for seq in chance.sample(list(shown), min(5, len(shown))):
        frames = _read(log, EventId(1, seq))
        assert _ids_grow(frames)
        assert EventId.parse(frames[0].id) > EventId(1, seq)
        assert _text(frames, shown[seq]) == log.text


def _random_event(chance: random.Random) -> events.Event:
    kinds: list[events.Event] = [
        _chunk(f"{chance.random()} "),
        events.Progress(stage="analyzing", message="Looking", elapsed_ms=1),
        events.Reset(reason="again"),
    ]
    return chance.choices(kinds, weights=(16, 2, 1))[0]


def _written(chunks: int) -> LiveLog:
    log = LiveLog("m", 1)
    log.write(_start())
    for number in range(chunks):
        log.write(_chunk(str(number)))
    log.write(_complete(log.text))
    return log


def _start(attempt: int = 1) -> events.Start:
    return events.Start(
        message_id="m", conversation_id="c", parent_id="q", attempt=attempt, provider="p", model="m"
    )


def _chunk(text: str) -> events.Chunk:
    return events.Chunk(content=text, confidence=None)


def _complete(text: str) -> events.Complete:
    return events.Complete(id="m", content=text, metadata={})


def _read(log: LiveLog, after: EventId) -> list[sse.Frame]:
    return _frames(log.follow(after, 5))


def _frames(batches: Iterable[bytes | None]) -> list[sse.Frame]:
    decoder = sse.Decoder()
    return [frame for batch in batches if batch for frame in decoder.feed(batch)]


def _text(frames: list[sse.Frame], text: str = "") -> str:
    """What a client that showed `text` shows after these frames, before the terminal one."""
    for frame in frames:
        event = events.parse(frame.event, frame.data)
        match event:
            case events.Chunk():
                text += event.content
            case events.Snapshot():
                text = event.content
            case events.Reset():
                text = ""
    return text


def _ids_grow(frames: list[sse.Frame]) -> bool:
    ids = [EventId.parse(frame.id) for frame in frames]
    return ids == sorted(set(ids))
