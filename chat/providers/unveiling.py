"""Puts back what a prompt had to hide, in everything that comes of an answer.

Keeps true: what belongs before the text is told before it. There is one only for an answer whose
prompt hides something. May import the plain ground and the files beside it.
"""

from collections.abc import Callable, Iterable

from chat.providers.citing import Page
from chat.values import Restoring


class Unveiling:
    """Of one answer, its thoughts and its text."""

    __slots__ = ("_new", "_text", "_thinking")

    def __init__(self, restoring: Callable[[], Restoring]) -> None:
        self._new = restoring
        self._thinking, self._text = restoring(), restoring()

    def feed(self, thinking: str, text: str) -> tuple[str, str]:
        """What of both may be shown now; before text, thoughts are complete."""
        thought = self._thinking.feed(thinking) if thinking else ""
        if text:
            thought += self._thinking.end()
        return thought, self._text.feed(text) if text else ""

    def end(self) -> tuple[str, str]:
        """What was held back of both."""
        return self._thinking.end(), self._text.end()

    def pages(self, pages: Iterable[Page]) -> list[Page]:
        """Pages that a provider has found."""
        return [Page(*map(self._whole, page)) for page in pages]

    def _whole(self, text: str) -> str:
        restoring = self._new()
        return restoring.feed(text) + restoring.end()
