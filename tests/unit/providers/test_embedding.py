"""Vectors of texts from a provider's `/embeddings`."""

import json

import pytest

from chat.errors import ParleyError
from chat.providers.embedding import TOGETHER, Embedder
from tests.unit.providers.models import KEY, LIMITS, connection
from tests.unit.providers.raw_server import answering, serving, sized
from tests.upstream.embeddings import DIMENSIONS, vector
from tests.upstream.process import Upstream


def embedder(url: str, model: str = "write") -> Embedder:
    return Embedder(connection(url, embedding_model=model), LIMITS)


def test_each_text_gets_its_vector_in_order(upstream: Upstream) -> None:
    texts = [f"Boat number {n} arrives." for n in range(TOGETHER)]
    made = embedder(upstream.url).embed(texts, 5)
    assert made == [pytest.approx(vector(text)) for text in texts]
    [seen] = upstream.seen()
    assert seen["path"].endswith("/embeddings")
    assert seen["body"]["model"] == "write"
    assert seen["body"]["encoding_format"] == "float"


def test_a_model_is_known_by_its_name_and_its_server(upstream: Upstream) -> None:
    assert embedder(upstream.url).model == f"write@{upstream.url.split('/')[2]}"


@pytest.mark.parametrize("kind", ["503", "429", "401"])
def test_a_refusal_is_an_error_of_the_provider(upstream: Upstream, kind: str) -> None:
    with pytest.raises(ParleyError) as caught:
        embedder(upstream.url, kind).embed(["Boat"], 5)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        [{"index": 0, "embedding": []}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0]}],
        [{"index": 0, "embedding": "AAAA"}],
    ],
)
def test_what_is_no_vector_for_each_text_is_refused(data: object) -> None:
    body = json.dumps({"data": data}).encode()
    with (
        serving(answering(sized(body, kind="application/json"))) as server,
        pytest.raises(ParleyError, match="embeddings"),
    ):
        embedder(server.url).embed(["Boat"], 5)


def test_vectors_are_of_one_length() -> None:
    assert len(vector("A boat arrives.")) == DIMENSIONS
