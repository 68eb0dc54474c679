"""How gunicorn serves Parley: one gevent worker, quiet, and patient with streams at the end.

Read by gunicorn's master, which never loads the application: no preload, so the worker patches
before it imports anything of Parley. Every figure comes from the settings (docs/settings.md).
"""

import os
import resource
import signal
import sys
from typing import Any

import gunicorn

from chat.config import load_settings

# Seconds after its graceful time in which a worker ends its runs. gevent's worker needs up to two
# more, to see that it has to stop and that its requests do not end; then the master kills it.
_CLOSE = 6
_ROOM_TO_CLOSE = _CLOSE + 4
# An answer takes two files, its reader's connection and the model's; beside them are the database,
# logs, what Python has open.
_OTHER_FILES = 200

settings = load_settings()
os.umask(0o077)
gunicorn.SERVER = "parley"  # the Server header; which software and version is nobody's business

host = f"[{settings.host}]" if ":" in settings.host else settings.host
bind = f"{host}:{settings.port}"
workers = settings.processes
worker_class = "gevent"
worker_connections = settings.worker_connections
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # heartbeats, no disk
preload_app = False
max_requests = 0  # with open streams a restart would stall new requests
timeout = 60
keepalive = max(1, min(5, settings.graceful_seconds - 1))  # an idle browser must not hold a stop
graceful_timeout = settings.graceful_seconds + _ROOM_TO_CLOSE
control_socket_disable = True
accesslog = None
loglevel = "warning"
# Only chat's ProxyFix reads X-Forwarded-*, as far as PARLEY_TRUSTED_PROXIES says.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
proc_name = "parley"


def raise_file_limit(wanted: int) -> None:
    """Let this process, and the worker that it starts, hold `wanted` files open if that may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    if most < wanted:
        print(
            f"PARLEY_WORKER_CONNECTIONS: {settings.worker_connections} connections need {wanted} "
            f"open files, and the system allows {most}. Raise LimitNOFILE or `ulimit -Hn`.",
            file=sys.stderr,
            flush=True,
        )


raise_file_limit(2 * settings.worker_connections + _OTHER_FILES)


def when_ready(server: Any) -> None:
    """Say where the site is, once the port is really bound."""
    for listener in server.LISTENERS:
        print(f"Parley listens on {listener}", flush=True)


def post_worker_init(worker: Any) -> None:
    """Let streams see the end coming: they finish when `worker.alive` turns false."""
    from chat.web.stream import remember_worker  # the master must not load the application

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all: the master's word counts
    worker.cfg.set("graceful_timeout", settings.graceful_seconds)
    remember_worker(worker)


def worker_exit(server: Any, worker: Any) -> None:
    """End the runs of this worker, so that what they wrote is stored."""
    app = getattr(worker, "wsgi", None)
    if app is not None:
        app.extensions["parley"].runner.close(timeout=_CLOSE)
