"""What a server costs, read from /proc: CPU seconds and memory of its processes."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def cpu_seconds(pids: list[int]) -> float:
    """User and system time that the processes have used so far."""
    return sum(_ticks(pid) for pid in pids) / _TICKS


def resident_kib(pids: list[int]) -> int:
    """Sum of the resident memory of the processes; what they share counts for each."""
    return sum(_field(Path(f"/proc/{pid}/status"), "VmRSS:") for pid in pids)


def proportional_kib(pids: list[int]) -> int:
    """The same, with what several share divided among them."""
    return sum(_field(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") for pid in pids)


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _field(path: Path, name: str) -> int:
    line = next(line for line in path.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1])
