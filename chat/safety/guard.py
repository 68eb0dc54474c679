"""One verdict on a text that somebody typed: allow it, perhaps tidied, or refuse it and say why.

Pure and deterministic; a reason never holds the text. May import the plain ground.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

_ALLOWED_CONTROLS = "\n\t"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`text` is what may pass; `reason` is a code and `advice` a sentence when it is refused."""

    decision: Literal["allow", "refuse"]
    text: str
    reason: str = ""
    advice: str = ""


def check_message(text: str, *, max_chars: int) -> Verdict:
    """A message as it may be stored: line ends and Unicode normalised (NFC), controls refused."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return _refuse("empty", "Write a question first.")
    if len(text) > max_chars:
        return _refuse(
            "too_long",
            f"A message may have up to {max_chars:,} characters; this one has {len(text):,}. "
            "Shorten it, or add the long part to the library as a document.",
        )
    if any(_is_forbidden(character) for character in text):
        return _refuse(
            "control_characters",
            "The message holds characters that cannot be shown, such as NUL. Remove them; pasting "
            "as plain text often does.",
        )
    return Verdict("allow", unicodedata.normalize("NFC", text))


def _refuse(reason: str, advice: str) -> Verdict:
    return Verdict("refuse", "", reason, advice)


def _is_forbidden(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind == "Cs" or (kind == "Cc" and character not in _ALLOWED_CONTROLS)
