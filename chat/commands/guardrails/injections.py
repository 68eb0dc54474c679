"""Injections on labelled texts: which are told, and what is taken for some. Imports safety."""

import json
from collections import defaultdict
from pathlib import Path

from chat.commands.guardrails.tallies import Tally
from chat.safety.injection import find_injections


def tally_injections(file: Path) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """The kinds of injections, then those of harmless texts, where each one found is a mistake."""
    meant: dict[str, Tally] = defaultdict(Tally)
    harmless: dict[str, Tally] = defaultdict(Tally)
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        is_found, is_one = bool(find_injections(row["text"], row["where"])), bool(row["injection"])
        kinds = meant if is_one else harmless
        kinds[row["kind"]] += Tally(1, is_found, is_found and is_one)
    return dict(sorted(meant.items())), dict(sorted(harmless.items()))


def total(*tallies: dict[str, Tally]) -> Tally:
    """All kinds together; what is there are the injections alone."""
    meant = sum(tallies[0].values(), Tally())
    others = sum((one.found for kinds in tallies[1:] for one in kinds.values()), 0)
    return Tally(meant.there, meant.found + others, meant.right)
