"""Who is asking: cookies, API tokens, and what each of them needs to change something."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from chat.database import Database
from chat.models import ApiToken, LoginSession
from chat.values import utc_now
from tests.conftest import MakeApp, sign_in
from tests.databases import writers_wait
from tests.people import PASSWORD, Person, api_token

HTML = {"Accept": "text/html"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_an_api_token_needs_no_csrf_token(visitor: FlaskClient) -> None:
    answer = visitor.post("/api/conversations", json={}, headers=bearer(api_token("bob")))
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer unknown", "bearer parley_nobody", "Bearer " + "x" * 8000],
)
def test_a_token_of_nobody_is_refused_even_with_a_good_cookie(bob: Person, header: str) -> None:
    for path in ("/api/conversations", "/account"):
        answer = bob.client.get(path, headers={"Authorization": header} | HTML)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json is not None
        assert answer.json["code"] == "unauthenticated"


def test_a_token_counts_more_than_the_cookie_beside_it(bob: Person) -> None:
    page = bob.client.get("/account", headers=bearer(api_token("alice")) | HTML)
    assert "alice@example.org" in page.text
    assert "bob@example.org" not in page.text


def test_other_kinds_of_authorization_sign_nobody_in(visitor: FlaskClient) -> None:
    basic = {"Authorization": "Basic Ym9iOmJvYg=="}
    assert visitor.get("/api/conversations", headers=basic).status_code == 401


def test_a_cookie_needs_a_csrf_token_to_change_something(bob: Person) -> None:
    del bob.client.environ_base["HTTP_X_CSRF_TOKEN"]
    for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": ""}):
        answer = bob.client.post("/api/conversations", json={}, headers=headers)
        assert answer.status_code == 400
        assert answer.json is not None
        assert answer.json["code"] == "csrf"
    assert bob.client.get("/api/conversations").status_code == 200


def test_the_csrf_token_of_another_person_does_not_count(alice: Person, bob: Person) -> None:
    with alice.client.session_transaction() as cookie:
        cookie["csrf_token"] = "1" * 40
    assert alice.client.post("/api/conversations", json={}).status_code == 400


def test_whoever_is_not_signed_in_hears_that_first_from_the_api(visitor: FlaskClient) -> None:
    answer = visitor.post("/api/conversations", json={})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_a_forged_cookie_signs_nobody_in(visitor: FlaskClient) -> None:
    for value in ("", "x", "eyJfdXNlcl9pZCI6ImJvYiJ9.x.y", "\\377", "x" * 4000):
        visitor.set_cookie("parley", value)
        assert visitor.get("/api/conversations").status_code == 401


def test_an_address_that_does_not_exist_is_not_found_whoever_asks(
    visitor: FlaskClient, bob: Person
) -> None:
    for client in (visitor, bob.client):
        assert client.get("/nothing/here").status_code == 404
        assert client.post("/nothing/here").status_code == 404


def test_the_last_use_is_written_at_most_once_a_minute(bob: Person, database: Database) -> None:
    long_ago = utc_now() - timedelta(hours=1)
    used = select(LoginSession.last_used_at).where(LoginSession.id == bob.viewer.session_id)
    with database.writing() as session:
        session.execute(update(LoginSession).values(last_used_at=long_ago))
    seen = []
    for _ in range(2):
        bob.client.get("/api/conversations")
        with database.reading() as session:
            seen.append(session.scalar(used))
    assert seen[0] is not None
    assert seen[0] > long_ago
    assert seen[0] == seen[1]


def test_the_last_use_of_a_token_is_written_too(visitor: FlaskClient, database: Database) -> None:
    visitor.get("/api/conversations", headers=bearer(api_token("bob")))
    with database.reading() as session:
        assert [at for at in session.scalars(select(ApiToken.last_used_at)) if at] != []


def test_a_request_does_not_wait_to_write_when_it_was(
    bob: Person, visitor: FlaskClient, database: Database
) -> None:
    """A backup may hold the lock for long, and a full disk takes no writes at all."""
    long_ago = utc_now() - timedelta(hours=1)
    with database.writing() as session:
        session.execute(update(LoginSession).values(last_used_at=long_ago))
    with writers_wait(database):
        assert bob.client.get("/api/conversations").status_code == 200
        token = bearer(api_token("bob"))
        assert visitor.get("/api/conversations", headers=token).status_code == 200
    with database.reading() as session:
        assert set(session.scalars(select(LoginSession.last_used_at))) == {long_ago}
    bob.client.get("/api/conversations")
    with database.reading() as session:
        used = select(LoginSession.last_used_at).where(LoginSession.id == bob.viewer.session_id)
        assert session.scalar(used) != long_ago


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_a_cookie_is_secure_where_the_request_was(app: Flask, scheme: str, secure: bool) -> None:
    answer = app.test_client().get("/login", base_url=f"{scheme}://localhost", headers=HTML)
    cookie = answer.headers["Set-Cookie"]
    assert ("Secure" in cookie) is secure
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_cookie_is_secure_behind_a_trusted_proxy_only(make_app: MakeApp) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "chat.example.org"} | HTML
    for proxies, secure in ((0, False), (1, True)):
        answer = make_app(trusted_proxies=proxies).test_client().get("/login", headers=forwarded)
        assert ("Secure" in answer.headers["Set-Cookie"]) is secure
        assert ("Strict-Transport-Security" in answer.headers) is secure


def test_cookies_can_be_made_secure_by_a_setting(make_app: MakeApp) -> None:
    answer = make_app(secure_cookies=True).test_client().get("/login", headers=HTML)
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


def test_under_tls_a_form_of_another_origin_is_refused(app: Flask) -> None:
    bob = sign_in(app, "bob")
    for referrer, status in (
        ("https://localhost/account", 303),
        ("https://evil.example/", 400),
        (None, 400),
    ):
        answer = bob.client.post(
            "/account/name",
            base_url="https://localhost",
            data={"name": "Bob"},
            headers={"Referer": referrer} if referrer else {},
        )
        assert answer.status_code == status


@pytest.mark.sqlite_only  # tests/service/test_postgresql.py takes the server away
def test_a_page_still_comes_out_when_nobody_can_be_looked_up(
    app: Flask, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["parley"].database.engine.dispose()
    with app.extensions["parley"].database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE login_sessions RENAME TO gone")
    answer = bob.client.get("/account", headers=HTML)
    assert answer.status_code == 503
    assert PASSWORD not in answer.text
