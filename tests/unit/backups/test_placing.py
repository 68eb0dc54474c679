"""Restored files get to their places together, or everything stays as it was."""

from pathlib import Path

import pytest

from chat.backups.placing import put_in_place


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A database with its log, a key, and an upload."""
    (tmp_path / "site" / "uploads").mkdir(parents=True)
    for name in ("parley.db", "parley.db-wal", "parley.db-shm", "secret-key", "uploads/a.md"):
        (tmp_path / "site" / name).write_text(f"old {name}")
    return tmp_path / "site"


@pytest.fixture
def drafts(tmp_path: Path) -> dict[str, Path]:
    """What is to take their places."""
    folder = tmp_path / "drafts"
    (folder / "uploads").mkdir(parents=True)
    (folder / "uploads" / "b.md").write_text("new")
    for name in ("parley.db", "secret-key"):
        (folder / name).write_text("new")
    return {name: folder / name for name in ("parley.db", "secret-key", "uploads")}


def tree(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_what_was_there_is_kept_aside_with_its_log(site: Path, drafts: dict[str, Path]) -> None:
    kept = put_in_place({site / name: draft for name, draft in drafts.items()})
    assert kept == [site / f"{name}.before-restore" for name in drafts]
    assert tree(site) == {
        "parley.db": "new",
        "secret-key": "new",
        "uploads/b.md": "new",
        "parley.db.before-restore": "old parley.db",
        "parley.db.before-restore-wal": "old parley.db-wal",
        "parley.db.before-restore-shm": "old parley.db-shm",
        "secret-key.before-restore": "old secret-key",
        "uploads.before-restore/a.md": "old uploads/a.md",
    }


def test_the_next_restore_takes_the_place_of_what_was_kept(
    site: Path, drafts: dict[str, Path]
) -> None:
    (site / "uploads.before-restore").mkdir()
    (site / "uploads.before-restore" / "older.md").write_text("older")
    (site / "parley.db.before-restore-wal").write_text("older")
    (site / "parley.db-wal").unlink()
    put_in_place({site / name: draft for name, draft in drafts.items()})
    assert "older" not in tree(site).values()


def test_one_that_cannot_be_placed_leaves_everything_as_it_was(
    site: Path, drafts: dict[str, Path]
) -> None:
    before = tree(site)
    drafts["uploads"] = site / "missing"
    with pytest.raises(OSError, match="missing"):
        put_in_place({site / name: draft for name, draft in drafts.items()})
    assert tree(site) == before
