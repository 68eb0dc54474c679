"""How many items of each kind there are in some texts, and the words for that.

Keeps true: nothing of a text is in what comes out. Pure. Imports the findings.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from chat.safety.personal.finding import Finding

_WORDS = {
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("telephone number", "telephone numbers"),
    "card": ("card number", "card numbers"),
    "iban": ("bank account", "bank accounts"),
    "national_id": ("number of a person", "numbers of persons"),
    "ip": ("IP address", "IP addresses"),
    "secret": ("key or password", "keys or passwords"),
}

KINDS = frozenset(_WORDS)


def count_items(texts: Iterable[str], find: Callable[[str], Sequence[Finding]]) -> dict[str, int]:
    """Each item once, by its kind."""
    items = {(one.kind, text[one.start : one.end]) for text in texts if text for one in find(text)}
    return dict(sorted(Counter(str(kind) for kind, _ in items).items()))


def in_words(counts: Mapping[str, int]) -> str:
    """`2 e-mail addresses and 1 card number`."""
    parts = [f"{count} {_WORDS[kind][count != 1]}" for kind, count in counts.items()]
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
