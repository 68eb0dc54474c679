"""The markers `[n]` of a model's text, checked while it is being written.

Keeps true: a marker that names no source is dropped, in code nothing is changed; the result does
not depend on how the text was cut; no more is held back than what may still become a marker. Pure.
"""

import re
from collections.abc import Collection, Iterator

_LIST = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,4}"
# A marker is no link `[1](…)` and no footnote `[1]: …`. Some models write 【1†title】.
MARKER = re.compile(
    rf"(?P<space>[ \t]?)"
    rf"(?:\[(?P<list>{_LIST})\](?![(:])|【(?P<wide>{_LIST})(?:†[^】\n]{{0,12}})?】)"
)
_SPECIAL = re.compile(rf"(?P<run>`+|~~~+)|(?P<blank>\n[ \t\r]*\n)|{MARKER.pattern}")
# What may be the beginning of one of these at the end of a piece, also of a link's.
_BEGINNING = re.compile(
    r"(?:`+|~+|(?:\n[ \t\r]*)+|[ \t]?\[(?:\d[\d\s,;–-]{0,30})?\]?|[ \t]?【[^】\n]{0,40}|[ \t])\Z"
)
_NUMBERS = re.compile(r"(\d{1,3})(?:\s?[–-]\s?(\d{1,3}))?")
_MAY_MATTER = re.compile(r"[\[【`~\n]")
_BEFORE_FENCE = " \t\r>-*+.)0123456789"  # quotes and lists hold code too


class MarkerFilter:
    """Passes a text on without the markers that name none of the `known` numbers.

    `after` is the text before it, which was passed on: it may end in the midst of code.
    """

    __slots__ = ("_code", "_held", "_is_line_start", "_known")

    def __init__(self, known: Collection[int], after: str = "") -> None:
        self._known = known
        self._held = ""
        self._code = ""  # the run of marks that has opened the code we are in
        self._is_line_start = True  # only white space and list marks since the last line end
        for _ in self._read(after):
            pass

    def feed(self, text: str) -> str:
        """What of the text so far may be shown now."""
        if not (self._held or text.endswith((" ", "\t")) or _MAY_MATTER.search(text)):
            self._pass_on(text)
            return text
        text = self._held + text
        beginning = _BEGINNING.search(text)
        at = beginning.start() if beginning else len(text)
        self._held = text[at:]
        return "".join(self._read(text[:at]))

    def end(self) -> str:
        """What was held back."""
        held, self._held = self._held, ""
        return "".join(self._read(held))

    def _read(self, text: str) -> Iterator[str]:
        place = 0
        for found in _SPECIAL.finditer(text):
            yield self._pass_on(text[place : found.start()])
            place = found.end()
            numbers = found["list"] or found["wide"]
            if numbers and not self._code:
                yield self._pass_on(self._checked(found["space"], numbers))
                continue
            self._note(found["run"] or "", is_blank=found["blank"] is not None)
            yield self._pass_on(found.group())
        yield self._pass_on(text[place:])

    def _note(self, run: str, *, is_blank: bool) -> None:
        """Whether code begins or ends here; code within a line ends with its paragraph."""
        is_fence = len(run) >= 3 and self._is_line_start
        if is_blank and not self._is_fenced:
            self._code = ""
        elif run and not self._code:
            if is_fence or run[0] == "`":
                self._code = ("\n" if is_fence else "") + run
        elif run and self._closes(run, is_fence=is_fence):
            self._code = ""

    @property
    def _is_fenced(self) -> bool:
        return self._code.startswith("\n")

    def _closes(self, run: str, *, is_fence: bool) -> bool:
        if self._is_fenced:
            return is_fence and run.startswith(self._code[1:])
        return run == self._code

    def _checked(self, space: str, numbers: str) -> str:
        """The known ones of a marker's numbers, each as a marker of its own."""
        known = [n for n in numbers_of(numbers) if n in self._known]
        return space + "".join(f"[{n}]" for n in known) if known else ""

    def _pass_on(self, text: str) -> str:
        if text:
            _, is_new_line, line = text.rpartition("\n")
            before = bool(is_new_line) or self._is_line_start
            self._is_line_start = before and not line.strip(_BEFORE_FENCE)
        return text


def numbers_of(marker: str) -> Iterator[int]:
    """`1, 3-5` as 1, 3, 4, 5; a range that is longer than any answer's is its two ends."""
    for first, last in _NUMBERS.findall(marker):
        start, stop = int(first), int(last or first)
        yield from range(start, stop + 1) if 0 <= stop - start < 50 else (start, stop)
