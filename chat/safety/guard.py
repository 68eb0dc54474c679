"""One verdict on a text that somebody typed: allow it, perhaps tidied, or refuse it and say why.

Pure and deterministic; a reason never holds the text. Imports length, invisible,
injection and the plain ground.
"""

import re
from dataclasses import dataclass
from typing import Literal

from chat.normal_forms import normalized
from chat.safety.injection import find_injections
from chat.safety.invisible import visible
from chat.safety.length import estimate_tokens

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Cc but \t and \n, and Cs


@dataclass(frozen=True, slots=True)
class Verdict:
    """`text` is what may pass; `reason` is a code and `advice` a sentence when it is refused."""

    decision: Literal["allow", "refuse"]
    text: str
    reason: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a message may be: its characters, its tokens by an estimate (0 for any number), and
    whether one that would change how the model works is refused."""

    max_chars: int
    max_tokens: int = 0
    refuses_injections: bool = False


def check_message(text: str, bounds: Bounds) -> Verdict:
    """A message as it may be stored: line ends and Unicode normalised (NFC), controls refused.

    Characters that nobody sees and that only hide something are left out.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > bounds.max_chars:
        return _too_long(f"{bounds.max_chars:,} characters", f"{len(text):,}")
    if _FORBIDDEN.search(text):
        return _refuse(
            "control_characters",
            "The message holds characters that cannot be shown, such as NUL. Remove them; pasting "
            "as plain text often does.",
        )
    if bounds.refuses_injections and find_injections(text, "message"):
        return _refuse(
            "injection",
            "This reads like instructions that are to change how the model works, or like text "
            "that hides some. This site does not take such messages. Say what you want to know in "
            "your own words, and paste as plain text.",
        )
    text = text if text.isascii() else visible(normalized("NFC", text)).strip()
    if not text:
        return _refuse("empty", "Write a question first.")
    if bounds.max_tokens and (tokens := estimate_tokens(text)) > bounds.max_tokens:
        most = f"about {bounds.max_tokens:,} tokens, as a model reads it"
        return _too_long(most, f"about {tokens:,}")
    return Verdict("allow", text)


def _too_long(most: str, has: str) -> Verdict:
    return _refuse(
        "too_long",
        f"A message may have up to {most}; this one has {has}. "
        "Shorten it, or add the long part to the library as a document.",
    )


def _refuse(reason: str, advice: str) -> Verdict:
    return Verdict("refuse", "", reason, advice)
