"""The plot of bench/relay.py: bars as SVG, readable on light and on dark pages. Pure."""

import math
from collections.abc import Iterable
from html import escape
from typing import Any

_NAMES = {"parley": "Parley", "gevent": "bare gevent relay", "node": "bare Node relay"}
_LEFT, _BAR, _RIGHT, _ROW, _GAP = 190, 420, 110, 24, 34  # pixels
_STYLE = """
svg { color-scheme: light dark }
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.parley { fill: #2f6feb } .gevent { fill: #8b949e } .node { fill: #b9a13a }
.worst { fill-opacity: 0.45 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .parley { fill: #6ea2ff } .gevent { fill: #848d97 } .node { fill: #c9b458 }
}"""

Bar = tuple[str, str, float, str]  # label, classes, value, what is written beside it
Panel = tuple[str, list[Bar]]


def plot(found: dict[str, Any]) -> str:
    """The figures of bench/relay_table.py as a picture."""
    panels = [*cpu_panels(found["relays"]), *first_chunk_panels(found["relays"], found["streams"])]
    body, top = [], 10
    for title, bars in panels:
        body += panel(title, bars, top)
        top += _GAP + _ROW * len(bars)
    width = _LEFT + _BAR + _RIGHT
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" role="img">'
    title = "<title>What a token costs on its way through Parley</title>"
    return "\n".join([head, title, f"<style>{_STYLE}\n</style>", *body, "</svg>\n"])


def cpu_panels(relays: dict[str, Any]) -> Iterable[Panel]:
    """CPU for 1,000 tokens of each rate; the bare gevent relay's is 1."""
    for rate in next(iter(relays.values()))["rates"]:
        costs = {name: r["rates"][rate].get("slope_cpu_for_1000") for name, r in relays.items()}
        base = costs.get("gevent")
        bars = [
            (name, name, cost / (base or 1), f"{cost / base:.2f} ×" if base else f"{cost:.3f} s")
            for name, cost in costs.items()
            if cost is not None
        ]
        if bars:
            yield f"CPU for 1,000 tokens beyond the sends, {rate} tokens a second", bars


def first_chunk_panels(relays: dict[str, Any], streams: int) -> Iterable[Panel]:
    """Time to the first chunk, of few streams and of many at the lowest rate."""
    slowest = min(next(iter(relays.values()))["rates"], key=int)
    few = {name: relay["few"] for name, relay in relays.items()}
    many = {name: relay["rates"][slowest] for name, relay in relays.items()}
    for crowd in (few, many):
        count = next(iter(crowd.values()))["streams"] if crowd is few else streams
        bars = []
        for name, figures in crowd.items():
            middle, worst = (figures[f"first_chunk_beyond_{part}"] for part in ("p50", "p99"))
            bars.append((name, name, middle, f"{middle:.1f} ms, median"))
            bars.append(("", f"{name} worst", worst, f"{worst:.1f} ms, p99"))
        yield f"First chunk beyond the upstream's own time, {count} streams", bars


def panel(title: str, bars: list[Bar], top: int) -> list[str]:
    """A title and its bars; the longest one has all the room."""
    usable = [value for _, _, value, _ in bars if math.isfinite(value)]
    scale = _BAR / max([*usable, 1e-9])
    lines = [f'<text class="title" x="10" y="{top + 14}">{escape(title)}</text>']
    for number, (label, classes, value, beside) in enumerate(bars):
        y = top + 22 + number * _ROW
        length = max(1.0, value * scale) if math.isfinite(value) else 1.0
        name = escape(_NAMES.get(label, label))
        lines.append(f'<text x="{_LEFT - 10}" y="{y + 14}" text-anchor="end">{name}</text>')
        lines.append(
            f'<rect class="{classes}" x="{_LEFT}" y="{y + 2}" rx="2" height="{_ROW - 7}" '
            f'width="{length:.1f}"/>'
        )
        lines.append(f'<text x="{_LEFT + length + 8:.1f}" y="{y + 14}">{escape(beside)}</text>')
    return lines
