"""The id of a request: of everybody's own making here, and nobody's but a trusted proxy's there."""

import re

import pytest
from flask.testing import FlaskClient

from chat.loglines import as_json, as_text
from tests.conftest import MakeApp

OURS = re.compile(r"[0-9a-f]{32}")


def id_of(visitor: FlaskClient, sent: str, path: str = "/healthz") -> str:
    return visitor.get(path, headers={"X-Request-ID": sent}).headers["X-Request-ID"]


def test_every_response_has_an_id_of_its_own(visitor: FlaskClient) -> None:
    paths = ("/healthz", "/login", "/nothing", "/api/stream/status", "/static/favicon.svg")
    ids = {id_of(visitor, "", path) for path in paths}
    assert len(ids) == len(paths)
    assert all(OURS.fullmatch(one) for one in ids)


def test_nobody_chooses_the_id_of_a_request(visitor: FlaskClient) -> None:
    assert OURS.fullmatch(id_of(visitor, "from-outside"))


def test_a_trusted_proxy_does(make_app: MakeApp) -> None:
    assert id_of(make_app(trusted_proxies=1).test_client(), "of.the-proxy_1") == "of.the-proxy_1"


@pytest.mark.parametrize("sent", ["", "a b", "a=b", "x" * 65, 'a"b', "ä", "<b>"])
def test_an_id_that_could_be_something_else_is_replaced(make_app: MakeApp, sent: str) -> None:
    assert OURS.fullmatch(id_of(make_app(trusted_proxies=1).test_client(), sent))


def test_a_line_is_one_line_whatever_is_in_it() -> None:
    facts = {"model": 'a "b"\nc=d e', "status": 200}
    assert as_text("now", "answer", facts) == ('now answer model="a \\"b\\"\\nc=d e" status=200\n')
    assert as_json("now", "answer", facts).count("\n") == 1
