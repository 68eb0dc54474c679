"""Which settings changed since the last start: their names, never what they are set to.

Keeps true: what is kept of a value is an HMAC with the site's secret key, cut to half. May import
the plain ground and the tables.
"""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from chat.audit.actions import Action
from chat.audit.trail import append, take_turn
from chat.database import Database, Statements
from chat.environment import Fingerprints
from chat.models import SeenSetting

_KEY = "SECRET_KEY"  # with another one, all fingerprints are others


def note_settings(database: Database, now: Fingerprints) -> list[str]:
    """Tell the trail of settings that are not as they were; which these are."""
    with database.reading() as session:
        if _seen(session) == now.all:
            return []
    with database.writing() as session:
        take_turn(session)
        changed = _changed(_seen(session), now)
        session.execute(delete(SeenSetting))
        rows = [{"name": name, "fingerprint": one} for name, one in now.all.items()]
        session.execute(insert(SeenSetting), rows)
        if changed:
            append(session, Action.SETTINGS_CHANGED, actor_id=None, names=changed)
    return changed


def _seen(session: Statements) -> dict[str, str]:
    rows = session.execute(select(SeenSetting.name, SeenSetting.fingerprint))
    return {name: fingerprint for name, fingerprint in rows}


def _changed(before: Mapping[str, str], now: Fingerprints) -> list[str]:
    """A setting that was not known then has changed where it is set now."""
    if not before:
        return []
    if before.get(_KEY) != now.all[_KEY]:
        return [_KEY]
    names = before.keys() | now.all.keys()
    return sorted(
        name
        for name in names
        if (before[name] != now.all.get(name) if name in before else name in now.given)
    )
