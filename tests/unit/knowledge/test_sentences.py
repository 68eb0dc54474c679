"""Where sentences end."""

import pytest

from chat.knowledge.sentences import sentence_spans, sentences

# Where a sentence ends there is a stroke; what the strokes stand for comes out too.
CASES = """
It rained. |We stayed.
Dr. Smith met Mr. Jones. |They spoke.
See e.g. Berlin. |It is big.
The U.S. Senate sat. |It rose.
He moved to the U.S. |The others stayed.
By J. A. Hobson and others. |Many read it.
In Brown v. Board it lost. |So be it.
It was 3.5 km long. |It grew.
See No. 5 for more. |There is no. |Then go.
She said "Go." |He went.
The end.|Political geographers such as these.
Really? |Yes! |Good...
`HOST` is read first. |`PORT` comes next.
no capital. so one sentence
"""


@pytest.mark.parametrize("case", CASES.strip().split("\n"))
def test_a_paragraph_is_cut_at_the_ends_of_its_sentences(case: str) -> None:
    expected = [part.strip() for part in case.split("|")]
    assert sentences(case.replace("|", "")) == expected


@pytest.mark.parametrize("text", ["", "   \n "])
def test_nothing_has_no_sentences(text: str) -> None:
    assert sentences(text) == []


def test_marks_of_references_end_a_sentence_and_belong_to_none() -> None:
    text = "A success.:121,154 He lived.[12] It grew.[citation needed] It died."
    assert sentences(text) == ["A success.", "He lived.", "It grew.", "It died."]


def test_spans_are_literal_parts_in_order_that_do_not_overlap() -> None:
    text = "One (or two). Three.[4] “Five.” Six e.g. seven.:8 Nine"
    spans = sentence_spans(text)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert all(end <= after for (_, end), (after, _) in zip(spans, spans[1:], strict=False))
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
