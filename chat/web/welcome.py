"""What a new chat offers: how much the library holds, and questions that it can answer.

Keeps true: a question is made from a title and a heading that the library really has. May import
every floor below.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from chat.knowledge import catalogue
from chat.knowledge.catalogue import Totals
from chat.values import utc_now

_ASKS = 4


@dataclass(frozen=True, slots=True)
class Ask:
    """A suggested question, and the title of the document that answers it."""

    text: str
    title: str


def library_totals(session: Session, space_ids: Sequence[str]) -> Totals:
    """How many documents and passages the answers of these spaces are made from."""
    return catalogue.count_documents(session, space_ids)


def suggest_questions(session: Session, space_ids: Sequence[str]) -> list[Ask]:
    """Up to four questions, each from another document: the team's own first, then the handbook."""
    found: list[Ask] = []
    for entry in catalogue.find_documents(session, space_ids, limit=2 * _ASKS):
        title = entry.document.title
        passages = catalogue.read_passages(session, entry.document.id)
        headings = dict.fromkeys(_innermost(passage.heading) for passage in passages)
        usable = [heading for heading in headings if heading and heading != title]
        if usable:
            # Another one each day, so that a page that is opened often does not go stale.
            heading = usable[utc_now().timetuple().tm_yday % len(usable)]
            found.append(Ask(_question(heading, title), title))
        if len(found) == _ASKS:
            break
    return found


def _innermost(heading: str) -> str:
    """The innermost heading of a path such as `Deploying > Behind nginx`."""
    return heading.rsplit(" > ", 1)[-1].strip()


def _question(heading: str, title: str) -> str:
    if heading.endswith("?"):
        return heading
    return f"What does “{title}” say about {heading[:1].lower()}{heading[1:]}?"
