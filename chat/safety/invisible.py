"""Characters that nobody sees, and what is left of a text without those that only hide something.

Keeps true: what a script or a picture of several characters needs stays (joiners in Persian, Hindi
and emoji, marks of Arabic and Hebrew, flags of regions). Pure. Imports nothing of Parley.
"""

import re

# Flags of regions (England) are a black flag, letters as tags, and the end of tags.
_REGION = "\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{3,6}\U000e007f"
_TAGS = "[\U000e0000-\U000e007f]"
# One selector may follow a character; several in a row select nothing.
_SELECTORS = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_WIDTHLESS = "[\u200b\u2060-\u2064\ufeff\u206a-\u206f\ufff9-\ufffb\u17b4\u17b5]"
_OVERRIDES = "[\u202a-\u202e]"
_JOINERS = "[\u200c\u200d]"

_ANY = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\u17b4\u17b5\U000e0000-\U000e01ef]"
)
_HIDING = re.compile(
    f"({_REGION})"
    f"|{_TAGS}+|(?<={_SELECTORS}){_SELECTORS}+|{_WIDTHLESS}+|{_OVERRIDES}+"
    f"|(?<={_JOINERS}){_JOINERS}+"
    # A joiner joins letters of scripts that join, or pictures: between others it only hides.
    f"|(?<![\u0590-\u1fff\ua800-\uabff\ufb1d-\ufefe\ufe0f\u200d\u2190-\u2bff\U00011000-\U0001ffff])"
    f"{_JOINERS}"
)


def has_invisible(text: str) -> bool:
    """Whether any character of a text is one that nobody sees."""
    return not text.isascii() and _ANY.search(text) is not None


def visible(text: str) -> str:
    """The text without characters that hide something from who reads it."""
    if not has_invisible(text):
        return text
    return _HIDING.sub(lambda found: found[1] or "", text)
