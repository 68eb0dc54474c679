"""Reading in conversations from elsewhere: dropped, followed, cancelled, and without script."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.chatting import sign_in_as
from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import look
from tests.browser.test_library import DROP
from tests.unit.knowledge.reading.test_talks import CHATGPT, WEBUI


def open_imports(page: Page) -> None:
    page.goto("/account/imports")
    page.locator("[data-module=uploads][data-ready]").wait_for()


def test_an_export_is_dropped_followed_and_dismissed(sign_in: SignIn) -> None:
    page = sign_in("alice")
    open_imports(page)
    look(page)
    page.evaluate(DROP, ["conversations.json", json.dumps([CHATGPT])])
    row = page.locator(".upload", has_text="conversations.json")
    expect(row).to_contain_text("1 conversation read in")
    page.evaluate(DROP, ["notes.txt", "no export at all"])
    failed = page.locator(".upload", has_text="notes.txt")
    expect(failed).to_contain_text("Not added.")
    look(page)
    page.reload()
    expect(row).to_contain_text("1 conversation read in")
    page.get_by_label("Dismiss conversations.json").click()
    page.get_by_label("Dismiss notes.txt").click()
    expect(page.locator(".upload")).to_have_count(0)
    page.reload()
    expect(page.locator(".upload")).to_have_count(0)


def test_an_import_is_cancelled_while_it_is_sent_or_read(sign_in: SignIn) -> None:
    page = sign_in("bob")
    open_imports(page)
    many = [CHATGPT | {"conversation_id": f"c{n}", "title": f"Talk {n}"} for n in range(10_000)]
    page.evaluate(DROP, ["long.json", json.dumps(many)])
    row = page.locator(".upload", has_text="long.json")
    page.get_by_label("Cancel long.json").click()
    expect(row).to_have_count(0)
    page.reload()
    expect(row).to_have_count(0)


def test_an_export_is_read_in_without_script(new_context: Any, tmp_path: Path) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in_as(page, "charlie")
    page.goto("/account/imports")
    export = tmp_path / "webui.json"
    export.write_text(json.dumps([WEBUI]))
    page.get_by_label("Export to read in").set_input_files(export)
    page.get_by_role("button", name="Read it in").click()
    row = page.locator(".upload", has_text="webui.json")
    expect(row).to_contain_text("1 conversation read in", timeout=15_000)
    page.get_by_label("Dismiss webui.json").click()
    expect(row).to_have_count(0)
