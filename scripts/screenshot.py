"""Takes docs/screenshot.png of the real thing: a site is started, asked, and photographed.

Run by `make screenshot`, as a module from the project's folder.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, sign_in_as
from tests.live import ROOT, LiveSite
from tests.people import build_database

QUESTION = "How do I add documents to the library?"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        build_database(template)
        with LiveSite(Path(folder) / "site", template) as site:
            photograph(site, ask(site))


def ask(site: LiveSite) -> str:
    """The id of a conversation of Alice's with a finished answer."""
    _, conversation = site.request("POST", "/api/conversations", {}, as_="alice")
    address = f"/api/conversations/{conversation['id']}/messages"
    status, answer = site.request("POST", address, {"content": QUESTION}, as_="alice")
    if status != 200:
        raise RuntimeError(answer)
    found: str = conversation["id"]
    return found


def photograph(site: LiveSite, conversation_id: str) -> None:
    """Write the picture of the conversation, as Alice sees it."""
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        size = {"width": 1280, "height": 800}
        page = browser.new_page(base_url=site.url, viewport=size, color_scheme="light")
        sign_in_as(page, "alice")
        answer = page.goto(f"/c/{conversation_id}")
        if answer is None or not answer.ok:
            raise RuntimeError(f"the page cannot be shown:\n{site.output}")
        page.screenshot(path=ROOT / "docs" / "screenshot.png")
        browser.close()


if __name__ == "__main__":
    main()
