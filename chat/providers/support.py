"""How far the cited passages support a model's answer, while it is being written.

The value is the mean, over the sentences that claim something, of the chance that the passages they
cite hold what they say. A marker speaks for its sentence, and for those before it in the paragraph
that have none; a claim without any has no chance. Keeps true: a text has one value, however it was
cut; the cost of a piece does not grow with the answer. Imports claims, support_signals and written.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chat.providers.claims import claim_of
from chat.providers.support_signals import fitted, measure, probability
from chat.providers.written import LINE_END, WrittenSentences

_CITED = 5  # passages that one sentence may rest on
_WAITING = 4  # sentences that may wait for a marker further on in their paragraph


class _Tally(NamedTuple):
    """How many claims there are, how many cite, the sum of their chances, those that wait."""

    claims: int = 0
    cited: int = 0
    chances: float = 0.0
    waiting: tuple[str, ...] = ()

    @property
    def mean(self) -> float | None:
        return round(self.chances / self.claims, 4) if self.claims else None


class SupportMeter:
    """Of one answer; `sources` maps the number of a marker to the text of its passage."""

    __slots__ = ("_ahead", "_sentences", "_sources", "_tally", "_told", "_value")

    def __init__(self, sources: Mapping[int, str]) -> None:
        self._sources = sources
        self._sentences = WrittenSentences()
        self._tally = self._told = _Tally()  # of what has ended for good; what is told
        # The sentences that have ended as far as one could see, each with the tally up to it: it
        # is not counted again when it ends for good.
        self._ahead: list[tuple[str, _Tally]] = []
        self._value: float | None = None

    def add(self, text: str) -> float | None:
        """The value at the last end of a sentence, once `text` stands; None before the first."""
        found = self._sentences.feed(text)
        if found is not None:
            self._count(*found)
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

    def _count(self, ended: list[str], pending: list[str]) -> None:
        tally = self._tally
        for sentence in ended:
            if self._ahead and self._ahead[0][0] == sentence:
                tally = self._ahead.pop(0)[1]
            else:
                self._ahead, tally = [], self._after(tally, sentence)
        self._tally = tally
        if pending or self._ahead:
            tally = self._look_ahead(tally, pending)
        if tally is not self._told:
            self._told, self._value = tally, tally.mean

    def _look_ahead(self, tally: _Tally, pending: list[str]) -> _Tally:
        ahead = self._ahead
        del ahead[len(pending) :]
        for place, sentence in enumerate(pending):
            if place == len(ahead) or ahead[place][0] != sentence:
                ahead[place:] = [(sentence, self._after(tally, sentence))]
            tally = ahead[place][1]
        return tally

    def _after(self, tally: _Tally, sentence: str) -> _Tally:
        """The tally once `sentence` is counted too."""
        if sentence == LINE_END:
            return tally._replace(waiting=()) if tally.waiting else tally
        claim = claim_of(sentence)
        if claim is None:
            return tally
        text, numbers = claim
        claims, cited, chances, waiting = tally
        sources = [n for n in numbers if n in self._sources][:_CITED] if numbers else None
        if not sources:
            return _Tally(claims + 1, cited, chances, (*waiting, text)[-_WAITING:])
        chances += sum([self._chance(one, sources) for one in (*waiting, text)])
        return _Tally(claims + 1, cited + len(waiting) + 1, chances)

    def _chance(self, sentence: str, cited: Sequence[int]) -> float:
        """How likely these passages hold what the sentence says."""
        passages = [self._sources[n] for n in cited]
        values = measure(sentence, passages, self._sources.values())
        return 0.0 if values is None else probability(values, fitted())
