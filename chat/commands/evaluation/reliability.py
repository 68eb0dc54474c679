"""The reliability diagram: how often answers of each confidence were right.

The diagram is that of DeGroot and Fienberg (1983) with the bins of Guo et al. (2017): where a bar
ends on the diagonal, the confidence is what it says. The intervals are Wilson's (1927), at 95 %.
Keeps true: the same outcomes give the same file, to the byte. Imports nothing of Parley.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

BINS = 10
_Z = 1.96  # of the normal distribution: 95 % of it lie within
_LEFT, _TOP, _SIZE = 56, 28, 320  # pixels: the margins, and the side of the square
_COUNTS = 72  # pixels: the height of the histogram below it
Pairs = Sequence[tuple[float, bool]]


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers with a confidence from `low` to `high`: its mean, the share right, its interval."""

    low: float
    high: float
    count: int
    confidence: float
    right: float
    least: float
    most: float


def bins_of(pairs: Pairs, bins: int = BINS) -> list[Bin]:
    """The bins of equal width that hold any answer."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for value, right in pairs:
        held[min(bins - 1, int(value * bins))].append((value, right))
    return [_bin(n / bins, (n + 1) / bins, one) for n, one in enumerate(held) if one]


def wilson(right: int, count: int) -> tuple[float, float]:
    """The interval that holds a share of which `right` of `count` were seen, at 95 %."""
    share, square = right / count, _Z * _Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = share * (1 - share) / count + square / (4 * count * count)
    half = _Z * math.sqrt(spread) / (1 + square / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def show(pairs: Pairs, file: Path) -> Iterator[str]:
    """The table, a line each; the diagram is written into `file`."""
    yield ""
    yield from table(pairs)
    title = f"{len(pairs)} answers: confidence and share right"
    file.write_text(diagram(pairs, title), encoding="utf-8")
    yield f"the reliability diagram is in {file}"


def table(pairs: Pairs) -> Iterator[str]:
    """The bins as lines of text."""
    yield "confidence   answers  mean   right  95 % interval"
    for one in bins_of(pairs):
        span = f"{one.low:.1f} to {one.high:.1f}"
        yield (
            f"{span:<11}  {one.count:>7}  {one.confidence:.3f}  {one.right:.3f}  "
            f"{one.least:.3f} to {one.most:.3f}"
        )


def diagram(pairs: Pairs, title: str) -> str:
    """The diagram as an SVG file that stands for itself."""
    found = bins_of(pairs)
    width, height = _LEFT + _SIZE + 24, _TOP + _SIZE + _COUNTS + 72
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="#3d3a34">',
        f"<title>{_escaped(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="17" font-weight="600">{_escaped(title)}</text>',
        *_axes(),
        *(part for one in found for part in _bar(one)),
        *_histogram(found),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _bin(low: float, high: float, pairs: Pairs) -> Bin:
    count, right = len(pairs), sum(good for _, good in pairs)
    mean = sum(value for value, _ in pairs) / count
    return Bin(low, high, count, mean, right / count, *wilson(right, count))


def _axes() -> Iterator[str]:
    bottom, right = _TOP + _SIZE, _LEFT + _SIZE
    for tenth in range(0, 11, 2):
        share = tenth / 10
        yield f'<path d="M{_LEFT} {_y(share)}H{right}" stroke="#e4e1da"/>'
        yield _text(_LEFT - 8, _y(share) + 4, f"{share:.1f}", "end")
        yield _text(_x(share), bottom + 16, f"{share:.1f}")
    yield f'<path d="M{_LEFT} {bottom}L{right} {_TOP}" stroke="#8a857b" stroke-dasharray="5 4"/>'
    turned = f'transform="translate(14 {_TOP + _SIZE // 2}) rotate(-90)"'
    yield f'<text {turned} text-anchor="middle">share that was right</text>'
    yield _text(_LEFT + _SIZE // 2, bottom + 34, "confidence")


def _bar(one: Bin) -> Iterator[str]:
    top, at = _y(one.right), _x(one.confidence)
    yield _rect(one, top, _TOP + _SIZE - top, "#2f54d0", 0.35)
    yield f'<path d="M{at} {_y(one.least)}V{_y(one.most)}" stroke="#2f54d0" stroke-width="1.5"/>'
    yield f'<circle cx="{at}" cy="{top}" r="3.5" fill="#2f54d0"/>'


def _histogram(found: Sequence[Bin]) -> Iterator[str]:
    bottom = _TOP + _SIZE + 48 + _COUNTS
    most = max((one.count for one in found), default=1)
    for one in found:
        height = round(one.count / most * (_COUNTS - 16), 1)
        yield _rect(one, bottom - height, height, "#b9b4a8", 1)
        yield _text((_x(one.low) + _x(one.high)) / 2, bottom - height - 3, str(one.count), size=10)
    yield _text(_LEFT - 8, bottom - 4, "answers", "end", 10)


def _rect(one: Bin, top: float, height: float, fill: str, opacity: float) -> str:
    """A rectangle as wide as the bin, with a gap to its neighbours."""
    x, width = _x(one.low) + 2, round((one.high - one.low) * _SIZE) - 4
    where = f'x="{x}" y="{round(top, 1)}" width="{width}" height="{round(height, 1)}"'
    return f'<rect {where} fill="{fill}" fill-opacity="{opacity}"/>'


def _text(x: float, y: float, text: str, anchor: str = "middle", size: int = 12) -> str:
    where = f'x="{round(x, 1)}" y="{round(y, 1)}"'
    return f'<text {where} text-anchor="{anchor}" font-size="{size}">{_escaped(text)}</text>'


def _x(share: float) -> float:
    return round(_LEFT + share * _SIZE, 1)


def _y(share: float) -> float:
    return round(_TOP + (1 - share) * _SIZE, 1)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
