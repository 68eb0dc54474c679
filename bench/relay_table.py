"""The table of the relays: each figure, and its ratio to the bare gevent relay's."""

import statistics
from collections.abc import Mapping
from typing import Any

BASE = "gevent"
_LABEL, _CELL = 46, 11
_FIRST = (
    ("first chunk beyond the upstream's, ms, p50", "first_chunk_beyond_p50"),
    ("first chunk beyond the upstream's, ms, p99", "first_chunk_beyond_p99"),
)
_ROWS = (
    ("CPU s for 1,000 tokens beyond the sends", "slope_cpu_for_1000"),
    ("CPU s for 1,000 tokens, all open", "all_open_cpu_for_1000"),
    ("CPU s for 1,000 tokens, sends included", "cpu_for_1000"),
    ("CPU of a send, its end included, ms", "cpu_ms_a_send"),
    ("CPU a stream that the slope leaves over, ms", "cpu_ms_left_over"),
    ("added delay of a token, ms, p50", "delay_p50"),
    ("added delay of a token, ms, p99", "delay_p99"),
    ("gap between chunks, ms, p50", "gap_p50"),
    ("gap between chunks, ms, p99", "gap_p99"),
    ("tokens that come together", "tokens_a_read"),
    ("memory a stream, KiB resident", "resident_kib"),
    ("memory a stream, KiB proportional", "proportional_kib"),
    ("streams that failed", "failed"),
)


def table(found: dict[str, Any]) -> str:
    """The results as people read them: each figure, and its ratio to the bare gevent relay's."""
    relays, tool = found["relays"], found["tools"]
    few = {name: relay["few"] for name, relay in relays.items()}
    lines = section(f"{first(few)['streams']} streams", few, (*_FIRST, _ROWS[-1]))
    for rate in first(relays)["rates"]:
        at = {name: relay["rates"][rate] for name, relay in relays.items()}
        head = f"{found['streams']} streams, {rate} tokens a second"
        lines += section(head, at, (*_FIRST, *_ROWS))
    lines += alone(found)
    lines.append(
        f"the bench itself, CPU s for 1,000 tokens: upstream {tool['upstream_cpu_for_1000']}, "
        f"load {tool['load_cpu_for_1000']}; added delay p50 {tool['delay_p50']} ms, "
        f"p99 {tool['delay_p99']} ms; gap p99 {tool['gap_p99']} ms"
    )
    crowds = [crowd for relay in relays.values() for crowd in relay["rates"].values()]
    errors = {error for crowd in crowds for error in crowd["errors"]}
    return "\n".join([*lines, *(f"error: {error}" for error in sorted(errors))])


def alone(found: dict[str, Any]) -> list[str]:
    """What is measured of Parley only."""
    lines = [""]
    if (many := found.get("many")) is not None:
        gaps, delays, first = many["gap_ms"], many["delay_ms"], many["first_chunk_ms"]
        lines += [
            f"{many['streams']} streams on one process: {many['most_open']} open at once, "
            f"{many['failed']} failed {many['errors']}",
            f"  gap p50 {gaps['p50']}, p99 {gaps['p99']} ms; delay p50 {delays['p50']}, p99 "
            f"{delays['p99']} ms; first chunk p50 {first['p50']}, p99 {first['p99']} ms; "
            f"{many['all_open_cpu_for_1000']} CPU s for 1,000 tokens; "
            f"{many['resident_kib']} KiB a stream",
        ]
    for label, name in (("at idle", "stops_idle"), ("beside 300 streams", "stops_beside")):
        if (stops := found.get(name)) is not None:
            lines.append(
                f"{stops['stops']} stops {label}: median {stops['median_ms']}, worst "
                f"{stops['worst_ms']} ms; {stops['not_closed']} not closed"
            )
    return lines


def section(
    title: str, relays: Mapping[str, dict[str, Any]], rows: tuple[tuple[str, str], ...]
) -> list[str]:
    head = [title]
    for name in relays:
        head += [name] + (["× gevent"] if name != BASE and BASE in relays else [])
    lines = ["", line(head)]
    for label, key in rows:
        cells = [label]
        for name, figures in relays.items():
            cells.append(show(figures.get(key)))
            if name != BASE and BASE in relays:
                cells.append(ratio(figures, relays[BASE], key))
        lines.append(line(cells))
    return lines


def ratio(figures: dict[str, Any], base: dict[str, Any], key: str) -> str:
    """Of the costs the median of the rounds' ratios: the cores' speed drifts between them."""
    value, divisor = figures.get(key), base.get(key)
    if value is None or not divisor or divisor < 0:
        return ""
    if key == "slope_cpu_for_1000" and all(base["slopes"]):
        pairs = zip(figures["slopes"], base["slopes"], strict=True)
        return f"{statistics.median(one / two for one, two in pairs):.2f}"
    return f"{value / divisor:.2f}"


def show(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def line(cells: list[str]) -> str:
    return cells[0].ljust(_LABEL) + "".join(cell.rjust(_CELL) for cell in cells[1:])


def first(values: Mapping[str, Any]) -> Any:
    return next(iter(values.values()))
