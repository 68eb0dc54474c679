"""axe-core finds nothing on any page, in light and in dark, on a wide screen and on a narrow one.

Each page is loaded once and looked at four times. A theme changes only colours, so in the dark only
the rules about those are asked again.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat_fixtures import OpenChat
from tests.browser.chatting import Chat, add_conversation
from tests.browser.conftest import SignIn
from tests.live import LiveSite
from tests.papers.office import make_zip
from tests.papers.pdf import make_pdf, scanned_pdf
from tests.papers.sending import send_files
from tests.programs import without

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {1440: 900, 390: 844}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
OPEN_PAGES = ("/login", "/forgotten", "/invite/unknown", "/reset/unknown", "/nothing-here")
OWN_PAGES = ("/", "/library", "/graph", "/account", "/overview", "/people", "/models",
             "/models/new", "/ratings", "/audit", "/spaces", "/c?archived=1",
             "/account/delete", "/nothing-here")  # fmt: skip
SEARCH_PAGES = ("/search", "/search?q=documents", "/search?q=zzzz")
TEXT = """Some `code`, a [link](https://example.org) and **more** [1].

```python
print("one")  # a note
```

| a | b |
|---|--:|
| 1 | 2 |
"""
SETTLED = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const isEnding = (a) => a.playState === 'running' && a.effect.getTiming().iterations === 1;
  await frame();
  await frame();
  for (let tries = 0; tries < 60; tries += 1) {
    if (!document.getAnimations().some(isEnding)) return;
    await frame();
  }
}"""
FAILED = {"error": {"code": "unavailable", "message": "No answer came in time.", "retryable": True}}


def look(page: Page) -> None:
    """Assert that axe-core finds nothing in either theme at either width."""
    if not AXE.exists():
        without("axe-core")
    page.emulate_media(reduced_motion="reduce")  # nothing is caught while it fades in
    found = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.evaluate(SETTLED)
            options = COLOURS if theme == "dark" else {}
            found += [f"{width} {theme} {text}" for text in violations(page, options)]
    page.set_viewport_size({"width": 1440, "height": 900})
    assert found == [], page.url


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe-core finds on the page: the rule, and each element that breaks it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    script = "(options) => axe.run(options).then((result) => result.violations)"
    found: list[dict[str, Any]] = page.evaluate(script, options)
    return [
        f"{rule['id']}: {node['html'][:200]} {' '.join(node['failureSummary'].split())[:300]}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_a_page_before_signing_in(page: Page, path: str) -> None:
    page.goto(path)
    look(page)


@pytest.mark.parametrize("path", OWN_PAGES + SEARCH_PAGES)
def test_a_page_of_somebody_who_is_signed_in(sign_in: SignIn, path: str) -> None:
    page = sign_in("alice")
    page.goto(path)
    look(page)


@pytest.mark.parametrize("path", ["/spaces/{}", "/c?space={}", "/library?space={}", "/?space={}"])
@pytest.mark.parametrize("place", [0, -1])
def test_a_page_of_a_space(sign_in: SignIn, live_site: LiveSite, path: str, place: int) -> None:
    _, mine = live_site.request("GET", "/api/spaces", as_="alice")
    page = sign_in("alice")
    page.goto(path.format(mine["items"][place]["id"]))
    look(page)


def test_the_page_that_sets_a_site_up(page: Page, tmp_path: Path) -> None:
    with LiveSite(tmp_path / "empty", None) as site:
        link = re.search(r"/setup\?token=\S+", site.output)
        assert link
        page.goto(site.url + link[0])
        expect(page.get_by_label("Email")).to_be_visible()
        look(page)


@pytest.mark.parametrize("kind", ["Create link", "Make a reset link"])
def test_an_invitation_and_a_new_password(sign_in: SignIn, page: Page, kind: str) -> None:
    admin = sign_in("alice")
    admin.goto("/people")
    if "reset" in kind:
        admin.get_by_label("Actions for Bob").click()
        look(admin)
    admin.get_by_role("button", name=kind).click()
    link = admin.locator("#new-link").input_value()
    look(admin)
    page.goto(link)
    look(page)
    page.locator("form").last.evaluate("(form) => { form.noValidate = true; form.submit(); }")
    page.wait_for_load_state()
    look(page)


def test_a_document_with_a_marked_quote(sign_in: SignIn, live_site: LiveSite) -> None:
    text = "# Rolling back\n\nStop the `queue` first.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    status, body = live_site.request("POST", "/api/documents", {"text": text}, as_="alice")
    assert status in {200, 201}
    page = sign_in("alice")
    page.goto(f"/library/{body['items'][0]['id']}?quote=Stop+the+`queue`+first.")
    look(page)


def test_uploads_in_every_state(sign_in: SignIn, live_site: LiveSite) -> None:
    long = make_pdf([[f"Row {n} of {page}." for n in range(40)] for page in range(3000)])
    archive = make_zip({"a.md": "# Rolling on\n\nAlways.", "b.pdf": scanned_pdf(1)})
    page = sign_in("alice")
    page.goto("/library")
    send_files(live_site, [("a.zip", archive), ("scan.pdf", scanned_pdf(2)), ("long.pdf", long)])
    page.reload()
    rows = {name: page.locator(".upload", has_text=name) for name in ("a.zip", "scan.pdf")}
    expect(rows["a.zip"]).to_contain_text("1 left out")
    expect(rows["scan.pdf"]).to_contain_text("Not added.")
    expect(page.get_by_text(re.compile("Reading (pages|passages)"))).to_be_visible()
    look(page)
    page.get_by_label("Cancel long.pdf").click()
    for name in ("a.zip", "scan.pdf"):
        page.get_by_label(f"Dismiss {name}").click()
    expect(page.locator(".upload")).to_have_count(0)


def test_a_document_whose_quote_is_gone(sign_in: SignIn, live_site: LiveSite) -> None:
    text = "# Rolling off\n\nNobody knows."
    _, body = live_site.request("POST", "/api/documents", {"text": text}, as_="alice")
    page = sign_in("alice")
    page.goto(f"/library/{body['items'][0]['id']}?quote=Everybody+knew.")
    expect(page.get_by_text("This quote is not in the document any more")).to_be_visible()
    look(page)


def test_a_conversation_for_others_and_the_links_to_it(
    sign_in: SignIn, live_site: LiveSite, page: Page
) -> None:
    alice = sign_in("alice")
    alice.goto(f"/c/{answered(live_site)}/links")
    alice.get_by_role("button", name="Make a link").click()
    link = alice.locator("#new-link").input_value()
    look(alice)
    page.goto(link)
    expect(page.get_by_role("article").first).to_be_visible()
    look(page)


def test_the_dialog_of_search(sign_in: SignIn) -> None:
    page = sign_in("alice")
    page.goto("/library")
    page.keyboard.press("Control+k")
    look(page)
    page.keyboard.type("documents")
    expect(page.locator("dialog").get_by_role("option").first).to_be_visible()
    look(page)


def test_the_sidebar_of_a_narrow_screen(sign_in: SignIn) -> None:
    page = sign_in("alice", viewport={"width": 360, "height": 740})
    page.goto("/library")
    page.get_by_label("Open navigation").click()
    assert violations(page, {}) == []


def test_a_finished_answer_and_all_that_opens(open_chat: OpenChat, live_site: LiveSite) -> None:
    chat = open_chat(f"/c/{answered(live_site)}")
    chat.page.set_viewport_size({"width": 1440, "height": 900})
    look(chat.page)
    opened: dict[str, Callable[[], Any]] = {
        ".menu[open]": chat.page.get_by_label("More actions").first.click,
        ".editor": chat.questions.get_by_role("button", name="Edit and ask again").click,
        ".quote": chat.answer.locator("a.cite").first.click,
        ".why[open]": chat.answer.get_by_label("Why this answer").first.click,
    }
    for selector, open_it in opened.items():
        open_it()
        expect(shown(chat, selector)).to_be_visible()
        look(chat.page)
        chat.page.keyboard.press("Escape")


def test_why_an_answer_says_what_it_says(open_chat: OpenChat, live_site: LiveSite) -> None:
    chat = open_chat(f"/c/{answered(live_site)}")
    chat.answer.get_by_label("Why this answer").first.click()
    panel = chat.page.locator(".why[open]")
    expect(panel.locator("svg.graph")).to_be_visible()
    expect(panel.locator("mark").first).to_be_visible()
    panel.get_by_text("As a list").click()
    look(chat.page)
    chat.answer.get_by_role("button", name="Poor answer").click()
    expect(chat.page.locator("details.rating[open] form")).to_be_visible()
    look(chat.page)
    chat.page.goto(f"{chat.answer.get_attribute('data-url')}/why")
    look(chat.page)
    chat.page.goto("/ratings")
    expect(chat.page.locator(".rated__item").first).to_be_visible()
    look(chat.page)


def shown(chat: Chat, selector: str) -> Locator:
    return chat.page.locator(selector).first


@pytest.mark.parametrize("status", ["failed", "interrupted", "stopped"])
def test_an_answer_that_is_not_whole(open_chat: OpenChat, live_site: LiveSite, status: str) -> None:
    database = live_site.folder / "parley.db"
    details = FAILED if status == "failed" else {}
    talk = add_conversation(database, 4, lambda n: TEXT, status=status, details=details)
    chat = open_chat(f"/c/{talk}")
    expect(chat.answer.locator(".notice")).to_be_visible()
    look(chat.page)


def test_an_answer_that_is_being_written(slow_chat: Chat) -> None:
    slow_chat.ask()
    slow_chat.await_words()
    look(slow_chat.page)


def test_a_server_that_cannot_be_reached(chat: Chat) -> None:
    chat.page.evaluate(
        """async () => {
          const { src } = document.querySelector('script[type=module][src$="main.js"]');
          const { emit } = await import(new URL('events.js', src).href);
          emit('connection', { state: 'gave-up', retry() {} });
        }"""
    )
    expect(chat.page.locator(".strip")).to_contain_text("cannot be reached")
    look(chat.page)


def test_a_question_that_came_too_soon(chat: Chat) -> None:
    chat.complaints.expected += ["429"]
    problem = {"status": 429, "title": "Too many", "detail": "Too many questions in a minute."}
    body = json.dumps(problem | {"code": "rate_limited", "retry_after": 30})
    chat.page.route(
        "**/messages/stream",
        lambda route: route.fulfill(
            status=429, body=body, headers={"Content-Type": "application/problem+json"}
        ),
    )
    chat.ask()
    expect(chat.page.locator(".composer .notice")).to_contain_text("Your draft is safe")
    look(chat.page)


def answered(site: LiveSite) -> str:
    """The id of a conversation with a question and its finished answer."""
    _, conversation = site.request("POST", "/api/conversations", {}, as_="alice")
    address = f"/api/conversations/{conversation['id']}/messages"
    question = {"content": "How do I add documents to the library?"}
    status, answer = site.request("POST", address, question, as_="alice")
    assert status == 200, json.dumps(answer)
    found: str = conversation["id"]
    return found
