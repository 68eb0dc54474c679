"""What is done about personal data in what leaves for a provider, as spaces and providers have it.

Keeps true: the strictest policy counts; what is sent nowhere is left alone; a record of findings
holds kinds and counts alone. What reads texts is loaded where a policy asks for it. May import
every floor below answering.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import structs

from chat.connections import BUILT_IN
from chat.errors import PersonalData, ProviderError
from chat.spaces import Brief
from chat.values import AnswerRequest, DataPolicy, Passage, Turn, Veil

if TYPE_CHECKING:
    from chat.safety.personal.placeholders import Placeholders

_TOLD = (
    "Some details are replaced by placeholders such as [EMAIL_00000]. Treat each as the thing that "
    "it stands for, and write it exactly as it stands, in its brackets."
)
Findings = list[dict[str, Any]]


class Outside(Protocol):
    """Who is sent something: a provider, or what makes embeddings."""

    name: str


@dataclass(frozen=True, slots=True)
class Privacy:
    """Of one site; `default` is for providers that have no policy of their own."""

    secret: str = ""
    default: DataPolicy = DataPolicy.OFF

    def policy(self, outside: Outside, brief: Brief) -> DataPolicy:
        """What counts for something that is sent there."""
        if outside.name == BUILT_IN:
            return DataPolicy.OFF
        own: DataPolicy | None = getattr(outside, "personal_data", None)
        documents = min(brief.documents, DataPolicy.REDACT)  # a question is not of their spaces
        return max(self.default if own is None else own, brief.personal_data, documents)

    def check_question(self, question: str, outside: Outside, brief: Brief) -> None:
        """PersonalData for a question that may not be sent there."""
        if self.policy(outside, brief) is DataPolicy.REFUSE and (found := _words_for(question)):
            raise PersonalData(
                f"{outside.name} takes no questions with personal data, and this one has {found}. "
                "Take that out, or ask library, which sends it nowhere."
            )

    def guard(
        self, request: AnswerRequest, outside: Outside, brief: Brief, conversation_id: str
    ) -> tuple[AnswerRequest, Findings]:
        """The request as the policy allows it, and what was found; ProviderError if it does not."""
        policy = self.policy(outside, brief)
        if policy is DataPolicy.OFF:
            return request, []
        if policy is DataPolicy.REFUSE and (found := _words_for(request.question)):
            raise ProviderError(
                f"{outside.name} takes no questions with personal data; this one has {found}.",
                code="provider_refused",
                retryable=False,
            )
        findings = _findings(_texts(request), policy)
        if policy is DataPolicy.WARN or not findings:
            return request, findings
        return self._veiled(request, conversation_id), findings

    def without_items(
        self, text: str, outside: Outside, brief: Brief, *, always: bool = False
    ) -> str:
        """A text that no answer is made to, as it may be sent there."""
        if not always and self.policy(outside, brief) < DataPolicy.REDACT:
            return text
        from chat.safety.personal.placeholders import without_items
        from chat.safety.personal.remembering import findings_of

        return without_items(text, findings_of)

    def _veiled(self, request: AnswerRequest, conversation_id: str) -> AnswerRequest:
        from chat.safety.personal.placeholders import Placeholders
        from chat.safety.personal.remembering import findings_of

        said = f"personal data\0{conversation_id}".encode()
        key = hmac.digest(self.secret.encode(), said, hashlib.sha256)
        hidden = Placeholders(key, _texts(request), findings_of)
        return replace(request, veil=Veil(_hidden(request, hidden), hidden.restorer))


def _words_for(question: str) -> str:
    from chat.safety.personal.counting import count_items, in_words
    from chat.safety.personal.remembering import findings_of

    return in_words(count_items([question], findings_of))


def _findings(texts: Iterable[str], policy: DataPolicy) -> Findings:
    from chat.safety.personal.counting import count_items
    from chat.safety.personal.remembering import findings_of

    action = min(policy, DataPolicy.REDACT).word
    counts = count_items(texts, findings_of)
    return [_finding(kind, count, action) for kind, count in counts.items()]


def _finding(kind: str, count: int, action: str) -> dict[str, Any]:
    return {"guard": "personal", "kind": kind, "count": count, "action": action}


def _texts(request: AnswerRequest) -> Iterator[str]:
    """Everything of a request that is sent."""
    yield from (request.instructions, request.question, request.written)
    yield from (turn.content for turn in request.history)
    for passage in request.retrieval.passages:
        yield from _parts(passage)


def _parts(passage: Passage) -> tuple[str, str, str, str]:
    return passage.title, passage.heading, passage.place, passage.text


def _hidden(request: AnswerRequest, hidden: "Placeholders") -> AnswerRequest:
    hide = hidden.hide
    return replace(
        request,
        question=hide(request.question),
        written=hide(request.written),
        history=[Turn(turn.role, hide(turn.content)) for turn in request.history],
        instructions="\n\n".join(filter(None, (hide(request.instructions), _TOLD))),
        retrieval=replace(
            request.retrieval,
            passages=[_hidden_passage(one, hidden) for one in request.retrieval.passages],
        ),
    )


def _hidden_passage(passage: Passage, hidden: "Placeholders") -> Passage:
    title, heading, place, text = map(hidden.hide, _parts(passage))
    return structs.replace(passage, title=title, heading=heading, place=place, text=text)
