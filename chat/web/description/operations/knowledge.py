"""Documents, uploads, imports, concepts. Imports the bodies and the shapes."""

from chat.knowledge.graph import MOST
from chat.web.concepts import USUAL
from chat.web.description.operation import Answer, Operation, Parameter, number, one_of
from chat.web.description.shapes import library as shapes
from chat.web.documents import NewDocument
from chat.web.uploads import NewPage

_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_FILES = {"type": "array", "items": _FILE, "minItems": 1, "maxItems": 100}
_SPACE = Parameter("space", "Only what is in this space.")
_DOCUMENT = Parameter("document", "Only what is in this document.")
_OFFSET = Parameter("offset", "How many to leave out.", number(0, 99_999_999, 0))

OPERATIONS = {
    "GET /api/documents": Operation(
        query=(
            _SPACE,
            Parameter("q", "Only titles that hold it."),
            _OFFSET,
            Parameter("limit", "How many at most.", number(1, 200, 50)),
        ),
        answers={200: Answer("A page of them, newest first.", shapes.Documents)},
        problems=frozenset({404}),  # the space
    ),
    "POST /api/documents": Operation(
        body=NewDocument,
        form={
            "type": "object",
            "required": ["file"],
            "properties": {
                "file": _FILES,
                "space_id": {"type": "string"},
                "same_name": one_of("replace", "keep"),
            },
        },
        answers={
            200: Answer("The text was there before.", shapes.AddedDocument),
            201: Answer("The document.", shapes.AddedDocument),
            202: Answer("The files wait to be read.", shapes.Uploads),
        },
        problems=frozenset({404, 409}),  # the space; the same text is being added
    ),
    "GET /api/documents/{document_id}": Operation(
        answers={200: Answer("The document.", shapes.WholeDocument)}
    ),
    "DELETE /api/documents/{document_id}": Operation(
        answers={204: Answer("It is gone.")}, problems=frozenset({409})
    ),
    "GET /api/concepts": Operation(
        query=(
            Parameter("limit", "How many concepts at most.", number(1, MOST, USUAL)),
            _SPACE,
            _DOCUMENT,
        ),
        answers={200: Answer("The graph of them.", shapes.ConceptGraph)},
        problems=frozenset({404}),
    ),
    "GET /api/concepts/{key}": Operation(
        query=(
            _SPACE,
            _DOCUMENT,
            _OFFSET,
            Parameter("limit", "How many passages at most.", number(1, 100, 20)),
        ),
        answers={200: Answer("The concept.", shapes.ConceptPage)},
    ),
    "GET /api/uploads": Operation(answers={200: Answer("One's own.", shapes.Uploads)}),
    "POST /api/uploads": Operation(
        body=NewPage,
        answers={202: Answer("It waits to be read.", shapes.Upload)},
        problems=frozenset({404}),  # the space; or no pages are read here
    ),
    "GET /api/uploads/{upload_id}": Operation(answers={200: Answer("It.", shapes.Upload)}),
    "DELETE /api/uploads/{upload_id}": Operation(answers={204: Answer("It is gone.")}),
    "POST /api/uploads/{upload_id}/retry": Operation(
        answers={202: Answer("It waits to be read.", shapes.Upload)},
        problems=frozenset({409}),  # it has not failed, or its file is gone
    ),
    "GET /api/imports": Operation(answers={200: Answer("One's own.", shapes.Imports)}),
    "POST /api/imports": Operation(
        form={"type": "object", "required": ["file"], "properties": {"file": _FILE}},
        answers={202: Answer("It waits to be read.", shapes.Import)},
    ),
}
