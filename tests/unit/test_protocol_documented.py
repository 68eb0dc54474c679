"""Every route, event, field and code has its place in docs/protocol.md."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from flask import Flask

from chat import errors, events
from chat.knowledge.reading.refusals import REASONS
from chat.values import Depth, Source

PAGE = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text()
EVENT_ROW = re.compile(r"^\| `(\w+)` \| `\{(.+)\}` \|", re.MULTILINE)
ROUTE_ROW = re.compile(r"^\| `([A-Z]+) (/\S+)` \|", re.MULTILINE)
OPEN_ROUTES = {"/healthz", "/readyz", "/metrics"}


def test_every_event_is_there_with_exactly_its_fields() -> None:
    written = {
        name: [field.strip().removesuffix("?") for field in fields.split(",")]
        for name, fields in EVENT_ROW.findall(PAGE)
    }
    for name, kind in events.ALL.items():
        assert written[name] == [field.name for field in msgspec.structs.fields(kind)]


@pytest.mark.parametrize(
    "words",
    [
        get_args(events.Stage),
        get_args(events.StopReason),
        get_args(events.Basis),
        tuple(Depth),
        REASONS,
        tuple({kind.code for kind in vars(errors).values() if hasattr(kind, "code")}),
    ],
)
def test_every_word_of_a_closed_set_is_there(words: tuple[str, ...]) -> None:
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_the_fields_of_a_source_are_there() -> None:
    fields = Source(1, "", "", "", "", 1.0).as_json()
    assert f"{{{', '.join(fields)}}}" in PAGE


def test_every_route_of_the_api_is_there_and_no_other(app: Flask) -> None:
    served = {
        (method, _nameless(rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule in OPEN_ROUTES
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    written = {(method, _nameless(path)) for method, path in ROUTE_ROW.findall(PAGE)}
    assert written == served


def _nameless(path: str) -> str:
    return re.sub(r"<[^>]+>", "<>", path)
