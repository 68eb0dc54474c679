"""The search page, its fragments and the API: what they show, to whom, and bad input."""

import re

import pytest
from flask.testing import FlaskClient

from chat.finding import held
from tests.people import Person
from tests.web.streams import ask, new_conversation

ADDRESSES = ("/search", "/search/results", "/search/options", "/api/search")


@pytest.fixture
def okapi(alice: Person) -> str:
    """A conversation of Alice's about okapis; the outsider's test must have something to miss."""
    place = new_conversation(alice)
    ask(alice, place, "Where do <okapis> sleep?")
    assert alice.client.get("/api/search?q=okapi").get_json()["conversations"] == 1
    return place


def test_the_page_shows_what_was_found_with_its_words_marked(alice: Person, okapi: str) -> None:
    page = alice.client.get("/search?q=okapi").text
    assert "Where do &lt;<mark>okapis</mark>&gt; sleep?" in page
    assert re.search(rf'href="/c/{okapi}\?at=\w+#m-\w+"', page)
    assert "result for “okapi”" in page or "results for “okapi”" in page
    assert 'value="okapi"' in page


@pytest.mark.parametrize("address", ADDRESSES)
def test_others_do_not_find_it(address: str, okapi: str, bob: Person, charlie: Person) -> None:
    for person in (bob, charlie):
        for typed in ("okapi", "okapus", okapi):
            response = person.client.get(f"{address}?q={typed}")
            assert response.status_code == 200
            assert f"/c/{okapi}" not in response.text
            assert "sleep" not in response.text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_visitor_has_to_sign_in(address: str, visitor: FlaskClient) -> None:
    response = visitor.get(f"{address}?q=x", headers={"Accept": "text/html"})
    assert response.status_code == (401 if address.startswith("/api/") else 303)


@pytest.mark.parametrize("address", ADDRESSES[1:])  # the page also lists its conversations
def test_the_index_has_what_was_just_said(
    address: str, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "MOST_TEXTS", -1)  # she sees so few texts that these would be read
    place = new_conversation(alice)
    for animal in ("okapi", "tapir"):
        ask(alice, place, f"Who feeds the {animal}?")
        assert place in alice.client.get(f"{address}?q={animal}").text


def test_a_document_leads_to_its_passage(alice: Person) -> None:
    body = {"title": "Knots", "text": "A bowline neither slips nor jams."}
    [document] = alice.client.post("/api/documents", json=body).get_json()["items"]
    [item] = alice.client.get("/api/search?q=bowline").get_json()["items"]
    assert (item["kind"], item["id"], item["position"]) == ("document", document["id"], 1)
    assert {"text": "bowline", "mark": True} in item["excerpt"]
    page = alice.client.get("/search?q=bowline").text
    address = f"/library/{document['id']}?passage={item['text_id']}"
    assert f"{address}#quote" in page
    assert 'id="quote"' in alice.client.get(address).text


def test_a_typing_error_is_told(alice: Person, okapi: str) -> None:
    assert alice.client.get("/api/search?q=okapus").get_json()["instead"] == "okapis"
    assert "found for <b>okapis</b>" in alice.client.get("/search?q=okapus").text


@pytest.mark.parametrize(
    "query", ["what=all", "when=ever", "limit=0", "limit=51", "limit=x", "what=\0"]
)
def test_a_filter_that_is_none_is_refused(alice: Person, query: str) -> None:
    assert alice.client.get(f"/api/search?q=x&{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%00", "q=%ff", "q=" + "x" * 5000, "q=x&space=none", "q=x&person=none"]
)
def test_whatever_is_typed_finds_nothing_and_breaks_nothing(alice: Person, query: str) -> None:
    for address in ADDRESSES:
        assert alice.client.get(f"{address}?{query}").status_code == 200
    assert alice.client.get(f"/api/search?{query}").get_json()["items"] == []


def test_filters_are_kept_by_the_page(alice: Person, okapi: str) -> None:
    space = alice.space_id
    page = alice.client.get(f"/search?q=okapi&what=documents&space={space}&when=week").text
    assert 'value="documents" checked' in page
    assert f'<option value="{space}" selected>' in page
    assert '<option value="week" selected>' in page
    assert "Nothing was found" in page
    own = alice.client.get(f"/search?q=okapi&person={alice.id}").text
    assert "<mark>okapis</mark>" in own
