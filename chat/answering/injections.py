"""What is done about texts that speak to the model: passages that were found, and the question.

Keeps true: what a space wants counts before what the site says; a record of findings holds kinds
and counts alone; no passage goes on with characters that nobody sees. Passages were looked at when
they were added; what reads texts is loaded for older ones, and for questions.
May import every floor below answering.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from chat.safety.injection import find_injections, kinds_in
from chat.safety.invisible import visible
from chat.spaces import Brief
from chat.values import InjectionPolicy, Passage, Retrieval

Findings = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Injections:
    """Of one site: what is done about passages where a space says nothing, and about questions."""

    passages: InjectionPolicy = InjectionPolicy.DROP
    typed: InjectionPolicy = InjectionPolicy.WARN

    def policy(self, brief: Brief) -> InjectionPolicy:
        """What counts for an answer."""
        return InjectionPolicy(brief.injections) if brief.injections else self.passages

    def screen(
        self, question: str, retrieval: Retrieval, brief: Brief
    ) -> tuple[Retrieval, Findings]:
        """What was found as it may be used, and what of it speaks to the model."""
        policy = self.policy(brief)
        findings = self._of_question(question)
        if policy is InjectionPolicy.OFF:
            return _with(retrieval, map(_shown, retrieval.passages)), findings
        looked = [_screened(passage) for passage in retrieval.passages]
        suspect = [passage for passage in looked if passage.findings]
        findings += _counted("passages", (_kind(one) for one in suspect), policy)
        if policy is InjectionPolicy.DROP and suspect:
            looked = [passage for passage in looked if not passage.findings]
        return _with(retrieval, looked), findings

    def _of_question(self, question: str) -> Findings:
        if self.typed is InjectionPolicy.OFF:
            return []
        kinds = {one.kind: None for one in find_injections(question, "message")}
        return _counted("question", list(kinds)[:1], InjectionPolicy.WARN)


def _screened(passage: Passage) -> Passage:
    if passage.findings is not None and passage.text.isascii():
        return passage  # as most of an English library
    return _looked_at(_shown(passage))


def _looked_at(passage: Passage) -> Passage:
    """A passage of before there were findings is looked at now."""
    if passage.findings is not None:
        return passage
    return structs.replace(passage, findings=kinds_in(passage.heading, passage.text))


def _shown(passage: Passage) -> Passage:
    """As people see it, but for what it was found to hold."""
    text = visible(passage.text)
    return passage if text == passage.text else structs.replace(_looked_at(passage), text=text)


def _kind(passage: Passage) -> str:
    return (passage.findings or "").partition(",")[0]


def _with(retrieval: Retrieval, passages: Iterable[Passage]) -> Retrieval:
    kept: Sequence[Passage] = tuple(passages)
    same = len(kept) == len(retrieval.passages) and all(
        one is other for one, other in zip(kept, retrieval.passages, strict=True)
    )
    return retrieval if same else replace(retrieval, passages=kept)


def _counted(where: str, kinds: Iterable[str], policy: InjectionPolicy) -> Findings:
    return list(_rows(where, Counter(kinds), policy.value))


def _rows(where: str, counts: Counter[str], action: str) -> Iterator[dict[str, Any]]:
    for kind, count in sorted(counts.items()):
        yield {
            "guard": "injection",
            "where": where,
            "kind": kind,
            "count": count,
            "action": action,
        }
