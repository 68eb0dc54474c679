"""Searching in a real browser: the dialog by keyboard alone, and the page that follows words."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.live import LiveSite

DOCUMENTS = {  # of animals that no other test of the site that they share tells of
    "Of numbats": "A numbat is shy, and lives in forests.",
    "Of tapirs": "A tapir is shy, too.",
}


@pytest.fixture
def page(sign_in: SignIn, live_site: LiveSite) -> Page:
    """The account page as Alice sees it, when there is something to find."""
    for title, text in DOCUMENTS.items():
        body = {"title": title, "text": text}
        status, _ = live_site.request("POST", "/api/documents", body, as_="alice")
        assert status in {200, 201}
    page = sign_in("alice")
    page.goto("/account")
    page.locator("[data-module=sidebar][data-ready]").wait_for()
    return page


def test_the_dialog_is_used_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search everything you can read")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("shy")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    for key, chosen in (("ArrowDown", 1), ("ArrowDown", 0), ("ArrowUp", 1)):
        page.keyboard.press(key)
        expect(options.nth(chosen)).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", f"found-{chosen + 1}")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    address = options.nth(1).get_attribute("data-href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    expect(page.locator("#quote")).to_be_attached()


def test_escape_closes_the_dialog_and_gives_the_focus_back(page: Page) -> None:
    new = page.get_by_role("link", name="New chat")
    new.focus()
    page.keyboard.press("Control+k")
    page.keyboard.type("numbut")
    expect(page.get_by_text("Found for “numbat")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).to_have_count(0)
    expect(new).to_be_focused()


def test_the_field_of_the_sidebar_opens_it_with_what_was_typed(page: Page) -> None:
    page.get_by_role("searchbox", name="Search conversations and documents").press_sequentially("n")
    page.keyboard.type("umbat")
    expect(page.get_by_role("combobox")).to_have_value("numbat")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="All results and filters").click()
    page.wait_for_url("**/search?q=numbat")


def test_the_page_follows_words_and_filters(page: Page) -> None:
    page.goto("/search")
    field = page.get_by_role("main").get_by_role("searchbox")
    expect(field).to_be_focused()
    page.locator("[data-module=search-page][data-ready]").wait_for()
    field.fill("shy")
    expect(page.locator(".result")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"/search\?q=shy$"))
    expect(page.locator('[data-count="documents"]')).to_have_text("2")
    page.get_by_role("radio", name="Conversations").check(force=True)
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()
    expect(page).to_have_url(re.compile(r"what=conversations"))
    page.reload()
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_without_script_the_page_is_a_form(
    sign_in: SignIn, live_site: LiveSite, width: int
) -> None:
    body = {"title": "Of numbats", "text": DOCUMENTS["Of numbats"]}
    live_site.request("POST", "/api/documents", body, as_="alice")
    page = sign_in("alice", java_script_enabled=False, viewport={"width": width, "height": 800})
    page.goto("/search")
    page.get_by_role("main").get_by_role("searchbox").fill("numbat")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".result mark").first).to_be_visible()
