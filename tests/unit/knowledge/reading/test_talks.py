"""Exports of ChatGPT and Open WebUI become trees of messages, whatever they hold."""

import io
import json
from typing import Any

import pytest

from chat.knowledge.reading.refusals import Refused
from chat.knowledge.reading.talks import parsed, read_talks
from tests.papers.office import make_zip


def node(role: str, text: Any, parent: str | None, **more: Any) -> dict[str, Any]:
    said = {"author": {"role": role}, "content": {"content_type": "text", "parts": [text]}}
    return {"parent": parent, "message": said | {"create_time": 1_700_000_000.5} | more}


CHATGPT = {
    "conversation_id": "c1",
    "title": "Of okapis",
    "create_time": 1_700_000_000,
    "current_node": "a2",
    "mapping": {
        "root": {"parent": None, "message": None},
        "sys": node("system", "Be kind", "root"),
        "q1": node("user", "Who?", "sys"),
        "a1": node("assistant", "Maria.", "q1"),
        "a2": node("assistant", "Holt.", "q1", metadata={"model_slug": "gpt-4"}),
    },
}
WEBUI = {
    "id": "w1",
    "created_at": 1_700_000_000,
    "chat": {
        "title": "Of tapirs",
        "history": {
            "currentId": "2",
            "messages": {
                "1": {"role": "user", "content": "Why?", "parentId": None, "timestamp": 17e8},
                "2": {"role": "assistant", "content": "So.", "parentId": "1", "model": "llama"},
            },
        },
    },
}


def read(held: Any) -> list[dict[str, Any]]:
    return list(read_talks(parsed(io.BytesIO(json.dumps(held).encode()))))


def shape(talk: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return [(one["id"], one["parent"], one["content"]) for one in talk["messages"]]


def test_a_tree_of_chatgpt_is_kept_with_all_its_versions() -> None:
    [talk] = read([CHATGPT])
    assert shape(talk) == [("q1", None, "Who?"), ("a1", "q1", "Maria."), ("a2", "q1", "Holt.")]
    assert (talk["key"], talk["title"], talk["leaf"]) == ("chatgpt:c1", "Of okapis", "a2")
    assert talk["messages"][2]["model"] == "gpt-4"
    assert talk["at"] == 1_700_000_000


def test_it_is_found_in_its_archive() -> None:
    data = make_zip({"x/conversations.json": json.dumps([CHATGPT]), "chat.html": "<p>"})
    [talk] = read_talks(parsed(io.BytesIO(data)))
    assert talk["key"] == "chatgpt:c1"


def test_a_chat_of_open_webui_is_read() -> None:
    [talk] = read([WEBUI])
    assert shape(talk) == [("1", None, "Why?"), ("2", "1", "So.")]
    assert (talk["key"], talk["leaf"], talk["title"]) == ("openwebui:w1", "2", "Of tapirs")


@pytest.mark.parametrize(
    "held",
    [
        [], {}, [1, None, "x", [[]]], [{"mapping": []}], [{"mapping": {}}], "x", 1e999,
        [{"mapping": {"a": None, "b": 1, "c": {"message": "x", "parent": 7}}}],
        [{"chat": {"history": {"messages": {"a": {"role": ["user"], "content": {}}}}}}],
        [{"mapping": {"a": node("user", 5, None)}}],
        [{"mapping": {"a": node("user", "x", "b"), "b": node("assistant", "y", "a")}}],
    ],
)  # fmt: skip
def test_what_holds_no_conversation_is_refused(held: Any) -> None:
    with pytest.raises(Refused):
        read(held)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 200_000, b"PK\x03\x04broken"])
def test_what_is_no_file_of_this_kind_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        list(read_talks(parsed(io.BytesIO(data))))


def test_one_conversation_that_is_broken_does_not_harm_the_others() -> None:
    assert [talk["key"] for talk in read([7, {"mapping": 1}, CHATGPT, WEBUI])] == [
        "chatgpt:c1",
        "openwebui:w1",
    ]


def test_circles_orphans_and_speakers_out_of_turn_are_put_in_order() -> None:
    mapping = {
        "a0": node("assistant", "First an answer", None),
        "q1": node("user", "One", "a0"),
        "q2": node("user", "Two", "q1"),
        "t": node("tool", "{}", "q2"),
        "a1": node("assistant", "Answer", "t"),
        "c1": node("user", "circle", "c2"),
        "c2": node("assistant", "circle", "c1"),
        "lost": node("user", "Orphan", "nowhere"),
    }
    [talk] = read([{"id": "x", "mapping": mapping, "current_node": "c1"}])
    assert shape(talk) == [
        ("q1", None, "One\n\nTwo"),
        ("a1", "q1", "Answer"),
        ("lost", None, "Orphan"),
    ]
    assert talk["leaf"] == "lost"


def test_a_path_of_ten_thousand_is_read_without_recursion() -> None:
    mapping = {
        str(n): node("assistant" if n % 2 else "user", f"m{n}", str(n - 1) if n else None)
        for n in range(10_000)
    }
    [talk] = read([{"id": "x", "mapping": mapping}])
    assert len(talk["messages"]) == 10_000
    assert talk["leaf"] == "9999"


@pytest.mark.parametrize("at", ["x", None, True, -5, 1e300, float("nan")])
def test_times_that_are_none_are_left_out(at: Any) -> None:
    [talk] = read([{"id": "x", "create_time": at, "mapping": {
        "q": node("user", "Q", None, create_time=at)}}])  # fmt: skip
    assert talk["at"] is None or 0 < talk["at"] < 4e9
