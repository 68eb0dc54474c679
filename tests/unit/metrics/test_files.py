"""Figures of several processes in one folder: summed, kept over kills, counted once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chat.metrics.family import Counter, Family, Gauge, Histogram
from chat.metrics.files import Files
from chat.metrics.numbers import Joined, key_of
from chat.metrics.slots import Slots
from tests.live import ROOT

Start = Callable[[], subprocess.Popen[bytes]]


class Figures:
    """Three figures of one process; `more` is one that only another version has."""

    def __init__(self, folder: Path, *, more: bool = False) -> None:
        slots = Slots()
        self.done = Counter(slots, "done", "Done.", {"by": ("a", "b", "other")})
        added = [Counter(slots, "more", "More.")] if more else []
        self.open = Gauge(slots, "open", "Open.")
        self.took = Histogram(slots, "took_seconds", "Took.", (0.1, 1.0))
        self.families: list[Family] = [self.done, *added, self.open, self.took]
        self.files = Files(folder, slots, self.families)

    def read(self) -> dict[str, list[float]]:
        joined: Joined = self.files.read()
        found = {
            one.name: joined.values.get((key_of(one), *one.series[0])) for one in self.families
        }
        return {name: values for name, values in found.items() if values is not None}


OTHER = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from tests.unit.metrics.test_files import Figures
one = Figures(Path(sys.argv[1]))
one.files.begin()
one.done.add("a", amount=3)
one.open.set(2)
one.took.observe(0.5)
print("counted", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a process that counts three of them, has two open, and waits."""
    with ExitStack() as cleanup:

        def begin() -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-c", OTHER, str(tmp_path)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            cleanup.callback(end, process)
            assert process.stdout is not None
            assert process.stdout.readline() == b"counted\n"
            return process

        yield begin


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill it, as a crash would."""
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def test_the_figures_of_processes_that_live_are_summed(tmp_path: Path, start: Start) -> None:
    start(), start()
    one = Figures(tmp_path)
    one.done.add("a")
    one.files.begin()
    one.done.add("a")
    assert one.read() == {"done": [8], "open": [4], "took_seconds": [0, 2, 0, 1.0]}


def test_what_a_killed_process_has_counted_is_kept_but_not_what_it_had_open(
    tmp_path: Path, start: Start
) -> None:
    end(start())
    one = Figures(tmp_path)
    assert one.read() == {"done": [3], "open": [0], "took_seconds": [0, 1, 0, 0.5]}
    one.files.begin()
    assert one.read() == {"done": [3], "open": [0], "took_seconds": [0, 1, 0, 0.5]}
    assert len(list(tmp_path.glob("*.figures"))) == 1


def test_after_many_starts_everything_counts_once(tmp_path: Path, start: Start) -> None:
    lives = start()
    for _ in range(3):
        end(start())
        one = Figures(tmp_path)
        one.files.begin()
    assert one.read()["done"] == [12]
    end(lives)
    assert one.read()["done"] == [12]


def test_who_dies_in_the_middle_of_folding_counts_nothing_twice(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The past is written, and the file of the dead is still there."""
    end(start())

    def dies(*_: object, **__: object) -> None:
        raise OSError(5, "killed here")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", dies)
        Figures(tmp_path).files.begin()
    assert (tmp_path / "past").exists()
    assert len(list(tmp_path.glob("*.figures"))) == 1
    assert Figures(tmp_path).read()["done"] == [3]
    one = Figures(tmp_path)
    one.files.begin()
    assert one.read()["done"] == [3]


def test_a_reader_that_saw_a_file_before_it_was_folded_counts_it_once(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    end(start())
    reads, folds = Figures(tmp_path), Figures(tmp_path)
    listed = reads.files._files()
    folds.files.begin()
    monkeypatch.setattr(reads.files, "_files", lambda: listed)
    assert reads.read()["done"] == [3]


def test_a_version_with_other_figures_reads_those_that_both_have(
    tmp_path: Path, start: Start
) -> None:
    start()
    newer = Figures(tmp_path, more=True)
    newer.files.begin()
    newer.more = newer.families[1]  # type: ignore[attr-defined]
    assert newer.read() == {"done": [3], "more": [0], "open": [2], "took_seconds": [0, 1, 0, 0.5]}


@pytest.mark.parametrize("damage", [b"", b"parleyf1", b"parleyf1" + b"\xff" * 40, b"x" * 4000])
def test_a_damaged_file_counts_nothing_and_breaks_nothing(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "past").write_bytes(damage)
    (tmp_path / "0.figures").write_bytes(damage)
    one = Figures(tmp_path)
    one.done.add("a")
    assert one.read()["done"] == [1]
    one.files.begin()
    assert one.read()["done"] == [1]


def test_where_no_file_can_be_made_the_process_counts_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    one = Figures(tmp_path)
    one.files.begin()
    one.done.add("a")
    assert one.read()["done"] == [1]
    assert "No space left" in caplog.text
    assert list(tmp_path.glob("*.figures")) == []


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    one = Figures(tmp_path / "figures")
    one.files.begin()
    assert (tmp_path / "figures").stat().st_mode & 0o077 == 0
