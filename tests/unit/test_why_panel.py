"""The Why panel shows quotes and signals of every provider, and leaves out what it cannot read."""

import pytest

from chat.web.why import quote, signals, surroundings


def test_a_share_is_told_from_a_number() -> None:
    held = [{"name": "best match", "value": 0.75, "weight": 2}, {"name": "odds", "value": 3.9}]
    first, second = signals({"signals": held})
    assert (first.name, first.share, first.weight) == ("Best match", 0.75, 2.0)
    assert (second.share, second.value, second.weight) == (None, 3.9, None)


def test_names_with_values_are_enough() -> None:
    assert [one.name for one in signals({"signals": {"best_match": 1}})] == ["Best match"]


@pytest.mark.parametrize(
    "analysis",
    [
        None,
        {},
        {"signals": None},
        {"signals": "x"},
        {"signals": ["x", {}, {"name": 1, "value": 2}]},
    ],
)
def test_what_cannot_be_read_is_left_out(analysis: dict[str, object] | None) -> None:
    assert signals(analysis) == []


def test_a_quote_of_code_is_shown_without_its_fence() -> None:
    assert quote("```sql\nselect '<1>';\n```") == (
        '<code class="source__code" data-slot="quote">select &#39;&lt;1&gt;&#39;;</code>'
    )


def test_the_lines_of_a_narrow_text_flow_and_what_is_short_stays() -> None:
    wrapped = "The harbour crane may stand still in a storm for at most\nforty hours."
    assert " at most forty hours." in quote(wrapped)
    for kept in ("One\nTwo", f"{'a word ' * 9}\n- a point", f"{'a word ' * 9}\n2. the second"):
        assert kept in quote(kept)


def test_a_quote_is_marked_between_what_stands_around_it() -> None:
    passage = "# Title\n\nBefore <b>. The quote. After.\n\nAnother paragraph."
    assert quote("The quote.", passage) == (
        'Before &lt;b&gt;. <mark data-slot="quote">The quote.</mark> After.'
    )
    assert surroundings("Not in it.", passage) == ("", "")


def test_long_surroundings_are_cut_between_words() -> None:
    before, after = surroundings("here", f"{'left ' * 90}here{' right' * 90}")
    assert before.startswith("… left ")
    assert after.endswith(" right …")
    assert len(before) < 150 > len(after)


def test_a_number_is_written_as_short_as_it_is() -> None:
    held = {"signals": {"tokens": 131, "odds": 3.906}}
    assert [one.number for one in signals(held)] == ["131", "3.91"]


@pytest.mark.parametrize("text", ["Plain <b>", "```unclosed\nx", "``` ```", ""])
def test_any_other_quote_is_literal(text: str) -> None:
    assert "<b>" not in quote(text)
    assert quote(text).striptags() == " ".join(text.split())
