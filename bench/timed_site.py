"""The site with a clock around it: from a send's call of the application until its first text is
written to the socket. What gunicorn serves for bench.caching, which asks one question at a time.

Each time is a line of the file that BENCH_TIMES names, in milliseconds.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chat.web.outlet import Outlet
from wsgi import app

_TEXT = b"event: chunk"
_began: list[float] = []  # when the send came that has no text yet
_times = open(os.environ["BENCH_TIMES"], "a", buffering=1)  # noqa: SIM115 (as long as the process)
_serve: Callable[..., Iterable[bytes]] = app.wsgi_app
_offer, _send = Outlet.offer, Outlet.send


def _note(written: bytes) -> None:
    if _began and _TEXT in written:
        _times.write(f"{(time.perf_counter() - _began.pop()) * 1000:.3f}\n")


def _timed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if not environ["PATH_INFO"].endswith("/messages/stream"):
        return _serve(environ, start_response)
    _began[:] = [time.perf_counter()]
    return _Noting(_serve(environ, start_response))


class _Noting:
    """The body of a response; when the server asks for more, it has written what it got."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            yield piece
            _note(piece)

    def close(self) -> None:
        self._body.close()  # type: ignore[attr-defined]


def _offered(self: Outlet, frame: bytes) -> bool | None:
    taken = _offer(self, frame)
    if taken is not False:
        _note(frame)
    return taken


def _sent(self: Outlet, frame: bytes) -> None:
    _send(self, frame)
    _note(frame)


app.wsgi_app = _timed  # type: ignore[method-assign]
Outlet.offer, Outlet.send = _offered, _sent  # type: ignore[method-assign]
