"""Placeholders: stable, telling nothing, and never another's."""

import json
import re

from chat.safety.personal.counting import count_items, in_words
from chat.safety.personal.finding import Finding, Kind
from chat.safety.personal.placeholders import Placeholders, without_items
from chat.safety.personal.remembering import findings_of
from chat.safety.personal.restoring import tags_in

KEY = b"of one conversation"
QUESTION = "Mail anna@example.org, my password: hunter2!x"


def placeholders(*texts: str, key: bytes = KEY) -> Placeholders:
    return Placeholders(key, texts, findings_of)


def restored(hidden: Placeholders, text: str) -> str:
    restorer = hidden.restorer()
    return restorer.feed(text) + restorer.end()


def test_a_text_is_hidden_and_comes_back() -> None:
    hidden = placeholders(QUESTION)
    sent = hidden.hide(QUESTION)
    assert re.fullmatch(r"Mail \[EMAIL_\w{5}\], my password: \[SECRET_\w{5}\]", sent)
    assert restored(hidden, sent) == QUESTION
    assert len(hidden) == 2


def test_an_item_has_one_placeholder_in_a_conversation_and_another_in_the_next() -> None:
    one = placeholders(QUESTION).hide(QUESTION)
    assert placeholders("b@example.org", QUESTION, "c@example.org").hide(QUESTION) == one
    assert placeholders(QUESTION, key=b"of another").hide(QUESTION) != one


def test_what_was_found_by_its_words_is_hidden_where_it_has_none() -> None:
    passage = "Then hunter2!x is typed, not hunter2!xy."
    hidden = placeholders(QUESTION, passage)
    assert "hunter2!x is" not in hidden.hide(passage)
    assert "hunter2!xy" in hidden.hide(passage)
    assert restored(hidden, hidden.hide(passage)) == passage


def test_who_types_a_placeholder_gets_nobodys_item() -> None:
    [tag] = tags_in(placeholders("anna@example.org").hide("anna@example.org"))
    typed = f"anna@example.org or [EMAIL_{tag}] or EMAIL_{tag}"
    hidden = placeholders(typed)
    assert hidden.hide(typed).endswith(f" or [EMAIL_{tag}] or EMAIL_{tag}")
    assert restored(hidden, hidden.hide(typed)) == typed


def test_many_items_have_tags_of_their_own() -> None:
    texts = [f"mail-{number}@example.org" for number in range(3000)]
    hidden = placeholders(*texts)
    assert len({hidden.hide(text) for text in texts}) == len(hidden) == 3000


def test_where_nothing_answers_only_the_kind_is_sent() -> None:
    assert without_items(QUESTION, findings_of) == "Mail [EMAIL], my password: [SECRET]"


def test_items_are_counted_once_and_told_in_words() -> None:
    counts = count_items([QUESTION, "anna@example.org, b@example.org", ""], findings_of)
    assert counts == {"email": 2, "secret": 1}
    assert in_words(counts) == "2 e-mail addresses and 1 key or password"
    assert in_words({"email": 1, "ip": 3, "card": 1}) == (
        "1 e-mail address, 3 IP addresses and 1 card number"
    )
    assert "anna" not in json.dumps(counts)


def test_what_was_looked_at_is_remembered() -> None:
    long = f"{'A plain sentence. ' * 400} anna@example.org"
    assert findings_of(long) == (Finding(Kind.EMAIL, len(long) - 16, len(long)),)
    assert findings_of(long) is findings_of(long)
