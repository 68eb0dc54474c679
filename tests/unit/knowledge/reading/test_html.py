"""What a web page says, without what is around it."""

import pytest

from tests.unit.knowledge.reading.reports import read

PAGE = """<!doctype html><title>The &amp; plan</title><style>p {}</style>
<nav><a href=x>Menu</a></nav><main><h1>Plan</h1><p>We <b>ship</b>
on Friday.<ul><li>One<li>Two</ul><pre>a
  b</pre><table><tr><th>Room<th>Beds<tr><td><p>North</p><td>3</table></main>
<script>document.write("evil")</script><footer>Imprint</footer>"""


def test_the_text_of_a_page_is_read() -> None:
    report = read("a.html", PAGE.encode())
    assert report.documents[0].title == "The & plan"
    assert report.text.strip() == (
        "# Plan\n\nWe ship on Friday.\n\n- One\n- Two\n\n```\na\n  b\n```\n\n"
        "| Room | Beds |\n| --- | --- |\n| North | 3 |"
    )


def test_a_page_that_is_all_menu_is_read_all_the_same() -> None:
    assert read("a.html", b"<html><nav><p>Only this.</p></nav>").text.strip() == "Only this."


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8"])
def test_a_page_is_read_in_the_encoding_that_it_names(charset: str) -> None:
    page = f'<html><meta charset="{charset}"><p>Grüße</p>'
    assert read("a.html", page.encode(charset)).text.strip() == "Grüße"
