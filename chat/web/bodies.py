"""What requests carry: JSON bodies read into checked values, and numbers in the query.

A body of the wrong form is `Invalid`, with the place and what was expected; one that is too large
to be read at once is `TooLarge`. May import the plain ground.
"""

from typing import Any, TypeVar

import msgspec
from flask import request

from chat.errors import Invalid, TooLarge
from chat.values import Depth

Body = TypeVar("Body", bound=msgspec.Struct)
_MB = 1024 * 1024
_MOST_JSON = 2 * _MB  # read at once; files come in a form, which is read piece by piece


class Choice(msgspec.Struct, kw_only=True):
    """How an answer is to be made; all of it optional."""

    client_id: str | None = None
    depth: Depth = Depth.BALANCED
    provider: str = ""
    model: str = ""


class Send(Choice, kw_only=True):
    """A message; without `parent_id` it follows the newest answer, with null it comes first.

    `cache` false asks for an answer that is written now.
    """

    content: str
    cache: bool = True
    parent_id: str | None | msgspec.UnsetType = msgspec.UNSET


class NewConversation(msgspec.Struct, kw_only=True):
    """A conversation to make."""

    title: str = ""
    space_id: str | None = None
    visibility: str = "private"


class Change(msgspec.Struct, kw_only=True):
    """What to change of a conversation; what is left out stays, `space_id` null means no space."""

    title: str | None = None
    archived: bool | None = None
    pinned: bool | None = None
    space_id: str | None | msgspec.UnsetType = msgspec.UNSET
    visibility: str | None = None


def read_body(kind: type[Body]) -> Body:
    """The JSON body as `kind`; an empty body counts as {}. TooLarge for more than 2 MB."""
    raw = _read_bytes() or b"{}"
    try:
        body = msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise Invalid(f"The JSON body does not fit: {error}.") from error
    except RecursionError as error:
        raise Invalid("The JSON body is nested too deeply to be read.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The body is not JSON in UTF-8: {error}.") from error
    _check_client_id(getattr(body, "client_id", None))
    return body


def _read_bytes() -> bytes:
    """The body, read only when it says that it is small; one that does not say is looked at."""
    most = min(_MOST_JSON, request.max_content_length or _MOST_JSON)
    if (request.content_length or 0) <= most:
        raw = request.get_data(cache=False)
        if len(raw) <= most:
            return raw
    limit = most // _MB
    raise TooLarge(f"A JSON body may have at most {limit} MB. Send less, or send a text as a file.")


def read_limit(default: int, most: int) -> int:
    """The query's `limit`, from 1 to `most`."""
    text = request.args.get("limit", str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise Invalid(f"limit is a whole number from 1 to {most}.")
    return int(text)


def _check_client_id(client_id: Any) -> None:
    if client_id is None:
        return
    if not 1 <= len(client_id) <= 64 or not (client_id.isascii() and client_id.isprintable()):
        raise Invalid("client_id is 1 to 64 printable ASCII characters, such as a UUID.")
