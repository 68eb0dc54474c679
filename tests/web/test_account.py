"""One's own account: everybody changes only what is their own."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chat.accounts import api_tokens, people, reset_links, sessions
from chat.accounts.sessions import Device
from chat.database import Database
from tests.conftest import MakeApp, sign_in
from tests.people import PASSWORD, Person, api_token

HTML = {"Accept": "text/html"}
NEW = "seven green teapots"
ROUTES = [
    "/account/name",
    "/account/password",
    "/account/sessions/end-others",
    "/account/sessions/unknown/end",
    "/account/tokens",
    "/account/tokens/unknown/revoke",
]


def is_signed_in(person: Person) -> bool:
    return person.client.get("/account", headers=HTML).status_code == 200


@pytest.mark.parametrize("path", ["/account", *ROUTES])
def test_whoever_is_not_signed_in_has_no_account_page(visitor: FlaskClient, path: str) -> None:
    if path == "/account":
        assert visitor.get(path, headers=HTML).location == "/login?next=%2Faccount"
        assert visitor.get(path, headers={"Accept": "application/json"}).status_code == 401
        return
    page = visitor.get("/login", headers=HTML).text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token is not None
    answer = visitor.post(path, data={"csrf_token": token[1]}, headers=HTML)
    assert (answer.status_code, answer.location) == (303, "/login")


@pytest.mark.parametrize("path", ROUTES)
def test_a_form_of_another_site_changes_nothing(app: Flask, bob: Person, path: str) -> None:
    del bob.client.environ_base["HTTP_X_CSRF_TOKEN"]
    answer = bob.client.post(path, data={"name": "Eve"})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == "csrf"


def test_the_page_shows_what_is_ones_own_and_nothing_else(alice: Person, bob: Person) -> None:
    page = bob.client.get("/account", headers=HTML).text
    assert bob.email in page
    assert "This device" in page
    assert alice.email not in page
    assert (alice.viewer.session_id or "?") not in page


def test_a_name_is_changed(bob: Person) -> None:
    answer = bob.client.post("/account/name", data={"name": " Robert  B. "}, headers=HTML)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert 'value="Robert B."' in bob.client.get("/account", headers=HTML).text


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "x" * 200_000, "a\0b", "a\u202eb"])
def test_a_bad_name_changes_nothing(bob: Person, name: str, database: Database) -> None:
    answer = bob.client.post("/account/name", data={"name": name}, headers=HTML)
    assert answer.status_code == 400
    assert "field__error" in answer.text
    with database.reading() as session:
        assert people.find_person(session, bob.id).name == "Bob"


def test_a_name_is_shown_as_text(bob: Person) -> None:
    bob.client.post("/account/name", data={"name": "<script>alert(1)</script>"}, headers=HTML)
    assert "<script>alert" not in bob.client.get("/account", headers=HTML).text


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    app: Flask, bob: Person, database: Database
) -> None:
    elsewhere = sign_in(app, "bob")
    with database.writing() as session:
        link = reset_links.create(session, bob.id)
    form = {"current_password": PASSWORD, "password": NEW}
    assert bob.client.post("/account/password", data=form, headers=HTML).status_code == 303
    assert is_signed_in(bob)
    assert not is_signed_in(elsewhere)
    assert bob.client.get(f"/reset/{link}", headers=HTML).status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "not your current password"),
        ({"current_password": "wrong", "password": NEW}, "not your current password"),
        ({"current_password": PASSWORD}, "at least 10"),
        ({"current_password": PASSWORD, "password": "password123"}, "Too many people"),
        ({"current_password": PASSWORD, "password": "bob@example.org"}, "Leave your name"),
        ({"current_password": PASSWORD, "password": "x" * 200_000}, "too long"),
        ({"current_password": PASSWORD, "password": "nul\0 within it"}, "cannot be shown"),
    ],
)
def test_a_bad_change_of_password_changes_nothing(
    app: Flask, bob: Person, form: dict[str, str], said: str
) -> None:
    elsewhere = sign_in(app, "bob")
    answer = bob.client.post("/account/password", data=form, headers=HTML)
    assert answer.status_code == 400
    assert said in answer.text
    assert PASSWORD not in answer.text
    assert is_signed_in(elsewhere)


def test_the_present_password_cannot_be_guessed_here(make_app: MakeApp) -> None:
    app = make_app(rate_sign_in="3/minute")
    bob = sign_in(app, "bob")
    form = {"current_password": "wrong", "password": NEW}
    for _ in range(3):
        assert bob.client.post("/account/password", data=form, headers=HTML).status_code == 400
    refused = bob.client.post("/account/password", data=form | {"current_password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_one_ends_ones_own_sessions_only(app: Flask, alice: Person, bob: Person) -> None:
    elsewhere = sign_in(app, "bob")
    path = f"/account/sessions/{elsewhere.viewer.session_id}/end"
    assert alice.client.post(path).status_code == 404
    assert is_signed_in(elsewhere)
    assert bob.client.post(path).status_code == 303
    assert not is_signed_in(elsewhere)
    assert is_signed_in(bob)
    here = bob.client.post(f"/account/sessions/{bob.viewer.session_id}/end")
    assert here.location == "/login"
    assert not is_signed_in(bob)


def test_all_other_sessions_end_together(app: Flask, alice: Person, bob: Person) -> None:
    others = [sign_in(app, "bob") for _ in range(3)]
    assert bob.client.post("/account/sessions/end-others").status_code == 303
    assert [is_signed_in(other) for other in others] == [False] * 3
    assert is_signed_in(bob)
    assert is_signed_in(alice)


def test_ending_a_session_wakes_its_streams(app: Flask, bob: Person) -> None:
    watch, elsewhere = app.extensions["parley"].watch, sign_in(app, "bob")
    ticket = watch.open(elsewhere.viewer, None, lambda: None)
    kept = watch.open(bob.viewer, None, lambda: None)
    bob.client.post("/account/sessions/end-others")
    watch.look()
    assert (ticket.ended, kept.ended) == (True, False)
    watch.close(ticket)
    watch.close(kept)


def test_a_device_has_a_name_an_address_and_a_time(bob: Person, database: Database) -> None:
    with database.writing() as session:
        known = people.credentials_by_id(session, bob.id)
        device = Device("Safari on iPhone", "2001:db8::7")
        sessions.start(session, known, device, timedelta(days=1))
    page = bob.client.get("/account", headers=HTML).text
    assert "Safari on iPhone" in page
    assert "2001:db8::7" in page
    assert "last used" in page


def test_a_token_is_shown_once_and_lets_a_script_in(app: Flask, bob: Person) -> None:
    page = bob.client.post("/account/tokens", data={"token_name": "nightly"}, headers=HTML)
    found = re.search(r'value="(parley_[\w-]{43})"', page.text)
    assert found is not None
    assert page.headers["Cache-Control"] == "no-store"
    again = bob.client.get("/account", headers=HTML).text
    assert "nightly" in again
    assert found[1] not in again
    script = app.test_client()
    bearer = {"Authorization": f"Bearer {found[1]}"}
    assert script.get("/api/conversations", headers=bearer).status_code == 200
    assert script.post("/api/conversations", json={}, headers=bearer).status_code == 201


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "x" * 200_000, "a\0b"])
def test_a_token_needs_a_name_that_can_be_shown(bob: Person, name: str) -> None:
    answer = bob.client.post("/account/tokens", data={"token_name": name}, headers=HTML)
    assert answer.status_code == 400
    assert "field__error" in answer.text


def test_one_revokes_ones_own_tokens_only(
    app: Flask, alice: Person, bob: Person, database: Database
) -> None:
    with database.reading() as session:
        (token,) = api_tokens.list_own(session, bob.viewer)
    path = f"/account/tokens/{token.id}/revoke"
    bearer = {"Authorization": f"Bearer {api_token('bob')}"}
    script = app.test_client()
    assert alice.client.post(path).status_code == 404
    assert script.get("/api/conversations", headers=bearer).status_code == 200
    assert bob.client.post(path).status_code == 303
    assert script.get("/api/conversations", headers=bearer).status_code == 401
    assert bob.client.post(path).status_code == 404
