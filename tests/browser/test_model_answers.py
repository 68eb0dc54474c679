"""Answers of models in a real browser: handed over, asked again, thought through, stopped, failed.

The models are the loopback upstream's; each test scripts what the next requests meet. What passes
quickly is written down by the page itself, so that nothing depends on when a test looks.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat_fixtures import SignedIn
from tests.browser.chatting import Chat, Complaints, add_harbour
from tests.browser.test_accessibility import look
from tests.live import LiveSite
from tests.upstream.process import KEY, Upstream

BEGUN = "Some words that nobody keeps, because whoever wrote them broke off in the middle."
WHOLE = "The crane may stand still for forty hours [1]. A watch of two stays at its foot."
BREAKS = {
    "kind": "reset-after-text",
    "text": BEGUN,
    "after": 12,
    "rate": 15,  # so slow that what came before the end is drawn
}
WRITES = {"kind": "write", "text": WHOLE}
LATER = WRITES | {"wait": 1000}  # what comes before it is drawn, however busy the machine is

WATCH = """(slot) => {
  const seen = (window.seen ??= {})[slot] = [];
  const note = () => {
    const place = [...document.querySelectorAll(`article [data-slot="${slot}"]`)].at(-1);
    const said = !place || place.hidden ? '' : place.textContent.replace(/\\s+/g, ' ').trim();
    if (seen.at(-1) !== said) seen.push(said);
  };
  const how = {subtree: true, childList: true, characterData: true, attributes: true};
  new MutationObserver(note).observe(document.body, how);
}"""


class Watch:
    """What a slot of the newest answer has said since, each text once in a row."""

    def __init__(self, page: Page, slot: str) -> None:
        self._page = page
        self._slot = slot
        page.evaluate(WATCH, slot)

    @property
    def texts(self) -> list[str]:
        found: list[str] = self._page.evaluate("(slot) => window.seen[slot]", self._slot)
        return found


@pytest.fixture(scope="module")
def models_site(
    upstream_process: Upstream, template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """A site that asks `openai` first, then `anthropic`; `perplexity` is there to be chosen."""
    perplexity = {
        "PARLEY_PROVIDERS": "perplexity",
        "PARLEY_PROVIDER_PERPLEXITY_BASE_URL": f"{upstream_process.url}/v1",
        "PARLEY_PROVIDER_PERPLEXITY_API_KEY": KEY,
        "PARLEY_PROVIDER_PERPLEXITY_MODELS": "sonar",
    }
    environ = upstream_process.openai("large") | upstream_process.anthropic("small") | perplexity
    folder = tmp_path_factory.mktemp("models")
    with LiveSite(folder, template_database, **environ) as site:
        add_harbour(site)
        yield site


@pytest.fixture
def model_chat(
    models_site: LiveSite, signed_in: SignedIn, complaints: Complaints, upstream: Upstream
) -> Callable[..., Chat]:
    """Opens a new chat of Alice's with the models: model_chat(color_scheme="dark")."""

    def start(**options: Any) -> Chat:
        page = signed_in("alice", models_site, **options).new_page()
        complaints.listen(page)
        return Chat(models_site, page).open()

    return start


@pytest.fixture
def chat(model_chat: Callable[..., Chat]) -> Chat:
    return model_chat()


def detour(chat: Chat) -> Locator:
    """The line above the newest answer."""
    return chat.answer.locator("[data-slot=detour]")


def box(chat: Chat) -> Locator:
    """What the writer of the newest answer thinks."""
    return chat.answer.locator("details.thinking")


def test_an_answer_that_another_provider_writes_says_who_and_why(
    chat: Chat, upstream: Upstream
) -> None:
    upstream.script("401", LATER)
    line, steps = Watch(chat.page, "detour"), Watch(chat.page, "stage-list")
    chat.ask()
    chat.await_status()
    chat.has_what_is_stored()
    assert "openai refused the key (401). anthropic writes instead." in line.texts
    assert any("Asking anthropic" in said for said in steps.texts)
    expect(detour(chat)).to_have_text(
        "openai refused the key (401). anthropic wrote this answer.", use_inner_text=True
    )
    expect(chat.answer.locator(".msg__head")).to_contain_text("anthropic · small")
    chat.page.reload()
    expect(detour(chat)).to_contain_text("anthropic wrote this answer.")
    look(chat.page)


def test_a_provider_that_is_asked_again_is_waited_for_with_a_reason(
    chat: Chat, upstream: Upstream
) -> None:
    upstream.script("503-retry-after-ms-900", LATER)
    line, steps = Watch(chat.page, "detour"), Watch(chat.page, "stage-list")
    chat.ask()
    chat.await_status()
    chat.has_what_is_stored()
    assert "openai has a problem of its own (503). It is asked again in 1 s." in line.texts
    assert any("Asking openai again" in said for said in steps.texts)
    expect(detour(chat)).to_have_count(0)
    expect(chat.answer.locator(".msg__head")).to_contain_text("openai · large")


