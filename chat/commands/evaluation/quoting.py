"""Whether the markers of an answer lead to passages that literally hold what they quote.

Imports the tables.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from chat.database import Statements
from chat.models import Passage

_MARKER = re.compile(r"\[(\d+)\]")
_CODE = re.compile(
    r"^ {0,3}(`{3,}).*?^ {0,3}\1`*\s*?$|(?<!`)(`+)(?!`).+?(?<!`)\2(?!`)", re.S | re.M
)


def markers_of(text: str) -> list[int]:
    """The numbers of all markers of an answer; what stands in code is none, nor what is escaped."""
    return [int(n) for n in _MARKER.findall(_CODE.sub("", text.replace("\\[", "")))]


def misleading(
    session: Statements, text: str, sources: Sequence[Mapping[str, Any]]
) -> list[tuple[int, str]]:
    """The markers that do not lead to their quote, each with what is wrong."""
    by_number = {source["n"]: source for source in sources}
    found = []
    for n in markers_of(text):
        source = by_number.get(n)
        if source is None:
            found.append((n, "has no source"))
            continue
        row = session.execute(
            select(Passage.text, Passage.document_id).where(Passage.id == source["passage_id"])
        ).first()
        if row is None or row.document_id != source["document_id"]:
            found.append((n, "leads to no passage of its document"))
        elif not source["quote"] or source["quote"] not in row.text:
            found.append((n, "leads to a passage that does not hold its quote"))
    return found
