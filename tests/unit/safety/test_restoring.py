"""Items put back into a stream, however a model writes placeholders, and wherever it is cut."""

from itertools import pairwise

import pytest

from chat.safety.personal.restoring import NAMES, Restorer, tags_in

ITEMS = {"7Q2KX": "bob@example.org", "BBBBB": "+49 30 1", "23456": "x[1]y"}
TEXT = (
    r"Mail [EMAIL_7Q2KX], \[phone\_bbbbb\] **[ Secret 23456 ]** EMAIL_7Q2KX. xEMAIL_7Q2KX "
    r"EMAIL_7Q2KXX [EMAIL_ZZZZZ] [1][2] [Email us] I think 【EMAIL_7Q2KX】 [[EMAIL-7Q2KX]] "
    "E EM EMAI EMAIL I P \\ \\[ [PHONE_BBBBB][PHONE_BBBBB]PHONE_BBBBB [EMAIL_7Q2K"
)


def restored(text: str, *cuts: int) -> str:
    restorer = Restorer(ITEMS)
    pieces = (text[start:end] for start, end in pairwise((0, *cuts, len(text))))
    return "".join(map(restorer.feed, pieces)) + restorer.end()


@pytest.mark.parametrize(
    "written",
    ["[EMAIL_7Q2KX]", "[email_7q2kx]", r"\[EMAIL\_7Q2KX\]", "[EMAIL 7Q2KX]", "[ EMAIL_7Q2KX ]",
     "【EMAIL_7Q2KX】", "[**EMAIL_7Q2KX**]", "[EMAIL-7Q2KX]", "EMAIL_7Q2KX", "[`EMAIL_7Q2KX`]"],
)  # fmt: skip
def test_a_placeholder_is_known_however_a_model_writes_it(written: str) -> None:
    assert restored(f"to {written}, please") == "to bob@example.org, please"


@pytest.mark.parametrize(
    "written",
    ["[EMAIL_ZZZZZ]", "[EMAIL_1]", "xEMAIL_7Q2KX", "EMAIL_7Q2KXX", "[EMAIL_7Q2K]", "email_7q2kx"],
)
def test_what_is_no_placeholder_of_this_answer_stays(written: str) -> None:
    assert restored(f"to {written}, please") == f"to {written}, please"


def test_a_text_reads_the_same_however_it_was_cut() -> None:
    whole = restored(TEXT)
    assert whole.count("bob@example.org") == 4
    assert whole.count("+49 30 1") == 4
    for first in range(len(TEXT)):
        for second in range(first, len(TEXT)):
            assert restored(TEXT, first, second) == whole
    assert restored(TEXT, *range(1, len(TEXT))) == whole


@pytest.mark.parametrize("name", NAMES)
def test_no_more_is_held_back_than_may_become_a_placeholder(name: str) -> None:
    restorer, placeholder = Restorer({"7Q2KX": "!"}), f"[{name}_7Q2KX]"
    shown = [restorer.feed(letter) for letter in f"a{placeholder}b"]
    assert shown == ["a", *[""] * (len(placeholder) - 1), "!", "b"]
    assert [Restorer({}).feed(text) for text in ("see [1", "[E5", "[EMAIL_7?", "so E", "be")] == [
        "see [1", "[E5", "[EMAIL_7?", "so ", "be"
    ]  # fmt: skip


def test_the_tags_that_a_text_holds_by_itself_are_known() -> None:
    assert tags_in("I typed [EMAIL_7Q2KX] and phone_x, \\[ip\\_abcde\\]") == {"7Q2KX", "ABCDE"}
