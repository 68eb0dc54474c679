"""Thoughts that a model writes between <think> and </think>, before its answer.

Servers that know the model's template tell them apart themselves; others pass them on as text.
Imports nothing of Parley.
"""

from typing import Literal

_OPEN, _CLOSE = "<think>", "</think>"


class ThinkTags:
    """Splits text as it comes, cut anywhere. Only a tag at the very beginning counts."""

    __slots__ = ("_held", "_place")

    def __init__(self) -> None:
        self._held = ""
        self._place: Literal["before", "inside", "behind", "over"] = "before"

    @property
    def is_over(self) -> bool:
        """Whether all that follows is text."""
        return self._place == "over"

    def split(self, text: str) -> tuple[str, str]:
        """What of it is thought, and what is text; what may be a tag is held back."""
        self._held += text
        thought = ""
        if self._place == "before":
            self._begin()
        if self._place == "inside":
            thought = self._think()
        if self._place == "behind":
            self._held = self._held.lstrip()
            self._place = "over" if self._held else "behind"
        return thought, self._release() if self.is_over else ""

    def end(self) -> tuple[str, str]:
        """What was held back, as nothing more comes."""
        held = self._release()
        return (held, "") if self._place == "inside" else ("", held)

    def _begin(self) -> None:
        begin = self._held.lstrip()
        if begin.startswith(_OPEN):
            self._held, self._place = begin[len(_OPEN) :], "inside"
        elif not _OPEN.startswith(begin):
            self._place = "over"

    def _think(self) -> str:
        thought, tag, rest = self._held.partition(_CLOSE)
        if tag:
            self._held, self._place = rest, "behind"
            return thought
        keep = len(thought) - _begun(thought, _CLOSE)
        self._held = thought[keep:]
        return thought[:keep]

    def _release(self) -> str:
        held, self._held = self._held, ""
        return held


def _begun(text: str, tag: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`."""
    return next((n for n in range(len(tag) - 1, 0, -1) if text.endswith(tag[:n])), 0)
