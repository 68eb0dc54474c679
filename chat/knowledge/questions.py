"""Understands a question: what is wanted, what kind of answer it asks for, which terms carry it.

Keeps true: pure and deterministic; every term is a single word as `spelled`
gives it. Imports words and languages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chat.knowledge.languages import stop_words
from chat.knowledge.words import ENGLISH, spelled, word_set, words
from chat.values import Turn

_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|thanks?|"
    r"thank you(?: very much| so much)?|thx|cheers|bye|goodbye|good night|ok(?:ay)?|nice|great|"
    r"how are you(?: doing)?(?: today)?|what'?s up|yo|help(?: me)?|who are you|what are you|"
    r"what (?:can|do) you do(?: for me)?|what can i (?:ask|do)(?: you| here)?)"
    r"(?:[ ,]+(?:there|all|everyone|parley|a lot|again|you))*[ .!?]*",
    re.IGNORECASE,
)
_HOW_TO = re.compile(
    r"(?:please |can you |could you )?(?:(?:tell|show|explain)(?: to)? me )?(?:\w+ ){0,1}?"
    r"(?:how (?:do|can|could|should|would|does|might) (?:i|we|you|one|someone|people|an? \w+)\b"
    r"|how to\b|steps (?:to|for)\b|what (?:are|is) the (?:steps|best way|way) (?:to|for)\b"
    r"|where (?:do|can) i\b|what (?:do|must|should) i do to\b)",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:compare|comparison|differences?|differ|versus|vs\.?|similarit(?:y|ies)"
    r"|(?:pros and cons|advantages and disadvantages))\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"^\W*(?:please )?(?:can you |could you )?(?:give (?:me )?(?:a |an )?(?:short |brief |quick )?"
    r"(?:summary|overview)|summari[sz]e|sum up|overview of|tl;?dr|tell (?:me|us) about|describe|"
    r"outline|what do (?:we|you) know about|explain)\b",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"^\W*(?:please )?(?:list|show|find|search(?: for)?|look up|write|draft|translate|create|"
    r"make|delete|remove|send|open|run|generate|name)\b(?! (?:is|was|of|are)\b)",
    re.IGNORECASE,
)
_ASKING = word_set(
    """tell show give please explain describe summarise summarize summary overview compare
    comparison difference differences versus vs list find search look know steps step way
    way"""
)
_POINTING = word_set(
    """he she it they him her them his its their this that these those er sie es ihm ihr ihnen dies
    diese dieser dieses el ella ellos ellas este esta estos estas eso"""
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood; `recalled` are terms that only an earlier turn named."""

    intent: str
    terms: tuple[str, ...]
    recalled: tuple[str, ...]
    language: str = ENGLISH


def understand(question: str, history: Sequence[Turn] = (), language: str = ENGLISH) -> Question:
    """What `question` asks, in this language and read after `history`."""
    intent = intent_of(question)
    terms = () if intent == "greeting" else terms_of(question, intent, language)
    recalled = () if intent == "greeting" else _recalled(question, terms, history, language)
    return Question(intent, terms, recalled, language)


def intent_of(question: str) -> str:
    """One of question, how-to, comparison, summary, greeting and command."""
    text = " ".join(question.split())
    if _GREETING.fullmatch(text):
        return "greeting"
    if _HOW_TO.match(text):
        return "how-to"
    if _COMPARISON.search(text) and (text.count(" ") < 25):
        return "comparison"
    if _SUMMARY.match(text):
        return "summary"
    if _COMMAND.match(text) and not text.endswith("?"):
        return "command"
    return "question"


def terms_of(question: str, intent: str = "question", language: str = ENGLISH) -> tuple[str, ...]:
    """The words that carry meaning, each once, in order."""
    stop = stop_words(language)
    found = [spelled(word) for word in words(question)]
    carrying = [
        word for word in found if word and word not in stop and len(word) > 1 or word.isdigit()
    ]
    if intent != "question":
        narrower = [word for word in carrying if word not in _ASKING]
        carrying = narrower or carrying
    return tuple(dict.fromkeys(carrying or [word for word in found if len(word) > 2]))


def _recalled(
    question: str, terms: Sequence[str], history: Sequence[Turn], language: str
) -> tuple[str, ...]:
    """Terms of the question before, where this one points back to it or names almost nothing."""
    before = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    points = any(spelled(word) in _POINTING for word in words(question))
    if not before or not (points or len(terms) < 2):
        return ()
    return tuple(term for term in terms_of(before, language=language) if term not in terms)[:8]
