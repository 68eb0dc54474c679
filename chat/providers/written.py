"""Where the sentences of a model's text end, while it is being written.

Keeps true: what has been found depends on the text, not on how it was cut; a marker after a full
stop belongs to the sentence before it; code, headings, rules and the head of a table have no
sentences; no more is held than the sentence being written, and what is held is read again only
where new text may end it. Imports knowledge, citations and lines.
"""

import re

from chat.knowledge.sentences import plain_end, sentence_spans
from chat.providers import lines
from chat.providers.citations import (
    has_late_markers,
    may_mark,
    split_markers,
    with_early_markers,
    without_open_marker,
)

LINE_END = ""  # between the sentences: a marker speaks only for its own line
LONGEST = 2000  # characters of a sentence; what is longer is cut
_FENCE_LINE = 80  # characters of a line of code that are kept, to see whether it closes the block
_LAST_WORDS = 60  # characters at the end of a sentence in which a doubtful full stop is looked for

_WIDE_END = re.compile("[…】]")
_LAST_END = re.compile(r"(?s:.*)[.!?…\n\]】]")
# A whole word, from the end of the one before. Possessive: what was no word is not tried again.
_WORD = re.compile(r"\W*+\w\S*+\s")
# The same and the beginning of another, behind the numbers of notes at a full stop (`it.:12,14`).
_WORD_AND_MORE = re.compile(r"""["'”’)\]»*_]*+(?::\d+(?:[-–,]\s?\d+)*+)*+\W*+\w\S*+\s++\S""")
_STOPS = (".", "!", "?", "…")
_CLOSERS = "\"'”’)»*_"  # what may follow the last sign of a sentence
_DOUBTFUL = re.compile(r"(?:\b\w{1,2}|\.\w+)\.[\"'”’)»*_]*\Z")  # `3.` of 3.5, `U.S.`, `Dr.`

Spans = list[tuple[int, int]]


