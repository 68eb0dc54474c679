"""The shapes of documents, uploads, imports and concepts. Imports msgspec."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.web.description.shapes.plain import Count, Id, Time


class Document(Struct):
    """A document of the library; `passages` is how many it was cut into."""

    id: Id
    space_id: Id
    title: str
    kind: str
    origin: str
    handbook: bool
    passages: Count
    created_at: Time
    version: Annotated[int, Meta(ge=1)]
    duplicate: bool


class ListedDocument(Document):
    """The same with the name of who added it; empty where nobody did."""

    added_by: str | None


class Documents(Struct):
    """A page of documents; `total` and `passages` count all of them, `next` is an offset."""

    items: list[ListedDocument]
    total: Count
    passages: Count
    next: Count | None


class Part(Struct):
    """A passage of a document; `place` is where it is in its file."""

    id: Id
    heading: str
    place: str
    text: str


class WholeDocument(Document):
    """A document with its text and its first 100 passages."""

    text: str
    parts: list[Part]


class AddedDocument(Struct):
    """A document that was given as text."""

    items: Annotated[list[Document], Meta(min_length=1, max_length=1)]


class DocumentOfUpload(Struct):
    """A document that came of an upload."""

    id: Id
    name: str
    title: str
    passages: Count
    duplicate: bool
    version: Annotated[int, Meta(ge=1)]


class Refusal(Struct):
    """A file that could not be read, and what to do about it."""

    name: str
    reason: str
    detail: str
    code: str


class Upload(Struct):
    """A file that waits to be read, is being read, or was; `done` of `total` is in `unit`."""

    id: Id
    space_id: Id
    name: str
    size: Count
    state: Literal["waiting", "reading", "done", "failed"]
    unit: str
    done: Count
    total: Count
    message: str
    retryable: bool
    documents: list[DocumentOfUpload]
    refused: list[Refusal]
    created_at: Time


class Uploads(Struct):
    """One's own files of the last day."""

    items: list[Upload]


class Import(Struct):
    """An export of another site that is read in: `made` are new, `grown` went on since."""

    id: Id
    name: str
    size: Count
    state: Literal["waiting", "reading", "done", "failed"]
    done: Count
    total: Count
    message: str
    made: Count
    grown: Count
    known: Count
    refused: list[Refusal]


class Imports(Struct):
    """One's own imports of the last day."""

    items: list[Import]


class Concept(Struct):
    """A name or a phrase that documents use; `key` is the stems of its words."""

    key: str
    name: str
    passages: Count


class ConceptLink(Struct):
    """Two concepts, by their places among the items, and how strongly they belong together."""

    of: Annotated[list[Count], Meta(min_length=2, max_length=2)]
    passages: Count
    strength: float


class ConceptGraph(Struct):
    """The weightiest concepts and their links, of `passages` in all."""

    items: list[Concept]
    links: list[ConceptLink]
    passages: Count


class Neighbour(Concept):
    """A concept that is linked to another; `passages` mention both."""

    strength: float


class Mention(Struct):
    """A passage that mentions a concept."""

    passage_id: Id
    document_id: Id
    title: str
    heading: str
    place: str
    quote: str


class ConceptPage(Concept):
    """One concept with its strongest links, and some of the passages that mention it."""

    documents: Count
    links: list[Neighbour]
    items: list[Mention]
    next: Count | None
