"""Which providers there are, in which order, and who comes next."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from chat.database import Database
from chat.errors import Invalid, NotFound
from chat.migrate import upgrade
from chat.providers.base import Draft, Provider
from chat.providers.registry import Registry
from chat.providers.sealing import Sealer
from chat.providers.stored import (
    Description,
    KeyNeeded,
    NameTaken,
    add_stored,
    change_stored,
    delete_stored,
    is_readable,
    list_stored,
    move_stored,
    switch_stored,
    usable_connections,
)
from chat.values import AnswerRequest

KEY = "sk-not-for-any-eyes"
SEALER = Sealer("a secret of the site's own")


class Named:
    """A provider that is only listed."""

    def __init__(self, name: str, *models: str) -> None:
        self.name = name
        self.models = models or ("usual", "other")

    def open(self, request: AnswerRequest) -> Draft:
        raise AssertionError("nobody writes here")


def names(providers: list[Provider]) -> list[str]:
    return [provider.name for provider in providers]


def test_the_chosen_one_is_asked_first_and_the_built_in_one_last() -> None:
    registry = Registry([Named("a"), Named("b"), Named("library", "extractive")])
    asked = [(one.name, model) for one, model in registry.candidates("b", "other")]
    assert asked == [("b", "other"), ("a", "usual"), ("library", "extractive")]
    assert [one.name for one, _ in registry.candidates("", "")] == ["a", "b", "library"]


def test_after_the_built_in_one_nobody_is_asked() -> None:
    registry = Registry([Named("a"), Named("library")])
    assert [one.name for one, _ in registry.candidates("library", "")] == ["library"]


def test_a_choice_that_is_gone_is_refused_for_a_question_and_replaced_for_an_answer() -> None:
    registry = Registry([Named("a"), Named("library")])
    for choice in (("gone", ""), ("a", "gone")):
        with pytest.raises(Invalid, match="Choose one of: "):
            registry.choose(*choice)
        assert registry.candidates(*choice)[0][0].name == "a"


def test_a_space_says_who_is_asked_first_where_nobody_was_chosen() -> None:
    registry = Registry([Named("a"), Named("b"), Named("library")])
    asked = {
        ("", ""): ["b", "a", "library"],
        ("a", ""): ["a", "b", "library"],
        ("library", ""): ["library"],
    }
    for choice, order in asked.items():
        found = registry.candidates(*choice, ["gone", "b"])
        assert [provider.name for provider, _ in found] == order
    assert [provider.name for provider, _ in registry.candidates("", "", ["library"])] == [
        "library"
    ]


def test_the_stored_ones_are_read_at_the_first_use_and_after_a_change() -> None:
    given: list[Provider] = [Named("a")]
    reads: list[int] = []

    def load() -> list[Provider]:
        reads.append(1)
        return list(given)

    registry = Registry(load=load)
    assert reads == []
    assert names(registry.list()) == names(registry.list()) == ["a"]
    assert len(reads) == 1
    given.append(Named("b"))
    registry.reload()
    assert names(registry.list()) == ["a", "b"]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Database:
    engine = create_engine(f"sqlite:///{tmp_path_factory.mktemp('stored') / 'parley.db'}")
    upgrade(engine)
    return Database(engine)


@pytest.fixture
def database(migrated: Database) -> Iterator[Database]:
    yield migrated
    with migrated.writing() as session:
        session.execute(text("DELETE FROM providers"))


def described(name: str, address: str = "https://h/v1") -> Description:
    return Description(
        name=name, preset="other", base_url=address, models=("m",), context_tokens=4096
    )


def add(database: Database, name: str, key: str = KEY) -> str:
    with database.writing() as session:
        return add_stored(session, SEALER, described(name), key)


def usable(database: Database, sealer: Sealer = SEALER, *taken: str) -> list[str]:
    with database.reading() as session:
        return [one.name for one in usable_connections(session, sealer, taken)]


def test_a_stored_provider_is_ready_with_its_key_which_the_file_does_not_hold(
    database: Database,
) -> None:
    add(database, "a")
    with database.reading() as session:
        (connection,) = usable_connections(session, SEALER, ())
        (view,) = list_stored(session)
    assert (connection.name, connection.key) == ("a", KEY)
    assert view.key_set_at is not None
    assert KEY not in repr((connection, view))
    file = Path(str(database.engine.url.database))
    assert all(KEY.encode() not in part.read_bytes() for part in file.parent.iterdir())


def test_they_keep_their_order_and_can_change_places(database: Database) -> None:
    a, _, c = (add(database, name) for name in "abc")
    with database.writing() as session:
        move_stored(session, c, up=True)
        move_stored(session, a, up=True)  # it is the first already
        switch_stored(session, a, on=False)
    assert usable(database) == ["c", "b"]
    with database.writing() as session:
        switch_stored(session, a, on=True)
        move_stored(session, a, up=False)
        delete_stored(session, c)
    assert usable(database) == ["a", "b"]


def test_one_with_a_name_of_the_environment_is_left_out(database: Database) -> None:
    add(database, "a")
    add(database, "b")
    assert usable(database, SEALER, "a") == ["b"]


def test_a_key_that_another_secret_sealed_leaves_only_its_provider_out(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    add(database, "a")
    add(database, "b", key="")
    with caplog.at_level(logging.WARNING):
        assert usable(database, Sealer("the secret has changed")) == ["b"]
    assert "the key of the provider a cannot be read" in caplog.text
    with database.reading() as session:
        a, b = list_stored(session)
    assert not is_readable(a, Sealer("the secret has changed"))
    assert is_readable(b, Sealer("the secret has changed"))


def test_a_kept_key_does_not_go_to_another_server(database: Database) -> None:
    a = add(database, "a")
    with database.writing() as session, pytest.raises(KeyNeeded):
        change_stored(session, SEALER, a, described("a", "https://elsewhere/v1"), None)
    with database.writing() as session:
        change_stored(session, SEALER, a, described("a", "https://h/v2"), None)
        assert usable_connections(session, SEALER, ())[0].key == KEY
        change_stored(session, SEALER, a, described("a", "https://elsewhere/v1"), "")
        assert usable_connections(session, SEALER, ())[0].key == ""


def test_a_name_is_given_once(database: Database) -> None:
    add(database, "a")
    b = add(database, "b")
    with database.writing() as session:
        with pytest.raises(NameTaken):
            add_stored(session, SEALER, described("a"), "")
        with pytest.raises(NameTaken):
            change_stored(session, SEALER, b, described("a"), None)
        with pytest.raises(NotFound):
            delete_stored(session, "nothing")
