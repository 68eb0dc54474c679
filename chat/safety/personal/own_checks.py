"""Checks of national numbers that python-stdnum does not have; each names its source.

Each takes a number as it was written and says whether it holds. Imports Luhn's.
"""

import re
from datetime import date

from chat.safety.personal.cards import luhn

_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]")
_AUSWEIS = re.compile(r"(?=.*\d)[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}")
_SINGAPORE = {
    **dict.fromkeys("ST", "JZIHGFEDCBA"),
    **dict.fromkeys("FG", "XWUTRQPNMLK"),
    "M": "KLJNPQRTUWX",
}
_REST = re.compile(r"[^0-9A-Za-z]")


def _clean(written: str) -> str:
    return _REST.sub("", written).upper()


def nino(written: str) -> bool:
    """National Insurance number of the United Kingdom: prefixes in use (HMRC, NIM39110)."""
    return _NINO.fullmatch(_clean(written)) is not None


def nino_said(written: str) -> bool:
    """The same with the prefixes of examples and of the administration, as in QQ 12 34 56 C."""
    return re.fullmatch(r"[A-Z]{2}\d{6}[A-D]", _clean(written)) is not None


def ssn(written: str) -> bool:
    """Social security number of the United States: areas, groups and serials that may be."""
    return re.fullmatch(r"(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}", _clean(written)) is not None


def atin(written: str) -> bool:
    """Adoption taxpayer number of the United States: group 93 of those that begin with 9."""
    return re.fullmatch(r"9\d{2}93\d{4}", _clean(written)) is not None


def sin(written: str) -> bool:
    """Social insurance number of Canada: Luhn."""
    return luhn(_clean(written))


def medicare(written: str) -> bool:
    """Medicare card of Australia: the ninth digit is a weighted sum modulo 10."""
    digits = _clean(written)
    check = _weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9)) % 10
    return digits[0] in "23456" and check == int(digits[8]) and digits[9] != "0"


def rentenversicherung(written: str) -> bool:
    """German pension insurance number (VKVV, section 2): area, day of birth, letter, checksum."""
    number = _clean(written)
    letter = f"{ord(number[8]) - 64:02d}"
    digits = number[:8] + letter + number[9:11]
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(_cross(int(d) * w) for d, w in zip(digits, weights, strict=True))
    day, month = int(number[2:4]) % 50, int(number[4:6])
    return total % 10 == int(number[11]) and 1 <= day <= 31 and 1 <= month <= 12


def ausweis(written: str) -> bool:
    """German identity card or passport (PAuswV): nine signs, without vowels and look-alikes."""
    return _AUSWEIS.fullmatch(_clean(written)) is not None


def versichert(written: str) -> bool:
    """German health insurance number: a letter and digits, Luhn with the letter as two digits."""
    number = _clean(written)
    digits = f"{ord(number[0]) - 64:02d}" + number[1:9]
    total = sum(_cross(int(d) * (1 + place % 2)) for place, d in enumerate(digits))
    return total % 10 == int(number[9])


def nir_without_key(written: str) -> bool:
    """French number without its key (INSEE): sex, month and department as they may be."""
    digits = _clean(written)
    month, department = int(digits[3:5]), int(digits[5:7])
    return (
        digits[0] in "123478" and (1 <= month <= 12 or 20 <= month <= 42) and 0 < department < 100
    )


def nuss(written: str) -> bool:
    """Spanish social security: the last two digits are the others modulo 97."""
    digits = _clean(written)
    is_short = digits[2] == "0"
    number = int(digits[:2]) * 10_000_000 + int(digits[3:10]) if is_short else int(digits[:10])
    return number % 97 == int(digits[10:])


def niss_pt(written: str) -> bool:
    """Portuguese social security: weights of primes modulo 10."""
    digits = _clean(written)
    total = _weighted(digits, (29, 23, 19, 17, 13, 11, 7, 5, 3, 2))
    return digits[0] in "12" and 9 - total % 10 == int(digits[10])


