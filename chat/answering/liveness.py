"""Where a process runs, and what proves its death to another one of the same machine.

Keeps true: a proof is never wrong; without one a process counts as living. Reads Linux's /proc;
where there is none, nothing is ever proved. Imports nothing of Parley.
"""

import os
from dataclasses import dataclass
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_STATE, _BEGAN = 0, 19  # fields of /proc/<pid>/stat after the name (proc(5): 3 and 22)
_ENDED = {"Z", "X"}  # killed, and at most not yet reaped


@dataclass(frozen=True, slots=True)
class Place:
    """A process: its machine, its number there, and when it began, in ticks since the boot.

    `machine` is one boot of one kernel as one pid namespace sees it, or "" where nobody can tell.
    """

    machine: str
    pid: int
    pid_began: int


def this_process() -> Place:
    """The place of the process that asks."""
    pid = os.getpid()
    try:
        machine = f"{_BOOT.read_text().strip()} {os.readlink('/proc/self/ns/pid')}"
        return Place(machine, pid, int(_stat(pid)[_BEGAN]))
    except OSError:
        return Place("", pid, 0)


def is_dead(process: Place, *, seen_from: Place) -> bool:
    """Whether a process is proved dead: its number is free, or another process has it by now."""
    if not process.machine or process.machine != seen_from.machine:
        return False
    try:
        os.kill(process.pid, 0)
        fields = _stat(process.pid)
    except ProcessLookupError:
        return True
    except OSError:  # it exists, and is hidden from us
        return False
    return int(fields[_BEGAN]) != process.pid_began or fields[_STATE] in _ENDED


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold anything, in brackets."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
