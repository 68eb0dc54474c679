"""The child that reads a file is bounded, alone, and gone at the end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from chat.knowledge.reading import process
from chat.knowledge.reading.messages import Progress, Refusal
from chat.knowledge.reading.process import Read, Reading, ReadingBounds
from tests.papers.office import make_docx, word_p
from tests.papers.pdf import make_pdf

ROOT = Path(process.__file__).parents[3]
CONFINED = "from chat.knowledge.reading.limits import confine; confine(2 ** 29, 20); "


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[BinaryIO]:
    path = tmp_path / "file"
    path.write_bytes(make_pdf([["The buoy is green."]] * 3))
    with path.open("rb") as file:
        yield file


def test_a_document_comes_with_its_progress(opened: BinaryIO) -> None:
    results = list(Reading(opened, "buoys.pdf", ReadingBounds()))
    *progress, read = results
    assert isinstance(read, Read)
    assert (read.begun.title, read.passages[0].place) == ("buoys", "pages 1–3")
    assert Progress("pages", 2, 3) in progress
    assert Progress("passages", 1, 1) in progress


def test_what_takes_too_long_is_killed(opened: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_MODULE", "timeit")  # which reads nothing and goes on for long
    reading = Reading(opened, "while True: pass", ReadingBounds(seconds=1))
    (refusal,) = list(reading)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "over_time"
    with pytest.raises(ProcessLookupError):
        os.kill(reading.pid, 0)


def test_what_is_stopped_ends_at_once(opened: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_MODULE", "timeit")
    reading = Reading(opened, "while True: pass", ReadingBounds(seconds=600))
    reading.stop()
    (refusal,) = list(reading)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "crashed"


def test_memory_has_a_bound(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(make_docx(word_p("word " * 2_000_000)))
    with path.open("rb") as file:
        (refusal,) = list(Reading(file, "a.docx", ReadingBounds(memory=100 * 1024 * 1024)))
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "over_memory"


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.socketpair()",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "import subprocess; subprocess.run(['true'])",
        "file = open('written', 'w'); file.write('x'); file.flush()",
    ],
)
def test_network_programs_and_files_are_out_of_reach(code: str, tmp_path: Path) -> None:
    assert _run(CONFINED + code, tmp_path).returncode != 0
    assert _run(code, tmp_path).returncode == 0


@pytest.mark.skipif(
    not (sys.platform == "linux" and os.uname().machine in {"x86_64", "aarch64"}),
    reason="the kernel's filter is of Linux",
)
def test_the_kernel_refuses_a_socket_whatever_python_says(tmp_path: Path) -> None:
    raw = "import ctypes; c = ctypes.CDLL(None); "
    code = raw + "print(c.socket(2, 1, 0), c.fork())"
    assert _run(CONFINED + code, tmp_path).stdout == b"-1 -1\n"


def test_the_child_knows_no_setting(opened: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for readers")
    assert "SECRET_KEY" not in process.ENVIRONMENT
    assert [type(one) for one in Reading(opened, "a.pdf", ReadingBounds())][-1] is Read


def test_the_sites_own_processes_load_no_reader(tmp_path: Path) -> None:
    code = (
        "import sys; import app, chat.web.library, chat.web.stream; "
        "print(sorted({'pypdf', 'openpyxl', 'defusedxml'} & set(sys.modules)))"
    )
    ended = _run(code, tmp_path)
    assert (ended.stdout, ended.stderr) == (b"[]\n", b"")


def _run(code: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
    )
