"""What is found in a text: every detector's findings, of which none overlap.

Keeps true: of findings that overlap, the one of the kind that tells more remains; the result
depends on the text alone. Imports the detectors.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence

from chat.safety.personal.addresses import find_addresses
from chat.safety.personal.cards import find_cards
from chat.safety.personal.emails import find_emails
from chat.safety.personal.finding import Finding
from chat.safety.personal.ibans import find_ibans
from chat.safety.personal.national_ids import find_national_ids
from chat.safety.personal.phones import find_phones
from chat.safety.personal.secrets import find_secrets

# Who comes first has the text: a password may look like an address, a card like a telephone number.
_IN_TURN: tuple[Callable[[str], Iterator[Finding]], ...] = (
    find_secrets,
    find_emails,
    find_ibans,
    find_cards,
    find_national_ids,
    find_addresses,
    find_phones,
)


def find_personal(text: str) -> list[Finding]:
    """Every item of personal data and every secret in `text`, in order."""
    has_digits = any(map(str.isdigit, text))
    found: list[Finding] = []
    for find in _IN_TURN if has_digits else _IN_TURN[:2]:
        for one in find(text):
            if not _overlaps(one, found):
                insort(found, one, key=_start)
    return found


def _overlaps(one: Finding, others: Sequence[Finding]) -> bool:
    """Whether one of the others, of which none overlap and which are in order, stands there."""
    place = bisect_left(others, one.end, key=_start)
    return place > 0 and others[place - 1].end > one.start


def _start(one: Finding) -> int:
    return one.start
