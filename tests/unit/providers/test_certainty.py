"""How sure one may be of an answer; what many answers rest on is held once."""

from collections.abc import Mapping

import pytest

from chat.providers import certainty
from chat.providers.certainty import Certainty
from chat.providers.failures import Complaints
from chat.providers.formats import Reading
from tests.unit.providers.passages import passage


def test_answers_from_the_same_passage_hold_its_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Mapping[int, str]] = []
    monkeypatch.setattr(certainty, "SupportMeter", lambda texts: held.append(texts) or _Meter())
    for _ in range(2):
        text = "".join(["The harbour opens ", "at eight."])  # read from the database each time
        answer = Certainty([passage(text)], "", probabilities=False)
        answer.add("At eight [1].", Reading(Complaints("acme", [])))
    assert held[0][1] is held[1][1]


class _Meter:
    def add(self, text: str) -> float | None:
        return None
