"""Unicode's normal forms of texts, long ones too, in time that grows as they do.

The marks on one letter are put in order in the square of their number, within C, while everything
else of the process waits: seconds for a message of nothing but marks. Keeps true: no more than 30
follow each other there, as in the stream-safe text format (UAX 15, section 13), where a joiner that
nobody sees parts them. Imports nothing of Parley.
"""

import re
import unicodedata
from typing import Literal

_MOST = 30  # marks; no writing has so many on one letter
# Every mark is of these: brackets, dashes and signs are, too, and stay as they are.
_ROW = re.compile(rf"(?:[^\w\s\x00-\x7f]|[\uff9e\uff9f]){{{_MOST + 1},}}")
_JOINER = "\u034f"  # combining grapheme joiner: no mark is moved past it


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """The text in a normal form."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, _ROW.sub(_parted, text))


def _parted(row: re.Match[str]) -> str:
    parted, marks = [], 0
    for sign in row[0]:
        is_mark = unicodedata.combining(unicodedata.normalize("NFKD", sign)[0])
        marks = marks + 1 if is_mark else 0
        if marks > _MOST:
            parted.append(_JOINER)
            marks = 1
        parted.append(sign)
    return "".join(parted)
