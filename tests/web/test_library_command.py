"""`flask --app app library add`: files and folders from the command line."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from chat.knowledge.reading import process
from tests.papers.pdf import make_pdf
from tests.people import Person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two documents, something unreadable, and something hidden."""
    root = tmp_path / "team"
    (root / "runbooks").mkdir(parents=True)
    (root / "runbooks" / "rollback.md").write_text("# Rolling back\n\nStop the queue first.")
    (root / "notes.txt").write_text("Water the plants.")
    (root / "logo.png").write_bytes(b"\x89PNG")
    (root / ".git").mkdir()
    (root / ".git" / "config.txt").write_text("hidden")
    return root


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["library", "add", *arguments])


def test_a_folder_is_added_with_what_is_in_it(app: Flask, alice: Person, folder: Path) -> None:
    result = run(app, str(folder))
    assert "added     notes.txt: 1 passages" in result.output
    assert "added     runbooks/rollback.md: 1 passages" in result.output
    assert "left out  logo.png: It is a picture, which cannot be read." in result.output
    assert "2 added, 0 there already, 1 left out." in result.output
    assert result.exit_code == 1
    items = alice.client.get("/api/documents").json["items"]
    assert {item["origin"] for item in items} == {"notes.txt", "runbooks/rollback.md"}


def test_what_is_there_already_is_told(app: Flask, folder: Path) -> None:
    run(app, str(folder / "notes.txt"))
    result = run(app, str(folder / "notes.txt"))
    assert "known     notes.txt: is there already" in result.output
    assert result.exit_code == 0


def test_a_new_version_is_told_and_another_file_of_its_name_is_not_one(
    app: Flask, alice: Person, folder: Path
) -> None:
    other = folder / "runbooks" / "notes.txt"
    other.write_text("Another file, other notes.")
    run(app, str(folder / "notes.txt"), str(other))
    assert len(alice.client.get("/api/documents").json["items"]) == 2
    other.write_text("Another file, newer notes.")
    assert "notes.txt: 1 passages, a new version" in run(app, str(other)).output
    other.write_text("Another file, newest notes.")
    assert "a new version" not in run(app, str(other), "--keep").output
    assert len(alice.client.get("/api/documents").json["items"]) == 3


def test_texts_are_read_without_a_process_of_their_own(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_MODULE", "no_such_module")
    (folder / "scan.pdf").write_bytes(make_pdf([["The buoy is green."]]))
    output = run(app, str(folder)).output
    assert "added     notes.txt: 1 passages" in output
    assert "left out  scan.pdf: Reading it ended without a result" in output


def test_documents_go_to_the_space_that_is_named(
    app: Flask, alice: Person, charlie: Person, folder: Path
) -> None:
    assert run(app, str(folder / "notes.txt"), "--space", "elsewhere").exit_code == 0
    assert charlie.client.get("/api/documents").json["total"] == 1
    assert alice.client.get("/api/documents").json["total"] == 0


def test_an_unknown_space_and_a_missing_file_are_refused(app: Flask, folder: Path) -> None:
    assert "there is no space nowhere" in run(app, str(folder), "--space", "nowhere").output
    assert run(app, str(folder / "missing.md")).exit_code == 2


def test_a_broken_file_does_not_stop_the_others(app: Flask, folder: Path) -> None:
    (folder / "a-broken.txt").write_bytes(b"caf\xe9")
    result = run(app, str(folder))
    assert "left out  a-broken.txt: It is not valid UTF-8" in result.output
    assert "2 added" in result.output
