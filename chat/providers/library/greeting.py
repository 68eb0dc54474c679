"""Answers to greetings, thanks and goodbyes, which need no documents.

Keeps true: nothing is claimed, so there is no source and no confidence. Imports nothing of Parley.
"""

import re

_REPLIES = (
    (r"\b(?:thanks?|thx|cheers)\b", "You are welcome. Ask on whenever you like."),
    (r"\b(?:bye|goodbye|good night)\b", "Goodbye. This conversation stays here for later."),
    (
        r"\bhow are you|what'?s up",
        "All is well here, thank you. What would you like to know from your documents?",
    ),
    (
        r"\bhelp\b|\bwh(?:o|at) are you\b|\bwhat (?:can|do)\b",
        "I answer questions from your team's documents, and show where each sentence stands. Ask "
        "a plain question for a short answer, “How do I …?” for steps, “Compare …” or "
        "“Tell me about …” for a list. The handbook in the library says more.",
    ),
    (r"^\W*(?:ok(?:ay)?|nice|great)\b", "Good. Ask on whenever you like."),
)
_HELLO = (
    "Hello! Ask a question, and I will look for the answer in your team's documents and show "
    "where it stands."
)


def greet(message: str) -> str:
    """A kind answer to a message that only greets, thanks or takes leave."""
    for pattern, reply in _REPLIES:
        if re.search(pattern, message, re.IGNORECASE):
            return reply
    return _HELLO
