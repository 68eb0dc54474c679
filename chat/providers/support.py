"""How far the cited passages support a model's answer, while it is being written.

The value is the mean, over the sentences that claim something, of the chance that the passages they
cite hold what they say. A marker speaks for its sentence, and for those before it in the paragraph
that have none; a claim without any has no chance. Keeps true: a text has one value, however it was
cut; the cost of a piece does not grow with the answer. Imports claims and support_signals.
"""

from collections.abc import Mapping, Sequence

from chat.providers.claims import LINE_END, Claims, markers, without_markers
from chat.providers.support_signals import fitted, measure, probability

_CITED = 5  # passages that one sentence may rest on
_WAITING = 4  # sentences that may wait for a marker further on in their paragraph


class SupportMeter:
    """Of one answer; `sources` maps the number of a marker to the text of its passage."""

    __slots__ = ("_claims", "_last", "_sources", "_tally", "_told", "_value")

    def __init__(self, sources: Mapping[int, str]) -> None:
        self._sources = sources
        self._claims = Claims()
        self._tally = _Tally()
        self._last: tuple[str, Sequence[int], float] = ("", (), 0.0)  # measured last
        self._value: float | None = None
        self._told = self._tally  # what the value was computed from

    def add(self, text: str) -> float | None:
        """The value at the last end of a sentence, once `text` stands; None before the first."""
        ended = self._claims.feed(text)
        if ended is not None:
            for sentence in ended:
                self._count(self._tally, sentence)
            so_far = self._tally.copy()
            for sentence in self._claims.pending():
                self._count(so_far, sentence)
            self._value, self._told = so_far.mean, so_far
        return self._value

    @property
    def signals(self) -> Mapping[str, float]:
        """The two factors of the value: how many claims cite, and how far what they cite holds."""
        told = self._told
        if not told.claims:
            return {}
        held = {"Sentences with a source": told.cited / told.claims}
        if told.cited:
            held["Support by the passages they cite"] = told.chances / told.cited
        return held

    def _count(self, tally: "_Tally", sentence: str) -> None:
        if sentence == LINE_END:
            tally.waiting = ()
            return
        text = without_markers(sentence)
        tally.claims += 1
        cited = [n for n in markers(sentence) if n in self._sources][:_CITED]
        if cited:
            tally.chances += sum(self._chance(one, cited) for one in (*tally.waiting, text))
            tally.cited += len(tally.waiting) + 1
            tally.waiting = ()
        else:
            tally.waiting = (*tally.waiting, text)[-_WAITING:]

    def _chance(self, sentence: str, cited: Sequence[int]) -> float:
        """How likely these passages hold what the sentence says."""
        if self._last[:2] != (sentence, cited):
            passages = [self._sources[n] for n in cited]
            values = measure(sentence, passages, self._sources.values())
            chance = 0.0 if values is None else probability(values, fitted())
            self._last = (sentence, cited, chance)
        return self._last[2]


class _Tally:
    """How many claims there are, how many cite, the sum of their chances, those that wait."""

    __slots__ = ("chances", "cited", "claims", "waiting")

    def __init__(
        self,
        claims: int = 0,
        chances: float = 0.0,
        waiting: tuple[str, ...] = (),
        cited: int = 0,
    ) -> None:
        self.claims = claims
        self.cited = cited
        self.chances = chances
        self.waiting = waiting

    def copy(self) -> "_Tally":
        return _Tally(self.claims, self.chances, self.waiting, self.cited)

    @property
    def mean(self) -> float | None:
        return round(self.chances / self.claims, 4) if self.claims else None
