"""What Prometheus reads: well formed, every figure documented, labels from closed sets."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chat.errors import ParleyError
from chat.metrics import counted
from chat.metrics.exposition import exposition
from chat.metrics.numbers import Found, Joined, describe
from tests.live import ROOT
from tests.programs import require_program

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


@pytest.fixture(autouse=True)
def _from_zero() -> Iterator[None]:
    counted.slots.clear()
    yield
    counted.slots.clear()


def written(accept: str = "") -> str:
    joined = Joined()
    joined.add(Found(describe(counted.FAMILIES), counted.slots.values), lives=True)
    return exposition(joined, accept)[0].decode()


def count_something() -> None:
    counted.runs_ended.add("library", "complete")
    counted.run_errors.add("openai", "provider_limit")
    counted.first_chunk.observe(0.1, "library")
    counted.first_chunk.observe(99, "library")
    counted.lag.observe(0.0004)
    counted.connections.set(3, "in_use")


def test_promtool_finds_nothing_to_say() -> None:
    count_something()
    command = [require_program("promtool"), "check", "metrics"]
    checked = subprocess.run(command, input=written().encode(), capture_output=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


def test_promtool_would_say_something() -> None:
    command = [require_program("promtool"), "check", "metrics"]
    bad = b"# HELP runs Runs.\n# TYPE runs counter\nruns 1\n"
    assert subprocess.run(command, input=bad, capture_output=True, check=False).returncode != 0


def test_what_was_counted_is_told() -> None:
    count_something()
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(written())
        for sample in family.samples
    }
    assert told["parley_runs_ended_total", "library", "complete"] == 1
    assert told["parley_runs_ended_total", "library", "failed"] == 0
    assert told["parley_run_errors_total", "provider_limit", "openai"] == 1
    assert told["parley_first_chunk_seconds_bucket", "0.05", "library"] == 0
    assert told["parley_first_chunk_seconds_bucket", "0.1", "library"] == 1
    assert told["parley_first_chunk_seconds_bucket", "60.0", "library"] == 1
    assert told["parley_first_chunk_seconds_bucket", "+Inf", "library"] == 2
    assert told["parley_first_chunk_seconds_sum", "library"] == pytest.approx(99.1)
    assert told["parley_database_connections", "in_use"] == 3


def test_openmetrics_is_written_where_it_is_asked_for() -> None:
    assert written(OPEN_METRICS).endswith("# EOF\n")


def test_providers_that_nobody_asked_are_not_listed() -> None:
    assert 'provider="anthropic"' not in written()
    counted.retries.add("anthropic")
    assert 'parley_runs_ended_total{provider="anthropic",status="complete"} 0.0' in written()


def test_what_is_in_no_set_counts_as_other() -> None:
    counted.run_errors.add("library", "Ada's secret plan")
    counted.runs_begun.add("my own name for a server")
    assert 'code="other"' in written()
    assert "secret" not in written()
    assert "own name" not in written()


def test_a_provider_is_told_by_its_vendor() -> None:
    counted.know("Ada's server", "ollama")
    assert counted.vendor_of("Ada's server") == "ollama"
    assert counted.vendor_of("one that nobody knows") == "other"
    assert counted.vendor_of("library") == "library"


def test_every_code_of_an_error_that_ends_an_answer_has_its_label() -> None:
    """Those that answer a request alone never end an answer."""
    of_requests = {"unauthenticated", "csrf", "too_many_runs"}
    classes = [ParleyError, *ParleyError.__subclasses__()]
    codes = {one.code for one in classes} | set(re.findall(r"`(\w+)`", _codes_of_providers()))
    assert codes - of_requests - set(counted.CODES) == {"retryable", "again"} & codes


def _codes_of_providers() -> str:
    text = (ROOT / "chat" / "errors.py").read_text()
    return text[text.index("The codes are") :]


def test_every_figure_has_its_row_in_the_documentation() -> None:
    page = (ROOT / "docs" / "metrics.md").read_text()
    rows = dict(re.findall(r"^\| `(parley_\w+)` \| (?:[^|]+) \| ([^|]*) \|", page, re.MULTILINE))
    ends = {"counter": "_total", "gauge": "", "histogram": ""}
    expected = {
        f"parley_{one.name}{ends[one.kind]}": ", ".join(f"`{label}`" for label in one.labels)
        for one in counted.FAMILIES
    }
    assert {name: labels.strip() for name, labels in rows.items()} == expected


def test_nothing_is_imported_before_somebody_scrapes() -> None:
    code = "import app, sys; sys.exit('prometheus_client' in sys.modules)"
    python = Path(ROOT / ".venv" / "bin" / "python")
    assert subprocess.run([python, "-c", code], cwd=ROOT, check=False).returncode == 0
