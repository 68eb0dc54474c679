"""The files of deploy/ fit each other, the settings, and the programs that read them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from chat.config import load_settings
from tests.programs import require_program

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
SCRIPTS = ("parley", "nightly-backup", "rolling-restart")
TARGETS = ("sysinit", "basic", "network-online", "shutdown", "timers", "time-sync", "time-set",
           "multi-user")  # fmt: skip
MOST_EXPOSED = 1.5  # of 10, as `systemd-analyze security` counts


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A root directory with the units installed, and something to start."""
    installed = tmp_path / "etc/systemd/system"
    installed.mkdir(parents=True)
    for name in UNITS:
        shutil.copy(DEPLOY / "systemd" / name, installed)
    for name in TARGETS:
        (installed / f"{name}.target").write_text("[Unit]\nDefaultDependencies=no\n")
    for name in ("srv/parley/site/.venv/bin/python", "srv/parley/site/deploy/nightly-backup"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    return tmp_path


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [require_program("systemd-analyze"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("unit", ["parley@8001.service", "parley-backup.timer"])
def test_systemd_accepts_the_units_without_a_warning(machine: Path, unit: str) -> None:
    result = analyze("verify", "--man=no", f"--root={machine}", unit)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


@pytest.mark.parametrize("unit", ["parley@.service", "parley-backup.service"])
def test_a_service_may_do_no_more_than_it_has_to(machine: Path, unit: str) -> None:
    threshold = f"--threshold={int(MOST_EXPOSED * 10)}"
    told = analyze("security", "--offline=true", f"--root={machine}", threshold, "--no-pager", unit)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_can_be_run(name: str) -> None:
    assert (DEPLOY / name).stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", DEPLOY / name]).returncode == 0


def test_the_settings_of_a_server_are_settings(tmp_path: Path) -> None:
    lines = (DEPLOY / "parley.env").read_text().splitlines()
    environ = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    documented = re.findall(r"^\| `(\w+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert set(environ) <= set(documented)
    settings = load_settings(environ | {"PARLEY_DATA_DIR": str(tmp_path)})
    assert (settings.trusted_proxies, settings.secure_cookies) == (1, True)


def test_the_limits_of_nginx_leave_parley_its_own(tmp_path: Path) -> None:
    site = (DEPLOY / "nginx/parley.conf").read_text()
    upstream = (DEPLOY / "nginx/parley-upstream.conf").read_text()
    settings = load_settings({"PARLEY_DATA_DIR": str(tmp_path)})
    form = 64 * 1024  # what a form may have beside its files
    assert _number(site, r"client_max_body_size (\d+)m;") << 20 > settings.max_upload_bytes + form
    waits, silence = map(int, re.findall(r"proxy_read_timeout (\d+)s;", site))
    assert waits > settings.run_seconds
    assert silence > 2 * 30  # the longest heartbeat, with one that was lost
    kept = min(5, settings.graceful_seconds - 1)  # as gunicorn.conf.py has it
    assert _number(upstream, r"keepalive_timeout (\d+)s;") < kept


def test_a_stop_is_given_the_time_that_it_takes(tmp_path: Path) -> None:
    unit = (DEPLOY / "systemd/parley@.service").read_text()
    settings = load_settings({"PARLEY_DATA_DIR": str(tmp_path)})
    assert _number(unit, r"TimeoutStopSec=(\d+)") > settings.graceful_seconds + 13


def _number(text: str, pattern: str) -> int:
    (found,) = re.findall(pattern, text)
    return int(found)


def test_the_nightly_backup_keeps_the_newest(tmp_path: Path) -> None:
    site, folder = tmp_path / "site", tmp_path / "back ups"
    folder.mkdir()
    (site / ".venv/bin").mkdir(parents=True)
    (site / "deploy").mkdir()
    shutil.copy(DEPLOY / "nightly-backup", site / "deploy")
    flask = site / ".venv/bin/flask"
    flask.write_text('#!/bin/sh\n[ "$3" = backup ] && : >"$4"\n')
    flask.chmod(0o755)
    for day in range(1, 21):
        (folder / f"parley-2020-01-{day:02}T030000Z.tar").touch()
    (folder / "first.tar").touch()
    subprocess.run([site / "deploy/nightly-backup", folder], check=True)
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == 15
    assert kept[:2] == ["first.tar", "parley-2020-01-08T030000Z.tar"]
    assert kept[-1] > "parley-2021"
