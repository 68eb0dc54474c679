"""Personal data on labelled texts: which is told.

An item is found where one of its kind stands in much the same place. Imports safety.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from chat.commands.guardrails.tallies import Tally
from chat.safety.personal.detect import find_personal

Item = tuple[str, int, int]
_SAME = 0.5  # of the longer one is shared


def tally_personal(file: Path) -> dict[str, Tally]:
    """Each kind, and how well it is told in the texts of a file."""
    there, found, right = Counter[str](), Counter[str](), Counter[str]()
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labelled = list(_labelled(row["text"], row["items"]))
        told = [(str(one.kind), one.start, one.end) for one in find_personal(row["text"])]
        there.update(kind for kind, _, _ in labelled)
        found.update(kind for kind, _, _ in told)
        right.update(kind for kind, _, _ in matched(labelled, told))
    kinds = sorted({*there, *found})
    return {kind: Tally(there[kind], found[kind], right[kind]) for kind in kinds}


def matched(labelled: Sequence[Item], told: Sequence[Item]) -> list[Item]:
    """The items that were found, each by one finding of its kind that shares half with it."""
    left, right = list(told), []
    for item in labelled:
        same = next((one for one in left if is_same(item, one)), None)
        if same is not None:
            left.remove(same)
            right.append(item)
    return right


def is_same(one: Item, other: Item) -> bool:
    """Whether two places are of one kind, and share at least half of the longer one."""
    shared = min(one[2], other[2]) - max(one[1], other[1])
    longer = max(one[2] - one[1], other[2] - other[1])
    return one[0] == other[0] and shared > 0 and shared >= _SAME * longer


def _labelled(text: str, items: Sequence[dict[str, str]]) -> Iterator[Item]:
    """Where the items of a text stand; the same words again mean the next place.

    An item is whole: `10.0.0.1` does not stand in `10.0.0.12`.
    """
    after: Counter[str] = Counter()
    for item in items:
        whole = re.compile(rf"(?<![A-Za-z0-9]){re.escape(item['text'])}(?![A-Za-z0-9])")
        found = whole.search(text, after[item["text"]])
        start = found.start() if found else text.index(item["text"], after[item["text"]])
        after[item["text"]] = end = start + len(item["text"])
        yield item["kind"], start, end
