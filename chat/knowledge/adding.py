"""Adds a file to a space: reads it in a child process, and stores each document that is in it.

Keeps true: this process never looks into a file; what is stored of an archive stays when a later
part of it fails. Imports reading, storing and ingest.
"""

from collections.abc import Iterator
from typing import BinaryIO

from chat.database import Database
from chat.errors import ParleyError
from chat.knowledge import storing
from chat.knowledge.ingest import DocumentSummary, Prepared
from chat.knowledge.passages import Cut
from chat.knowledge.reading.messages import Progress, Refusal
from chat.knowledge.reading.process import Bounds, Read, Reading, digest


def add_file(
    database: Database,
    file: BinaryIO,
    name: str,
    *,
    space_id: str,
    added_by: str | None,
    bounds: Bounds,
) -> Iterator[Progress | DocumentSummary | Refusal]:
    """What comes of a file, in order: progress, documents that are stored, and refusals.

    `file` is a real one, at its beginning; `name` decides its kind with its content, and becomes
    the documents' origin.
    """
    for result in Reading(file, name, bounds):
        if not isinstance(result, Read):
            yield result
            continue
        try:
            yield storing.add(
                database,
                prepared(result),
                space_id=space_id,
                origin=result.begun.origin,
                added_by=added_by,
            )
        except ParleyError as error:
            yield Refusal(result.begun.origin, error.code, error.detail)


def prepared(read: Read) -> Prepared:
    """What the child has read, ready to be stored."""
    text = read.text
    return Prepared(
        title=read.begun.title,
        text=text,
        kind=read.begun.kind,
        sha256=digest(text),
        passages=[Cut(one.heading, one.text, one.place) for one in read.passages],
        concepts=[one.concepts for one in read.passages],
    )
