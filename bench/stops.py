"""How long a stop takes: from its request until the upstream sees its socket close.

Both are read from the monotonic clock that the processes share.
"""

import json
import re
import socket
import statistics
import time
from http.client import HTTPConnection
from typing import Any

from bench.relays import Parley, Upstream
from bench.requests import send_request, start_conversations
from bench.tokens import model_name, stamp_now
from tests.people import api_token

STREAM = (1200, 20)  # tokens and rate of what is stopped: long enough never to end by itself
_MESSAGE = re.compile(rb'event: start\ndata: \{"message_id":"(\w+)"')
_HEADERS = {"Authorization": f"Bearer {api_token('bob')}"}


def measure_stops(parley: Parley, upstream: Upstream, count: int) -> dict[str, Any]:
    """Milliseconds of so many stops, one after another."""
    wished: dict[str, int] = {}
    numbers = range(first := stamp_now(), first + count)  # marks that no other measurement has
    for number, conversation in zip(numbers, start_conversations(parley.port, count), strict=True):
        wished[f"mark-{number}"] = _stop_one(parley.port, conversation, f"mark-{number}")
    deadline = time.monotonic() + 5
    while not (closes := upstream.closes()).keys() >= wished.keys():
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    taken = [(closes[mark] - at) / 1000 for mark, at in wished.items() if mark in closes]
    return {
        "stops": count,
        "not_closed": count - len(taken),
        "median_ms": round(statistics.median(taken), 1) if taken else None,
        "worst_ms": round(max(taken), 1) if taken else None,
    }


def _stop_one(port: int, conversation: str, mark: str) -> int:
    """Ask, wait for text, stop, and read to the end; when the stop was sent."""
    model = model_name(*STREAM)
    question = f"How do I add a document? {mark}"
    asked = send_request(conversation, question, provider="openai", model=model)
    with socket.create_connection(("127.0.0.1", port), timeout=30) as stream:
        stream.sendall(asked)
        seen = _read_until(stream, b"", b"event: chunk\n")
        found = _MESSAGE.search(seen)
        if found is None:
            raise RuntimeError(f"no answer began: {seen[-300:]!r}")
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.connect()
        at = stamp_now()
        connection.request("POST", f"/api/messages/{found[1].decode()}/stop", None, _HEADERS)
        response = connection.getresponse()
        if response.status != 202:
            raise RuntimeError(json.dumps(response.read().decode(errors="replace")))
        connection.close()
        _read_until(stream, seen, b"event: complete\n")
    return at


def _read_until(stream: socket.socket, seen: bytes, wanted: bytes) -> bytes:
    while wanted not in seen:
        data = stream.recv(65_536)
        if not data:
            raise RuntimeError(f"the stream ended too early: {seen[-300:]!r}")
        seen += data
    return seen
