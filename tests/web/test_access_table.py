"""Every route, and what it is for six people: a table.

The space is Olga's; Eddie, an editor, began what is in it; Rita reads there; Max is another editor;
Charlie is in none of their spaces; Dora was an editor until her account was disabled. In each row
`y` is who comes through, `n` for whom nothing is there, `x` who is asked to sign in, in that order.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chat.database import Database
from tests.people import PASSWORD, Person
from tests.web.things import FILE, PRIVATE, SECRET, make_things, sign_in_crew

PEOPLE = ("olga", "eddie", "rita", "max", "charlie", "dora")
NEW = "# New\n\nIt was not in the library."
HTML = {"Accept": "text/html"}


@dataclass(frozen=True)
class Row:
    """One route with what it is sent; `ok` is the status for those who come through."""

    method: str
    path: str
    who: str
    json: Any = None
    form: dict[str, Any] = field(default_factory=dict)
    ok: int = 200


def api(method: str, path: str, who: str, json: Any = None, ok: int = 200) -> Row:
    return Row(method, f"/api{path}", who, json=json if json is not None else {}, ok=ok)


def post(path: str, who: str, ok: int = 303, **form: Any) -> Row:
    return Row("POST", path, who, form=form, ok=ok)


def get(path: str, who: str) -> Row:
    return Row("GET", path, who)


HI = {"content": "Where is it?"}
CONVERSATIONS = (
    api("GET", "/conversations", "yyyyyx"),
    api("POST", "/conversations", "yynynx", {"space_id": "{space}", "visibility": "space"}, 201),
    api("POST", "/conversations", "yyyynx", {"space_id": "{space}"}, 201),
    api("GET", "/conversations/{room}", "yyyynx"),
    api("GET", "/conversations/{private}", "nynnnx"),
    api("PATCH", "/conversations/{room}", "yynnnx", {"title": "Tidy"}),
    api("PATCH", "/conversations/{room}", "nynnnx", {"visibility": "private"}),
    api("PATCH", "/conversations/{private}", "nynnnx", {"title": "Mine"}),
    api("DELETE", "/conversations/{room}", "yynnnx", ok=204),
    api("DELETE", "/conversations/{private}", "nynnnx", ok=204),
    api("GET", "/conversations/{room}/messages", "yyyynx"),
    api("POST", "/conversations/{room}/messages", "yynynx", HI),
    api("POST", "/conversations/{private}/messages", "nynnnx", HI),
    api("POST", "/conversations/{room}/messages/stream", "yynynx", HI),
    api("GET", "/messages/{answer}", "yyyynx"),
    api("GET", "/messages/{private_answer}", "nynnnx"),
    api("GET", "/messages/{answer}/stream", "yyyynx"),
    api("POST", "/messages/{answer}/stop", "yynynx", ok=202),
    api("POST", "/messages/{answer}/regenerate/stream", "yynynx"),
    api("POST", "/messages/{answer}/continue/stream", "yynynx"),
    api("GET", "/messages/{answer}/rating", "yyyynx"),
    api("PUT", "/messages/{answer}/rating", "yyyynx", {"good": True}),
    api("DELETE", "/messages/{answer}/rating", "yyyynx", ok=204),
    api("GET", "/events", "yyyyyx"),
    api("GET", "/stream/status", "yyyyyx"),
    get("/", "yyyyyx"),
    get("/?space={space}", "yyyynx"),
    get("/c", "yyyyyx"),
    get("/c?space={space}", "yyyynx"),
    get("/c/more", "yyyyyx"),
    get("/c/{room}", "yyyynx"),
    get("/c/{private}", "nynnnx"),
    get("/c/{room}/older", "yyyynx"),
    get("/c/{room}/m/{answer}", "yyyynx"),
    get("/c/{room}/m/{answer}/why", "yyyynx"),
    post("/c", "yynynx", content="Where is it?", place="{space}+"),
    post("/c/{room}", "yynynx", content="Where is it?"),
    post("/c/{room}/regenerate", "yynynx", message_id="{answer}"),
    post("/c/{room}/continue", "yynynx", message_id="{answer}"),
    post("/c/{room}/stop", "yynynx", message_id="{answer}"),
    post("/c/{room}/rate", "yyyynx", message_id="{answer}", value="good"),
    post("/c/{room}/rename", "yynnnx", title="Tidy"),
    post("/c/{room}/archive", "yynnnx", archived="1"),
    post("/c/{room}/move", "nynnnx", place=""),
    post("/c/{room}/delete", "yynnnx"),
)
DOCUMENTS = (
    api("GET", "/documents", "yyyyyx"),
    api("GET", "/documents?space={space}", "yyyynx"),
    api("POST", "/documents", "yynynx", {"text": NEW, "space_id": "{space}"}, 201),
    api("GET", "/documents/{document}", "yyyynx"),
    api("DELETE", "/documents/{document}", "yynnnx", ok=204),
    api("GET", "/uploads", "yyyyyx"),
    api("POST", "/uploads", "nnnnnx", {"address": "https://example.org/"}),  # off by default
    api("GET", "/uploads/{upload}", "nynnnx"),
    api("DELETE", "/uploads/{upload}", "nynnnx", ok=204),
    api("POST", "/uploads/{upload}/retry", "nynnnx", ok=409),  # its file is gone
    get("/library", "yyyyyx"),
    get("/library?space={space}", "yyyynx"),
    get("/library/{document}", "yyyynx"),
    post("/library", "yynynx", space_id="{space}", file=FILE),
    post("/library/{document}/delete", "yynnnx"),
    post("/library/uploads/{upload}/dismiss", "nynnnx"),
    post("/library/uploads/{upload}/retry", "nynnnx", ok=409),
)
SPACES = (
    api("GET", "/spaces", "yyyyyx"),
    api("GET", "/spaces/{space}", "yyyynx"),
    api("GET", "/spaces/{eddies_own}", "nynnnx"),
    get("/spaces", "yyyyyx"),
    get("/spaces/{space}", "yyyynx"),
    get("/spaces/{eddies_own}", "nynnnx"),
    post("/spaces", "yyyyyx", name="Another"),
    post("/spaces/{space}", "ynnnnx", name="Other"),
    post("/spaces/{space}/leave", "yyyynx"),  # Alice owns it, too
    get("/spaces/{space}/delete", "ynnnnx"),
    post("/spaces/{space}/delete", "ynnnnx", current_password=PASSWORD),
    post("/spaces/{space}/invites", "ynnnnx", ok=200, role="reader", days="3"),
    post("/spaces/{space}/invites/{invite}/withdraw", "ynnnnx"),
    post("/spaces/{space}/members/{rita}/role", "ynnnnx", role="editor"),
    post("/spaces/{space}/members/{rita}/remove", "ynnnnx"),
    get("/invite/{token}", "yyyyyy"),
    post("/invite/{token}", "nnnnnn", email="x@example.org", name="X", password=PASSWORD),
    post("/invite/{token}/accept", "yyyyyx"),
)
ADMIN = tuple(
    Row(method, path, "nnnnnx")
    for method, path in (
        ("GET", "/overview"),
        ("GET", "/overview?past=month"),
        ("GET", "/overview/figures"),
        ("GET", "/people"),
        ("POST", "/people/invites"),
        ("POST", "/people/invites/{invite}/withdraw"),
        ("POST", "/people/{rita}/role"),
        ("POST", "/people/{rita}/disable"),
        ("POST", "/people/{rita}/enable"),
        ("POST", "/people/{rita}/reset-link"),
        ("GET", "/people/{rita}/delete"),
        ("POST", "/people/{rita}/delete"),
        ("POST", "/people/{rita}/export"),
        ("POST", "/people/spaces/{space}/owner"),
        ("GET", "/people/{rita}/limits"),
        ("POST", "/people/{rita}/limits"),
        ("GET", "/models"),
        ("GET", "/models/new"),
        ("GET", "/models/{any}"),
        ("POST", "/models"),
        ("POST", "/models/test"),
        ("POST", "/models/{any}"),
        ("POST", "/models/{any}/delete"),
        ("POST", "/models/{any}/move"),
        ("POST", "/models/{any}/switch"),
        ("GET", "/ratings"),
        ("POST", "/ratings/recalibrate"),
        ("GET", "/audit"),
        ("POST", "/audit/verify"),
        ("POST", "/audit/export"),
    )
)
OWN = (
    get("/account", "yyyyyx"),
    post("/account/name", "yyyyyx", name="Somebody"),
    post("/account/password", "yyyyyx", ok=400),
    post("/account/sessions/{eddies_session}/end", "nynnnx"),
    post("/account/sessions/end-others", "yyyyyx"),
    post("/account/export", "yyyyyx", ok=200),
    get("/account/delete", "yyyyyx"),
    post("/account/delete", "yyyyyx", ok=400),  # without the password
    post("/account/tokens", "yyyyyx", ok=200, token_name="Script"),
    post("/account/tokens/{eddies_token}/revoke", "nynnnx"),
)
AREAS = {
    "conversations": CONVERSATIONS,
    "documents": DOCUMENTS,
    "spaces": SPACES,
    "admin": ADMIN,
    "own": OWN,
}
# For whoever comes, before they are somebody.
OPEN = {
    "/login", "/logout", "/forgotten", "/reset/<>", "/setup", "/setup/next", "/healthz", "/readyz",
    "/metrics", "/api/openapi.json", "/static/<>", "/assets/<>/<>",
}  # fmt: skip
# What their own files test, with their own things.
ELSEWHERE = re.compile(
    r"/(api/)?(concepts|graph|search|links|imports?)\b|/s/|/library/pages|/account/(conversations|imports|links)"
    r"|/(api/conversations|c)/<>/(links|pin|export)"
)
LISTS = ("/", "/c", "/library", "/spaces", "/api/conversations", "/api/documents",
         "/api/spaces")  # fmt: skip


@pytest.fixture
def crew(app: Flask, database: Database, alice: Person, charlie: Person) -> dict[str, Person]:
    """The six, and Alice, who owns the space beside Olga; Dora is disabled by now."""
    return sign_in_crew(app, database, alice, charlie)


def filled(value: Any, things: Mapping[str, str]) -> Any:
    """A value of a row with the ids of these things in it."""
    if isinstance(value, dict):
        return {key: filled(one, things) for key, one in value.items()}
    if isinstance(value, bytes):
        return io.BytesIO(value), "known.md"
    return value.format(**things) if isinstance(value, str) else value


def ask_for(row: Row, person: Person, things: Mapping[str, str]) -> TestResponse:
    """What a person gets of a route; streams of answers are read to their end."""
    path = filled(row.path, things)
    sent = {"json": filled(row.json, things)} if row.json is not None else {}
    if not sent and row.method == "POST":
        sent = {"data": filled(row.form, things)}
    headers = {} if "json" in sent else HTML
    response = person.client.open(path, method=row.method, headers=headers, **sent)
    if "/events" not in path:
        response.get_data()
    response.close()
    return response


def outcome(response: TestResponse, ok: int) -> str:
    """A letter of the table, or the status that has none."""
    leads_to = response.headers.get("Location", "")
    if response.status_code == 401 or leads_to.startswith("/login"):
        return "x"
    if response.status_code == 404:
        return "n"
    return "y" if response.status_code == ok else f"({response.status_code})"


@pytest.mark.parametrize("area", AREAS)
def test_who_comes_through_where(area: str, crew: dict[str, Person], database: Database) -> None:
    wrong, things = [], None
    for row in AREAS[area]:
        got = ""
        for name in PEOPLE:
            things = things or make_things(database, crew)
            got += outcome(ask_for(row, crew[name], things), row.ok)
            if row.method != "GET" and not got.endswith(("n", "x")):
                things = None  # something may be changed or gone
        if got != row.who:
            wrong.append(f"{row.method} {row.path} {row.json or row.form}: {got}, not {row.who}")
    assert wrong == []


def test_every_route_is_in_the_table(app: Flask) -> None:
    nameless = re.compile(r"<[^>]+>|\{[^}]+\}")
    rows = [row for area in AREAS.values() for row in area]
    known = {(row.method, nameless.sub("<>", row.path.partition("?")[0])) for row in rows}
    missing = [
        (method, path)
        for rule in app.url_map.iter_rules()
        for path in [nameless.sub("<>", rule.rule)]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if path not in OPEN and not ELSEWHERE.match(path) and (method, path) not in known
    ]
    assert missing == []


def test_lists_hold_what_is_there_for_members_and_for_nobody_else(
    crew: dict[str, Person], database: Database
) -> None:
    make_things(database, crew)

    def sees(name: str, path: str, words: str) -> bool:
        return words in crew[name].client.get(path, headers=HTML).text

    for path in LISTS:
        assert sees("rita", path, SECRET), path
        assert not sees("charlie", path, SECRET), path
        assert not sees("olga", path, PRIVATE), path
    for path in ("/", "/c", "/api/conversations"):
        assert sees("eddie", path, PRIVATE), path
    assert "a.pdf" in crew["eddie"].client.get("/api/uploads").text
    assert "a.pdf" not in crew["olga"].client.get("/api/uploads").text
