"""What was found in a text, and where. Imports nothing of Parley."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """The kinds of what is found, as settings, records and the evaluation call them."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    NATIONAL_ID = "national_id"
    IP = "ip"
    SECRET = "secret"


class Finding(NamedTuple):
    """`text[start:end]` is an item of this kind."""

    kind: Kind
    start: int
    end: int
