"""What pages say of what guardrails found: in an answer's Why panel, and at a passage.

Keeps true: what was stored by another version never breaks a page. Imports nothing of Parley.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_KINDS = {
    "instructions": "instructions to the model",
    "turns": "turns that pretend to be of a conversation",
    "hidden": "hidden text",
    "invisible": "characters that nobody sees",
    "bidi": "text in a misleading order",
    "encoded": "encoded instructions",
    "links": "links that carry something out",
}


def injection_notes(findings: object) -> list[str]:
    """A sentence for each kind of what spoke to the model, and what was done about it."""
    return list(_notes(findings))


def passage_kinds(findings: str | None) -> str:
    """`instructions to the model and hidden text`; empty for a passage that is clean."""
    kinds = [_KINDS[kind] for kind in (findings or "").split(",") if kind in _KINDS]
    return " and ".join(filter(None, (", ".join(kinds[:-1]), *kinds[-1:])))


def _notes(findings: object) -> Iterator[str]:
    for one in findings if isinstance(findings, list) else []:
        if not isinstance(one, Mapping) or one.get("guard") != "injection":
            continue
        said, count = _KINDS.get(str(one.get("kind"))), one.get("count")
        if said is None or not isinstance(count, int):
            continue
        if one.get("where") == "question":
            yield f"The question holds {said}. It was asked all the same."
        else:
            yield _of_passages(said, count, one)


def _of_passages(said: str, count: int, finding: Mapping[str, Any]) -> str:
    noun = "passage" if count == 1 else "passages"
    if finding.get("action") == "drop":
        return f"{count} {noun} held {said} and {'was' if count == 1 else 'were'} left out."
    return f"{count} {noun} {'holds' if count == 1 else 'hold'} {said}."
