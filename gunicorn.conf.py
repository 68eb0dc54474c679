"""How gunicorn serves Parley: one gevent worker, quiet, that hands its streams on at the end.

Read by gunicorn's master, which never loads the application: no preload, so the worker patches
before it imports anything of Parley. Every figure comes from the settings (docs/settings.md).
"""

import gc
import os
import resource
import signal
import sys
from functools import partial
from typing import Any

import gevent
import gunicorn
from gevent.server import StreamServer

from chat.config import load_settings
from chat.web.detached import Detached

gunicorn.SERVER = "parley"  # the Server header; which software and version is nobody's business
from gunicorn.workers.ggevent import GeventWorker  # noqa: E402 (it copies the name)

# Seconds after its graceful time in which a worker gives up its runs. gevent's worker needs up to
# two more, to see that it has to stop and that its requests do not end; then the master kills it.
_CLOSE = 6
_LAST_FRAMES = 1  # seconds for streams that it has let go of, to end as the protocol says
_ROOM_TO_CLOSE = _CLOSE + _LAST_FRAMES + 6
# An answer takes two files, its reader's connection and the model's, and while streams wait, as
# many other connections may come; beside them are the database, logs, what Python has open.
_OTHER_FILES = 200

settings = load_settings()
os.umask(0o077)
# It would note for each greenlet who has spawned it: time and memory of each stream.
gevent.config.track_greenlet_tree = False

host = f"[{settings.host}]" if ":" in settings.host else settings.host
bind = f"{host}:{settings.port}"
workers = settings.processes
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


raise_file_limit(3 * settings.worker_connections + _OTHER_FILES)


class Worker(GeventWorker):  # type: ignore[misc]
    """gevent's worker, which leaves at once: gevent's own looks once a second whether it should.

    Until then it would take connections that another process has to serve, and readers would wait.
    It also lets go of streams that have only to wait (chat/web/open_stream.py).
    """

    lets_go = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.servers: list[StreamServer] = []

    def server_class(self, listener: Any, *, spawn: Any, **_: Any) -> StreamServer:
        """As gevent's worker makes its servers, but remembered."""
        server = StreamServer(listener, handle=partial(self.handle, listener), spawn=spawn)
        if self.cfg.workers > 1:
            server.max_accept = 1
        self.servers.append(server)
        return server

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Let go of the connection of a stream that waits; it is closed where it ends."""
        if req.path.endswith("/stream"):
            req.force_close()  # nobody reads another request from it
        try:
            super().handle_request(listener_name, req, sock, addr)
        except Detached:
            raise StopIteration from None  # the word for a connection that is over

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        gevent.spawn(self.leave)  # nothing may wait in a signal's handler

    def leave(self) -> None:
        for server in self.servers:
            server.close()
        close_site(self)


worker_class = Worker


def when_ready(server: Any) -> None:
    """Say where the site is, once the port is really bound."""
    for listener in server.LISTENERS:
        print(f"Parley listens on {listener}", flush=True)


def post_fork(server: Any, worker: Any) -> None:
    """Nothing that is loaded now is garbage; looking for some would take a tenth of the start."""
    gc.disable()


def post_worker_init(worker: Any) -> None:
    """Let streams see the end coming: they finish when `worker.alive` turns false."""
    from chat.web.stream import remember_worker  # the master must not load the application

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all: the master's word counts
    worker.cfg.set("graceful_timeout", settings.graceful_seconds)
    remember_worker(worker)
    gc.enable()


def worker_exit(server: Any, worker: Any) -> None:
    """Give up the runs of this worker, if it has not done so before, so that others go on."""
    close_site(worker)


def close_traces() -> None:
    from chat.tracing import traces  # the master must not load what the settings do not need

    traces.close(seconds=1)


def close_site(worker: Any) -> None:
    app = getattr(worker, "wsgi", None)  # it may not have come as far as that
    if app is not None:
        app.extensions["parley"].runner.close(timeout=_CLOSE)  # first: readers wait for it
        app.extensions["parley"].watch.look_now()
        app.extensions["parley"].watch.wait_until_closed(_LAST_FRAMES)
        app.extensions["parley"].intake.close(timeout=1)
        app.extensions["parley"].embedding.close(timeout=0.5)
        app.extensions["parley"].keeping.close()
        close_traces()
