"""A page that a load balancer sends to another process in the middle of an answer goes on there."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.chatting import SLOW, Chat, add_harbour, sign_in_as
from tests.browser.wire import Wire
from tests.live import LiveSite

LIMIT = 4000  # ms on a busy machine; alone it is a few hundred
_WATCH = """
    () => {
        let last = performance.now();
        window.longest = 0;
        new MutationObserver(() => {
            const now = performance.now();
            window.longest = Math.max(window.longest, now - last);
            last = now;
        }).observe(document.querySelector("article[data-status=running] [data-slot=content]"),
            {childList: true, subtree: true, characterData: true});
    }
"""


def test_a_page_that_moves_to_another_process_in_the_middle_goes_on_there(
    template_database: Path, tmp_path: Path, new_context: Callable[..., BrowserContext]
) -> None:
    with ExitStack() as cleanup:
        first, second = (
            cleanup.enter_context(LiveSite(tmp_path / "site", template_database, **SLOW))
            for _ in range(2)
        )
        add_harbour(first)
        wire = cleanup.enter_context(Wire(first.port))
        page = new_context(base_url=wire.url).new_page()
        sign_in_as(page, "alice")
        chat = Chat(first, page)
        page.goto(wire.url)
        chat.await_scripts()
        chat.ask()
        chat.await_words()
        page.evaluate(_WATCH)
        before = chat.shown
        wire.lead_to(second.port)
        chat.await_status()
        longest = page.evaluate("window.longest")
        print(f"the longest pause of the text: {longest:.0f} ms")
        assert chat.shown.startswith(before)
        chat.has_what_is_stored()
        assert longest < LIMIT
        expect(page.locator(".strip")).to_have_count(0)
        assert chat.stored["metadata"]["attempts"] == 1
