"""Links by which others read a conversation: who makes them, what they show, and when they end."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from chat.accounts import people
from chat.database import Database
from chat.models import Message, ShareLink
from chat.values import utc_now
from tests.conftest import MakeApp, sign_in
from tests.people import Person
from tests.web.streams import ask, new_conversation

QUESTION = "Who feeds the okapi?"


@pytest.fixture
def place(alice: Person) -> str:
    made = new_conversation(alice)
    ask(alice, made, QUESTION)
    return made


def make(person: Person, place: str, **wish: object) -> str:
    """The path of a fresh link."""
    response = person.client.post(f"/api/conversations/{place}/links", json=wish)
    assert response.status_code == 201, response.text
    found = re.search(r"/s/[\w-]{43}$", response.get_json()["url"])
    assert found
    return found[0]


def test_whoever_has_the_link_reads_without_an_account(
    alice: Person, place: str, visitor: FlaskClient
) -> None:
    page = visitor.get(make(alice, place))
    assert page.status_code == 200
    assert QUESTION in page.text
    assert "data-module" not in re.sub(r'<div class="toasts".*?</div>', "", page.text)
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex' in page.text
    for hidden in ("/library/", "/api/", "composer", f"/c/{place}", "alice@example.org"):
        assert hidden not in page.text


def test_only_a_hash_of_the_token_is_kept(alice: Person, place: str, database: Database) -> None:
    token = make(alice, place).removeprefix("/s/")
    with database.reading() as session:
        [kept] = session.scalars(select(ShareLink.token_hash))
    assert token not in kept
    assert len(kept) == 64


def test_what_is_said_later_is_not_shown(alice: Person, place: str, visitor: FlaskClient) -> None:
    path = make(alice, place)
    ask(alice, place, "And who feeds the tapir?")
    page = visitor.get(path).text
    assert QUESTION in page
    assert "tapir" not in page


@pytest.mark.parametrize("names", [False, True])
def test_others_are_named_only_if_so_chosen(
    alice: Person, bob: Person, visitor: FlaskClient, names: bool
) -> None:
    place = new_conversation(alice, space_id=alice.space_id, visibility="space")
    ask(alice, place, QUESTION)
    ask(bob, place, "And when?")
    page = visitor.get(make(alice, place, names=names)).text
    assert "Alice" in page
    assert ("Bob" in page) == names
    assert ("Somebody" in page) != names
    assert bob.id not in page


def test_a_link_ends_when_it_is_withdrawn(alice: Person, place: str, visitor: FlaskClient) -> None:
    path = make(alice, place)
    [link] = alice.client.get(f"/api/conversations/{place}/links").get_json()["items"]
    assert visitor.get(path).status_code == 200
    assert alice.client.delete(f"/api/links/{link['id']}").status_code == 204
    assert visitor.get(path).status_code == 404
    assert alice.client.get(f"/api/conversations/{place}/links").get_json()["items"] == []


def test_a_link_expires(
    alice: Person, place: str, visitor: FlaskClient, database: Database
) -> None:
    path = make(alice, place, days=1)
    with database.writing() as session:
        past = utc_now() - timedelta(seconds=1)
        session.execute(update(ShareLink).values(expires_at=past))
    assert visitor.get(path).status_code == 404
    assert alice.client.get(f"/api/conversations/{place}/links").get_json()["items"] == []


def test_a_link_ends_with_its_conversation(alice: Person, place: str, visitor: FlaskClient) -> None:
    path = make(alice, place)
    assert alice.client.delete(f"/api/conversations/{place}").status_code == 204
    assert visitor.get(path).status_code == 404


def test_a_link_does_not_outlive_what_its_maker_may_see(
    alice: Person, bob: Person, visitor: FlaskClient, database: Database
) -> None:
    place = new_conversation(bob, space_id=bob.space_id, visibility="space")
    ask(bob, place, QUESTION)
    path = make(bob, place)
    assert visitor.get(path).status_code == 200
    with database.writing() as session:
        people.disable(session, bob.id)
    assert visitor.get(path).status_code == 404


def test_others_neither_make_nor_see_nor_withdraw_links(
    alice: Person, bob: Person, charlie: Person, place: str, visitor: FlaskClient
) -> None:
    path = make(alice, place)
    [link] = alice.client.get(f"/api/conversations/{place}/links").get_json()["items"]
    for person in (bob, charlie):
        for method, address in (
            ("POST", f"/api/conversations/{place}/links"),
            ("GET", f"/api/conversations/{place}/links"),
            ("DELETE", f"/api/links/{link['id']}"),
            ("GET", f"/c/{place}/links"),
            ("POST", f"/c/{place}/links/{link['id']}/withdraw"),
        ):
            assert person.client.open(address, method=method, json={}).status_code == 404
    assert visitor.get(f"/api/conversations/{place}/links").status_code == 401
    assert visitor.get(path).status_code == 200


def test_a_member_reads_a_shared_conversation_but_makes_no_link_to_it(
    alice: Person, bob: Person
) -> None:
    place = new_conversation(alice, space_id=alice.space_id, visibility="space")
    ask(alice, place, QUESTION)
    assert bob.client.get(f"/c/{place}").status_code == 200
    assert bob.client.post(f"/api/conversations/{place}/links", json={}).status_code == 404


def test_ones_own_links_are_listed_and_withdrawn_on_the_account_page(
    alice: Person, bob: Person, place: str, visitor: FlaskClient
) -> None:
    path = make(alice, place)
    [own] = alice.client.get("/api/links").get_json()["items"]
    assert (own["conversation_id"], own["title"]) == (place, QUESTION)
    assert bob.client.get("/api/links").get_json()["items"] == []
    assert visitor.get("/api/links").status_code == 401
    page = alice.client.get("/account").text
    withdraw = re.search(r"/account/links/\w+/withdraw", page)
    assert withdraw
    assert f"/c/{place}" in page
    assert bob.client.post(withdraw[0]).status_code == 404
    assert visitor.get(path).status_code == 200
    assert alice.client.post(withdraw[0]).status_code == 303
    assert visitor.get(path).status_code == 404
    assert withdraw[0] not in alice.client.get("/account").text


def test_who_may_not_share_any_more_still_withdraws_what_they_made(
    alice: Person, bob: Person, visitor: FlaskClient, database: Database
) -> None:
    place = new_conversation(alice, space_id=alice.space_id, visibility="space")
    ask(alice, place, QUESTION)
    path = make(alice, place)
    with database.writing() as session:
        session.execute(update(ShareLink).values(made_by=bob.id))  # he shared it as an owner once
    assert visitor.get(path).status_code == 200
    assert bob.client.get(f"/c/{place}/links").status_code == 404
    [own] = bob.client.get("/api/links").get_json()["items"]
    assert bob.client.delete(f"/api/links/{own['id']}").status_code == 204
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("body", [{"days": 0}, {"days": 8}, {"days": "x"}, {"names": "x"}])
def test_a_bad_wish_is_refused(alice: Person, place: str, body: dict[str, object]) -> None:
    assert alice.client.post(f"/api/conversations/{place}/links", json=body).status_code == 400


def test_there_is_no_link_to_nothing(alice: Person) -> None:
    address = f"/api/conversations/{new_conversation(alice)}/links"
    assert alice.client.post(address, json={}).status_code == 400


def test_the_page_makes_shows_once_and_withdraws_without_script(
    alice: Person, place: str, visitor: FlaskClient
) -> None:
    made = alice.client.post(f"/c/{place}/links", data={"days": "30", "names": "1"})
    found = re.search(r'value="http://localhost(/s/[\w-]{43})"', made.text)
    assert found
    assert visitor.get(found[1]).status_code == 200
    page = alice.client.get(f"/c/{place}/links").text
    assert found[1] not in page
    assert "with all names" in page
    withdraw = re.search(rf"/c/{place}/links/\w+/withdraw", page)
    assert withdraw
    assert alice.client.post(withdraw[0]).status_code == 303
    assert visitor.get(found[1]).status_code == 404


def test_who_tries_links_out_has_to_wait(make_app: MakeApp) -> None:
    app = make_app(rate_sign_in="3/minute")
    alice, visitor = sign_in(app, "alice"), app.test_client()
    place = new_conversation(alice)
    ask(alice, place, QUESTION)
    path = make(alice, place)
    for _ in range(2):
        assert visitor.get(path).status_code == 200
    codes = [visitor.get(f"/s/{'x' * n}").status_code for n in range(1, 5)]
    assert codes == [404, 404, 404, 429]
    assert visitor.get(path).status_code == 429


def test_hostile_texts_are_drawn_as_in_the_chat(
    alice: Person, place: str, visitor: FlaskClient, database: Database
) -> None:
    source = {"n": 1, "title": "<b>T</b>", "quote": "<img src=x>", "url": "javascript:alert(1)"}
    with database.writing() as session:
        session.execute(
            update(Message)
            .where(Message.conversation_id == place, Message.role == "assistant")
            .values(content="<script>x</script> **bold** [1]", details={"sources": [source]})
        )
    page = visitor.get(make(alice, place)).text
    assert "<script>x" not in page
    assert "<strong>bold</strong>" in page
    assert "&lt;img src=x&gt;" in page
    assert "javascript:" not in page
