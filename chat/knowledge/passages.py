"""Cuts a document into passages: 120 to 200 words where the text allows it.

Keeps true: a passage is a literal slice of the document; it ends where a paragraph, a list or a
section ends, never inside a block of code, and only inside a paragraph (at the end of a sentence)
when that alone is too long. Imports blocks, kinds and sentences.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chat.knowledge.blocks import (
    Block,
    front_matter_title,
    markdown_blocks,
    plain_blocks,
)
from chat.knowledge.kinds import form_of
from chat.knowledge.sentences import sentence_spans

ENOUGH = 120  # words: a passage with as many takes no further paragraph
MOST = 200
_LONGEST = 2000  # characters of a sentence
_HEADING_DEPTH = 600  # characters of a heading path that are kept


@dataclass(frozen=True, slots=True)
class Cut:
    """One passage to be; `heading` is the path of headings over it, outermost first.

    `place` says where in its file it stands: `page 12`.
    """

    heading: str
    text: str
    place: str = ""


def _nowhere(_start: int, _end: int) -> str:
    return ""


def cut(
    text: str, kind: str, title: str = "", place: Callable[[int, int], str] = _nowhere
) -> Iterator[Cut]:
    """The passages of `text`; the heading that only repeats the title is left out of the paths.

    `place` names where in the file the text from a start to an end stands.
    """
    path: list[tuple[int, str]] = []
    held: list[tuple[int, int, int]] = []  # start, end, words
    for block in _blocks(text, kind):
        if block.kind == "rule":
            continue
        if block.kind == "heading":
            yield from _close(text, held, path, title, place)
            path = [(level, label) for level, label in path if level < block.level]
            path.append((block.level, block.label))
            continue
        for start, end in _parts(text, block):
            count = len(text[start:end].split())
            full = _words(held) >= ENOUGH or _words(held) + count > MOST
            if held and (full or end - held[0][0] > 3 * _LONGEST):
                yield from _close(text, held, path, title, place)
            held.append((start, end, count))
    yield from _close(text, held, path, title, place)


def _blocks(text: str, kind: str) -> Iterator[Block]:
    form = form_of(kind)
    if form == "markdown":
        return markdown_blocks(text)
    return plain_blocks(text, "lines" if form == "code" else "paragraph")


def title_of(text: str, kind: str) -> str:
    """The title that a document gives itself: in front matter, or as its first heading."""
    if form_of(kind) != "markdown":
        return ""
    named = front_matter_title(text)
    if named:
        return named
    return next((block.label for block in markdown_blocks(text) if block.kind == "heading"), "")


def _words(held: list[tuple[int, int, int]]) -> int:
    return sum(count for _, _, count in held)


def _close(
    text: str,
    held: list[tuple[int, int, int]],
    path: list[tuple[int, str]],
    title: str,
    place: Callable[[int, int], str],
) -> Iterator[Cut]:
    if held:
        labels = [label for _, label in path if label and label != title]
        start, end = held[0][0], held[-1][1]
        yield Cut(" › ".join(labels)[:_HEADING_DEPTH], text[start:end], place(start, end))
        held.clear()


def _parts(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """The block whole, or in parts of near the same length when it is far too long."""
    count = len(text[block.start : block.end].split())
    short = count <= MOST + 40 and block.end - block.start <= 3 * _LONGEST
    if block.kind == "code" or short:
        yield block.start, block.end
        return
    spans = [(block.start + a, block.start + b) for a, b in _units(text, block)]
    share = count / -(-count // (MOST - 20))
    start, held = spans[0][0], 0
    for index, (begin, end) in enumerate(spans):
        held += len(text[begin:end].split())
        if held >= share or end - start > 2 * _LONGEST or index == len(spans) - 1:
            yield start, end
            start, held = (spans[index + 1][0] if index + 1 < len(spans) else end), 0


def _units(text: str, block: Block) -> list[tuple[int, int]]:
    """What a long block may be cut between: its sentences, or its lines when it is a list."""
    inner = text[block.start : block.end]
    if block.kind in ("paragraph", "quote"):
        spans = sentence_spans(inner)
    else:
        spans = [(line.start(), line.end()) for line in re.finditer(r"[^\n]+", inner)]
    return [part for span in spans for part in _bounded(inner, *span)]


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence or line whole, or cut between words when it is longer than any that is written."""
    while end - start > _LONGEST:
        space = text.rfind(" ", start + 1, start + _LONGEST)
        at = space if space > 0 else start + _LONGEST
        yield start, at
        start = at
    yield start, end
