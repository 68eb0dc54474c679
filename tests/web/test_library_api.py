"""Documents over the API: adding them, bad input of every kind, and what an outsider gets."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import MakeApp, sign_in
from tests.papers.office import make_zip
from tests.papers.pdf import make_pdf, scanned_pdf
from tests.people import Person

RUNBOOK = {"title": "Rollback", "text": "# Rolling back\n\nStop the queue first."}


def add(person: Person, **body: Any) -> Any:
    return person.client.post("/api/documents", json=RUNBOOK | body)


def send_file(person: Person, name: str, data: bytes) -> Any:
    return person.client.post("/api/documents", data={"file": (io.BytesIO(data), name)})


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
    answer = send_file(alice, "plan.md", b"# The plan\n\nWe ship on Friday.\n")
    assert answer.status_code == 201
    assert answer.json["items"][0]["title"] == "The plan"


def test_files_succeed_and_fail_each_on_its_own(alice: Person) -> None:
    files = [(io.BytesIO(b"Fine text."), "fine.txt"), (io.BytesIO(b""), "empty.txt")]
    answer = alice.client.post("/api/documents", data={"file": files})
    assert answer.status_code == 201
    fine, empty = answer.json["items"]
    assert fine["name"] == "fine.txt"
    assert empty["error"]["code"] == "invalid"
    assert "It is empty." in empty["error"]["detail"]


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
    answer = send_file(alice, name, data)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert words in answer.json["detail"]
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
    answer = send_file(alice, "long.txt", b"words " * 400_000)
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
    (document,) = send_file(alice, "buoys.pdf", data).json["items"]
    assert document["kind"] == "pdf"
    read = alice.client.get(f"/api/documents/{document['id']}").json
    assert [part["place"] for part in read["parts"]] == ["pages 1–2"]


def test_an_archive_becomes_a_document_for_each_file(alice: Person) -> None:
    parts = {"plan.md": "# The plan\n\nWe ship.", "scan.pdf": scanned_pdf(2)}
    plan, scan = send_file(alice, "all.zip", make_zip(parts)).json["items"]
    assert (plan["origin"], plan["title"]) == ("all.zip/plan.md", "The plan")
    assert scan["name"] == "all.zip/scan.pdf"
    assert "2 pages are pictures" in scan["error"]["detail"]
