"""The dashboard and the alert rules ask for figures that exist, and Prometheus reads them."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from chat.metrics import counted
from tests.live import ROOT
from tests.programs import require_program

BOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana" / "parley.json").read_text())
RULES = ROOT / "deploy" / "prometheus" / "parley-alerts.yml"
ENDS = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]}
KNOWN = {
    f"parley_{one.name}{end}": one for one in counted.FAMILIES for end in ENDS[one.kind]
}  # fmt: skip
QUERIES = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
ALERTS = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [require_program("promtool"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("query", [*QUERIES, *(rule["expr"] for rule in ALERTS)])
def test_a_query_names_figures_and_labels_that_exist(query: str) -> None:
    names = re.findall(r"\bparley_\w+", query)
    assert names
    assert [name for name in names if name not in KNOWN] == []
    labels = set(re.findall(r"[{,]\s*(\w+)\s*=", query)) | {
        label.strip() for by in re.findall(r"by \(([^)]*)\)", query) for label in by.split(",")
    }
    known = {label for name in names for label in KNOWN[name].labels}
    assert labels - known - {"instance", "le"} == set()


def test_every_figure_is_on_the_dashboard_or_in_an_alert() -> None:
    asked = " ".join([*QUERIES, *(rule["expr"] for rule in ALERTS)])
    wanted = [name for name in KNOWN if name.endswith(("_total", "_bucket"))]
    unasked = [name for name in wanted if name not in asked]
    assert unasked == ["parley_run_errors_total", "parley_uploads_total"]


def test_prometheus_reads_the_alert_rules() -> None:
    checked = promtool("check", "rules", "--lint=all", "--lint-fatal", RULES)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_prometheus_reads_the_queries_of_the_dashboard(tmp_path: Path) -> None:
    queries = [query.replace("$__rate_interval", "5m") for query in QUERIES]
    rules = [{"record": f"query:{n}", "expr": query} for n, query in enumerate(queries)]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    checked = promtool("check", "rules", file)
    assert checked.returncode == 0, checked.stdout + checked.stderr


RULE_TESTS = """
rule_files: [{rules}]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{series: 'parley_processes{{instance="a"}}', values: 2x60}}
      - {{series: 'parley_runs_ended_total{{status="complete",instance="a"}}', values: 0+10x60}}
      - {{series: 'parley_runs_ended_total{{status="failed",instance="a"}}', values: 0x20 5+5x40}}
    alert_rule_test:
      - {{eval_time: 15m, alertname: ParleyAnswersFail}}
      - {{eval_time: 15m, alertname: ParleyIsAway}}
      - eval_time: 50m
        alertname: ParleyAnswersFail
        exp_alerts:
          - exp_labels: {{severity: page}}
            exp_annotations: {{summary: 33.33% of the answers fail.}}
  - interval: 1m
    input_series: [{{series: up, values: 1x10}}]
    alert_rule_test:
      - eval_time: 5m
        alertname: ParleyIsAway
        exp_alerts:
          - exp_labels: {{severity: page}}
            exp_annotations: {{summary: No process of Parley tells its figures.}}
"""


def test_alerts_fire_when_they_should_and_not_before(tmp_path: Path) -> None:
    """A rule that could never fire would be read, too."""
    tests = tmp_path / "tests.yml"
    tests.write_text(RULE_TESTS.format(rules=RULES))
    checked = promtool("test", "rules", tests)
    assert checked.returncode == 0, checked.stdout + checked.stderr
