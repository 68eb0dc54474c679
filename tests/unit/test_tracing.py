"""Traces are asked for by OpenTelemetry's own variables; without them nothing of it is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from chat.config import load_settings
from chat.tracing import Traces
from tests.live import ROOT

ADDRESS = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    ("environ", "are_asked_for"),
    [
        ({}, False),
        (ADDRESS, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        (ADDRESS | {"OTEL_SDK_DISABLED": "true"}, False),
        (ADDRESS | {"OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_SERVICE_NAME": "parley"}, False),
    ],
)
def test_an_address_asks_for_traces(
    tmp_path: Path, environ: dict[str, str], are_asked_for: bool
) -> None:
    settings = load_settings({"PARLEY_DATA_DIR": str(tmp_path)} | environ)
    assert settings.traces is are_asked_for


def test_what_is_not_installed_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    traces = Traces()
    traces.begin("1")
    assert not traces.are_on
    assert "pip install --requirement requirements-otel.txt" in caplog.text
    traces.close(1)


def test_nothing_is_loaded_without_them() -> None:
    code = "import app, sys; sys.exit('opentelemetry.sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
