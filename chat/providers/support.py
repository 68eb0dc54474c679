"""How far the cited passages support a model's answer, told at the end of each of its sentences.

Keeps true: the value depends on the text so far, not on how it was cut; a sentence without a marker
that names a source is not supported; a piece costs no more at the end of an answer than at its
beginning. Pure; may import claims and their signals.
"""

from collections.abc import Mapping

from chat.providers.claims import Claims, markers, without_markers
from chat.providers.support_signals import fitted, measure, probability

_CITED = 5  # passages that one sentence may rest on


class SupportMeter:
    """Of one answer; `sources` maps the number of a marker to the text of its passage."""

    __slots__ = ("_claims", "_count", "_judged", "_sources", "_supported", "_value")

    def __init__(self, sources: Mapping[int, str]) -> None:
        self._sources = sources
        self._claims = Claims()
        self._count = 0
        self._supported = 0.0
        self._judged: tuple[str, float | None] = ("", None)
        self._value: float | None = None

    def add(self, text: str) -> float | None:
        """The share of the sentences so far that is supported; None before the first has ended."""
        ended = self._claims.feed(text)
        if ended is None:
            return self._value
        for claim in ended:
            if (chance := self._judge(claim)) is not None:
                self._supported += chance
                self._count += 1
        pending = [self._judge(claim) for claim in self._claims.pending()]
        chances = [chance for chance in pending if chance is not None]
        count = self._count + len(chances)
        self._value = round((self._supported + sum(chances)) / count, 4) if count else None
        return self._value

    def _judge(self, claim: str) -> float | None:
        """The probability that what it cites supports it; None where it claims nothing."""
        if claim != self._judged[0]:
            self._judged = (claim, self._chance(claim))
        return self._judged[1]

    def _chance(self, claim: str) -> float | None:
        cited = [self._sources[n] for n in markers(claim) if n in self._sources][:_CITED]
        values = measure(without_markers(claim), cited, self._sources.values())
        if values is None:
            return None
        return probability(values, fitted()) if cited else 0.0
