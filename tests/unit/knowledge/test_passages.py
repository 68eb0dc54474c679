"""How documents are cut."""

import pytest

from chat.knowledge.passages import MOST, cut, title_of

PARAGRAPH = "This paragraph has exactly ten words in it, one hopes. "


def test_paragraphs_are_gathered_until_there_are_enough_words() -> None:
    text = "\n\n".join([PARAGRAPH * 5] * 9)  # nine of fifty words
    counts = [len(piece.text.split()) for piece in cut(text, "text")]
    assert counts == [150, 150, 150]


def test_a_heading_begins_a_passage_and_its_path_is_kept() -> None:
    text = "# Guide\n\nIntro.\n\n## Install\n\n### Linux\n\nDo this.\n\n## Use\n\nDo that.\n"
    pieces = [(piece.heading, piece.text) for piece in cut(text, "markdown", "Guide")]
    assert pieces == [("", "Intro."), ("Install › Linux", "Do this."), ("Use", "Do that.")]


def test_code_is_never_cut_and_what_is_in_it_is_no_heading() -> None:
    code = "```sh\n" + "\n\n".join(f"# line {n} of a long script" for n in range(100)) + "\n```"
    pieces = list(cut(f"Run this:\n\n{code}\n\nThen rest.", "markdown"))
    assert [code in piece.text for piece in pieces].count(True) == 1
    assert all(piece.heading == "" for piece in pieces)


def test_code_within_a_list_stays_with_its_item() -> None:
    text = "1. First\n\n   ```sh\n   # not a heading\n\n   run\n   ```\n\n2. Second\n"
    (piece,) = cut(text, "markdown")
    assert piece.text == text.strip()


def test_a_paragraph_that_alone_is_too_long_is_cut_between_sentences() -> None:
    pieces = list(cut(PARAGRAPH * 60, "text"))
    assert len(pieces) > 1
    assert all(len(piece.text.split()) <= MOST for piece in pieces)
    assert all(piece.text.endswith("hopes.") for piece in pieces)


def test_passages_are_literal_parts_of_the_document() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    text = f"---\ntitle: T\n---\n# A\n\nOne\ntwo\n\n- x\n- y\n\n> q\n\n{table}"
    pieces = list(cut(text, "markdown"))
    assert all(piece.text in text for piece in pieces)
    assert "title:" not in "".join(piece.text for piece in pieces)


def test_a_title_comes_from_front_matter_or_else_from_the_first_heading() -> None:
    assert title_of('---\ntitle: "Our rules"\n---\n# Other', "markdown") == "Our rules"
    assert title_of("Intro\n\nBig title\n=========\n\nText", "markdown") == "Big title"
    assert title_of("# not Markdown", "text") == ""


@pytest.mark.parametrize("bad", ["a" * 50_000, "A. " * 20_000, "[" * 50_000, " \n" * 50_000 + "x"])
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_a_text_without_sense_is_cut_into_bounded_pieces(bad: str, kind: str) -> None:
    pieces = list(cut(bad, kind))
    assert pieces
    assert all(len(piece.text) <= 6000 for piece in pieces)
