"""What the upstream is told to do, read from a model's name or from a script.

A name is a kind and its options, `silence-after-text-rate-20-after-3`; a name that is no kind, as
`gpt-5-mini`, just writes. Kinds stand with their code in `writing.py`, `failing.py` and `lying.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OPTION = re.compile(r"(?:^|-)(?<!retry-)(tokens|rate|after|wait|cut)-(\d+)(?=-|$)")
STATUS = re.compile(r"([345]\d\d)(?:-(retry-after(?:-ms)?)-(\S+))?")
FAILS = re.compile(r"fails-(\d+)-then-writes")
REFUSES = re.compile(r"refuses-([a-z-]+)")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One request's fate.

    `tokens` are written, `rate` a second (0: at once); `after` tokens a fault comes, where it has
    a place in the text; `wait` ms pass before the first byte; `cut` puts that many bytes into
    each HTTP chunk instead of whole frames; `text` is written instead of the usual words. `detail`
    is the status, the field or the number that the kind's name holds.
    """

    kind: str = "write"
    tokens: int = 40
    rate: float = 0.0
    after: int | None = None
    wait: int = 0
    cut: int = 0
    text: str | None = None
    detail: str = ""
    retry_after: tuple[str, str] | None = None

    def after_or(self, usual: int) -> int:
        return usual if self.after is None else self.after


def read(told: str | Mapping[str, Any]) -> Behaviour:
    """The behaviour of a name, or of an object with the fields above and a `kind`."""
    if isinstance(told, str):
        return _named(told)
    kind = _named(str(told.get("kind", "write")))
    given = {name: value for name, value in told.items() if name != "kind"}
    fields = {name: getattr(kind, name) for name in Behaviour.__slots__} | given
    return Behaviour(**fields)


def _named(name: str) -> Behaviour:
    options: dict[str, Any] = {match[1]: int(match[2]) for match in OPTION.finditer(name)}
    return Behaviour(**_kind(OPTION.sub("", name).strip("-")), **options)


def _kind(name: str) -> dict[str, Any]:
    if match := STATUS.fullmatch(name):
        header = (match[2], match[3]) if match[2] else None
        return {"kind": "status", "detail": match[1], "retry_after": header}
    if match := FAILS.fullmatch(name):
        return {"kind": "fails", "detail": match[1]}
    if match := REFUSES.fullmatch(name):
        return {"kind": "refuses", "detail": match[1].replace("-", "_")}
    return {"kind": name or "write"}
