"""Each limit, by API and by form; limits of a person's own; what is exact over processes."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from chat.accounts import own_limits
from chat.conversations import Allowance, Wish, ask_first
from chat.database import Database
from chat.errors import RateLimited
from chat.models import Run
from chat.rates import parse_rates
from chat.values import OwnLimits, utc_now
from tests.conftest import MakeApp, sign_in
from tests.people import Person, api_token
from tests.web.streams import ask, begin, new_conversation

HTML = {"Accept": "text/html"}


def check_refusal(response: TestResponse, words: str, most: int) -> None:
    """A problem document that says what was too much, and when to come back."""
    told = response.get_json()
    assert (response.status_code, told["code"], told["status"]) == (429, "rate_limited", 429)
    assert response.content_type == "application/problem+json"
    assert words in told["detail"]
    assert 0 < told["retry_after"] <= most
    assert response.headers["Retry-After"] == str(told["retry_after"])


def set_own(database: Database, person: Person, **limits: str | int) -> None:
    with database.writing() as session:
        own_limits.set_limits(session, person.id, OwnLimits(**limits))  # type: ignore[arg-type]


def age_runs(database: Database, by: timedelta) -> None:
    """Let time pass for all that was asked."""
    with database.writing() as session:
        session.execute(update(Run).values(started_at=utc_now() - by))


def test_questions_of_a_day_are_limited_beside_those_of_a_minute(
    make_app: MakeApp, database: Database
) -> None:
    alice = sign_in(make_app(rate_messages="2/minute,3/day"), "alice")
    place = new_conversation(alice)
    for _ in range(2):
        ask(alice, place)
    check_refusal(begin(alice, place), "asked 2 questions in the past minute", 60)
    age_runs(database, timedelta(hours=1))
    alice = sign_in(make_app(rate_messages="2/minute,3/day"), "alice")  # restarted since
    ask(alice, place)
    check_refusal(begin(alice, place), "asked 3 questions in the past day", 24 * 3600)
    age_runs(database, timedelta(hours=25))
    ask(sign_in(make_app(rate_messages="2/minute,3/day"), "alice"), place)


def test_two_processes_count_the_questions_of_a_person_together(make_app: MakeApp) -> None:
    one, other = (sign_in(make_app(rate_messages="3/minute"), "alice") for _ in "ab")
    place = new_conversation(one)
    for person in (one, other, one):
        ask(person, place)
    for person in (one, other):
        check_refusal(begin(person, place), "asked 3 questions in the past minute", 60)


def test_a_question_counts_after_its_conversation_was_deleted(make_app: MakeApp) -> None:
    alice = sign_in(make_app(rate_messages="1/minute"), "alice")
    place = new_conversation(alice)
    ask(alice, place)
    assert alice.client.delete(f"/api/conversations/{place}").status_code == 204
    check_refusal(begin(alice, new_conversation(alice)), "asked 1 question in the past minute", 60)


def test_what_was_refused_does_not_count(database: Database, alice: Person) -> None:
    wish = Wish(allowance=Allowance(rates=parse_rates("1/minute")))

    def send() -> None:
        with database.writing() as session:
            ask_first(session, alice.viewer, "Why?", wish)

    send()
    for seconds in (30, 59):
        age_runs(database, timedelta(seconds=seconds))
        with pytest.raises(RateLimited):
            send()
    age_runs(database, timedelta(seconds=61))
    send()


def test_questions_of_a_space_are_limited_for_all_of_its_people(make_app: MakeApp) -> None:
    app = make_app(rate_space="2/minute")
    alice, bob = sign_in(app, "alice"), sign_in(app, "bob")
    rooms = [new_conversation(one, space_id=alice.space_id) for one in (alice, bob)]
    ask(alice, rooms[0])
    ask(bob, rooms[1])
    check_refusal(begin(bob, rooms[1]), "In this space 2 questions were asked", 60)
    ask(bob, new_conversation(bob))  # elsewhere he may


def send_file(person: Person, name: str, **headers: str) -> TestResponse:
    form = {"file": [(io.BytesIO(f"# {name}\n\nText.".encode()), f"{name}.md")]}
    return person.client.post("/api/documents", data=form, headers=headers)


def test_files_are_limited_by_api(make_app: MakeApp) -> None:
    alice = sign_in(make_app(rate_uploads="2/hour"), "alice")
    assert send_file(alice, "one").status_code == 202
    body = {"text": "# Two\n\nText.", "title": "Two"}
    assert alice.client.post("/api/documents", json=body).status_code == 201
    check_refusal(send_file(alice, "three"), "2 files in an hour", 3600)
    refused = alice.client.post("/api/documents", json=body | {"text": "Three"})
    check_refusal(refused, "as many files as you may", 3600)


def test_files_of_one_form_each_count_and_none_is_taken_where_they_are_too_many(
    make_app: MakeApp,
) -> None:
    alice = sign_in(make_app(rate_uploads="2/hour"), "alice")
    files = [(io.BytesIO(b"# Text\n\nText."), f"{n}.md") for n in range(3)]
    refused = alice.client.post("/library", data={"file": files}, headers=HTML)
    assert refused.status_code == 429
    assert "2 files in an hour" in refused.text
    assert alice.client.get("/api/uploads").json == {"items": []}


def test_requests_that_a_token_signs_are_limited(make_app: MakeApp) -> None:
    app = make_app(rate_api="2/minute")
    bob, alice = (bearer(app, name) for name in ("bob", "alice"))
    assert [bob().status_code for _ in range(2)] == [200, 200]
    check_refusal(bob(), "Your tokens have sent 2 requests in the past minute", 60)
    assert alice().status_code == 200
    assert sign_in(app, "bob").client.get("/api/conversations").status_code == 200  # by cookie


def test_tokens_of_nobody_are_limited_by_their_address(make_app: MakeApp) -> None:
    app = make_app(rate_sign_in="2/minute")
    guess = bearer(app, "nobody")
    assert [guess().status_code for _ in range(2)] == [401, 401]
    check_refusal(guess(), "API tokens that are not valid", 60)
    assert bearer(app, "bob")().status_code == 200


def bearer(app: Flask, name: str) -> Callable[[], TestResponse]:
    client = app.test_client()
    headers = {"Authorization": f"Bearer {api_token(name)}"}
    return lambda: client.get("/api/conversations", headers=headers)


def test_who_signs_in_too_often_is_told_on_the_page(make_app: MakeApp) -> None:
    client = make_app(rate_sign_in="1/minute").test_client()
    form = {"email": "alice@example.org", "password": "wrong", "csrf_token": csrf(client)}
    client.post("/login", data=form, headers=HTML)
    refused = client.post("/login", data=form, headers=HTML)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Too many attempts to sign in" in refused.text
    assert "alice@example.org" in refused.text  # the address is kept


def csrf(client: FlaskClient) -> str:
    page = client.get("/login").text
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_limits_of_a_persons_own_count_instead_of_the_sites(
    make_app: MakeApp, database: Database
) -> None:
    app = make_app(rate_messages="1/minute", rate_uploads="1/hour", rate_api="1/minute")
    alice, bob = sign_in(app, "alice"), sign_in(app, "bob")
    set_own(database, bob, messages="2/minute", uploads="0", api="3/minute")
    alice, bob = sign_in(app, "alice"), sign_in(app, "bob")
    for person, may in ((alice, 1), (bob, 2)):
        place = new_conversation(person)
        for _ in range(may):
            ask(person, place)
        check_refusal(begin(person, place), f"asked {may} question", 60)
    assert {send_file(bob, f"{n}").status_code for n in range(5)} == {202}
    asked = [bearer(app, "bob")().status_code for _ in range(4)]
    assert asked == [200, 200, 200, 429]


def test_an_admin_sets_limits_of_a_person_and_the_trail_tells_of_it(
    alice: Person, bob: Person
) -> None:
    address = f"/people/{bob.id}/limits"
    page = alice.client.get(address, headers=HTML).text
    assert "Limits of Bob" in page
    form = {"messages": "5/minute, 50/day", "runs": "7", "uploads": "", "api": "0"}
    saved = alice.client.post(address, data=form, headers=HTML)
    assert (saved.status_code, saved.location) == (303, "/people")
    assert 'value="5/minute,50/day"' in alice.client.get(address, headers=HTML).text
    trail = alice.client.post("/audit/export").text
    assert '"person.limits"' in trail
    assert "5/minute,50/day" in trail
    alice.client.post(address, data=dict.fromkeys(form, ""), headers=HTML)
    assert "5/minute" not in alice.client.get(address, headers=HTML).text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("messages", "often"),
        ("api", "5/week"),
        ("uploads", "-1/hour"),
        ("runs", "many"),
        ("runs", "10001"),
        ("runs", "00000099999999999"),
        ("waiting", "0" * 5_000),
    ],
)
def test_what_is_no_limit_is_refused_beside_its_field(
    alice: Person, bob: Person, field: str, typed: str
) -> None:
    address = f"/people/{bob.id}/limits"
    refused = alice.client.post(address, data={field: typed}, headers=HTML)
    assert refused.status_code == 400
    assert f'value="{typed}"' in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_nobody_but_an_admin_sets_limits(alice: Person, bob: Person, charlie: Person) -> None:
    for person in (bob, charlie):
        address = f"/people/{person.id}/limits"
        assert person.client.get(address, headers=HTML).status_code == 404
        refused = person.client.post(address, data={"messages": "0"}, headers=HTML)
        assert refused.status_code == 404
    unknown = alice.client.post(f"/people/{'0' * 32}/limits", data={}, headers=HTML)
    assert unknown.status_code == 404
