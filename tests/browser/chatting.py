"""Somebody at a real browser in front of a real site, and what they do there."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import ConsoleMessage, Locator, Page, expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from chat.models import Conversation, Message, User
from chat.values import new_id
from tests.live import LiveSite
from tests.people import PASSWORD

SLOW = {"PARLEY_CHUNK_WORDS": "1", "PARLEY_CHUNK_DELAY_MS": "25"}
AT_ONCE = {"PARLEY_CHUNK_DELAY_MS": "0"}
QUESTION = "How long may the harbour crane stand still in a storm?"
ANSWERED_BY = """# Harbour handbook

The harbour crane may stand still in a storm for at most forty hours, and during all of that
time a watch of two people stays at the foot of the crane, reads the wind every ten minutes,
writes it down in the storm book with the hour and their names, and calls the harbour master by
radio as soon as two readings in a row are above the line that the maker of the crane has
painted on the gauge.

After a storm the harbour crane stands still until a fitter has looked at every bolt of the
slewing ring, has turned the crane once by hand in each direction, has listened for the noise of
dry bearings and has signed the sheet that hangs in the cabin beside the door, without which
nobody may lift.

Before a storm the crane is turned into the wind, its hook is tied down with the long chain, the
cabin is locked, the rails are swept, and the power is cut at the pillar, so that nothing of it
can move by itself while people shelter behind the customs house until the wind has fallen
again.
"""


def sign_in_as(page: Page, name: str) -> None:
    """Sign a person in through the page, as they would."""
    page.goto("/login")
    page.get_by_label("Email").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login" not in url)


def add_harbour(site: LiveSite) -> None:
    """A document whose answer is long enough to be interrupted."""
    status, body = site.request("POST", "/api/documents", {"text": ANSWERED_BY}, as_="alice")
    assert status in {200, 201}, body


def add_conversation(
    database: Path, messages: int, answer: Callable[[int], str], **last: Any
) -> str:
    """A conversation of Alice's with so many messages, and more about the last; its id."""
    engine = create_engine(f"sqlite:///{database}")
    with Session(engine) as session, session.begin():
        alice = session.scalars(select(User).where(User.email == "alice@example.org")).one()
        place = Conversation(owner_id=alice.id, title="A long talk", visibility="private")
        session.add(place)
        session.flush()
        parent: str | None = None
        for number in range(messages):
            asks = number % 2 == 0
            row = Message(
                id=new_id(),
                conversation_id=place.id,
                parent_id=parent,
                role="user" if asks else "assistant",
                author_id=alice.id if asks else None,
                content=f"Question {number}?" if asks else answer(number),
            )
            if number == messages - 1:
                for name, value in last.items():
                    setattr(row, name, value)
            session.add(row)
            session.flush()
            parent = row.id
        place.leaf_id = parent
        made = place.id
    engine.dispose()
    return made


class Chat:
    """A page of the site with somebody signed in; actions wait for what they cause."""

    complaints: "Complaints"

    def __init__(self, site: LiveSite, page: Page) -> None:
        self.site = site
        self.page = page
        self.composer = page.get_by_role("textbox", name="Message")
        self.answers = page.locator("article[data-role=assistant]")
        self.questions = page.locator("article[data-role=user]")
        self.stop_button = page.get_by_role("button", name="Stop the answer")
        self.send_button = page.get_by_role("button", name="Send")

    @property
    def answer(self) -> Locator:
        """The newest answer."""
        return self.answers.last

    def open(self, path: str = "/") -> "Chat":
        self.page.goto(self.site.url + path)
        self.await_scripts()
        return self

    def await_scripts(self) -> None:
        """Wait until the scripts of the page have taken over."""
        expect(self.page.locator("form.composer")).to_have_attribute("data-ready", "")
        expect(self.page.locator(".transcript")).to_have_attribute("data-ready", "")

    def ask(self, text: str = QUESTION) -> None:
        """Type a question and send it with Enter."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def await_words(self, characters: int = 40) -> None:
        """Wait until the newest answer has begun to be written, and is not over."""
        self.page.wait_for_function(
            "least => [...document.querySelectorAll('article[data-status=running]"
            " [data-slot=content]')].at(-1)?.textContent.length > least",
            arg=characters,
        )

    def await_status(self, status: str = "complete") -> None:
        """Wait until the newest answer is over and everything around it is there."""
        expect(self.answer).to_have_attribute("data-status", status, timeout=30_000)
        expect(self.answer.locator(".why")).to_be_attached(timeout=15_000)

    @property
    def text(self) -> str:
        """The Markdown of the newest answer, as Copy would take it."""
        return self.answer.locator("[data-slot=raw]").text_content() or ""

    @property
    def shown(self) -> str:
        """What is to be read of the newest answer, with single spaces."""
        return " ".join(self.answer.locator("[data-slot=content]").inner_text().split())

    @property
    def stored(self) -> dict[str, Any]:
        """The newest answer as the API has it."""
        found = self.answer.get_attribute("data-message-id")
        status, message = self.site.request("GET", f"/api/messages/{found}", as_="alice")
        assert status == 200, message
        return cast(dict[str, Any], message)

    @property
    def conversation_id(self) -> str:
        return self.page.url.split("/c/")[1].split("?")[0].split("#")[0]

    def messages(self) -> list[dict[str, Any]]:
        """The messages of the open conversation, as the API has them."""
        path = f"/api/conversations/{self.conversation_id}/messages?limit=200"
        return cast(list[dict[str, Any]], self.site.request("GET", path, as_="alice")[1]["items"])

    def has_what_is_stored(self) -> None:
        """Assert that the page shows the whole stored text, no more and no less."""
        stored = self.stored["content"]
        assert self.text == stored
        assert words_of(self.shown) == words_of(stored)


def words_of(markdown: str) -> list[str]:
    """The words of a text without its markup."""
    return re.sub(r"[*_`#>|\\]", "", markdown).split()


class Complaints:
    """What some pages log as errors, the reasons that a test expects left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.expected: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.found.append(str(error)))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in self.expected):
            self.found.append(f"{message.text} ({message.location})")
