"""The labelled texts of tests/data/guardrails are what their README says, in both halves."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from chat.commands.guardrails.personal import tally_personal

FILES = Path(__file__).parent.parent.parent / "data" / "guardrails"
HALVES = ("develop", "held_out")
PERSONAL = ("email", "phone", "card", "iban", "national_id", "ip", "secret")
MEANS = {"override", "role_play", "exfiltration", "hidden_text", "invisible_characters",
         "bidirectional", "encoded_payload", "link_carries_data", "tool_abuse", "prompt_leak",
         "fake_turn", "third_person"}  # fmt: skip


def labelled(what: str, half: str) -> list[dict[str, Any]]:
    lines = (FILES / what / f"{half}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(re.sub(r"\D", "", number))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def passes_mod_97(number: str) -> bool:
    plain = re.sub(r"[^0-9A-Z]", "", number.upper())
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


@pytest.mark.parametrize("half", [*HALVES, "further"])
def test_each_item_stands_in_its_text_as_often_as_it_is_listed(half: str) -> None:
    for record in labelled("personal", half):
        assert set(record) == {"text", "language", "items"}
        for text, times in Counter(item["text"] for item in record["items"]).items():
            assert record["text"].count(text) >= times, record
        assert {item["kind"] for item in record["items"]} <= set(PERSONAL)


@pytest.mark.parametrize("half", HALVES)
def test_each_kind_of_personal_data_is_there_sixty_times(half: str) -> None:
    records = labelled("personal", half)
    counts = Counter(item["kind"] for record in records for item in record["items"])
    assert all(counts[kind] >= 60 for kind in PERSONAL), counts
    assert sum(not record["items"] for record in records) >= 150
    assert {"en", "de", "es", "fr", "it", "nl", "pt"} <= {record["language"] for record in records}


@pytest.mark.parametrize("half", HALVES)
def test_cards_and_ibans_pass_their_checksums(half: str) -> None:
    items = [item for record in labelled("personal", half) for item in record["items"]]
    assert all(passes_luhn(item["text"]) for item in items if item["kind"] == "card")
    assert all(passes_mod_97(item["text"]) for item in items if item["kind"] == "iban")


@pytest.mark.parametrize("half", HALVES)
def test_injections_and_harmless_texts_are_as_many_as_promised(half: str) -> None:
    records = labelled("injection", half)
    assert all(set(record) == {"text", "where", "injection", "kind"} for record in records)
    assert {record["where"] for record in records} == {"message", "passage", "web"}
    kinds = Counter(record["kind"] for record in records if record["injection"])
    assert set(kinds) == MEANS
    assert min(kinds.values()) >= 10
    assert kinds.total() >= 150
    harmless = [record for record in records if not record["injection"]]
    assert len(harmless) >= 300
    assert not MEANS & {record["kind"] for record in harmless}


def test_texts_to_fit_on_are_labelled_alike_and_are_none_of_the_others() -> None:
    measured = {record["text"] for half in HALVES for record in labelled("injection", half)}
    records = [*labelled("injection", "further"), *labelled("injection", "varied")]
    texts = {record["text"] for record in records}
    assert len(texts) == len(records)
    assert texts.isdisjoint(measured) is True  # without a look at what is held out
    for record in records:
        assert set(record) - {"voice"} == {"text", "where", "injection", "kind"}
        assert (record["kind"] in MEANS) == record["injection"]


@pytest.mark.parametrize("what", ["personal", "injection"])
def test_no_text_is_there_twice_or_in_both_halves(what: str) -> None:
    halves = [*HALVES, "further"] if what == "personal" else HALVES
    texts = Counter(record["text"] for half in halves for record in labelled(what, half))
    assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("kind", ["phone", "national_id"])
def test_what_is_told_of_the_further_texts_stays_told(kind: str) -> None:
    tally = tally_personal(FILES / "personal" / "further.jsonl")[kind]
    assert tally.right >= 0.99 * tally.there
    assert tally.right >= 0.98 * tally.found


@pytest.mark.parametrize("half", [*HALVES, "further"])
@pytest.mark.parametrize("what", ["personal", "injection"])
def test_what_cannot_be_seen_is_written_as_an_escape(what: str, half: str) -> None:
    raw = (FILES / what / f"{half}.jsonl").read_bytes()
    assert len(raw) < 400_000
    hidden = {sign for sign in raw.decode() if unicodedata.category(sign) in ("Cf", "Cc", "Co")}
    assert hidden == {"\n"}
