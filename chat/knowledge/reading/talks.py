"""Conversations in the export files of ChatGPT and Open WebUI, whichever of them a file is.

Keeps true: whatever the file holds, what comes out is a tree of messages: every parent comes before
its children, nothing goes in a circle, and what is of another form is left out. ChatGPT's
`conversations.json` is a list of conversations whose `mapping` holds the nodes of a tree, alone or
in its ZIP archive; Open WebUI's is a list of `{chat: {history: {messages, currentId}}}`. Runs in a
confined child. Imports archive and refusals.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from chat.knowledge.reading.archive import MOST_UNPACKED, Archive
from chat.knowledge.reading.refusals import Refused, broken

_LISTED = "conversations.json"
_MOST_TALKS, _MOST_MESSAGES = 50_000, 20_000
_LONGEST = 400_000  # characters of a message that are kept
_SPEAKERS = {"user": "user", "assistant": "assistant"}
_UNKNOWN = (
    "It is no export of conversations. Send the ZIP archive or the conversations.json of ChatGPT, "
    "or the JSON file of Open WebUI."
)
Json = Any


def read_talks(held: list[Json]) -> Iterator[dict[str, Json]]:
    """Each conversation that can be told: `{key, title, at, messages, leaf}`; Refused for others.

    A message is `{id, parent, role, content, at, model}`; its parent comes before it, or is None.
    """
    found = 0
    for talk in held[:_MOST_TALKS]:
        told = _chatgpt(talk) or _open_webui(talk)
        if told is not None and told["messages"]:
            found += 1
            yield told
    if not found:
        raise Refused("unknown_kind", _UNKNOWN)


def parsed(file: BinaryIO) -> list[Json]:
    """What the file holds, as a list of what may be conversations; Refused for what is no JSON."""
    start = file.read(4)
    file.seek(0)
    if start == b"PK\x03\x04":
        archive = Archive(file)
        names = [name for name in archive.names if name.rpartition("/")[2] == _LISTED]
        if not names:
            raise Refused("unknown_kind", _UNKNOWN)
        data = archive.read(min(names, key=len))
    else:
        data = file.read(MOST_UNPACKED)
    try:
        held = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise broken("it is not JSON that can be read") from error
    return held if isinstance(held, list) else [held]


def _chatgpt(talk: Json) -> dict[str, Json] | None:
    nodes = _get(talk, "mapping")
    if not isinstance(nodes, Mapping):
        return None
    messages = {}
    for key, node in list(nodes.items())[:_MOST_MESSAGES]:
        said, parent = _get(node, "message"), _get(node, "parent")
        parts = _get(_get(said, "content"), "parts")
        texts = [part for part in parts if isinstance(part, str)] if isinstance(parts, list) else []
        messages[key] = {
            "parent": parent if isinstance(parent, str) else None,
            "role": _SPEAKERS.get(_text(_get(_get(said, "author"), "role")), ""),
            "content": "\n\n".join(texts),
            "at": _seconds(_get(said, "create_time")),
            "model": _text(_get(_get(said, "metadata"), "model_slug")),
        }
    key = _text(_get(talk, "conversation_id")) or _text(_get(talk, "id"))
    told = _tree(messages, _text(_get(talk, "current_node")))
    return _talk("chatgpt", key, _get(talk, "title"), _get(talk, "create_time"), told)


def _open_webui(talk: Json) -> dict[str, Json] | None:
    chat = _get(talk, "chat")
    history = _get(chat, "history")
    nodes = _get(history, "messages")
    if not isinstance(nodes, Mapping):
        return None
    messages = {}
    for key, node in list(nodes.items())[:_MOST_MESSAGES]:
        parent = _get(node, "parentId")
        messages[key] = {
            "parent": parent if isinstance(parent, str) else None,
            "role": _SPEAKERS.get(_text(_get(node, "role")), ""),
            "content": _text(_get(node, "content")),
            "at": _seconds(_get(node, "timestamp")),
            "model": _text(_get(node, "model")),
        }
    told = _tree(messages, _text(_get(history, "currentId")))
    title = _get(chat, "title") or _get(talk, "title")
    return _talk("openwebui", _text(_get(talk, "id")), title, _get(talk, "created_at"), told)


def _talk(
    source: str, key: str, title: Json, at: Json, told: tuple[list[dict[str, Json]], str | None]
) -> dict[str, Json]:
    messages, leaf = told
    known = key or (messages[0]["id"] if messages else "")
    return {
        "key": f"{source}:{known}"[:100],
        "title": _text(title)[:200],
        "at": _seconds(at) or next((one["at"] for one in messages if one["at"]), None),
        "messages": messages,
        "leaf": leaf,
    }


def _tree(
    nodes: Mapping[str, dict[str, Json]], current: str
) -> tuple[list[dict[str, Json]], str | None]:
    """The messages that say something, parents first, questions and answers in turns.

    What says nothing is passed over: its children follow its parent. What goes in a circle, or
    begins with an answer, is left out.
    """
    children: dict[str | None, list[str]] = {}
    for key, node in nodes.items():
        parent = node["parent"] if node["parent"] in nodes else None
        children.setdefault(parent, []).append(key)
    told: list[dict[str, Json]] = []
    by_id: dict[str, dict[str, Json]] = {}
    place: dict[str, str | None] = {}  # of each node, the message that it is or follows
    roles: dict[str | None, str] = {None: "assistant"}
    waiting: list[tuple[str, str | None]] = [(key, None) for key in children.get(None, [])[::-1]]
    while waiting:
        key, above = waiting.pop()
        node = nodes[key]
        says = node["role"] and node["content"].strip()
        if says and node["role"] != roles[above]:
            by_id[key] = node | {"id": key, "parent": above, "content": node["content"][:_LONGEST]}
            told.append(by_id[key])
            roles[key] = node["role"]
            place[key] = key
        elif says and above is not None:  # twice the same speaker: one message
            said = by_id[above]
            said["content"] = f"{said['content']}\n\n{node['content']}"[:_LONGEST]
            place[key] = above
        else:
            place[key] = above
        waiting += [(child, place[key]) for child in reversed(children.get(key, []))]
    leaf = place.get(current)
    return told, leaf if leaf is not None else (told[-1]["id"] if told else None)


def _get(held: Json, name: str) -> Json:
    return held.get(name) if isinstance(held, Mapping) else None


def _text(held: Json) -> str:
    return held.replace("\0", "") if isinstance(held, str) else ""


def _seconds(held: Json) -> float | None:
    """Seconds since 1970; milliseconds and nanoseconds are told by their size."""
    if isinstance(held, bool) or not isinstance(held, int | float) or not math.isfinite(held):
        return None
    seconds = float(held)
    while seconds > 1e11:
        seconds /= 1000
    return seconds if 0 < seconds < 4e9 else None
