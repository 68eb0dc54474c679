"""Every failure becomes a page or a problem document (RFC 9457) here, and nowhere else.

An API route, or a client that does not ask for HTML, gets `application/problem+json`. May import
every floor below.
"""

import json
import logging
import math
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from chat.errors import CsrfFailed, Invalid, NotFound, ParleyError, TooLarge, Unavailable
from chat.metrics import counted

logger = logging.getLogger(__name__)
_CODES = {
    400: "invalid",
    401: "unauthenticated",
    404: "not_found",
    405: "invalid",
    409: "conflict",
    413: "too_large",
    415: "invalid",
    429: "rate_limited",
    503: "unavailable",
}


def register_errors(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(ParleyError, _parley_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(TimeoutError, _database_error)  # every connection is in use
    app.register_error_handler(Exception, _defect)


def problem(error: ParleyError) -> dict[str, Any]:
    """The problem document of an error."""
    document: dict[str, Any] = {
        "type": f"about:blank#{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    if error.retry_after is not None:
        document["retry_after"] = math.ceil(error.retry_after)
    return document


def wants_problem() -> bool:
    """Whether the one who asks is a program: it gets JSON, a browser's page gets HTML."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    accepted = request.accept_mimetypes
    return accepted.quality("text/html") < max(accepted.quality("application/json"), 0.001)


def _parley_error(error: ParleyError) -> Response:
    document = problem(error)
    if wants_problem():
        body = json.dumps(document)
        response = Response(body, error.status, content_type="application/problem+json")
    else:
        response = Response(render_template("errors/error.html", problem=document), error.status)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(math.ceil(error.retry_after))
    return response


def _csrf_error(error: CSRFError) -> Response:
    return _parley_error(
        CsrfFailed("This page has been open across a sign-in. Reload it and try again.")
    )


def _http_error(error: HTTPException) -> Response:
    response = _parley_error(_translated(error))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _translated(error: HTTPException) -> ParleyError:
    kinds = {404: NotFound, 413: TooLarge, 400: Invalid}
    status = error.code or 500
    details = {
        404: "There is nothing at this address, or not for you.",
        405: f"{request.method} is not possible here.",
        413: "This is larger than the site accepts. Send less, or split it.",
    }
    kind = kinds.get(status, ParleyError)
    translated = kind(details.get(status, error.description or "The request failed."))
    translated.status = status
    translated.code = _CODES.get(status, "invalid" if status < 500 else "internal")
    translated.title = HTTPStatus(status).phrase
    return translated


def _database_error(error: OperationalError | TimeoutError) -> Response:
    if isinstance(error, TimeoutError):
        counted.pool_timeouts.add()
    logger.error("database: %s", getattr(error, "orig", error))
    return _parley_error(
        Unavailable("The database does not answer right now. Try again.", retry_after=2)
    )


def _defect(error: Exception) -> Response:
    logger.exception("defect in %s %s", request.method, request.path)
    return _parley_error(ParleyError("This is a defect of the site; it has been logged."))
