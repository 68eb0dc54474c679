"""What people type about themselves, cleaned or refused with the name of the field.

Keeps true: what is stored is NFKC, trimmed, within its limit, and holds no control character, so
that two texts that look the same are the same. Imports the plain ground.
"""

import re
import unicodedata

from chat.errors import Invalid

NAME_LENGTH = 100
EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3
_LOCAL_LENGTH = 64  # RFC 5321, 4.5.3.1.1
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@[^@\s\"(),:;<>\[\\\]]+")
# Control, surrogate, private and unassigned characters, line and paragraph separators.
_REFUSED = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# Marks that turn the direction of the text around them, and the sign of broken UTF-8.
_MISLEADING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd")


class FieldInvalid(Invalid):
    """One field of a form cannot be used; the message belongs beside it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


def clean_name(text: str) -> str:
    """A person's name, of 1 to 100 characters; FieldInvalid when it cannot be one."""
    return clean_label("name", text, NAME_LENGTH, missing="Enter a name.")


def clean_label(field: str, text: str, most: int, *, missing: str = "") -> str:
    """One line of at most `most` characters; an empty one is refused with `missing`, if given."""
    line = " ".join(_plain(field, text, most).split())
    if missing and not line:
        raise FieldInvalid(field, missing)
    return line


def clean_email(text: str) -> str:
    """An e-mail address in lower case; FieldInvalid when it has not the shape of one."""
    address = _plain("email", text, EMAIL_LENGTH).strip().casefold()
    if not address:
        raise FieldInvalid("email", "Enter an e-mail address.")
    local = address.partition("@")[0]
    if not _EMAIL.fullmatch(address) or len(local) > _LOCAL_LENGTH or len(address) > EMAIL_LENGTH:
        raise FieldInvalid("email", "This is not an e-mail address, such as ada@example.org.")
    return address


def holds_control_characters(text: str) -> bool:
    """Whether a text holds characters that cannot be seen, or that mislead about the others."""
    return any(unicodedata.category(c) in _REFUSED or c in _MISLEADING for c in text)


def _plain(field: str, text: str, most: int) -> str:
    if len(text) > most:  # before NFKC, which can make a text 18 times as long
        raise FieldInvalid(field, f"This is too long: at most {most} characters.")
    text = unicodedata.normalize("NFKC", text)
    if len(text) > most:
        raise FieldInvalid(field, f"This is too long: at most {most} characters.")
    if holds_control_characters(text.strip()):
        raise FieldInvalid(field, "This holds characters that cannot be shown. Type it again.")
    return text
