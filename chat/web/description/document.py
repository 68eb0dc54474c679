"""Puts the description together: the routes of the app, their views' sentences, their operations.

Keeps true: a route that nobody has described makes it fail, and so does a description without a
route. May import every floor below web and the rest of this folder.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from flask import Flask
from werkzeug.routing import Rule

from chat import __version__
from chat.web.description import streams
from chat.web.description.bodies import narrow
from chat.web.description.operation import JSON, Answer, Operation, Parameter
from chat.web.description.operations import AREAS
from chat.web.description.problems import PROBLEMS
from chat.web.description.shapes.plain import Problem

PREFIX = "/api/"
_NAME = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
_SAFE = frozenset({"GET", "HEAD"})
_REF = "#/components/schemas/{name}"


def build(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the app's API; LookupError where it would not be complete."""
    known = {name: operation for area in AREAS.values() for name, operation in area.items()}
    tags = {name: tag for tag, area in AREAS.items() for name in area}
    routes = {f"{method} {path}": rule for method, path, rule in routes_of(app)}
    if set(known) != set(routes):
        raise LookupError(f"not described, or not there: {sorted(set(known) ^ set(routes))}")
    schemas = _Schemas(known.values())
    paths: dict[str, dict[str, Any]] = {}
    for name, rule in sorted(routes.items(), key=lambda item: item[0].split()[::-1]):
        method, path = name.split()
        said = (app.view_functions[rule.endpoint].__doc__ or "").strip().split("\n")[0]
        told = {"operationId": _operation_id(rule), "summary": said, "tags": [tags[name]]}
        paths.setdefault(path, {})[method.lower()] = told | _operation(
            method, path, known[name], schemas
        )
    return _head() | {"paths": paths, "components": _components(app, schemas)}


def routes_of(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Every route of the API as (method, path, rule), the path as OpenAPI writes it."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if rule.rule.startswith(PREFIX):
                yield method, _NAME.sub(r"{\1}", rule.rule), rule


class _Schemas:
    """The schemas of all types that the operations name, each by its type."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        types: list[Any] = [Problem]
        for operation in operations:
            types += [operation.body] if operation.body is not None else []
            types += [one.shape for one in operation.answers.values() if one.shape is not None]
        self._types = [one for one in types if not isinstance(one, dict)]
        found, self.named = msgspec.json.schema_components(self._types, ref_template=_REF)
        self._found = list(found)
        narrow(self.named)

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type; one that is a schema already stays."""
        return kind if isinstance(kind, dict) else self._found[self._types.index(kind)]


def _operation(method: str, path: str, told: Operation, schemas: _Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {"responses": _answers(method, path, told, schemas)}
    parameters = [*_path_parameters(path), *map(_parameter, told.query)]
    if parameters:
        operation["parameters"] = parameters
    if body := _body(told, schemas):
        operation["requestBody"] = body
    if told.is_open:
        operation["security"] = []
    elif method not in _SAFE:
        operation["security"] = [{"bearer": []}, {"cookie": [], "csrf": []}]
    return operation


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _parameter(one: Parameter) -> dict[str, Any]:
    return {"name": one.name, "in": one.place, "description": one.says, "schema": dict(one.schema)}


def _body(told: Operation, schemas: _Schemas) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if told.body is not None:
        content[JSON] = {"schema": schemas.of(told.body)}
    if told.form is not None:
        content["multipart/form-data"] = {"schema": dict(told.form)}
    return {"required": told.needs_body, "content": content} if content else {}


def _answers(method: str, path: str, told: Operation, schemas: _Schemas) -> dict[str, Any]:
    good = {str(status): _good(one, schemas) for status, one in told.answers.items()}
    bad = {str(status): {"$ref": f"#/components/responses/{PROBLEMS[status].name}"}
           for status in told.statuses(method, path)}  # fmt: skip
    return good | bad


def _good(one: Answer, schemas: _Schemas) -> dict[str, Any]:
    if one.shape is None:
        return {"description": one.says}
    return {"description": one.says, "content": {one.kind: {"schema": schemas.of(one.shape)}}}


def _operation_id(rule: Rule) -> str:
    return str(rule.endpoint).replace(".", "_")


def _head() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parley",
            "version": __version__,
            "description": "A chat site that a team hosts itself. How a run is followed and resumed"
            " is in docs/protocol.md.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"cookie": []}],
        "tags": [{"name": tag} for tag in AREAS],
    }


def _components(app: Flask, schemas: _Schemas) -> dict[str, Any]:
    return {
        "schemas": dict(schemas.named) | streams.components(),
        "responses": {one.name: one.as_response() for one in PROBLEMS.values()},
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API token, made on the account page.",
            },
            "cookie": {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]},
            "csrf": {
                "type": "apiKey",
                "in": "header",
                "name": app.config["WTF_CSRF_HEADERS"][0],
                "description": "With the cookie: the value that pages carry in their `meta`.",
            },
        },
    }
