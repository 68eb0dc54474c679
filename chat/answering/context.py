"""What an answer is made from: the conversation so far, and what the library holds.

May import every floor below answering.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from chat import accounts, conversations, spaces
from chat.database import Database, Statements
from chat.errors import NotFound
from chat.eventlog.notices import Audience
from chat.knowledge.hybrid import Way
from chat.knowledge.meaning.nearest import Embedded
from chat.knowledge.search import search
from chat.spaces import Brief
from chat.values import Retrieval, Turn, Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One attempt at one answer: plain values only, so that it needs no request and no session.

    `space_ids` are those whose documents it is made from, `brief` is what its space asks for.
    `cached` says that an answer of before to the same question will do.
    """

    asked: conversations.Asked
    viewer: Viewer
    audience: Audience
    space_ids: Sequence[str]
    brief: Brief = field(default_factory=Brief)
    cached: bool = False

    @classmethod
    def of(
        cls, asked: conversations.Asked, viewer: Viewer, brief: Brief, *, cached: bool = False
    ) -> "Job":
        """The job of what `viewer` has asked, whose right to that was checked.

        In a private conversation without a space everything that they may read is searched.
        """
        return cls(
            asked=asked,
            viewer=viewer,
            audience=Audience(
                asked.owner_id, asked.space_id if asked.visibility == "space" else None
            ),
            space_ids=[s for s in viewer.space_ids if asked.space_id in (None, s)],
            brief=brief,
            cached=cached,
        )

    @property
    def message_id(self) -> str:
        return self.asked.message_id

    @property
    def attempt(self) -> int:
        return self.asked.attempt


def read_brief(session: Statements, asked: conversations.Asked) -> Brief:
    """What the space of a question asks for."""
    return spaces.read_brief(session, asked.space_id, asked.owner_id)


def find_asker(session: Session, person_id: str, conversation_id: str) -> Viewer | None:
    """Who asked, as they may look now; None when they may not ask there any more."""
    viewer = accounts.find_viewer(session, person_id)
    if viewer is None or not conversations.may_ask(session, viewer, conversation_id):
        return None
    return viewer


def read_job_anew(database: Database, job: Job) -> Job:
    """The job of a question that has waited, as it would be if it were asked now.

    NotFound when who asked may not ask there any more.
    """
    with database.reading() as session:
        asked = conversations.read_asked(session, job.message_id, is_new=True)
        viewer = find_asker(session, job.viewer.id, asked.conversation_id)
        if viewer is None:
            raise NotFound("Who asked this may not ask here any more.")
        return Job.of(asked, viewer, read_brief(session, asked), cached=job.cached)


def load_history(database: Database, job: Job, turns: int) -> list[Turn]:
    """The newest `turns` before the question, oldest first."""
    with database.querying() as session:
        return conversations.read_history(session, job.asked.history_from, turns)


def search_library(
    database: Database,
    job: Job,
    history: Sequence[Turn],
    way: Way = Way.BOTH,
    embedded: Embedded | None = None,
) -> Retrieval:
    """What the documents that the asker may read hold about the question."""
    with database.querying() as session:
        return search(
            session,
            job.asked.question,
            space_ids=job.space_ids,
            depth=job.asked.depth,
            history=history,
            way=way,
            embedded=embedded,
        )


def estimate_tokens(texts: Sequence[str]) -> int:
    """Tokens by the usual rule of four characters each; an estimate, named so where shown."""
    return sum((len(text) + 3) // 4 for text in texts)
