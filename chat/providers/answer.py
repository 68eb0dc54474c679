"""One answer of a model under way: what is read, told as pieces.

Keeps true: all text of one read travels in one piece; between two reads the process's pace is kept;
text that came before a failure is told before it; the prompt is let go when text comes. May import
the plain ground and the files beside it.
"""

import time
from collections.abc import Generator, Iterator, Sequence

from chat.errors import ProviderError
from chat.providers.base import Cited, Finish, Measured, Piece, Text, Thinking, Usage
from chat.providers.certainty import Certainty
from chat.providers.citing import Page, cite_pages, cite_passages
from chat.providers.exchange import Exchange
from chat.providers.formats import Reading
from chat.providers.library.provider import chunks
from chat.providers.pacing import Pace
from chat.providers.unveiling import Unveiling
from chat.providers.wire import Cancelled
from chat.safety.length import estimate_tokens

_WORDS = 8  # of a chunk, where the whole answer came at once
_TRIES = 5  # as it was, without log-probabilities, shorter, shorter again, with room for thoughts


class Answer:
    """Reads what an exchange brings; `written` is what an answer that is continued begins with."""

    __slots__ = (
        "_asked_logprobs",
        "_certainty",
        "_exchange",
        "_has_ended",
        "_may_be_empty",
        "_pace",
        "_pages",
        "_read_at",
        "_reading",
        "_seam",
        "_size",
        "_tokens_read",
        "_unveiling",
        "_wrote",
    )

    def __init__(
        self,
        exchange: Exchange,
        certainty: Certainty,
        pace: Pace,
        *,
        written: str = "",
        unveiling: Unveiling | None = None,
    ) -> None:
        self._exchange = exchange
        self._certainty = certainty
        self._pace = pace
        self._unveiling = unveiling
        self._may_be_empty = bool(written)
        self._seam = written[len(written.rstrip()) :]  # white space that may come again
        self._tokens_read = exchange.prompt.tokens_used
        self._asked_logprobs = False
        self._size = 0  # tokens written, estimated; thoughts too
        self._wrote = False
        self._pages = 0
        self._reading: Reading
        self._has_ended = False  # the response; another may follow
        self._read_at: float | None = None  # when that was read which is told now

    def pieces(self) -> Generator[Piece, None, None]:
        """Ask, and tell what comes; ends without a word when it is cancelled."""
        try:
            for number in range(_TRIES):
                yield from self._send()
                if self._exchange.is_streamed:
                    while not self._has_ended:
                        yield from self._next()
                else:
                    yield from self._whole()
                if self._is_done(last=number == _TRIES - 1):
                    break
            if self._unveiling is not None:
                yield from self._shown(*self._unveiling.end())
            yield Measured(self._certainty.signals(self._reading))
            yield self._usage()
            yield Finish(self._reading.finish or "end")
        except Cancelled:
            return
        finally:
            self._exchange.close()

    def _send(self) -> Sequence[Piece]:
        """Ask; the sources anew when the prompt had to be shortened."""
        exchange = self._exchange
        format, before = exchange.model.format, len(exchange.prompt.passages)
        exchange.send()
        prompt = exchange.prompt
        self._reading = format.reading(exchange.model.upstream.complaints)
        self._tokens_read = prompt.tokens_used
        self._asked_logprobs = exchange.asks_logprobs
        self._has_ended, self._read_at = False, None
        if format.searches or len(prompt.passages) == before:
            return ()
        return (Cited(cite_passages(exchange.given)),)

    def _next(self) -> Sequence[Piece]:
        """What one read brings, once the pace allows it.

        A sequence, not a generator: this runs for each read of each stream, and a level of
        generators costs time and, while a stream waits, stack.
        """
        reading = self._reading
        if reading.failure is not None:
            raise reading.failure
        if self._read_at is not None and not reading.is_over:
            self._pace.rest(self._read_at)
        if reading.is_over or (events := self._read()) is None:
            self._has_ended = True
            reading.end()
            return self._tell(reading)
        self._read_at = time.monotonic()
        reading.take(events)
        if not (told := self._tell(reading)):
            self._read_at = None
        return told

    def _read(self) -> list[str] | None:
        try:
            return self._exchange.call.read()
        except ProviderError:
            if self._reading.finish is None:
                raise
            return None  # the answer is whole; only its end is not

    def _whole(self) -> Iterator[Piece]:
        """An answer that came at once, in chunks of a few words."""
        reading = self._reading
        reading.take_whole(self._exchange.call.read_whole())
        if reading.failure is not None:
            raise reading.failure
        text, reading.text = reading.text, ""
        yield from self._tell(reading)
        reading.thinking = ""
        for begin, end in chunks(text, 0, _WORDS):
            read_at = time.monotonic()
            reading.text = text[begin:end]
            yield from self._tell(reading)
            self._pace.rest(read_at)

    def _tell(self, reading: Reading) -> Sequence[Piece]:
        """What was read last."""
        told: list[Piece] = []
        if len(reading.pages) != self._pages:
            self._pages = len(reading.pages)
            told.append(Cited(cite_pages(self._pages_of(reading))))
        if self._seam and reading.text:
            reading.text, self._seam = _after_seam(self._seam, reading.text), ""
        if self._unveiling is not None:
            return [*told, *self._unveiled(reading, self._unveiling)]
        if reading.thinking:
            self._size += estimate_tokens(reading.thinking)
            told.append(Thinking(reading.thinking))
        if reading.text:
            self._size += estimate_tokens(reading.text)
            value = self._certainty.add(reading.text, reading)
            if not self._wrote:
                self._wrote = True
                self._exchange.settle()
            told.append(Text(reading.text, value, self._certainty.basis))
        return told

    def _unveiled(self, reading: Reading, unveiling: Unveiling) -> Sequence[Piece]:
        """The same where the prompt hides something; a part may be held back."""
        thinking, text = reading.thinking, reading.text
        self._size += estimate_tokens(thinking) + estimate_tokens(text)
        if text and not self._wrote:
            self._wrote = True
            self._exchange.settle()
        return self._shown(*unveiling.feed(thinking, text))

    def _shown(self, thinking: str, text: str) -> Sequence[Piece]:
        told: list[Piece] = [Thinking(thinking)] if thinking else []
        if text:
            value = self._certainty.add(text, self._reading)
            told.append(Text(text, value, self._certainty.basis))
        return told

    def _pages_of(self, reading: Reading) -> Sequence[Page]:
        return reading.pages if self._unveiling is None else self._unveiling.pages(reading.pages)

    def _is_done(self, *, last: bool) -> bool:
        """Whether that was an answer; if not, it is to be asked for anew. Raises ProviderError."""
        reading, exchange = self._reading, self._exchange
        if self._wrote:
            if reading.finish is None and not reading.is_over:
                raise self._broken("ended in the middle of its answer")
            if self._asked_logprobs and reading.has_logprobs is False:
                exchange.model.abilities.without.add("logprobs")
            return True
        if reading.finish == "refused" or (reading.finish == "end" and self._may_be_empty):
            return True
        if reading.finish == "length":
            if not last and exchange.make_room():
                return False
            raise self._broken("used up all its tokens on thinking and wrote no answer")
        if self._size or reading.finish is not None:
            raise self._broken("thought but wrote no answer" if self._size else "wrote no answer")
        if not last and exchange.find_fault():
            return False
        raise self._broken(
            "sent an empty answer: the question with its passages may be too long for this model"
        )

    def _usage(self) -> Usage:
        """As the provider tells, or estimated."""
        return self._reading.usage or Usage(self._tokens_read, self._size, estimated=True)

    def _broken(self, what: str) -> ProviderError:
        return self._exchange.model.upstream.complaints.broken(what)


def _after_seam(seam: str, text: str) -> str:
    """`text` without the white space at its begin that `seam` ends with."""
    longest = min(len(seam), len(text))
    repeated = next(n for n in range(longest, -1, -1) if seam.endswith(text[:n]))
    return text[repeated:]
