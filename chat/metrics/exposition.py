"""Figures as Prometheus reads them: its text format, or OpenMetrics where that is asked for.

Keeps true: providers that nobody was asked for are not listed, so that it stays short.
`prometheus-client` is loaded at the first scrape: a site that nobody scrapes does without it. May
import its siblings.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from chat.metrics.counted import BUILT_IN, FAMILIES
from chat.metrics.family import Family
from chat.metrics.numbers import Joined, key_of

_PREFIX = "parley_"


def exposition(joined: Joined, accept: str) -> tuple[bytes, str]:
    """The text for one who accepts `accept`, and its content type."""
    from prometheus_client.exposition import choose_encoder

    encode, content_type = choose_encoder(accept)
    return encode(_Collected(joined)), content_type


class _Collected:
    """What prometheus_client writes: something with `collect`."""

    def __init__(self, joined: Joined) -> None:
        self._joined = joined

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        kinds = {
            "counter": CounterMetricFamily,
            "gauge": GaugeMetricFamily,
            "histogram": HistogramMetricFamily,
        }
        asked = _asked(self._joined)
        for family in FAMILIES:
            written = kinds[family.kind](
                _PREFIX + family.name, family.help, labels=[*family.labels]
            )
            for labels, values in self._series(family, asked):
                if family.kind == "histogram":
                    written.add_metric(labels, _buckets(family.bounds, values), values[-1])
                else:
                    written.add_metric(labels, values[0])
            yield written

    def _series(
        self, family: Family, asked: set[str]
    ) -> Iterable[tuple[tuple[str, ...], Sequence[float]]]:
        for labels in family.series:
            if "provider" not in family.labels or labels[0] in asked:
                values = self._joined.values.get((key_of(family), *labels))
                yield labels, values or [0.0] * family.width


def _asked(joined: Joined) -> set[str]:
    """The providers of which there is anything to tell."""
    found = {BUILT_IN}
    for family in FAMILIES:
        if "provider" in family.labels:
            for labels in family.series:
                if any(joined.values.get((key_of(family), *labels), ())):
                    found.add(labels[0])
    return found


def _buckets(bounds: Sequence[float], values: Sequence[float]) -> list[tuple[str, float]]:
    """Each bound with how many were up to it."""
    names = [*map(_written, bounds), "+Inf"]
    return list(zip(names, accumulate(values[:-1]), strict=True))


def _written(bound: float) -> str:
    return str(float(bound))
