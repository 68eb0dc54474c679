"""A document's text is hostile: in an answer it says what it says and does nothing else."""

import re

import pytest

from chat.providers.library.markdown import code_block, inline


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("It is so [1] and [[2]3] so [^4] there [5, 6].", "It is so and so there."),
        ("It was low.:121,154", "It was low."),
        ("![x](http://evil.example/a.png) [here](javascript:alert(1))", "x here"),
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("# big", "\\# big"),
        ("> quoted", "\\> quoted"),
        ("1. one", "1\\. one"),
        ("- item", "\\- item"),
        ("[a]: http://evil.example", "\\[a\\]: http://evil.example"),
        ("```", "\\`\\`\\`"),
        ("**bold** and *it* and `code[1]`", "**bold** and *it* and `code[1]`"),
        ("**never closed", "\\*\\*never closed"),
        ("2 * 3 * 4", "2 \\* 3 \\* 4"),
        ("snake_case and _em_", "snake_case and \\_em\\_"),
        ("one\ntwo\u202e\u200b three", "one two three"),
        ("a \\` b", "a \\\\\\` b"),
    ],
)  # fmt: skip
def test_text_is_made_to_stay_within_its_line(text: str, safe: str) -> None:
    assert inline(text) == safe


@pytest.mark.parametrize("text", ["[[[[1]2]3]4]", "[1\n]", "[ 1 ]", "[1\u200b]", "![[1]](x)"])
def test_no_marker_of_a_document_survives(text: str) -> None:
    assert not re.search(r"\[\d+\]", inline(text))


def test_code_keeps_every_character_and_its_fence_holds() -> None:
    code = "```py\nx = a[1]  # ok\n\n```` not the end\n    y\n```"
    block = code_block(code)
    assert block.startswith("`````py\n")
    assert block.endswith("\n`````")
    assert "x = a[1]  # ok\n\n```` not the end\n    y" in block


def test_indented_code_becomes_a_fence() -> None:
    assert code_block("    make run\n    make test") == "```\nmake run\nmake test\n```"