class WrittenSentences:
    """Of one text, each with its markers."""

    __slots__ = (
        "_cites_late",
        "_fence",
        "_first",
        "_held",
        "_is_line_start",
        "_is_table",
        "_is_undecided",
    )

    def __init__(self) -> None:
        self._held = ""  # from the beginning of the sentence that is being written
        self._first: int | None = None  # no end stands before it in what is held; None for no end
        self._fence = ""  # the marks that opened the code we are in
        self._is_table = False
        self._is_line_start = True  # whether a line begins with what is held
        self._is_undecided = False  # whether it is still open if anything held is an end
        self._cites_late = False  # whether markers have come after the full stop

    def feed(self, text: str) -> tuple[list[str], list[str]] | None:
        """The sentences that ended for good, with LINE_END after each line, and those among what
        is held that have ended as far as one can see now; None where nothing may have changed.
        """
        room = LONGEST - len(self._held)
        if not (self._is_undecided or _may_end(text)) and len(text) <= room:
            self._held += text
            return None
        ended: list[str] = []
        while len(text) > room:  # no more at once than may be held: cut in the same places
            self._add(text[: room + 1])
            self._read(ended)
            text, room = text[room + 1 :], LONGEST - len(self._held)
        self._add(text)
        return ended, self._read(ended)

    def _add(self, text: str) -> None:
        if self._first is None:
            self._first = len(self._held)
        self._held += text

    def _read(self, ended: list[str]) -> list[str]:
        """Let go what has ended for good; returns what has ended as far as one can see."""
        self._is_undecided = False
        if "\n" in self._held:
            self._close_lines(ended)
            self._first = 0
        if self._fence:
            self._held = self._held[:_FENCE_LINE]
            return []
        pending = []
        if not self._is_line_start or lines.is_prose(self._held):
            self._close_plain(ended)
            pending = self._read_prose(ended)
        if len(self._held) <= LONGEST:
            return pending
        ended.append(self._held[:LONGEST])
        self._held, self._is_line_start = self._held[LONGEST:], False
        self._first, self._is_undecided = 0, True
        return []

    def _close_lines(self, ended: list[str]) -> None:
        while "\n" in self._held:
            line, _, rest = self._held.partition("\n")
            is_prose = not self._fence and (not self._is_line_start or lines.is_prose(line))
            if is_prose and not _is_done(with_early_markers(line)) and line.strip():
                following = rest.lstrip(" \t")
                if not following:
                    return
                if following[0].islower():  # the sentence goes on in this line
                    self._held = f"{line} {following}"
                    continue
            self._held = rest
            if is_prose:
                self._close_prose(line, ended)
            elif self._is_line_start:
                self._close_marked_up(line, ended)
            ended.append(LINE_END)
            self._is_line_start = True

    def _close_prose(self, line: str, ended: list[str]) -> None:
        self._is_table = False
        self._note_style(line)
        prose = with_early_markers(line[self._start(line) :])
        ended += [prose[start:end] for start, end in sentence_spans(prose)]

    def _close_marked_up(self, line: str, ended: list[str]) -> None:
        if self._fence:
            if lines.closes_code(line[:_FENCE_LINE], self._fence):
                self._fence = ""
            return
        self._fence = lines.opens_code(line)
        is_head, self._is_table = not self._is_table, not self._fence and lines.is_row(line)
        if self._is_table and not is_head and not lines.says_nothing(line):
            ended.append(line)

    def _read_prose(self, ended: list[str]) -> list[str]:
        """The line held, or the rest of one, as far as it has been written."""
        held = self._held
        if not _may_end(held):
            self._first = None
            return []
        is_marked, waits = may_mark(held), "\n" in held  # for a line that goes on with this one
        text, is_open = without_open_marker(held) if is_marked else (held, False)
        line = text.rstrip("\n") if waits else text
        start = self._start(line)
        prose = with_early_markers(line[start:]) if is_marked else line[start:]
        spans = sentence_spans(prose, max(0, (self._first or 0) - start))
        closed = 0 if waits or len(spans) < 2 else self._close(line, start, prose, spans, ended)
        pending = [prose[begin:end] for begin, end in spans[closed:]]
        if pending and (is_open or not self._has_ended(pending[-1], text)):
            pending.pop()
        self._is_undecided = is_open or bool(pending) or self._is_end_open()
        return pending

    def _close_plain(self, ended: list[str]) -> None:
        """Let go the sentences whose first full stop is their end, with no marker behind it, and
        which a whole word follows. Most are such; the others take more reading.
        """
        held, first = self._held, self._first or 0
        if "\n" in held or "【" in held:
            return
        start = self._start(held)
        while ends := plain_end(held, start, max(first, start)):
            end, following = ends
            if held.find("[", end) >= 0:
                return
            ended.append(held[start:end].lstrip())
            self._held = held = held[following:]
            self._is_line_start, self._is_table, self._first = False, False, 0
            start = first = 0

    def _close(self, line: str, start: int, prose: str, spans: Spans, ended: list[str]) -> int:
        """Let go the sentences that a whole word follows: no further text changes their end."""
        closed, (begin, end) = 0, spans[0]
        for following in spans[1:]:
            if not _WORD.match(prose, following[0]):
                break
            self._note_style(line[start + begin : start + following[0]])
            ended.append(prose[begin:end])
            closed, (begin, end) = closed + 1, following
        if closed:
            self._held = self._held[start + begin :]
            self._is_line_start, self._is_table, self._first = False, False, 0
        return closed

    def _has_ended(self, last: str, text: str) -> bool:
        if text.endswith("\n"):
            return True
        if not _is_done(last):
            is_item = self._is_line_start and bool(lines.item_mark(text).strip())
            return is_item and last.endswith(("]", "】")) and bool(split_markers(last)[1])
        if split_markers(last)[1]:
            return True
        return not (self._cites_late or _is_doubtful(last))

    def _is_end_open(self) -> bool:
        """Whether the last end held, if any, has no whole word and more behind it."""
        if not _may_end(self._held):
            self._first = None
            return False
        last = _LAST_END.match(self._held)
        return last is not None and not _WORD_AND_MORE.match(self._held, last.end())

    def _start(self, line: str) -> int:
        """Where its words begin."""
        return len(lines.item_mark(line)) if self._is_line_start else 0

    def _note_style(self, text: str) -> None:
        self._cites_late = self._cites_late or has_late_markers(text)


def _may_end(text: str) -> bool:
    """Whether a sentence may end in it."""
    if "." in text or "\n" in text or "]" in text or "!" in text or "?" in text:
        return True
    return not text.isascii() and _WIDE_END.search(text) is not None


def _is_done(sentence: str) -> bool:
    return sentence.rstrip().rstrip(_CLOSERS).endswith(_STOPS)


def _is_doubtful(sentence: str) -> bool:
    """Whether its last full stop may be one of an abbreviation or a number."""
    at = max(0, len(sentence) - _LAST_WORDS)
    body = sentence.rstrip(_CLOSERS)
    is_only_stop = body.find(".", at) == len(body) - 1
    if is_only_stop and len(body) > 3 and body[-4:-1].isalnum():
        return False  # as of most: a word of three letters or more
    return _DOUBTFUL.search(sentence, at) is not None
