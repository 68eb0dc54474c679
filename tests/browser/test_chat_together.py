"""Two people in front of the same shared conversation, each at a browser of their own."""

from playwright.sync_api import expect

from tests.browser.chat_fixtures import SignedIn
from tests.browser.chatting import QUESTION, Chat, Complaints
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
    expect(chip).to_have_text("Bob is here")
    expect(bob.page.locator(".topbar [data-module=presence]")).to_have_text("Alice is here")
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
