"""The numbers that were fitted on questions with known answers, read from `fitted.json`.

The file says what they were fitted on and how well they did on documents they had not seen;
`scripts/fit_library.py` writes it. Imports nothing of Parley.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("fitted.json")


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights by name: of the features of a sentence, and of the signals of the confidence."""

    features: dict[str, float]
    signals: dict[str, float]
    intercept: float


@lru_cache(maxsize=1)
def fitted() -> Fitted:
    """The numbers of the file."""
    held: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return Fitted(held["features"], held["signals"], held["intercept"])
