"""`make run` and what it starts: the first start, a later one, the end, and what cannot work."""

import http.client
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import StartSite
from tests.live import ROOT, LiveSite

FIRST_LINES = re.compile(
    r"Set up Parley: (http://127\.0\.0\.1:\d+)/setup\?token=[\w-]{40,}\nParley listens on \1\n\Z"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project as a clone has it, with this run's packages."""
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    copy = tmp_path / "clone"
    for name in files:
        if not name.startswith(("tests/", "docs/")) and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
            (copy / name).chmod((ROOT / name).stat().st_mode)
    (copy / ".venv").symlink_to(sys.prefix)
    return copy


class Made(LiveSite):
    """`make run` in a project."""

    def __init__(self, project: Path, folder: Path) -> None:
        super().__init__(folder, None)
        self.command = ["make", "--no-print-directory", "run"]
        self.cwd = project


@pytest.fixture
def made(project: Path, tmp_path: Path) -> Iterator[Made]:
    site = Made(project, tmp_path / "data")
    yield site
    site.stop()


def test_the_first_start_sets_up_and_prints_the_link_that_claims_the_site(made: Made) -> None:
    made.start()
    assert FIRST_LINES.search(made.output), made.output
    link = re.search(r"/setup\?token=\S+", made.output)
    assert link is not None
    assert made.request("GET", link[0])[0] == 200
    assert made.request("GET", "/setup?token=guessed")[0] == 404
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in made.folder.iterdir()}
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    assert kept["secret-key"] == kept["parley.db"] == 0o600
    assert kept["uploads"] == 0o700


def test_a_later_start_has_nothing_to_prepare(made: Made) -> None:
    made.start()
    create = [sys.executable, "-m", "flask", "--app", "app", "users", "create", "a@example.org"]
    subprocess.run(
        [*create, "--name", "Ada", "--admin", "--password-stdin"],
        cwd=ROOT, input=b"a sentence nobody guesses\n", check=True, capture_output=True,
        env=os.environ | {"PARLEY_DATA_DIR": str(made.folder)},
    )  # fmt: skip
    made.stop()
    before = len(made.output)
    made.start()
    assert made.output[before:] == f"Parley listens on {made.url}\n"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_server_ends_cleanly_and_leaves_nobody_behind(
    start_site: StartSite, how: signal.Signals
) -> None:
    site = start_site()
    workers = _children(site.pid)
    assert len(workers) == 1
    os.killpg(site.pid, how)  # as a terminal does it: everybody of the group gets the signal
    assert site.wait() == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    assert site.output == f"Parley listens on {site.url}\n"


def test_the_server_does_not_say_what_it_is(start_site: StartSite) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", start_site().port)
    connection.request("GET", "/healthz")
    assert connection.getresponse().headers["Server"] == "parley"
    connection.close()


def test_a_bad_setting_stops_the_start_with_one_line(tmp_path: Path) -> None:
    result = _serve(PORT="eighty", PARLEY_DATA_DIR=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr == (
        "Parley cannot start. PORT: 'eighty' is not a whole number from 0 to 65535\n"
    )


def test_a_data_directory_that_is_a_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = _serve(PARLEY_DATA_DIR=str(tmp_path / "file"), SECRET_KEY="given by whoever runs it")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr


def test_a_database_of_a_newer_parley_is_left_alone(
    template_database: Path, tmp_path: Path
) -> None:
    (tmp_path / "parley.db").write_bytes(template_database.read_bytes())
    with sqlite3.connect(tmp_path / "parley.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    result = _serve(PARLEY_DATA_DIR=str(tmp_path))
    assert result.returncode == 1
    assert "The database is of a newer Parley (revision 9999)" in result.stderr


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 1", "Parley needs Python 3.11 or newer, and PYTHON="),
        ('case "$*" in *ensurepip*) exit 1;; esac', "comes without venv and pip"),
    ],
)
def test_a_python_that_cannot_be_used_is_named(tmp_path: Path, script: str, words: str) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "install.sh").write_bytes((ROOT / "scripts/install.sh").read_bytes())
    result = subprocess.run(
        ["sh", "scripts/install.sh", "requirements.txt"],
        cwd=tmp_path, env=os.environ | {"PYTHON": str(python)}, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 1
    assert words in result.stderr


def _serve(**environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chat.commands.serve"],
        cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
