"""Fixtures of the chat: a site that answers at once, a slow one, and Alice in front of them.

A test fails when a page of it logs an error, raises one, or breaks the content security policy.
Alice's windows are tabs of one browser for all tests, which has the site's files already; each test
finds its storage empty.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chatting import AT_ONCE, SLOW, Chat, Complaints, add_harbour
from tests.live import LiveSite

expect.set_options(timeout=20_000)  # a machine that is busy with other things is slow, not broken

OpenChat = Callable[..., Chat]
SignedIn = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def live_site(
    template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """The real server, answering at once; shared by all tests with a browser."""
    with LiveSite(tmp_path_factory.mktemp("quick"), template_database, **AT_ONCE) as site:
        add_harbour(site)
        yield site


@pytest.fixture(scope="session")
def slow_site(
    template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """The real server, writing slowly enough that something can happen in the middle."""
    with LiveSite(tmp_path_factory.mktemp("slow"), template_database, **SLOW) as site:
        add_harbour(site)
        yield site


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What the windows of this test complain of."""
    listener = Complaints()
    yield listener
    assert not listener.found, listener.found


@pytest.fixture
def open_chat(live_site: LiveSite, signed_in: SignedIn, complaints: Complaints) -> OpenChat:
    """Opens a window of Alice's: open_chat("/c/…", viewport=…)."""
    return _opener(live_site, signed_in, complaints)


@pytest.fixture
def open_slow_chat(slow_site: LiveSite, signed_in: SignedIn, complaints: Complaints) -> OpenChat:
    """The same on the slow site."""
    return _opener(slow_site, signed_in, complaints)


def _opener(site: LiveSite, signed_in: SignedIn, complaints: Complaints) -> OpenChat:
    def start(path: str = "/", **options: object) -> Chat:
        page = signed_in("alice", site, **options).new_page()
        complaints.listen(page)
        chat = Chat(site, page)
        chat.complaints = complaints
        return chat.open(path)

    return start


@pytest.fixture
def chat(open_chat: OpenChat) -> Chat:
    """A new chat of Alice's, answered at once."""
    return open_chat()


@pytest.fixture
def slow_chat(open_slow_chat: OpenChat) -> Chat:
    """A new chat of Alice's, answered word by word."""
    return open_slow_chat()
