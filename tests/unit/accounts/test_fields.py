"""What people type about themselves is stored in one form, or refused beside its field."""

import pytest

from chat.accounts import FieldInvalid, clean_email, clean_label, clean_name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ada", "Ada"),
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("Zoe\u0308", "Zo\u00eb"),  # composed
        ("\uff21da", "Ada"),  # full width
        ("李小龍", "李小龍"),
        ("O'Neil-Ñandú", "O'Neil-Ñandú"),
    ],
)
def test_a_name_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert clean_name(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "x" * 101, "x" * 200_000, "a\0b", "a\x1bb", "a\u202eb", "a\ufffdb", "a\u2028b",
     "\ud800", "\ufdfa" * 60],
)  # fmt: skip
def test_a_name_that_cannot_be_shown_is_refused(typed: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        clean_name(typed)
    assert refused.value.field == "name"
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        (" ada+chat@example.org ", "ada+chat@example.org"),
        ("ada@intranet", "ada@intranet"),
        ("jürgen@bücher.example", "jürgen@bücher.example"),
    ],
)
def test_an_address_is_stored_in_lower_case(typed: str, stored: str) -> None:
    assert clean_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", " ", "ada", "@example.org", "ada@", "a@b@c", "a b@example.org", "ada@exa mple.org",
     "ada\0@example.org", "ada@example.org\r\nBcc: x", "<ada@example.org>", "x" * 65 + "@a.org",
     "ada@" + "x" * 260, "a" * 200_000, "ada\ud800@example.org"],
)  # fmt: skip
def test_what_has_not_the_shape_of_an_address_is_refused(typed: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        clean_email(typed)
    assert refused.value.field == "email"


def test_a_label_may_be_empty_where_nothing_is_said_about_it() -> None:
    assert clean_label("note", " ", 10) == ""
    with pytest.raises(FieldInvalid, match="Say what"):
        clean_label("note", " ", 10, missing="Say what it is for.")
