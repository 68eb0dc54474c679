"""The graph of concepts in a real browser: settled soon, calm afterwards, and without a mouse."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import look
from tests.live import LiveSite

SIZE = 500
SYLLABLES = ("Al", "Ber", "Cor", "Dun", "El", "Far", "Gos", "Hol", "Ing", "Jar")
TRACED = ["blink.user_timing", "disabled-by-default-devtools.timeline"]
FRAMES = """async (count) => {
  for (let n = 0; n < count; n += 1) await new Promise(requestAnimationFrame);
}"""


def name(number: int) -> str:
    """A name that is no other's, and no word of English."""
    a, b, c = number // 100, number // 10 % 10, number % 10
    return f"{SYLLABLES[a]}{SYLLABLES[b].lower()}{SYLLABLES[c].lower()}by"


@pytest.fixture(scope="module")
def library(live_site: LiveSite) -> LiveSite:
    """A site whose documents speak of more than 500 concepts, in groups that share some."""
    for group in range(60):
        own = [name(group * 9 + place) for place in range(9)]
        shared = [name(540 + group % 7), name(550 + group % 5)]
        lines = [f"{shared[n % 2]} saw {own[n]} where {own[(n + 1) % 9]} is." for n in range(9)]
        text = "\n\n".join(f"# Part {n}\n\n{line}" for n, line in enumerate(lines))
        body = {"text": text, "title": f"Annals {group}"}
        status, _ = live_site.request("POST", "/api/documents", body, as_="alice")
        assert status in {200, 201}
    return live_site


@pytest.fixture
def page(sign_in: SignIn, library: LiveSite) -> Page:
    return sign_in("alice", viewport={"width": 1280, "height": 800})


def open_graph(page: Page, query: str = "") -> None:
    page.goto(f"/graph?{query}")
    expect(page.locator('[data-role="view"]')).to_have_attribute("data-state", "settled")


def focused(page: Page) -> str:
    label: str = page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''")
    return label


def test_500_concepts_settle_within_two_seconds_and_hold_nothing_up_afterwards(page: Page) -> None:
    """Both in time on the processor, so that what else the machine does says nothing."""
    assert page.context.browser
    page.context.browser.start_tracing(page=page, categories=TRACED)
    open_graph(page, f"limit={SIZE}")
    assert seconds_of_processor(page) < 2
    expect(page.locator('[data-role="list"] a')).to_have_count(SIZE)
    use_everything(page)
    tasks = tasks_after_settling(json.loads(page.context.browser.stop_tracing()))
    assert len(tasks) > 20
    assert max(tasks) < 50


def use_everything(page: Page) -> None:
    """Zoom, drag, point, move by keys, open a concept, and show all again."""
    box = page.locator('[data-role="stage"]').bounding_box()
    assert box
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.wheel(0, -300)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 260, steps=8)
    page.mouse.up()
    page.locator(".canvas__focus").focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".panel .source").first).to_be_visible()
    page.locator(".canvas__focus").focus()
    for key in ("+", "ArrowUp", "0"):
        page.keyboard.press(key)
    page.evaluate(FRAMES, 10)


