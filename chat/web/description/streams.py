"""What an event stream holds. In OpenAPI 3.1 the schema of such a stream is that of one event.

The events of a run come from their own types. Imports the events.
"""

from typing import Any

import msgspec

from chat import events

_REF = "#/components/schemas/{name}Event"
RUN = {"$ref": "#/components/schemas/RunEvent"}
NEWS = {
    "type": "object",
    "description": "An event without an id; which there are is in docs/protocol.md.",
    "required": ["event", "data"],
    "properties": {
        "event": {
            "type": "string",
            "examples": ["hello", "conversation", "run", "presence", "resync"],
        },
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"type": "object"},
        },
    },
}


def components() -> dict[str, Any]:
    """The schemas of the events of a run, `RunEvent` over them all."""
    kinds = list(events.ALL.values())
    _, named = msgspec.json.schema_components(kinds, ref_template=_REF)
    schemas: dict[str, Any] = {f"{name}Event": schema for name, schema in named.items()}
    schemas["RunEvent"] = {
        "description": "One event of a run, as its frame carries it.",
        "oneOf": [_framed(kind) for kind in kinds],
    }
    return schemas


def _framed(kind: type[events.Event]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "event", "data"],
        "properties": {
            "id": {"type": "string", "pattern": "^[1-9][0-9]*-[1-9][0-9]*$"},
            "event": {"const": kind.name},
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"$ref": _REF.format(name=kind.__name__)},
            },
        },
    }
