"""Boots a copy-on-write view of this machine, and runs a script there as root."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BOOT = Path(__file__).parent / "boot.sh"
BEGUN = "the machine is up"
_CGROUPS = ("/sys/fs/cgroup/unified", "/sys/fs/cgroup")  # version 2, beside version 1 or alone
_NAMESPACES = "--mount --net --pid --ipc --uts --cgroup --fork --kill-child"


def run(folder: Path, script: str, timeout: float) -> tuple[int, str]:
    """Run a script on a fresh machine that finds `folder` as /page: exit code and output.

    Skips the test where this machine cannot carry another one.
    """
    if os.geteuid() != 0:
        pytest.skip("a fresh machine needs root, for an overlay file system and namespaces")
    (folder / "script").write_text(f"echo {BEGUN}\n{script}")
    (folder / "output").touch()
    with _cgroup() as cgroup, (folder / "console").open("wb") as console:
        boot = f'echo $$ >"{cgroup}/cgroup.procs"; exec unshare {_NAMESPACES} bash "$0" "$1"'
        machine = subprocess.Popen(
            ["bash", "-c", boot, BOOT, folder],
            stdin=subprocess.DEVNULL, stdout=console, stderr=console,
        )  # fmt: skip
        try:
            code = machine.wait(timeout)
        except subprocess.TimeoutExpired:
            pytest.fail(f"not at its end after {timeout} s:\n{(folder / 'output').read_text()}")
        finally:
            (cgroup / "cgroup.kill").write_text("1")  # all that runs there, and nothing else
            machine.wait()
    told = (folder / "output").read_text()
    if BEGUN not in told:
        last = (folder / "console").read_text(errors="replace").strip().splitlines()[-3:]
        pytest.skip(f"this machine cannot carry another one: {' / '.join(last)}")
    return code, told


@contextmanager
def _cgroup() -> Iterator[Path]:
    """A control group of the machine's own, so that systemd arranges only its own processes."""
    root = next((Path(place) for place in _CGROUPS if Path(place, "cgroup.procs").exists()), None)
    if root is None:
        pytest.skip("a fresh machine needs control groups, version 2")
    group = root / f"parley-test-{os.getpid()}"
    try:
        group.mkdir()
    except OSError as error:
        pytest.skip(f"a fresh machine needs a control group of its own: {error}")
    try:
        yield group
    finally:
        while "populated 1" in (group / "cgroup.events").read_text():
            time.sleep(0.01)  # between two looks at a condition
        for inner, _, _ in os.walk(group, topdown=False):
            os.rmdir(inner)
