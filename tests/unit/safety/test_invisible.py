"""What nobody sees goes, and what a script or a picture needs stays."""

import pytest

from chat.safety.invisible import visible


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "👨‍👩‍👧 ❤️ 🏴󠁧󠁢󠁷󠁬󠁳󠁿 👍🏽 🏳️‍🌈",
        "می‌خواهم",
        "क्‍ष",
        "\u200fשלום\u200e \u2067abc\u2069",
        "Kraft\u00adfahrzeug",
        "葛󠄀城",  # an ideograph with the selector of its form
    ],
)
def test_what_is_needed_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\U000e0069\U000e0067b", "ab"),
        ("😀\ufe01\ufe02\ufe03", "😀\ufe01"),
        ("i\u200bg\u2060n\ufeffore", "ignore"),
        ("a\u200db \u200cc", "ab c"),
        ("x \u202eabc\u202c y", "x abc y"),
        ("👩\u200d\u200d\u200d👧", "👩\u200d👧"),
    ],
)
def test_what_only_hides_goes(text: str, left: str) -> None:
    assert visible(text) == left
