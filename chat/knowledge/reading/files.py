"""Turns one file, or each file of a ZIP archive, into documents that are cut and ready to store.

Keeps true: what is wrong with one file of an archive stops none of the others; an archive within
an archive is not opened. Imports the readers, passages, phrases and meaning.
"""

import importlib
import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePath
from typing import BinaryIO, TypeVar

from chat.knowledge.kinds import READABLE, Kind
from chat.knowledge.languages import indexed_stems, language_of
from chat.knowledge.meaning.folding import fold_passage
from chat.knowledge.passages import Cut, cut, title_of
from chat.knowledge.phrases import concepts_in
from chat.knowledge.reading import messages
from chat.knowledge.reading.archive import Archive
from chat.knowledge.reading.draft import Draft, line
from chat.knowledge.reading.places import Places
from chat.knowledge.reading.refusals import Refused, broken
from chat.knowledge.reading.sniffing import kind_of
from chat.knowledge.words import ENGLISH
from chat.safety.injection import kinds_in

MOST_FILES = 1000  # of one archive
_TITLE_LENGTH = 200
_TOO_LARGE = "Reading it takes more memory than a document may. Split it into smaller ones."
_HEADED = frozenset(["markdown", "docx", "odt", "html"])  # whose first heading is their title
_TOGETHER = 20  # passages that are described and sent at once
_PIECE = 32 * 1024
_READERS = {  # the file with the function read_<kind>, and what it counts
    "pdf": ("pdf", "pages"),
    "docx": ("office", ""),
    "odt": ("office", ""),
    "xlsx": ("tables", "sheets"),
    "ods": ("ods", "sheets"),
    "csv": ("tables", ""),
    "pptx": ("slides", "slides"),
    "epub": ("epub", "chapters"),
    "html": ("html", ""),
}
Result = TypeVar("Result")
Report = Callable[[messages.Message], None]


def read_file(file: BinaryIO, name: str, report: Report) -> None:
    """Report what becomes of a file, and of every file in it."""
    kind = _understood(lambda: kind_of(file, name), name, report)
    if kind is None:
        return
    file.seek(0)
    if kind.name == "zip":
        _understood(lambda: _read_archive(file, name, report), name, report)
    else:
        _understood(lambda: _read_document(file, name, kind, report), name, report)


def _understood(work: Callable[[], Result], name: str, report: Report) -> Result | None:
    """The result of `work`; None when the file is refused, which is reported."""
    try:
        return work()
    except Refused as refused:
        report(_refusal(name, refused))
    except MemoryError:
        report(_refusal(name, Refused("over_memory", _TOO_LARGE)))
    except BrokenPipeError:
        raise  # nobody listens any more
    except Exception as error:  # a damaged file breaks a reader in any way
        report(_refusal(name, broken(f"reading it breaks off ({type(error).__name__})")))
    return None


def _refusal(name: str, refused: Refused) -> messages.Refusal:
    return messages.Refusal(name[-300:], refused.reason, refused.detail[:1000])


def _read_archive(file: BinaryIO, name: str, report: Report) -> None:
    archive = Archive(file)
    members = [member for member in archive.names if not _is_hidden(member)]
    if not members:
        raise Refused("empty", f"It holds no files. What can be read: {READABLE}.")
    if len(members) > MOST_FILES:
        raise Refused(
            "too_large", f"It holds {len(members)} files. Split it into archives of {MOST_FILES}."
        )
    for number, member in enumerate(members, 1):
        inner = f"{name}/{_shown(member)}"
        _understood(partial(_read_member, archive, member, inner, report), inner, report)
        report(messages.Progress("files", number, len(members)))


def _read_member(archive: Archive, member: str, name: str, report: Report) -> None:
    file = io.BytesIO(archive.read(member))
    kind = kind_of(file, PurePath(name).name)
    if kind.name == "zip":
        raise Refused("unknown_kind", "It is an archive within an archive. Add it by itself.")
    file.seek(0)
    _read_document(file, name, kind, report)


def _is_hidden(member: str) -> bool:
    """Whether a file is one of those that systems put into archives beside what was packed."""
    parts = [part for part in PurePath(member).parts if part != ".."]
    return any(part.startswith((".", "__MACOSX")) or part == "Thumbs.db" for part in parts)


def _shown(member: str) -> str:
    parts = [part for part in PurePath(member.replace("\\", "/")).parts if part not in {"..", "/"}]
    return line("/".join(parts))


def _read_document(file: BinaryIO, name: str, kind: Kind, report: Report) -> None:
    draft = Draft()
    _write(file, kind, draft, report)
    text, title = draft.text, _title(draft, kind, PurePath(name).name)
    pieces = list(cut(text, kind.name, title, Places(draft.marks).of))
    if not pieces:
        raise Refused("no_text", "It holds no text to answer from. Add one with some text in it.")
    language = ENGLISH if kind.form == "code" else language_of(text)
    begun = messages.Begun(name[-300:], title, kind.name, draft.note, len(pieces), language)
    report(begun)
    for start in range(0, len(text), _PIECE):
        report(messages.Text(text[start : start + _PIECE]))
    for some in _described(pieces, kind, begun):
        report(messages.Passages(some))
    report(messages.Ended())


def _described(
    pieces: list[Cut], kind: Kind, begun: messages.Begun
) -> Iterator[list[messages.Passage]]:
    """The passages with their concepts, their vectors and their stems."""
    title, language = begun.title, begun.language
    for start in range(0, len(pieces), _TOGETHER):
        some = pieces[start : start + _TOGETHER]
        known = [(piece.heading, piece.text) for piece in some]
        found = [{} for _ in some] if kind.form == "code" else concepts_in(known)
        yield [
            messages.Passage(
                piece.heading,
                piece.place,
                piece.text,
                concepts,
                fold_passage(title, piece.heading, piece.text, language),
                indexed_stems(f"{title} {piece.heading} {piece.text}", language),
                kinds_in(piece.heading, piece.text),
            )
            for piece, concepts in zip(some, found, strict=True)
        ]


def _title(draft: Draft, kind: Kind, name: str) -> str:
    """What a document calls itself, or its file's name."""
    stem = line(PurePath(name).stem.replace("_", " ")) or name
    if kind.form == "code":
        return name[:_TITLE_LENGTH]
    headed = kind.name in _HEADED
    own = draft.title or (title_of(draft.text, kind.name) if headed else "")
    return (own or stem)[:_TITLE_LENGTH]


def _write(file: BinaryIO, kind: Kind, draft: Draft, report: Report) -> None:
    """Let the reader of the kind write; it is imported only here, since some take long to load."""
    module, unit = _READERS.get(kind.name, ("text", ""))
    reader = importlib.import_module(f"chat.knowledge.reading.{module}")
    given = [lambda done, total: report(messages.Progress(unit, done, total))] if unit else []
    getattr(reader, f"read_{kind.name}")(file, draft, *given)
