"""A disk that is full for a while, under a site on SQLite: nothing of a running answer is lost."""

import errno
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.crowd import LIBRARY, Crowd
from tests.faults.machines import RemoteSite

PACE = {"PARLEY_CHUNK_DELAY_MS": "60", "PARLEY_CHUNK_WORDS": "1"}
PATIENCE = 60.0


@pytest.fixture
def site(template_database: Path, tmp_path: Path) -> Iterator[RemoteSite]:
    """On a machine whose disk for data has 20 MB."""
    site = RemoteSite(tmp_path / "data", None, **PACE)
    site.machine.boot()
    try:
        site.machine.mount_disk(site.folder, "20m")
        there = site.machine.path(site.folder / "parley.db")
        there.write_bytes(template_database.read_bytes())
        yield site.start()
        site.stop()
    finally:
        site.machine.crash()


def test_answers_outlive_a_disk_that_is_full_for_a_while(site: RemoteSite) -> None:
    seed = random.randrange(1_000_000)
    crowd = Crowd([site], 4, random.Random(seed), [LIBRARY])
    crowd.fill()
    for reader in crowd.reading:
        reader.wait_for_text()
    _, made = site.request("POST", "/api/conversations", {}, as_="bob")
    with full_disk(site):
        wait_for(site, "the durable log is not written")
        wait_for(site, "is not stored yet")
        path = f"/api/conversations/{made['id']}/messages"
        status, told = site.request("POST", path, {"content": "x" * 30_000}, as_="bob")
        assert (status, told["code"]) == (503, "unavailable")
        assert told["retry_after"]
    crowd.finish()
    assert crowd.faults() == [], f"seed {seed}"
    assert site.request("POST", path, {"content": "Which keys?"}, as_="bob")[0] == 200


@contextmanager
def full_disk(site: RemoteSite) -> Iterator[None]:
    """Fill it to the last byte."""
    ballast = site.machine.path(site.folder / "ballast")
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            while write(file.fileno(), size):
                pass
    try:
        yield
    finally:
        ballast.unlink()


def write(descriptor: int, size: int) -> int:
    """How much of this many bytes there was room for."""
    try:
        return os.write(descriptor, b"x" * size)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return 0


def wait_for(site: RemoteSite, words: str) -> None:
    """Until the site says so."""
    deadline = time.monotonic() + PATIENCE
    while words not in site.output:
        assert time.monotonic() < deadline, site.output
        time.sleep(0.02)  # between two looks at a condition, not for a time to pass
