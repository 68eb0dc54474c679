"""An answer is the server's: a reload, a lost network, a second tab and a crash lose nothing of it.

open-webui #29596 (a reload hides the text so far), llama.cpp #21754 (changing networks loses the
reply), LibreChat #11842 (a second reconnect mixes text up), LibreChat #11940 (duplicates).
"""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.chat_fixtures import OpenChat
from tests.browser.chatting import QUESTION, SLOW, Chat, add_harbour, sign_in_as
from tests.browser.wire import Wire
from tests.conftest import StartSite


def test_a_reload_in_the_middle_shows_the_whole_answer(slow_chat: Chat) -> None:
    chat = slow_chat
    chat.ask()
    chat.await_words()
    chat.page.reload()
    expect(chat.answer).to_have_attribute("data-status", "running")
    assert "harbour crane" in chat.shown
    chat.await_status()
    chat.has_what_is_stored()
    assert [message["role"] for message in chat.messages()] == ["user", "assistant"]


def test_a_reload_never_shows_an_empty_answer(slow_chat: Chat) -> None:
    chat = slow_chat
    chat.ask()
    chat.await_words()
    chat.page.add_init_script("""
        window.shortest = Infinity;
        new MutationObserver(() => {
          const text = document.querySelector("article[data-status] [data-slot=content]");
          if (!text || document.readyState === "loading") return;
          window.shortest = Math.min(window.shortest, text.textContent.trim().length);
        }).observe(document, {childList: true, subtree: true, characterData: true});
    """)
    chat.page.reload()
    chat.await_status()
    assert chat.page.evaluate("window.shortest") > 40


def test_a_second_tab_opened_in_the_middle_shows_the_whole_answer(
    slow_chat: Chat,
    open_slow_chat: OpenChat,
) -> None:
    chat = slow_chat
    chat.ask()
    chat.await_words()
    other = open_slow_chat(f"/c/{chat.conversation_id}")
    other.await_status()
    chat.await_status()
    chat.has_what_is_stored()
    other.has_what_is_stored()
    assert chat.text == other.text


def test_a_tab_that_did_not_ask_learns_of_the_answer(
    slow_chat: Chat, open_slow_chat: OpenChat
) -> None:
    chat = slow_chat
    chat.ask()
    chat.await_status()
    other = open_slow_chat(f"/c/{chat.conversation_id}")
    chat.ask("Who signs the sheet before anybody lifts?")
    expect(other.answers).to_have_count(2)
    expect(other.stop_button).to_be_visible()
    other.await_status()
    other.has_what_is_stored()
    expect(other.send_button).to_be_visible()


def test_a_network_that_is_cut_in_the_middle_loses_nothing(slow_chat: Chat) -> None:
    chat = slow_chat
    chat.complaints.expected += ["net::ERR"]
    with Wire(chat.site.port) as wire:
        chat.page.goto(wire.url)
        chat.await_scripts()
        chat.ask()
        chat.await_words()
        wire.cut()
        expect(chat.page.locator(".strip")).to_contain_text("attempt 1 of 5")
        before = chat.shown
        wire.mend()
        chat.page.get_by_role("button", name="Try now").click()
        expect(chat.page.locator(".strip")).to_have_count(0)
        assert chat.shown.startswith(before)
        chat.await_status()
        chat.has_what_is_stored()
        assert len(chat.messages()) == 2


def test_after_a_crash_the_answer_goes_on_before_the_readers_eyes(
    start_site: StartSite, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    site = start_site(**SLOW)
    add_harbour(site)
    page = new_context(base_url=site.url).new_page()
    sign_in_as(page, "alice")
    chat = Chat(site, page).open()
    chat.ask()
    chat.await_words(150)  # the last 200 ms, which may be lost, are some 45 of them
    before = chat.shown
    site.kill()
    expect(page.locator(".strip")).to_be_visible()
    site.start()
    chat.await_status("complete")
    assert chat.shown.startswith(before[: len(before) // 2])
    chat.has_what_is_stored()
    expect(page.locator(".strip")).to_have_count(0)
    assert "forty hours" in chat.text
    assert [message["content"] for message in chat.messages()][0] == QUESTION
