"""The overview in a browser: it goes on by itself, and says when it does not."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import SignIn
from tests.live import LiveSite
from tests.service.reader import ask

QUESTION = "How do I add documents?"


@pytest.fixture
def overview(sign_in: SignIn, live_site: LiveSite) -> Page:
    page = sign_in("alice")
    page.goto(f"{live_site.url}/overview?past=hour")
    return page


def answers(page: Page) -> Locator:
    tile = page.locator(".tile").filter(has=page.get_by_text("Error rate", exact=True))
    return tile.locator(".tile__note")


def test_it_goes_on_by_itself_and_keeps_what_was_opened(
    overview: Page, live_site: LiveSite
) -> None:
    assert ask(live_site, QUESTION).read() == "complete"
    table = overview.locator("#o-answers-table")
    expect(table).to_be_attached(timeout=25_000)  # stored within ten seconds, asked for every five
    table.locator("summary").click()
    before = answers(overview).inner_text()  # may not have all answers of before yet
    assert ask(live_site, QUESTION).read() == "complete"
    expect(answers(overview)).not_to_have_text(before, timeout=25_000)
    expect(table).to_have_attribute("open", "")
    expect(table.locator("summary")).to_be_focused()


def test_another_period_is_chosen_without_a_reload(overview: Page) -> None:
    overview.evaluate("window.stays = true")
    overview.get_by_label("Period").select_option("month")
    expect(overview.locator(".chart__x").first).to_contain_text(re.compile(r"\d+ [A-Z]"))
    assert overview.url.endswith("?past=month")
    assert overview.evaluate("window.stays") is True
    overview.reload()
    expect(overview.get_by_label("Period")).to_have_value("month")


def test_it_says_when_it_is_not_up_to_date_and_goes_on(overview: Page) -> None:
    def fail(route: Route) -> None:
        route.abort()

    overview.route("**/overview/figures*", fail)
    late = overview.get_by_role("status").filter(has_text="These figures are of")
    expect(late).to_be_visible(timeout=15_000)
    expect(late).to_contain_text("The server does not answer")
    overview.unroute("**/overview/figures*")
    expect(late).to_be_hidden(timeout=15_000)


def test_without_script_it_is_the_same_page(sign_in: SignIn, live_site: LiveSite) -> None:
    page = sign_in("alice", java_script_enabled=False)
    page.goto(f"{live_site.url}/overview")
    page.get_by_label("Period").select_option("hour")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".tile")).to_have_count(5)
    assert "past=hour" in page.url


@pytest.mark.parametrize("width", [360, 390, 860, 1280])
def test_nothing_sticks_out(overview: Page, width: int) -> None:
    overview.set_viewport_size({"width": width, "height": 800})
    assert overview.evaluate("document.documentElement.scrollWidth") <= width
    for box in overview.locator(".tile, .chart-card, .now, .table-wrap").all():
        found = box.bounding_box()
        assert found is not None
        assert found["x"] >= 0
        assert found["x"] + found["width"] <= width + 0.5
