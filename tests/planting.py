"""Items of personal data of every kind, each valid and unlike the others, in a sentence."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from stdnum import iban, luhn
from stdnum.es import dni
from stdnum.nl import bsn

Make = Callable[[random.Random], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Planted:
    """An item, and the sentence that holds it."""

    item: str
    sentence: str


def plant(count: int, seed: int = 7) -> list[Planted]:
    """So many items, of all kinds by turns."""
    return list(islice(_planted(random.Random(seed)), count))


def _planted(chance: random.Random) -> Iterator[Planted]:
    known: set[str] = set()
    for make in cycle(_MAKERS):
        item, sentence = make(chance)
        while item in known:
            item, sentence = make(chance)
        known.add(item)
        yield Planted(item, sentence.format(item))


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _letters(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("abcdefghijkmnopqrstuvwxyz", k=count))


def _email(chance: random.Random) -> tuple[str, str]:
    return f"{_letters(chance, 7)}@{_letters(chance, 6)}.example.org", "Write to {}, please."


def _phone(chance: random.Random) -> tuple[str, str]:
    return f"+49 171 39{_digits(chance, 5)}", "Call {} about the crates."


def _card(chance: random.Random) -> tuple[str, str]:
    start = "4" + _digits(chance, 14)
    whole = start + luhn.calc_check_digit(start)
    return " ".join(whole[at : at + 4] for at in range(0, 16, 4)), "It was paid with {}."


def _iban(chance: random.Random) -> tuple[str, str]:
    rest = _digits(chance, 18)
    return f"DE{iban.calc_check_digits(f'DE00{rest}')}{rest}", "Refund it to {}."


def _bsn(chance: random.Random) -> tuple[str, str]:
    while not bsn.is_valid(number := f"2{_digits(chance, 8)}"):
        pass
    return number, "Het BSN is {}."


def _dni(chance: random.Random) -> tuple[str, str]:
    number = _digits(chance, 8)
    return number + dni.calc_check_digit(number), "El DNI es {}."


def _ip(chance: random.Random) -> tuple[str, str]:
    return f"10.{'.'.join(str(chance.randrange(40, 250)) for _ in range(3))}", "The host is {}."


def _password(chance: random.Random) -> tuple[str, str]:
    return f"{_letters(chance, 5)}!{_digits(chance, 3)}{_letters(chance, 3)}", "password: {}"


def _key(chance: random.Random) -> tuple[str, str]:
    alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return f"ghp_{''.join(chance.choices(alphabet, k=36))}", "The token {} is for the build."


_MAKERS: tuple[Make, ...] = (_email, _phone, _card, _iban, _bsn, _dni, _ip, _password, _key)
