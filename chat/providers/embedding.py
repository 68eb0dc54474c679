"""Asks a connection's `/embeddings` for the vectors of texts, in OpenAI's format.

Keeps true: every failure is a `ProviderError`; a response has a vector of the same length for each
text, in order, or is one. May import the plain ground and the files beside it.
"""

import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from chat.providers.building import format_of
from chat.providers.calls import Cancelled
from chat.providers.model_provider import connect
from chat.values import Connection, Limits

TOGETHER = 32  # texts of one request: with 3,072 dimensions a response of 2 MB
_LONGEST = 8_000  # characters of a text, about a fourth of what such models read
_MOST_DIMENSIONS = 8_192


class _One(msgspec.Struct):
    index: int
    embedding: list[float]


class _Many(msgspec.Struct):
    data: list[_One]


class Embedder:
    """The model of a connection that makes vectors; `model` names it and its server."""

    def __init__(self, connection: Connection, limits: Limits) -> None:
        self.together = TOGETHER
        self._name = connection.embedding_model
        self.name, self.personal_data = connection.name, connection.personal_data
        server = urlsplit(connection.base_url).netloc
        self.model = f"{self._name}@{server}"[:200]
        self._upstream = connect(connection, limits, format_of(connection))

    def embed(self, texts: Sequence[str], seconds: float) -> list[list[float]]:
        """The vectors of up to TOGETHER texts, all within so many seconds."""
        wanted = [text[:_LONGEST] or " " for text in texts]
        body = {"model": self._name, "input": wanted, "encoding_format": "float"}
        deadline = time.monotonic() + seconds
        try:
            call = self._upstream.post("/embeddings", msgspec.json.encode(body), deadline=deadline)
        except Cancelled as error:  # nobody does; it is no failure of its own kind here
            raise self._upstream.complaints.broken("was cancelled") from error
        try:
            return self._read(call.read_whole(), len(wanted))
        finally:
            call.close()

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._upstream.close()

    def _read(self, body: bytes, count: int) -> list[list[float]]:
        try:
            found = msgspec.json.decode(body, type=_Many).data
        except msgspec.DecodeError as error:
            raise self._upstream.complaints.broken("sent no embeddings") from error
        vectors = [one.embedding for one in sorted(found, key=lambda one: one.index)]
        lengths = {len(vector) for vector in vectors}
        if len(vectors) != count or len(lengths) != 1 or not 0 < max(lengths) <= _MOST_DIMENSIONS:
            raise self._upstream.complaints.broken("sent other embeddings than were asked for")
        return vectors
