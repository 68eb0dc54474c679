"""The share of an answer's sentences that the cited passages support, while it is being written."""

import json
import time
import tracemalloc

import pytest

from chat.providers.support import SupportMeter
from chat.providers.support_signals import FILE, NAMES
from scripts.fit_support import Case, drop_clause, figures, fit, pairs_of, statement

LIGHT = (
    "The lighthouse at Cape Fell was built in 1874 by the engineer Anna Brandt. Its lamp burned "
    "whale oil until 1921, when the harbour board paid for an electric lamp. The tower is 43 "
    "metres high and stands on a rock that the sea covers at high tide."
)
FERRY = (
    "The ferry to Norholm leaves every morning at 7:30 and takes two hours. In winter it does not "
    "sail on Sundays. Tickets are sold on board and cost 12 crowns for a child."
)
SOURCES = {1: LIGHT, 2: FERRY}
FENCE = "```"

ANSWERS = [
    "The lighthouse at Cape Fell was built in 1874 by the engineer Anna Brandt [1].",
    "The tower is 43 metres high. [1] The ferry takes two hours.[2] That is 3.5 times longer.",
    "# The light\n\nIt burned whale oil until 1921 【1†light】. Dr. Brandt built it [1, 2].\n",
    "The facts:\n\n1. The tower is 43 metres high [1]\n2. Tickets cost\n   12 crowns a child [2]",
    f"{FENCE}py\nprint('Tickets. Are. Sold.')  # [1]\n{FENCE}\nTickets are sold on board [2].\n",
    "| What | Where |\n|---|---|\n| Lighthouse | Cape Fell [1] |\n| Ferry | Mars [2] |\n",
    "It has no sources at all. None! And then it sto",
    "**Overview**\n\n> - The lamp [1] burned oil, i.e. whale oil.\n\n---\nShall I go on?",
]


def value_of(answer: str, size: int | None = None) -> float | None:
    meter = SupportMeter(SOURCES)
    value = None
    size = size or max(1, len(answer))
    for start in range(0, len(answer), size):
        value = meter.add(answer[start : start + size])
    return value


def sure(answer: str) -> float:
    value = value_of(answer)
    assert value is not None
    return value


def test_a_quotation_is_sure_a_wrong_number_is_not_and_no_marker_even_less() -> None:
    quoted = sure("The tower is 43 metres high and stands on a rock [1].")
    wrong = sure("The tower is 97 metres high and stands on a rock [1].")
    uncited = sure("The tower is 43 metres high and stands on a rock.")
    assert quoted > 0.8 > 0.5 > wrong > uncited


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("The ferry takes two hours [2].", "The ferry takes two hours [1]."),
        ("The ferry takes two hours [2].", "The ferry takes nine hours [2]."),
        ("It was built by Anna Brandt [1].", "It was built by Carl Weston [1]."),
        ("The ferry takes two hours [2].", "The ferry takes two hours [7]."),
        ("The tower is 43 metres high [1].", "The tower is 1921 metres high [1]."),
        ("Oil burned until 1921, the tower is 43 metres high [1].", "Built in 1921 [1]."),
        ("Cape Fell's tower is 43 metres high [1].", "Cows eat grass in the summer [1]."),
    ],
)
def test_the_passage_cited_has_to_hold_what_is_said(better: str, worse: str) -> None:
    assert sure(better) > sure(worse) + 0.3


@pytest.mark.parametrize("size", [1, 2, 7])
@pytest.mark.parametrize("answer", ANSWERS)
def test_how_the_text_is_cut_makes_no_difference(answer: str, size: int) -> None:
    assert value_of(answer, size) == value_of(answer)


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_beginning_has_the_value_it_has_when_it_comes_whole(answer: str) -> None:
    meter = SupportMeter(SOURCES)
    for end in range(1, len(answer) + 1):
        assert meter.add(answer[end - 1]) == value_of(answer[:end]), answer[:end]


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "The lighthouse stands",
        "# What the passages say\n\n",
        "The main points are these:\n\n",
        "Would you like to know more?",
        f"{FENCE}\nThe tower is high. It is old.\n{FENCE}\n",
        "**Overview**\n\n---\n",
        "It is. And so on.",
        "Sure! I hope this helps.",
        "灯塔高43米 [1]。\n",
    ],
)
def test_what_claims_nothing_has_no_value(nothing: str) -> None:
    assert value_of(nothing) is None


def test_the_value_is_the_mean_over_the_sentences() -> None:
    one, other = "The tower is 43 metres high [1].", "The king of Norholm is a cat."
    assert sure(f"{one} {other}") == pytest.approx(sure(one) / 2, abs=1e-3)


def test_a_marker_after_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    after = "The ferry takes two hours [2]."
    within = sure(f"The tower is 43 metres high [1]. {after}")
    assert within > 0.8
    for marked in ("high. [1]", "high.[1]", "**high.** [1]", "high.【1】"):
        assert sure(f"The tower is 43 metres {marked} {after}") == within


