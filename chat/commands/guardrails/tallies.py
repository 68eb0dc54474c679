"""How many of something there are, were found, and were found rightly; and what that is worth.

Pure. Imports nothing of Parley.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """`there` are there, `found` were found, of which `right` are rightly so."""

    there: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.there + other.there, self.found + other.found, self.right + other.right)

    @property
    def recall(self) -> str:
        """The share of what is there that was found; nothing where nothing is there."""
        return f"{self.right / self.there:.3f}" if self.there else ""

    @property
    def precision(self) -> str:
        """The share of what was found that is there; nothing where nothing was found."""
        return f"{self.right / self.found:.3f}" if self.found else ""
