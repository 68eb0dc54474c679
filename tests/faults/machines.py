"""Sites as on machines of their own: each with its own processes and mounts, on this one's network.

Keeps true: no machine sees another one's processes, so only a lease tells that they are gone; what
runs there ends with the machine. Needs Linux's namespaces, which most systems give everybody.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.live import ROOT, START_SECONDS, LiveSite
from tests.programs import require_program, without


class Machine:
    """Namespaces that live from `boot` to `crash`."""

    def __init__(self) -> None:
        self._unshare: subprocess.Popen[bytes] | None = None
        self._init = 0

    def boot(self) -> None:
        """Begin with nothing but a process that sleeps, as its process number 1."""
        anybody = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        command = [require_program("unshare"), *anybody, "--pid", "--mount-proc", "--fork"]
        command += ["--kill-child", "sh", "-c", "echo up; exec sleep infinity"]
        self._unshare = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._unshare.stdout is not None
        if self._unshare.stdout.readline() != b"up\n":
            self._unshare.wait()
            without("unshare with namespaces")
        (self._init,) = children_of(self._unshare.pid)

    def crash(self) -> None:
        """Lose the machine, with all that runs there."""
        unshare, self._unshare = self._unshare, None
        if unshare is not None:
            os.kill(self._init, signal.SIGKILL)
            unshare.communicate(timeout=20)

    def inside(self, *command: str) -> list[str]:
        """A command as it is run there."""
        anybody = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        enter = [require_program("nsenter"), "--target", str(self._init), *anybody]
        return [*enter, "--pid", "--mount", f"--wd={ROOT}", "--", *command]

    def mount_disk(self, folder: Path, size: str) -> None:
        """A disk of this size at `folder`, which only the machine sees."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        options = ["-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
        subprocess.run(self.inside("mount", *options), check=True)

    def path(self, path: Path) -> Path:
        """Where this machine's file is found from outside."""
        return Path(f"/proc/{self._init}/root{path}")


class RemoteSite(LiveSite):
    """A site on a machine, which it boots if it has to; `pid` is as seen from here."""

    def __init__(self, folder: Path, template: Path | None, **environ: str) -> None:
        super().__init__(folder, template, **environ)
        self.machine = Machine()
        self._master = 0

    @property
    def pid(self) -> int:
        """The process id of gunicorn's master."""
        return self._master

    def start(self) -> Self:
        self.command = self.machine.inside(sys.executable, "app.py")
        return super().start()

    def end_master(self) -> None:
        """Kill gunicorn's master alone."""
        os.kill(self._master, signal.SIGKILL)
        self.wait()

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while not (found := children_of(self._process.pid)):
            assert self._process.poll() is None, self.output
            assert time.monotonic() < deadline
        (self._master,) = found
        super()._wait_until_it_answers()

    def _end(self, how: signal.Signals | None) -> int:
        """As everywhere; but nsenter, which stands for the master here, passes no signal on."""
        if how is not None and self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self._master, how)
        return super()._end(None)

    def crash(self) -> None:
        """Lose the machine with the site on it, and boot it again."""
        self.machine.crash()
        self.wait()
        self.machine.boot()

    def owner_of(self, worker: int) -> tuple[str, int]:
        """The machine and the process id of its worker, as its row in `processes` has them."""
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        status = Path(f"/proc/{worker}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("NSpid:"))
        return f"{boot} {os.readlink(f'/proc/{worker}/ns/pid')}", int(line.split()[-1])

    def __enter__(self) -> Self:
        self.machine.boot()
        try:
            return self.start()
        except BaseException:
            self.machine.crash()
            raise

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self.machine.crash()


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that are left."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
