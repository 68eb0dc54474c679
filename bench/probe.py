"""Asks /healthz again and again from a process of its own, and keeps how long each answer took."""

import http.client
import json
import select
import sys
import time


def main(port: int) -> None:
    """Ask ten times a second until a line comes in; print [when, milliseconds] pairs as JSON."""
    taken: list[tuple[float, float]] = []
    while not select.select([sys.stdin], [], [], 0.1)[0]:
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/healthz")
        if connection.getresponse().read() != b"ok\n":
            raise RuntimeError("/healthz did not answer ok")
        connection.close()
        taken.append((time.time(), (time.perf_counter() - started) * 1000))
    print(json.dumps(taken))


if __name__ == "__main__":
    main(int(sys.argv[1]))
