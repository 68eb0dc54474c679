"""The page that a link to a conversation leads to, for who has no account.

Keeps true: it only reads; nobody finds it by searching the web, and no other site learns its
address; who tries addresses that lead nowhere has to wait. May import every floor below web.
"""

from flask import Blueprint, Response, make_response, render_template, request

from chat import conversations
from chat.accounts.tokens import token_hash
from chat.errors import NotFound
from chat.web.errors import wants_problem
from chat.web.site import site
from chat.web.throttle import network_of, throttle_of

blueprint = Blueprint("shared", __name__)
_OVER = "This link does not work, or not any more. Ask whoever sent it for another one."
_HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"}


@blueprint.get("/s/<token>")
def show(token: str) -> Response:
    """A conversation as it was when the link was made."""
    throttle = throttle_of("shared", "Too many links that do not work.")
    place = f"address {network_of(request.remote_addr)}"
    throttle.check(place)
    with site().database.reading() as session:
        talk = conversations.read_shared(session, token_hash(token))
    if talk is None:
        throttle.hit(place)
        return _gone()
    response = make_response(render_template("share/shared.html", talk=talk))
    response.headers.update(_HEADERS)
    return response


def _gone() -> Response:
    if wants_problem():
        raise NotFound(_OVER)
    body = render_template("auth/gone.html", title="This link is over", text=_OVER)
    return make_response(body, 404, _HEADERS)
