"""Somebody says what they think of an answer, by mouse and by keyboard, and takes it back."""

from playwright.sync_api import expect

from tests.browser.chatting import Chat
from tests.browser.conftest import SignIn


def test_a_thumb_then_a_reason_then_nothing(chat: Chat) -> None:
    chat.ask()
    chat.await_status()
    poor = chat.answer.get_by_role("button", name="Poor answer")
    poor.focus()
    chat.page.keyboard.press("Enter")
    expect(poor).to_have_attribute("aria-pressed", "true")
    expect(poor).to_be_focused()
    form = chat.answer.locator("details.rating form")
    form.get_by_label("Reason").select_option("Something is missing")
    form.get_by_label("In your own words").fill("The wind.")
    form.get_by_role("button", name="Save").click()
    expect(chat.answer.locator("details.rating > summary")).to_contain_text("something is missing")
    assert rating(chat) == {"good": False, "reason": "incomplete", "note": "The wind."}

    chat.page.reload()
    expect(chat.answer.locator("details.rating > summary")).to_contain_text("something is missing")
    chat.answer.get_by_role("button", name="Good answer").click()
    expect(chat.answer.locator("details.rating > summary")).to_contain_text(
        "found this answer good"
    )
    chat.answer.get_by_role("button", name="Good answer").click()
    expect(chat.answer.locator("details.rating")).to_have_count(0)
    assert rating(chat) is None


def test_a_rating_that_cannot_be_saved_says_so(chat: Chat) -> None:
    chat.ask()
    chat.await_status()
    assert chat.complaints is not None
    chat.complaints.expected.append("500")
    chat.page.route("**/rating", lambda route: route.fulfill(status=500))
    chat.answer.get_by_role("button", name="Good answer").click()
    expect(chat.page.locator(".toast")).to_be_visible()
    thumb = chat.answer.get_by_role("button", name="Good answer")
    expect(thumb).to_have_attribute("aria-pressed", "false")


def test_the_open_panel_stays_open_when_one_rates(chat: Chat, sign_in: SignIn) -> None:
    chat.ask()
    chat.await_status()
    chat.answer.get_by_label("Why this answer").first.click()
    expect(chat.page.locator(".why[open] svg.graph, .why[open] .concepts").first).to_be_visible()
    chat.answer.get_by_role("button", name="Good answer").click()
    expect(chat.answer.locator("details.rating[open]")).to_be_visible()
    expect(chat.page.locator(".why[open]")).to_be_visible()


def rating(chat: Chat) -> object:
    message = chat.answer.get_attribute("data-message-id")
    status, found = chat.site.request("GET", f"/api/messages/{message}/rating", as_="alice")
    assert status == 200
    return found
