"""Sends files to a site in a process of its own, as a form."""

import http.client
import json
import secrets
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from tests.live import LiveSite
from tests.people import api_token


def send_files(site: LiveSite, files: Sequence[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """The uploads that the site makes of these files for Alice, a request each."""
    return [_send(site, name, data) for name, data in files]


def _send(site: LiveSite, name: str, data: bytes) -> dict[str, Any]:
    boundary = secrets.token_hex(16)
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    headers = {
        "Authorization": f"Bearer {api_token('alice')}",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        connection.request("POST", "/api/documents", body, headers)
        answer = connection.getresponse()
        assert answer.status == 202, answer.read()
        upload: dict[str, Any] = json.loads(answer.read())["items"][0]
        return upload
