"""The file that a backup is: what it holds comes out, and nothing of a broken or hostile one."""

import hashlib
import io
import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from chat.backups import archive
from chat.backups.archive import BackupError, Manifest

ABOUT = Manifest(parley="0.1.0", made_at="now", database="sqlite", revision="0001")
CONTENT = {"database": b"rows " * 5000, "secret-key": b"secret", "uploads/ä/b.md": b"# B"}


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of three files."""
    sources = []
    for number, (name, data) in enumerate(CONTENT.items()):
        source = tmp_path / f"source-{number}"
        source.write_bytes(data)
        sources.append((name, source))
    archive.write(tmp_path / "site.tar", sources, ABOUT)
    return tmp_path / "site.tar"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups are unpacked to."""
    made = tmp_path / "unpacked"
    made.mkdir()
    return made


def forge(path: Path, *members: tuple[tarfile.TarInfo | str, bytes]) -> Path:
    """Write a tar of these members by hand, with a manifest that fits their digests."""
    digests = {}
    with tarfile.open(path, "w") as tar:
        for member, data in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
            digests[info.name] = hashlib.sha256(data).hexdigest()
        about = {"parley": "1", "made_at": "", "database": "sqlite", "revision": "1"}
        raw = json.dumps(about | {"files": digests}).encode()
        manifest = tarfile.TarInfo("manifest.json")
        manifest.size = len(raw)
        tar.addfile(manifest, io.BytesIO(raw))
    return path


def test_what_is_backed_up_comes_out_again(backup: Path, folder: Path) -> None:
    manifest = archive.unpack(backup, folder)
    assert set(manifest.files) == set(CONTENT)
    assert {name: (folder / name).read_bytes() for name in CONTENT} == CONTENT
    assert archive.verify(backup) == manifest


def test_only_its_owner_can_read_a_backup_and_what_comes_out(backup: Path, folder: Path) -> None:
    archive.unpack(backup, folder)
    files = [backup, *(folder / name for name in CONTENT)]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((folder / "uploads").stat().st_mode) == 0o700


def test_a_backup_cut_off_anywhere_is_refused(backup: Path, folder: Path) -> None:
    whole = backup.read_bytes()
    with tarfile.open(backup) as tar:
        last = tar.getmembers()[-1]
    end = last.offset_data + last.size
    for length in [0, 1, 511, 512, 700, *range(1024, end, 512), end - 1]:
        backup.write_bytes(whole[:length])
        with pytest.raises(BackupError, match=r"is damaged|is no backup"):
            archive.verify(backup)


def test_a_changed_byte_anywhere_that_matters_is_found(backup: Path) -> None:
    whole = backup.read_bytes()
    with tarfile.open(backup) as tar:
        places = [place for member in tar for place in (member.offset, member.offset_data)]
    for place in places:
        backup.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BackupError):
            archive.verify(backup)


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\x1f\x8b" + b"x" * 2000, b"\0" * 2048])
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BackupError, match=r"is no backup|is damaged"):
        archive.verify(tmp_path / "file")


@pytest.mark.parametrize(
    "name",
    ["", ".", "/", "../outside", "/etc/outside", "uploads/../../outside", "uploads", "uploads/",
     "./database", "uploads//x", "parley.db", "uploads/./x"],
)  # fmt: skip
def test_a_member_that_leads_elsewhere_is_refused(tmp_path: Path, folder: Path, name: str) -> None:
    path = forge(tmp_path / "hostile.tar", (name, b"x"))
    with pytest.raises(BackupError, match="it holds"):
        archive.unpack(path, folder)
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE,
                                  tarfile.CHRTYPE, tarfile.DIRTYPE])  # fmt: skip
def test_only_plain_files_are_unpacked(tmp_path: Path, folder: Path, kind: bytes) -> None:
    link = tarfile.TarInfo("uploads/link")
    link.type, link.linkname = kind, "/etc/passwd"
    path = forge(tmp_path / "hostile.tar", (link, b""))
    with pytest.raises(BackupError, match="it holds"):
        archive.unpack(path, folder)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ((("secret-key", b"x"),), "database is not what was backed up"),
        ((("database", b"x"), ("database", b"y")), "it holds 'database'"),
    ],
)
def test_a_backup_has_each_file_once(
    tmp_path: Path, folder: Path, members: tuple[tuple[str, bytes], ...], words: str
) -> None:
    with pytest.raises(BackupError, match=words):
        archive.unpack(forge(tmp_path / "odd.tar", *members), folder)


def test_a_format_of_a_newer_parley_is_named(tmp_path: Path, folder: Path, backup: Path) -> None:
    source = tmp_path / "source-0"
    newer = Manifest(format=2, parley="9.0", made_at="", database="sqlite", revision="1")
    with pytest.raises(BackupError, match=r"newer Parley \(9\.0\)"):
        archive.write(tmp_path / "newer.tar", [("database", source)], newer)
    assert not (tmp_path / "newer.tar").exists()


@pytest.mark.parametrize("source", ["missing", "."])
def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path, source: str) -> None:
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(OSError, match=source):
        archive.write(target / "site.tar", [("database", tmp_path / source)], ABOUT)
    assert list(target.iterdir()) == []


def test_no_file_shrinks_unseen_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backup: Path
) -> None:
    read: Callable[..., bytes] = archive._Digesting.read
    monkeypatch.setattr(archive._Digesting, "read", lambda self, size: read(self, size)[:-1])
    with pytest.raises(OSError, match="unexpected end of data"):
        archive.write(tmp_path / "cut.tar", [("database", tmp_path / "source-0")], ABOUT)
