"""The page of concepts and its JSON: what is told, and to whom."""

import pytest
from flask.testing import FlaskClient

from tests.people import Person

HTML = {"Accept": "text/html"}
TEXT = "The ferry from Kirkwall calls at Alder Point. Nobody lives there."
ADDRESSES = ["/api/concepts", "/api/concepts/kirkwal", "/graph", "/graph/concept?concept=kirkwal"]


def add(person: Person, text: str = TEXT) -> str:
    response = person.client.post("/api/documents", json={"text": text, "title": "Ferries"})
    found: str = response.get_json()["items"][0]["id"]
    return found


def concepts(person: Person, query: str = "") -> dict[str, int]:
    items = person.client.get(f"/api/concepts{query}").get_json()["items"]
    return {item["name"]: item["passages"] for item in items}


def test_team_mates_see_the_concepts_and_an_outsider_none(
    alice: Person, bob: Person, charlie: Person
) -> None:
    assert concepts(alice) == {}
    add(alice)
    assert concepts(alice) == concepts(bob) == {"Kirkwall": 1, "Alder Point": 1}
    assert concepts(charlie) == {}
    for person, status in ((bob, 200), (charlie, 404)):
        assert person.client.get("/api/concepts/kirkwal").status_code == status
        page = person.client.get("/graph/concept?concept=kirkwal", headers=HTML)
        assert page.status_code == status
        assert ("Alder Point" in page.text) is (status == 200)
    assert "Kirkwall" not in charlie.client.get("/graph?concept=kirkwal", headers=HTML).text


def test_what_an_outsider_adds_changes_nobody_elses_counts(alice: Person, charlie: Person) -> None:
    add(alice)
    add(charlie)
    add(charlie, "Kirkwall is also the name of a cheese.")
    assert concepts(alice)["Kirkwall"] == 1
    assert concepts(charlie)["Kirkwall"] == 2
    found = alice.client.get("/api/concepts/kirkwal").get_json()
    assert (found["passages"], len(found["items"])) == (1, 1)


@pytest.mark.parametrize("name", ["space", "document"])
def test_the_spaces_and_documents_of_others_are_not_found(
    alice: Person, charlie: Person, name: str
) -> None:
    value = {"space": alice.space_id, "document": add(alice)}[name]
    add(charlie)
    for address in ADDRESSES:
        query = f"{'&' if '?' in address else '?'}{name}={value}"
        assert alice.client.get(address + query, headers=HTML).status_code == 200
        assert charlie.client.get(address + query, headers=HTML).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_visitor_is_asked_to_sign_in(visitor: FlaskClient, address: str) -> None:
    assert visitor.get(address).status_code in {302, 303, 401}


def test_a_link_tells_both_concepts_and_what_they_share(alice: Person) -> None:
    add(alice)
    told = alice.client.get("/api/concepts").get_json()
    [link] = told["links"]
    assert sorted(link["of"]) == [0, 1]
    assert (link["passages"], told["passages"]) == (1, 1)


def test_a_document_that_goes_takes_its_concepts_along(alice: Person) -> None:
    document = add(alice)
    assert alice.client.delete(f"/api/documents/{document}").status_code == 204
    assert concepts(alice) == {}
    assert alice.client.get("/api/concepts/kirkwal").status_code == 404


def test_the_passages_come_a_page_at_a_time(alice: Person) -> None:
    for number in range(3):
        add(alice, f"Kirkwall has {number} gates.")
    first = alice.client.get("/api/concepts/kirkwal?limit=2").get_json()
    rest = alice.client.get(f"/api/concepts/kirkwal?limit=2&offset={first['next']}").get_json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    quotes = {item["quote"] for item in first["items"] + rest["items"]}
    assert quotes == {f"Kirkwall has {number} gates." for number in range(3)}


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "limit=-1"])
def test_a_limit_that_is_none_is_refused(alice: Person, query: str) -> None:
    assert alice.client.get(f"/api/concepts?{query}").status_code == 400


def test_the_page_works_without_script(alice: Person) -> None:
    document = add(alice)
    page = alice.client.get("/graph?concept=kirkwal&limit=40", headers=HTML).text
    assert 'data-concept="alder point"' in page
    assert f"/library/{document}?passage=" in page
    assert "<mark>Kirkwall</mark>" in page
    assert "/?q=What+do+our+documents+say+about+Kirkwall" in page
    assert "Alder Point" not in alice.client.get("/graph?q=kirk", headers=HTML).text


def test_a_space_has_its_own_concepts_among_its_pages(alice: Person) -> None:
    add(alice)
    page = alice.client.get(f"/graph?space={alice.space_id}&concept=kirkwal", headers=HTML).text
    assert f'href="/graph?space={alice.space_id}" aria-current="page"' in page
    assert f"&amp;space={alice.space_id}" in page


def test_names_are_text_and_never_markup(alice: Person) -> None:
    add(alice, "Kirkwall <b>Bold Harbour</b> is by Alder Point <script>x()</script>.")
    page = alice.client.get("/graph?concept=kirkwal", headers=HTML).text
    assert "<b>Bold" not in page
    assert "<script>x" not in page


def test_an_empty_library_says_where_concepts_come_from(alice: Person) -> None:
    assert "No concepts yet" in alice.client.get("/graph", headers=HTML).text
