"""The site with a clock around it: from a send's call of the application until its first text is
written to the socket. What gunicorn serves for bench.caching.

Each time is a line of the file that BENCH_TIMES names, in milliseconds.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chat.web.outlet import Outlet
from wsgi import app

_TEXT = b"event: chunk"
_began: dict[int, float] = {}  # of the sends that have no text yet, by their socket
_times = open(os.environ["BENCH_TIMES"], "a", buffering=1)  # noqa: SIM115 (as long as the process)
_serve: Callable[..., Iterable[bytes]] = app.wsgi_app
_offer = Outlet.offer


def _note(socket: int) -> None:
    began = _began.pop(socket, None)
    if began is not None:
        _times.write(f"{(time.perf_counter() - began) * 1000:.3f}\n")


def _timed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    began = time.perf_counter()
    if not environ["PATH_INFO"].endswith("/messages/stream"):
        return _serve(environ, start_response)
    socket = environ["gunicorn.socket"].fileno()
    _began[socket] = began
    return _Noting(_serve(environ, start_response), socket)


class _Noting:
    """The body of a response; when the server asks for more, it has written what it got."""

    def __init__(self, body: Iterable[bytes], socket: int) -> None:
        self._body, self._socket = body, socket

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            yield piece
            if _TEXT in piece:
                _note(self._socket)

    def close(self) -> None:
        self._body.close()  # type: ignore[attr-defined]


def _offered(self: Outlet, frame: bytes) -> bool | None:
    taken = _offer(self, frame)
    if taken and _TEXT in frame:
        _note(self._descriptor)
    return taken


app.wsgi_app = _timed  # type: ignore[method-assign]
Outlet.offer = _offered  # type: ignore[method-assign]
