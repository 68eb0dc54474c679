"""Starts gunicorn with the bare application of bench/bare.py on a free port."""

import os
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

from tests.live import ROOT, free_port


class BareServer:
    """A server for the time of a `with` block."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._output = (folder / "bare-output").open("wb")
        self._process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Self:
        options = ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gevent"]
        options += ["--worker-connections", "2000", "--no-control-socket", "--log-level", "warning"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", os.devnull, *options, "bench.bare:app"],
            cwd=ROOT,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                    connection.request("GET", "/healthz")
                    connection.getresponse().read()
                    return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the bare server did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)
        self._output.close()
