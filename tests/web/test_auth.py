"""Signing in and out: who gets in, where they land, and what they hear when they do not."""

import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chat.accounts import passwords, people
from chat.accounts.passwords import hash_password
from chat.database import Database
from chat.web.auth import WRONG, safe_next
from chat.web.signing_in import device_name
from tests.conftest import MakeApp
from tests.people import PASSWORD, Person

HTML = {"Accept": "text/html"}


def csrf_of(client: FlaskClient, path: str = "/login") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path, headers=HTML).text)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    data = {"email": email, "password": password, "stay": "1", "csrf_token": csrf_of(client)}
    return client.post("/login", data=data | more, headers=HTML)


def test_a_person_signs_in_and_lands_where_they_wanted(visitor: FlaskClient) -> None:
    away = visitor.get("/account?x=1", headers=HTML)
    assert away.status_code == 303
    assert away.location == "/login?next=%2Faccount%3Fx%3D1"
    answer = sign_in(visitor, "Bob@Example.org", next="/account?x=1")
    assert (answer.status_code, answer.location) == (303, "/account?x=1")
    assert "bob@example.org" in visitor.get("/account", headers=HTML).text


def test_whoever_is_signed_in_needs_no_sign_in_page(bob: Person) -> None:
    answer = bob.client.get("/login?next=/account", headers=HTML)
    assert (answer.status_code, answer.location) == (303, "/account")


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/", "/"),
        ("/account?tab=1#x", "/account?tab=1#x"),
        ("", "/"),
        ("account", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("http:evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("/x\n", "/"),
        ("/\0", "/"),
        ("/" + "x" * 3000, "/"),
    ],
)
def test_the_way_on_never_leaves_the_site(address: str, leads_to: str) -> None:
    assert safe_next(address) == leads_to


def test_an_unknown_address_a_wrong_password_and_a_disabled_person_look_the_same(
    visitor: FlaskClient, bob: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    verify = passwords.verify_password

    def watch(known: str | None, password: str) -> bool:
        checked.append(known)
        return verify(known, password)

    monkeypatch.setattr("chat.web.auth.verify_password", watch)
    with database.writing() as session:
        people.disable(session, bob.id)
    pages = {
        re.sub(r'value="[^"]*"|content="[^"]*"', "", answer.text)
        for answer in (
            sign_in(visitor, "alice@example.org", "a wrong password"),
            sign_in(visitor, "nobody@example.org"),
            sign_in(visitor, "bob@example.org"),
            sign_in(visitor, "not an address"),
        )
    }
    assert len(pages) == 1
    assert WRONG in pages.pop()
    assert [known is None for known in checked] == [False, True, True, True]


@pytest.mark.parametrize(
    ("email", "password"),
    [("", ""), ("alice@example.org", ""), ("alice\0@example.org", "x"), ("x" * 200_000, "x"),
     ("alice@example.org", "x" * 200_000), ("alice@example.org", "nul\0"), ("' OR 1=1 --", "x")],
)  # fmt: skip
def test_bad_input_signs_nobody_in(visitor: FlaskClient, email: str, password: str) -> None:
    answer = sign_in(visitor, email, password)
    assert answer.status_code == 400
    assert password in ("", "x") or password not in answer.text
    assert visitor.get("/account", headers=HTML).status_code == 303


@pytest.mark.parametrize("body", [b"email=%FF%FE", b"email=\xff\xfe", b"password=%C3%28"])
def test_a_form_that_is_not_utf8_is_refused(visitor: FlaskClient, body: bytes) -> None:
    answer = visitor.post("/login", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == "invalid"
    assert "UTF-8" in answer.json["detail"]


def test_a_form_that_is_far_too_large_is_not_read(visitor: FlaskClient) -> None:
    answer = visitor.post("/login", data={"email": "x" * 3_000_000})
    assert answer.status_code == 413
    assert answer.json is not None
    assert answer.json["code"] == "too_large"


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "image/png"])
def test_only_a_form_signs_in(visitor: FlaskClient, content_type: str) -> None:
    answer = visitor.post("/login", data=b'{"email": 1}', content_type=content_type)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == "csrf"


def test_the_address_is_kept_and_the_password_is_not(visitor: FlaskClient) -> None:
    page = sign_in(visitor, '"><b>alice@example.org', "my secret words").text
    assert "&#34;&gt;&lt;b&gt;alice@example.org" in page
    assert "my secret words" not in page
    assert 'aria-invalid="true"' in page


