"""The page Models: for admins; a key goes in and never out; a change takes effect at once."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from chat.database import Database
from chat.providers.stored import StoredView, list_stored
from chat.values import Connection
from chat.vendors import VENDORS
from tests.conftest import sign_in
from tests.people import Person

HTML = {"Accept": "text/html"}
KEY = "sk-not-for-any-eyes"
UNKNOWN = "0" * 32
GETS = ["/models", "/models/new", f"/models/{UNKNOWN}"]
POSTS = [
    "/models",
    "/models/test",
    f"/models/{UNKNOWN}",
    f"/models/{UNKNOWN}/move",
    f"/models/{UNKNOWN}/switch",
    f"/models/{UNKNOWN}/delete",
]
FORM = {
    "name": "team",
    "preset": "mistral",
    "base_url": "https://api.mistral.ai/v1",
    "models": "large\nsmall",
    "api_password": KEY,
    "context_tokens": "32000",
}
OF_ENVIRONMENT = Connection(
    name="openai",
    kind="openai_compatible",
    preset="openai",
    base_url="https://api.openai.com/v1",
    models=("one", "two"),
    key="sk-of-the-environment",
)
Add = Callable[..., str]


def stored(database: Database) -> list[StoredView]:
    with database.reading() as session:
        return list_stored(session)


def offered(app: Flask) -> list[str]:
    return [provider.name for provider in app.extensions["parley"].providers.list()]


@pytest.fixture
def add(alice: Person, database: Database) -> Add:
    """Connects a provider on the page and gives its id: add(name="other")."""

    def add(**more: str) -> str:
        answer = alice.client.post("/models", data=FORM | more, headers=HTML)
        assert answer.status_code == 303, answer.text
        return stored(database)[-1].id

    return add


@pytest.mark.parametrize("path", GETS)
def test_the_pages_are_not_there_for_members_and_ask_visitors_to_sign_in(
    visitor: FlaskClient, bob: Person, add: Add, path: str
) -> None:
    path = path.replace(UNKNOWN, add())
    assert bob.client.get(path, headers=HTML).status_code == 404
    assert visitor.get(path, headers=HTML).location.startswith("/login")
    assert visitor.get(path, headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("path", POSTS)
def test_for_members_nothing_is_there_to_change(
    bob: Person, visitor: FlaskClient, add: Add, database: Database, path: str
) -> None:
    path, before = path.replace(UNKNOWN, add()), stored(database)
    form = FORM | {"way": "up", "to": "off", "name": "team"}
    assert bob.client.post(path, data=form, headers=HTML).status_code == 404
    assert visitor.post(path, data=form, headers=HTML).status_code in {303, 400}
    assert stored(database) == before


@pytest.mark.parametrize("path", POSTS)
def test_a_form_of_another_site_changes_nothing(alice: Person, path: str) -> None:
    del alice.client.environ_base["HTTP_X_CSRF_TOKEN"]
    assert alice.client.post(path, data=FORM).json["code"] == "csrf"  # type: ignore[index]


@pytest.mark.parametrize("path", [*GETS[2:], *POSTS[1:]])
def test_what_never_was_is_not_found(alice: Person, path: str) -> None:
    form = FORM | {"way": "up", "to": "off", "name": "nobody"}
    method = alice.client.get if path in GETS else alice.client.post
    assert method(path, data=form).status_code == 404


def test_every_route_is_tested_here(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/models")]
    known = {path.replace(UNKNOWN, "<provider_id>") for path in GETS + POSTS}
    assert {rule.rule for rule in rules} == known


def test_without_a_model_the_page_says_what_to_do(alice: Person) -> None:
    page = alice.client.get("/models", headers=HTML).text
    assert "No model is connected yet" in page
    assert all(f'<option value="{name}">' in page for name in VENDORS)


@pytest.mark.parametrize(
    ("preset", "shown"),
    [
        ("mistral", ['value="mistral"', "https://api.mistral.ai/v1", "Connect Mistral"]),
        ("ollama", ["http://127.0.0.1:11434/v1", "often need none"]),
        ("other", ['value="local"', "Connect a model"]),
    ],
)
def test_a_preset_fills_the_form_in(alice: Person, preset: str, shown: list[str]) -> None:
    page = alice.client.get(f"/models/new?preset={preset}", headers=HTML).text
    assert [text for text in shown if text not in page] == []


def test_an_unknown_preset_is_refused(alice: Person) -> None:
    assert alice.client.get("/models/new?preset=nobody", headers=HTML).status_code == 400


def test_a_connected_provider_is_offered_at_once_and_its_key_is_not_shown(
    alice: Person, bob: Person, app: Flask, add: Add
) -> None:
    provider_id = add()
    assert offered(app) == ["team", "library"]
    for path in ("/models", f"/models/{provider_id}"):
        page = alice.client.get(path, headers=HTML).text
        assert "today, " in page
        assert KEY not in page
    composer = bob.client.get("/", headers=HTML).text
    assert '<optgroup label="team">' in composer
    assert '<option value="team large" selected>large</option>' in composer


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "A name is up to 32 letters"),
        ({"name": "two words"}, "A name is up to 32 letters"),
        ({"name": "x" * 33}, "A name is up to 32 letters"),
        ({"name": "library"}, "the name of the built-in provider"),
        ({"name": "openai"}, "The environment has a provider of this name"),
        ({"preset": "nobody"}, "Choose one of the list"),
        ({"base_url": "api.mistral.ai"}, "An address begins with http"),
        ({"base_url": "https://user:word@h"}, "An address begins with http"),
        ({"base_url": "https://h/v1/chat/completions"}, "Leave /chat/completions out"),
        ({"models": " \n "}, "Name at least one model"),
        ({"models": "x" * 129}, "up to 128 letters"),
        ({"models": "a\0b"}, "up to 128 letters"),
        ({"models": ",".join(map(str, range(51)))}, "at most 50 models"),
        ({"api_password": "two words"}, "A key has no spaces"),
        ({"api_password": ""}, "Mistral answers only with a key"),
        ({"context_tokens": "999"}, "from 1,000 to 10,000,000"),
        ({"context_tokens": "²"}, "from 1,000 to 10,000,000"),
        ({"context_tokens": "9" * 5000}, "from 1,000 to 10,000,000"),
    ],
)
def test_what_cannot_be_used_comes_back_with_what_was_typed_but_without_the_key(
    make_app: Callable[..., Flask], change: Mapping[str, str], said: str
) -> None:
    app = make_app(connections=(OF_ENVIRONMENT,))
    alice, form = sign_in(app, "alice"), FORM | {"name": "kept-name"} | change
    answer = alice.client.post("/models", data=form, headers=HTML)
    assert answer.status_code == 400
    assert said in answer.text
    kept = "https://api.mistral.ai/v1" if "name" in change else "kept-name"
    assert f'value="{kept}"' in answer.text
    assert 'aria-invalid="true"' in answer.text or "preset" in change
    assert form["api_password"] not in answer.text or not form["api_password"]
    assert offered(app) == ["openai", "library"]


def test_a_program_gets_its_errors_as_a_problem(alice: Person) -> None:
    answer = alice.client.post(
        "/models", data=FORM | {"models": ""}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json is not None
    assert "models: Name at least one" in answer.json["detail"]
    assert KEY not in answer.text


def test_a_name_is_given_once(alice: Person, add: Add) -> None:
    add()
    answer = alice.client.post("/models", data=FORM, headers=HTML)
    assert answer.status_code == 400
    assert "There is a provider of this name" in answer.text


def test_a_change_keeps_the_key_unless_another_is_typed(
    alice: Person, app: Flask, add: Add, database: Database
) -> None:
    provider_id = add()
    before = stored(database)[0]
    form = FORM | {"models": "tiny", "api_password": ""}
    assert alice.client.post(f"/models/{provider_id}", data=form).status_code == 303
    after = stored(database)[0]
    assert (after.models, after.sealed_key) == (("tiny",), before.sealed_key)
    assert app.extensions["parley"].providers.choose("team", "")[1] == "tiny"
    form |= {"api_password": "sk-another"}
    assert alice.client.post(f"/models/{provider_id}", data=form).status_code == 303
    assert stored(database)[0].sealed_key != before.sealed_key


def test_a_kept_key_goes_to_no_other_server(alice: Person, add: Add, database: Database) -> None:
    provider_id = add()
    form = FORM | {"base_url": "https://elsewhere.example/v1", "api_password": ""}
    answer = alice.client.post(f"/models/{provider_id}", data=form, headers=HTML)
    assert answer.status_code == 400
    assert "The server is another one" in answer.text
    assert "https://elsewhere.example/v1" in answer.text
    assert stored(database)[0].base_url == FORM["base_url"]
    form |= {"forget_key": "1"}
    assert alice.client.post(f"/models/{provider_id}", data=form).status_code == 303
    assert stored(database)[0].key_set_at is None


def test_they_are_ordered_switched_and_deleted_at_once(
    alice: Person, app: Flask, add: Add, database: Database
) -> None:
    first, second = add(name="first"), add(name="second")

    def post(provider_id: str, what: str, **form: str) -> list[str]:
        path = f"/models/{provider_id}/{what}"
        assert alice.client.post(path, data=form).status_code == 303
        return offered(app)

    assert post(second, "move", way="up") == ["second", "first", "library"]
    assert post(second, "move", way="down") == ["first", "second", "library"]
    assert post(first, "switch", to="off") == ["second", "library"]
    assert "Switched off" in alice.client.get("/models", headers=HTML).text
    assert post(first, "switch", to="on") == ["first", "second", "library"]
    assert post(first, "delete") == ["second", "library"]
    assert [view.name for view in stored(database)] == ["second"]


@pytest.mark.parametrize("form", [{}, {"way": "left", "to": "maybe"}])
def test_there_are_only_two_ways(alice: Person, add: Add, form: dict[str, str]) -> None:
    provider_id = add()
    for what in ("move", "switch"):
        answer = alice.client.post(f"/models/{provider_id}/{what}", data=form, headers=HTML)
        assert answer.status_code == 400


def test_those_of_the_environment_come_first_and_are_only_shown(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(connections=(OF_ENVIRONMENT,))
    alice = sign_in(app, "alice")
    alice.client.post("/models", data=FORM)
    assert offered(app) == ["openai", "team", "library"]
    page = alice.client.get("/models", headers=HTML).text
    assert "From the environment" in page
    assert "Actions for team" in page
    assert "Actions for openai" not in page
    assert OF_ENVIRONMENT.key not in page


def test_when_the_secret_key_has_changed_the_site_starts_and_says_which_key_to_type(
    make_app: Callable[..., Flask], add: Add
) -> None:
    add()
    app = make_app(secret_key="another secret of the site")
    assert offered(app) == ["library"]
    alice = sign_in(app, "alice")
    page = alice.client.get("/models", headers=HTML).text
    assert "Key cannot be read" in page
    assert "type the key again" in page
    tried = alice.client.post("/models/test", data={"name": "team"}, headers=HTML)
    assert "cannot be read, because the secret key has changed" in tried.text
    with app.extensions["parley"].database.reading() as session:
        provider_id = list_stored(session)[0].id
    assert alice.client.post(f"/models/{provider_id}", data=FORM).status_code == 303
    assert offered(app) == ["team", "library"]


def test_the_database_holds_no_key_in_clear(add: Add, database: Database) -> None:
    add()
    with database.reading() as session:
        row = session.execute(text("SELECT * FROM providers")).one()
    assert row.name == "team"
    assert KEY not in str(row)
