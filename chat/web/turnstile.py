"""Lets in one after the other what one person sends in the same moment, before any work is done.

Even the check of a sign-in takes a while: two hundred questions of one person at once would all be
taken before anybody else's. May import every floor below.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from chat.answering.one_by_one import OneByOne
from chat.errors import Unavailable

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
_MANY = 8  # sends of one person that wait at the same time
_CROWDED = 0.01  # seconds that others have to themselves before each of so many


class Turnstile:
    """Before the application `app`: sends that are followed pass one by one for each credential.

    The turn ends where the response begins to be read, so that nobody waits for an answer. What
    waits too long goes on, for the application to refuse.
    """

    def __init__(self, app: Application) -> None:
        self._app = app
        self._one_by_one = OneByOne()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith("/stream"):
            who = environ.get("HTTP_AUTHORIZATION") or environ.get("HTTP_COOKIE", "")
            try:
                with self._one_by_one.turn(who) as waiting:
                    crowd = waiting() >= _MANY
                    time.sleep(_CROWDED if crowd else 0)  # requests that came meanwhile go on
                    return self._app(environ, start_response)
            except Unavailable:
                pass
        return self._app(environ, start_response)
