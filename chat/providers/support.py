"""How far the cited passages support a model's answer. Pure."""

from collections.abc import Mapping


class SupportMeter:
    """Of one answer; `sources` maps the number of a marker to the text of its passage."""

    def __init__(self, sources: Mapping[int, str]) -> None:
        del sources

    def add(self, text: str) -> float | None:
        """None: nothing honest can be said yet."""
        return None
