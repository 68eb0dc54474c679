"""The file that a backup is: a tar of plain files that ends with a manifest of their digests.

Keeps true: it appears whole or not at all, for its owner alone; nothing of it counts before every
digest fits; the name of a member leads nowhere but into the folder it is unpacked to. The digests
find damage, not a forger: who can write the file can write its manifest. Imports nothing of Parley.
"""

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any

import msgspec

DATABASE, TABLES, SECRET, UPLOADS = "database", "tables", "secret-key", "uploads"
FORMAT = 1
_MANIFEST = "manifest.json"
_MOST_MANIFEST = 64 * 1024 * 1024  # half a million uploads
_FILES, _FOLDERS = {DATABASE, SECRET}, {TABLES, UPLOADS}
_NEEDED = {"sqlite": DATABASE, "postgresql": f"{TABLES}/alembic_version"}
_DEFECTS = (tarfile.TarError, EOFError, ValueError, OverflowError)  # of a file that is no sound tar


class BackupError(Exception):
    """Why a backup cannot be made or used, in one line for the one who runs the site."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds; `files` maps each member to its SHA-256."""

    format: int = FORMAT
    parley: str
    made_at: str
    database: str  # "sqlite" or "postgresql"
    revision: str
    files: dict[str, str] = {}


def write(path: Path, members: Iterable[tuple[str, Path]], about: Manifest) -> Manifest:
    """Write a backup of `members` and read it back; the manifest, with the digests."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mode 600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                digests = {name: _add(tar, name, source) for name, source in members}
                manifest = msgspec.structs.replace(about, files=digests)
                _add_bytes(tar, _MANIFEST, msgspec.json.encode(manifest))
            file.flush()
            os.fsync(handle)
        verify(draft)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
    return manifest


def verify(path: Path) -> Manifest:
    """The manifest of a backup that is whole; BackupError says what is wrong with another."""
    return _read(path, lambda _name: open(os.devnull, "wb"))


def unpack(path: Path, folder: Path) -> Manifest:
    """Unpack a backup into an empty folder; BackupError when it is not whole."""

    def create(name: str) -> IO[bytes]:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    (folder / UPLOADS).mkdir(mode=0o700)  # also where there are none
    return _read(path, create)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; file systems that cannot do that are left alone."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


class _Digesting:
    """A file that is read or written, and digested on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._sha256.hexdigest()

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._sha256.update(data)
        return data

    def write(self, data: bytes) -> int:
        self._sha256.update(data)
        return self._file.write(data)


def _add(tar: tarfile.TarFile, name: str, source: Path) -> str:
    with source.open("rb") as file:
        info = tarfile.TarInfo(name)
        status = os.fstat(file.fileno())
        info.size, info.mtime, info.mode = status.st_size, int(status.st_mtime), 0o600
        digesting: Any = _Digesting(file)  # tarfile asks for no more than `read`
        tar.addfile(info, digesting)
    return str(digesting.digest)


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))


def _read(path: Path, create: Callable[[str], IO[bytes]]) -> Manifest:
    """Read all members, each into what `create` opens for it, and compare their digests."""
    digests: dict[str, str] = {}
    with _open(path) as tar:
        while (member := _next(path, tar)) is not None:
            if member.name == _MANIFEST:
                return _checked(path, _manifest(path, tar, member), digests)
            if not _is_expected(member) or member.name in digests:
                raise BackupError(f"{path} is no backup: it holds {member.name!r}.")
            digests[member.name] = _copy(path, tar, member, create(member.name))
    raise _damaged(path)


def _open(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, "r:")  # never compressed: it cannot swell
    except _DEFECTS as error:
        raise BackupError(f"{path} is no backup of Parley.") from error


def _next(path: Path, tar: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        return tar.next()
    except _DEFECTS as error:
        raise _damaged(path) from error


def _is_expected(member: tarfile.TarInfo) -> bool:
    """Whether a backup may hold it: a plain file with one of the names that `write` gives."""
    name = PurePosixPath(member.name)
    is_inside = len(name.parts) > 1 and name.parts[0] in _FOLDERS and ".." not in name.parts
    is_plain = member.type == tarfile.REGTYPE and not member.issparse()
    return is_plain and name.as_posix() == member.name and (is_inside or str(name) in _FILES)


def _copy(path: Path, tar: tarfile.TarFile, member: tarfile.TarInfo, target: IO[bytes]) -> str:
    with target:
        digesting = _Digesting(target)
        source = tar.extractfile(member)
        assert source is not None  # it is a plain file
        try:
            shutil.copyfileobj(source, digesting)
        except _DEFECTS as error:
            raise _damaged(path) from error
        target.flush()
        if target.name != os.devnull:
            os.fsync(target.fileno())
    return digesting.digest


def _manifest(path: Path, tar: tarfile.TarFile, member: tarfile.TarInfo) -> Manifest:
    file = tar.extractfile(member)
    if file is None or member.size > _MOST_MANIFEST:
        raise _damaged(path)
    try:
        return msgspec.json.decode(file.read(), type=Manifest)
    except (msgspec.DecodeError, *_DEFECTS) as error:
        raise _damaged(path) from error


def _checked(path: Path, manifest: Manifest, digests: dict[str, str]) -> Manifest:
    if manifest.format != FORMAT or manifest.database not in _NEEDED:
        raise BackupError(f"{path} is of a newer Parley ({manifest.parley}).")
    for name in sorted({*manifest.files, *digests, _NEEDED[manifest.database]}):
        if manifest.files.get(name) is None or manifest.files[name] != digests.get(name):
            raise BackupError(f"{path} is damaged: {name} is not what was backed up.")
    return manifest


def _damaged(path: Path) -> BackupError:
    return BackupError(f"{path} is damaged: its end is missing, or cannot be read.")
