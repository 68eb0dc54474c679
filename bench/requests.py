"""The requests that the bench sends, as bytes; and conversations to send them to."""

import http.client
import json
from collections.abc import Callable
from contextlib import closing

from bench.followers import Crowd
from tests.people import api_token

_HEAD = "Host: 127.0.0.1\r\nConnection: close\r\n"


def get_request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\n{_HEAD}\r\n".encode()


def follow_request(number: int) -> Callable[[Crowd], bytes]:
    """Follow the answer that the crowd's stream of this number has asked for."""

    def make(crowd: Crowd) -> bytes:
        while not crowd.followers[number].message_id:
            crowd.read(0.01)
        return message_request(crowd.followers[number].message_id).encode()

    return make


def message_request(message_id: str) -> str:
    """Follow the answer that is this message."""
    head = f"{_HEAD}Authorization: Bearer {api_token('bob')}\r\n"
    return f"GET /api/messages/{message_id}/stream HTTP/1.1\r\n{head}\r\n"


def stop_answer(port: int, crowd: Crowd, number: int) -> None:
    """Stop the answer that the crowd's stream of this number has asked for."""
    while not (message_id := crowd.followers[number].message_id):
        crowd.read(0.01)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        headers = {"Authorization": f"Bearer {api_token('bob')}"}
        connection.request("POST", f"/api/messages/{message_id}/stop", None, headers)
        if connection.getresponse().status != 202:
            raise RuntimeError("an answer could not be stopped")


def send_request(conversation_id: str, question: str, by: str = "bob", **more: str | bool) -> bytes:
    """Ask in a conversation of one's own and follow the answer; `more` fields say who writes it."""
    body = json.dumps({"content": question, **more}).encode()
    head = (
        f"POST /api/conversations/{conversation_id}/messages/stream HTTP/1.1\r\n{_HEAD}"
        f"Authorization: Bearer {api_token(by)}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def start_conversations(port: int, count: int, by: str = "bob") -> list[str]:
    """Ids of so many empty conversations of a person's."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {api_token(by)}", "Content-Type": "application/json"}
    ids = []
    for _ in range(count):
        connection.request("POST", "/api/conversations", b"{}", headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != 201:
            raise RuntimeError(body.decode(errors="replace"))
        ids.append(str(json.loads(body)["id"]))
    connection.close()
    return ids
