"""An answer that is given again: marked with its age, and one click away from another one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chat_fixtures import SignedIn
from tests.browser.chatting import AT_ONCE, QUESTION, Chat, Complaints, add_harbour
from tests.browser.test_accessibility import look
from tests.live import LiveSite


@pytest.fixture(scope="module")
def caching_site(
    template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    environ = AT_ONCE | {"PARLEY_CACHE_ANSWERS": "100"}
    with LiveSite(tmp_path_factory.mktemp("caching"), template_database, **environ) as site:
        add_harbour(site)
        yield site


@pytest.fixture
def again(caching_site: LiveSite, signed_in: SignedIn, complaints: Complaints) -> Chat:
    """Alice's chat in which she has just asked what was answered before, and was given that."""
    page = signed_in("alice", caching_site).new_page()
    complaints.listen(page)
    chat = Chat(caching_site, page)
    while True:  # it is kept in the background
        chat.open().ask()
        chat.await_status()
        if chat.stored["metadata"]["cached"]:
            return chat


def test_it_says_how_old_it_is_and_is_otherwise_as_any(again: Chat) -> None:
    again.has_what_is_stored()
    head = again.answer.locator(".msg__head")
    expect(head).to_contain_text(re.compile(r"From an answer of (less than a|\d+) minutes? ago"))
    expect(head.locator(".chip time")).to_have_attribute("title", re.compile(r"Today, \d\d:\d\d"))
    expect(again.answer.locator(".confidence")).to_contain_text(re.compile(r"\d+ % confidence"))
    again.answer.get_by_label("Why this answer").first.click()
    panel = again.page.locator(".why[open]")
    expect(panel).to_contain_text(re.compile(r"Found an answer of (less than a|\d+) minutes? ago"))
    expect(panel).to_contain_text("Written today")
    again.page.reload()
    expect(head).to_contain_text("From an answer of")


def test_another_answer_is_one_click_away(again: Chat) -> None:
    button = again.answer.get_by_role("button", name="Ask again without the cache")
    button.click()
    expect(again.answer.locator(".versions")).to_contain_text("2")
    again.await_status()
    assert again.stored["metadata"]["cached"] is False
    again.has_what_is_stored()
    expect(again.answer.locator(".msg__head")).not_to_contain_text("From an answer")
    expect(again.page.get_by_role("button", name="Ask again without the cache")).to_have_count(0)
    assert [one["content"] for one in again.messages() if one["role"] == "user"] == [QUESTION]


def test_it_is_asked_again_with_the_keyboard_alone(again: Chat) -> None:
    again.answer.get_by_label("Why this answer").first.focus()
    again.page.keyboard.press("Tab")
    button = again.answer.get_by_role("button", name="Ask again without the cache")
    expect(button).to_be_focused()
    again.page.keyboard.press("Enter")
    expect(again.answer.locator(".versions")).to_contain_text("2")
    again.await_status()
    assert again.stored["metadata"]["cached"] is False


def test_screen_readers_are_told_of_its_age_and_find_nothing_wrong(again: Chat) -> None:
    look(again.page)
    chip = again.answer.locator(".msg__head .chip")
    expect(chip.locator("svg")).to_have_attribute("aria-hidden", "true")
    expect(chip).to_have_text(re.compile("^From an answer of"))


def test_it_fits_a_narrow_screen(again: Chat) -> None:
    again.page.set_viewport_size({"width": 360, "height": 740})
    button = again.answer.get_by_role("button", name="Ask again without the cache")
    expect(button).to_be_visible()
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert again.page.evaluate(wide)
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 40
    assert box["x"] + box["width"] <= 360
