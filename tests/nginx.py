"""The real nginx with the project's own configuration, in front of sites on loopback ports."""

import http.client
import os
import re
import signal
import ssl
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from tests.certificates import make_certificate
from tests.live import ROOT, free_port
from tests.programs import require_program

NAME = "chat.example.org"
_MAIN = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
{main}
events {{ worker_connections 4096; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {upstream}
    {site}
}}
"""


class Nginx:
    """nginx on two free ports; leave the `with` block to stop it by its own pid."""

    def __init__(
        self, folder: Path, ports: Sequence[int], *, extra: str = "", **changes: str
    ) -> None:
        self.folder = folder
        self.port, self.plain_port = free_port(), free_port()
        self.certificate = make_certificate(folder / "tls", NAME, f"DNS:{NAME},IP:127.0.0.1")
        self.config = folder / "nginx.conf"
        self.config.write_text(_changed(self._written(ports, extra), changes))
        self._process: subprocess.Popen[bytes] | None = None

    def _written(self, ports: Sequence[int], extra: str) -> str:
        """The project's files, with this machine's ports and paths, and a line more in `http`."""
        servers = "".join(f"    server 127.0.0.1:{port} max_fails=0;\n" for port in ports)
        server = r"( +server 127\.0\.0\.1:\d+ max_fails=0;\n)+"
        upstream = re.sub(server, servers, _read("parley-upstream.conf"))
        site = re.sub(r" *listen \[::\].*\n", "", _read("parley.conf"))
        site = site.replace("listen 80;", f"listen 127.0.0.1:{self.plain_port};")
        site = site.replace("listen 443 ", f"listen 127.0.0.1:{self.port} ")
        site = site.replace("/etc/parley/tls", str(self.folder / "tls"))
        main = _read("parley-main.conf")
        user = "user root;" if os.geteuid() == 0 else ""  # nobody else may enter pytest's folders
        return _MAIN.format(
            user=user, folder=self.folder, main=main, upstream=upstream, site=f"{extra}\n{site}"
        )

    @property
    def context(self) -> ssl.SSLContext:
        """What a client needs to trust it."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def connect(self, _host: str = "", _port: int = 0, timeout: float = 20) -> Any:
        """A connection of http.client; the place is its own, whatever a caller says."""
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=timeout, context=self.context
        )

    def check(self) -> subprocess.CompletedProcess[str]:
        """What `nginx -t` says."""
        command = [require_program("nginx"), "-t", "-c", str(self.config), "-p", str(self.folder)]
        return subprocess.run(command, capture_output=True, text=True)

    def reload(self) -> None:
        """Have new workers take over, as `systemctl reload nginx` does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def __enter__(self) -> Self:
        command = [require_program("nginx"), "-c", str(self.config), "-p", str(self.folder)]
        with (self.folder / "output").open("wb") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        deadline = time.monotonic() + 20
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "output").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.02)  # between two looks at a condition
        return self

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 301
        except OSError:
            return False
        finally:
            connection.close()

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=20)

    @property
    def errors(self) -> list[str]:
        """What it has logged as an error so far."""
        lines = (self.folder / "error.log").read_text().splitlines()
        return [line for line in lines if re.search(r"\[(error|crit|alert|emerg)\]", line)]


def _changed(config: str, changes: dict[str, str]) -> str:
    for name, value in changes.items():
        config, count = re.subn(rf"\b{name} [^;]+;", f"{name} {value};", config)
        assert count, f"the configuration has no {name}"
    return config


def _read(name: str) -> str:
    return (ROOT / "deploy" / "nginx" / name).read_text()
