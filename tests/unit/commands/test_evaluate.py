"""The measuring of answers: what it counts as right, and what it prints."""

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from chat.commands.evaluate import evaluate
from chat.commands.evaluation.figures import area_under_curve, calibration_error
from chat.commands.evaluation.judging import holds, normal, sentences_of
from chat.commands.evaluation.library import read_questions
from chat.knowledge.passages import cut
from chat.knowledge.questions import terms_of
from chat.knowledge.tokens import tokens
from chat.knowledge.words import stem, stems

DATA = Path(__file__).parents[2] / "data" / "evaluation"


def test_text_is_normalised_as_squad_does() -> None:
    assert normal("  The Eiffel-Tower, in  a PARK! ") == "eiffeltower in park"


def test_an_answer_is_right_when_it_holds_one_of_the_gold_answers() -> None:
    assert holds("It was built by Maria Holt.", ["nobody", "Maria Holt"])
    assert not holds("It was built by Maria.", ["Maria Holt"])


def test_an_answer_is_cut_at_its_markers() -> None:
    text = "One [1].\n\nTwo is 3.5 [2]. Three [3]."
    assert [part.strip(" .\n") for part in sentences_of(text)] == ["One", "Two is 3.5", "Three"]
    assert sentences_of("No source at all.") == ["No source at all."]


def test_the_calibration_error_is_the_mean_gap_weighed_by_bins() -> None:
    perfect = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]
    assert calibration_error(perfect) == pytest.approx(0.0)
    assert calibration_error([(1.0, False), (0.0, False)]) == pytest.approx(0.5)


def test_the_area_counts_pairs_in_the_right_order_and_ties_half() -> None:
    assert area_under_curve([(0.9, True), (0.1, False)]) == 1.0
    assert area_under_curve([(0.5, True), (0.5, False)]) == 0.5
    assert math.isnan(area_under_curve([(0.5, True)]))


def test_the_command_asks_every_question_and_prints_the_figures(tmp_path: Path) -> None:
    file = tmp_path / "qa.json"
    file.write_text(
        json.dumps(
            {
                "documents": [
                    {"title": "Alder Point", "text": "The lighthouse was built in 1871."},
                    {"title": "Harbour", "text": "The harbour opens at eight. Boats may stay."},
                ],
                "questions": [
                    {"id": "1", "question": "When was the lighthouse built?",
                     "title": "Alder Point", "answers": ["1871"]},
                    {"id": "2", "question": "When does the harbour open?", "title": "Harbour",
                     "answers": ["at noon"]},
                    {"question": "Since what date has the beacon stood?", "paraphrased": True,
                     "title": "Alder Point", "answers": ["1871"]},
                ],
            }
        )
    )  # fmt: skip
    drawn = tmp_path / "reliability.svg"
    result = CliRunner().invoke(evaluate, [str(file), "--diagram", str(drawn)])
    assert result.exit_code == 0, result.output
    assert f"the reliability diagram is in {drawn}" in result.output
    assert "3 answers: confidence and share right" in drawn.read_text()
    figures = {line[:44].strip(): line[44:].split() for line in result.output.splitlines()}
    assert figures["questions"] == ["3"]
    assert figures["gold answer in whole answer"] in (["0.333"], ["0.667"])
    assert figures["time of an answer, median"][1] == "ms"
    assert figures["document missing: says so, or only alike"] == ["1.000"]
    assert figures["document missing: says so"] == ["0.667"]  # another comes near in meaning
    assert figures["found by"] == ["bm25", "meaning", "both"]
    assert figures["paraphrased (1): first 5 passages"] == ["0.000", "1.000", "1.000"]


def test_paraphrased_questions_share_no_word_with_the_passage_that_answers_them() -> None:
    documents, questions = read_questions(DATA / "paraphrased.json")
    passages = {
        one["title"]: [piece.text for piece in cut(one["text"], "text", one["title"])]
        for one in documents
    }
    for one in questions:
        own = [text for text in passages[one.title] if holds(text, one.answers)]
        assert own, one.question
        for text in (f"{one.title} {text}" for text in own):
            held = {*stems(text), *tokens(text)}
            asked = terms_of(one.question)
            shared = [t for t in asked if stem(t) in held or not held.isdisjoint(tokens(t))]
            assert not shared, (one.question, shared)


@pytest.mark.parametrize("text", ["", "[]", '{"documents": []}', "{"])
def test_a_file_of_another_shape_is_refused_with_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "qa.json"
    file.write_text(text)
    result = CliRunner().invoke(evaluate, [str(file)])
    assert result.exit_code == 2
    assert "documents" in result.output
    assert "Traceback" not in result.output
