"""The blocks of a document: headings, paragraphs, lists, code, tables, and where they lie.

Keeps true: a block is a literal slice of the text; code between fences is one block whatever is in
it. Follows CommonMark as far as cutting needs (ATX and Setext headings, fences, front matter).
Imports pace.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chat.knowledge.pace import Pace

Kind = Literal["heading", "paragraph", "list", "code", "lines", "table", "quote", "rule"]

_LINE = re.compile(r"[^\n]+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_INNER_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_INNER = re.compile(r"(?: {2,}|\t)\S")
_INDENT = ("    ", "\t")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(['\"]?)(.+?)\1[ \t]*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A slice `text[start:end]`; `level` and `label` are a heading's depth and words."""

    kind: Kind
    start: int
    end: int
    level: int = 0
    label: str = ""


def front_matter_end(text: str) -> int:
    """Where the text after YAML front matter begins; 0 when there is none."""
    front = _FRONT.match(text)
    return front.end() if front else 0


def front_matter_title(text: str) -> str:
    """The title that front matter gives, or nothing."""
    front = _FRONT.match(text)
    title = _TITLE.search(front.group(1)) if front else None
    return title.group(2).strip() if title else ""


def plain_blocks(text: str, kind: Kind = "paragraph") -> Iterator[Block]:
    """What lies between empty lines: the paragraphs of a plain text, or the `lines` of code."""
    pace = Pace()
    start = end = -1
    for line in _LINE.finditer(text):
        pace()
        empty = line.group().isspace()
        if start >= 0 and (empty or line.start() > end + 1):  # an empty line has no match
            yield Block(kind, start, end)
            start = -1
        if not empty:
            start, end = (line.start() if start < 0 else start), line.end()
    if start >= 0:
        yield Block(kind, start, end)


def markdown_blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown text, front matter left out."""
    reader = _Reader(text, front_matter_end(text))
    pace = Pace()
    while reader.at < len(text):
        pace()
        block = reader.read()
        if block is not None:
            yield block


class _Reader:
    """Walks over a text line by line and takes one block at a time."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at

    def line(self, at: int) -> str:
        end = self.text.find("\n", at)
        return self.text[at : end if end >= 0 else len(self.text)]

    def after(self, at: int) -> int:
        end = self.text.find("\n", at)
        return end + 1 if end >= 0 else len(self.text)

    def read(self) -> Block | None:
        """The block at the cursor, or None for an empty line."""
        start, line = self.at, self.line(self.at)
        self.at = self.after(start)
        if not line.strip():
            return None
        if fence := _FENCE.match(line):
            return self._code(start, fence.group(1))
        if heading := _ATX.match(line):
            label = (heading.group(2) or "").strip()
            return Block("heading", start, start + len(line), len(heading.group(1)), label)
        if _RULE.match(line):
            return Block("rule", start, start + len(line))
        if line.startswith(_INDENT):
            return self._indented(start)
        return self._text(start, line)

    def _code(self, start: int, fence: str) -> Block:
        self._skip_code(fence)
        return Block("code", start, self._end())

    def _skip_code(self, fence: str) -> None:
        """Past the line that closes `fence`, or to the end of the text."""
        close = re.compile(rf"[ \t]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
        while self.at < len(self.text):
            line = self.line(self.at)
            self.at = self.after(self.at)
            if close.match(line):
                return

    def _indented(self, start: int) -> Block:
        while self.at < len(self.text) and self.line(self.at).startswith(_INDENT):
            self.at = self.after(self.at)
        return Block("code", start, self._end())

    def _text(self, start: int, first: str) -> Block:
        kind: Kind = "paragraph"
        if first.lstrip().startswith(">"):
            kind = "quote"
        elif _ITEM.match(first):
            kind = "list"
        elif first.lstrip().startswith("|"):
            kind = "table"
        while self.at < len(self.text):
            line = self.line(self.at)
            if kind == "paragraph" and (under := _SETEXT.match(line)):
                label = self.text[start : self.at].strip()
                self.at = self.after(self.at)
                level = 1 if under.group(1)[0] == "=" else 2
                return Block("heading", start, self._end(), level, label)
            if not self._continues(kind, line):
                break
            self.at = self.after(self.at)
            if kind == "list" and (fence := _INNER_FENCE.match(line)):
                self._skip_code(fence.group(1))
        return Block(kind, start, self._end())

    def _continues(self, kind: Kind, line: str) -> bool:
        """Whether `line` goes on with a block of text; a list takes its indented code along."""
        if not line.strip():
            following = self.line(self.after(self.at))
            return kind == "list" and bool(_ITEM.match(following) or _INNER.match(following))
        if kind == "list":
            return not _ATX.match(line) and not _RULE.match(line)
        return not (_FENCE.match(line) or _ATX.match(line) or _RULE.match(line) or (
            kind == "paragraph" and _ITEM.match(line)
        ))  # fmt: skip

    def _end(self) -> int:
        end = self.at
        while end > 0 and self.text[end - 1] in "\r\n":
            end -= 1
        return end
