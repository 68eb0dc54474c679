"""`LibraryProvider`: composes the whole answer, then writes it at a pace that can be read.

Keeps true: it is deterministic; the pieces joined are exactly the composed text, or what follows
the text that a former attempt left. Imports the other files of this box.
"""

import math
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

from chat.providers.base import Draft, Piece, Text, Usage
from chat.providers.library.composing import (
    Composition,
    Step,
    compose_alike,
    compose_fact,
    compose_nearest,
    compose_points,
    compose_steps,
)
from chat.providers.library.confidence import IN_DOUBT, SIGNALS
from chat.providers.library.features import Asked
from chat.providers.library.fitted import fitted
from chat.providers.library.greeting import greet
from chat.providers.library.ranking import Candidate, rank
from chat.providers.suggesting import suggest
from chat.values import AnswerRequest

_HELD = 0.3  # of the question's weight: less in the best passage is no answer
_CHARACTERS = 4  # a token, roughly


class LibraryProvider:
    """Answers from the documents; `chunk_words` words at a time, `chunk_delay_ms` between them."""

    name = "library"
    models: Sequence[str] = ("built-in",)

    def __init__(
        self,
        chunk_words: int = 3,
        chunk_delay_ms: float = 20,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._chunk_words = max(1, chunk_words)
        self._delay = chunk_delay_ms / 1000
        self._sleep = sleep

    def open(self, request: AnswerRequest) -> Draft:
        """Compose the answer to `request`."""
        answer = compose(request)
        continues = bool(request.written) and answer.text.startswith(request.written)
        start = len(request.written) if continues else 0
        spent = usage(request, answer.text[start:])
        return Draft(
            sources=answer.sources,
            pieces=self._pieces(answer.text, answer.steps, start, spent),
            confidence_basis="retrieval_support" if answer.signals else None,
            continues=continues,
            analysis=analysis(request, answer),
            suggestions=suggest(request.question, request.retrieval, answer.sources),
        )

    def _pieces(
        self, text: str, steps: Sequence[Step], start: int, spent: Usage
    ) -> Generator[Piece, None, None]:
        """The text at its pace; the passages that it came from are not kept meanwhile."""
        for number, (begin, end) in enumerate(chunks(text, start, self._chunk_words)):
            if number and self._delay > 0:
                self._sleep(self._delay)
            value = next(step.confidence for step in steps if step.end >= end)
            yield Text(text[begin:end], value)
        yield spent


def compose(request: AnswerRequest) -> Composition:
    """The whole answer, in the form that the question's intent asks for."""
    retrieval = request.retrieval
    if retrieval.intent == "greeting":
        answer = Composition()
        answer.write(greet(request.question), None)
        return answer
    asked = Asked(request.question, retrieval.terms, retrieval.language, retrieval.doubt)
    candidates = rank(asked, retrieval)
    if not candidates or not is_held(asked, candidates):
        return compose_alike(asked, candidates) or compose_nearest(candidates)
    if retrieval.intent == "how-to":
        return compose_steps(asked, candidates, request.depth)
    if retrieval.intent in ("comparison", "summary"):
        return compose_points(asked, candidates, request.depth)
    return compose_fact(asked, candidates)


def is_held(asked: Asked, candidates: Sequence[Candidate]) -> bool:
    """Whether the best sentence with its surroundings speaks of what was asked at all."""
    best = candidates[0]
    parts = ("covered", "around", "titled", "related")
    return sum(best.feature(part) for part in parts) >= _HELD


def analysis(request: AnswerRequest, answer: Composition) -> Mapping[str, Any]:
    """What the answer was made from: intent, passages read, and the signals with their weights."""
    weights = fitted().signals
    return {
        "intent": request.retrieval.intent,
        "passages_read": len(request.retrieval.passages),
        "terms": {term: round(weight, 2) for term, weight in request.retrieval.terms.items()},
        "signals": [
            {"name": SIGNALS[name], "value": shown(name, value), "weight": weights[name]}
            for name, value in answer.signals.items()
            if value or name not in IN_DOUBT
        ],
    }


def shown(name: str, value: float) -> float:
    """A signal from 0 to 1, as people read it: log-odds as the probability they stand for."""
    return round(1 / (1 + math.exp(-value)) if name == "chance" else value, 4)


def chunks(text: str, start: int, words: int) -> Iterator[tuple[int, int]]:
    """Cuts `text` from `start` on after every `words` words, white space kept with what follows."""
    held, begin, inside = 0, start, False
    for at in range(start, len(text)):
        if text[at].isspace():
            if inside and held == words:
                yield begin, at
                begin, held = at, 0
            inside = False
        elif not inside:
            inside = True
            held += 1
    if begin < len(text):
        yield begin, len(text)


def usage(request: AnswerRequest, written: str) -> Usage:
    """What was read and written, estimated at four characters a token."""
    read = len(request.question) + sum(len(one.text) for one in request.retrieval.passages)
    return Usage(-(-read // _CHARACTERS), -(-len(written) // _CHARACTERS))
