"""What went wrong with a provider, as a `ProviderError` with a sentence that a user may read.

Keeps true: a sentence names the provider and what to do, is one line, and holds no secret, also
where the provider's own words repeat it. May import the plain ground.
"""

import math
import re
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from chat.errors import ProviderError

HIDDEN = "•••"
_WORDS_LIMIT = 300  # characters of the provider's own words
_SHORTEST_SECRET = 4  # shorter ones are words like "no", which local servers take as a key
_LONGEST_WAIT = 3600.0
# Keys as the vendors write them, also shortened with asterisks, and values of Authorization.
_KEY = re.compile(
    r"(?i)\b(?:bearer|basic)\s+[\w.~+/=*-]{6,}"
    r"|\b(?:sk|pk|gsk|xai|pplx|hf|key|aiza)[-_]?[\w*.-]{16,}"
    r"|\b(?:sk|pk|gsk|xai|pplx)-[\w*.-]{4,}"
    r"|[\w-]*\*{3,}[\w-]*"
)
_ON_MODELS_PAGE = "An admin can correct it on the Models page."
_NO_MONEY = re.compile(r"(?i)insufficient_quota|credit balance|insufficient balance")


class StatusError(ProviderError):
    """The provider answered with an error: its HTTP status and its own words, cleaned."""

    def __init__(self, detail: str, *, answered: int, said: str, **more: Any) -> None:
        super().__init__(detail, **more)
        self.answered = answered
        self.said = said


class Complaints:
    """Makes the errors of one provider, with its name and without its secrets."""

    __slots__ = ("_secrets", "name")

    def __init__(self, name: str, secrets: Iterable[str]) -> None:
        self.name = name
        known = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
        self._secrets = sorted(known, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """`text` on one line, short, and with each secret replaced by •••."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        text = _KEY.sub(HIDDEN, text)
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return line if len(line) <= _WORDS_LIMIT else line[: _WORDS_LIMIT - 1] + "…"

    def unreachable(self, error: OSError | str) -> ProviderError:
        """No connection, or one that broke."""
        forged = isinstance(error, ssl.SSLCertVerificationError)
        reason = error if isinstance(error, str) else _reason(error)
        return ProviderError(
            f"{self.name} cannot be reached: {self.clean(reason)}. "
            + (_ON_MODELS_PAGE if forged else "Try again in a moment."),
            code="provider_unreachable",
            again=not forged,
        )

    def broken(self, what: str) -> ProviderError:
        """The provider answered with what cannot be used."""
        return ProviderError(
            f"{self.name} {self.clean(what)}. Try again, or choose another model.",
            code="provider_broken",
        )

    def too_slow(self, code: str, seconds: float) -> ProviderError:
        """A time limit was over; `code` is one of the four of `chat/errors.py`."""
        what = {
            "connect_timeout": f"{self.name} did not take the connection within {seconds:g} s",
            "first_byte_timeout": f"{self.name} did not begin to answer within {seconds:g} s",
            "silence_timeout": f"{self.name} sent nothing more for {seconds:g} s",
            "run_timeout": f"{self.name} did not finish in the time that an answer may take",
        }[code]
        return ProviderError(
            f"{what}. Try again, or choose another model.",
            code=code,
            again=code == "connect_timeout",
        )

    def redirect(self, status: int, location: str) -> ProviderError:
        """The provider lives elsewhere: a key is sent nowhere but where an admin said."""
        where = self.clean(location.partition("?")[0]) or "nowhere"
        return StatusError(
            f"{self.name} redirects to {where} ({status}). An admin can correct its address on the "
            "Models page.",
            answered=status,
            said="",
            code="provider_refused",
            retryable=False,
        )

    def status(
        self, status: int, body: bytes | str = b"", headers: Mapping[str, str] | None = None
    ) -> StatusError:
        """An HTTP status that is an error; `body` as it came, `headers` with lower-case names.

        Serves for an error inside a stream too, where its kind stands for a status.
        """
        words = self.clean(words_of(body))
        said = f" It says: {words}" if words else ""
        wait = retry_after(headers or {})
        code, sentence, again = _kind(status, body, wait)
        return StatusError(
            f"{self.name} {sentence}{said}",
            answered=status,
            said=words,
            code=code,
            retryable=code in ("provider_limit", "provider_down"),
            again=again,
            retry_after=wait,
        )


_KINDS = {
    401: ("provider_key", f"refused the key (401). {_ON_MODELS_PAGE}"),
    403: ("provider_key", f"does not allow this key to do that (403). {_ON_MODELS_PAGE}"),
    404: ("provider_refused", f"does not know the model or the address (404). {_ON_MODELS_PAGE}"),
    413: ("provider_refused", "finds the request too long (413). Ask in a new conversation."),
}


def _kind(status: int, body: bytes | str, wait: float | None) -> tuple[str, str, bool]:
    """The code, the sentence, and whether the same request may be sent again at once."""
    if status in _KINDS:
        return *_KINDS[status], False
    if status == 429:
        later = f"in {math.ceil(wait)} s" if wait else "in a moment"
        told = body if isinstance(body, str) else body.decode("utf-8", "replace")
        paid = _NO_MONEY.search(told) is None
        return "provider_limit", f"takes no more requests now (429). Try again {later}.", paid
    if status in (408, 409) or status >= 500:
        return "provider_down", f"has a problem of its own ({status}). Try again in a moment.", True
    return "provider_refused", f"refused the request ({status}). Choose another model.", False


def words_of(body: bytes | str) -> str:
    """The message in an error's body, in any of the forms that providers use; "" without one."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # 60,000 brackets, say
        return ""
    return _message(told, 4)


def _message(told: object, depth: int) -> str:
    if isinstance(told, str):
        return told
    if depth and isinstance(told, Sequence):
        return next(filter(None, (_message(part, depth - 1) for part in told)), "")
    if depth and isinstance(told, Mapping):
        named = (told.get(name) for name in ("error", "message", "detail", "msg", "type"))
        return next(filter(None, (_message(part, depth - 1) for part in named)), "")
    return ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, at most an hour: `retry-after-ms`, or `Retry-After` (RFC 9110, 10.2.3)."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return min(milliseconds / 1000, _LONGEST_WAIT)
    value = headers.get("retry-after", "").strip()
    seconds = _number(value)
    if seconds is None and value:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return None if seconds is None else min(max(seconds, 0.0), _LONGEST_WAIT)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _reason(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection ({error.reason or 'TLS failed'})"
    return (error.strerror or str(error) or type(error).__name__).lower()
