"""One request to a provider and its response, read as server-sent events or as a whole.

Keeps true: memory is bounded whatever comes; every failure is a `ProviderError`, but for
`Cancelled`; a connection goes back to its pool only after a whole response. May import the plain
ground and the files beside it.
"""

import time
from collections.abc import Iterator
from contextlib import suppress

from chat import sse
from chat.errors import ProviderError
from chat.providers.connecting import Connection, Pool
from chat.providers.failures import Complaints
from chat.providers.leases import Cancelled, Lease
from chat.providers.responses import Malformed, Response
from chat.values import Limits

__all__ = ["Call", "Cancelled"]

FRAME_LIMIT = 1_000_000  # bytes that may come without one whole event
WHOLE_LIMIT = 4_000_000  # bytes of a body that is not a stream
ERROR_LIMIT = 65_536  # bytes of an error's body
_ERROR_SECONDS = 2.0
_DONE = "[DONE]"
_END_SECONDS = 0.03  # from the last event to the response's end; a new connection costs more
_STREAMED = ("text/event-stream", "")
_EVENT_SIZE = 1024  # bytes an event takes at most, on average over an answer


class Call:
    """One request and its response; made before the request, so that it can be cancelled early.

    One thread sends and reads; `cancel` is for any. `content_type` is in lower case and without
    parameters.
    """

    __slots__ = (
        "_decoder",
        "_events",
        "_fault",
        "_is_done",
        "_lease",
        "_pool",
        "_response",
        "_size",
        "_without_event",
        "content_type",
    )

    def __init__(self) -> None:
        self.content_type = ""
        self._lease = Lease()
        self._response: Response | None = None
        self._pool: Pool | None = None
        self._decoder = sse.Decoder(strict=True)
        self._is_done = False
        self._fault = ""  # what is wrong with the bytes after those in `parts`
        self._events = self._size = self._without_event = 0

    def read(self) -> list[str] | None:
        """The `data` of all events that have come since, waiting for the first; None at the end."""
        self._lease.check()
        if not self._events and self.content_type not in _STREAMED:
            raise self._broken(f"answered with {self.content_type} where a stream was asked for")
        while (response := self._response) is not None:
            if response.parts and (found := self._decode(response)):
                return found
            if response.complete or self._fault:
                return self._last()
            if self._without_event > FRAME_LIMIT:
                raise self._broken("sent a message without end")
            self._pull(response)
        return None

    def _decode(self, response: Response) -> list[str]:
        """The data of the events that have come whole."""
        body = b"".join(response.parts)
        response.parts.clear()
        try:
            found = self._decoder.feed_data(body)
        except UnicodeDecodeError as error:
            raise self._broken("sent text that is not UTF-8") from error
        if found:
            self._is_done = found[-1] == _DONE
            self._without_event = 0
            self._events += len(found)
            most = self._lease.limits.max_events
            if self._events > most or self._size > most * _EVENT_SIZE:
                raise self._broken("sent more than an answer may be")
        return found

    def read_whole(self) -> bytes:
        """The body of a response that is not a stream."""
        if "html" in self.content_type:
            raise self._broken("answered with a web page: its address may be wrong")
        body = bytearray()
        for part in self._bodies():
            body += part
            if len(body) > WHOLE_LIMIT:
                raise self._broken("sent more than an answer can be")
        return bytes(body)

    def close(self) -> None:
        """Give the connection back when the response is whole, else end it."""
        response, self._response = self._response, None
        whole = response is not None and self._has_come(response)
        connection, in_peace = self._lease.release()
        if response is not None:
            response.forget()
        if connection is None:
            return
        if whole and in_peace and self._pool is not None:
            self._pool.put(connection)
        else:
            connection.close()

    def cancel(self) -> None:
        """End it at once: the provider sees its socket close, and a waiting `read` Cancelled."""
        self._lease.cancel()

    # For the upstream, in this order.

    def begin(self, complaints: Complaints, limits: Limits, pool: Pool, deadline: float) -> Lease:
        """Take what the call is made with; raises Cancelled if it was cancelled before."""
        lease, self._pool = self._lease, pool
        lease.complaints, lease.limits, lease.deadline = complaints, limits, deadline
        lease.check()
        return lease

    def ask(self, connection: Connection, request: bytes) -> bool:
        """Send `request` and read the head of what comes; whether anything came before the end."""
        lease, response = self._lease, Response()
        self._response, self._fault = response, ""
        lease.first_until = time.monotonic() + lease.limits.first_byte_seconds
        lease.hold(connection)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may have answered early
                lease.send(request)
            while not (response.status or self._fault):
                self._take(response)
        except OSError as error:
            if response.begun:
                raise lease.complaints.unreachable(error) from error
        if not response.begun:
            self.close()
            return False
        self._check_head(response)
        return True

    def _check_head(self, response: Response) -> None:
        headers, complaints = response.headers, self._lease.complaints
        self.content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if not response.status:
            raise self._broken(self._fault)
        if 300 <= response.status < 400:
            raise complaints.redirect(response.status, headers.get("location", ""))
        if response.status >= 400:
            raise complaints.status(response.status, self._error_body(), headers)
        coded = {headers.get("content-encoding", ""), headers.get("transfer-encoding", "")}
        if coded - {"", "identity", "chunked"}:
            raise self._broken("sent compressed data, which was not asked for")

    def _error_body(self) -> bytes:
        lease = self._lease
        lease.deadline = min(lease.deadline, time.monotonic() + _ERROR_SECONDS)
        body = bytearray()
        with suppress(ProviderError):  # the status is told with what has come
            for part in self._bodies():
                body += part
                if len(body) > ERROR_LIMIT:
                    break
        return bytes(body[:ERROR_LIMIT])

    def _bodies(self) -> Iterator[bytes]:
        self._lease.check()
        while (response := self._response) is not None:
            yield from response.parts
            response.parts.clear()
            if self._fault:
                raise self._broken(self._fault)
            if response.complete:
                return
            self._lease.check_time()  # it may send what counts for nothing, always in time
            self._pull(response)

    def _pull(self, response: Response) -> None:
        try:
            self._take(response)
        except OSError as error:
            raise self._lease.complaints.unreachable(error) from error

    def _take(self, response: Response) -> None:
        """More of the response, or its end; a fault is kept until what came before it is read."""
        lease = self._lease
        chunk = lease.receive()
        try:
            if chunk:
                self._size += len(chunk)
                self._without_event += len(chunk)
                response.feed(chunk)
            elif lease.ended:
                response.end()
        except Malformed as fault:
            self._fault = str(fault)
        if response.parts:
            lease.first_until = 0.0

    def _last(self) -> list[str] | None:
        """What the end of the response means for what was read last."""
        if self._fault:
            raise self._broken(self._fault)
        rest = self._decoder.unfinished.removeprefix("data:").strip()
        if not rest:
            return None
        self._decoder = sse.Decoder(strict=True)
        if rest != _DONE:
            raise self._broken("ended in the middle of its answer")
        return [_DONE]  # some leave out the blank line after it

    def _has_come(self, response: Response) -> bool:
        """Whether all of `response` is here; after its last event, its end may take a moment."""
        if not (response.complete or self._fault):
            with suppress(OSError, Malformed):
                response.feed(self._lease.receive_soon(_END_SECONDS if self._is_done else 0))
        return response.complete and response.reusable

    def _broken(self, what: str) -> ProviderError:
        return self._lease.complaints.broken(what)
