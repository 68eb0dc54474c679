"""The chat's pages as they are served, and everything that works on them without script."""

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chat import conversations
from chat.database import Database
from chat.models import Conversation, Message
from chat.values import new_id
from tests.conftest import MakeApp, sign_in
from tests.people import Person

QUESTION = "What is Parley?"


class Ids(HTMLParser):
    """The ids of a page outside its templates, and how many h1 it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings = 0
        self._within_template = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within_template += tag == "template"
        self.headings += tag == "h1"
        if not self._within_template:
            self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        self._within_template -= tag == "template"


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in 20 s"
        time.sleep(0.01)


def ask(person: Person, text: str = QUESTION, where: str = "/c", **fields: str) -> str:
    """The address of the conversation after a question by form, once it is answered."""
    response = person.client.post(where, data={"content": text, **fields})
    assert response.status_code == 303, response.text
    address = response.location.partition("#")[0].partition("?")[0]
    wait_for_end(person, address)
    return address


def wait_for_end(person: Person, address: str) -> None:
    wait_until(lambda: 'data-running=""' in person.client.get(address).text)


def add_questions(database: Database, person: Person, count: int) -> str:
    """The address of a conversation with this many questions in a row."""
    with database.writing() as session:
        made = conversations.create_conversation(session, person.viewer, title="A long one")
        parent = None
        for n in range(count):
            row = Message(conversation_id=made.id, parent_id=parent, role="user", id=new_id())
            row.content, row.author_id = f"Question {n}", person.id
            session.add(row)
            session.flush()
            parent = row.id
        session.get_one(Conversation, made.id).leaf_id = parent
    return f"/c/{made.id}"


def answers_in(page: str) -> list[str]:
    return re.findall(r'data-message-id="(\w+)" data-role="assistant"', page)


def questions_in(page: str) -> list[str]:
    return re.findall(r'data-message-id="(\w+)" data-role="user"', page)


@pytest.mark.parametrize("address", ["/", "/c", "/c/more", f"/c/{'0' * 32}", "/c?archived=1"])
def test_a_visitor_is_sent_to_sign_in(visitor: FlaskClient, address: str) -> None:
    response = visitor.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 303
    assert response.location.startswith("/login")


def test_a_new_chat_greets_and_offers_a_composer(alice: Person) -> None:
    page = alice.client.get("/").text
    assert "What would you like to work out?" in page
    assert '<form class="composer" method="post" action="/c"' in page


def test_a_form_without_script_asks_and_shows_the_answer(alice: Person) -> None:
    address = ask(alice)
    page = alice.client.get(address).text
    assert QUESTION in page
    assert 'data-status="complete"' in page
    assert f"<title>{QUESTION} · Parley</title>" in page


def test_a_next_question_stays_in_the_conversation(alice: Person) -> None:
    address = ask(alice)
    assert ask(alice, "And who may read it?", address) == address
    assert len(answers_in(alice.client.get(address).text)) == 2


def test_a_form_that_is_sent_twice_asks_once(alice: Person) -> None:
    address = ask(alice)
    for _ in range(2):
        ask(alice, "Twice?", address, client_id="the-same")
    assert len(answers_in(alice.client.get(address).text)) == 2


@pytest.mark.parametrize(("text", "status"), [("   ", 400), ("x" * 200_000, 413)])
def test_a_question_that_cannot_be_sent_comes_back(alice: Person, text: str, status: int) -> None:
    response = alice.client.post("/c", data={"content": text})
    assert response.status_code == status
    assert 'role="alert"' in response.text
    assert text.strip()[:1000] in response.text


def test_a_limited_question_comes_back_with_the_time_to_wait(make_app: MakeApp) -> None:
    alice = sign_in(make_app(rate_messages="1/minute"), "alice")
    address = ask(alice)
    response = alice.client.post(address, data={"content": "My draft"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "My draft</textarea>" in response.text


def test_a_form_without_its_token_is_refused(alice: Person) -> None:
    del alice.client.environ_base["HTTP_X_CSRF_TOKEN"]
    assert alice.client.post("/c", data={"content": QUESTION}).status_code == 400


def test_regenerate_makes_a_version_with_links_to_the_others(alice: Person) -> None:
    address = ask(alice)
    first = answers_in(alice.client.get(address).text)[0]
    alice.client.post(f"{address}/regenerate", data={"message_id": first})
    wait_for_end(alice, address)
    page = alice.client.get(address).text
    assert answers_in(page) != [first]
    assert f'{address}?at={first}#m-{first}"' in page
    assert answers_in(alice.client.get(f"{address}?at={first}").text) == [first]


def test_an_edited_question_is_a_version_of_the_old_one(alice: Person) -> None:
    address = ask(alice)
    old = questions_in(alice.client.get(address).text)[0]
    editing = alice.client.get(f"{address}?edit={old}").text
    assert 'data-role="editor"' in editing
    ask(alice, "What else?", address, parent_id="")
    page = alice.client.get(address).text
    assert len(questions_in(page)) == 1
    assert f"?at={old}" in page


def test_stopping_an_answer_that_has_ended_is_harmless(alice: Person) -> None:
    address = ask(alice)
    answer = answers_in(alice.client.get(address).text)[0]
    response = alice.client.post(f"{address}/stop", data={"message_id": answer})
    assert response.status_code == 303


def test_a_running_answer_refreshes_and_can_be_stopped_without_script(make_app: MakeApp) -> None:
    alice = sign_in(make_app(chunk_delay_ms=1000), "alice")
    response = alice.client.post("/c", data={"content": QUESTION})
    address = response.location.partition("#")[0]
    page = alice.client.get(address).text
    answer = answers_in(page)[0]
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert f'action="{address}/stop"' in page
    alice.client.post(f"{address}/stop", data={"message_id": answer})


def test_rename_archive_and_delete_are_forms(alice: Person) -> None:
    address = ask(alice)
    alice.client.post(f"{address}/rename", data={"title": "A better name"})
    assert "A better name" in alice.client.get("/").text
    alice.client.post(f"{address}/archive", data={"archived": "1"})
    assert f'href="{address}"' not in alice.client.get("/").text
    assert f'href="{address}"' in alice.client.get("/c?archived=1").text
    alice.client.post(f"{address}/archive", data={"archived": ""})
    assert f'href="{address}"' in alice.client.get("/").text
    assert alice.client.post(f"{address}/delete").location == "/"
    assert alice.client.get(address).status_code == 404


def test_nothing_of_a_conversation_exists_for_others(alice: Person, charlie: Person) -> None:
    address = ask(alice)
    answer = answers_in(alice.client.get(address).text)[0]
    assert alice.client.get(f"{address}/m/{answer}").status_code == 200
    for path in ("", "/older", f"/m/{answer}"):
        assert charlie.client.get(address + path).status_code == 404
    for path in ("", "/regenerate", "/continue", "/stop", "/rename", "/archive", "/delete"):
        data = {"message_id": answer, "title": "x", "content": "x"}
        assert charlie.client.post(address + path, data=data).status_code == 404
    own = ask(charlie)
    assert charlie.client.get(f"{own}/m/{answer}").status_code == 404
    assert charlie.client.post(f"{own}/stop", data={"message_id": answer}).status_code == 404
    assert address not in charlie.client.get("/c").text


def test_a_long_conversation_opens_at_its_end_and_has_older_ones(
    alice: Person, database: Database
) -> None:
    address = add_questions(database, alice, 40)
    page = alice.client.get(address).text
    assert "<p>Question 39<" in page
    assert "<p>Question 9<" not in page
    older = re.search(r'data-url="([^"]+/older\?before=\w+)"', page)
    assert older
    fragment = alice.client.get(older[1]).text
    assert "<p>Question 9<" in fragment
    assert "<html" not in fragment
    assert not set(questions_in(page)) & set(questions_in(fragment))


def test_the_sidebar_lists_what_was_asked_and_marks_where_one_is(alice: Person) -> None:
    address = ask(alice)
    page = alice.client.get(address).text
    assert f'<a class="nav-row" href="{address}" aria-current="page">' in page
    assert ">Today</h2>" in page


def test_a_conversation_without_a_question_is_not_listed(alice: Person, database: Database) -> None:
    with database.writing() as session:
        made = conversations.create_conversation(session, alice.viewer, title="Empty one")
    assert made.id not in alice.client.get("/").text


@pytest.mark.parametrize("address", ["/", "/c", "/c?archived=1", "/nothing-is-here", "/c/unknown"])
def test_a_page_has_one_heading_and_no_id_twice(alice: Person, address: str) -> None:
    found = Ids(alice.client.get(address, headers={"Accept": "text/html"}).text)
    assert found.headings == 1
    assert len(found.ids) == len(set(found.ids))


def test_a_conversation_has_no_id_twice(alice: Person) -> None:
    address = ask(alice)
    ask(alice, "And then?", address)
    found = Ids(alice.client.get(address).text)
    assert found.headings == 1
    assert len(found.ids) == len(set(found.ids))


def test_no_page_has_inline_script_or_style(alice: Person) -> None:
    """The content security policy would stop them."""
    page = alice.client.get(ask(alice)).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_what_is_written_is_shown_as_text(alice: Person) -> None:
    page = alice.client.get(ask(alice, "Is <script>alert(1)</script> safe?")).text
    assert "<script>alert" not in page


def test_files_are_kept_for_ever_under_their_version(app: Flask, visitor: FlaskClient) -> None:
    sheet = re.search(r'href="(/assets/\w+/parley\.css)"', visitor.get("/login").text)
    assert sheet
    response = visitor.get(sheet[1])
    assert "immutable" in response.headers["Cache-Control"]
    assert response.text.startswith("@layer tokens, base, layout, components, utilities, print;")
    old = visitor.get("/assets/000000000000/icons.svg")
    assert old.status_code == 200
    assert old.headers["Cache-Control"] == "no-cache"
    assert visitor.get("/assets/x/../../app.py").status_code == 404


def test_times_are_in_the_zone_of_the_reader(alice: Person) -> None:
    address = ask(alice)
    shown = []
    for zone in ("Pacific/Kiritimati", "Etc/GMT+11", "../../etc/passwd"):
        alice.client.set_cookie("tz", zone)
        page = alice.client.get(address)
        assert page.status_code == 200
        shown += re.findall(r'data-slot="time" datetime="[^"]+" title="[^"]+">([\d:]+)<', page.text)
    assert len(set(shown)) >= 2
