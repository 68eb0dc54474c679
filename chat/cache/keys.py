"""The key of an answer: a hash of all that it is made from, known before anything is searched.

Keeps true: two prompts that might be answered differently have different keys; the same question
typed a little differently has the same. The passages of a prompt follow from the question, the
history, the depth and the libraries that are searched, so their versions stand for them. Pure. May
import the plain ground.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from chat.normal_forms import normalized
from chat.values import Depth, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredients:
    """What an answer is made from.

    `writer` is who writes it and where that is, `instructions` are the whole system text.
    `libraries` maps each space that is searched to the version of its library; one that never held
    anything is left out, so that people's empty private spaces do not keep them apart. `policy` is
    what else decides what goes into a prompt, such as what is taken out of it.
    """

    question: str
    history: Sequence[Turn]
    writer: str
    model: str
    depth: Depth
    instructions: str
    libraries: Mapping[str, int]
    policy: str = ""


def key_of(made_from: Ingredients) -> str:
    """The hash under which an answer is kept, as 64 hexadecimal digits."""
    parts = (
        normalised(made_from.question),
        [(turn.role, turn.content) for turn in made_from.history],
        made_from.writer,
        made_from.model,
        made_from.depth.value,
        made_from.instructions,
        sorted(made_from.libraries.items()),
        made_from.policy,
    )
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def normalised(question: str) -> str:
    """The question without what surely means nothing.

    That is: how its letters are composed (NFC), white space at its ends, at the ends of its lines
    and, where it is one line, between its words; a full stop at its end, and all but one of several
    question marks. Case stays (`us` and `US`), and so does a single question mark (`You can.`),
    and the white space within several lines (code).
    """
    lines = [line.rstrip() for line in normalized("NFC", question).strip().splitlines()]
    text = " ".join(lines[0].split()) if len(lines) == 1 else "\n".join(lines)
    said = text.rstrip("?!.")
    marks = text[len(said) :]
    other = marks.rstrip("?")
    if len(marks) - len(other) > 1:
        marks = other + "?"
    if marks.endswith(".") and not marks.endswith(".."):
        marks = marks[:-1]
    return said.rstrip() + marks  # `Why ?`, as French writes it
