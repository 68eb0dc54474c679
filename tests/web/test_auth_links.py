"""The three links that let somebody in: set-up, invitation, reset."""

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from werkzeug.test import TestResponse

from chat.accounts import invites, people, reset_links, setup_token
from chat.database import Database
from chat.models import Invite, User
from chat.values import Role, utc_now
from tests.people import PASSWORD, Person

HTML = {"Accept": "text/html"}
GOOD = {"name": "Dora", "email": "dora@example.org", "password": "seven green teapots"}
BAD = [
    ({"name": ""}, "Enter a name"),
    ({"name": "a\0b"}, "cannot be shown"),
    ({"name": "x" * 200_000}, "too long"),
    ({"email": ""}, "Enter an e-mail address"),
    ({"email": "dora"}, "not an e-mail address"),
    ({"email": "x" * 200_000}, "too long"),
    ({"password": ""}, "at least 10"),
    ({"password": "too short"}, "at least 10"),
    ({"password": "password123"}, "Too many people"),
    ({"password": "dora@example.org"}, "Leave your name"),
    ({"password": "x" * 200_000}, "too long"),
]


def post(client: FlaskClient, path: str, **data: str) -> TestResponse:
    """Send a form as a browser would, with the token of the page that holds it."""
    page = client.get("/forgotten", headers=HTML).text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token is not None
    return client.post(path, data={"csrf_token": token[1], **data}, headers=HTML)


@pytest.fixture
def setup(app: Flask, database: Database) -> str:
    """The set-up token of a site without people."""
    with database.writing() as session:
        session.execute(delete(User))
    return setup_token(app.extensions["parley"].settings.secret_key)


@pytest.fixture
def invite(database: Database, alice: Person) -> str:
    with database.writing() as session:
        return invites.create(session, alice.viewer, Role.MEMBER, timedelta(days=1), "")


@pytest.fixture
def reset(database: Database, bob: Person) -> str:
    with database.writing() as session:
        return reset_links.create(session, bob.id)


def test_the_set_up_link_makes_the_first_admin(
    visitor: FlaskClient, setup: str, database: Database
) -> None:
    assert visitor.get(f"/setup?token={setup}", headers=HTML).status_code == 200
    answer = post(visitor, "/setup", token=setup, **GOOD)
    assert (answer.status_code, answer.location) == (303, "/setup/next")
    assert "Invite people" in visitor.get("/setup/next", headers=HTML).text
    with database.reading() as session:
        (person,) = people.list_people(session)
    assert (person.email, person.role) == ("dora@example.org", Role.ADMIN)
    again = visitor.get(f"/setup?token={setup}", headers=HTML)
    assert again.status_code == 404
    assert post(visitor, "/setup", token=setup, **GOOD).status_code == 404


