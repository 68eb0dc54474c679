"""What the tests of the wire share: an upstream of a server of bytes, all events of a call."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chat.errors import ProviderError
from chat.providers.wire import Call, Upstream
from chat.values import Limits
from tests.unit.providers.raw_server import RawServer

SECRET = "sesame-open-up"


def upstream(server: RawServer, **limits: float) -> Upstream:
    """An upstream of `server` whose key is `SECRET`."""
    return Upstream(
        server.url,
        {"Authorization": f"Bearer {SECRET}"},
        Limits(**limits),  # type: ignore[arg-type]
        name="acme",
    )


def events_of(call: Call) -> list[str]:
    """All events of a call; each read gives at least one."""
    found: list[str] = []
    try:
        while (more := call.read()) is not None:
            assert more
            found += more
    finally:
        call.close()
    return found


@contextmanager
def failing(code: str) -> Iterator[list[ProviderError]]:
    """Expect a ProviderError with this code, without the key; it is in the list afterwards."""
    caught: list[ProviderError] = []
    with pytest.raises(ProviderError) as failure:
        yield caught
    assert failure.value.code == code, failure.value
    assert SECRET not in "".join(traceback.format_exception(failure.value))
    caught.append(failure.value)
