"""Notices reach those who may see the thing, and a page that does not read costs nothing."""

from chat.eventlog import notices
from chat.eventlog.notices import Audience, Notices
from chat.values import Role, Viewer


def test_a_notice_reaches_its_audience_and_nobody_else() -> None:
    hub = Notices()
    boxes = {
        name: hub.subscribe(viewer)[1]
        for name, viewer in {
            "owner": _viewer("owner", "room"),
            "former owner": _viewer("owner"),
            "member": _viewer("member", "room"),
            "stranger": _viewer("stranger", "elsewhere"),
        }.items()
    }
    hub.publish("run", Audience("owner", "room"), happening="started")
    assert {name: box.qsize() for name, box in boxes.items()} == {
        "owner": 1,
        "former owner": 0,
        "member": 1,
        "stranger": 0,
    }


def test_a_private_thing_is_told_to_its_owner_only() -> None:
    hub = Notices()
    _, member = hub.subscribe(_viewer("member", "room"))
    hub.publish("run", Audience("owner"), happening="started")
    assert member.qsize() == 0


def test_a_page_that_does_not_read_is_told_to_look_anew() -> None:
    hub = Notices()
    _, box = hub.subscribe(_viewer("owner"))
    for number in range(10_000):
        hub.publish("run", Audience("owner"), happening="started", number=number)
    assert box.qsize() <= box.maxsize
    told = b"".join(frame for frame in _take(box) if frame)
    assert b"event: resync" in told
    assert b"9999" in told


def test_a_closed_page_is_told_nothing() -> None:
    hub = Notices()
    number, box = hub.subscribe(_viewer("owner"))
    hub.unsubscribe(number)
    hub.publish("run", Audience("owner"), happening="started")
    assert box.qsize() == 0


def test_a_frame_is_one_event_without_an_id() -> None:
    hub = Notices()
    _, box = hub.subscribe(_viewer("owner"))
    hub.publish("conversation", Audience("owner"), title="a\nb")
    assert box.get_nowait() == b'event: conversation\ndata: {"title":"a\\nb"}\n\n'


def _viewer(name: str, *spaces: str) -> Viewer:
    return Viewer(name, name, f"{name}@example.org", Role.MEMBER, spaces)


def _take(box: "notices.queue.Queue[bytes]") -> list[bytes]:
    return [box.get_nowait() for _ in range(box.qsize())]
