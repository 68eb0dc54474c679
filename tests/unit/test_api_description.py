"""The description of the API is of every route, and says of each what any route may answer."""

import ast
import inspect
import textwrap
from typing import Any

import pytest
from flask import Flask

from chat.web.description import build, operations
from chat.web.description.document import routes_of
from chat.web.description.operation import Operation

pytestmark = pytest.mark.sqlite_only  # about the routes, not about what they store
USUAL = {"401", "429", "500", "503"}


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    return build(app)


def operations_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_route_of_the_api_is_described_and_no_other(
    app: Flask, described: dict[str, Any]
) -> None:
    served = {f"{method} {path}" for method, path, _ in routes_of(app)}
    assert set(operations_of(described)) == served


def test_a_route_that_nobody_has_described_is_named(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = dict(operations.places.OPERATIONS)
    del left["GET /api/spaces"]
    monkeypatch.setattr("chat.web.description.document.AREAS", {"Some": left})
    with pytest.raises(LookupError, match="GET /api/spaces'"):
        build(app)


def test_every_route_may_answer_what_any_route_may(described: dict[str, Any]) -> None:
    for name, operation in operations_of(described).items():
        answers = set(operation["responses"])
        usual = USUAL - {"401"} if operation.get("security") == [] else USUAL
        assert usual <= answers, name
        if not name.startswith("GET"):
            assert {"400", "413"} <= answers, name
        if "{" in name:
            assert "404" in answers, name


def test_every_route_has_a_sentence_and_a_name_of_its_own(described: dict[str, Any]) -> None:
    told = operations_of(described)
    assert [name for name, operation in told.items() if not operation["summary"]] == []
    assert len({operation["operationId"] for operation in told.values()}) == len(told)


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    for reference in _references(described):
        found: Any = described
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_what_changes_something_asks_for_the_csrf_token_beside_a_cookie(
    described: dict[str, Any],
) -> None:
    for name, operation in operations_of(described).items():
        if not name.startswith("GET"):
            assert {"cookie": [], "csrf": []} in operation["security"], name


def test_the_body_of_a_route_is_what_its_view_reads(app: Flask) -> None:
    """`read_body(Kind)` in a view, or in a function of its module that it calls."""
    known = {name: one for area in operations.AREAS.values() for name, one in area.items()}
    wrong = []
    for method, path, rule in routes_of(app):
        read = _bodies_read(inspect.unwrap(app.view_functions[rule.endpoint]))
        told = _told(known[f"{method} {path}"])
        if read != told:
            wrong.append(f"{method} {path}: reads {read}, described with {told}")
    assert wrong == []


def _told(operation: Operation) -> set[str]:
    return {operation.body.__name__} if operation.body is not None else set()


def _bodies_read(view: Any, seen: frozenset[str] = frozenset()) -> set[str]:
    """The names of the types that a function reads, itself or by functions of the project."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(view)))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        called = inspect.unwrap(view).__globals__.get(node.func.id)
        if node.func.id == "read_body" and isinstance(node.args[0], ast.Name):
            found.add(node.args[0].id)
        elif _is_of_web(called) and node.func.id not in seen:
            found |= _bodies_read(called, seen | {node.func.id})
    return found


def _is_of_web(called: Any) -> bool:
    return inspect.isfunction(called) and called.__module__.startswith("chat.web.")


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(_references, value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()
