"""Adds a file to a space: stores each document that its reading finds in it.

Keeps true: what is stored of an archive stays when a later part of it fails. Loads no reader, so
that the site's own processes stay small. Imports storing, preparing and what readings yield.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from chat.database import Database
from chat.errors import ParleyError
from chat.knowledge import storing
from chat.knowledge.documents import DocumentSummary
from chat.knowledge.passages import Cut
from chat.knowledge.preparing import Prepared
from chat.knowledge.reading.messages import Progress, Refusal
from chat.knowledge.reading.process import Read, digest


class Told(Protocol):
    """The reading of one file, wherever that is done."""

    name: str

    def __iter__(self) -> Iterator[Progress | Read | Refusal]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Into which space a file goes, by whom, and whether it takes the place of one of its name.

    `sha256` is that of its bytes.
    """

    space_id: str
    added_by: str | None
    sha256: str | None = None
    replaces: bool = True


def add_file(
    database: Database,
    reading: Told,
    wish: Wish,
    still_wanted: Callable[[], bool] = lambda: True,
) -> Iterator[Progress | DocumentSummary | Refusal]:
    """What comes of a file, in order: progress, documents that are stored, and refusals.

    Ends when `still_wanted` says no before a document would be stored.
    """
    for result in reading:
        if not isinstance(result, Read):
            yield result
            continue
        if not still_wanted():
            return
        try:
            yield _store(database, result, wish, single=result.begun.origin == reading.name)
        except ParleyError as error:
            yield Refusal(result.begun.origin, error.code, error.detail)


def _store(database: Database, read: Read, wish: Wish, *, single: bool) -> DocumentSummary:
    return storing.add(
        database,
        prepared(read),
        space_id=wish.space_id,
        origin=read.begun.origin,
        added_by=wish.added_by,
        file_sha256=wish.sha256 if single else None,
        replaces=wish.replaces,
    )


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
        vectors=[one.vector for one in read.passages],
        language=read.begun.language,
        stems=[one.stems for one in read.passages],
        findings=[one.findings for one in read.passages],
    )
