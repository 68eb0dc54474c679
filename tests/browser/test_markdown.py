"""Markdown in a real page: the same whole, in pieces and from the server, safe, and cheap."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from chat.web.markdown import render_answer

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).parent / "fixtures"
DOCUMENTS: dict[str, str] = json.loads((FIXTURES / "documents.json").read_text(encoding="utf-8"))
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
READ_OTHERWISE = {
    "an indented fence",  # marked takes the indent of a fence of tildes for code
    "definitions in odd places",  # a definition ends with its line where the text still grows
    "broken links",  # marked makes no link to nowhere
}
INGREDIENTS = json.loads((FIXTURES / "ingredients.json").read_text(encoding="utf-8"))


class StrictHandler(http.server.SimpleHTTPRequestHandler):
    """The checkout's files, under the policy that the site has."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    handler = functools.partial(StrictHandler, directory=str(ROOT))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page(address: str, browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    opened.goto(f"{address}/tests/browser/fixtures/markdown.html")
    opened.wait_for_selector("html[data-ready]", state="attached")
    yield opened
    opened.close()


def call(page: Page, name: str, *arguments: object) -> Any:
    return page.evaluate("([name, args]) => markdown[name](...args)", [name, list(arguments)])


def rendered(page: Page, text: str) -> str:
    return str(call(page, "wholeHtml", text))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_one_character_at_a_time_makes_what_the_whole_makes(page: Page, name: str) -> None:
    assert call(page, "characters", DOCUMENTS[name]) is None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_cut_makes_what_the_whole_makes(page: Page, name: str) -> None:
    assert call(page, "cuts", DOCUMENTS[name]) is None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_line_by_line_makes_what_the_whole_makes(page: Page, name: str) -> None:
    assert call(page, "lines", DOCUMENTS[name]) is None


@pytest.mark.parametrize("kind", INGREDIENTS)
def test_documents_of_random_pieces_are_the_same_in_pieces(page: Page, kind: str) -> None:
    given = INGREDIENTS[kind]
    found = call(page, "fuzz", given["pieces"], given["documents"], 7, given["longest"])
    assert found is None


def test_finished_blocks_are_never_touched_again(page: Page) -> None:
    """open-webui #23733: the whole message was parsed again for each token."""
    kept = page.evaluate(
        """() => {
          const box = document.createElement('div');
          const stream = markdown.createStreamingMarkdown(box);
          const show = (text) => { stream.push(text); stream.flush(); };
          show('# Title\\n\\n- one\\n- two\\n- three\\n\\n');
          show('Next paragraph\\n\\n');
          const before = [...box.children].slice(0, 2);
          const touched = [];
          const observer = new MutationObserver((list) => touched.push(...list));
          before.forEach((node) => observer.observe(node, {
            subtree: true, childList: true, characterData: true, attributes: true,
          }));
          for (const piece of DOCUMENT.split('')) show(piece);
          stream.finish();
          touched.push(...observer.takeRecords());
          return [before.every((node, at) => box.children[at] === node), touched.length];
        }""".replace("DOCUMENT", json.dumps(DOCUMENTS["an answer"].replace("[r]:", "r:")))
    )
    assert kept == [True, 0]


def test_items_rows_lines_and_words_stay_while_their_block_is_open(page: Page) -> None:
    texts = {
        "li": ["- one\n- two\n", "- three\n- fo", "ur\n"],
        "tbody tr": ["a|b\n-|-\n1|2\n", "3|4\n5|", "6\n"],
        "strong": [f"**first** {'word ' * 200}", "more words ", "and **more"],
    }
    for selector, pieces in texts.items():
        same = page.evaluate(
            """([selector, pieces]) => {
              const box = document.createElement('div');
              const stream = markdown.createStreamingMarkdown(box);
              const show = (text) => { stream.push(text); stream.flush(); };
              show(pieces[0]);
              show(' ');
              const first = box.querySelector(selector);
              pieces.slice(1).forEach(show);
              return first !== null && box.querySelector(selector) === first;
            }""",
            [selector, pieces],
        )
        assert same, selector