def test_signing_out_ends_the_session_and_its_cookie_cannot_be_replayed(
    visitor: FlaskClient, app: Flask
) -> None:
    sign_in(visitor, "bob@example.org")
    cookie = visitor.get_cookie("parley")
    assert cookie is not None
    token = csrf_of(visitor, "/account")
    assert visitor.get("/logout", headers=HTML).status_code == 405
    answer = visitor.post("/logout", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/login")
    thief = app.test_client()
    thief.set_cookie("parley", cookie.value)
    assert thief.get("/account", headers=HTML).status_code == 303
    assert thief.get("/api/conversations").status_code == 401


def test_signing_out_twice_does_no_harm(bob: Person) -> None:
    assert bob.client.post("/logout").status_code == 303
    assert bob.client.post("/logout").status_code in (303, 400)


def test_a_sign_in_never_keeps_the_cookie_that_was_there(visitor: FlaskClient, app: Flask) -> None:
    sign_in(visitor, "bob@example.org")
    first = visitor.get_cookie("parley")
    assert first is not None
    visitor.post("/logout", data={"csrf_token": csrf_of(visitor, "/account")})
    sign_in(visitor, "bob@example.org")
    second = visitor.get_cookie("parley")
    assert second is not None
    assert second.value != first.value
    other = app.test_client()
    other.set_cookie("parley", first.value)
    assert other.get("/account", headers=HTML).status_code == 303


def test_a_session_that_is_not_to_stay_ends_with_the_browser(visitor: FlaskClient) -> None:
    token = csrf_of(visitor)
    data = {"email": "bob@example.org", "password": PASSWORD, "csrf_token": token}
    assert "Expires" not in visitor.post("/login", data=data).headers["Set-Cookie"]


def test_too_many_attempts_at_an_account_are_told_to_wait(make_app: MakeApp) -> None:
    app = make_app(rate_sign_in="3/minute")
    client = app.test_client()
    for n in range(3):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        assert sign_in(client, "alice@example.org", "a wrong password").status_code == 400
    client.environ_base["REMOTE_ADDR"] = "192.0.2.200"
    refused = sign_in(client, "Alice@example.org")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert re.search(r"Too many attempts to sign in. Try again in \d+ seconds?", refused.text)
    assert 'value="Alice@example.org"' in refused.text
    assert sign_in(client, "bob@example.org").status_code == 303  # others are not held up


def test_too_many_attempts_from_an_address_are_told_to_wait(make_app: MakeApp) -> None:
    client = make_app(rate_sign_in="3/minute").test_client()
    for n in range(3):
        assert sign_in(client, f"nobody{n}@example.org").status_code == 400
    assert sign_in(client, "bob@example.org").status_code == 429
    token = csrf_of(client)
    data = {"email": "x@example.org", "password": "x", "csrf_token": token}
    problem = client.post("/login", data=data, headers={"Accept": "application/json"})
    assert problem.status_code == 429
    assert problem.json is not None
    assert problem.json["code"] == "rate_limited"
    assert problem.json["retry_after"] == int(problem.headers["Retry-After"])
    client.environ_base["REMOTE_ADDR"] = "2001:db8::1"
    assert sign_in(client, "bob@example.org").status_code == 303


def test_a_whole_office_behind_one_address_signs_in(make_app: MakeApp) -> None:
    app = make_app(rate_sign_in="2/minute")
    for email in ("alice@example.org", "bob@example.org", "charlie@example.org") * 2:
        assert sign_in(app.test_client(), email).status_code == 303


def test_guesses_that_are_checked_at_the_same_time_gain_nothing(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(rate_sign_in="2/minute")
    verify = passwords.verify_password
    statuses: list[int] = []

    def guess() -> None:
        statuses.append(sign_in(app.test_client(), "bob@example.org", "a wrong guess").status_code)

    def others_fail_meanwhile(known: str | None, password: str) -> bool:
        monkeypatch.setattr("chat.web.auth.verify_password", verify)
        for _ in range(2):
            other = threading.Thread(target=guess)
            other.start()
            other.join(timeout=10)
        return verify(known, password)

    monkeypatch.setattr("chat.web.auth.verify_password", others_fail_meanwhile)
    assert sign_in(app.test_client(), "bob@example.org").status_code == 429
    assert statuses == [400, 400]


def test_a_weak_hash_is_renewed_at_the_next_sign_in(
    visitor: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stronger = type(passwords.hasher)(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", stronger)
    assert sign_in(visitor, "bob@example.org").status_code == 303
    with database.reading() as session:
        known = people.credentials_of(session, "bob@example.org")
    assert known is not None
    assert "m=16,t=2" in known.password_hash
    assert visitor.get("/account", headers=HTML).status_code == 200


def test_a_password_that_changes_while_it_is_checked_does_not_let_in(
    visitor: FlaskClient, bob: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = passwords.verify_password

    def change_meanwhile(known: str | None, password: str) -> bool:
        matches = verify(known, password)
        with database.writing() as session:
            people.set_password(session, bob.id, hash_password("a new sentence"), keep_session=None)
        return matches

    monkeypatch.setattr("chat.web.auth.verify_password", change_meanwhile)
    assert sign_in(visitor, "bob@example.org").status_code == 400


def test_the_page_for_the_forgetful_says_whom_to_ask(visitor: FlaskClient) -> None:
    assert "reset link" in visitor.get("/forgotten", headers=HTML).text


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
         "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/129.0 Safari/537.36 Edg/129.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
         "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/129.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/17.5 Safari/605.1.15", "Safari on macOS"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown device"),
        ("x" * 10_000, "Unknown device"),
    ],
)  # fmt: skip
def test_a_device_has_the_name_that_its_owner_knows(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
