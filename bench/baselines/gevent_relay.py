"""The least that can be done with Flask and gevent: the upstream's bytes, passed on as they come.

    BENCH_UPSTREAM=<port> gunicorn -k gevent gevent_relay:app

No run, no log, no sign-in, nothing stored, nothing read: what Parley takes beside this is measured
against it. gunicorn's worker has patched the sockets before this is imported.
"""

import http.client
import os
from collections.abc import Iterator
from contextlib import closing

from flask import Flask, Response, request

app = Flask(__name__)
PORT = int(os.environ["BENCH_UPSTREAM"])


@app.get("/healthz")
def healthz() -> str:
    return "ok\n"


@app.post("/v1/chat/completions")
def relay() -> Response:
    """Ask the upstream the same, and answer with what it answers."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request(
        "POST", request.path, request.get_data(), {"Content-Type": "application/json"}
    )
    response = connection.getresponse()

    def passed_on() -> Iterator[bytes]:
        with closing(connection), response:
            while data := response.read1(65_536):
                yield data

    return Response(passed_on(), response.status, content_type=response.headers["Content-Type"])