def test_what_a_model_writes_runs_nothing_and_loads_nothing(page: Page) -> None:
    html = rendered(page, DOCUMENTS["hostile"])
    forbidden = ["<script", "<iframe", "<form", "<input", "<button>", "<svg>", "<math", "<style"]
    forbidden += ["<img", "<a "]
    for sign in forbidden:
        assert sign not in html.lower(), sign


def test_links_leave_the_page_without_a_trace(page: Page) -> None:
    found = page.evaluate(
        "text => [...markdown.renderMarkdown(text).querySelectorAll('a')]"
        ".map((a) => [a.getAttribute('href').startsWith('/'), a.rel, a.target])",
        DOCUMENTS["links"],
    )
    assert {inside for inside, _, _ in found} == {True, False}
    for inside, *pair in found:
        assert pair == (["", ""] if inside else ["noopener noreferrer nofollow", "_blank"])


def test_pictures_become_links(page: Page) -> None:
    html = rendered(page, DOCUMENTS["pictures"])
    assert "<img" not in html
    assert '<a href="/static/x.png">own</a>' in html
    assert '<a href="https://elsewhere.example/x.png" rel="noopener' in html
    assert '"data:' not in html


def test_nothing_in_an_answer_passes_for_a_part_of_the_page(page: Page) -> None:
    text = 'One\n<div id="composer" class="btn" data-copy>x</div>\n\n<cite data-n="1">y'
    assert rendered(page, text) == "".join(
        f"<p>{escape(part, quote=False)}</p>" for part in text.split("\n\n")
    )


def test_the_last_sieve_keeps_nothing_that_no_markdown_makes(page: Page) -> None:
    html = (
        "<img src=x onerror=alert(1)><b id=main class=btn style=color:red>y</b><script>1</script>"
    )
    found = page.evaluate(
        "(html) => { const box = document.createElement('div');"
        " box.append(markdown.sanitize(html)); return box.innerHTML; }",
        html,
    )
    assert found == "<img>y"


def test_markers_of_known_sources_become_links_to_them(page: Page) -> None:
    """open-webui #10979: citations pointed to the wrong place."""
    html = rendered(page, "A [1] b [9] `[1]` [see [2]](/x).")
    assert html.count('class="cite"') == 2
    assert 'href="#source-1" data-source="1" aria-label="Source 1: Release &quot;handbook' in html
    assert "b [9] <code>[1]</code>" in html
    anchored = page.evaluate(
        "() => markdown.renderMarkdown('[2]', { sources: markdown.SOURCES, messageId: 'm7' })"
        ".querySelector('a').outerHTML"
    )
    assert 'href="#source-m7-2"' in anchored


def test_sources_may_come_after_the_text(page: Page) -> None:
    counts = page.evaluate(
        """() => {
          const box = document.createElement('div');
          const stream = markdown.createStreamingMarkdown(box);
          stream.push('One [1].\\n\\nTwo [2]');
          stream.flush();
          const before = box.querySelectorAll('.cite').length;
          stream.setSources(markdown.SOURCES);
          stream.push(' and [1].');
          stream.finish();
          return [before, box.querySelectorAll('.cite').length];
        }"""
    )
    assert counts == [0, 3]


@pytest.mark.parametrize("name", ["fence", "a fence with an odd name", "an answer"])
def test_colours_change_no_character_of_the_code(page: Page, name: str) -> None:
    before, after, coloured = page.evaluate(
        """async (text) => {
          const box = document.createElement('div');
          box.append(markdown.renderMarkdown(text, { sources: markdown.SOURCES }));
          const codes = () => [...box.querySelectorAll('pre code')].map((code) => code.textContent);
          const before = codes();
          await markdown.whenHighlighted();
          return [before, codes(), box.querySelectorAll('[class^=hljs-]').length];
        }""",
        DOCUMENTS[name],
    )
    assert before == after
    assert coloured > 0