def test_a_text_that_breaks_off_is_withdrawn_and_another_provider_starts_again(
    chat: Chat, upstream: Upstream
) -> None:
    upstream.script(BREAKS, LATER)
    line, maker, text = (Watch(chat.page, slot) for slot in ("detour", "maker", "content"))
    chat.ask()
    chat.await_status()
    chat.has_what_is_stored()
    assert "nobody" not in chat.text
    assert line.texts[-2].endswith("What was written is withdrawn; anthropic starts again.")
    assert maker.texts.index("openai · large") < maker.texts.index("anthropic · small")
    begun = next(at for at, said in enumerate(text.texts) if said.startswith("Some words"))
    assert "" in text.texts[begun:]
    spoken = chat.page.locator("[data-module=announcer]")
    expect(spoken.get_by_text("The crane may stand still for forty hours.")).to_have_count(1)


def test_what_a_model_thinks_is_open_until_it_writes(chat: Chat, upstream: Upstream) -> None:
    upstream.script({"kind": "thinking", "rate": 40, "tokens": 20})
    chat.page.evaluate(
        "new MutationObserver(() => { window.wasOpen ||= !!document.querySelector('.thinking["
        "open]'); }).observe(document.body, {subtree: true, childList: true, attributes: true})"
    )
    chat.ask()
    chat.await_status()
    assert chat.page.evaluate("window.wasOpen")
    expect(box(chat)).not_to_have_attribute("open", "")
    expect(box(chat).locator("summary")).to_have_text(re.compile(r"Thought for \d"))
    box(chat).locator("summary").press("Enter")
    expect(box(chat).locator(".thinking__text")).to_have_text(chat.stored["thinking"])
    look(chat.page)
    chat.page.reload()
    expect(box(chat).locator("summary")).to_have_text(re.compile(r"Thought for \d"))
    chat.has_what_is_stored()


def test_who_has_opened_the_thinking_keeps_it_open(chat: Chat, upstream: Upstream) -> None:
    upstream.script({"kind": "thinking", "rate": 4, "tokens": 8})  # two seconds to press it in
    chat.ask()
    expect(box(chat)).to_have_attribute("open", "")
    box(chat).locator("summary").press("Space")
    expect(box(chat)).not_to_have_attribute("open", "")
    box(chat).locator("summary").press("Space")
    chat.await_status()
    expect(box(chat)).to_have_attribute("open", "")


def test_stop_ends_the_provider_and_keeps_what_was_written(chat: Chat, upstream: Upstream) -> None:
    """open-webui #16251 and chat-ui #890: Stop did not stop the provider."""
    upstream.script({"kind": "write", "rate": 40, "tokens": 2000})
    chat.ask()
    chat.await_words()
    chat.stop_button.click()
    chat.await_status("stopped")
    upstream.wait_for(lambda seen: seen[-1]["closed"])
    chat.has_what_is_stored()
    expect(chat.answer.locator(".notice")).to_contain_text("Stopped after")
    chat.answer.get_by_label("Why this answer").first.click()
    expect(chat.answer.locator(".why .facts")).to_contain_text("Stopped within")


def test_an_answer_that_failed_keeps_its_text_and_is_tried_again(
    chat: Chat, upstream: Upstream
) -> None:
    upstream.script(then=BREAKS)
    chat.ask()
    chat.await_status("failed")
    chat.has_what_is_stored()
    assert chat.text.startswith("Some words")
    notice = chat.answer.locator("[data-slot=notice]")
    expect(notice).to_contain_text("The answer could not be finished.")
    expect(notice.get_by_role("button", name="Continue")).to_be_visible()
    look(chat.page)
    upstream.script(then=WRITES)
    notice.get_by_role("button", name="Retry").click()
    chat.await_status("complete")
    chat.has_what_is_stored()
    assert chat.text.startswith("The crane")
    expect(chat.answer.locator(".versions")).to_contain_text("2")


def test_a_source_on_the_web_is_opened_there_and_safely(chat: Chat, upstream: Upstream) -> None:
    upstream.script({"kind": "perplexity", "tokens": 20})
    chat.page.get_by_label("Who writes the answer").select_option(label="sonar")
    chat.ask()
    chat.await_status()
    chat.answer.locator("a.cite").first.click()
    quote = chat.page.locator(".quote")
    for link in (quote.get_by_role("link"), chat.answer.locator(".why .source a").first):
        expect(link).to_have_attribute("href", "https://example.org/rollback")
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(quote).to_contain_text("example.org")
    look(chat.page)
    chat.page.keyboard.press("Escape")
    chat.answer.get_by_label("Why this answer").first.click()
    expect(chat.answer.locator(".source").first).to_contain_text("Roll back with make.")
    look(chat.page)
