"""What gunicorn is told: times that fit into each other, and enough open files."""

import os
import resource
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gunicorn
import pytest

CONFIG = Path(__file__).parent.parent.parent / "gunicorn.conf.py"
Load = Callable[..., dict[str, Any]]


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The soft and the hard limit of open files, which only the test changes."""
    now = [resource.RLIM_INFINITY, resource.RLIM_INFINITY]
    monkeypatch.setattr(resource, "getrlimit", lambda _what: tuple(now))
    monkeypatch.setattr(resource, "setrlimit", lambda _what, pair: now.__setitem__(slice(2), pair))
    return now


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: list[int]) -> Iterator[Load]:
    """Reads gunicorn.conf.py: load(PARLEY_GRACEFUL_SECONDS="3")."""
    mask, server = os.umask(0o022), gunicorn.SERVER

    def read(**environ: str) -> dict[str, Any]:
        for name, value in {"PARLEY_DATA_DIR": str(tmp_path), **environ}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(CONFIG))

    yield read
    os.umask(mask)
    gunicorn.SERVER = server


@pytest.mark.parametrize(("graceful", "keepalive"), [(1, 1), (2, 1), (3, 2), (10, 5), (300, 5)])
def test_an_idle_connection_does_not_hold_a_stop(load: Load, graceful: int, keepalive: int) -> None:
    assert load(PARLEY_GRACEFUL_SECONDS=str(graceful))["keepalive"] == keepalive


def test_the_master_waits_until_the_last_words_are_stored(load: Load) -> None:
    closed: list[float] = []

    class Part:
        def close(self, timeout: float) -> None:
            closed.append(timeout)

    class Thing:
        def __init__(self, **parts: Any) -> None:
            self.__dict__.update(parts)

    told, watch = (
        load(PARLEY_GRACEFUL_SECONDS="3"),
        Thing(look_now=lambda: None, wait_until_closed=closed.append),
    )
    last = Thing(close=lambda: closed.extend([1, 1]))  # its patience, and that of the traces
    parts = Thing(runner=Part(), intake=Part(), embedding=Part(), watch=watch, keeping=last)
    app = Thing(extensions={"parley": parts})
    told["worker_exit"](None, Thing(wsgi=app))
    assert 3 + 2 + sum(closed) < told["graceful_timeout"]  # 2: gevent's worker looks each second


def test_as_many_files_may_be_open_as_connections_need(load: Load, limits: list[int]) -> None:
    limits[:] = [256, 8192]
    load(PARLEY_WORKER_CONNECTIONS="2000")
    assert limits == [6200, 8192]


def test_a_system_that_allows_too_few_files_is_named_in_one_line(
    load: Load, limits: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    limits[:] = [256, 1024]
    load(PARLEY_WORKER_CONNECTIONS="2000")
    assert limits == [1024, 1024]
    (line,) = capsys.readouterr().err.splitlines()
    assert "6200 open files" in line
    assert "allows 1024" in line


def test_enough_files_are_left_as_they_are(
    load: Load, limits: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    limits[:] = [65536, 65536]
    load(PARLEY_WORKER_CONNECTIONS="2000")
    assert limits == [65536, 65536]
    assert capsys.readouterr().err == ""
