"""How sure one may be of a model's answer so far, and on what that rests.

Keeps true: nothing is told where nothing is known; once an answer has a basis, it keeps it. May
import the plain ground and the files beside it.
"""

import math
import sys
from collections.abc import Mapping, Sequence

from chat.events import Basis
from chat.providers.formats import Reading
from chat.providers.support import SupportMeter
from chat.values import Passage


class Certainty:
    """Of one answer: the geometric mean of its tokens' probabilities where the model tells them,
    else how far the cited `passages` support it; None where there is neither.

    `written` is what a former attempt left of the answer.
    """

    __slots__ = ("_meter", "_passages", "_written", "basis")

    def __init__(self, passages: Sequence[Passage], written: str, *, probabilities: bool) -> None:
        self._passages: Sequence[Passage] = passages
        self._written = written
        self._meter: SupportMeter | None = None
        support: Basis | None = "retrieval_support" if passages else None
        self.basis: Basis | None = "token_probability" if probabilities else support

    def add(self, text: str, reading: Reading) -> float | None:
        """The value once `text` stands, which `reading` has just read."""
        if self._meter is not None:
            return self._meter.add(text)
        if self.basis == "token_probability":
            if reading.measured:
                self._passages = ()
                return math.exp(-reading.surprise / reading.measured)
            if reading.has_logprobs is not False:
                return None
            self.basis = "retrieval_support" if self._passages else None
        if self.basis is None:
            return None
        # Interned: many answers of one moment rest on the same passages, each held once.
        texts = {n: sys.intern(one.text) for n, one in enumerate(self._passages, 1)}
        self._meter = SupportMeter(texts)
        self._passages = ()
        return self._meter.add(self._written + text)

    def signals(self, reading: Reading) -> Mapping[str, float]:
        """What the last value was computed from, by the words that people read."""
        if self.basis == "token_probability" and reading.measured:
            mean = -reading.surprise / reading.measured
            return {"Tokens measured": reading.measured, "Mean log-probability of a token": mean}
        return self._meter.signals if self._meter is not None else {}
