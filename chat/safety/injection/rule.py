"""What a rule is: a pattern, and what it is a sign of. Imports folding."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from chat.safety.injection.finding import Kind
from chat.safety.injection.folding import without_accents


@dataclass(frozen=True)
class Rule:
    """A pattern over folded text (small letters, no accents, nothing invisible).

    `sign` is what the score counts it as; rules of one sign say the same in other words. Where a
    text has none of the `stems`, the pattern is not tried.
    """

    sign: str
    kind: Kind
    source: str
    stems: Sequence[str] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(without_accents(self.source), re.MULTILINE)

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Where it stands in a text; for nearly all rules and texts a look at the stems says it."""
        for stem in self.stems:  # a plain loop: fifty rules look at each question
            if stem in text:
                return self.pattern.finditer(text)
        return iter(()) if self.stems else self.pattern.finditer(text)
