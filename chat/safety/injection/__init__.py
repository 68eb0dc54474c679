"""Prompt injection: texts that speak to the model instead of to who reads them.

`find_injections` reads a text by families of rules (a file or a table each: instructions in many
languages, turns and delimiters that pretend to be of the conversation, what markup hides, text that
nobody sees, text in another order, encoded text, links that carry something out), and weighs their
signs. Keeps true: pure and deterministic; never raises; a finding has a kind, a weight and a place,
never the text. Imports the files beside it.
"""

from collections.abc import Sequence

from chat.safety.injection.finding import Finding, Kind, Where

__all__ = ["Finding", "Kind", "Where", "find_injections"]


def find_injections(text: str, where: Where = "passage") -> Sequence[Finding]:
    """What of a text speaks to the model and not to its reader; nothing where it is clean.

    The weight of a finding is the chance of the whole text, its kind and place are those of a sign.
    """
    from chat.safety.injection.scoring import judge  # its tables are loaded with the first text

    return judge(text, where)
