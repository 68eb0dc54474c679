"""Takes in the files of a form, and pages of the web: each becomes an upload that waits to be read.

Keeps true: a request ends when its bytes are on the disk; a file that is in the library already is
noticed at once, by its bytes. May import every floor below web.
"""

import hashlib
import os
import tempfile
import time
from typing import IO

from flask import request
from werkzeug.datastructures import FileStorage

from chat.errors import Invalid, NotFound, TooLarge, Unavailable
from chat.knowledge import uploads, versions
from chat.knowledge.intake import result_of
from chat.knowledge.uploads import UploadView
from chat.values import Viewer, new_id
from chat.web.counting import count_files
from chat.web.site import site

_MOST_FILES = 100
_LONGEST_NAME = 290  # characters
_PIECE = 256 * 1024
_SAME_NAME = ("replace", "keep")


def receive_files(viewer: Viewer) -> list[UploadView]:
    """Every file of the form as an upload; Invalid when it holds none, TooLarge for too many."""
    space_id = chosen_space(viewer, request.form.get("space_id"))
    same_name = check_same_name(request.form.get("same_name", "replace"))
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        raise Invalid("No file was sent. Choose at least one.")
    if len(files) > _MOST_FILES:
        raise TooLarge(f"These are {len(files)} files. Send at most {_MOST_FILES} at once.")
    count_files(viewer, len(files))
    received = [
        keep_file(viewer, space_id, file.stream, _name_of(file), same_name == "replace")
        for file in files
    ]
    site().intake.wake()
    return received


def check_same_name(text: str) -> str:
    """What is to become of a document of the same name: `replace` or `keep`."""
    if text not in _SAME_NAME:
        raise Invalid(f"same_name is {' or '.join(_SAME_NAME)}.")
    return text


def chosen_space(viewer: Viewer, space_id: str | None) -> str:
    """The space to add to: the one named, or the viewer's first; where they may write."""
    if space_id and space_id not in viewer.space_ids:
        raise NotFound("There is no such space.")
    if space_id and space_id not in viewer.writable_ids:
        raise NotFound("You may read in this space, not write. Ask one of its owners.")
    if not viewer.writable_ids:
        raise Invalid("You are in no space that could hold a document. Ask an admin to add you.")
    return space_id or viewer.writable_ids[0]


def printable(text: str) -> str:
    """A name or a title without what cannot be shown."""
    return "".join(letter for letter in text if letter.isprintable()).strip()


def receive_page(
    viewer: Viewer, address: str, space_id: str | None, same_name: str = "replace"
) -> UploadView:
    """A page of the web as an upload, which its text is read from; fetched before this returns."""
    fetcher = site().pages
    if fetcher is None:
        raise NotFound("Pages of the web are not read here. An admin can let the site do so.")
    space_id = chosen_space(viewer, space_id)
    count_files(viewer, 1)
    with tempfile.TemporaryFile(dir=site().intake.folder) as file:
        found = fetcher.fetch(address, file)
        file.seek(0)
        name = found.url.partition("://")[2].partition("?")[0].rstrip("/")
        name = printable(name.removesuffix(found.suffix))[:_LONGEST_NAME] + found.suffix
        received = keep_file(viewer, space_id, file, name, same_name == "replace")
    site().intake.wake()
    return received


def keep_file(
    viewer: Viewer, space_id: str, stream: IO[bytes], name: str, replaces: bool
) -> UploadView:
    """A file as an upload that waits to be read, or that is done as the library has it already."""
    upload_id, parts = new_id(), site()
    path = parts.intake.path(upload_id)
    try:
        size, sha256 = save_file(stream, path)
        with parts.database.writing() as session:
            upload = uploads.begin(
                session,
                viewer,
                space_id,
                id=upload_id,
                name=name,
                size=size,
                sha256=sha256,
                replaces=replaces,
            )
            known = versions.same_file(session, space_id, sha256)
            if known is None:
                return upload
            upload = uploads.end_at_once(session, upload_id, [result_of(known)])
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)
    return upload


def _name_of(file: FileStorage) -> str:
    return printable(file.filename or "")[-_LONGEST_NAME:] or "file"


def save_file(stream: IO[bytes], path: os.PathLike[str]) -> tuple[int, str]:
    """Write a file that only its owner reads; its size and the SHA-256 of its bytes."""
    digest, size = hashlib.sha256(), 0
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(file, "wb") as kept:
            while piece := stream.read(_PIECE):
                kept.write(piece)
                digest.update(piece)
                size += len(piece)
                time.sleep(0)  # let the streams go on between two pieces
    except OSError as error:
        raise Unavailable("There is no room for the file on the server. Tell an admin.") from error
    return size, digest.hexdigest()
