"""The one tree of errors that Parley raises on purpose.

    ParleyError            500 internal        nothing below fits; a defect
    ├── Invalid            400 invalid         the request can be corrected
    ├── Unauthenticated    401 unauthenticated sign in first
    ├── CsrfFailed         400 csrf            the page is too old; reload it
    ├── NotFound           404 not_found       it does not exist, or not for this person
    ├── Conflict           409 conflict        somebody or something was first
    ├── PersonalData       422 personal_data   a provider takes no such question; take it out
    ├── TooLarge           413 too_large
    ├── RateLimited        429 rate_limited    wait `retry_after` seconds
    ├── TooManyRuns        429 too_many_runs   wait until one of them ends
    ├── Unavailable        503 unavailable     worth trying again
    └── ProviderError      502 (a code below)  the writer of an answer failed

The one who raises writes a message that a user may read; `chat/web/errors.py` turns it into a page
or a problem document (RFC 9457). Imports nothing of Parley.
"""


class ParleyError(Exception):
    """A failure with an HTTP status, a stable code and a message fit for a user."""

    status = 500
    code = "internal"
    title = "Something went wrong"
    retryable = False

    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class Invalid(ParleyError):
    status = 400
    code = "invalid"
    title = "The request cannot be used as it is"


class Unauthenticated(ParleyError):
    status = 401
    code = "unauthenticated"
    title = "Sign in first"


class CsrfFailed(ParleyError):
    status = 400
    code = "csrf"
    title = "This page is too old"


class NotFound(ParleyError):
    status = 404
    code = "not_found"
    title = "Not found"


class Conflict(ParleyError):
    status = 409
    code = "conflict"
    title = "Something else was first"


class PersonalData(ParleyError):
    status = 422
    code = "personal_data"
    title = "The question holds personal data"


class TooLarge(ParleyError):
    status = 413
    code = "too_large"
    title = "Too large"


class RateLimited(ParleyError):
    status = 429
    code = "rate_limited"
    title = "Too many requests"
    retryable = True


class TooManyRuns(ParleyError):
    status = 429
    code = "too_many_runs"
    title = "Too many answers at once"
    retryable = True


class Unavailable(ParleyError):
    status = 503
    code = "unavailable"
    title = "Not available right now"
    retryable = True


class ProviderError(ParleyError):
    """The writer of an answer failed.

    `retryable` says whether a person's Retry makes sense, `again` whether the same request may be
    sent again at once, after a short wait. The codes are `provider_unreachable`,
    `provider_refused` (the request; 400 and the like), `provider_key` (401, 403),
    `provider_limit` (429), `provider_down` (408, 409, 5xx), `provider_broken` (what it sent cannot
    be used), `connect_timeout`, `first_byte_timeout`, `silence_timeout` and `run_timeout`.
    """

    status = 502

    def __init__(
        self,
        detail: str,
        *,
        code: str = "internal",
        retryable: bool = True,
        again: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.code = code
        self.retryable = retryable
        self.again = again