def test_code_has_a_head_with_its_language_and_a_button(page: Page) -> None:
    html = rendered(page, "```sql\nSELECT 1;\n```")
    assert html.startswith('<figure class="code"><figcaption class="code__head"><span>sql</span>')
    assert 'data-copy=""' in html
    assert '<pre tabindex="0" role="group" aria-label="sql"><code data-language="sql">SEL' in html
    assert "<svg" not in html
    shown = page.evaluate(
        "() => markdown.renderMarkdown('```\\nx\\n```', { copyIcon: '/icons.svg#i-copy' })"
        ".firstChild.outerHTML"
    )
    assert '<use href="/icons.svg#i-copy"></use></svg>Copy</button>' in shown
    assert "<span>code</span>" in shown


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("", '<span class="cursor" aria-hidden="true"></span>'),
        ("A *b", 'A *b<span class="cursor" aria-hidden="true"></span></p>'),
        ("- a\n- b", 'b<span class="cursor" aria-hidden="true"></span></li></ul>'),
        ("```js\na\nb", '\nb<span class="cursor" aria-hidden="true"></span></code></pre></figure>'),
        ("a|b\n-|-\n1|2", '2<span class="cursor" aria-hidden="true"></span></td></tr></tbody>'),
    ],
)
def test_the_cursor_stands_behind_the_last_character(page: Page, text: str, ending: str) -> None:
    shown, finished = page.evaluate(
        """(text) => {
          const box = document.createElement('div');
          const stream = markdown.createStreamingMarkdown(box);
          stream.push(text);
          stream.flush();
          const shown = box.innerHTML;
          stream.finish();
          return [shown, box.querySelector('.cursor')];
        }""",
        text,
    )
    assert ending in shown
    assert finished is None


def test_a_replaced_text_leaves_nothing_of_the_first(page: Page) -> None:
    html = page.evaluate(
        """() => {
          const box = document.createElement('div');
          const stream = markdown.createStreamingMarkdown(box);
          stream.push('- old\\n- text\\n\\n```js\\nopen');
          stream.flush();
          stream.replace('New');
          stream.push(' text');
          stream.finish();
          return box.innerHTML;
        }"""
    )
    assert html == "<p>New text</p>"


@pytest.mark.parametrize("text", [">" * 20_000, "- " + ">" * 20_000 + "\n- b", "[" * 20_000])
def test_a_text_that_breaks_its_reader_is_shown_as_it_is(page: Page, text: str) -> None:
    whole, pieces = page.evaluate(
        """(text) => [
          markdown.renderMarkdown(text).textContent,
          markdown.inPieces([text.slice(0, 3), text.slice(3, 9000), text.slice(9000)]).textContent,
        ]""",
        text,
    )
    for shown in (whole, pieces):
        assert shown.count(">") == text.count(">")
        assert shown.count("[") == text.count("[")


def test_what_people_type_keeps_its_line_ends(page: Page) -> None:
    html = page.evaluate(
        "() => markdown.normalized(markdown.renderMarkdown('a\\nb', { breaks: true }))"
    )
    assert html == "<p>a<br>b</p>"


def test_painting_waits_for_a_frame_and_costs_nothing_before(page: Page) -> None:
    before, after = page.evaluate(
        """async () => {
          const box = document.createElement('div');
          const stream = markdown.createStreamingMarkdown(box, { cursor: false });
          for (const piece of 'many small pieces'.split('')) stream.push(piece);
          const before = box.innerHTML;
          await new Promise((done) => new MutationObserver(done).observe(box, { childList: true }));
          return [before, box.textContent];
        }"""
    )
    assert [before, after] == ["", "many small pieces"]


@pytest.fixture(scope="module")
def _app() -> Iterator[None]:
    """The server's code blocks name an icon, whose address needs an app."""
    with Flask("tests", root_path=str(ROOT)).app_context():
        yield


@pytest.mark.usefixtures("_app")
@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name not in READ_OTHERWISE])
def test_the_server_makes_the_same_elements(page: Page, name: str) -> None:
    text = DOCUMENTS[name]
    html = str(render_answer(text, page.evaluate("markdown.SOURCES"), "m"))
    assert call(page, "structure", text) == call(page, "structureOf", html)
