"""Every marker of an answer leads to a passage that literally holds its quote."""

from itertools import cycle, islice
from pathlib import Path

import pytest

from chat.commands.evaluation.library import Answer, library_of, read_questions
from chat.commands.evaluation.quoting import markers_of
from chat.knowledge.sentences import sentences

DATA = Path(__file__).parents[2] / "data" / "evaluation"
FORMS = (
    "What about {}?", "How do I {}?", "Compare {} and others.", "Summarise {}.", "When was {}?",
    "Why {}?", "Who {}?", "List {}", "{}",
)  # fmt: skip


def asked_of(texts: list[str]) -> list[str]:
    """The questions of the files, and others made of the documents' own words."""
    said = [" ".join(one.split()[:9]) for text in texts for one in sentences(text)]
    made = [form.format(one) for form, one in zip(cycle(FORMS), said, strict=False)]
    return made + [FORMS[0].format(one) for one in reversed(said)]


def test_every_marker_of_a_thousand_answers_leads_to_its_quote() -> None:
    documents, questions = [], []
    for name in ("paraphrased", "german", "spanish"):
        some, own = read_questions(DATA / f"{name}.json")
        documents += some
        questions += [one.question for one in own]
    asked = list(islice([*questions, *asked_of([one["text"] for one in documents])], 1000))
    markers = 0
    with library_of(documents) as library:
        for question in asked:
            answer = library.answer(question)
            assert library.misleading(answer) == [], question
            markers += len(markers_of(answer.text))
    assert len(asked) == 1000
    assert markers > 2000


@pytest.fixture(scope="module")
def answered():
    documents = [{"title": "Harbour", "text": "The harbour office opens at eight."}]
    with library_of(documents) as library:
        yield library, library.answer("When does the harbour office open?")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"quote": "The office opens at nine."}, "does not hold its quote"),
        ({"quote": ""}, "does not hold its quote"),
        ({"passage_id": "0" * 32}, "no passage"),
        ({"document_id": "0" * 32}, "no passage"),
        ({"n": 9}, "has no source"),
    ],
)
def test_a_marker_that_leads_elsewhere_is_found(answered, changed: dict, why: str) -> None:
    library, answer = answered
    [source] = answer.sources
    assert library.misleading(answer) == []
    [(n, told)] = library.misleading(Answer(answer.text, None, [{**source, **changed}]))
    assert n == 1
    assert why in told


def test_what_stands_in_code_is_no_marker() -> None:
    assert markers_of("One [1].\n\n```\na[2]\n```\n\n[3] and `b[4]` and \\[5\\].") == [1, 3]
