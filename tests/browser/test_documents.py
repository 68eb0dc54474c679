"""A source leads to its place in the document: scrolled there, and marked, without script too."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import sign_in_as
from tests.live import LiveSite
from tests.papers.pdf import make_pdf
from tests.papers.sending import send_files
from tests.web.uploading import until

FACT = "The outer buoy is painted green every second spring by the harbour team."
FILLER = "On this page of the log the watch says that nothing at all has happened today."


@pytest.fixture(scope="module")
def log_book(live_site: LiveSite) -> str:
    """A PDF of sixty pages whose page 41 holds a fact; the document's id."""
    pages = [[f"Log {n}", *[FILLER] * 12] for n in range(1, 61)]
    pages[40].insert(10, FACT)
    (sent,) = send_files(live_site, [("log-book.pdf", make_pdf(pages, title="Log book"))])
    seen: dict[str, Any] = {}

    def is_done() -> bool:
        seen.update(live_site.request("GET", f"/api/uploads/{sent['id']}", as_="alice")[1])
        return bool(seen["state"] == "done")

    until(is_done)
    document_id: str = seen["documents"][0]["id"]
    return document_id


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_source_leads_to_its_marked_quote(
    script: bool, width: int, new_context: Any, live_site: LiveSite, log_book: str
) -> None:
    _, made = live_site.request("POST", "/api/conversations", {}, as_="bob")
    question = {"content": "How often is the outer buoy painted?"}
    path = f"/api/conversations/{made['id']}/messages"
    assert live_site.request("POST", path, question, as_="bob")[0] == 200
    context = new_context(java_script_enabled=script, viewport={"width": width, "height": 800})
    page: Page = context.new_page()
    sign_in_as(page, "bob")
    page.goto(f"/c/{made['id']}")
    source = page.locator(f'.source a[href*="{log_book}"]').first
    expect(page.locator(".source__where", has_text="page 41").first).to_be_attached()
    page.goto(str(source.get_attribute("href")))
    mark = page.locator("mark#quote")
    expect(mark).to_have_text(FACT)
    expect(mark).to_be_in_viewport()
    expect(page.locator(".passage.is-named")).to_have_count(1)
