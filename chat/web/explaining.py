"""What the Why panel shows beyond what is stored with an answer: it is looked up when it is opened.

The sources in the midst of their passages, the concepts as a graph, the tone. Keeps true: an answer
that is being written pays for none of it; of the library only what the viewer may read is shown.
May import every floor below web.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from chat.conversations import MessageView
from chat.errors import NotFound
from chat.knowledge.cited import CitedPassage, cited_passages
from chat.knowledge.concept_map import ConceptMap, map_concepts
from chat.knowledge.tone import Tone, tone_of
from chat.web.access import current_viewer, signed_in
from chat.web.concept_graph import Graph, draw
from chat.web.conversation_page import read_message
from chat.web.site import site

blueprint = Blueprint("explaining", __name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked up for one answer."""

    passages: dict[str, CitedPassage]
    concepts: ConceptMap
    graph: Graph | None
    tone: Tone | None


@blueprint.get("/c/<conversation_id>/m/<message_id>/why")
@signed_in
def why(conversation_id: str, message_id: str) -> str:
    """Why an answer says what it says, as a page, or with `?fragment=1` as the panel's parts."""
    found, shown = read_message(conversation_id, message_id)
    if shown.conversation_id != found.id or shown.role != "assistant":
        raise NotFound("There is no answer of that name in this conversation.")
    template = "chat/why_parts.html" if "fragment" in request.args else "chat/why_page.html"
    return render_template(template, c=found, m=shown, looked=look_up(shown))


def look_up(answer: MessageView) -> Looked:
    """What the panel of this answer shows to the current viewer."""
    details, spaces = answer.details, current_viewer().space_ids
    cited = [source["passage_id"] for source in _listed(details.get("sources"))]
    names = [str(name) for name in details.get("concepts_used") or []]
    with site().database.reading() as session:
        passages = cited_passages(session, cited, spaces)
        concepts = map_concepts(session, names, spaces)
    return Looked(passages, concepts, draw(concepts), tone_of(answer.content))


def _listed(sources: Any) -> list[dict[str, Any]]:
    """The sources that name a passage."""
    return [source for source in sources or [] if source.get("passage_id")]
