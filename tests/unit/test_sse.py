"""Frames out and frames in; the cases are those of the WHATWG algorithm."""

import pytest

from chat import sse

STREAMS = {
    "three kinds of line end": (
        b"data: a\n\ndata: b\r\rdata: c\r\n\r\n",
        [("", "message", "a"), ("", "message", "b"), ("", "message", "c")],
    ),
    "one space is stripped": (b"data:  a\n\n", [("", "message", " a")]),
    "no space is needed": (b"data:a\n\n", [("", "message", "a")]),
    "several data lines": (b"data: a\ndata\ndata: b\n\n", [("", "message", "a\n\nb")]),
    "a field without a colon": (b"data\n\n", [("", "message", "")]),
    "one byte order mark": (b"\xef\xbb\xbfdata: a\n\n", [("", "message", "a")]),
    "the second mark is a field": (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n", []),
    "the id persists": (b"id: 7\ndata: a\n\ndata: b\n\n",
                        [("7", "message", "a"), ("7", "message", "b")]),
    "an id with NUL is ignored": (b"id: 1\ndata: a\n\nid: 2\x00\ndata: b\n\n",
                                  [("1", "message", "a"), ("1", "message", "b")]),
    "an empty id resets": (b"id: 1\ndata: a\n\nid\ndata: b\n\n",
                           [("1", "message", "a"), ("", "message", "b")]),
    "the event name does not persist": (b"event: x\ndata: a\n\ndata: b\n\n",
                                        [("", "x", "a"), ("", "message", "b")]),
    "an event without data": (b"event: x\n\ndata: b\n\n", [("", "message", "b")]),
    "comments and unknown fields": (b": hello\nfoo: bar\ndata: a\n\n", [("", "message", "a")]),
    "an unfinished event is dropped": (b"data: a\n\ndata: b\n", [("", "message", "a")]),
    "line separators of Unicode are text": ("data: a\u2028b\u0085c\n\n".encode(),
                                            [("", "message", "a\u2028b\u0085c")]),
    "bytes that are no character": (b"data: a\xe2\x82\n\ndata: \xff\n\n",
                                   [("", "message", "a\ufffd"), ("", "message", "\ufffd")]),
    "a name before a value": (b"event: x\ndata: a\n\nevent: y\r\ndata: b\r\n\r\n",
                              [("", "x", "a"), ("", "y", "b")]),
    "many bytes a character": ("data: ë€😀\r\n\r\n".encode(), [("", "message", "ë€😀")]),
}  # fmt: skip


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_reads_the_same_wherever_it_is_cut(name: str) -> None:
    stream, expected = STREAMS[name]
    for cut in range(len(stream) + 1):
        assert _read([stream[:cut], stream[cut:]]) == expected, f"cut at {cut}"
    assert _read([bytes([byte]) for byte in stream]) == expected


@pytest.mark.parametrize("name", STREAMS)
def test_the_fast_way_gives_the_same_data_wherever_it_is_cut(name: str) -> None:
    stream = STREAMS[name][0] + b"\n\ndata: after\n\n"
    expected = [data for _, _, data in _read([stream])]
    for cut in range(len(stream) + 1):
        for second in range(cut, len(stream) + 1):
            cuts = [stream[:cut], stream[cut:second], stream[second:]]
            decoder = sse.Decoder()
            found = [data for chunk in cuts for data in decoder.feed_data(chunk)]
            assert found == expected, f"cut at {cut} and {second}"


@pytest.mark.parametrize(
    ("stream", "rest"),
    [(b"data: a\n\n", ""), (b"data: a\n\n: bye", ""), (b"data: a\n", "a"),
     (b"data: a\n\ndata: b", "data: b"), (b"data: a\ndata: b", "a\ndata: b"), (b"", "")],
)  # fmt: skip
def test_what_has_not_ended_can_be_seen(stream: bytes, rest: str) -> None:
    decoder = sse.Decoder()
    decoder.feed_data(stream)
    assert decoder.unfinished == rest


def test_a_frame_that_was_encoded_decodes_to_itself() -> None:
    frame = sse.encode("chunk", '{"content":"a\\nb\u2028"}'.encode(), "1-2")
    assert _read([frame]) == [("1-2", "chunk", '{"content":"a\\nb\u2028"}')]


@pytest.mark.parametrize(
    ("event", "data", "event_id"),
    [("a\nb", b"{}", "1"), ("a", b"{\n}", "1"), ("a", b"{\r}", "1"), ("a", b"{}", "1\ndata: x")],
)
def test_no_value_can_create_a_field_or_a_frame(event: str, data: bytes, event_id: str) -> None:
    with pytest.raises(ValueError, match="event"):
        sse.encode(event, data, event_id)


def _read(chunks: list[bytes]) -> list[tuple[str, str, str]]:
    decoder = sse.Decoder()
    return [(f.id, f.event, f.data) for chunk in chunks for f in decoder.feed(chunk)]
