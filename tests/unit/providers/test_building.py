"""From a connection to a provider: its list of models, and a first try of it."""

import json
from dataclasses import replace

import pytest

from chat.errors import ProviderError
from chat.providers.building import list_models, try_out
from tests.unit.providers.models import KEY, LIMITS, connection
from tests.unit.providers.raw_server import answering, serving, sized
from tests.upstream.models import OFFERED
from tests.upstream.process import Upstream


@pytest.mark.parametrize("preset", ["other", "anthropic"])
def test_the_models_on_offer_are_listed(upstream: Upstream, preset: str) -> None:
    assert list_models(connection(upstream.url, preset), LIMITS) == list(OFFERED)
    assert upstream.open_connections() == 0


@pytest.mark.parametrize(
    ("body", "models"),
    [
        ({"models": [{"name": "a"}, {"name": "a"}, {"id": "b"}]}, ["a", "b"]),
        ({"data": [{"id": "c", "object": "model", "meta": {}}], "models": []}, ["c"]),
        ({"data": None}, []),
    ],
)
def test_other_forms_of_a_list_are_read(body: object, models: list[str]) -> None:
    with serving(answering(sized(json.dumps(body).encode(), kind="application/json"))) as server:
        assert list_models(connection(server.url), LIMITS) == models


def test_a_list_that_is_none_is_an_error() -> None:
    with (
        serving(answering(sized(b"[]", kind="application/json"))) as server,
        pytest.raises(ProviderError, match="sent no list of models"),
    ):
        list_models(connection(server.url), LIMITS)


@pytest.mark.parametrize("preset", ["other", "anthropic"])
def test_a_try_shows_the_first_words_and_the_time_to_them(upstream: Upstream, preset: str) -> None:
    trial = try_out(connection(upstream.url, preset), LIMITS)
    assert trial.first_words.startswith("Roll back with `make rollback`")
    assert len(trial.first_words.split()) <= 12
    assert trial.first_word_ms is not None
    assert 0 < trial.first_word_ms < 5_000
    assert list(trial.models) == list(OFFERED)
    assert trial.error == ""
    assert "Say hello in five words." in str(upstream.seen()[-1]["body"]["messages"])


def test_a_try_of_an_endless_writer_ends(upstream: Upstream) -> None:
    assert try_out(connection(upstream.url, model="endless"), LIMITS).first_words
    upstream.wait_for(lambda seen: seen[-1]["closed"])


def test_a_try_without_a_list_of_models_still_tries(upstream: Upstream) -> None:
    upstream.script(models="404")
    trial = try_out(connection(upstream.url), LIMITS)
    assert (trial.models, trial.error) == ([], "")
    assert trial.first_words


@pytest.mark.parametrize(
    ("model", "reason"),
    [("401", "refused the key"), ("404", "does not know the model"), ("empty", "empty answer")],
)
def test_a_try_tells_the_exact_reason_and_never_the_key(
    upstream: Upstream, model: str, reason: str
) -> None:
    trial = try_out(connection(upstream.url, model=model), LIMITS)
    assert reason in trial.error
    assert KEY not in trial.error
    assert (trial.first_words, trial.first_word_ms) == ("", None)


def test_a_try_of_nobody_tells_so() -> None:
    nobody = connection("http://127.0.0.1:1")
    trial = try_out(nobody, replace(LIMITS, connect_seconds=1))
    assert "cannot be reached" in trial.error
