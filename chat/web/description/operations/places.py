"""Search for people, spaces, the state of the site, and this description. Imports the shapes."""

from chat.web.description.operation import Answer, Operation, Parameter, number, one_of
from chat.web.description.shapes import places as shapes

OPERATIONS = {
    "GET /api/search": Operation(
        query=(
            Parameter("q", "The words."),
            Parameter("what", "Only these.", one_of("", "conversations", "documents")),
            Parameter("space", "Only what is in this space."),
            Parameter("person", "Only where this person wrote."),
            Parameter("when", "Only what is newer.", one_of("", "week", "month", "year")),
            Parameter("limit", "How many at most.", number(1, 50, 20)),
        ),
        answers={200: Answer("The best results.", shapes.Results)},
        problems=frozenset({404}),  # the space
    ),
    "GET /api/spaces": Operation(answers={200: Answer("One's own.", shapes.Spaces)}),
    "GET /api/spaces/{space_id}": Operation(answers={200: Answer("The space.", shapes.WholeSpace)}),
    "GET /api/stream/status": Operation(answers={200: Answer("As it is now.", shapes.Status)}),
    "GET /api/openapi.json": Operation(
        is_open=True,
        answers={
            200: Answer("This description.", {"type": "object"}),
            304: Answer("It is what `If-None-Match` names."),
        },
    ),
}
