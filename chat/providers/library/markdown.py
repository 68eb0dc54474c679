"""Makes a document's text safe to stand inside an answer: a document is hostile input.

Keeps true: what comes out is one line of Markdown that cannot begin a block, hold a marker `[n]`,
an image, a link or raw HTML; emphasis and code spans stay where they are balanced. Imports safety.
"""

import re

from chat.safety.invisible import visible

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_MARKER = re.compile(r"\s?\[\^?\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\](?::\s?\d+)?")
_REFERENCE = re.compile(r"(?<=[.!?\"”’)])(?::\d+(?:[-–,]\s?\d+)*)(?=\s|$)")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_STRONG = re.compile(r"(?<![\\*\w])(\*\*?)(?=[^\s*])([^*]*[^\s*])\1(?![*\w])")
_BEGINS_BLOCK = re.compile(r"(?:[#>+=~|:-]|\d{1,9}(?=[.)])|\[)")
_HOLD = "\ue000{}\ue001"  # stands for a part that is finished, in the private use area
_HELD = re.compile("\ue000(\\d+)\ue001")


def inline(text: str) -> str:
    """`text` as one line of Markdown that says the same and does nothing else."""
    text = visible(text.replace("\ue000", "").replace("\ue001", ""))
    text = " ".join(_INVISIBLE.sub("", text).split())
    held: list[str] = []

    def hold(part: str) -> str:
        held.append(part)
        return _HOLD.format(len(held) - 1)

    text = _CODE_SPAN.sub(lambda span: hold(span.group()), text)
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = _without_markers(text)
    text = _STRONG.sub(lambda span: hold(span[1]) + span[2] + hold(span[1]), text)
    text = re.sub(r"([\\`*<\[\]])", r"\\\1", text)
    text = re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", text)
    if _BEGINS_BLOCK.match(text):
        text = _escape_first(text)
    return _HELD.sub(lambda part: held[int(part[1])], text)


def _without_markers(text: str) -> str:
    """Without `[1]`, again until removing one has made no other (`[[1]2]`)."""
    while True:
        less = _REFERENCE.sub("", _MARKER.sub("", text))
        if less == text:
            return less
        text = less


def _escape_first(text: str) -> str:
    digits = re.match(r"\d+", text)
    at = digits.end() if digits else 0
    return text if text[:1] == "\\" else f"{text[:at]}\\{text[at:]}"


def code_block(text: str) -> str:
    """A block of code as a fence that nothing in it can close."""
    lines = text.split("\n")
    opened = re.match(r"\s*(`{3,}|~{3,})[ \t]*([\w+#.-]*)", lines[0])
    language = opened.group(2) if opened else ""
    if opened:
        lines = lines[1:]
        if lines and re.match(r"\s*(`{3,}|~{3,})\s*$", lines[-1]):
            lines = lines[:-1]
    else:
        lines = [line.removeprefix("\t").removeprefix("    ") for line in lines]
    body = _INVISIBLE.sub("", visible("\n".join(lines)))
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{body}\n{fence}"
