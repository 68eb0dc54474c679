"""Reading: the reader's place, long conversations, sources, and text that means harm."""

import json
import re

from playwright.sync_api import expect

from tests.browser.chat_fixtures import OpenChat
from tests.browser.chatting import Chat, add_conversation
from tests.live import LiveSite

HOSTILE = (
    "<img src=x onerror=alert(1)><script>window.harmed = 1</script>"
    "[click](javascript:alert(1)) <a href='javascript:alert(1)' onclick='harmed=1'>x</a>\n\n"
    "<style>body { display: none }</style><iframe src='/login'></iframe>\n\nThe end."
)


def test_the_end_is_followed_and_the_reader_elsewhere_is_left_alone(
    open_slow_chat: OpenChat,
    slow_site: LiveSite,
) -> None:
    talk = add_conversation(slow_site.folder / "parley.db", 20, lambda n: f"Answer {n}. " * 60)
    chat = open_slow_chat(f"/c/{talk}", viewport={"width": 900, "height": 700})
    chat.ask()
    chat.await_words()
    assert distance_from_end(chat) < 2
    expect(chat.page.locator("[data-role=to-end]")).to_be_hidden()
    chat.page.locator(".transcript").hover()
    chat.page.mouse.wheel(0, -900)
    expect(chat.page.locator("[data-role=to-end]")).to_be_visible()
    seen = place_of(chat, 5)
    chat.await_status()
    assert abs(place_of(chat, 5) - seen) < 1
    chat.page.get_by_role("button", name="To the newest").click()
    expect(chat.page.locator("[data-role=to-end]")).to_be_hidden()
    assert distance_from_end(chat) < 2


def test_a_thousand_messages_open_on_the_last_thirty_and_older_ones_come_without_a_jump(
    open_chat: OpenChat,
    live_site: LiveSite,
) -> None:
    talk = add_conversation(live_site.folder / "parley.db", 1000, lambda n: f"Answer {n}.")
    chat = open_chat(f"/c/{talk}")
    articles = chat.page.locator("article.msg")
    first = articles.first.get_attribute("data-message-id")
    assert articles.count() <= 60
    assert distance_from_end(chat) < 2
    chat.page.evaluate("document.querySelector('.transcript').scrollTop = -1e6")
    expect(
        chat.page.locator(f"article.msg:not([data-message-id='{first}'])").first
    ).to_be_attached()
    chat.page.wait_for_function(
        "(id) => document.querySelector('article.msg').dataset.messageId !== id", arg=first
    )
    before = place_of(chat, -10)
    count = articles.count()
    chat.page.evaluate("document.querySelector('.transcript').scrollTop -= 1")
    assert abs(place_of(chat, -10) - before) <= 2
    assert count >= 60
    ids = [article.get_attribute("data-message-id") for article in articles.all()]
    assert len(ids) == len(set(ids))


def test_older_messages_that_could_not_be_loaded_can_be_asked_for_again(
    open_chat: OpenChat,
    live_site: LiveSite,
) -> None:
    talk = add_conversation(live_site.folder / "parley.db", 60, lambda n: f"Answer {n}. " * 40)
    chat = open_chat()
    chat.complaints.expected += ["net::ERR"]
    chat.page.route("**/older?*", lambda route: route.abort())
    chat.open(f"/c/{talk}")
    chat.page.evaluate("document.querySelector('.transcript').scrollTop = -1e6")
    expect(chat.page.get_by_text("Older messages could not be loaded.")).to_be_visible()
    chat.page.unroute("**/older?*")
    chat.page.get_by_role("button", name="Try again").click()
    expect(chat.page.locator("article.msg")).to_have_count(60)


def test_a_marker_opens_the_quote_it_stands_for(chat: Chat) -> None:
    chat.ask()
    chat.await_status()
    marker = chat.answer.locator("a.cite").first
    marker.focus()
    chat.page.keyboard.press("Enter")
    quote = chat.page.locator(".quote")
    expect(quote).to_be_visible()
    source = chat.stored["metadata"]["sources"][0]
    expect(quote.locator("blockquote")).to_have_text(" ".join(source["quote"].split()))
    link = quote.get_by_role("link", name=source["title"])
    expect(link).to_have_attribute(
        "href",
        re.compile(
            rf"/library/{source['document_id']}\?passage={source['passage_id']}&quote=.*#quote"
        ),
    )
    chat.page.keyboard.press("Escape")
    expect(quote).to_have_count(0)
    expect(marker).to_be_focused()


def test_hostile_text_of_an_answer_does_nothing(open_chat: OpenChat, live_site: LiveSite) -> None:
    talk = add_conversation(live_site.folder / "parley.db", 2, lambda n: HOSTILE)
    chat = open_chat(f"/c/{talk}")
    expect(chat.answer).to_contain_text("The end.")
    harmless(chat)


