"""A real Chromium for the tests of this folder, and people who are signed in with it.

Who is signed in with nothing special gets a tab of one browser for all tests, emptied in between;
the others have contexts of their own. When a test fails, its pages leave a picture in failures/.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright

from tests.browser.chat_fixtures import (  # noqa: F401  # fixtures of every test in this folder
    SignedIn,
    chat,
    complaints,
    live_site,
    open_chat,
    open_slow_chat,
    slow_chat,
    slow_site,
)
from tests.browser.chatting import sign_in_as
from tests.live import LiveSite
from tests.programs import without

FAILURES = Path(__file__).parent / "failures"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, or Playwright's own."""
    path = str(CHROMIUM) if CHROMIUM.exists() else None
    try:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    except Error:
        without("chromium")
    yield browser
    browser.close()


@pytest.fixture
def new_context(
    browser: Browser, live_site: LiveSite, request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a context, as private as another browser: new_context(color_scheme="dark")."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        values: dict[str, Any] = {"base_url": live_site.url, "locale": "en-GB"} | options
        contexts.append(browser.new_context(**values))
        contexts[-1].set_default_timeout(20_000)
        return contexts[-1]

    yield make
    if getattr(request.node, "failed", False):
        _take_pictures(request.node.name, contexts)
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of nobody."""
    return new_context().new_page()


@pytest.fixture(scope="session")
def shared_contexts(browser: Browser) -> Iterator[Callable[[str, LiveSite], BrowserContext]]:
    """The browser that a person has on a site, where they have signed in once."""
    contexts: dict[tuple[str, str], BrowserContext] = {}

    def find(name: str, site: LiveSite) -> BrowserContext:
        key = (name, site.url)
        if key not in contexts:
            contexts[key] = browser.new_context(base_url=site.url, locale="en-GB")
            contexts[key].set_default_timeout(20_000)
            page = contexts[key].new_page()
            sign_in_as(page, name)
            page.close()
        return contexts[key]

    yield find
    for context in contexts.values():
        context.close()


@pytest.fixture
def signed_in(
    shared_contexts: Callable[[str, LiveSite], BrowserContext],
    new_context: Callable[..., BrowserContext],
    request: pytest.FixtureRequest,
) -> Iterator[SignedIn]:
    """A browser where somebody is signed in: signed_in("bob", site, has_touch=True)."""
    used: list[BrowserContext] = []

    def find(name: str, site: LiveSite, **options: object) -> BrowserContext:
        shared = shared_contexts(name, site)
        if options:
            state = {"cookies": shared.cookies(), "origins": []}
            return new_context(base_url=site.url, storage_state=state, **options)
        used.append(shared)
        return shared

    yield find
    if getattr(request.node, "failed", False):
        _take_pictures(f"{request.node.name}-shared", used)
    for page in {page for context in used for page in context.pages}:
        _empty(page)


def _empty(page: Page) -> None:
    """Close a page and forget what it stored."""
    with suppress(Error):  # a page whose site is down has no storage to forget
        page.goto("/healthz")
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.close()


@pytest.fixture
def sign_in(signed_in: SignedIn, live_site: LiveSite) -> SignIn:
    """A page of alice, bob or charlie, signed in: sign_in("bob", has_touch=True)."""
    return lambda name="alice", **options: signed_in(name, live_site, **options).new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: Any = yield
    if report.when == "call" and report.failed:
        item.failed = True  # type: ignore[attr-defined]  # read by `new_context` when it ends
    return report


def _take_pictures(name: str, contexts: list[BrowserContext]) -> None:
    FAILURES.mkdir(exist_ok=True)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages):
        page.screenshot(path=FAILURES / f"{re.sub(r'[^A-Za-z0-9]+', '-', name)}-{number}.png")
