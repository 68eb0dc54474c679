"""What kind of answer a German or a Spanish question asks for. Imports nothing of Parley.

`kinds.py` says what the kinds are; in other languages a question asks for nothing special.
"""

import re

# In this order: the first that fits is taken.
_BY_WORDS = {
    "de": {
        "time": r"\b(?:(?:seit |bis |ab )?wann|um wie ?viel uhr|welche[mnrs]? (?:jahr|monate?n?|"
        r"tag|datum|uhrzeit|jahrhundert))\b",
        "share": r"\b(?:prozent|welcher anteil)\b|%",
        "money": r"\b(?:kostet|kosten|preis|gehalt)\b",
        "duration": r"\bwie (?:lange|alt|oft)\b",
        "number": r"\bwie ?(?:viele?n?|hoch|weit|groß|tief|schnell|schwer|lang|breit)\b",
        "person": r"\b(?:wer|wem|wen|wessen)\b",
        "place": r"\b(?:wo|woher|wohin)\b",
        "reason": r"\b(?:warum|weshalb|wieso|wozu)\b",
        "name": r"\b(?:welche[mnrs]?|wie heißt|wie heißen)\b",
    },
    "es": {
        "time": r"\b(?:cuándo|(?:qué|cuál) (?:año|mes(?:es)?|día|fecha|hora|siglo))\b",
        "share": r"\b(?:porcentaje|qué parte)\b|%",
        "money": r"\b(?:cuestan?|precio|sueldo|importe)\b",
        "duration": r"\b(?:cuánto (?:tiempo|dura\w*)|cada cuánto|edad)\b",
        "number": r"\bcuánt[oa]s?\b",
        "person": r"\bquién(?:es)?\b",
        "place": r"\b(?:de |a )?dónde\b",
        "reason": r"\bpor qué\b",
        "name": r"\b(?:cuál(?:es)?|qué)\b",
    },
}
_ASKED = {
    language: tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in kinds.items())
    for language, kinds in _BY_WORDS.items()
}


def kind_asked_in(language: str, question: str) -> str:
    """The kind that `kinds.kind_asked` would tell of an English question."""
    patterns = _ASKED.get(language, ())
    return next((kind for kind, pattern in patterns if pattern.search(question)), "")
