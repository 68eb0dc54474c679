"""A send: checked, written in one transaction, and set going.

The one way in for the API and for the pages. May import every floor below answering.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chat import conversations
from chat.answering.allowing import Allowing
from chat.answering.auditing import note_shared
from chat.answering.context import Job, read_brief
from chat.answering.one_by_one import OneByOne
from chat.answering.runner import Runner
from chat.conversations import NOWHERE, Asked, NewPlace, Wish
from chat.database import Database, objects_on
from chat.errors import Conflict, Invalid, TooLarge, TooManyRuns
from chat.eventlog.live import LiveLog
from chat.safety.guard import Bounds, check_message
from chat.spaces import Brief
from chat.values import Viewer

Write = Callable[[Connection, Wish], Asked]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a send led to; `log` is that of the run when this send started it."""

    asked: Asked
    log: LiveLog | None


class Sending:
    """Starts answers, as many as `allowing` lets a person ask for.

    Only what starts something new is counted: a repeated send finds what it had started. `admit`
    may raise RateLimited for what is counted elsewhere.
    """

    def __init__(
        self,
        database: Database,
        runner: Runner,
        *,
        bounds: Bounds,
        allowing: Allowing,
        admit: Callable[[Viewer, Asked], None] = lambda _viewer, _asked: None,
    ) -> None:
        self._database = database
        self._runner = runner
        self._bounds = bounds
        self._allowing = allowing
        self._one_by_one = OneByOne()
        self._admit = admit

    def ask(
        self,
        viewer: Viewer,
        conversation_id: str | None,
        content: str,
        wish: Wish,
        *,
        parent_id: str | None = None,
        at_leaf: bool = True,
        new_in: NewPlace = NOWHERE,
    ) -> Sent:
        """Ask a question, in a conversation that exists or, without an id, in a new one.

        `new_in` is where the new one is made.
        """
        text = self.check(content)

        def write(writing: Connection, wish: Wish) -> Asked:
            if conversation_id is None:
                with objects_on(writing) as session:
                    asked = conversations.ask_first(session, viewer, text, wish, new_in)
                    note_shared(session, viewer, asked, new_in)
                    return asked
            return conversations.ask(
                writing, viewer, conversation_id, text, wish, parent_id=parent_id, at_leaf=at_leaf
            )

        return self._start(viewer, wish, write)

    def ask_again(self, viewer: Viewer, message_id: str, wish: Wish) -> Sent:
        """A sibling answer to the same question, which is written now."""

        def write(writing: Connection, wish: Wish) -> Asked:
            with objects_on(writing) as session:
                return conversations.ask_again(session, viewer, message_id, wish)

        return self._start(viewer, replace(wish, cached=False), write)

    def go_on(self, viewer: Viewer, message_id: str, wish: Wish) -> Sent:
        """Finish an answer that was cut short, with the provider and depth that it began with."""

        def write(writing: Connection, wish: Wish) -> Asked:
            with objects_on(writing) as session:
                return conversations.go_on(session, viewer, message_id, wish)

        return self._start(viewer, replace(wish, cached=False), write)

    def check(self, content: str) -> str:
        """The text of a message as it may be stored; Invalid or TooLarge says what to do."""
        verdict = check_message(content, self._bounds)
        if verdict.reason == "too_long":
            raise TooLarge(verdict.advice)
        if verdict.decision == "refuse":
            raise Invalid(verdict.advice)
        return verdict.text

    def _start(self, viewer: Viewer, wish: Wish, write: Write) -> Sent:
        self._runner.check(wish.provider, wish.model)
        with self._one_by_one.turn(viewer.id):
            return self._start_in_turn(viewer, wish, write)

    def _start_in_turn(self, viewer: Viewer, wish: Wish, write: Write) -> Sent:
        wish = replace(wish, owner_id=self._runner.owner_id(), allowance=self._allowing.of(viewer))
        try:
            asked, brief = self._write(viewer, wish, write)
        except (Conflict, TooManyRuns):
            if not self._runner.end_unowned():
                raise
            asked, brief = self._write(viewer, wish, write)  # that was not running any more
        if not asked.is_new:
            return Sent(asked, None)
        return self._run(Job.of(asked, viewer, brief, cached=wish.cached))

    def _write(self, viewer: Viewer, wish: Wish, write: Write) -> tuple[Asked, Brief]:
        with self._database.changing() as writing:
            asked = write(writing, wish)
            brief = read_brief(writing, asked)
            if asked.is_new:  # a refusal undoes what was written
                self._runner.check_turn(viewer, asked)
                self._runner.check_question(asked, brief)
                self._admit(viewer, asked)
            return asked, brief

    def _run(self, job: Job) -> Sent:
        try:
            return Sent(job.asked, self._runner.start(job))
        except Exception:
            if not self._runner.is_leaving:  # or another process goes on with it
                self._runner.give_up(job.message_id)
            raise
