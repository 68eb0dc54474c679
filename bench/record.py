"""bench/results.json: each measurement has a part of it, and leaves the others as they are."""

import json
from typing import Any

from tests.live import ROOT

RESULTS = ROOT / "bench" / "results.json"


def keep(part: str, results: dict[str, Any]) -> None:
    """Replace one part."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(kept | {part: results}, indent=1) + "\n")
