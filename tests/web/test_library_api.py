"""Documents over the API: adding them, bad input of every kind, and what an outsider gets."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import MakeApp, sign_in
from tests.papers.office import make_zip
from tests.papers.pdf import make_pdf, scanned_pdf
from tests.people import Person
from tests.web.uploading import send, settled, upload

RUNBOOK = {"title": "Rollback", "text": "# Rolling back\n\nStop the queue first."}


def add(person: Person, **body: Any) -> Any:
    return person.client.post("/api/documents", json=RUNBOOK | body)


def test_a_text_becomes_a_document(alice: Person, bob: Person) -> None:
    answer = add(alice)
    assert answer.status_code == 201
    (document,) = answer.json["items"]
    assert document["title"] == "Rollback"
    assert document["passages"] == 1
    read = bob.client.get(f"/api/documents/{document['id']}").json
    assert read["text"] == RUNBOOK["text"]
    assert [part["text"] for part in read["parts"]] == ["Stop the queue first."]


def test_the_same_text_again_is_the_same_document(alice: Person) -> None:
    first = add(alice).json["items"][0]
    again = add(alice, title="Another name")
    assert again.status_code == 200
    assert again.json["items"][0]["id"] == first["id"]
    assert again.json["items"][0]["duplicate"]


def test_a_file_becomes_a_document(alice: Person) -> None:
    plan = b"# The plan\n\nWe ship on Friday.\n"
    (waiting,) = send(alice, ("plan.md", plan))
    assert (waiting["name"], waiting["size"]) == ("plan.md", len(plan))
    done = settled(alice, waiting)
    assert (done["state"], done["message"]) == ("done", "Added, 1 passage")
    assert done["documents"][0]["title"] == "The plan"
    assert alice.client.get("/api/documents").json["items"][0]["origin"] == "plan.md"


def test_files_succeed_and_fail_each_on_its_own(alice: Person) -> None:
    fine, empty = send(alice, ("fine.txt", b"Fine text."), ("empty.txt", b""))
    assert settled(alice, fine)["state"] == "done"
    failed = settled(alice, empty)
    assert (failed["state"], failed["retryable"]) == ("failed", False)
    (refused,) = failed["refused"]
    assert (refused["reason"], refused["code"]) == ("empty", "invalid")
    assert refused["detail"] == "It is empty. Add a file that holds text."


def test_the_list_is_paged_and_filtered(alice: Person) -> None:
    for number in range(3):
        add(alice, title=f"Page {number}", text=f"Text number {number}.")
    page = alice.client.get("/api/documents?limit=2").json
    assert [item["title"] for item in page["items"]] == ["Page 2", "Page 1"]
    assert (page["total"], page["passages"], page["next"]) == (3, 3, 2)
    last = alice.client.get("/api/documents?limit=2&offset=2").json
    assert [item["title"] for item in last["items"]] == ["Page 0"]
    assert last["next"] is None
    found = alice.client.get("/api/documents?q=page+1").json
    assert [item["added_by"] for item in found["items"]] == ["Alice"]


def test_a_document_is_deleted(alice: Person) -> None:
    document = add(alice).json["items"][0]
    assert alice.client.delete(f"/api/documents/{document['id']}").status_code == 204
    assert alice.client.get(f"/api/documents/{document['id']}").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("scan.txt", b"%PDF-1.7\n", "Rename it to scan.pdf"),
        ("image.md", b"\x89PNG\r\n", "It is a picture"),
        ("report.docx", b"PK\x03\x04", "It is damaged"),
        ("empty.md", b" \n", "is empty"),
        ("latin.txt", b"caf\xe9", "is not valid UTF-8"),
        ("zero.txt", b"a\x00b", "is not text"),
        ("only-a-heading.md", b"# Title\n", "holds no text"),
    ],
)
def test_a_file_that_cannot_be_read_gets_its_reason(
    alice: Person, name: str, data: bytes, words: str
) -> None:
    (refused,) = upload(alice, name, data)["refused"]
    assert words in refused["detail"]
    assert alice.client.get("/api/documents").json["total"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"title": "x"}',
        b'{"text": 1}',
        b'{"text": ""}',
        b'{"text": "a\\u0000b"}',
        b'{"text": "fine", "kind": "pdf"}',
        b'{"text": "fine", "title": 7}',
    ],
)
def test_a_body_that_cannot_be_used_is_refused(alice: Person, body: bytes) -> None:
    answer = alice.client.post("/api/documents", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "invalid")


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=999999", "offset=-1", "offset=²"])
def test_a_query_that_makes_no_sense_is_refused(alice: Person, query: str) -> None:
    assert alice.client.get(f"/api/documents?{query}").status_code == 400


def test_a_title_loses_what_cannot_be_shown(alice: Person) -> None:
    answer = add(alice, title="Roll\u0000back\u202e!\n")
    assert answer.json["items"][0]["title"] == "Rollback!"


def test_an_upload_that_is_too_large_hears_the_limit(make_app: MakeApp) -> None:
    alice = sign_in(make_app(max_upload_bytes=1024 * 1024), "alice")
    file = (io.BytesIO(b"words " * 400_000), "long.txt")
    answer = alice.client.post("/api/documents", data={"file": file})
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert "1 MB" in answer.json["detail"]


def test_a_space_of_others_does_not_exist(alice: Person, charlie: Person) -> None:
    assert add(alice, space_id=charlie.space_id).status_code == 404
    assert add(alice, space_id=alice.space_id).status_code == 201


def test_an_outsider_finds_nothing(alice: Person, charlie: Person) -> None:
    address = f"/api/documents/{add(alice).json['items'][0]['id']}"
    assert alice.client.get(address).status_code == 200
    assert charlie.client.get(address).status_code == 404
    assert charlie.client.delete(address).status_code == 404
    assert charlie.client.get("/api/documents").json["items"] == []
    assert alice.client.get(address).status_code == 200


def test_a_team_mate_reads_but_does_not_delete(alice: Person, bob: Person) -> None:
    address = f"/api/documents/{add(alice).json['items'][0]['id']}"
    assert bob.client.get(address).status_code == 200
    assert bob.client.delete(address).status_code == 404


def test_a_visitor_is_told_to_sign_in(visitor: FlaskClient) -> None:
    for answer in (visitor.get("/api/documents"), visitor.get("/api/documents/x")):
        assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")


def test_another_site_cannot_add_a_document(alice: Person) -> None:
    del alice.client.environ_base["HTTP_X_CSRF_TOKEN"]
    assert (add(alice).status_code, add(alice).json["code"]) == (400, "csrf")


def test_a_passage_says_where_in_its_file_it_stands(alice: Person) -> None:
    data = make_pdf([["The buoy is green."], ["The lamp is white."]])
    (document,) = upload(alice, "buoys.pdf", data)["documents"]
    read = alice.client.get(f"/api/documents/{document['id']}").json
    assert read["kind"] == "pdf"
    assert [part["place"] for part in read["parts"]] == ["pages 1–2"]


def test_an_archive_becomes_a_document_for_each_file(alice: Person) -> None:
    parts = {"plan.md": "# The plan\n\nWe ship.", "scan.pdf": scanned_pdf(2)}
    done = upload(alice, "all.zip", make_zip(parts))
    assert (done["state"], done["message"]) == ("done", "1 document added, 1 left out")
    assert [one["name"] for one in done["documents"]] == ["all.zip/plan.md"]
    (scan,) = done["refused"]
    assert scan["name"] == "all.zip/scan.pdf"
    assert "2 pages are pictures" in scan["detail"]
