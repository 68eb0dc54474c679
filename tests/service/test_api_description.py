"""A real server keeps to its own description of its API, whatever Schemathesis sends to it.

Bob, who is no admin, has things for it to find: conversations, answers, links, documents, uploads.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartSite
from tests.databases import KINDS
from tests.live import ROOT, LiveSite
from tests.people import api_token

CONFIG = ROOT / "tests" / "data" / "schemathesis.toml"
TOOL = Path(sys.executable).parent / "st"
SEED = "20260"
EXAMPLES = "2"  # at random, a route; beside what the limits of each field suggest
SECONDS = "30"  # at most, where the machine is busy: less is sent then
OPEN_SHAPES = {"Metadata"}  # holds what the writer of an answer tells, too
THINGS = 6  # of each kind: some are deleted on the way


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, start_site: StartSite) -> LiveSite:
    """A site in which Bob has something of everything."""
    environ = {"PARLEY_CHUNK_DELAY_MS": "0", "PARLEY_HEARTBEAT_SECONDS": "1"}
    if request.param == "postgresql":
        postgres = request.getfixturevalue("postgres")
        environ["DATABASE_URL"] = postgres.url(postgres.create(postgres.template))
    site = start_site(**environ)
    for number in range(THINGS):
        fill(site, number)
    return site


def fill(site: LiveSite, number: int) -> None:
    """A document, a conversation with an answer, a rating and a link."""

    def ask(method: str, path: str, body: Any) -> Any:
        status, answer = site.request(method, path, body, as_="bob")
        assert status in {200, 201}, answer
        return answer

    text = f"# Pump {number}\n\nPump {number} is started with the red lever of hall {number}."
    ask("POST", "/api/documents", {"text": text})
    place = f"/api/conversations/{ask('POST', '/api/conversations', {})['id']}"
    question = {"content": f"How is pump {number} started?"}
    answer = ask("POST", f"{place}/messages", question)["message"]
    ask("PUT", f"/api/messages/{answer['id']}/rating", {"good": True})
    ask("POST", f"{place}/links", {})


def test_nothing_is_answered_that_is_not_described(site: LiveSite, tmp_path: Path) -> None:
    report = tmp_path / "run.ndjson"
    run = run_schemathesis(site, report)
    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}\n{site.output[-4000:]}"
    assert "Traceback" not in site.output
    assert len(came_through(report)) > 10, run.stdout


def run_schemathesis(site: LiveSite, report: Path) -> subprocess.CompletedProcess[str]:
    """What it says after it has sent as much as a test may wait for."""
    document = report.with_name("openapi.json")
    document.write_text(json.dumps(strict(site.request("GET", "/api/openapi.json")[1])))
    options = ["--max-examples", EXAMPLES, "--seed", SEED, "--max-time", SECONDS]
    return subprocess.run(
        [TOOL, "--config-file", CONFIG, "run", document, "--url", site.url, *options,
         "--report-ndjson-path", report],
        cwd=report.parent,
        env=os.environ | {"PARLEY_API_TOKEN": api_token("bob")},
        capture_output=True,
        text=True,
        timeout=120,
    )  # fmt: skip


def came_through(report: Path) -> set[str]:
    """The routes that have done what they are for, as the report of the run tells."""
    ended = [json.loads(line).get("ScenarioFinished") for line in report.read_text().splitlines()]
    recorded = [one["recorder"] for one in ended if one]
    return {
        f"{case['method']} {case['path']}"
        for one in recorded
        for number, exchange in (one.get("interactions") or {}).items()
        for case in [one["cases"][number]["value"]]
        if (exchange.get("response") or {}).get("status_code", 500) < 300
    }


def strict(document: dict[str, Any]) -> dict[str, Any]:
    """The description without the leave to answer with more fields than it has.

    Clients have to bear new fields; here one that is not described is to be found.
    """
    for name, schema in document["components"]["schemas"].items():
        if "properties" in schema and name not in OPEN_SHAPES:
            schema["additionalProperties"] = False
    return document
