"""`flask --app app backup` and `restore`: what they refuse, and what they say."""

import os
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from chat.backups.occupancy import occupy
from chat.config import Settings, load_settings
from tests.people import Person

pytestmark = pytest.mark.sqlite_only


def run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def site_in(folder: Path, **environ: str) -> Flask:
    """A site with its data in this folder, and nothing set that a test does not set."""
    return create_app(load_settings({"PARLEY_DATA_DIR": str(folder)} | environ))


@pytest.fixture
def file(app: Flask, alice: Person, settings: Settings, tmp_path: Path) -> Path:
    """A backup of the site, with a conversation of Alice's and an upload in it."""
    alice.client.post("/api/conversations", json={"title": "Kept for good"})
    settings.uploads.mkdir(exist_ok=True)
    (settings.uploads / "plan.md").write_text("# Plan")
    result = run(app, "backup", tmp_path / "site.tar")
    assert result.exit_code == 0, result.output
    return tmp_path / "site.tar"


def titles(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "parley.db") as database:
        return [title for (title,) in database.execute("SELECT title FROM conversations")]


def told(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "parley.db") as database:
        return [action for (action,) in database.execute("SELECT action FROM audit_entries")]


def test_a_site_comes_back_on_another_machine(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    result = run(site_in(elsewhere), "restore", file)
    assert result.exit_code == 0, result.output
    assert titles(elsewhere) == ["Kept for good"]
    assert told(elsewhere)[-2:] == ["backup.made", "backup.restored"]
    assert (elsewhere / "uploads" / "plan.md").read_text() == "# Plan"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (elsewhere, elsewhere / "uploads")}
    assert modes == {0o700}
    assert stat.S_IMODE((elsewhere / "parley.db").stat().st_mode) == 0o600


def test_the_key_of_the_data_directory_comes_along(tmp_path: Path) -> None:
    site = site_in(tmp_path / "site")
    assert run(site, "prepare").exit_code == 0
    assert "SECRET_KEY" not in run(site, "backup", tmp_path / "site.tar").output
    assert run(site_in(tmp_path / "other"), "restore", tmp_path / "site.tar").exit_code == 0
    keys = {(tmp_path / name / "secret-key").read_text() for name in ("site", "other")}
    assert len(keys) == 1


def test_a_key_that_is_set_elsewhere_is_told_and_left_out(
    app: Flask, settings: Settings, file: Path, tmp_path: Path
) -> None:
    said = run(app, "backup", tmp_path / "second.tar").output
    assert "SECRET_KEY is set elsewhere and not in it" in said
    assert settings.secret_key.encode() not in file.read_bytes()
    result = run(site_in(tmp_path / "elsewhere"), "restore", file)
    assert "set SECRET_KEY as it was" in result.output


def test_a_site_is_replaced_only_when_that_is_said(
    app: Flask, alice: Person, settings: Settings, file: Path
) -> None:
    alice.client.post("/api/conversations", json={"title": "Made later"})
    refused = run(app, "restore", file)
    assert refused.exit_code == 1
    assert "A site is in" in refused.output
    assert len(titles(settings.data_dir)) == 2
    done = run(app, "restore", "--replace", file)
    assert f"kept as {settings.data_dir}/parley.db.before-restore" in done.output
    assert titles(settings.data_dir) == ["Kept for good"]


def test_no_file_is_overwritten_by_a_backup(app: Flask, file: Path) -> None:
    before = file.read_bytes()
    assert "exists already" in run(app, "backup", file).output
    assert file.read_bytes() == before


def test_a_backup_into_a_folder_that_is_missing_says_so(app: Flask, tmp_path: Path) -> None:
    result = run(app, "backup", tmp_path / "missing" / "site.tar")
    assert result.exit_code == 1
    assert "No such file or directory" in result.output


def test_two_restores_or_a_site_that_runs_exclude_each_other(
    app: Flask, settings: Settings, file: Path
) -> None:
    held = occupy(settings.data_dir, alone=False)
    try:
        assert "is running; stop it first." in run(app, "restore", "--replace", file).output
    finally:
        os.close(held)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer Parley (0.1.0, revision 9999)"),
        ("DELETE FROM alembic_version", "The database cannot be used"),
    ],
)
def test_a_database_that_cannot_be_served_changes_nothing(
    settings: Settings, tmp_path: Path, template_database: Path, change: str, words: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "parley.db").write_bytes(template_database.read_bytes())
    with sqlite3.connect(other / "parley.db") as database:
        database.execute(change)
    site = site_in(other)
    made = run(site, "backup", tmp_path / "odd.tar")
    before = {path: path.read_bytes() for path in other.iterdir() if path.is_file()}
    said = made.output + (run(site, "restore", "--replace", tmp_path / "odd.tar").output
                          if made.exit_code == 0 else "")  # fmt: skip
    assert words in said
    assert {path: path.read_bytes() for path in other.iterdir() if path.is_file()} == before


def test_a_damaged_backup_changes_nothing(app: Flask, settings: Settings, file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    result = run(app, "restore", "--replace", file)
    assert result.exit_code == 1
    assert result.output.strip().endswith("database is not what was backed up.")
    assert titles(settings.data_dir) == ["Kept for good"]
    assert not list(settings.data_dir.glob("*before-restore*"))
    assert not list(settings.data_dir.glob(".restore*"))


def test_somebody_else_than_the_owner_of_the_data_does_not_restore(
    app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert "Run this as the owner of" in run(app, "restore", "--replace", file).output


def test_a_database_in_memory_cannot_be_backed_up(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, database_url="sqlite:///:memory:"))
    assert "The database is no file" in run(app, "backup", tmp_path / "site.tar").output
