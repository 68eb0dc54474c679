"""Puts restored files where the site expects them, all of them or none.

Keeps true: nothing is deleted but what an earlier restore had put aside; what was there is beside
it, as `<name>.before-restore`, until the next restore; a database and its write-ahead log move
together. Imports nothing of Parley.
"""

import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from chat.backups.archive import sync_folder

ASIDE = ".before-restore"
_BESIDE = ("", "-wal", "-shm")  # what SQLite keeps beside its file has to go with it


def put_in_place(drafts: Mapping[Path, Path]) -> list[Path]:
    """Move each draft to its target; where to find what was there. OSError leaves all as it was."""
    for target in drafts:
        _clear(target)
    with ExitStack() as undo:
        kept = [path for target in drafts for path in _put_aside(target, undo)]
        for target, draft in drafts.items():
            _move(draft, target, undo)
        undo.pop_all()
    for folder in {target.parent for target in drafts}:
        sync_folder(folder)
    return kept


def _clear(target: Path) -> None:
    """Delete what an earlier restore has put aside."""
    for suffix in _BESIDE:
        aside = Path(f"{target}{ASIDE}{suffix}")
        if aside.is_dir() and not aside.is_symlink():
            shutil.rmtree(aside)
        else:
            aside.unlink(missing_ok=True)


def _put_aside(target: Path, undo: ExitStack) -> list[Path]:
    for suffix in _BESIDE:
        if os.path.lexists(path := Path(f"{target}{suffix}")):
            _move(path, Path(f"{target}{ASIDE}{suffix}"), undo)
    aside = Path(f"{target}{ASIDE}")
    return [aside] if os.path.lexists(aside) else []


def _move(source: Path, target: Path, undo: ExitStack) -> None:
    os.rename(source, target)
    undo.callback(os.rename, target, source)