def dowod(written: str) -> bool:
    """Polish identity card: letters as 10 to 35, weights 7, 3 and 1 modulo 10."""
    values = [int(one, 36) for one in _clean(written)]
    weights = (7, 3, 1, 0, 7, 3, 1, 7, 3)
    return sum(v * w for v, w in zip(values, weights, strict=True)) % 10 == values[3]


def emirates(written: str) -> bool:
    """Identity card of the Emirates: 784, a year, and Luhn."""
    digits = _clean(written)
    return digits.startswith(("78419", "78420")) and luhn(digits)


def saudi(written: str) -> bool:
    """National identity and residence of Saudi Arabia: 1 or 2, and Luhn."""
    digits = _clean(written)
    return digits[0] in "12" and luhn(digits)


def taj(written: str) -> bool:
    """Hungarian social security: threes and sevens modulo 10 (Act XX of 1996)."""
    digits = _clean(written)
    return _weighted(digits, (3, 7, 3, 7, 3, 7, 3, 7)) % 10 == int(digits[8])


def adoazonosito(written: str) -> bool:
    """Hungarian tax number of a person: begins with 8, places as weights modulo 11."""
    digits = _clean(written)
    return digits[0] == "8" and _weighted(digits, range(1, 10)) % 11 == int(digits[9])


def jmbg(written: str) -> bool:
    """Number of a citizen in the states of former Yugoslavia: day of birth, modulo 11."""
    digits = _clean(written)
    year = int(digits[4:7]) + (1000 if digits[4] > "7" else 2000)
    check = -_weighted(digits, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return _is_day(int(digits[:2]), int(digits[2:4]), year) and check == int(digits[12])


def snils(written: str) -> bool:
    """Russian pension insurance: places as weights modulo 101."""
    digits = _clean(written)
    check = _weighted(digits, range(9, 0, -1)) % 101 % 100
    return int(digits[:9]) > 1001998 and check == int(digits[9:])


def cpr(written: str) -> bool:
    """Danish number: a day of birth; the checksum is not kept since 2007 (CPR-kontoret)."""
    digits = _clean(written)
    return _is_day(int(digits[:2]), int(digits[2:4]), 2000 + int(digits[4:6]))


def dni_ar(written: str) -> bool:
    """Document of Argentina or Peru, which has no checksum: by words alone."""
    return 1_000_000 <= int(_clean(written)) <= 99_999_999


def ci_uy(written: str) -> bool:
    """Identity card of Uruguay: weights 2987634 modulo 10."""
    digits = _clean(written).zfill(8)
    return -_weighted(digits, (2, 9, 8, 7, 6, 3, 4)) % 10 == int(digits[7])


def nric_sg(written: str) -> bool:
    """NRIC and FIN of Singapore: weights 2765432, letters by the first one."""
    number = _clean(written)
    first, letters = number[0], _SINGAPORE.get(number[0])
    if letters is None:
        return False
    place = (
        _weighted(number[1:], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(first, 0)
    ) % 11
    return letters[place] == number[8]


def id_tw(written: str) -> bool:
    """Identity number of Taiwan: the letter as two digits, weights 1 9 8 … 1 1 modulo 10."""
    number = _clean(written)
    first = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0]) + 10
    total = first // 10 + first % 10 * 9 + _weighted(number[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))
    return number[1] in "1289" and total % 10 == 0


def hkid(written: str) -> bool:
    """Identity card of Hong Kong: letters as 10 to 35, weights 9 to 1 modulo 11."""
    number = _clean(written).rjust(9)
    values = [36 if c == " " else int(c, 36) for c in number[:8]]
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    return number[8] == ("A" if check == 10 else str(check))


def samordningsnummer(written: str) -> bool:
    """Swedish number of one who is not registered: the day of birth plus 60, and Luhn."""
    digits = _clean(written)[-10:]
    month, day = int(digits[2:4]), int(digits[4:6]) - 60
    return 1 <= month <= 12 and 1 <= day <= 31 and luhn(digits)


def numbered(written: str) -> bool:
    """Passport or card that has no checksum: it is not all one digit."""
    return len(set(filter(str.isdigit, written))) > 1


def _weighted(digits: str, weights: "range | tuple[int, ...]") -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _cross(value: int) -> int:
    return value // 10 + value % 10


def _is_day(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
