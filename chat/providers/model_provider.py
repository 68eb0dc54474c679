"""`ModelProvider`: a server of models that the site is connected to, in any of the wire formats.

Keeps true: opening an answer needs no network; what a model refused once is known as long as the
process lives. May import the plain ground and the files beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.providers.abilities import Abilities
from chat.providers.answer import Answer
from chat.providers.base import Draft
from chat.providers.certainty import Certainty
from chat.providers.citing import cite_passages
from chat.providers.exchange import Exchange, Model
from chat.providers.formats import Format
from chat.providers.pacing import Pace
from chat.providers.suggesting import suggest
from chat.providers.unveiling import Unveiling
from chat.providers.wire import Upstream
from chat.values import AnswerRequest, Connection, Limits, Passage


class ModelProvider:
    """Answers with the models of one connection."""

    def __init__(
        self, connection: Connection, limits: Limits, pace: Pace, wire_format: Format
    ) -> None:
        self.name = connection.name
        self.models: Sequence[str] = connection.models
        self.personal_data = connection.personal_data
        # What it wrote may be given again as long as it is the same; what the web says ages.
        place = (connection.name, connection.kind, connection.preset, connection.base_url)
        window = connection.context_tokens
        self.identity = None if wire_format.searches else f"{' '.join(place)} {window}"
        self._window = window
        self._format = wire_format
        self._pace = pace
        self._abilities: dict[str, Abilities] = {}
        self._upstream = connect(connection, limits, wire_format)

    def open(self, request: AnswerRequest) -> Draft:
        """Word the prompt; the first piece sends it."""
        name = request.model or self.models[0]
        abilities = self._abilities.setdefault(name, Abilities())
        model = Model(name, self._upstream, self._format, abilities, self._window)
        exchange = Exchange(model, request)
        prompt = exchange.prompt
        citable = () if self._format.searches else exchange.given
        certainty = Certainty(citable, request.written, probabilities=exchange.asks_logprobs)
        unveiling = Unveiling(request.veil.restoring) if request.veil is not None else None
        answer = Answer(
            exchange, certainty, self._pace, written=request.written, unveiling=unveiling
        )
        sources = cite_passages(citable)
        return Draft(
            sources=sources,
            pieces=answer.pieces(),
            confidence_basis=certainty.basis,
            continues=bool(request.written),
            analysis=_analysis(request, prompt.passages),
            suggestions=suggest(request.question, request.retrieval, sources[:1]),
            messages_used=prompt.messages_used,
            tokens_used=prompt.tokens_used,
            cites_later=self._format.searches,
            prompt_sha256=prompt.sha256,
            cancel=exchange.cancel,
        )

    def close(self) -> None:
        """Close the connections that nobody uses; what is being written goes on."""
        self._upstream.close()


def connect(connection: Connection, limits: Limits, wire_format: Format) -> Upstream:
    """The address of a connection, with its key where its format has it."""
    return Upstream(
        wire_format.base_url(connection.base_url),
        wire_format.headers(connection.key),
        limits,
        name=connection.name,
        secrets=[connection.key] if connection.key else [],
    )


def _analysis(request: AnswerRequest, given: Sequence[Passage]) -> Mapping[str, Any]:
    """What is known of how the answer is made; a model tells no signals."""
    retrieval = request.retrieval
    return {
        "intent": retrieval.intent,
        "passages_read": len(retrieval.passages),
        "passages_given": len(given),
        "terms": {term: round(weight, 2) for term, weight in retrieval.terms.items()},
    }
