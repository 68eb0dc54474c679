"""Prompt injection: texts that speak to the model instead of to who reads them.

`find_injections` reads a text by families of rules (a file or a table each: instructions in many
languages, turns and delimiters that pretend to be of the conversation, what markup hides, text that
nobody sees, text in another order, encoded text, links that carry something out), and weighs their
signs. Keeps true: pure and deterministic; never raises; a finding has a kind, a weight and a place,
never the text. Imports the files beside it.
"""

from collections import Counter
from collections.abc import Sequence

from chat.safety.injection.finding import Finding, Kind, Where

__all__ = ["Finding", "Kind", "Where", "find_injections", "kinds_in"]


def find_injections(text: str, where: Where = "passage") -> Sequence[Finding]:
    """What of a text speaks to the model and not to its reader; nothing where it is clean.

    The weight of a finding is the chance of the whole text, its kind and place are those of a sign.
    """
    from chat.safety.injection.scoring import judge  # its tables are loaded with the first text

    return judge(text, where)


def kinds_in(*texts: str) -> str:
    """The kinds of what speaks to the model in these texts, the one with most of it first.

    Separated by commas, as they are stored with a passage; empty where nothing does.
    """
    found = Counter(one.kind for text in texts if text for one in find_injections(text))
    return ",".join(kind for kind, _ in found.most_common())
