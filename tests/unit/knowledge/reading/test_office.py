"""What Word, OpenDocument, PowerPoint and EPUB files say, and where."""

import pytest

from tests.papers.office import (
    make_docx,
    make_epub,
    make_odt,
    make_pptx,
    word_p,
    word_table,
)
from tests.unit.knowledge.reading.reports import read

BOMB = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><w:document>&b;</w:document>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document>&a;</w:document>'


def test_a_word_file_keeps_headings_lists_and_tables() -> None:
    body = (
        word_p("Rules", style="H1")
        + word_p("At night", style="H2")
        + word_p("Be quiet.")
        + word_p("No shouting", item=True)
        + word_p("No singing", item=True)
        + word_table([["Room", "Beds"], ["North", "3"]])
    )
    report = read("a.docx", make_docx(body, title="House rules"))
    assert report.documents[0].title == "House rules"
    (passage,) = report.passages
    assert passage.heading == "Rules › At night"
    assert passage.text == (
        "Be quiet.\n\n- No shouting\n- No singing\n\n| Room | Beds |\n| --- | --- |\n| North | 3 |"
    )


def test_what_was_deleted_in_a_word_file_is_not_read() -> None:
    body = (
        "<w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText> gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> and new</w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGEREF</w:instrText></w:r></w:p>"
    )
    assert read("a.docx", make_docx(body)).text.strip() == "Kept and new"


@pytest.mark.parametrize("document", [BOMB, OUTSIDE])
def test_entities_are_refused(document: str) -> None:
    data = make_docx("", **{"word/document.xml": document})
    assert read("a.docx", data).refusals == [("a.docx", "bomb")]


def test_an_opendocument_text_keeps_headings_and_lists() -> None:
    body = (
        '<text:h text:outline-level="1">Rules</text:h><text:p>Be<text:s text:c="2"/>quiet, '
        "<text:span>please</text:span>.</text:p><text:list><text:list-item><text:p>One</text:p>"
        "</text:list-item><text:list-item><text:p>Two</text:p></text:list-item></text:list>"
    )
    report = read("a.odt", make_odt(body, title="House rules"))
    assert report.documents[0].title == "House rules"
    (passage,) = report.passages
    assert (passage.heading, passage.text) == ("Rules", "Be quiet, please.\n\n- One\n- Two")


def test_a_slide_is_a_place() -> None:
    report = read("a.pptx", make_pptx([("Aims", ["Ship it", "Sleep"]), ("Thanks", [])]))
    assert [(one.heading, one.place, one.text) for one in report.passages] == [
        ("Aims", "slide 1", "- Ship it\n- Sleep"),
        ("Thanks", "slide 2", "Thanks"),
    ]


def test_a_book_is_read_in_its_order() -> None:
    chapters = ["<h1>One</h1><p>First &amp; last&nbsp;words.</p>", "<h1>Two</h1><p>More.</p>"]
    report = read("a.epub", make_epub(chapters, title="The book"))
    assert report.documents[0].title == "The book"
    assert [(one.heading, one.text) for one in report.passages] == [
        ("One", "First & last words."),
        ("Two", "More."),
    ]


def test_a_book_that_is_locked_to_one_reader_is_refused() -> None:
    locked = {"META-INF/encryption.xml": '<e><EncryptionMethod Algorithm="aes128-cbc"/></e>'}
    assert read("a.epub", make_epub(["<p>x</p>"], **locked)).refusals == [("a.epub", "password")]


def test_text_that_looks_like_markdown_stays_text() -> None:
    body = word_p("# not a heading") + word_p("---") + word_p("> not a quote")
    (passage,) = read("a.docx", make_docx(body)).passages
    assert passage.heading == ""
    assert passage.text == "\\# not a heading\n\n\\---\n\n\\> not a quote"