def test_a_marker_speaks_for_the_sentences_before_it_in_its_paragraph() -> None:
    two = "The lamp burned whale oil until 1921. The tower is 43 metres high [1]."
    assert sure(two) > 0.8
    assert sure(two.replace("1921. ", "1921.\n\n")) < 0.5
    assert sure("The tower is 43 metres high [1]. The lamp burned whale oil until 1921.") < 0.5


@pytest.mark.parametrize("answer", ANSWERS)
def test_its_signals_are_the_factors_of_the_value(answer: str) -> None:
    meter = SupportMeter(SOURCES)
    value = meter.add(f"{answer}\n\n")
    share, support = (*meter.signals.values(), 0.0, 0.0)[:2]
    assert list(meter.signals)[:1] == ([] if value is None else ["Sentences with a source"])
    assert share * support == pytest.approx(value or 0.0, abs=1e-4)


def test_an_answer_that_cites_half_of_its_sentences_says_so() -> None:
    meter = SupportMeter(SOURCES)
    meter.add("The tower is 43 metres high [1].\n\nTickets are sold on the moon.\n\n")
    assert meter.signals["Sentences with a source"] == 0.5
    assert SupportMeter(SOURCES).signals == {}


def test_it_moves_at_the_ends_of_sentences_only() -> None:
    meter = SupportMeter(SOURCES)
    assert meter.add("The tower is 43 metres high [1") is None
    first = meter.add("].")
    assert first is not None
    assert {meter.add(piece) for piece in (" The", " ferry", " takes", " nine hours")} == {first}
    last = meter.add(" [2]. ")
    assert last is not None
    assert last < first


def test_a_long_answer_costs_no_more_at_its_end_and_keeps_nothing() -> None:
    sentence = "The tower is 43 metres high and stands on a rock [1]. "
    meter = SupportMeter(SOURCES)

    def spent() -> float:
        began = time.process_time()
        for piece in sentence.split(" ") * 100:
            meter.add(f"{piece} ")
        return time.process_time() - began

    spent()
    tracemalloc.start()
    first = spent()
    kept = _held_by_the_meter()
    for _ in range(3):
        last = spent()
    grown = _held_by_the_meter() - kept
    tracemalloc.stop()
    assert last < 3 * first + 0.05
    assert grown < 20_000


def _held_by_the_meter() -> int:
    """Bytes; what other threads of a run of tests hold does not count."""
    ours = [tracemalloc.Filter(True, f"*/chat/{box}/*") for box in ("providers", "knowledge")]
    traces = tracemalloc.take_snapshot().filter_traces(ours).statistics("filename")
    return sum(one.size for one in traces)


def test_a_line_too_long_for_a_sentence_is_cut_in_the_same_places() -> None:
    answer = "The tower is 43 metres high " * 200 + "[1].\nThe ferry takes two hours [2].\n"
    assert value_of(answer, 7) == value_of(answer)


def test_a_sentence_without_end_is_cut() -> None:
    meter = SupportMeter(SOURCES)
    for _ in range(200):
        meter.add("word without any end " * 10)
    assert meter.add("") == 0.0


def test_the_weights_say_how_they_did_on_documents_they_had_not_seen() -> None:
    held = json.loads(FILE.read_text(encoding="utf-8"))
    assert set(held["signals"]) == set(NAMES)
    figures = held["held_out"]
    assert figures["calibration_error"] <= 0.05
    assert figures["accuracy"] > 0.85
    assert figures["area_under_curve"] > 0.9


def test_fitting_anew_on_a_few_questions_tells_support_from_none() -> None:
    cases = [
        case_of("When was the lighthouse built?", "1874", LIGHT, FERRY),
        case_of("How high is the tower?", "43 metres", LIGHT, FERRY),
        case_of("What did the lamp burn?", "whale oil", LIGHT, FERRY),
        case_of("How long does the ferry take?", "two hours", FERRY, LIGHT),
        case_of("What do tickets cost for a child?", "12 crowns", FERRY, LIGHT),
    ]
    pairs = pairs_of(cases)
    assert pairs_of(cases) == pairs
    assert {pair.right for pair in pairs} == {True, False}
    assert figures(pairs, fit(pairs))["area_under_curve"] > 0.8


def case_of(question: str, answer: str, cited: str, other: str) -> Case:
    sentence = next(one for one in cited.split(". ") if answer in one)
    title = "Light" if cited is LIGHT else "Ferry"
    return Case(title, question, [answer], sentence, cited, [cited, other], [other], [])


def test_wordings_are_made_from_questions() -> None:
    assert statement("When did the lamp change?", "1921") == "1921 the lamp change."
    assert statement("Name the engineer", "Anna") == "Name the engineer Anna."
    assert drop_clause("It has one clause.", None) == "It has one clause."  # type: ignore[arg-type]
