"""A file's kind is that of its content; a name that says another is noticed."""

import pytest

from tests.papers.office import (
    locked_zip,
    make_docx,
    make_ods,
    make_odt,
    make_xlsx,
    make_zip,
    ods_row,
    word_p,
    zip_bomb,
)
from tests.papers.pdf import make_pdf, protected_pdf, scanned_pdf, unfolding_pdf
from tests.unit.knowledge.reading.reports import read

PDF = make_pdf([["The buoy is green."]])
DOCX = make_docx(word_p("The buoy is green."))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PROTECTED_OFFICE = OLE + "EncryptedPackage".encode("utf-16-le")
ODG = {"mimetype": "application/vnd.oasis.opendocument.graphics", "content.xml": "<a/>"}


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", PDF, "pdf"),
        ("noending", PDF, "pdf"),
        ("A.DOCX", DOCX, "docx"),
        ("a.odt", make_odt("<text:p>Green.</text:p>"), "odt"),
        ("a.xlsx", make_xlsx({"S": [["a", "b"]]}), "xlsx"),
        ("a.ods", make_ods({"S": ods_row("a", "b")}), "ods"),
        ("a.csv", b"a,b\n1,2\n", "csv"),
        ("a.htm", b"<p>Green.</p>", "html"),
        ("noending", b"<!doctype html><p>Green.</p>", "html"),
        ("noending", b"Green.", "text"),
        ("a.log", b"Green.", "text"),
        ("a.py", b"green = 1", "code"),
        ("Dockerfile", b"FROM scratch", "code"),
    ],
)
def test_a_kind_is_recognised(name: str, data: bytes, kind: str) -> None:
    report = read(name, data)
    assert ([one.kind for one in report.documents], report.refusals) == ([kind], [])


@pytest.mark.parametrize(
    ("name", "data", "reason", "advice"),
    [
        ("a.pdf", PDF[:200], "broken", "save it anew"),
        ("a.pdf", b"%PDF-1.7\n", "broken", "save it anew"),
        ("a.docx", DOCX[:200], "broken", "save it anew"),
        ("a.docx", make_zip({"word/document.xml": "<w:p>"}), "broken", "is not XML"),
        ("a.pdf", b"\x01\x02\x03\x00\x05" * 100, "broken", "does not begin like one"),
        ("a.pdf", protected_pdf(["Secret"], "pass"), "password", "Save a copy without one"),
        ("a.docx", PROTECTED_OFFICE, "password", "Save a copy without one"),
        ("a.odt", make_odt("", manifest="<m><encryption-data/></m>"), "password", "without one"),
        ("a.pdf", scanned_pdf(12), "no_text", "Its 12 pages are pictures with no selectable text"),
        ("a.docx", make_docx(""), "no_text", "pictures of text cannot be read"),
        ("a.html", b"<html><script>draw()</script></html>", "no_text", "Save it as PDF"),
        ("a.zip", zip_bomb(300), "bomb", "It unpacks to 300 MB"),
        ("a.pdf", unfolding_pdf(40), "bomb", "unpacks to far more"),
        ("a.docx", PDF, "wrong_name", "Rename it to a.pdf"),
        ("a.pdf", DOCX, "wrong_name", "Rename it to a.docx"),
        ("a.pdf", b"Just words.", "wrong_name", "Rename it to a.txt"),
        ("a.docx", b"<html><p>Words</p></html>", "wrong_name", "Rename it to a.html"),
        ("a.txt", b"abc\x00def", "wrong_name", "is not text"),
        ("a.pdf", b"", "empty", "Add a file that holds text"),
        ("a.md", b" \n\t ", "empty", "Add a file that holds text"),
        ("a.zip", make_zip({}), "empty", "It holds no files"),
        ("a.xlsx", make_xlsx({"S": []}), "empty", "Its sheets are empty"),
        ("a.ods", make_ods({"S": ods_row("", "")}), "empty", "Its tables are empty"),
        ("a.ods", make_ods({}, manifest="<m><encryption-data/></m>"), "password", "without one"),
        ("a.ods", make_odt("<text:p>Green.</text:p>"), "wrong_name", "OpenDocument"),
        ("a.xyz", b"Words.", "unknown_kind", "Files with .xyz cannot be read"),
        ("a.jar", make_zip({"a.txt": "a"}), "unknown_kind", ".jar cannot be read"),
        ("a.doc", OLE, "unknown_kind", "Save it as .docx"),
        ("a.odg", make_zip(ODG), "unknown_kind", "neither a text nor a table"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "unknown_kind", "It is a picture"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "unknown_kind", "It is a picture"),
        ("a.txt", "Grüße".encode("latin-1"), "encoding", "Save it as UTF-8"),
        ("a.txt", b"abc\x07def", "encoding", "is not plain text"),
    ],
)  # fmt: skip
def test_what_is_not_read_says_why_and_what_to_do(
    name: str, data: bytes, reason: str, advice: str
) -> None:
    report = read(name, data)
    assert report.refusals == [(name, reason)]
    assert advice in report.advice


def test_a_locked_archive_says_so_for_its_files() -> None:
    report = read("a.zip", locked_zip({"plan.txt": "Secret."}))
    assert report.refusals == [("a.zip/plan.txt", "password")]


def test_each_file_of_an_archive_is_read_or_refused_by_itself() -> None:
    parts = {
        "notes/plan.md": "# The plan\n\nWe ship.",
        "../../up.txt": "Upwards.",
        "scan.pdf": scanned_pdf(1),
        "inner.zip": make_zip({"a.txt": "a"}),
        "__MACOSX/plan.md": "x",
        ".DS_Store": "x",
    }
    report = read("all.zip", make_zip(parts))
    assert [one.origin for one in report.documents] == ["all.zip/notes/plan.md", "all.zip/up.txt"]
    assert report.refusals == [
        ("all.zip/scan.pdf", "no_text"),
        ("all.zip/inner.zip", "unknown_kind"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_with_and_without_a_mark_is_read(encoding: str) -> None:
    assert read("a.txt", "Grüße\r\nan alle\r".encode(encoding)).text == "Grüße\nan alle\n"
