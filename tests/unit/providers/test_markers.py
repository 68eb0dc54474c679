"""Markers that name no source go, however the text is cut; nothing else is changed."""

import random

import pytest

from chat.providers.markers import MarkerFilter

FENCE = "```"
CASES = [
    ("It stands still [1].", "It stands still [1]."),
    ("It stands still [7].", "It stands still."),
    ("It stands still[7][1] now.", "It stands still[1] now."),
    ("Both [1, 2] and [2; 9].", "Both [1][2] and [2]."),
    ("A range [1-3].", "A range [1][2]."),
    ("Wide 【1†source】 and 【8】.", "Wide [1] and."),
    ("A link [7](https://example.org) stays.", "A link [7](https://example.org) stays."),
    ("A note[^7] and a task [ ] and [x].", "A note[^7] and a task [ ] and [x]."),
    ("[7]: https://example.org", "[7]: https://example.org"),
    ("In `a[7]` code, not here [7].", "In `a[7]` code, not here."),
    ("``a ` [7] `` and [7].", "``a ` [7] `` and."),
    (f"{FENCE}py\nprint(a[7])\n{FENCE}\nafter [7].", f"{FENCE}py\nprint(a[7])\n{FENCE}\nafter."),
    ("~~~\n[7]\n```\n[7]\n~~~\n[7]!", "~~~\n[7]\n```\n[7]\n~~~\n!"),
    (
        f"- {FENCE}\n  a[7]\n\n  b[7]\n  {FENCE}\nafter [7].",
        f"- {FENCE}\n  a[7]\n\n  b[7]\n  {FENCE}\nafter.",
    ),
    (
        "An open ` mark\n\nends with its paragraph [7].",
        "An open ` mark\n\nends with its paragraph.",
    ),
    ("Not a marker: [1234] [a1] [", "Not a marker: [1234] [a1] ["),
    ("Ends with [7]", "Ends with"),
    ("Ends with [1", "Ends with [1"),
    ("1. one [7]\n2. two [1]\n", "1. one\n2. two [1]\n"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_a_whole_text(text: str, shown: str) -> None:
    assert _filtered(text) == shown


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_a_text_cut_at_every_place_and_everywhere(text: str, shown: str) -> None:
    for at in range(len(text) + 1):
        assert _filtered(text[:at], text[at:]) == shown
    assert _filtered(*text) == shown


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_a_text_that_another_attempt_goes_on_with(text: str, shown: str) -> None:
    """What the first one held back is not shown, so the second one writes it again."""
    for cut in range(len(text) + 1):
        first = MarkerFilter({1, 2})
        begun = first.feed(text[:cut])
        second = MarkerFilter({1, 2}, begun)
        rest = text[cut - len(first._held) :]
        assert begun + second.feed(rest) + second.end() == shown, cut


def test_texts_of_chance_cut_by_chance() -> None:
    chance = random.Random(1)
    parts = [
        "[1]",
        " [7]",
        "[",
        "]",
        "1",
        ", ",
        " ",
        "\n",
        "\n\n",
        "`",
        FENCE,
        "~~~",
        "【7†a】",
        "- ",
    ]
    for _ in range(500):
        text = "".join(chance.choices([*parts, "word", "(", ":"], k=12))
        at = chance.randrange(len(text))
        assert _filtered(text) == _filtered(*text) == _filtered(text[:at], text[at:])


def test_little_is_held_back() -> None:
    markers = MarkerFilter({1})
    shown = ""
    for letter in "Words [and [1, more 【words and [12345 words.":
        shown += markers.feed(letter)
    assert len("Words [and [1, more 【words and [12345 words.") - len(shown) <= 42


def _filtered(*pieces: str) -> str:
    markers = MarkerFilter({1, 2})
    return "".join(map(markers.feed, pieces)) + markers.end()
