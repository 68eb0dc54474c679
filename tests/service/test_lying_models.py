"""Every failing and lying model at once, on a real site: each ends as documented, nothing grows.

All are asked at the same moment, so that the whole takes as long as the longest of them.
"""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.live import LiveSite
from tests.service.questions import IMPATIENT, ask_model, peak_kb, stages, stored
from tests.service.reader import Reader
from tests.upstream.process import Upstream

CAPS = {
    "PARLEY_RUN_SECONDS": "4",
    "PARLEY_MAX_ANSWER_CHARS": "2000",
    "PARLEY_MAX_ANSWER_EVENTS": "2000",
}
GROWTH_KB = 30_000  # of the worker, at any moment; one huge frame alone has 50,000

TRIED_AGAIN = {
    "429-retry-after-1": "provider_limit",
    "500": "provider_down",
    "503": "provider_down",
    "529": "provider_down",
    "reset-before": "provider_unreachable",
    "close-before": "provider_unreachable",
}
REPLACED = {
    "401": "provider_key",
    "403": "provider_key",
    "404": "provider_refused",
    "307": "provider_refused",
    "silence": "first_byte_timeout",
    "silence-after-head": "first_byte_timeout",
    "drip-head": "first_byte_timeout",
    "wrong-json": "provider_broken",
    "wrong-shape": "provider_broken",
    "html": "provider_broken",
    "half-frame": "provider_broken",
    "empty": "provider_broken",
    "unfinished-after-0": "provider_broken",
    "huge-frame": "provider_broken",
    "gzip": "provider_broken",
    "bad-chunked": "provider_broken",
    "huge-headers": "provider_broken",
    "not-http": "provider_broken",
}
CUT_SHORT = {
    "reset-after-text": "provider_unreachable",
    "silence-after-text": "silence_timeout",
    "error-in-stream": "provider_down",
    "unfinished": "provider_broken",
    "wrong-json-after-3": "provider_broken",
    "half-frame-after-3": "provider_broken",
    "huge-frame-after-3": "provider_broken",
    "bad-chunked-after-3": "provider_broken",
}
OUT_OF_TIME = ("drip", "endless-comments")
CUT_OFF = {"endless": "length", "endless-rate-50": "timeout", "drip-after-3": "timeout"}
NOT_UTF_8 = "wrong-charset"
EVERY = (*TRIED_AGAIN, *REPLACED, *CUT_SHORT, *OUT_OF_TIME, *CUT_OFF, NOT_UTF_8)

Ended = Mapping[str, Reader]


@pytest.fixture(scope="module")
def site(
    upstream_process: Upstream, template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    environ = upstream_process.openai(",".join(EVERY)) | IMPATIENT | CAPS
    with LiveSite(tmp_path_factory.mktemp("lied-to"), template_database, **environ) as site:
        yield site


@pytest.fixture(scope="module")
def ended(site: LiveSite, upstream_process: Upstream) -> Ended:
    """Every answer, read to its end; and what is true of all of them together."""
    upstream_process.reset()
    ask_model(site, "404").read()  # what the first answer loads is not growth
    before, began = peak_kb(site), time.monotonic()
    readers = {model: ask_model(site, model) for model in EVERY}
    for reader in readers.values():
        assert reader.read() in {"complete", "error"}
    assert time.monotonic() - began < 15
    assert peak_kb(site) - before < GROWTH_KB
    upstream_process.wait_for(lambda seen: all(one["finished"] or one["closed"] for one in seen))
    return readers


@pytest.mark.parametrize("model", TRIED_AGAIN)
def test_a_passing_failure_is_tried_twice_more_then_replaced(ended: Ended, model: str) -> None:
    reader, code = ended[model], TRIED_AGAIN[model]
    retries = [data for _, data in reader.events if data.get("stage") == "retrying"]
    assert [one["detail"]["retry"] for one in retries] == [1, 2]
    assert {one["detail"]["code"] for one in retries} == {code}
    assert stages(reader)["fallback"]["code"] == code
    assert reader.data("complete")["metadata"]["provider"] == "library"


@pytest.mark.parametrize("model", REPLACED)
def test_what_cannot_help_is_replaced_at_once(ended: Ended, model: str) -> None:
    reader = ended[model]
    assert stages(reader)["fallback"] == {
        "provider": "library",
        "model": "built-in",
        "code": REPLACED[model],
    }
    assert "retrying" not in stages(reader)
    assert reader.data("complete")["metadata"]["provider"] == "library"


@pytest.mark.parametrize("model", CUT_SHORT)
def test_a_failure_after_the_text_keeps_it(ended: Ended, site: LiveSite, model: str) -> None:
    reader = ended[model]
    error = reader.data("error")
    assert (error["code"], error["retryable"]) == (CUT_SHORT[model], True)
    assert reader.text.startswith("Roll back")
    assert stored(site, reader)["content"] == reader.text


@pytest.mark.parametrize("model", OUT_OF_TIME)
def test_what_never_ends_and_says_nothing_runs_out_of_time(ended: Ended, model: str) -> None:
    assert ended[model].data("error")["code"] == "run_timeout"


@pytest.mark.parametrize("model", CUT_OFF)
def test_what_never_ends_is_cut_off_with_its_text(ended: Ended, site: LiveSite, model: str) -> None:
    done = ended[model].data("complete")
    assert done["metadata"]["stop_reason"] == CUT_OFF[model]
    assert done["content"].startswith("Roll")
    assert len(done["content"]) <= 2_000
    assert stored(site, ended[model])["content"] == done["content"]


def test_another_charset_is_never_shown(ended: Ended) -> None:
    """Whether something was shown before it depends on how it arrives."""
    events = ended[NOT_UTF_8].events
    assert [data["code"] for event, data in events if event == "error"] in ([], ["provider_broken"])
    assert "provider_broken" in json.dumps([data for _, data in events])
    assert "\ufffd" not in ended[NOT_UTF_8].text


def test_the_site_answers_as_before(ended: Ended, site: LiveSite, upstream: Upstream) -> None:
    assert ended
    upstream.script("write")
    reader = ask_model(site, "404")
    assert reader.read() == "complete"
    assert reader.data("complete")["metadata"]["provider"] == "openai"