def test_of_several_who_claim_the_site_at_once_one_gets_it(
    app: Flask, setup: str, database: Database
) -> None:
    clients = [app.test_client() for _ in range(4)]
    together = threading.Barrier(len(clients))
    statuses: list[int] = []

    def claim(n: int) -> None:
        form = GOOD | {"email": f"dora{n}@example.org"}
        together.wait(timeout=10)
        statuses.append(post(clients[n], "/setup", token=setup, **form).status_code)

    threads = [threading.Thread(target=claim, args=(n,)) for n in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(statuses) == [303, 404, 404, 404]
    with database.reading() as session:
        assert len(people.list_people(session)) == 1


@pytest.mark.parametrize("token", ["", "wrong", "0" * 64, "é", "x" * 5000])
def test_without_its_token_there_is_no_set_up(
    visitor: FlaskClient, setup: str, token: str, database: Database
) -> None:
    assert visitor.get("/setup", query_string={"token": token}).status_code == 404
    assert post(visitor, "/setup", token=token, **GOOD).status_code == 404
    with database.reading() as session:
        assert not people.has_people(session)


def test_once_there_are_people_the_set_up_token_opens_nothing(
    visitor: FlaskClient, app: Flask
) -> None:
    token = setup_token(app.extensions["parley"].settings.secret_key)
    assert visitor.get(f"/setup?token={token}").status_code == 404


def test_a_site_without_people_says_so_where_one_signs_in(visitor: FlaskClient, setup: str) -> None:
    assert "Nobody has an account here yet" in visitor.get("/login", headers=HTML).text


def test_the_next_steps_are_for_admins(alice: Person, bob: Person, visitor: FlaskClient) -> None:
    assert alice.client.get("/setup/next").status_code == 200
    assert bob.client.get("/setup/next").status_code == 404
    assert visitor.get("/setup/next", headers=HTML).status_code == 303


@pytest.mark.parametrize(("change", "said"), BAD)
def test_set_up_says_beside_the_field_what_is_wrong(
    visitor: FlaskClient, setup: str, change: dict[str, str], said: str
) -> None:
    answer = post(visitor, "/setup", token=setup, **GOOD | change)
    assert_refused(answer, change, said)


@pytest.mark.parametrize(("change", "said"), BAD)
def test_an_invitation_says_beside_the_field_what_is_wrong(
    visitor: FlaskClient, invite: str, change: dict[str, str], said: str
) -> None:
    assert_refused(post(visitor, f"/invite/{invite}", **GOOD | change), change, said)
    assert post(visitor, f"/invite/{invite}", **GOOD).status_code == 303  # nothing is lost


def assert_refused(answer: TestResponse, change: dict[str, str], said: str) -> None:
    assert answer.status_code == 400
    assert said in answer.text
    typed = GOOD | change
    assert len(typed["email"]) > 1000 or f'name="email" type="email" value="{typed["email"]}"' in (
        answer.text
    )
    assert re.search(r'<input[^>]*name="password"[^>]*\bvalue=', answer.text) is None


def test_a_program_gets_a_problem_document(visitor: FlaskClient, invite: str) -> None:
    page = visitor.get("/login", headers=HTML).text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token is not None
    headers = {"Accept": "application/json", "X-CSRF-Token": token[1]}
    answer = visitor.post(f"/invite/{invite}", data={"name": "Dora"}, headers=headers)
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert "email" in answer.json["detail"]
    gone = visitor.get("/invite/none", headers={"Accept": "application/json"})
    assert gone.json is not None
    assert gone.json["code"] == "not_found"


def test_an_invitation_shows_who_invites_and_makes_one_account(
    visitor: FlaskClient, app: Flask, invite: str
) -> None:
    page = visitor.get(f"/invite/{invite}", headers=HTML)
    assert "Alice invited you" in page.text
    assert "a member" in page.text
    answer = post(visitor, f"/invite/{invite}", **GOOD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "dora@example.org" in visitor.get("/account", headers=HTML).text
    late = app.test_client()
    assert "does not work any more" in late.get(f"/invite/{invite}", headers=HTML).text
    assert post(late, f"/invite/{invite}", **GOOD).status_code == 404


def test_an_address_that_is_taken_is_said_beside_the_field(
    visitor: FlaskClient, invite: str
) -> None:
    answer = post(visitor, f"/invite/{invite}", **GOOD | {"email": "BOB@example.org"})
    assert answer.status_code == 400
    assert "already an account" in answer.text
    assert post(visitor, f"/invite/{invite}", **GOOD).status_code == 303


def test_an_invitation_that_is_over_says_so(
    visitor: FlaskClient, invite: str, database: Database
) -> None:
    with database.writing() as session:
        session.execute(update(Invite).values(expires_at=utc_now()))
    answer = visitor.get(f"/invite/{invite}", headers=HTML)
    assert answer.status_code == 404
    assert "does not work any more" in answer.text


def test_joining_while_signed_in_ends_the_former_session(bob: Person, invite: str) -> None:
    cookie = bob.client.get_cookie("parley")
    assert cookie is not None
    assert post(bob.client, f"/invite/{invite}", **GOOD).status_code == 303
    bob.client.set_cookie("parley", cookie.value)
    assert bob.client.get("/account", headers=HTML).status_code == 303


def test_a_reset_link_sets_a_new_password_once_and_ends_every_session(
    visitor: FlaskClient, bob: Person, reset: str
) -> None:
    assert "bob@example.org" in visitor.get(f"/reset/{reset}", headers=HTML).text
    answer = post(visitor, f"/reset/{reset}", password="seven green teapots")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert "Your password is changed" in visitor.get("/login", headers=HTML).text
    assert bob.client.get("/account", headers=HTML).status_code == 303
    assert post(visitor, f"/reset/{reset}", password="eight blue kettles").status_code == 404
    signing_in = {"email": "bob@example.org", "password": "seven green teapots"}
    assert post(visitor, "/login", **signing_in | {"password": PASSWORD}).status_code == 400
    assert post(visitor, "/login", **signing_in).status_code == 303


@pytest.mark.parametrize("password", ["", "short", "password123", "x" * 200_000, "bob@example.org"])
def test_a_bad_new_password_leaves_the_reset_link_as_it_was(
    visitor: FlaskClient, reset: str, password: str
) -> None:
    assert post(visitor, f"/reset/{reset}", password=password).status_code == 400
    assert post(visitor, f"/reset/{reset}", password="seven green teapots").status_code == 303


def test_a_disabled_person_cannot_reset(
    visitor: FlaskClient, bob: Person, reset: str, database: Database
) -> None:
    with database.writing() as session:
        people.disable(session, bob.id)
    assert visitor.get(f"/reset/{reset}").status_code == 404
    assert post(visitor, f"/reset/{reset}", password="seven green teapots").status_code == 404


@pytest.mark.parametrize("path", ["/setup", "/invite/x", "/reset/x", "/login", "/logout"])
def test_a_form_of_another_site_is_refused(visitor: FlaskClient, path: str) -> None:
    answer = visitor.post(path, data=GOOD)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == "csrf"
