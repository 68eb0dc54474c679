"""Has passages and questions embedded where a provider offers that.

Keeps true: a question waits for its vector for a bounded time, and after a failure not at all for a
while; whatever fails, the answer is made without. Passages are embedded beside whatever the
process serves, batch by batch, by one thread that ends when none is lacking. May import every floor
below answering.
"""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from chat.answering.privacy import Privacy
from chat.database import Database
from chat.errors import ParleyError
from chat.knowledge.meaning import embeddings
from chat.knowledge.meaning.nearest import Embedded
from chat.knowledge.meaning.packed import pack
from chat.providers.registry import Registry
from chat.spaces import Brief

logger = logging.getLogger(__name__)
_NO_BRIEF, _NO_POLICY = Brief(), Privacy()
QUESTION_SECONDS = 2.0
_BATCH_SECONDS = 60.0
_PAUSE = 30.0  # seconds without asking after a failure, and between two looks for what is lacking
_BREATH = 0.02  # seconds between two batches


class Embedding:
    """Of one process; `wake` it when passages may lack vectors."""

    def __init__(
        self,
        database: Database,
        providers: Registry,
        clock: Callable[[], float] = time.monotonic,
        privacy: Privacy = _NO_POLICY,
    ) -> None:
        self._database = database
        self._privacy = privacy
        self._providers = providers
        self._clock = clock
        self._lock = threading.Lock()
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None
        self._asked = False
        self._not_before = 0.0  # when the provider is asked again
        self._looked = -_PAUSE

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    def of_question(
        self, question: str, brief: Brief = _NO_BRIEF, *, is_inside: bool = False
    ) -> Embedded | None:
        """The vector of a question; None where there is nobody to ask, or no answer in time.

        `is_inside` when the answer is written here: then personal data leaves by no way.
        """
        embedder = self._providers.embedder()
        if embedder is None or self._clock() < self._not_before:
            return None
        if self._clock() - self._looked > _PAUSE:
            self.wake()  # others may have added documents
        try:
            sent = self._privacy.without_items(question, embedder, brief, always=is_inside)
            [vector] = embedder.embed([sent], QUESTION_SECONDS)
        except ParleyError as error:
            self._failed(error)
            return None
        return Embedded(embedder.model, pack(vector))

    def wake(self) -> None:
        """Look for passages that lack vectors; returns at once."""
        if self._providers.embedder() is None:
            return
        with self._lock:
            self._asked = True
            if self._thread is None and not self._leaving.is_set():
                self._thread = threading.Thread(target=self._run, name="embedding", daemon=True)
                self._thread.start()

    def close(self, timeout: float) -> None:
        """End after the batch that is under way."""
        self._leaving.set()
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _run(self) -> None:
        while self._goes_on():
            try:
                self._embed_all()
            except (ParleyError, SQLAlchemyError) as error:
                self._failed(error)

    def _goes_on(self) -> bool:
        """Whether somebody asked since the last look; the thread ends when nobody did."""
        with self._lock:
            if self._asked and not self._leaving.is_set():
                self._asked = False
                self._looked = self._clock()
                return True
            self._thread = None
            return False

    def _embed_all(self) -> None:
        embedder = self._providers.embedder()
        if embedder is None or self._clock() < self._not_before:
            return
        after: int | None = 0
        while after is not None and not self._leaving.is_set():
            with self._database.reading() as session:
                lacking = embeddings.find_lacking(session, embedder.model, after, embedder.together)
            after = lacking.after
            if lacking.passages:
                texts = [
                    self._privacy.without_items(one.text, embedder, Brief(documents=one.policy))
                    for one in lacking.passages
                ]
                made = embedder.embed(texts, _BATCH_SECONDS)
                numbers = (one.number for one in lacking.passages)
                with self._database.writing() as session:
                    embeddings.save(session, embedder.model, [*zip(numbers, made, strict=True)])
            self._leaving.wait(_BREATH)
        more = True
        while more and not self._leaving.wait(_BREATH):
            with self._database.writing() as session:
                more = embeddings.forget_others(session, embedder.model)

    def _failed(self, error: Exception) -> None:
        self._not_before = self._clock() + _PAUSE
        reason = error.detail if isinstance(error, ParleyError) else type(error).__name__
        logger.warning("without embeddings for %d s: %s", _PAUSE, reason)
