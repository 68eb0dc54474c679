"""Reads an export of conversations in a confined child, and stores them one after another.

Keeps true: what has been stored stays, so that a reading that was cut off goes on where it was; the
child is gone when `store` ends. Imports reading and conversations.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from chat import audit
from chat.audit import Action
from chat.conversations import store_talk
from chat.database import Database
from chat.knowledge.reading.messages import Progress, Refusal
from chat.knowledge.reading.process import ENVIRONMENT, ReadingBounds

_MODULE = "chat.knowledge.reading.talks_child"
_ROOT = Path(__file__).parents[2]
_LONGEST_LINE = 64 * 1024 * 1024
_AT_ONCE = 10  # conversations of one transaction, before which it is asked whether they are wanted
_MUCH = 100_000  # letters of them; a long conversation is stored by itself
_A_MESSAGE = 500  # letters that its row costs as much as
_BREATH = 0.015  # seconds before each; who waits for the lock looks every 10 ms at most
_CUT_OFF = (
    "Reading it ended without a result: it is damaged, or takes more memory or time than it may. "
    "What was read in before stays; the same file again goes on with the rest."
)


class TalkReading:
    """The reading of one export; `stop` it from anywhere."""

    def __init__(self, file: BinaryIO, name: str, bounds: ReadingBounds) -> None:
        self._name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", _MODULE, str(bounds.memory), str(bounds.seconds)],
            cwd=_ROOT,
            env=ENVIRONMENT,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """End the process at once."""
        with suppress(ProcessLookupError):
            self._process.kill()

    def store(
        self,
        database: Database,
        owner_id: str,
        is_wanted: Callable[[], bool],
        show: Callable[[Progress], None],
    ) -> list[dict[str, Any]]:
        """Store every conversation for its owner; one result, as the row of an upload keeps it."""
        total, first, counts = 0, "", Counter[str]()
        try:
            for talks, last in self._batches():
                if talks and not is_wanted():
                    return []
                time.sleep(_BREATH)
                with database.writing() as session:
                    told = [store_talk(session, owner_id, talk) for talk in talks]
                first = first or next((place for place, _ in told), "")
                counts.update(stored for _, stored in told)
                total, done = last.get("total", total), counts.total()
                show(Progress("conversations", done, max(total, done)))
                if "reason" in last:
                    return [_refused(self._name, last["reason"], last["detail"])]
                if "end" in last:
                    return [_stored(self._name, first, counts)]
            return [_refused(self._name, "crashed", _CUT_OFF)]
        finally:
            self.stop()
            with closing(self._process.stdout):  # type: ignore[type-var]
                self._process.wait()

    def _batches(self) -> Iterator[tuple[list[dict[str, Any]], dict[str, Any]]]:
        """Some conversations, and what else the child says after them."""
        talks: list[dict[str, Any]] = []
        for line in self._lines():
            is_talk = not line.keys() & {"total", "reason", "end"}
            talks += [line] if is_talk else []
            if not is_talk or len(talks) == _AT_ONCE or sum(map(_size, talks)) >= _MUCH:
                yield talks, {} if is_talk else line
                talks = []
        yield talks, {}

    def _lines(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None
        while row := self._process.stdout.readline(_LONGEST_LINE):
            try:
                yield json.loads(row)
            except ValueError:
                return


def note_imported(
    session: Session, owner_id: str | None, upload_id: str, results: list[dict[str, Any]]
) -> None:
    """Conversations were read in, or could not be, in this transaction."""
    [result] = results or [{}]
    told = {name: result.get(name) for name in ("made", "known", "reason")}
    subject = f"upload:{upload_id}"
    audit.append(session, Action.CONVERSATIONS_IMPORTED, actor_id=owner_id, subject=subject, **told)


def _size(talk: dict[str, Any]) -> int:
    return sum(_A_MESSAGE + len(said["content"]) for said in talk["messages"])


def _refused(name: str, reason: str, detail: str) -> dict[str, Any]:
    refusal = Refusal(name, reason, detail)
    return {"name": refusal.origin, "reason": reason, "detail": detail, "retryable": False}


def _stored(name: str, first: str, counts: Counter[str]) -> dict[str, Any]:
    told = {"made": counts["new"], "grown": counts["grown"], "known": counts["known"]}
    return {"id": first, "name": name, **told}
