"""Whoever changes something by a route of the site is in the audit trail, but for a few routes.

The rows are those of the access table, done by somebody who comes through; what only admins do is
here.
"""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chat.audit import Action, Filter, read
from chat.database import Database
from tests.people import PASSWORD, Person
from tests.web.streams import ask, new_conversation
from tests.web.test_access_table import AREAS, PEOPLE, Row, ask_for, filled
from tests.web.things import make_things, sign_in_crew

pytestmark = pytest.mark.sqlite_only  # which routes tell; that entries are right is tested on both
TELLS: dict[str, Action] = {
    "POST /account/name": Action.PERSON_RENAMED,
    "POST /account/sessions/<>/end": Action.SIGNED_OUT,
    "POST /account/sessions/end-others": Action.SIGNED_OUT,
    "POST /account/export": Action.EVERYTHING_EXPORTED,
    "POST /account/tokens": Action.TOKEN_MADE,
    "POST /account/tokens/<>/revoke": Action.TOKEN_REVOKED,
    "POST /api/conversations": Action.CONVERSATION_SHARED,  # where others see it
    "PATCH /api/conversations/<>": Action.CONVERSATION_UNSHARED,  # where who sees it changes
    "DELETE /api/conversations/<>": Action.CONVERSATION_DELETED,
    "POST /api/conversations/<>/messages": Action.ANSWERED,
    "POST /api/conversations/<>/messages/stream": Action.ANSWERED,
    "POST /api/messages/<>/regenerate/stream": Action.ANSWERED,
    "POST /api/messages/<>/continue/stream": Action.ANSWERED,
    "POST /c": Action.CONVERSATION_SHARED,
    "POST /c/<>/move": Action.CONVERSATION_UNSHARED,
    "POST /c/<>/delete": Action.CONVERSATION_DELETED,
    "POST /api/documents": Action.DOCUMENT_ADDED,
    "DELETE /api/documents/<>": Action.DOCUMENT_DELETED,
    "POST /library/<>/delete": Action.DOCUMENT_DELETED,
    "POST /spaces": Action.SPACE_MADE,
    "POST /spaces/<>": Action.SPACE_CHANGED,
    "POST /spaces/<>/leave": Action.SPACE_LEFT,
    "POST /spaces/<>/delete": Action.SPACE_DELETED,
    "POST /spaces/<>/invites": Action.INVITED,
    "POST /spaces/<>/invites/<>/withdraw": Action.INVITE_WITHDRAWN,
    "POST /spaces/<>/members/<>/role": Action.MEMBER_CHANGED,
    "POST /spaces/<>/members/<>/remove": Action.MEMBER_REMOVED,
    "POST /invite/<>/accept": Action.SPACE_JOINED,
}
ADMINS: dict[str, tuple[dict[str, Any], Action]] = {
    "/people/invites": ({"role": "member", "days": "3"}, Action.INVITED),
    "/people/{rita}/role": ({"role": "admin"}, Action.ROLE_CHANGED),
    "/people/{rita}/disable": ({}, Action.PERSON_DISABLED),
    "/people/{rita}/enable": ({}, Action.PERSON_ENABLED),
    "/people/{rita}/reset-link": ({}, Action.RESET_LINK_MADE),
    "/people/{rita}/limits": ({}, Action.LIMITS_CHANGED),
    "/ratings/recalibrate": ({}, Action.RECALIBRATED),
    "/audit/export": ({}, Action.TRAIL_EXPORTED),
    "/audit/verify": ({}, Action.TRAIL_VERIFIED),
}
# Tested by name below, or in the files of their own things.
ELSEWHERE = {
    "POST /account/password", "POST /reset/<>", "POST /setup", "POST /login", "POST /logout",
    "POST /account/delete", "POST /people/<>/delete", "POST /people/<>/export",
    "POST /people/spaces/<>/owner", "POST /invite/<>", "POST /people/invites/<>/withdraw",
    "POST /models", "POST /models/<>", "POST /models/<>/delete", "POST /models/<>/move",
    "POST /models/<>/switch",
    "POST /c/<>/links", "POST /c/<>/links/<>/withdraw", "POST /account/links/<>/withdraw",
    "POST /api/conversations/<>/links",
    "DELETE /api/links/<>",
}  # fmt: skip
# What leaves no entry of its own, and why.
QUIET = {
    "POST /c/<>": "the end of the answer tells of it",
    "POST /c/<>/regenerate": "the end of the answer tells of it",
    "POST /c/<>/continue": "the end of the answer tells of it",
    "POST /c/<>/stop": "the end of the answer tells how it came",
    "POST /api/messages/<>/stop": "the end of the answer tells how it came",
    "POST /c/<>/rename": "nobody sees more or less by it",
    "POST /c/<>/archive": "nobody sees more or less by it",
    "POST /c/<>/pin": "nobody sees more or less by it",
    "POST /c/<>/rate": "an opinion; admins have a page of them",
    "PUT /api/messages/<>/rating": "an opinion",
    "DELETE /api/messages/<>/rating": "an opinion",
    "POST /library": "the document tells of it, once the file is read",
    "POST /library/pages": "the document tells of it, once the page is read",
    "POST /api/uploads": "the document tells of it, once the page is read",
    "POST /api/uploads/<>/retry": "the document tells of it, once the file is read",
    "POST /library/uploads/<>/retry": "the document tells of it, once the file is read",
    "DELETE /api/uploads/<>": "nothing is in the library yet",
    "POST /library/uploads/<>/dismiss": "nothing is in the library yet",
    "POST /api/imports": "the end of the reading tells of it",
    "POST /account/imports": "the end of the reading tells of it",
    "POST /account/imports/<>/dismiss": "what was read in by then stays",
    "POST /models/test": "nothing is changed by it",
}


