"""Connecting a model on the page Models, and choosing it in the composer, with a real browser."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_fixtures import SignedIn
from tests.browser.chatting import AT_ONCE, Chat
from tests.browser.test_accessibility import look
from tests.live import LiveSite
from tests.upstream.process import Upstream

Connect = Callable[..., None]


@pytest.fixture(scope="module")
def models_site(
    template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """A site of its own: what is connected here is offered everywhere."""
    with LiveSite(tmp_path_factory.mktemp("models"), template_database, **AT_ONCE) as site:
        yield site


@pytest.fixture
def page(models_site: LiveSite, signed_in: SignedIn) -> Page:
    return signed_in("alice", models_site).new_page()


@pytest.fixture
def connect(page: Page, upstream: Upstream, models_site: LiveSite) -> Iterator[Connect]:
    """Connects a provider on the page: connect("team", "write", "401"); all go afterwards."""

    def connect(name: str, *models: str) -> None:
        page.goto("/models")
        page.get_by_label("Vendor or server").select_option(label="OpenAI-compatible server")
        page.get_by_role("button", name="Connect").click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Address").fill(f"{upstream.url}/v1")
        page.get_by_label("Models", exact=True).fill("\n".join(models))
        page.get_by_label("Key", exact=True).fill("sk-typed-once")
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_role("status").first).to_contain_text("is connected")

    yield connect
    with closing(sqlite3.connect(models_site.folder / "parley.db")) as database:
        ids = [row[0] for row in database.execute("SELECT id FROM providers")]
    for provider_id in ids:
        assert models_site.request("POST", f"/models/{provider_id}/delete", as_="alice")[0] == 303


def test_a_test_shows_the_first_words_or_the_reason_without_leaving(
    page: Page, connect: Connect
) -> None:
    connect("writing", "write")
    connect("refusing", "401")
    writing = page.locator(".row", has_text="writing")
    refusing = page.locator(".row", has_text="refusing")
    page.get_by_role("button", name="Test writing").click()
    expect(writing.locator(".notice")).to_contain_text("It answers, after")
    expect(writing.get_by_text("on offer")).to_be_visible()
    page.get_by_role("button", name="Test refusing").click()
    expect(refusing.locator(".notice")).to_contain_text("No answer.")
    expect(refusing.locator(".notice")).not_to_contain_text("sk-typed-once")
    expect(writing.locator(".notice")).to_be_visible()
    page.get_by_label("Actions for refusing").click()
    look(page)
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Key", exact=True)).to_have_value("")
    look(page)
    page.get_by_label("Window, in tokens").fill("5")
    page.locator("form.stack").evaluate("(form) => { form.noValidate = true; form.submit(); }")
    expect(page.get_by_text("Enter a whole number from 1,000")).to_be_visible()
    look(page)


def test_the_button_says_that_a_test_is_running(page: Page, connect: Connect) -> None:
    connect("slow", "write-wait-400")
    button = page.get_by_role("button", name="Test slow")
    button.click()
    expect(button).to_have_text("Testing…")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".row .notice")).to_contain_text("It answers")
    expect(button).to_have_text("Test")


def test_a_question_before_a_provider_is_deleted(page: Page, connect: Connect) -> None:
    connect("kept", "write")
    page.get_by_label("Actions for kept").click()
    page.get_by_text("Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Delete kept?")
    look(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".row", has_text="kept")).to_be_visible()


def test_the_chosen_model_answers_and_stays_chosen(
    page: Page, connect: Connect, models_site: LiveSite, upstream: Upstream
) -> None:
    connect("team", "gpt-large", "gpt-small")
    chat = Chat(models_site, page).open("/")
    writer = page.get_by_label("Who writes the answer")
    expect(writer).to_have_value("team gpt-large")
    writer.select_option(label="gpt-small")
    chat.ask()
    chat.await_status()
    assert upstream.seen()[-1]["body"]["model"] == "gpt-small"
    expect(chat.answer).to_contain_text("team · gpt-small")
    page.reload()
    expect(writer).to_have_value("team gpt-small")
    chat.open("/")
    expect(writer).to_have_value("team gpt-small")  # a new chat begins with the last choice
    writer.select_option(label="built-in")
    chat.ask()
    chat.await_status()
    expect(chat.answer).to_contain_text("library")
    look(page)
