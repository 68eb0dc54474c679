"""What the fields of bodies may hold, beyond their types: the words of closed sets, the lengths.

Keeps true: each narrows what the type already says; who checks a field is its domain, this only
tells of it. Imports the closed sets.
"""

from collections.abc import Mapping
from typing import Any

from chat.conversations.links import DAYS
from chat.conversations.ratings import REASONS
from chat.conversations.threads import TITLE_CHARS, VISIBILITIES

_NULL: Mapping[str, Any] = {"type": "null"}
_ID: Mapping[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_CLIENT_ID: Mapping[str, Any] = {
    "anyOf": [{"type": "string", "pattern": "^[ -~]{1,64}$"}, _NULL],
    "default": None,
    "description": "A UUID of the client's choice: who sends the same again gets the same run.",
}
_PROVIDER = {
    "type": "string",
    "default": "",
    "description": "Who writes: a name that the site has, or empty.",
    "examples": ["library", ""],
}
_CHOICE: dict[str, Mapping[str, Any]] = {"client_id": _CLIENT_ID, "provider": _PROVIDER}
_SPACE = {"anyOf": [_ID, _NULL]}
_VISIBILITY = {"type": "string", "enum": list(VISIBILITIES)}

FIELDS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "Choice": _CHOICE,
    "Send": _CHOICE | {"content": {"type": "string", "minLength": 1}, "parent_id": _SPACE},
    "NewConversation": {
        "space_id": _SPACE | {"default": None},
        "visibility": _VISIBILITY | {"default": "private"},
    },
    "Change": {
        "title": {"anyOf": [{"type": "string", "minLength": 1}, _NULL],
                  "description": f"Cut to {TITLE_CHARS} characters."},
        "space_id": _SPACE,
        "visibility": {"anyOf": [_VISIBILITY, _NULL]},
    },
    "NewLink": {"days": {"type": "integer", "enum": list(DAYS), "default": 7}},
    "NewRating": {
        "reason": {"type": "string", "default": "",
                   "enum": list(dict.fromkeys(["", *REASONS[True], *REASONS[False]])),
                   "description": "Those of a good answer, and those of a poor one."},
    },
    "NewDocument": {
        "text": {"type": "string", "minLength": 1},
        "kind": {"type": "string", "enum": ["markdown", "text"], "default": "markdown"},
        "space_id": _SPACE | {"default": None},
    },
    "NewPage": {
        "address": {"type": "string", "format": "uri"},
        "space_id": _SPACE | {"default": None},
        "same_name": {"type": "string", "enum": ["replace", "keep"], "default": "replace"},
    },
}  # fmt: skip


def narrow(schemas: dict[str, Any]) -> None:
    """Say in the schemas of bodies what their fields may hold; KeyError for one of no body."""
    for name, fields in FIELDS.items():
        known = schemas[name]["properties"]
        known.update({field: dict(said) for field, said in fields.items() if known[field]})