def seconds_of_processor(page: Page) -> float:
    """What the page's process has used so far, in all its threads."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    seconds: float = next(one["value"] for one in metrics if one["name"] == "ProcessTime")
    return seconds


def tasks_after_settling(trace: dict[str, Any]) -> list[float]:
    """Milliseconds that each task of the page's main thread has computed since it settled.

    By the clock where Chromium has not measured the processor's time, which then is less.
    """
    events = trace["traceEvents"]
    [settled] = [event for event in events if event["name"] == "graph-settled"]
    thread = (settled["pid"], settled["tid"])
    return [
        event.get("tdur", event["dur"]) / 1000
        for event in events
        if event["name"] == "RunTask"
        and "dur" in event  # else it had not ended with the trace
        and (event["pid"], event["tid"]) == thread
        and event["ts"] > settled["ts"]
    ]


def test_the_same_library_has_the_same_picture(page: Page) -> None:
    pictures = []
    for _ in range(2):
        open_graph(page, "limit=150")
        page.wait_for_function(
            "() => document.getAnimations().every((a) => a.playState === 'finished')"
        )
        page.evaluate(FRAMES, 2)
        pictures.append(page.locator("canvas").screenshot())
    assert pictures[0] == pictures[1]


def test_the_keyboard_alone_moves_opens_closes_and_asks(page: Page) -> None:
    open_graph(page, "limit=40")
    page.get_by_label("List", exact=True).focus()
    page.keyboard.press("Tab")
    first = focused(page)
    assert "passages" in first
    page.keyboard.press("PageDown")
    assert focused(page) != first
    page.keyboard.press("Home")
    reached = {first}
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        reached.add(focused(page))
    assert len(reached) > 2
    page.keyboard.press("End")
    second = focused(page)
    assert second != first
    assert "passage" in second
    page.keyboard.press("Enter")
    title = page.locator("#concept-title")
    expect(title).to_be_focused()
    expect(title).to_have_text(second.split(",")[0])
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    assert focused(page) == second
    page.keyboard.press("Home")
    assert focused(page) == first
    page.keyboard.press("Enter")
    expect(title).to_be_focused()
    page.get_by_role("link", name="Ask about").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Message")).to_have_value(
        f"What do our documents say about {first.split(',')[0]}?"
    )


def test_the_list_holds_the_same_and_opens_the_same(page: Page) -> None:
    open_graph(page, "limit=40")
    page.get_by_label("List", exact=True).check()
    rows = page.get_by_role("list", name="Concepts, weightiest first").get_by_role("link")
    expect(rows).to_have_count(40)
    rows.nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#concept-title")).to_be_focused()
    expect(rows.nth(2)).to_have_attribute("aria-current", "true")
    link = page.locator(".panel .parts--links a").first
    other = link.inner_text()
    link.press("Enter")
    expect(page.locator("#concept-title")).to_have_text(other)
    page.reload()
    expect(page.locator("#concept-title")).to_have_text(other)


def test_a_passage_leads_to_its_place_in_the_document(page: Page) -> None:
    open_graph(page)
    page.locator(".canvas__focus").press("Enter")
    quote = page.locator(".panel .source__quote").first.inner_text()
    page.locator(".panel a.source__title").first.click()
    expect(page.locator("mark#quote")).to_have_text(quote)
    expect(page.locator("mark#quote")).to_be_in_viewport()


def test_a_search_finds_in_the_list_and_chooses_with_enter(page: Page) -> None:
    open_graph(page, "limit=500")
    page.get_by_label("List", exact=True).check()
    find = page.get_by_label("Find a concept")
    find.fill("cordunel")
    rows = page.locator('[data-role="list"] a:visible')
    expect(rows).to_have_count(1)
    find.press("Enter")
    expect(page.locator("#concept-title")).to_have_text("Cordunelby")
    page.locator("select[name=limit]").select_option("40")
    expect(page.locator('[data-role="list"] a')).to_have_count(40)
    find.fill(name(523))
    expect(page.get_by_text("No concept here has these words")).to_be_visible()
    find.press("Enter")
    expect(page.locator("#concept-title")).to_have_text(name(523))
    page.locator("select[name=limit]").select_option("500")
    find.fill("nothing at all")
    expect(page.get_by_text("No concept here has these words")).to_be_visible()
    page.get_by_role("link", name="Show all concepts").click()
    expect(rows).to_have_count(500)


def test_a_document_is_chosen_and_only_its_concepts_are_left(page: Page) -> None:
    open_graph(page)
    page.locator("select[name=document]").select_option(label="Annals 3")
    expect(page.locator('[data-role="list"]')).not_to_contain_text(name(0))
    expect(page.locator('[data-role="list"]')).to_contain_text(name(27))
    assert "document=" in page.url


def test_a_server_that_fails_is_told_and_tried_again(page: Page) -> None:
    page.route("**/api/concepts*", lambda route: route.abort())
    page.goto("/graph")
    expect(page.get_by_role("heading", name="The concepts cannot be shown")).to_be_visible()
    page.unroute("**/api/concepts*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator('[data-role="view"]')).to_have_attribute("data-state", "settled")


def test_a_narrow_screen_has_the_list_first(sign_in: SignIn, library: LiveSite) -> None:
    page = sign_in("alice", viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    open_graph(page)
    expect(page.locator('[data-role="list"] a').first).to_be_visible()
    page.get_by_label("Graph", exact=True).check()
    expect(page.locator("canvas")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


def test_axe_finds_nothing_in_the_graph_the_list_and_the_panel(page: Page) -> None:
    open_graph(page, "limit=500")
    look(page)
    page.locator(".canvas__focus").press("Enter")
    expect(page.locator("#concept-title")).to_be_visible()
    look(page)
    page.get_by_label("List", exact=True).check()
    look(page)
