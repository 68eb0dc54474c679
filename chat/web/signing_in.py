"""The moment in which somebody who has proved who they are gets a session.

Keeps true: the session and its cookie are new each time, and the former one of this browser ends.
May import every floor below.
"""

import re
from datetime import timedelta

from flask import request

from chat.accounts import Credentials, sessions
from chat.accounts.sessions import Device
from chat.audit import Action
from chat.web.access import forget_sign_in, remember_sign_in
from chat.web.site import site
from chat.web.trail import note

_BROWSERS = (
    ("Edge", r"\bEdgA?/|\bEdgiOS/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"Chrome/|\bCriOS/|\bChromium/"),
    ("Safari", r"\bSafari/"),
    ("curl", r"^curl/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)
_ONE_DAY = timedelta(days=1)


def begin_session(credentials: Credentials, *, lasting: bool = True) -> bool:
    """Sign the browser in; False if the account changed since its password was checked.

    A session that is not `lasting` ends with the browser, and after a day on the server.
    """
    parts = site()
    lifetime = timedelta(days=parts.settings.session_days) if lasting else _ONE_DAY
    address = request.remote_addr or ""
    device = Device(device_name(request.user_agent.string), address)
    former = forget_sign_in()
    with parts.database.writing() as writing:
        if former is not None:
            sessions.end_by_token(writing, former)
        token = sessions.start(writing, credentials, device, lifetime)
        if token is not None:
            person_id = credentials.person_id
            note(writing, Action.SIGNED_IN, f"person:{person_id}", by=person_id, address=address)
    site().watch.look_everywhere()
    if token is None:
        return False
    with parts.database.reading() as reading:
        found = sessions.find(reading, token)
    if found is None:
        return False
    remember_sign_in(found.viewer, token, lasting=lasting)
    return True


def device_name(user_agent: str) -> str:
    """What its owner calls a device: `Firefox on Linux`."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "Unknown device"


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in patterns if re.search(pattern, text[:500])), "")
