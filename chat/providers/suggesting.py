"""Questions that might come next, about what was read beside an answer.

Keeps true: an idea is made from a heading or a concept of a passage that was read and not yet
written from. Whether the library answers it is tried before it is shown
(`chat/answering/suggestions.py`). Imports knowledge.
"""

import re
from collections.abc import Iterator, Sequence

from chat.knowledge.words import STOP, stems
from chat.values import Passage, Retrieval, Source

MOST = 3  # that are shown
_IDEAS = 6  # for them: not each has an answer
_HOW = re.compile(
    r"(?:add|ask|back|build|change|choos|configur|connect|creat|delet|deploy|enabl|export|find|"
    r"import|install|invit|mak|manag|mov|open|remov|renam|report|reset|restor|run|send|set|shar|"
    r"sign|start|stop|updat|upgrad|upload|us|writ)(?:e|ing|ting|ning|ping)?\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[\w’' ,&/-]{4,60}")


def suggest(question: str, retrieval: Retrieval, sources: Sequence[Source]) -> list[str]:
    """At most six questions about what was read beside the answer, which tells of `sources`."""
    asked = {part for part in stems(question) if part not in STOP}
    told = {source.passage_id for source in sources}
    documents = {source.document_id for source in sources}
    found: list[str] = []
    near = [p for p in retrieval.passages if p.document_id in documents and p.id not in told]
    for text, subject in [*_from_headings(near), *_from_concepts(retrieval, told)]:
        new = {part for part in stems(subject) if part not in STOP}
        if new and not new <= asked and text not in found:
            found.append(text)
            asked |= new
        if len(found) == _IDEAS:
            break
    return found


def _from_headings(passages: Sequence[Passage]) -> Iterator[tuple[str, str]]:
    for passage in passages:
        heading = passage.heading.rpartition(" › ")[2].strip()
        if heading.endswith("?") and len(heading) < 90:
            yield heading, heading
        elif _PLAIN.fullmatch(heading):
            yield _as_question(heading, passage.title), heading


def _as_question(heading: str, title: str) -> str:
    if heading.startswith("How to "):
        return f"How do I {heading.removeprefix('How to ')}?"
    first, _, rest = heading.partition(" ")
    lower = heading if first[1:] != first[1:].lower() else heading[:1].lower() + heading[1:]
    if rest and _HOW.match(first) and not first.endswith("ing"):
        return f"How do I {lower}?"
    return f"What does {title} say about {lower}?"


def _from_concepts(retrieval: Retrieval, told: set[str]) -> Iterator[tuple[str, str]]:
    """Concepts that a passage beside the answer speaks of."""
    beside = " ".join(passage.text for passage in retrieval.passages[:5] if passage.id not in told)
    for name in retrieval.concepts:
        if " " in name and name in beside and _PLAIN.fullmatch(name):
            yield f"What do the documents say about {name}?", name
