"""The tone of a text is a count of words from three lists, and says so where it cannot tell."""

import json
import re
from pathlib import Path

import pytest

from chat.knowledge.tone import APPEALS, FILE, LEAST, Tone, tone_of, word_lists
from chat.knowledge.words import STOP, stem

ROOT = Path(__file__).parents[3]


def test_words_are_counted_by_their_list_whatever_their_ending() -> None:
    found = tone_of("According to the experts we hoped, because it worried them: 12 reasons.")
    assert found == Tone(words=12, ethos=2, logos=3, pathos=2)


def test_a_reasoned_text_and_a_moving_one_are_told_apart() -> None:
    reasoned = tone_of(
        "If the load is more than 80 percent, then requests wait; therefore the rate is measured "
        "and compared with the average of the day before, because that explains the difference."
    )
    moving = tone_of(
        "We were afraid and full of grief, and yet it was a wonderful day with our friends: we "
        "laughed, we wept for joy, and in our hearts we were proud of them and of what they dared."
    )
    assert reasoned is not None
    assert moving is not None
    assert max(reasoned.shares or {}, key=(reasoned.shares or {}).__getitem__) == "logos"
    assert max(moving.shares or {}, key=(moving.shares or {}).__getitem__) == "pathos"


def test_the_shares_are_of_the_words_counted() -> None:
    assert Tone(words=100, ethos=1, logos=6, pathos=1).shares == {
        "ethos": 0.125,
        "logos": 0.75,
        "pathos": 0.125,
    }


def test_few_words_have_no_shares() -> None:
    assert Tone(words=40, ethos=0, logos=LEAST - 1, pathos=0).shares is None


@pytest.mark.parametrize(
    "mark", ["`because`", "```\nbecause of fear\n```", "~~~sh\nbecause", "[1]"]
)
def test_code_and_markers_are_not_counted(mark: str) -> None:
    found = tone_of(f"This is what it was all about\n{mark}")
    assert found is not None
    assert (found.words, found.counted) == (7, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "…",
        "Der Leuchtturm wurde 1871 gebaut, weil so viele Schiffe strandeten.",
        "夜間のアラート",
    ],
)
def test_what_is_not_english_has_no_tone(text: str) -> None:
    assert tone_of(text) is None


def test_no_word_is_on_two_lists_and_each_is_a_stem_of_its_own() -> None:
    lists = word_lists()
    seen: dict[str, str] = {}
    for name in APPEALS:
        assert len(lists[name]) > 60
        for word in lists[name]:
            assert word == word.lower()
            assert seen.setdefault(stem(word), name) == name, word


def test_each_list_names_the_passage_it_follows_and_the_docs_show_it() -> None:
    page = (ROOT / "docs" / "tone.md").read_text(encoding="utf-8")
    held = json.loads(FILE.read_text(encoding="utf-8"))
    for name in APPEALS:
        for one in held[name]:
            assert "Rhetoric" in one["after"]
            row = f"| {name} | {one['what']} | {one['after']} | {one['words']} |"
            assert row in page, row


def test_words_without_meaning_count_only_where_they_join_thoughts() -> None:
    lists = word_lists()
    assert not (lists["ethos"] | lists["pathos"]) & STOP
    assert re.search(r"\bbecause\b", " ".join(lists["logos"]))
