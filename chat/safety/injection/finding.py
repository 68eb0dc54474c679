"""What is found in a text, and where. Imports nothing of Parley."""

from typing import Literal, NamedTuple

Kind = Literal[
    "instructions",  # to the model: to forget its own, to be somebody else, to deceive its reader
    "turns",  # that pretend to be of the conversation, and the delimiters of chat templates
    "hidden",  # text that the page or the file does not show
    "invisible",  # characters without a width, tags, selectors
    "bidi",  # text that is shown in another order than it is read
    "encoded",  # instructions in base64, hex, rot13, percent signs, spelled out
    "links",  # addresses and pictures that carry something out
]
Where = Literal["message", "passage", "web"]


class Finding(NamedTuple):
    """Something that speaks to the model; `weight` from 0 to 1, its place in characters."""

    kind: Kind
    weight: float
    start: int
    end: int
