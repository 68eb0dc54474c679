"""Too many questions: the countdown that keeps the draft, and the place in the queue."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.chatting import QUESTION, SLOW, Chat, add_harbour, sign_in_as
from tests.browser.test_accessibility import look
from tests.conftest import StartSite

PLACE = ".stages__item.is-active [data-slot=text]"
TEXT = b"# Tides\n\nThe tide table hangs beside the door of the harbour office."
TURN = "Somebody else's turn comes first?"
CHANGES = """() => {
  window.told = [];
  const region = document.querySelector('[data-role=notices]');
  new MutationObserver(() => window.told.push(region.textContent.trim()))
    .observe(region, { childList: true, characterData: true, subtree: true });
}"""


def refuse_once(page: Page, seconds: int) -> None:
    """The next send is one too many; those after it are for the site."""
    problem = {"status": 429, "title": "Too many requests", "code": "rate_limited"}
    problem |= {"detail": "You have asked 20 questions in the past minute. Try again in 2 seconds."}

    def refuse(route: Route) -> None:
        body = json.dumps(problem | {"retry_after": seconds})
        kind = {"Content-Type": "application/problem+json", "Retry-After": str(seconds)}
        route.fulfill(status=429, body=body, headers=kind)

    page.route("**/messages/stream", refuse, times=1)


def test_a_draft_outlasts_the_countdown_and_can_be_sent_then(chat: Chat) -> None:
    chat.complaints.expected += ["429"]
    refuse_once(chat.page, 3)
    chat.page.evaluate(CHANGES)
    chat.ask()
    wait = chat.page.locator("[data-role=wait]")
    expect(wait).to_have_text(re.compile(r"0:0[123]"))
    expect(chat.send_button).to_be_hidden()
    expect(chat.composer).to_have_value(QUESTION)
    expect(chat.composer).to_be_focused()
    chat.composer.press("Enter")  # too early: nothing is sent
    chat.composer.press("End")
    chat.page.keyboard.type(" Please!")
    expect(chat.questions).to_have_count(0)
    expect(chat.send_button).to_be_visible(timeout=10_000)
    expect(wait).to_be_hidden()
    expect(chat.page.locator(".composer .notice")).to_have_count(0)
    expect(chat.composer).to_have_value(f"{QUESTION} Please!")
    told = chat.page.evaluate("() => window.told")
    assert [text for text in told if text and "questions in the past minute" not in text] == []
    assert sum(1 for text in told if text) == 1  # read out once, not each second
    chat.composer.press("Enter")
    chat.await_status()
    expect(chat.composer).to_have_value("")


@pytest.fixture
def queueing(
    start_site: StartSite, new_context: Callable[..., BrowserContext]
) -> tuple[Chat, Chat]:
    """Alice and Bob on a site that writes one answer at a time, slowly."""
    site = start_site(
        PARLEY_SLOTS="1", PARLEY_PROVIDERS="", **SLOW | {"PARLEY_CHUNK_DELAY_MS": "400"}
    )
    add_harbour(site)
    chats = []
    for name in ("alice", "bob"):
        page = new_context(base_url=site.url).new_page()
        sign_in_as(page, name)
        chats.append(Chat(site, page).open())
    return chats[0], chats[1]


def test_who_waits_sees_their_place_and_is_answered_in_turn(queueing: tuple[Chat, Chat]) -> None:
    alice, bob = queueing
    alice.ask()
    alice.await_words(1)
    bob.ask()
    expect(bob.page.locator(PLACE)).to_have_text("1st in the queue")
    expect(bob.answer.locator("[data-slot=stage-said]")).to_have_text("1st in the queue")
    look(bob.page)
    bob.page.reload()
    bob.await_scripts()
    expect(bob.page.locator(PLACE)).to_have_text("1st in the queue")
    alice.page.keyboard.press("Escape")
    alice.await_status("stopped")
    bob.await_words(1)
    done = bob.answer.locator(".stages__item.is-done").first
    expect(done).to_contain_text("Waited in the queue")
    bob.page.keyboard.press("Escape")
    bob.await_status("stopped")


def test_a_question_that_waits_is_stopped_by_the_keyboard(queueing: tuple[Chat, Chat]) -> None:
    alice, bob = queueing
    alice.ask()
    alice.await_words(1)
    bob.ask(TURN)
    expect(bob.page.locator(PLACE)).to_have_text("1st in the queue")
    bob.page.keyboard.press("Escape")
    expect(bob.answer).to_have_attribute("data-status", "stopped")
    expect(bob.send_button).to_be_visible()
    alice.page.keyboard.press("Escape")
    alice.await_status("stopped")


def test_a_file_too_many_says_when_it_may_come(
    start_site: StartSite, new_context: Callable[..., BrowserContext]
) -> None:
    site = start_site(PARLEY_RATE_UPLOADS="1/hour")
    page = new_context(base_url=site.url).new_page()
    sign_in_as(page, "alice")
    page.goto("/library")
    expect(page.locator("[data-module=uploads]")).to_have_attribute("data-ready", "")
    names = ("one.md", "two.md")
    files = [{"name": n, "mimeType": "text/markdown", "buffer": TEXT} for n in names]
    page.locator("[data-role=files]").set_input_files(files)  # type: ignore[arg-type]
    refused = page.locator("li[data-state=failed]")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("1 file in an hour. Try again in")
    expect(refused.get_by_role("button", name="Try again")).to_be_visible()


def test_who_signs_in_too_often_sees_the_button_count_down(
    start_site: StartSite, new_context: Callable[..., BrowserContext]
) -> None:
    site = start_site(PARLEY_RATE_SIGN_IN="1/minute")
    page = new_context(base_url=site.url).new_page()
    page.clock.install()
    page.goto("/login")
    page.get_by_label("Email").fill("alice@example.org")
    for words in ("do not belong together", "Too many attempts to sign in"):
        page.get_by_label("Password", exact=True).fill("not the password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("form")).to_contain_text(words)
    button = page.get_by_role("button", name=re.compile(r"Try again in [01]:\d\d"))
    expect(button).to_be_disabled()
    expect(page.get_by_label("Email")).to_have_value("alice@example.org")
    page.clock.run_for(62_000)
    expect(page.get_by_role("alert")).to_have_text("You can try again now.")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_enabled()


def test_an_admin_sets_limits_of_a_person_by_the_keyboard(
    start_site: StartSite, new_context: Callable[..., BrowserContext]
) -> None:
    site = start_site()
    page = new_context(base_url=site.url).new_page()
    sign_in_as(page, "alice")
    page.goto("/people")
    page.get_by_label("Actions for Bob").press("Enter")
    page.get_by_role("link", name="Set limits").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Limits of Bob")
    look(page)
    page.get_by_label("Questions", exact=True).fill("often")
    page.get_by_label("Questions", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
    page.get_by_label("Questions", exact=True).fill("5/minute")
    page.get_by_label("Questions", exact=True).press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("limits of Bob are saved")
