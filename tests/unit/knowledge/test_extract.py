"""What may be read from an upload, and how a refusal helps."""

import pytest

from chat.errors import Invalid, TooLarge
from chat.knowledge.extract import MOST_BYTES, read_upload


def test_markdown_gives_its_own_title() -> None:
    assert read_upload("a/b/rules.md", b"# Our rules\n\nBe kind.") == (
        "Our rules",
        "# Our rules\n\nBe kind.",
        "markdown",
    )


def test_plain_text_is_called_after_its_file() -> None:
    assert read_upload("C:\\notes\\on_call.TXT", b"Be awake.") == ("on call", "Be awake.", "text")


@pytest.mark.parametrize(
    "data",
    [
        "Grüße\r\nan alle".encode("utf-8-sig"),
        "Grüße\nan alle".encode(),
        "Grüße\ran alle".encode("utf-16"),
    ],
)
def test_unicode_with_and_without_a_mark_is_read(data: bytes) -> None:
    assert read_upload("a.txt", data)[1] == "Grüße\nan alle"


@pytest.mark.parametrize(
    ("name", "data", "advice"),
    [
        ("a.txt", b"%PDF-1.7 ...", "PDF"),
        ("a.md", b"PK\x03\x04...", "Export it"),
        ("a.txt", b"abc\x00def", "Export it"),
        ("a.txt", "Grüße".encode("latin-1"), "Save it as UTF-8"),
        ("a.txt", b" \n\t ", "empty"),
        ("a.txt", b"", "empty"),
        ("a.docx", b"text", "Markdown"),
        ("noending", b"text", "Markdown"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(name: str, data: bytes, advice: str) -> None:
    with pytest.raises(Invalid, match=advice):
        read_upload(name, data)


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(TooLarge, match="Split it"):
        read_upload("a.txt", b"a" * (MOST_BYTES + 1))
