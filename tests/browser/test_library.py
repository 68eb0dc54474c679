"""Adding documents in a real browser: rows with progress, reasons, drop, and no script at all."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import sign_in_as
from tests.browser.conftest import SignIn
from tests.papers.office import make_zip
from tests.papers.pdf import make_pdf, scanned_pdf

DROP = """([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, {type: 'text/plain'}));
  for (const type of ['dragover', 'drop'])
    document.body.dispatchEvent(
      new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: files}));
}"""
PASTE = """([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name));
  document.body.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, clipboardData: files}));
}"""


PASTE_TEXT = """(text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  document.body.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, clipboardData: data}));
}"""


@pytest.fixture
def library(sign_in: SignIn) -> Page:
    """The library, open, as Alice sees it."""
    page = sign_in("alice")
    page.goto("/library")
    page.locator("[data-module=uploads][data-ready]").wait_for()
    return page


def row(page: Page, name: str) -> Any:
    return page.locator(".upload", has_text=name)


def test_a_chosen_file_is_added_and_appears_in_the_list(library: Page, tmp_path: Path) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text("# The plan\n\nWe ship on Friday.\n")
    with library.expect_file_chooser() as chooser:
        library.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(plan)
    expect(row(library, "plan.md")).to_contain_text("Added, 1 passage")
    expect(library.get_by_role("link", name="The plan")).to_be_visible()
    expect(
        library.get_by_role("status").filter(has_text="plan.md: Added, 1 passage.")
    ).to_be_attached()
    row(library, "plan.md").get_by_role("link", name="Open").click()
    expect(library.get_by_text("We ship on Friday.")).to_be_visible()
    library.go_back()
    expect(row(library, "plan.md")).to_contain_text("Added, 1 passage")


def test_what_cannot_be_added_says_why_and_can_be_dismissed(library: Page, tmp_path: Path) -> None:
    scan, big = tmp_path / "scan.txt", tmp_path / "big.txt"
    scan.write_bytes(b"%PDF-1.7")
    big.write_bytes(b"word " * 4_400_000)
    library.locator("#files").set_input_files([scan, big])
    expect(row(library, "scan.txt")).to_contain_text(
        "Not added. It is called Text, and is a file of the kind PDF."
    )
    expect(row(library, "big.txt")).to_contain_text("Not added. It has 21 MB")
    library.get_by_role("button", name="Dismiss scan.txt").click()
    expect(row(library, "scan.txt")).to_have_count(0)


def test_a_long_reading_is_followed_over_a_reload_and_can_be_ended(
    library: Page, tmp_path: Path
) -> None:
    long = tmp_path / "long.pdf"
    long.write_bytes(make_pdf([[f"Line {n} of page {page}." for n in range(40)]
                               for page in range(2000)]))  # fmt: skip
    library.locator("#files").set_input_files(long)
    reading = re.compile(r"Reading pages, \d+ of 2000")
    expect(row(library, "long.pdf")).to_contain_text(reading)
    library.reload()
    expect(row(library, "long.pdf")).to_contain_text(reading)
    first = row(library, "long.pdf").locator("progress").get_attribute("value")
    expect(row(library, "long.pdf").locator("progress")).not_to_have_attribute("value", first)
    library.get_by_role("button", name="Cancel long.pdf").click()
    expect(row(library, "long.pdf")).to_have_count(0)
    library.reload()
    expect(row(library, "long.pdf")).to_have_count(0)


def test_a_file_that_did_not_reach_the_server_is_sent_again(library: Page, tmp_path: Path) -> None:
    notes = tmp_path / "later.txt"
    notes.write_text("The pump is checked in spring.")
    library.route("**/api/documents", lambda route: route.abort())
    library.locator("#files").set_input_files(notes)
    expect(row(library, "later.txt")).to_contain_text("Not added. The server cannot be reached")
    library.unroute("**/api/documents")
    row(library, "later.txt").get_by_role("button", name="Try again").click()
    expect(row(library, "later.txt")).to_contain_text("Added, 1 passage")


def test_an_archive_says_what_of_it_was_left_out(library: Page, tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    archive.write_bytes(make_zip({"fine.md": "# Fine\n\nText.", "scan.pdf": scanned_pdf(2)}))
    library.locator("#files").set_input_files(archive)
    expect(row(library, "all.zip")).to_contain_text("1 document added, 1 left out")
    expect(row(library, "all.zip")).to_contain_text("all.zip/scan.pdf Its 2 pages are pictures")


def test_a_pasted_text_becomes_a_document(library: Page) -> None:
    library.evaluate(PASTE_TEXT, "# Watering\n\nThe plants are watered on Mondays by somebody.")
    expect(row(library, "Pasted")).to_contain_text("Added, 1 passage")
    expect(library.get_by_role("link", name="Watering")).to_be_visible()


@pytest.mark.parametrize(("script", "name"), [(DROP, "dropped.txt"), (PASTE, "pasted.txt")])
def test_files_are_dropped_and_pasted(library: Page, script: str, name: str) -> None:
    library.evaluate(script, [name, f"The text of {name}."])
    expect(row(library, name)).to_contain_text("Added, 1 passage")


def test_without_a_script_the_form_adds_files(new_context: Any, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Water the plants on Monday.")
    page = new_context(java_script_enabled=False).new_page()
    sign_in_as(page, "bob")
    page.goto("/library")
    page.get_by_label("Files to add").set_input_files(notes)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, "notes.txt")).to_contain_text("Added, 1 passage")  # it comes again by itself
    expect(page.get_by_role("button", name="Choose files")).to_be_hidden()


def test_a_document_is_deleted_after_a_question(library: Page) -> None:
    library.evaluate(DROP, ["old.txt", "Nobody needs this any more."])
    library.get_by_role("link", name="old", exact=True).click()
    library.get_by_label("Actions for this document").click()
    library.get_by_text("Delete", exact=True).click()
    library.get_by_role("button", name="Delete this document").click()
    expect(library.get_by_text("The document is deleted.")).to_be_visible()
    expect(library.get_by_role("link", name="old", exact=True)).to_have_count(0)
