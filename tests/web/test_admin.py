"""The people page: for admins; for everybody else there is nothing there."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chat.accounts import invites, people
from chat.database import Database
from chat.values import Role
from tests.conftest import sign_in
from tests.people import Person, api_token

HTML = {"Accept": "text/html"}
UNKNOWN = "0" * 32
ROUTES = [
    "/people/invites",
    f"/people/invites/{UNKNOWN}/withdraw",
    f"/people/{UNKNOWN}/role",
    f"/people/{UNKNOWN}/disable",
    f"/people/{UNKNOWN}/enable",
    f"/people/{UNKNOWN}/reset-link",
]


def role_of(database: Database, person: Person) -> Role:
    with database.reading() as session:
        return people.find_person(session, person.id).role


@pytest.mark.parametrize("path", ROUTES)
def test_for_members_nothing_is_there(bob: Person, alice: Person, path: str) -> None:
    path = path.replace(UNKNOWN, alice.id)
    answer = bob.client.post(path, data={"role": "admin"}, headers=HTML)
    assert answer.status_code == 404
    assert alice.email not in answer.text


def test_the_page_is_not_there_for_members_and_asks_visitors_to_sign_in(
    visitor: FlaskClient, bob: Person, alice: Person
) -> None:
    assert alice.client.get("/people", headers=HTML).status_code == 200
    assert bob.client.get("/people", headers=HTML).status_code == 404
    assert visitor.get("/people", headers=HTML).location == "/login?next=%2Fpeople"
    assert visitor.get("/people", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("path", ROUTES)
def test_a_form_of_another_site_changes_nothing(alice: Person, path: str) -> None:
    del alice.client.environ_base["HTTP_X_CSRF_TOKEN"]
    answer = alice.client.post(path, data={"role": "admin"})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == "csrf"


@pytest.mark.parametrize("path", ROUTES[1:])
def test_an_unknown_id_is_nobody(alice: Person, path: str) -> None:
    assert alice.client.post(path, data={"role": "admin"}).status_code == 404


def test_the_page_shows_everybody(alice: Person, bob: Person) -> None:
    page = alice.client.get("/people", headers=HTML).text
    for text in ("Alice (you)", "bob@example.org", "charlie@example.org", "3 people"):
        assert text in page


def test_an_invitation_link_is_shown_once_and_works(alice: Person, app: Flask) -> None:
    form = {"role": "admin", "days": "3", "note": "Dora <new>"}
    page = alice.client.post("/people/invites", data=form, headers=HTML)
    assert page.status_code == 200
    link = re.search(r'value="http://localhost(/invite/[\w-]{43})"', page.text)
    assert link is not None
    assert "Copy" in page.text
    again = alice.client.get("/people", headers=HTML).text
    assert "Dora &lt;new&gt;" in again
    assert link[1] not in again
    joining = app.test_client().get(link[1], headers=HTML)
    assert "an admin" in joining.text
    assert "Dora" not in joining.text  # the note is for admins


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"days": "0"}, "from 1 to 90"),
        ({"days": "91"}, "from 1 to 90"),
        ({"days": "-1"}, "from 1 to 90"),
        ({"days": "²"}, "from 1 to 90"),
        ({"days": "soon"}, "from 1 to 90"),
        ({"days": ""}, "from 1 to 90"),
        ({"days": "9" * 200_000}, "from 1 to 90"),
        ({"days": "7", "note": "x" * 201}, "too long"),
        ({"days": "7", "note": "a\0b"}, "cannot be shown"),
        ({"days": "7", "role": "owner"}, "no such choice"),
        ({"days": "7", "role": ""}, "no such choice"),
        ({}, "from 1 to 90"),
    ],
)
def test_a_bad_invitation_is_refused(
    alice: Person, form: dict[str, str], said: str, database: Database
) -> None:
    answer = alice.client.post("/people/invites", data=form, headers=HTML)
    assert answer.status_code == 400
    assert said in answer.text
    with database.reading() as session:
        assert invites.list_pending(session) == []


def test_an_invitation_is_withdrawn_once(alice: Person, database: Database) -> None:
    alice.client.post("/people/invites", data={"days": "7"}, headers=HTML)
    with database.reading() as session:
        (pending,) = invites.list_pending(session)
    path = f"/people/invites/{pending.id}/withdraw"
    assert alice.client.post(path).status_code == 303
    assert alice.client.post(path).status_code == 404


def test_a_role_is_changed_at_once(alice: Person, bob: Person, database: Database) -> None:
    path = f"/people/{bob.id}/role"
    assert alice.client.post(path, data={"role": "admin"}).status_code == 303
    assert bob.client.get("/people", headers=HTML).status_code == 200
    assert bob.client.post(f"/people/{alice.id}/role", data={"role": "member"}).status_code == 303
    assert alice.client.get("/people", headers=HTML).status_code == 404
    assert role_of(database, bob) is Role.ADMIN


@pytest.mark.parametrize("form", [{}, {"role": ""}, {"role": "king"}, {"role": "ADMIN\0"}])
def test_there_are_only_two_roles(
    alice: Person, bob: Person, form: dict[str, str], database: Database
) -> None:
    answer = alice.client.post(f"/people/{bob.id}/role", data=form, headers=HTML)
    assert answer.status_code == 400
    assert role_of(database, bob) is Role.MEMBER


def test_the_last_admin_stays_and_the_page_says_why(alice: Person, database: Database) -> None:
    answer = alice.client.post(f"/people/{alice.id}/role", data={"role": "member"}, headers=HTML)
    assert answer.status_code == 409
    assert "the only admin" in answer.text
    problem = alice.client.post(f"/people/{alice.id}/role", data={"role": "member"})
    assert problem.json is not None
    assert problem.json["code"] == "conflict"
    assert role_of(database, alice) is Role.ADMIN


def test_nobody_disables_their_own_account(alice: Person) -> None:
    answer = alice.client.post(f"/people/{alice.id}/disable", headers=HTML)
    assert answer.status_code == 409
    assert "your own account" in answer.text


def test_a_disabled_person_is_out_everywhere_at_once_until_enabled(
    app: Flask, alice: Person, bob: Person
) -> None:
    watch = app.extensions["parley"].watch
    stream = watch.open(bob.viewer, None, lambda: None)
    bearer = {"Authorization": f"Bearer {api_token('bob')}"}
    script = app.test_client()
    assert script.get("/api/conversations", headers=bearer).status_code == 200
    assert alice.client.post(f"/people/{bob.id}/disable").status_code == 303
    watch.look()
    assert stream.ended
    assert bob.client.get("/account", headers=HTML).status_code == 303
    assert script.get("/api/conversations", headers=bearer).status_code == 401
    assert "Disabled" in alice.client.get("/people", headers=HTML).text
    assert alice.client.post(f"/people/{bob.id}/reset-link", headers=HTML).status_code == 409
    assert alice.client.post(f"/people/{bob.id}/enable").status_code == 303
    assert bob.client.get("/account", headers=HTML).status_code == 303  # the session stays over
    assert script.get("/api/conversations", headers=bearer).status_code == 200
    assert sign_in(app, "bob").client.get("/account", headers=HTML).status_code == 200


def test_a_reset_link_is_shown_once(alice: Person, bob: Person, visitor: FlaskClient) -> None:
    page = alice.client.post(f"/people/{bob.id}/reset-link", headers=HTML)
    link = re.search(r'value="http://localhost(/reset/[\w-]{43})"', page.text)
    assert link is not None
    assert "bob@example.org" in visitor.get(link[1], headers=HTML).text
    assert link[1] not in alice.client.get("/people", headers=HTML).text
