"""What is written into Redis: the names of the streams, and what an entry holds.

Keeps true: a group's entry has the id `<attempt>-<last seq>`, so that Redis itself refuses what is
out of order or of an earlier attempt. One Redis database belongs to one site. May import the plain
ground and backplane.
"""

from collections.abc import Mapping

from chat.eventlog.backplane import Announcement, Group
from chat.events import EventId

ANNOUNCEMENTS = "parley:announcements"
_LOG = "parley:log:"
_WAKE = "parley:wake:"
Fields = Mapping[bytes, bytes]


def log_key(message_id: str) -> str:
    return _LOG + message_id


def wake_key(process_id: str) -> str:
    return _WAKE + process_id


def message_of(key: bytes) -> str:
    """The message whose log a stream is."""
    return key.decode()[len(_LOG) :]


def group_id(group: Group) -> str:
    return f"{group.attempt}-{group.last_seq}"


def group_fields(group: Group) -> dict[str, bytes | int]:
    return {"first": group.first_seq, "frames": group.frames}


def read_group(message_id: str, entry_id: bytes, fields: Fields) -> Group:
    last = EventId.parse(entry_id.decode())
    return Group(message_id, last.attempt, int(fields[b"first"]), last.seq, fields[b"frames"])


def announcement_fields(sender_id: str, announcement: Announcement) -> dict[str, bytes | str]:
    return {"from": sender_id, "name": announcement.name, "data": announcement.data}


def read_announcement(fields: Fields, *, but_from: str) -> Announcement | None:
    """What somebody else tells; None for what `but_from` told itself."""
    if fields[b"from"] == but_from.encode():
        return None
    return Announcement(fields[b"name"].decode(), fields[b"data"])
