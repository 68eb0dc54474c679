"""How long a write to the client of this request may take.

Keeps true: a client that stops reading blocks nothing for ever. Imports site.
"""

from typing import Any

from flask import request

from chat.web.site import site


def limit_writes() -> None:
    """Let writes of this response fail that take longer than the settings say."""
    socket: Any = request.environ.get("gunicorn.socket")
    if socket is not None:
        socket.settimeout(site().settings.write_timeout_seconds)
