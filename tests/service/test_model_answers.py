"""The whole site with a model of its own: answers, retries, fallbacks, new attempts, and Stop."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.live import LiveSite
from tests.service.questions import IMPATIENT, ask_model, stages, stored
from tests.service.reader import Reader
from tests.upstream.dead_ends import nobody_accepts, nobody_listens
from tests.upstream.process import KEY, Upstream

MODELS = (
    "tokens-52-rate-200", "thinking", "refuses-stream", "fails-1-then-writes", "401",
    "tokens-600-rate-50", "silence", "reset-after-text", "endless-rate-50",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(
    upstream_process: Upstream, template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """A site with one model provider: after it only the library is left."""
    environ = upstream_process.openai(",".join(MODELS)) | IMPATIENT
    with LiveSite(tmp_path_factory.mktemp("one"), template_database, **environ) as site:
        yield site


@pytest.fixture(scope="module")
def pair(
    upstream_process: Upstream, template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """A site with two providers that write, and two that nobody answers for."""
    environ = upstream_process.openai(",".join(MODELS)) | upstream_process.anthropic() | IMPATIENT
    with nobody_listens() as dead, nobody_accepts() as stuck:
        environ |= {
            "PARLEY_PROVIDERS": "dead,stuck",
            "PARLEY_PROVIDER_DEAD_BASE_URL": f"{dead}/v1",
            "PARLEY_PROVIDER_DEAD_MODELS": "none",
            "PARLEY_PROVIDER_STUCK_BASE_URL": f"{stuck}/v1",
            "PARLEY_PROVIDER_STUCK_MODELS": "none",
        }
        with LiveSite(tmp_path_factory.mktemp("two"), template_database, **environ) as site:
            yield site


@pytest.fixture(autouse=True)
def _fresh(upstream: Upstream) -> None:
    """Nothing scripted, nobody connected: pooled connections of the sites are closed as well."""


def test_an_answer_streams_and_is_stored(site: LiveSite) -> None:
    reader = ask_model(site, "tokens-52-rate-200")
    assert reader.read() == "complete"
    assert sum(event == "chunk" for event, _ in reader.events) > 3
    assert reader.text.startswith("Roll back with `make rollback`, then check the health page [1].")
    assert "👩‍🚀 and 𝔘" in reader.text
    assert "[99]" not in reader.text
    found = stored(site, reader)
    assert (found["status"], found["content"]) == ("complete", reader.text)
    metadata = reader.data("complete")["metadata"]
    assert (metadata["provider"], metadata["model"]) == ("openai", "tokens-52-rate-200")
    assert metadata["usage"]["completion_tokens"] == 52
    assert metadata["confidence_basis"] == "token_probability"
    assert 0 < metadata["confidence"] < 1


def test_the_model_is_given_the_passages_and_the_key(site: LiveSite, upstream: Upstream) -> None:
    ask_model(site, "tokens-52-rate-200").read()
    [seen] = upstream.seen()
    assert seen["headers"]["authorization"] == f"Bearer {KEY}"
    assert seen["body"]["stream"] is True
    text = json.dumps(seen["body"]["messages"])
    assert "How do I add documents?" in text
    assert "[1]" in text


def test_a_model_that_does_not_stream_answers_all_the_same(site: LiveSite) -> None:
    reader = ask_model(site, "refuses-stream")
    assert reader.read() == "complete"
    assert sum(event == "chunk" for event, _ in reader.events) > 1
    assert reader.text == stored(site, reader)["content"]


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_thoughts_are_shown_before_the_text(
    pair: LiveSite, upstream: Upstream, provider: str
) -> None:
    upstream.script("thinking")
    model = "thinking" if provider == "openai" else "write"
    reader = ask_model(pair, model, provider)
    assert reader.read() == "complete"
    names = [event for event, _ in reader.events]
    last_thought = max(at for at, name in enumerate(names) if name == "thinking")
    assert last_thought < names.index("chunk")
    thoughts = "".join(data["content"] for name, data in reader.events if name == "thinking")
    assert thoughts.startswith("The passages name a rollback… 🤔")
    assert reader.data("complete")["metadata"]["provider"] == provider


def test_a_passing_failure_is_tried_again(site: LiveSite) -> None:
    reader = ask_model(site, "fails-1-then-writes")
    assert reader.read() == "complete"
    retrying = stages(reader)["retrying"]
    assert (retrying["provider"], retrying["code"]) == ("openai", "provider_down")
    assert retrying["wait_ms"] > 0
    assert "fallback" not in stages(reader)
    metadata = reader.data("complete")["metadata"]
    assert (metadata["provider"], metadata["attempts"]) == ("openai", 1)


def test_a_refused_key_falls_back_to_the_library_and_is_told_to_nobody(site: LiveSite) -> None:
    """The provider repeats the key in its message, as one did."""
    reader = ask_model(site, "401")
    assert reader.read() == "complete"
    fallback = {"provider": "library", "model": "built-in", "code": "provider_key"}
    assert stages(reader)["fallback"] == fallback
    assert "retrying" not in stages(reader)
    assert reader.data("complete")["metadata"]["provider"] == "library"
    assert KEY not in json.dumps(reader.events) + site.output


def test_who_cannot_be_reached_is_replaced(pair: LiveSite) -> None:
    codes = {"dead": "provider_unreachable", "stuck": "connect_timeout"}
    readers = {provider: ask_model(pair, "none", provider) for provider in codes}
    for provider, reader in readers.items():
        assert reader.read() == "complete"
        steps = [data for event, data in reader.events if event == "progress"]
        retries = [data["detail"]["retry"] for data in steps if data["stage"] == "retrying"]
        first = next(data["detail"] for data in steps if data["stage"] == "fallback")
        assert retries == [1, 2]
        assert (first["provider"], first["code"]) == ("openai", codes[provider])
        assert reader.data("complete")["metadata"]["provider"] == "openai"


def test_a_reset_after_the_text_begins_a_new_attempt_elsewhere(pair: LiveSite) -> None:
    reader = ask_model(pair, "reset-after-text")
    assert reader.read(until="reset") == "reset"
    assert "chunk" in [event for event, _ in reader.events]
    assert reader.read() == "complete"
    starts = [data for event, data in reader.events if event == "start"]
    told = [(data["attempt"], data["provider"]) for data in starts]
    assert told == [(1, "openai"), (2, "anthropic")]
    assert stages(reader)["fallback"]["code"] == "provider_unreachable"
    assert reader.text == reader.data("complete")["content"] == stored(pair, reader)["content"]
    assert reader.text.count("Roll back with") == 1
    assert reader.data("complete")["metadata"]["attempts"] == 2


def test_without_another_model_the_text_is_kept_and_continued(
    site: LiveSite, upstream: Upstream
) -> None:
    reader = ask_model(site, "reset-after-text")
    assert reader.read() == "error"
    assert reader.data("error")["code"] == "provider_unreachable"
    assert reader.data("error")["retryable"] is True
    assert reader.text == stored(site, reader)["content"] != ""
    upstream.script({"kind": "write", "text": " and so on."})
    path = f"/api/messages/{reader.data('start')['message_id']}/continue/stream"
    again = Reader(site, "POST", path, {})
    assert again.read() == "complete"
    assert again.text == reader.text + " and so on."


def stop(site: LiveSite, upstream: Upstream, reader: Reader) -> float:
    """Seconds from the wish to stop until the upstream saw its socket close."""
    upstream.wait_for(lambda seen: seen and seen[0]["behaviour"])
    path = f"/api/messages/{reader.data('start')['message_id']}/stop"
    wished = time.monotonic()
    assert site.request("POST", path, {}, as_="alice")[0] == 202
    [seen] = upstream.wait_for(lambda seen: seen[0]["closed"])
    assert seen["finished"] is None
    return float(seen["closed"] - wished)


@pytest.mark.parametrize(
    ("model", "after"), [("tokens-600-rate-50", "chunk"), ("silence", "context")]
)
def test_stop_closes_the_providers_socket_within_100_ms(
    site: LiveSite, upstream: Upstream, model: str, after: str
) -> None:
    """open-webui #16251, chat-ui #890: Stop has to reach the provider."""
    seen_ms, told_ms = [], []
    for _ in range(5):
        upstream.reset()
        reader = ask_model(site, model)
        reader.read(until=after)
        seen_ms.append(stop(site, upstream, reader) * 1000)
        assert reader.read() == "complete"
        metadata = reader.data("complete")["metadata"]
        assert metadata["stop_reason"] == "stopped"
        told_ms.append(metadata["timing"]["stop_ms"])
        assert stored(site, reader)["content"] == reader.text
    assert median(seen_ms) < 100
    assert median(told_ms) < 100


def test_a_closed_page_does_not_stop_the_provider(site: LiveSite, upstream: Upstream) -> None:
    """vercel/ai #6502: leaving is not stopping."""
    reader = ask_model(site, "endless-rate-50")
    reader.read(until="chunk")
    reader.close()
    before = upstream.seen()[0]["sent"]
    [seen] = upstream.wait_for(lambda seen: seen[0]["sent"] > before + 4_000)
    assert seen["closed"] is None
    stop(site, upstream, reader)
