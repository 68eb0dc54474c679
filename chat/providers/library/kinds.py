"""What kind of answer a question asks for, and whether a sentence has one to give.

When asks for a time, how many for a number, who for a name (expected answer types, as in question
answering since TREC-8). Keeps true: what the question itself says is never the answer. Imports
reading and knowledge.
"""

import re
from collections.abc import Callable, Set

from chat.knowledge.words import ENGLISH, STOP, spelled, stem, word_set, words
from chat.providers.library.foreign_kinds import kind_asked_in
from chat.providers.library.reading import Unit

_OF_KIND = {  # nouns that follow what or which, with at most one word between
    "time": "years? dates? days? months? decades? centur(?:y|ies) time era period",
    "number": "number amount population size rank(?:ing)? score age speed height length area rate"
    " distance",
    "person": "person man woman king queen president leader author scientist actor actress writer"
    " director emperor general player architect philosopher economist physicist singer",
    "place": "countr(?:y|ies) cit(?:y|ies) states? places? regions? town river continent nations?"
    " county location area province island street",
    "name": "company organi[sz]ation group team party university school agency law act treaty war"
    " battle language book movie film show article event program religion award",
}
_BY_WORDS = {  # in this order: the first that fits is taken
    "time": r"\bwhen\b",
    "share": r"\bpercent(?:age)?\b|\bwhat (?:proportion|share|fraction)\b|%",
    "money": r"\bhow much (?:money|did .* cost|does .* cost)|\b(?:cost|price|budget|salary)\b",
    "duration": r"\bhow (?:long|old|often)\b",
    "number": r"\bhow (?:many|much|large|big|high|tall|far|deep|fast|wide|heavy)\b",
    "person": r"\bwho(?:m|se)?\b",
    "place": r"\bwhere\b",
    "reason": r"\bwhy\b|\bwhat (?:was|is|were|are) the (?:reason|cause|purpose|goal|aim)\b|"
    r"\bhow (?:did|do|does|can|could|is|are|was|were)\b",
    "name": r"\b(?:name|named|called|known as|title|which)\b",
}


def _pattern(kind: str) -> re.Pattern[str]:
    nouns = "|".join(_OF_KIND.get(kind, "").split())
    named = rf"|\b(?:what|which) (?:\w+ )?(?:{nouns})\b" if nouns else ""
    return re.compile(_BY_WORDS[kind] + named, re.IGNORECASE)


_ASKED = tuple((kind, _pattern(kind)) for kind in _BY_WORDS)
_ASKING_WORDS = word_set("who what when where which why how")
_CLAUSE = re.compile(
    r"when (?!(?:did|was|were|is|are|do|does|will|would|can|could|has|have|had|should|might)\b)"
)

_MONTHS = word_set(
    """january february march april may june july august september october november december"""
)
_TIMES = _MONTHS | word_set(
    """century centuries decade decades year years month months week weeks day days era period
    morning evening night today spring summer autumn winter monday tuesday wednesday thursday
    friday saturday sunday hour hours minute minutes ago januar februar marz mai juni juli
    oktober dezember jahr jahre jahren monat monate monaten woche wochen tag tage tagen uhr
    montag montags dienstag mittwoch donnerstag freitag samstag sonntag enero febrero marzo
    abril mayo junio julio agosto septiembre octubre noviembre diciembre ano anos mes meses
    semana semanas dia dias lunes martes miercoles jueves viernes sabado domingo"""
)
_COUNTS = word_set(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion trillion dozen half third quarter twice once double triple
    first second fourth fifth sixth seventh eighth ninth tenth several both none single pair
    zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn
    sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig funfzig sechzig hundert tausend
    halbes dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince
    veinte treinta cuarenta cincuenta sesenta cien ciento mil veintidos"""
)
_SHARES = word_set("half third quarter majority most")
_YEAR = re.compile(r"(?:1\d|20)\d\ds?|\d+(?:st|nd|rd|th)")
_LASTS = re.compile(
    r"\b(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|centur(?:y|ies)|until|from"
    r"|since)\b"
)
_COINS = re.compile(r"[$£€]|\b(?:dollars?|pounds|cents|euros|USD)\b")
_BECAUSE = re.compile(
    r"\b(?:because|due to|since|as a result|so that|in order to|owing|therefore|thus|reason|"
    r"caused?|led to|leading|result(?:s|ed|ing)?|to [a-z]+|for [a-z]+ing|by [a-z]+ing)\b",
    re.IGNORECASE,
)
_AT_A_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|of|on|around|across|throughout|between|into|towards?) (?:the )?"
    r"(?:[a-z]+ern )?[A-Z][a-z]+"
)


def kind_asked(question: str, language: str = ENGLISH) -> str:
    """time, share, money, duration, number, person, place, reason, name; or nothing special.

    A capital within the question (`Doctor Who`) and a clause (`When it rains, what …`) do not ask.
    """
    if language != ENGLISH:
        return kind_asked_in(language, question)
    first, *rest = question.split() or [""]
    kept = [word for word in rest if word.islower() or spelled_plain(word) not in _ASKING_WORDS]
    text = _CLAUSE.sub("", " ".join([first.lower(), *kept]), count=1)
    return next((kind for kind, pattern in _ASKED if pattern.search(text)), "")


def spelled_plain(word: str) -> str:
    """The word in lower case, without the marks around it."""
    return word.strip("?,.!\"'“”’").lower()


def gives(kind: str, unit: Unit, asked: Set[str]) -> bool:
    """Whether a sentence holds something of this kind that is not among the question's stems."""
    check = _GIVES.get(kind)
    return check is None or check(unit, asked)


def _numbers(unit: Unit, asked: Set[str]) -> bool:
    return any(
        (word[0].isdigit() or word in _COUNTS) and stem(word) not in asked
        for word in unit.letters.split()
    )


def _times(unit: Unit, asked: Set[str]) -> bool:
    return any(
        (word in _TIMES or _YEAR.fullmatch(word) is not None) and stem(word) not in asked
        for word in unit.letters.split()
    )


def _names(unit: Unit, asked: Set[str]) -> bool:
    """A capitalised word; at the very start only with another after it."""
    found = words(unit.quote)
    for number, word in enumerate(found):
        if not word[0].isupper() or (low := spelled(word)) in STOP or stem(low) in asked:
            continue
        if number or (len(found) > 1 and found[1][0].isupper()) or len(word) > 1:
            return True
    return False


_GIVES: dict[str, Callable[[Unit, Set[str]], bool]] = {
    "time": _times,
    "share": lambda unit, asked: (
        "%" in unit.quote
        or "percent" in unit.quote
        or any(word in _SHARES for word in unit.letters.split())
    ),
    "money": lambda unit, asked: _COINS.search(unit.quote) is not None or _numbers(unit, asked),
    "duration": lambda unit, asked: (
        _LASTS.search(unit.quote) is not None and (_numbers(unit, asked) or _times(unit, asked))
    ),
    "number": _numbers,
    "person": _names,
    "place": lambda unit, asked: _AT_A_PLACE.search(unit.quote) is not None and _names(unit, asked),
    "reason": lambda unit, asked: _BECAUSE.search(unit.quote) is not None,
    "name": lambda unit, asked: '"' in unit.quote or "“" in unit.quote or _names(unit, asked),
}
