"""What only the one who runs the site may ask, and what a busy database answers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import TimeoutError

from chat.database import Database
from tests.conftest import MakeApp
from tests.people import Person

FORWARDED = [{"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_machine_itself_reads_the_figures(visitor: FlaskClient, address: str) -> None:
    answer = visitor.get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 200
    assert "parley_resident_memory_bytes" in answer.text


@pytest.mark.parametrize("address", ["203.0.113.7", "::2", ""])
def test_nobody_else_reads_the_figures(visitor: FlaskClient, address: str) -> None:
    answer = visitor.get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 404


@pytest.mark.parametrize("headers", FORWARDED)
def test_a_proxy_of_this_machine_that_is_not_trusted_does_not_make_the_figures_public(
    visitor: FlaskClient, headers: dict[str, str]
) -> None:
    assert visitor.get("/metrics", headers=headers).status_code == 404


def test_behind_a_trusted_proxy_the_one_who_asks_counts(make_app: MakeApp) -> None:
    visitor = make_app(trusted_proxies=1).test_client()
    for address, status in (("203.0.113.7", 404), ("127.0.0.1", 200)):
        answer = visitor.get("/metrics", headers={"X-Forwarded-For": address})
        assert answer.status_code == status


def test_when_every_connection_is_in_use_the_answer_is_to_try_again(
    app: Flask, alice: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing_free() -> None:
        raise TimeoutError("QueuePool limit of size 5 overflow 10 reached")

    monkeypatch.setattr(database.engine.pool, "connect", nothing_free)
    answer = alice.client.get("/api/conversations")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.get_json()["code"] == "unavailable"
