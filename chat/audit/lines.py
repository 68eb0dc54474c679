"""An entry as a line of JSON, for exports. Imports the plain ground and the chain."""

from datetime import UTC

import msgspec

from chat.audit.chain import Entry


def as_line(entry: Entry) -> str:
    """One line, without its end; the seal can be computed again from it (`chain.seal`)."""
    return msgspec.json.encode(
        {
            "number": entry.number,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_id": entry.actor_id,
            "action": entry.action,
            "subject": entry.subject,
            "details": msgspec.Raw(entry.details.encode()),
            "hash": entry.hash,
        }
    ).decode()
