"""Two people in front of the same shared conversation, each at a browser of their own."""

import time

from playwright.sync_api import Page, expect

from tests.browser.chat_fixtures import SignedIn
from tests.browser.chatting import ANSWERED_BY, QUESTION, Chat, Complaints
from tests.live import LiveSite


def test_each_sees_that_the_other_is_there_and_that_they_left(
    slow_site: LiveSite, signed_in: SignedIn, complaints: Complaints
) -> None:
    place = _shared(slow_site)
    alice, bob = (_sit_down(slow_site, signed_in, complaints, n) for n in ("alice", "bob"))
    alice.open(f"/c/{place}")
    chip = alice.page.locator(".topbar [data-module=presence]")
    expect(chip).to_be_hidden()
    bob.open(f"/c/{place}")
    expect(chip).to_have_text("AB2 here")
    expect(chip.get_by_label("Bob is here")).to_be_visible()
    expect(bob.page.get_by_label("Alice is here")).to_be_visible()
    bob.page.close()
    expect(chip).to_be_hidden()


def test_an_answer_that_another_person_asked_for_is_followed_while_it_is_written(
    slow_site: LiveSite, signed_in: SignedIn, complaints: Complaints
) -> None:
    place = _shared(slow_site)
    alice, bob = (_sit_down(slow_site, signed_in, complaints, n) for n in ("alice", "bob"))
    bob.open(f"/c/{place}")
    alice.open(f"/c/{place}")
    alice.ask(QUESTION)
    bob.await_words()
    bob.await_status()
    alice.await_status()
    bob.has_what_is_stored()
    assert bob.text == alice.text


def test_each_question_has_its_authors_name_and_the_composer_says_who_is_asking(
    slow_site: LiveSite, signed_in: SignedIn, complaints: Complaints
) -> None:
    place = _shared(slow_site)
    alice, bob = (_sit_down(slow_site, signed_in, complaints, n) for n in ("alice", "bob"))
    for chat in (alice, bob):
        chat.open(f"/c/{place}")
    expect(bob.page.get_by_label("Alice is here")).to_be_visible()
    alice.ask(QUESTION)
    bob.await_words()
    expect(bob.page.locator("[data-module=asking]")).to_have_text("Alice is asking…")
    expect(bob.send_button).to_be_hidden()
    expect(alice.page.locator("[data-module=asking]")).to_be_hidden()
    expect(bob.questions.last.locator("[data-slot=name]")).to_have_text("Alice")
    expect(bob.questions.last.locator("[data-slot=content]")).to_have_text(QUESTION)
    bob.await_status()
    expect(bob.page.locator("[data-module=asking]")).to_be_hidden()
    bob.ask("How is it turned before one?")
    alice.await_words()
    expect(alice.page.locator("[data-module=asking]")).to_have_text("Bob is asking…")
    expect(alice.questions.last.locator("[data-slot=name]")).to_have_text("Bob")
    alice.await_status()


def test_who_is_taken_out_in_the_middle_sees_nothing_more_within_a_second(
    slow_site: LiveSite, signed_in: SignedIn, complaints: Complaints
) -> None:
    complaints.expected.append("404")  # what the page asks for once more is not there for him
    alice, bob = (_sit_down(slow_site, signed_in, complaints, n) for n in ("alice", "bob"))
    space, place = _room_of_two(alice.page, bob.page, slow_site)
    for chat in (alice, bob):
        chat.open(f"/c/{place}")
    expect(bob.page.get_by_label("Alice is here")).to_be_visible()
    alice.ask(QUESTION)
    bob.await_words()
    bob.page.evaluate(WATCH_TEXT)
    removing = alice.page.context.new_page()
    removing.goto(f"{slow_site.url}/spaces/{space}")
    bob.await_words(200)
    removing.get_by_label("Actions for Bob").click()
    began = time.time()
    removing.get_by_role("button", name="Take out of the space").click()
    removing.get_by_text("They are not in this space any more.").wait_for()
    expect(bob.page.get_by_role("heading", name="Nothing is here")).to_be_visible()
    assert _last_growth(bob.page) < began + 1.0
    alice.await_status()
    assert QUESTION not in (bob.page.locator("body").text_content() or "")
    status, _ = slow_site.request("GET", f"/api/conversations/{place}", as_="bob")
    assert status == 404


# When the newest answer last grew, kept over the reload that follows when it may not be read.
WATCH_TEXT = """() => {
  const answer = [...document.querySelectorAll('article [data-slot=content]')].at(-1);
  let length = answer.textContent.length;
  new MutationObserver(() => {
    if (answer.textContent.length <= length) return;
    length = answer.textContent.length;
    sessionStorage.setItem('grew', String(Date.now() / 1000));
  }).observe(answer, { childList: true, subtree: true, characterData: true });
}"""


def _last_growth(page: Page) -> float:
    found = page.evaluate("sessionStorage.getItem('grew')")
    assert found is not None, "nothing was written before he was taken out"
    return float(found)


def _room_of_two(alice: Page, bob: Page, site: LiveSite) -> tuple[str, str]:
    """A new space with the harbour's handbook, into which Bob comes by a link, and a room in it."""
    alice.goto(f"{site.url}/spaces")
    alice.get_by_label("Name").fill("Harbour")
    alice.get_by_role("button", name="Make the space").click()
    alice.get_by_role("button", name="Create link").click()
    bob.goto(alice.get_by_label("The invitation is ready").input_value())
    bob.get_by_role("button", name="Join as Bob").click()
    expect(bob.get_by_text("You are in Harbour now.")).to_be_visible()
    space_id = bob.url.rsplit("/", 1)[1]
    body = {"text": ANSWERED_BY, "space_id": space_id}
    assert site.request("POST", "/api/documents", body, as_="alice")[0] == 201
    body = {"title": "Storms", "visibility": "space", "space_id": space_id}
    return space_id, str(site.request("POST", "/api/conversations", body, as_="alice")[1]["id"])


def _shared(site: LiveSite) -> str:
    """A conversation of Alice's that her team mates see."""
    _, mine = site.request("GET", "/api/conversations", as_="alice")
    space_id = next((one["space_id"] for one in mine["items"] if one["space_id"]), None)
    body = {"title": "Storms", "visibility": "space", "space_id": space_id or _space(site)}
    status, made = site.request("POST", "/api/conversations", body, as_="alice")
    assert status == 201, made
    return str(made["id"])


def _space(site: LiveSite) -> str:
    """The space that Alice's documents are in."""
    _, documents = site.request("GET", "/api/documents", as_="alice")
    return str(documents["items"][0]["space_id"])


def _sit_down(site: LiveSite, signed_in: SignedIn, complaints: Complaints, name: str) -> Chat:
    page = signed_in(name, site).new_page()
    complaints.listen(page)
    chat = Chat(site, page)
    chat.complaints = complaints
    return chat