@pytest.fixture
def crew(app: Flask, database: Database, alice: Person, charlie: Person) -> dict[str, Person]:
    return sign_in_crew(app, database, alice, charlie)


def nameless(path: str) -> str:
    return re.sub(r"<[^>]+>|\{[^}]+\}", "<>", path.partition("?")[0])


def rows() -> dict[str, Row]:
    """For each route the first row of the access table in which somebody comes through."""
    found: dict[str, Row] = {}
    for row in (row for area in AREAS.values() for row in area if "y" in row.who):
        name = f"{row.method} {nameless(row.path)}"
        changes_who_sees = row.json and "visibility" in row.json
        if row.method != "GET" and (name not in found or changes_who_sees):
            found.setdefault(name, row)
            if changes_who_sees and not (found[name].json or {}).get("visibility"):
                found[name] = row
    return found


def entries(database: Database) -> int:
    with database.reading() as session:
        last = read(session, Filter(), limit=1)
    return last[0].number if last else 0


def told_after(database: Database, number: int) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        found = read(session, Filter())
    return [(one.action, one.actor_id) for one in found if one.number > number]


def test_every_route_that_changes_something_is_in_one_of_the_lists(app: Flask) -> None:
    admins = {f"POST {nameless(path)}" for path in ADMINS}
    known = [*TELLS, *admins, *ELSEWHERE, *QUIET]
    assert len(known) == len(set(known))
    served = {
        f"{method} {nameless(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    }
    assert sorted(served ^ set(known)) == []


def test_what_members_do_is_told_with_who_did_it(
    crew: dict[str, Person], database: Database
) -> None:
    silent = {}
    for name, action in TELLS.items():
        row = rows()[name]
        who = crew[PEOPLE[row.who.index("y")]]
        things = make_things(database, crew)
        before = entries(database)
        ask_for(row, who, things)
        told = told_after(database, before)
        if (action.value, who.id) not in told:
            silent[name] = told
    assert silent == {}


def test_what_admins_do_is_told_with_who_did_it(
    crew: dict[str, Person], database: Database
) -> None:
    things, alice = make_things(database, crew), crew["alice"]
    for path, (form, action) in ADMINS.items():
        before = entries(database)
        answer: TestResponse = alice.client.post(filled(path, things), data=form)
        assert answer.status_code in {200, 303}, path
        assert (action.value, alice.id) in told_after(database, before), path


def test_a_route_that_was_refused_leaves_nothing(
    crew: dict[str, Person], database: Database
) -> None:
    things = make_things(database, crew)
    before = entries(database)
    crew["charlie"].client.post(f"/spaces/{things['space']}", data={"name": "Mine now"})
    crew["charlie"].client.delete(f"/api/conversations/{things['room']}")
    crew["rita"].client.post(f"/people/{things['rita']}/role", data={"role": "admin"})
    assert told_after(database, before) == []


def test_a_new_password_and_a_password_by_a_link_are_told(
    app: Flask, alice: Person, bob: Person, database: Database
) -> None:
    new = "another sentence nobody guesses"
    before = entries(database)
    form = {"current_password": PASSWORD, "password": new}
    assert bob.client.post("/account/password", data=form).status_code == 303
    assert told_after(database, before) == [(Action.PASSWORD_CHANGED, bob.id)]
    page = alice.client.post(f"/people/{bob.id}/reset-link").get_data(as_text=True)
    link = re.search(r"/reset/[\w-]+", page)
    assert link is not None
    before = entries(database)
    stranger = app.test_client()
    token = re.search(r'csrf_token" value="([^"]+)', stranger.get(link[0]).get_data(as_text=True))
    assert token is not None
    stranger.post(link[0], data={"password": PASSWORD, "csrf_token": token[1]})
    assert told_after(database, before) == [(Action.PASSWORD_RESET, bob.id)]


def test_links_and_what_is_taken_along_are_told(alice: Person, database: Database) -> None:
    place = new_conversation(alice)
    ask(alice, place)
    before = entries(database)
    link = alice.client.post(f"/api/conversations/{place}/links", json={}).get_json()["id"]
    alice.client.delete(f"/api/links/{link}")
    for path in (f"/c/{place}/export.md", f"/c/{place}/export.json"):
        assert alice.client.get(path).status_code == 200
    alice.client.get("/account/conversations.jsonl").get_data()
    told = [action for action, _ in told_after(database, before)]
    assert told[::-1] == [
        Action.LINK_MADE,
        Action.LINK_WITHDRAWN,
        Action.CONVERSATION_EXPORTED,
        Action.CONVERSATION_EXPORTED,
        Action.EVERYTHING_EXPORTED,
    ]


def test_what_commands_do_is_told_without_a_name(app: Flask, database: Database) -> None:
    before = entries(database)
    run = app.test_cli_runner().invoke
    made = ["users", "create", "dan@example.org", "--name", "Dan", "--password-stdin"]
    for arguments in (made, ["users", "reset-link", "dan@example.org"],
                      ["users", "disable", "dan@example.org"], ["recalibrate"],
                      ["audit", "export"]):  # fmt: skip
        result = run(args=arguments, input=f"{PASSWORD}\n")
        assert result.exit_code == 0, result.output
    told = told_after(database, before)[::-1]
    assert told == [
        (action, None)
        for action in (
            Action.JOINED,
            Action.RESET_LINK_MADE,
            Action.PERSON_DISABLED,
            Action.RECALIBRATED,
            Action.TRAIL_EXPORTED,
        )
    ]
