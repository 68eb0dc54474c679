"""Asking, and what happens to a question until its answer is there."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.chatting import QUESTION, Chat, sign_in_as
from tests.conftest import StartSite


def test_a_question_is_asked_and_its_answer_watched_to_the_end(slow_chat: Chat) -> None:
    chat = slow_chat
    chat.ask()
    expect(chat.questions).to_have_text(re.compile("harbour crane"))
    chat.await_words()
    expect(chat.page).to_have_url(re.compile(r"/c/\w+$"))
    expect(chat.answer.locator(".stages__item.is-done")).not_to_have_count(0)
    expect(chat.answer.locator(".confidence")).to_contain_text("confidence, updating")
    expect(chat.answer.locator("[data-slot=content]")).to_have_attribute("aria-busy", "true")
    chat.await_status()
    chat.has_what_is_stored()
    expect(chat.answer.locator("[data-slot=stages]")).to_have_count(0)
    expect(chat.answer.locator("[data-slot=content]")).not_to_have_attribute("aria-busy", "true")
    expect(chat.answer.locator(".confidence")).to_contain_text(re.compile(r"\d+ % confidence"))


def test_a_new_chat_gets_its_title_and_its_place_in_the_sidebar(slow_chat: Chat) -> None:
    chat = slow_chat
    chat.ask()
    chat.await_words()
    expect(chat.page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(chat.page).to_have_title(re.compile("harbour crane"))
    row = chat.page.locator(f'li[data-conversation="{chat.conversation_id}"]')
    expect(row).to_contain_text("harbour crane")
    expect(row.locator("a")).to_have_attribute("aria-current", "page")
    expect(row.locator(".live-dot")).to_be_visible()
    chat.await_status()
    expect(row.locator(".live-dot")).to_be_hidden()


def test_asking_again_follows_in_the_same_conversation(chat: Chat) -> None:
    chat.ask()
    chat.await_status()
    chat.ask("Who signs the sheet before anybody lifts?")
    expect(chat.answers).to_have_count(2)
    chat.await_status()
    roles = [message["role"] for message in chat.messages()]
    assert roles == ["user", "assistant", "user", "assistant"]


def test_one_can_ask_with_the_keyboard_alone(chat: Chat) -> None:
    chat.page.locator("body").press("/")
    expect(chat.composer).to_be_focused()
    chat.page.keyboard.type("How long may the harbour crane")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("stand still in a storm?")
    chat.page.keyboard.press("Enter")
    expect(chat.questions).to_have_count(1)
    chat.await_status()
    assert chat.messages()[0]["content"] == QUESTION.replace("crane ", "crane\n")
    expect(chat.composer).to_be_focused()


def test_the_enter_that_ends_a_composition_does_not_send(chat: Chat) -> None:
    chat.composer.fill("こうわん")
    chat.composer.evaluate(
        "(el) => el.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    expect(chat.composer).to_have_value("こうわん")
    expect(chat.questions).to_have_count(0)


def test_while_an_answer_runs_one_can_type_but_not_send(slow_chat: Chat) -> None:
    chat = slow_chat
    chat.ask()
    chat.await_words()
    chat.composer.fill("And after the storm?")
    chat.composer.press("Enter")
    expect(chat.send_button).to_be_hidden()
    expect(chat.stop_button).to_be_visible()
    chat.await_status()
    expect(chat.composer).to_have_value("And after the storm?")
    expect(chat.questions).to_have_count(1)
    expect(chat.send_button).to_be_visible()


def test_a_stopped_answer_keeps_what_was_written(slow_chat: Chat) -> None:
    chat = slow_chat
    chat.ask()
    chat.await_words()
    chat.page.keyboard.press("Escape")
    chat.await_status("stopped")
    assert len(chat.text) > 20
    chat.has_what_is_stored()
    expect(chat.answer.locator(".notice")).to_contain_text("Stopped after")


def test_a_stopped_answer_is_continued_where_it_ended(slow_chat: Chat) -> None:
    chat = slow_chat
    chat.ask()
    chat.await_words()
    chat.stop_button.click()
    chat.await_status("stopped")
    beginning = chat.text
    chat.answer.get_by_role("button", name="Continue").click()
    chat.await_status("complete")
    assert chat.text.startswith(beginning)
    assert len(chat.text) > len(beginning)
    chat.has_what_is_stored()
    expect(chat.answers).to_have_count(1)


def test_a_draft_survives_a_reload_and_each_conversation_has_its_own(chat: Chat) -> None:
    chat.composer.fill("Half a thought")
    chat.page.reload()
    chat.await_scripts()
    expect(chat.composer).to_have_value("Half a thought")
    chat.ask()
    chat.await_status()
    expect(chat.composer).to_have_value("")
    chat.composer.fill("Another half")
    chat.page.reload()
    expect(chat.composer).to_have_value("Another half")
    chat.open("/")
    expect(chat.composer).to_have_value("")


def test_the_depth_that_was_chosen_is_remembered(chat: Chat) -> None:
    chat.page.get_by_role("radio", name="Deep").check()
    chat.open("/")
    expect(chat.page.get_by_role("radio", name="Deep")).to_be_checked()
    chat.page.get_by_role("radio", name="Balanced").check()


def test_an_edited_question_is_a_second_version(chat: Chat) -> None:
    chat.ask()
    chat.await_status()
    chat.composer.press("ArrowUp")
    editor = chat.page.get_by_role("textbox", name="Your question")
    expect(editor).to_have_value(QUESTION)
    editor.fill("Who signs the sheet before anybody lifts?")
    editor.press("Enter")
    chat.await_status()
    expect(chat.questions).to_have_count(1)
    expect(chat.questions).to_contain_text("Who signs")
    expect(chat.questions.locator(".versions")).to_contain_text("2")
    chat.questions.get_by_role("link", name="Previous version").click()
    expect(chat.questions).to_contain_text("harbour crane")
    chat.has_what_is_stored()


def test_another_version_of_an_answer_stands_beside_the_first(chat: Chat) -> None:
    chat.ask()
    chat.await_status()
    chat.answer.get_by_role("button", name="Write another answer").click()
    chat.await_status()
    expect(chat.answers).to_have_count(1)
    expect(chat.answer.locator(".versions")).to_contain_text("2")
    assert len(chat.stored["siblings"]) == 2
    chat.has_what_is_stored()


def test_a_question_can_be_cancelled_while_it_is_edited(chat: Chat) -> None:
    chat.ask()
    chat.await_status()
    chat.questions.get_by_role("button", name="Edit and ask again").click()
    chat.page.keyboard.press("Escape")
    expect(chat.page.get_by_role("textbox", name="Your question")).to_have_count(0)
    expect(chat.questions.locator("[data-slot=content]")).to_be_visible()


def test_a_question_that_came_too_soon_keeps_its_draft_and_says_when(
    start_site: StartSite, new_context: Callable[..., BrowserContext]
) -> None:
    site = start_site(PARLEY_RATE_MESSAGES="1/minute", PARLEY_CHUNK_DELAY_MS="0")
    page = new_context(base_url=site.url).new_page()
    sign_in_as(page, "alice")
    chat = Chat(site, page).open()
    chat.ask()
    chat.await_status()
    chat.ask("And another one?")
    expect(chat.page.locator(".composer .notice")).to_contain_text("Your draft is safe")
    expect(chat.page.locator("[data-role=wait]")).to_have_text(re.compile(r"^\s*[01]:\d\d\s*$"))
    expect(chat.composer).to_have_value("And another one?")
    expect(chat.questions).to_have_count(1)
    expect(chat.send_button).to_be_hidden()
    chat.page.reload()
    expect(chat.composer).to_have_value("And another one?")


def test_a_question_that_is_too_long_is_kept_and_told_what_to_do(chat: Chat) -> None:
    longest = int(chat.page.locator("form.composer").get_attribute("data-max-chars") or 0)
    chat.composer.fill("x" * (longest + 1))
    chat.composer.press("Enter")
    expect(chat.page.locator(".composer .notice")).to_contain_text("too long")
    assert len(chat.composer.input_value()) == longest + 1
    expect(chat.questions).to_have_count(0)


def test_a_question_that_cannot_be_sent_now_comes_back(chat: Chat) -> None:
    chat.complaints.expected += ["503"]
    problem = '{"title": "Restarting", "detail": "Try again in a moment.", "code": "unavailable"}'
    chat.page.route(
        "**/messages/stream",
        lambda route: route.fulfill(
            status=503, body=problem, headers={"Content-Type": "application/problem+json"}
        ),
    )
    chat.ask()
    expect(chat.page.locator(".composer .notice")).to_contain_text("Try again in a moment.")
    expect(chat.composer).to_have_value(QUESTION)
    expect(chat.questions).to_have_count(0)
    chat.page.unroute("**/messages/stream")
    chat.composer.press("Enter")
    chat.await_status()
    assert [message["role"] for message in chat.messages()] == ["user", "assistant"]
