"""What kind of line a text holds: prose and its list marks, code, a table, a heading or a rule.

Keeps true: of most lines the first character says that they are prose. Imports nothing of Parley.
"""

import re

_ITEM = re.compile(r"\s*(?:>\s?)*(?:(?:[-*+•]|\d{1,3}[.)])(?:\s+|\Z))?")
_FENCE = re.compile(r"\s*+(`{3,}|~{3,})")
_NO_CLAIM = re.compile(r"\s{0,3}#{1,6}(?:\s|\Z)|\s*+\[\d+\]:|[-=*_|:\s]*+\Z")
_TABLE = re.compile(r"\s*+\|")
_MARKS = frozenset(["", *"`~#[-=*_|:"])  # with which a line of one of the three kinds begins


def is_prose(line: str) -> bool:
    """Whether a line holds sentences, as far as it has been written."""
    if line.lstrip()[:1] not in _MARKS:
        return True
    return not any(kind.match(line) for kind in (_FENCE, _NO_CLAIM, _TABLE))


def item_mark(line: str) -> str:
    """What stands before the words of a quotation or an item of a list."""
    found = _ITEM.match(line)
    return found.group() if found else ""


def opens_code(line: str) -> str:
    """The marks with which it opens a block of code, or nothing."""
    fence = _FENCE.match(line)
    return fence[1] if fence else ""


def closes_code(line: str, opened: str) -> bool:
    """Whether it ends the block of code that `opened` began."""
    fence = _FENCE.match(line)
    return fence is not None and fence[1].startswith(opened) and not line[fence.end() :].strip()


def is_row(line: str) -> bool:
    """Whether it belongs to a table."""
    return _TABLE.match(line) is not None


def says_nothing(line: str) -> bool:
    """Whether it is a heading, a rule, blank, or tells where a link leads."""
    return _NO_CLAIM.match(line) is not None
