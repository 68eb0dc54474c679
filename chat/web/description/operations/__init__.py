"""The routes of the API, each with what is its own: a row for each, a file for each area.

A new route has its row here; tests/unit/test_api_description.py says when one is missing.
"""

from collections.abc import Mapping

from chat.web.description.operation import Operation
from chat.web.description.operations import knowledge, places, talks

AREAS: Mapping[str, Mapping[str, Operation]] = {
    "Conversations": talks.OPERATIONS,
    "Knowledge": knowledge.OPERATIONS,
    "Spaces and the site": places.OPERATIONS,
}
