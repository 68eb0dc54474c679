"""A model's answer on a page without script: why it waits, what is thought, who wrote it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from markupsafe import Markup

from chat.values import Connection
from tests.conftest import MakeApp, sign_in
from tests.people import Person
from tests.upstream.process import Upstream
from tests.web.test_pages import QUESTION, answers_in, ask, wait_until

Look = Callable[[str], str]


@pytest.fixture
def alice(make_app: MakeApp, upstream: Upstream) -> Person:
    model = Connection(
        name="openai",
        kind="openai_compatible",
        preset="other",
        base_url=f"{upstream.url}/v1",
        models=("large",),
        key="sk-loopback",
    )
    return sign_in(make_app(connections=(model,)), "alice")


@contextmanager
def asking(person: Person) -> Iterator[Look]:
    """A running answer: the words of its page, as soon as they hold what is waited for."""
    response = person.client.post("/c", data={"content": QUESTION})
    address = response.location.partition("#")[0]

    def look(pattern: str) -> str:
        page = ""

        def holds() -> bool:
            nonlocal page
            page = person.client.get(address).text
            return re.search(pattern, page) is not None

        wait_until(holds)
        return page

    yield look
    answer = answers_in(person.client.get(address).text)[0]
    person.client.post(f"{address}/stop", data={"message_id": answer})
    look('data-running=""')


def words_of(page: str) -> str:
    return Markup(page).striptags()


def test_an_answer_that_waits_for_another_try_says_why(alice: Person, upstream: Upstream) -> None:
    upstream.script("503-retry-after-9")
    with asking(alice) as look:
        page = words_of(look("It is asked again"))
    assert "Asking openai again" in page
    assert "openai has a problem of its own (503). It is asked again in 9 s." in page


def test_thinking_is_open_while_there_is_nothing_else(alice: Person, upstream: Upstream) -> None:
    upstream.script({"kind": "thinking", "rate": 2})
    with asking(alice) as look:
        page = look('<details class="thinking" data-slot="thinking" open>')
    assert re.search(r'data-slot="thinking-text"><p>The', page)


def test_a_finished_answer_tells_who_failed_and_how_long_was_thought(
    alice: Person, upstream: Upstream
) -> None:
    upstream.script({"kind": "thinking", "tokens": 5})
    page = alice.client.get(ask(alice)).text
    assert re.search(r'data-slot="thinking">\s*<summary>.*Thought for \d+ ms', page)
    upstream.script("401")
    page = words_of(alice.client.get(ask(alice)).text)
    assert "openai refused the key (401). library wrote this answer." in page


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=1&c", 'href="https://example.org/a?b=1&amp;c" target="_blank"'
                                        ' rel="noopener noreferrer nofollow"'),
        ("javascript:alert(1)", None),
        ("//example.org", None),
        ("https://[", None),
    ],
)  # fmt: skip
def test_a_source_on_the_web_is_linked_where_it_may_be(
    alice: Person, url: str, link: str | None
) -> None:
    source = {"n": 1, "document_id": "", "passage_id": "", "title": "A <page>", "quote": ""}
    page = why(alice, sources=[source | {"url": url}])
    assert "A &lt;page&gt;" in page
    assert (link in page) if link else ('<a class="source' not in page and "javascript" not in page)
    assert "blockquote" not in page


def test_a_source_says_where_in_its_file_it_stands(alice: Person) -> None:
    source = {"n": 1, "document_id": "d", "passage_id": "p", "title": "Tides", "quote": ""}
    assert ">pages 3–4</span>" in why(alice, sources=[source | {"place": "pages 3–4"}])
    assert "source__where" not in why(alice, sources=[source])


def test_what_was_estimated_and_how_fast_it_stopped_are_told(alice: Person) -> None:
    usage = {"prompt_tokens": 1200, "completion_tokens": 5, "estimated": True}
    page = why(alice, usage=usage, timing={"stop_ms": 3.4})
    assert "<dd>1,200 read, 5 written, estimated</dd>" in page
    assert "<dt>Stopped within</dt><dd>3 ms</dd>" in page
    assert "estimated" not in why(alice, usage=usage | {"estimated": False})


def why(person: Person, **details: Any) -> str:
    """The Why panel of an answer with these details."""
    app = person.client.application
    message = {"id": "m", "details": details}
    with app.test_request_context():
        module = app.jinja_env.get_template("chat/why.html").make_module(
            {"asset": lambda name: name}
        )
        return str(module.why(message))  # type: ignore[attr-defined]


def test_a_models_confidence_says_what_it_was_computed_from(
    alice: Person, upstream: Upstream
) -> None:
    page = alice.client.get(ask(alice)).text
    assert 'aria-label="What it was computed from"' in page
    assert re.search(r"<dt>Tokens measured</dt>.*?<dd>\d+</dd>", page)
    assert re.search(r"<dt>Mean log-probability of a token</dt>.*?<dd>-\d\.\d\d</dd>", page)
