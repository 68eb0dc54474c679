"""The baseline: gunicorn's gevent worker that sends frames and does nothing else.

The same server, the same frames, the same pace, without Flask, runs, logs or a database: what
Parley takes above this is what Parley costs.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

FRAME = b'id: 1-%d\nevent: chunk\ndata: {"content":"inspected ","confidence":0.8123}\n\n'
END = b'id: 1-0\nevent: complete\ndata: {"id":"0","content":"","metadata":{}}\n\n'


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    """`/?chunks=60&delay_ms=400`: so many chunks, so far apart."""
    if environ["PATH_INFO"] == "/healthz":
        start_response("200 OK", [("Content-Length", "3")])
        yield b"ok\n"
        return
    query = parse_qs(environ.get("QUERY_STRING", ""))
    chunks = int(query.get("chunks", ["0"])[0])
    delay = int(query.get("delay_ms", ["0"])[0]) / 1000
    start_response("200 OK", [("Content-Type", "text/event-stream")])
    yield b"retry: 2000\n\n"
    for number in range(chunks):
        time.sleep(delay)  # patched: the greenlet waits, the process does not
        yield FRAME % number
    yield END
