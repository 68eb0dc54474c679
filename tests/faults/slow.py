"""A reader that takes 100 bytes and rests, over a socket with next to no room."""

import http.client
import socket
import time
from dataclasses import dataclass
from typing import Any

from tests.nginx import Nginx
from tests.service.resuming import ResumingReader

_BYTES = 100


@dataclass
class SlowReader(ResumingReader):
    """Rests for so many seconds after each 100 bytes."""

    rest: float = 1.0

    def _receive(self, response: http.client.HTTPResponse) -> bytes:
        time.sleep(self.rest)
        return response.read1(_BYTES)


class NarrowDoor:
    """nginx, over connections on which little is under way: whoever writes has to wait."""

    def __init__(self, nginx: Nginx) -> None:
        self._nginx = nginx

    def connect(self, *, timeout: float = 20) -> http.client.HTTPConnection:
        connection = self._nginx.connect(timeout=timeout)
        connection._create_connection = _connect_narrowly
        made: http.client.HTTPConnection = connection
        return made


def _connect_narrowly(address: tuple[str, int], timeout: float, *_: Any) -> socket.socket:
    narrow = socket.socket()
    narrow.settimeout(timeout)
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    narrow.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    narrow.connect(address)
    return narrow
