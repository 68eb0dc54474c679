"""Finished messages become safe HTML, with markers only where a source stands behind them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from chat.web.markdown import render_answer, render_question

SOURCES = [
    {"n": 1, "title": "On-call handbook"},
    {"n": 2, "title": 'Alerts <b>"now"</b>'},
]
MARKER = '<a class="cite" href="#source-abc-1"'


@pytest.fixture(autouse=True)
def _app() -> Iterator[None]:
    """Code blocks name an icon, whose address needs an app."""
    app = Flask("tests", root_path=str(Path(__file__).parents[2]))
    with app.app_context():
        yield


def answer(text: str) -> str:
    return str(render_answer(text, SOURCES, "abc"))


def test_a_marker_leads_to_its_source_and_names_it() -> None:
    assert answer("So it is [1].") == (
        f'<p>So it is {MARKER} data-source="1"'
        ' aria-label="Source 1: On-call handbook">[1]</a>.</p>\n'
    )


def test_a_title_cannot_leave_its_attribute() -> None:
    assert "<b>" not in answer("So it is [2].")


@pytest.mark.parametrize("text", ["[3]", "[0]", "[1000]", "[x]", r"\[1]"])
def test_a_marker_without_a_source_stays_text(text: str) -> None:
    assert 'class="cite"' not in answer(f"So it is {text}.")


@pytest.mark.parametrize("text", ["`a[1]`", "```\na[1]\n```", "    a[1]"])
def test_a_marker_in_code_is_code(text: str) -> None:
    assert 'class="cite"' not in answer(text)


def test_no_link_holds_a_marker() -> None:
    shown = answer("[see [1]](/library)")
    assert shown.count("<a ") == shown.count('class="cite"') == 1


def test_a_reference_definition_cannot_take_the_place_of_a_source() -> None:
    """Citations must not point to the wrong place (open-webui #10979)."""
    shown = answer("So it is [1].\n\n[1]: https://evil.example\n")
    assert MARKER in shown
    assert "evil" not in shown


def test_two_markers_in_a_row_are_two_links() -> None:
    assert answer("So it is [1][2].").count('class="cite"') == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JAVASCRIPT:alert(1))",
        "[x](data:text/html,<script>)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "<javascript:alert(1)>",
        '```"><img src=x onerror=alert(1)>\ncode\n```',
        "![x](https://evil.example/pixel.png)",
        '[x](https://e.org "><script>")',
        "| a |\n|---|\n| <script>alert(1)</script> |",
    ],
)
@pytest.mark.parametrize("render", [answer, lambda text: str(render_question(text))])
def test_hostile_text_makes_no_element_of_its_own(hostile: str, render: object) -> None:
    shown = render(hostile)  # type: ignore[operator]
    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown.lower()
    assert 'href="data' not in shown
    assert 'href="//' not in shown


def test_links_open_elsewhere_and_carry_nothing_along() -> None:
    shown = answer("[x](https://e.org/a)")
    assert 'rel="noopener noreferrer nofollow"' in shown
    assert 'target="_blank"' in shown


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://e.org/a_b_c.", "https://e.org/a_b_c"),
        ("(at http://e.org/x_(y))", "http://e.org/x_(y)"),
        ("**https://e.org**", "https://e.org"),
        ("See https://e.org/ü, twice", "https://e.org/%C3%BC"),
    ],
)
def test_an_address_in_the_text_is_a_link_to_it(text: str, address: str) -> None:
    assert f'<a href="{address}" rel="noopener' in answer(text)


@pytest.mark.parametrize("text", ["`https://e.org`", "ftp://e.org", "https://", "see://e.org"])
def test_other_text_is_no_address(text: str) -> None:
    assert "<a" not in answer(text)


def test_an_address_of_closing_signs_takes_no_longer_than_its_length() -> None:
    assert answer("https://e.org/" + ".)" * 50_000).count("<a ") == 1


def test_a_picture_is_a_link_to_it() -> None:
    shown = answer("![A map](https://e.org/map.png) [![x](/a.png)](/b)")
    assert shown.startswith('<p><a href="https://e.org/map.png" rel="noopener')
    assert '>A map</a> <a href="/b">x</a>' in shown


def test_a_task_has_a_sign_and_nothing_to_tick() -> None:
    shown = answer("- [ ] open\n- [x] done\n\ntext [ ] text")
    assert "<li>☐ open</li>\n<li>☑ done</li>" in shown
    assert "text [ ] text" in shown


def test_cells_are_aligned_without_a_style() -> None:
    shown = answer("| a |\n|--:|\n| 1 |")
    assert '<td align="right">1</td>' in shown
    assert "style" not in shown


def test_links_within_the_site_stay_in_the_tab() -> None:
    assert "target" not in answer("[x](/library)")


def test_a_fence_has_a_head_with_its_language_and_a_button() -> None:
    shown = answer("```sql\nselect '<1>'\n```")
    assert '<figure class="code"><figcaption class="code__head"><span>sql</span><button' in shown
    code = "select &#39;&lt;1&gt;&#39;\n"
    assert f'<code class="language-sql" data-language="sql">{code}</code>' in shown


def test_headings_of_a_message_stand_below_those_of_the_page() -> None:
    shown = answer("# One\n\n###### Six")
    assert "<h3>One</h3>" in shown
    assert "<h6>Six</h6>" in shown


def test_a_question_keeps_its_line_breaks() -> None:
    assert "<br" in str(render_question("one\ntwo"))


def test_a_question_has_no_markers() -> None:
    assert "<a" not in str(render_question("So it is [1]."))


def test_deep_nesting_ends() -> None:
    assert answer("> " * 3000 + "x")
    assert answer("[" * 5000)
    assert answer("*a " * 5000)
