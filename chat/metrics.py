"""Figures as Prometheus text. Labels come from closed sets, never from users' text.

Imports nothing of Parley.
"""

from collections.abc import Mapping

_HELP = {
    "runs": "Answers being written by this process.",
    "followers": "Open streams of this process.",
    "redis": "Whether Redis is used now.",
    "resident_bytes": "Resident memory.",
    "cpu_seconds": "Processor time used so far.",
    "uptime_seconds": "Time since the start.",
}


def exposition(figures: Mapping[str, float]) -> str:
    """The text format 0.0.4: help, type and value of each figure."""
    lines = []
    for name, value in figures.items():
        kind = "counter" if name == "cpu_seconds" else "gauge"
        full = f"parley_{name}" + ("_total" if kind == "counter" else "")
        lines += [f"# HELP {full} {_HELP[name]}", f"# TYPE {full} {kind}", f"{full} {value}"]
    return "\n".join(lines) + "\n"
