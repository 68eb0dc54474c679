"""A reader that does not keep up: its socket fills, and it still ends with what is stored."""

import http.client
import socket
import time
from pathlib import Path

from tests.live import LiveSite
from tests.service.questions import QUESTION, stored
from tests.service.reader import Reader
from tests.upstream.process import Upstream

MODEL = "endless-rate-20000"
CHARS = "150000"  # more than both sockets hold
_SECONDS = 30


class NarrowConnection(http.client.HTTPConnection):
    """Over which little is under way: small segments keep the other side's buffer small too."""

    def connect(self) -> None:
        self.sock = socket.socket()
        self.sock.settimeout(self.timeout)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self.sock.connect((self.host, self.port))


def test_a_reader_whose_socket_was_full_ends_with_the_stored_text(
    upstream_process: Upstream, template_database: Path, tmp_path: Path
) -> None:
    """What a run writes straight to a socket is cut where the socket is full, and goes on there."""
    environ = upstream_process.openai(MODEL) | {"PARLEY_MAX_ANSWER_CHARS": CHARS}
    with LiveSite(tmp_path, template_database, **environ) as site:
        _, place = site.request("POST", "/api/conversations", {}, as_="alice")
        path = f"/api/conversations/{place['id']}/messages/stream"
        body = {"content": QUESTION, "provider": "openai", "model": MODEL}
        reader = Reader(site, "POST", path, body, connect=NarrowConnection)
        reader.read("chunk")
        deadline = time.monotonic() + _SECONDS
        while stored(site, reader)["status"] == "running":  # nothing is read meanwhile
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert reader.read() == "complete"
        assert "snapshot" in [event for event, _ in reader.events], "its socket was never full"
        assert reader.text == stored(site, reader)["content"]
