"""A text that grows on the page: shown evenly in between its pieces, and at once where that is due.

The page's clock is the test's, so nothing here depends on how fast a machine is.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_markdown import address  # noqa: F401  # the checkout's files

BEGIN = """async () => {
  window.now = 1000;
  performance.now = () => window.now;
  const { createGrowingText } = await import('/static/js/components/growing-text.js');
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  window.begin = () => {
    const box = document.createElement('div');
    const growing = createGrowingText(box, () => ({}));
    const text = () => box.textContent.trimEnd();
    const after = async (ms) => {
      window.now += ms;
      const isBehind = growing.reveal();
      await painted();
      return [text(), isBehind];
    };
    return { box, growing, text, after };
  };
}"""
MARKDOWN = "# A\n\n**bold 👩‍🚀** e\u0301 text\n\n- x\n- y 日本語\n\n```js\ncode()\n```\n\nThe end. "
WORDS = "one two three four five six seven eight nine ten eleven twelve "


@pytest.fixture
def page(address: str, browser: Browser) -> Iterator[Page]:  # noqa: F811
    opened = browser.new_page()
    opened.goto(f"{address}/tests/browser/fixtures/markdown.html")
    opened.evaluate(BEGIN)
    yield opened
    opened.close()


def play(page: Page, script: str) -> Any:
    """What a script returns of a text that grows: `growing`, and `after(ms)` for its frames."""
    whole = f"async (words) => {{ const {{ box, growing, text, after }} = begin(); {script} }}"
    return page.evaluate(whole, WORDS)


def test_a_piece_is_shown_word_by_word_and_wholly_before_long(page: Page) -> None:
    first, *frames = play(
        page,
        """growing.show('Now. ');
        const frames = [await after(0)];
        growing.show('Now. ' + words);
        for (let ms = 0; ms <= 160; ms += 8) frames.push(await after(8));
        return frames;""",
    )
    assert first == ["Now.", False]
    shown = [text.removeprefix("Now. ") for text, _ in frames]
    assert len(set(shown)) > 3
    assert all(WORDS.startswith(text) and WORDS[len(text)] == " " for text in shown)
    assert sorted(shown, key=len) == shown
    assert frames[-1] == [f"Now. {WORDS}".strip(), False]


@pytest.mark.parametrize(
    ("how", "act"),
    [
        ("at the end", "growing.finish(); await after(0);"),
        ("when it was written before", "growing.show('Now. ' + words + '!', true); await after(0)"),
        ("in a hidden page", "Object.defineProperty(document, 'hidden', {value: true});"
                             " growing.reveal(); await new Promise((d) => setTimeout(d, 300))"),
    ],
)  # fmt: skip
def test_everything_is_there_at_once(page: Page, how: str, act: str) -> None:
    part, whole = play(
        page,
        f"""growing.show('Now. ');
        growing.show('Now. ' + words);
        const [part] = await after(1);
        {act};
        return [part, text()];""",
    )
    assert "twelve" not in part, how
    assert "twelve" in whole, how


def test_who_wants_less_motion_sees_each_piece_at_once(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    shown, is_behind = play(
        page, "growing.show('Now. '); growing.show('Now. ' + words); return after(0);"
    )
    assert shown.endswith("twelve")
    assert not is_behind


def test_a_text_that_was_withdrawn_is_gone_at_once_and_the_next_one_whole(page: Page) -> None:
    gone, next_one = play(
        page,
        """growing.show('Old. ');
        growing.show('Old. ' + words);
        await after(1);
        growing.show('');
        const gone = text();
        growing.show('New. ');
        await after(0);
        growing.show('New. ' + words);
        growing.finish();
        return [gone, text()];""",
    )
    assert gone == ""
    assert next_one == f"New. {WORDS}".strip()


def test_whatever_comes_when_the_text_at_the_end_is_the_whole_one(page: Page) -> None:
    differing = page.evaluate(
        """async (text) => {
          const { renderMarkdown } = await import('/static/js/lib/markdown.js');
          const whole = document.createElement('div');
          whole.append(renderMarkdown(text));
          const differing = [];
          for (let seed = 1; seed <= 40; seed += 1) {
            let state = seed;
            const random = () => (state = state * 48271 % 2147483647) / 2147483647;
            const { box, growing } = begin();
            for (let at = 0; at < text.length;) {
              at += Math.ceil(random() ** 3 * 80);
              window.now += random() ** 3 * 200;
              growing.show(text.slice(0, at), random() < 0.05);
              growing.reveal();
              if (random() < 0.1) growing.setSources([]);
            }
            growing.finish();
            if (box.textContent !== whole.textContent) differing.push(seed);
          }
          return differing;
        }""",
        "# A\n\n**bold 👩‍🚀** e\u0301 text\n\n- x\n- y 日本語\n\n```js\ncode()\n```\n\nThe end. "
        * 3,
    )
    assert differing == []
