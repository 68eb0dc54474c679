"""Which provider and model a page offers, and which of them stands chosen."""

from typing import Any

import pytest
from flask import Flask

from chat.providers.base import Draft
from chat.providers.registry import Registry
from chat.values import AnswerRequest
from chat.web.writers import offer_writers, read_writer
from tests.people import Person
from tests.web.streams import answer_id, ask, new_conversation


class Named:
    """A provider that is only listed."""

    def __init__(self, name: str, *models: str) -> None:
        self.name, self.models = name, models

    def open(self, request: AnswerRequest) -> Draft:
        raise AssertionError("nobody writes here")


REGISTRY = Registry([Named("a", "large", "a small one"), Named("library", "built-in")])
BY_SMALL: dict[str, Any] = {"provider": "a", "model": "a small one"}
HANDED_OVER = {
    "provider": "library",
    "model": "built-in",
    "analysis": {"stages": [{"stage": "fallback"}]},
}


@pytest.mark.parametrize(
    ("answers", "chosen"),
    [
        ([], "a large"),
        ([BY_SMALL], "a a small one"),
        ([BY_SMALL, {"provider": "library", "model": "built-in"}], "library built-in"),
        ([BY_SMALL, HANDED_OVER], "a a small one"),
        ([HANDED_OVER], "a large"),
        ([{"provider": "gone", "model": "x"}], "a large"),
        ([{"provider": "a", "model": "gone"}], "a large"),
        ([{}], "a large"),
    ],
)
def test_chosen_is_who_wrote_last_by_choice(answers: list[dict[str, Any]], chosen: str) -> None:
    assert offer_writers(REGISTRY, answers).chosen == chosen


def test_a_form_names_both_in_one_field_or_in_two() -> None:
    assert read_writer({"writer": "a a small one"}) == ("a", "a small one")
    assert read_writer({"provider": "a", "model": "large"}) == ("a", "large")
    assert read_writer({}) == ("", "")


def test_the_page_of_a_conversation_stands_on_its_last_choice(app: Flask, alice: Person) -> None:
    app.extensions["parley"].providers.replace(
        [Named("a", "large"), *app.extensions["parley"].providers.list()]
    )
    html = {"Accept": "text/html"}
    assert '<option value="a large" selected>' in alice.client.get("/", headers=html).text
    conversation = new_conversation(alice)
    answer_id(ask(alice, conversation, provider="library"))
    page = alice.client.get(f"/c/{conversation}", headers=html).text
    assert '<option value="library built-in" selected>' in page


def test_a_plain_form_asks_the_chosen_one(app: Flask, alice: Person) -> None:
    form = {"content": "What is in the library?", "writer": "library built-in"}
    assert alice.client.post("/c", data=form).status_code == 303
    form["writer"] = "nobody none"
    refused = alice.client.post("/c", data=form, headers={"Accept": "text/html"})
    assert refused.status_code == 400
    assert "There is no provider of that name here" in refused.text
    assert form["content"] in refused.text