def test_hostile_text_that_is_streamed_does_nothing(chat: Chat) -> None:
    frames = [
        ("user_message", {"id": "q", "content": HOSTILE, "created_at": "2030-01-01T00:00:00Z"}),
        ("start", {"message_id": "a", "conversation_id": "c", "parent_id": "q", "attempt": 1}),
        *[("chunk", {"content": piece, "confidence": None}) for piece in HOSTILE],
        ("complete", {"id": "a", "content": HOSTILE, "metadata": {}}),
    ]
    body = "".join(
        f"id: 1-{n}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
        for n, (name, data) in enumerate(frames, 1)
    )
    chat.complaints.expected += ["404"]
    chat.page.route(
        "**/messages/stream",
        lambda route: route.fulfill(body=body, headers={"Content-Type": "text/event-stream"}),
    )
    chat.ask()
    expect(chat.answer).to_have_attribute("data-status", "complete")
    expect(chat.answer).to_contain_text("The end.")
    harmless(chat)


def test_with_reduced_motion_nothing_moves(open_slow_chat: OpenChat) -> None:
    chat = open_slow_chat(reduced_motion="reduce")
    chat.ask()
    chat.await_words()
    moving = chat.page.evaluate(
        "document.getAnimations().filter((a) => a.playState === 'running'"
        " && a.effect.getComputedTiming().duration > 20).length"
    )
    assert moving == 0
    chat.await_status()


def test_a_conversation_is_renamed_and_deleted(open_chat: OpenChat, live_site: LiveSite) -> None:
    talk = add_conversation(live_site.folder / "parley.db", 2, lambda n: "Yes.")
    chat = open_chat(f"/c/{talk}")
    row = chat.page.locator(f'li[data-conversation="{talk}"]')
    chat.page.get_by_label("More actions").click()
    chat.page.get_by_text("Rename", exact=True).click()
    chat.page.get_by_label("New title").fill("Of cranes")
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Of cranes")
    expect(row).to_contain_text("Of cranes")
    chat.page.get_by_label("More actions").click()
    chat.page.get_by_text("Delete", exact=True).click()
    chat.page.get_by_role("button", name="Delete for good").click()
    expect(chat.page).to_have_url(f"{live_site.url}/")
    expect(row).to_have_count(0)


def test_the_sidebar_is_a_drawer_on_a_small_screen(open_chat: OpenChat) -> None:
    chat = open_chat(viewport={"width": 390, "height": 844})
    opener = chat.page.get_by_role("link", name="Open navigation")
    opener.click()
    expect(chat.page.get_by_role("link", name="New chat")).to_be_visible()
    expect(chat.page.locator("[data-action=open-sidebar]")).to_have_attribute(
        "aria-expanded", "true"
    )
    chat.page.keyboard.press("Escape")
    expect(chat.page.get_by_role("link", name="New chat")).to_be_hidden()
    expect(opener).to_be_focused()


def harmless(chat: Chat) -> None:
    """Assert that nothing of HOSTILE has come to life on the page."""
    assert chat.page.evaluate("window.harmed") is None
    inside = chat.answer.locator("[data-slot=content]")
    expect(inside.locator("script, style, iframe, img[onerror]")).to_have_count(0)
    expect(inside.locator("a[href^='javascript'], [onclick]")).to_have_count(0)
    expect(chat.composer).to_be_visible()


def distance_from_end(chat: Chat) -> float:
    return float(
        chat.page.evaluate(
            "() => { const at = document.querySelector('.transcript');"
            " return Math.abs(at.scrollTop); }"
        )
    )


def place_of(chat: Chat, number: int) -> float:
    """How far from the top of the window a message stands."""
    return float(
        chat.page.evaluate(
            "(n) => [...document.querySelectorAll('article.msg')].at(n)"
            ".getBoundingClientRect().top",
            number,
        )
    )


def test_stored_code_gets_its_colours_and_is_copied_as_it_is(
    open_chat: OpenChat,
    live_site: LiveSite,
) -> None:
    code = "def lift(crane):\n    return crane.hook"
    answer = f"Like this:\n\n```python\n{code}\n```\n"
    talk = add_conversation(live_site.folder / "parley.db", 2, lambda n: answer)
    rights = ["clipboard-read", "clipboard-write"]
    chat = open_chat(f"/c/{talk}", permissions=rights)
    expect(chat.answer.locator("code span").first).to_be_attached()
    assert chat.answer.locator("figure code").text_content() == code + "\n"
    chat.answer.locator("figure").get_by_role("button", name="Copy").click()
    assert chat.page.evaluate("navigator.clipboard.readText()") == code + "\n"
    chat.answer.get_by_role("button", name="Copy answer").click()
    expect(chat.answer.get_by_role("button", name="Copy answer")).to_have_attribute(
        "data-done", "true"
    )
    assert chat.page.evaluate("navigator.clipboard.readText()") == answer
