"""The library's pages: the list, adding files without a script, a document, removing it."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chat.knowledge import documents, ingest, preparing
from chat.web.site import Site
from tests.papers.pdf import make_pdf
from tests.people import Person
from tests.web.uploading import settled

RUNBOOK = "# Rolling back\n\nStop the queue first. Then run `make rollback` on the *primary*.\n"


@pytest.fixture
def runbook(app: Flask, alice: Person) -> documents.DocumentSummary:
    """A document of Alice's space, added by her."""
    return add(app, alice, RUNBOOK)


def add(app: Flask, person: Person, text: str, **changes: Any) -> documents.DocumentSummary:
    parts: Site = app.extensions["parley"]
    prepared = preparing.prepare("", text, "markdown")
    values = {"origin": "runbook.md", "added_by": person.id, "space_id": person.space_id} | changes
    with parts.database.writing() as session:
        return ingest.store(session, prepared, **values)


def send(person: Person, *files: tuple[str, bytes]) -> Any:
    form = {"file": [(io.BytesIO(data), name) for name, data in files]}
    return person.client.post("/library", data=form, headers={"Accept": "text/html"})


def library_after(person: Person, *files: tuple[str, bytes]) -> str:
    """The words of the library's page once these files are read."""
    answer = send(person, *files)
    assert (answer.status_code, answer.location) == (303, "/library")
    for upload in person.client.get("/api/uploads").json["items"]:
        settled(person, upload)
    return text_of(person.client.get("/library"))


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_the_list_tells_who_added_what(alice: Person, bob: Person, runbook: Any) -> None:
    page = text_of(bob.client.get("/library"))
    assert "1 document " in page
    assert "Rolling back Team Markdown 1 A Alice Today" in page


def test_an_empty_library_says_what_to_do(alice: Person) -> None:
    assert "Nothing here yet" in alice.client.get("/library").text


def test_titles_are_found_by_their_words(app: Flask, alice: Person, runbook: Any) -> None:
    add(app, alice, "# Rolling out 100%\n\nSlowly, and with a plan.")
    assert "1 document with “back roll” in the title" in text_of(
        alice.client.get("/library?q=back+roll")
    )
    assert "Rolling out" in alice.client.get("/library?q=100%25").text
    assert "No title has these words" in alice.client.get("/library?q=_").text


def test_a_long_list_has_pages(app: Flask, alice: Person) -> None:
    for number in range(51):
        add(app, alice, f"# Page {number:02}\n\nNumber {number} of many.")
    assert "offset=50" in alice.client.get("/library").text
    last = alice.client.get("/library?offset=50").text
    assert "Page 00" in last
    assert "Page 01" not in last


def test_files_are_added_by_a_form(alice: Person) -> None:
    page = library_after(
        alice, ("plan.md", RUNBOOK.encode()), ("notes.txt", b"Water the plants.\n")
    )
    assert f"plan.md {len(RUNBOOK)} bytes Added, 1 passage" in page
    assert "2 documents" in page
    assert 'http-equiv="refresh"' not in alice.client.get("/library").text


