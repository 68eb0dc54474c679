"""How one answer is made: context, search, analysis, text; each stage told when it really begins.

Keeps true: the events come in the protocol's order; the text is that of the chunks. May import
every floor below answering.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager

from chat import events
from chat.answering.attempt import Attempt, Found
from chat.answering.context import estimate_tokens, load_history, search_library
from chat.database import Database
from chat.providers.base import Draft, Text, Thinking, Usage
from chat.values import AnswerRequest, Retrieval, Turn


def write_answer(
    attempt: Attempt, database: Database, turn: AbstractContextManager[object]
) -> None:
    """Make the answer; what was written is in the log even when this raises ProviderError.

    Searching and analysing happen in one's `turn`: they are work for the processor, and many at
    once would only make each other, and every reader, wait.
    """
    attempt.enter("loading_context", "Loading conversation context")
    history = load_history(database, attempt.job)
    with turn:
        if attempt.stopped():  # while it waited
            attempt.stop_reason = "stopped"
            return
        draft = attempt.draft = _prepare(attempt, database, history)
    _write_pieces(attempt, draft)


def _prepare(attempt: Attempt, database: Database, history: Sequence[Turn]) -> Draft:
    """Search, and open the provider's answer; both stages told as they begin."""
    asked = attempt.job.asked
    attempt.enter("searching_knowledge", "Searching the library")
    retrieval = search_library(database, attempt.job, history)
    attempt.found = Found(retrieval.intent, list(retrieval.concepts), len(retrieval.passages))
    if retrieval.passages:
        _enter_analysis(attempt, retrieval)
    request = AnswerRequest(
        question=asked.question,
        history=history,
        retrieval=retrieval,
        depth=asked.depth,
        model=attempt.model,
        written=asked.written,
    )
    draft = attempt.provider.open(request)
    if request.written and not draft.continues:
        attempt.writer.write(events.Reset(reason="The library has changed since; starting again."))
    attempt.writer.write(_context(retrieval, draft, history))
    return draft


def _write_pieces(attempt: Attempt, draft: Draft) -> None:
    """Pass the pieces on as they come, until the end or until somebody stops the run."""
    try:
        for piece in draft.pieces:
            if attempt.stopped():
                attempt.stop_reason = "stopped"
                return
            match piece:
                case Text():
                    _write_text(attempt, draft, piece)
                case Thinking():
                    attempt.writer.write(events.Thinking(content=piece.content))
                case Usage():
                    attempt.usage = piece
    finally:
        draft.pieces.close()


def _write_text(attempt: Attempt, draft: Draft, piece: Text) -> None:
    if attempt.first_text is None:
        attempt.enter("answering", "Writing the answer")
        attempt.first_text = attempt.clock()
    confidence = piece.confidence if draft.confidence_basis else None
    attempt.writer.write(events.Chunk(content=piece.content, confidence=confidence))


def _enter_analysis(attempt: Attempt, retrieval: Retrieval) -> None:
    concepts, passages = len(retrieval.concepts), len(retrieval.passages)
    count, noun = (concepts, "concept") if concepts else (passages, "passage")
    message = f"Analyzing {count} {noun}{'' if count == 1 else 's'}"
    attempt.enter("analyzing", message, concepts=concepts, passages=passages)


def _context(retrieval: Retrieval, draft: Draft, history: Sequence[Turn]) -> events.Context:
    texts = [turn.content for turn in history] + [p.text for p in retrieval.passages]
    return events.Context(
        intent=retrieval.intent,
        messages_used=len(history),
        tokens_used=estimate_tokens(texts),
        sources=[source.as_json() for source in draft.sources],
        concepts=list(retrieval.concepts),
    )
