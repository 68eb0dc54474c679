"""Conversations, their messages, ratings and links. Imports the bodies and the shapes."""

from chat.web.bodies import Change, Choice, NewConversation, Send
from chat.web.description import streams
from chat.web.description.operation import STREAM, Answer, Operation, Parameter, number
from chat.web.description.shapes import talks as shapes
from chat.web.links import NewLink
from chat.web.rating import NewRating

_BEFORE = Parameter("before", "The `next` of the page before this one.")
_LIMIT = "How many at most."
_EVENTS = {200: Answer("The events of the run, to its end.", streams.RUN, STREAM)}
_EVENT_ID = {"type": "string", "pattern": "^([0-9]{1,9}-[0-9]{1,9})?$"}
_AFTER = (
    Parameter("after", "The same as `Last-Event-ID`, where a header cannot be sent.", _EVENT_ID),
    Parameter("Last-Event-ID", "The last event that was applied; those after it follow.",
              _EVENT_ID, place="header"),
)  # fmt: skip

OPERATIONS = {
    "POST /api/conversations": Operation(
        body=NewConversation,
        needs_body=False,
        answers={201: Answer("The conversation.", shapes.Conversation)},
        problems=frozenset({404}),  # its space
    ),
    "GET /api/conversations": Operation(
        query=(
            _BEFORE,
            Parameter("limit", _LIMIT, number(1, 200, 50)),
            Parameter("archived", "With `1`, those in the archive."),
        ),
        answers={200: Answer("A page of them.", shapes.Conversations)},
        problems=frozenset({404}),  # what `before` names
    ),
    "GET /api/conversations/{conversation_id}": Operation(
        answers={200: Answer("The conversation.", shapes.Conversation)}
    ),
    "PATCH /api/conversations/{conversation_id}": Operation(
        body=Change,
        needs_body=False,
        answers={200: Answer("The conversation as it is now.", shapes.Conversation)},
        problems=frozenset({409}),
    ),
    "DELETE /api/conversations/{conversation_id}": Operation(
        answers={204: Answer("It is gone.")},
        problems=frozenset({409}),  # an answer is being written
    ),
    "GET /api/conversations/{conversation_id}/messages": Operation(
        query=(
            Parameter("at", "A message that the path leads through."),
            _BEFORE,
            Parameter("limit", _LIMIT, number(1, 200, 30)),
        ),
        answers={200: Answer("A page of its messages.", shapes.Messages)},
    ),
    "POST /api/conversations/{conversation_id}/messages": Operation(
        body=Send,
        answers={200: Answer("The question, and the answer at its end.", shapes.Exchange)},
        problems=frozenset({409}),
    ),
    "POST /api/conversations/{conversation_id}/messages/stream": Operation(
        body=Send, answers=_EVENTS, problems=frozenset({409})
    ),
    "GET /api/messages/{message_id}": Operation(
        answers={200: Answer("The message.", shapes.Message)}
    ),
    "GET /api/messages/{message_id}/stream": Operation(query=_AFTER, answers=_EVENTS),
    "POST /api/messages/{message_id}/stop": Operation(
        answers={202: Answer("It stops.", shapes.Stopping)}
    ),
    "POST /api/messages/{message_id}/regenerate/stream": Operation(
        body=Choice, needs_body=False, answers=_EVENTS, problems=frozenset({409})
    ),
    "POST /api/messages/{message_id}/continue/stream": Operation(
        body=Choice, needs_body=False, answers=_EVENTS, problems=frozenset({409})
    ),
    "GET /api/messages/{message_id}/rating": Operation(
        answers={200: Answer("One's own rating, or null.", shapes.Rating | None)}
    ),
    "PUT /api/messages/{message_id}/rating": Operation(
        body=NewRating,
        answers={200: Answer("The rating.", shapes.Rating)},
        problems=frozenset({409}),  # while it is being written
    ),
    "DELETE /api/messages/{message_id}/rating": Operation(
        answers={204: Answer("It is withdrawn.")}
    ),
    "GET /api/conversations/{conversation_id}/links": Operation(
        answers={200: Answer("Those that work.", shapes.Links)}
    ),
    "POST /api/conversations/{conversation_id}/links": Operation(
        body=NewLink,
        needs_body=False,
        answers={201: Answer("The link, with its address.", shapes.MadeLink)},
        problems=frozenset({409}),
    ),
    "GET /api/links": Operation(answers={200: Answer("Those that work.", shapes.OwnLinks)}),
    "DELETE /api/links/{link_id}": Operation(answers={204: Answer("It is withdrawn.")}),
    "GET /api/events": Operation(
        query=(Parameter("conversation", "The conversation that the page shows."),),
        answers={200: Answer("What happens, for as long as it is read.", streams.NEWS, STREAM)},
    ),
}