def test_the_page_comes_again_by_itself_while_something_is_read(
    alice: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: Site = app.extensions["parley"]
    monkeypatch.setattr(parts.intake, "wake", lambda: None)
    send(alice, ("plan.md", RUNBOOK.encode()))
    page = alice.client.get("/library")
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page.text
    assert f"plan.md {len(RUNBOOK)} bytes Waiting to be read" in text_of(page)


def test_the_same_text_is_kept_once(alice: Person, runbook: Any) -> None:
    page = library_after(alice, ("copy.md", RUNBOOK.encode()))
    assert "In the library already" in page
    assert "1 document " in page


def test_what_cannot_be_read_is_named_and_the_rest_is_added(alice: Person) -> None:
    page = library_after(alice, ("scan.txt", b"%PDF-1.7 \x00\x01"), ("plan.md", RUNBOOK.encode()))
    assert "Not added. It is called Text, and is a file of the kind PDF." in page
    assert f"plan.md {len(RUNBOOK)} bytes Added, 1 passage" in page


def test_what_became_of_a_file_is_dismissed_by_its_owner(alice: Person, bob: Person) -> None:
    library_after(alice, ("empty.txt", b""))
    (upload,) = alice.client.get("/api/uploads").json["items"]
    address = f"/library/uploads/{upload['id']}/dismiss"
    assert bob.client.post(address).status_code == 404
    assert alice.client.post(address).status_code == 303
    assert "empty.txt" not in alice.client.get("/library").text


def test_a_form_without_a_file_is_refused(alice: Person) -> None:
    answer = alice.client.post("/library", data={"file": []}, headers={"Accept": "text/html"})
    assert answer.status_code == 400


def test_a_document_is_shown_passage_by_passage(alice: Person, runbook: Any) -> None:
    page = alice.client.get(f"/library/{runbook.id}").text
    assert re.search(r'<section class="passage md" id="p-[0-9a-f]{32}"', page)
    assert "<code>make rollback</code>" in page


def test_a_quote_is_marked_across_markup(alice: Person, runbook: Any) -> None:
    quote = "run `make rollback` on the *primary*"
    page = alice.client.get(f"/library/{runbook.id}", query_string={"quote": quote}).text
    assert (
        '<mark id="quote">run </mark><code><mark>make rollback</mark></code><mark> on the </mark>'
        in page
    )


def test_a_long_document_opens_where_the_quote_is(app: Flask, alice: Person) -> None:
    text = "\n\n".join(f"## Part {n}\n\nSentence number {n} is here." for n in range(250))
    document = add(app, alice, text)
    page = alice.client.get(f"/library/{document.id}?quote=Sentence+number+120+is+here.").text
    assert '<mark id="quote">Sentence number 120 is here.</mark>' in page
    assert "Sentence number 99 is" not in page
    assert "?from=0" in page
    assert "?from=200" in page


def test_a_passage_without_a_quote_is_where_the_address_leads(alice: Person, runbook: Any) -> None:
    page = alice.client.get(f"/library/{runbook.id}").text
    assert 'id="quote"' not in page
    passage_id = re.findall(r'id="p-([0-9a-f]{32})"', page)[0]
    named = alice.client.get(f"/library/{runbook.id}?passage={passage_id}&quote=not+there").text
    assert re.search(r'<section class="passage md is-named"[^>]*>\s*<span id="quote">', named)


def test_a_quote_outlives_the_versions_of_its_document(alice: Person) -> None:
    library_after(alice, ("plan.md", b"Call the office.\n\nWe ship on Friday."))
    (document,) = alice.client.get("/api/documents").json["items"]
    address = f"/library/{document['id']}"
    (passage,) = alice.client.get(f"/api{address.replace('library', 'documents')}").json["parts"]
    library_after(alice, ("plan.md", b"Call the office first.\n\nWe ship on Monday."))
    kept = alice.client.get(f"{address}?passage={passage['id']}&quote=Call+the+office").text
    assert '<mark id="quote">Call the office</mark> first.' in kept
    gone = alice.client.get(f"{address}?passage={passage['id']}&quote=We+ship+on+Friday.")
    assert "This quote is not in the document any more" in text_of(gone)
    assert '<blockquote class="quote__text">We ship on Friday.</blockquote>' in gone.text
    assert "Text, version 2, 1 passage" in text_of(gone).replace("Markdown", "Text")


def test_places_are_shown_where_they_change(alice: Person) -> None:
    pages = [[f"Sentence {n} of page {page} says nothing much." for n in range(20)]
             for page in (1, 2)]  # fmt: skip
    library_after(alice, ("log.pdf", make_pdf(pages)))
    (document,) = alice.client.get("/api/documents").json["items"]
    page = alice.client.get(f"/library/{document['id']}").text
    assert re.findall(r'passage__place">([^<]+)<', page) == ["Page 1", "Page 2"]


def test_the_lines_of_a_paragraph_flow(alice: Person) -> None:
    text = "# Crane\n\nIt stands still\nin a storm.\n\n- a watch\n- of two"
    added = alice.client.post("/api/documents", json={"text": text}).get_json()["items"][0]
    page = alice.client.get(f"/library/{added['id']}").text
    assert "<br" not in page
    assert page.count("<li>a watch</li>") == 1


def test_files_go_to_the_oldest_space_unless_another_one_is_chosen(alice: Person) -> None:
    alice.client.post("/spaces", data={"name": "A new one"})
    page = alice.client.get("/library").text
    assert f'<option value="{alice.space_id}" selected>' in page
    assert page.count(" selected>") == 1


def test_code_is_shown_as_code(alice: Person) -> None:
    library_after(alice, ("steps.py", b"if a < b:\n    print('<b>')\n"))
    (document,) = alice.client.get("/api/documents").json["items"]
    page = alice.client.get(f"/library/{document['id']}").text
    assert "<pre><code>if a &lt; b:\n    print(" in page


def test_who_added_a_document_may_delete_it(app: Flask, bob: Person, alice: Person) -> None:
    document = add(app, bob, RUNBOOK)
    answer = bob.client.post(f"/library/{document.id}/delete")
    assert answer.status_code == 303
    assert bob.client.get(f"/library/{document.id}").status_code == 404


def test_an_admin_may_delete_any_document(app: Flask, alice: Person, bob: Person) -> None:
    document = add(app, bob, RUNBOOK, is_handbook=True)
    assert alice.client.post(f"/library/{document.id}/delete").status_code == 303


def test_a_team_mate_may_not_delete_another_ones_document(bob: Person, runbook: Any) -> None:
    assert "Delete this document" not in bob.client.get(f"/library/{runbook.id}").text
    assert bob.client.post(f"/library/{runbook.id}/delete").status_code == 404
    assert bob.client.get(f"/library/{runbook.id}").status_code == 200


def test_a_member_may_not_delete_the_handbook(app: Flask, alice: Person, bob: Person) -> None:
    page = add(app, bob, RUNBOOK, is_handbook=True, added_by=None)
    assert bob.client.post(f"/library/{page.id}/delete").status_code == 404


@pytest.mark.parametrize("path", ["/library/{}", "/library/{}?quote=Stop"])
def test_an_outsider_finds_no_document(
    charlie: Person, bob: Person, runbook: Any, path: str
) -> None:
    assert bob.client.get(path.format(runbook.id)).status_code == 200
    assert charlie.client.get(path.format(runbook.id)).status_code == 404
    assert charlie.client.post(f"/library/{runbook.id}/delete").status_code == 404
    assert "Rolling back" not in charlie.client.get("/library").text


def test_a_visitor_is_sent_to_sign_in(visitor: FlaskClient, runbook: Any) -> None:
    for path in ("/library", f"/library/{runbook.id}"):
        answer = visitor.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 303
        assert answer.location.startswith("/login?next=")
