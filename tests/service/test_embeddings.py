"""The whole site with a provider that makes embeddings, and with one that fails to."""

from collections.abc import Callable

import pytest

from tests.live import LiveSite
from tests.upstream.process import Upstream

QUESTION = "What does a ship haul?"  # none of its words is in the document or the handbook
TEXT = "At noon the vessel arrives and unloads crates of oranges."


def add_and_ask(site: LiveSite, upstream: Upstream, added: Callable[[list], bool]) -> dict:
    """What is answered by the library, once the provider has seen what it was to see."""
    note = {"title": "Jetty", "kind": "text", "text": TEXT}
    assert site.request("POST", "/api/documents", note, as_="alice")[0] == 201
    upstream.wait_for(added)
    _, conversation = site.request("POST", "/api/conversations", {}, as_="alice")
    address = f"/api/conversations/{conversation['id']}/messages"
    body = {"content": QUESTION, "provider": "library"}
    status, answer = site.request("POST", address, body, as_="alice")
    assert status == 200, sorted(answer)
    return answer["message"]


def inputs(seen: list[dict]) -> list[str]:
    """The texts that were sent to be embedded."""
    asked = (one["body"]["input"] for one in seen if one["path"].endswith("/embeddings"))
    return [text for texts in asked for text in texts]


@pytest.mark.parametrize("kind", ["write", "503"])
def test_passages_and_questions_are_embedded_and_a_failure_loses_no_answer(
    start_site: Callable[..., LiveSite], upstream: Upstream, kind: str
) -> None:
    site = start_site(**upstream.openai("write"), OPENAI_EMBEDDING_MODEL=kind)
    is_well = kind == "write"

    def added(seen: list[dict]) -> bool:
        return any(TEXT in text for text in inputs(seen)) if is_well else bool(inputs(seen))

    answer = add_and_ask(site, upstream, added)
    assert any(source["title"] == "Jetty" for source in answer["metadata"]["sources"]), answer
    assert (QUESTION in inputs(upstream.seen())) == is_well
    assert ("without embeddings" in site.output) != is_well
