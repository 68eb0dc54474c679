"""The headers of every response: what a browser may load, send, keep and show in frames.

Keeps true: no script or style but the site's own files; signed-in pages are kept by no cache; a
view that has set a header keeps its own. Imports nothing of Parley.
"""

from flask import Flask, Response, current_app, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",  # the name of a link's host may carry something out
    "X-Frame-Options": "DENY",  # browsers without frame-ancestors
    "Referrer-Policy": "same-origin",  # the CSRF check under TLS reads the referrer
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FILES = frozenset({"static", "asset"})
_OF_ALL = tuple((name.lower(), name, value) for name, value in HEADERS.items())
_OF_PAGES = (*_OF_ALL, ("cache-control", "Cache-Control", "no-store"))
# Of this host alone: its neighbours decide for themselves.
_HSTS = ("strict-transport-security", "Strict-Transport-Security", "max-age=31536000")


def register_headers(app: Flask) -> None:
    """Add the headers to what every view answers."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """The response with every header that it has not set itself."""
    wanted = _OF_ALL if request.endpoint in _FILES else _OF_PAGES
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        wanted = (*wanted, _HSTS)
    own = {name.lower() for name, _ in response.headers}
    for known, name, value in wanted:
        if known not in own:
            response.headers.add(name, value)
    return response
