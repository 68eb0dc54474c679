"""The uploads of a person: what was sent, how far its reading is, what came of it.

Keeps true: an upload is read by one process at a time; whoever withdraws one ends its reading; a
person sees their own alone, and only while they are in its space. Imports the plain ground and the
tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from chat.errors import Conflict, NotFound, RateLimited
from chat.models import Member, Upload, User
from chat.values import SpaceRole, Viewer, utc_now

DOCUMENT, TALKS = "document", "talks"  # kinds of uploads
STALE = timedelta(seconds=15)  # without a beat: then whoever read it is gone
MOST_OPEN = 300  # files of one person that wait, are read, or have failed
AT_ONCE = 2  # files that are read at the same time, however many processes serve
_KEPT = timedelta(days=1)  # that what became of an upload is shown
_LOOKED_AT = 20
_MOST_LISTED = 2 * MOST_OPEN
_UNFINISHED = Upload.state.in_(["waiting", "reading"])


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload as its owner sees it; `results` are those of `documents_of` and refusals."""

    id: str
    space_id: str
    added_by: str
    kind: str
    name: str
    size: int
    sha256: str
    replaces: bool
    state: str
    unit: str
    done: int
    total: int
    results: Sequence[dict[str, Any]]
    created_at: datetime

    @property
    def is_over(self) -> bool:
        return self.state in {"done", "failed"}


def begin(session: Session, viewer: Viewer, space_id: str, **given: Any) -> UploadView:
    """A new upload, waiting: `id`, `name`, `size`, `sha256` and `replaces` are given."""
    mine = select(func.count(Upload.id)).where(Upload.added_by == viewer.id, Upload.state != "done")
    if (session.scalar(mine) or 0) >= MOST_OPEN:
        raise RateLimited(
            f"{MOST_OPEN} of your files wait to be read or could not be. Dismiss some, or wait.",
            retry_after=30,
        )
    upload = Upload(space_id=space_id, added_by=viewer.id, results=[], **given)
    session.add(upload)
    session.flush()
    return _view(upload)


def end_at_once(session: Session, upload_id: str, results: Sequence[dict[str, Any]]) -> UploadView:
    """Let a new upload be done without being read."""
    upload = session.get_one(Upload, upload_id)
    upload.state, upload.results = "done", list(results)
    session.flush()
    return _view(upload)


def find_mine(session: Session, viewer: Viewer, *, kind: str = DOCUMENT) -> list[UploadView]:
    """The viewer's uploads of the last day, oldest first; of very many the newest."""
    recent = Upload.kind == kind, Upload.created_at > utc_now() - _KEPT
    query = select(Upload).where(*_mine(viewer), *recent)
    newest = query.order_by(Upload.created_at.desc(), Upload.id.desc()).limit(_MOST_LISTED)
    return [_view(upload) for upload in session.scalars(newest)][::-1]


def get_mine(session: Session, viewer: Viewer, upload_id: str) -> UploadView:
    """One upload of the viewer's. NotFound for anybody else's."""
    return _view(_get(session, viewer, upload_id))


def withdraw(session: Session, viewer: Viewer, upload_id: str) -> None:
    """Forget an upload; one that is being read ends. NotFound for anybody else's."""
    session.delete(_get(session, viewer, upload_id))


def try_again(session: Session, viewer: Viewer, upload_id: str) -> UploadView:
    """Let a failed upload wait once more. Conflict when it has not failed."""
    upload = _get(session, viewer, upload_id)
    if upload.space_id not in viewer.writable_ids:
        raise NotFound("You may read in this space, not write. Ask one of its owners.")
    if upload.state != "failed":
        raise Conflict("Only what has failed can be tried again.")
    upload.state, upload.results = "waiting", []
    upload.unit, upload.done, upload.total = "", 0, 0
    session.flush()
    return _view(upload)


def waiting(session: Session) -> list[str]:
    """The uploads that wait for a process, or whose process is gone; oldest first.

    None while enough is read by others: who reads takes the next one.
    """
    under_way = select(func.count(Upload.id)).where(Upload.state == "reading", ~_is_free())
    if (session.scalar(under_way) or 0) >= AT_ONCE:
        return []
    query = select(Upload.id).where(_is_free()).order_by(Upload.created_at, Upload.id)
    return list(session.scalars(query.limit(_LOOKED_AT)))


def any_unfinished(session: Session) -> bool:
    """Whether something is waiting or being read, by whomever."""
    return session.scalar(select(Upload.id).where(_UNFINISHED).limit(1)) is not None


def claim(session: Session, upload_id: str, reader: str) -> UploadView | None:
    """Take an upload for this reader; None when another one was first."""
    taken = session.execute(
        update(Upload)
        .where(Upload.id == upload_id, _is_free())
        .values(state="reading", reader=reader, beat_at=utc_now(), unit="", done=0, total=0)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    return _view(session.get_one(Upload, upload_id, populate_existing=True))


def beat(session: Session, upload_id: str, reader: str, unit: str, done: int, total: int) -> bool:
    """Say how far the reading is; False when it is no more this reader's to read."""
    progress = {"unit": unit, "done": done, "total": total, "beat_at": utc_now()}
    told = session.execute(update(Upload).where(*_held(upload_id, reader)).values(**progress))
    return bool(told.rowcount)  # type: ignore[attr-defined]


def is_wanted(session: Session, upload_id: str, reader: str) -> bool:
    """Whether it is still to be stored: nobody withdrew it, and its owner still may write there."""
    query = (
        select(Upload.id)
        .join(User, User.id == Upload.added_by)
        .join(Member, (Member.user_id == User.id) & (Member.space_id == Upload.space_id))
        .where(*_held(upload_id, reader), User.disabled_at.is_(None))
        .where(Member.role != SpaceRole.READER)
    )
    return session.scalar(query) is not None


def give_back(session: Session, upload_id: str, reader: str) -> None:
    """Let another process read it: this one leaves."""
    session.execute(
        update(Upload).where(*_held(upload_id, reader)).values(state="waiting", reader=None)
    )


def finish(
    session: Session, upload_id: str, reader: str, results: Sequence[dict[str, Any]]
) -> None:
    """Keep what came of it; it failed when no document did."""
    state = "done" if any("id" in result for result in results) else "failed"
    session.execute(
        update(Upload)
        .where(*_held(upload_id, reader))
        .values(state=state, results=list(results), reader=None)
    )


def forget_old(session: Session) -> list[str]:
    """Take out the rows that nobody is shown any more; their ids, for their files."""
    over = Upload.state.in_(["done", "failed"]) | _is_free()
    old = over, Upload.created_at < utc_now() - _KEPT
    ids = list(session.scalars(select(Upload.id).where(*old)))
    session.execute(delete(Upload).where(Upload.id.in_(ids)))
    return ids


def _mine(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    return Upload.added_by == viewer.id, Upload.space_id.in_(viewer.space_ids)


def _held(upload_id: str, reader: str) -> tuple[ColumnElement[bool], ...]:
    return Upload.id == upload_id, Upload.state == "reading", Upload.reader == reader


def _is_free() -> ColumnElement[bool]:
    stale = (Upload.state == "reading") & (Upload.beat_at < utc_now() - STALE)
    return or_(Upload.state == "waiting", stale)


def _get(session: Session, viewer: Viewer, upload_id: str) -> Upload:
    upload = session.scalar(select(Upload).where(Upload.id == upload_id, *_mine(viewer)))
    if upload is None:
        raise NotFound("There is no such upload.")
    return upload


def _view(upload: Upload) -> UploadView:
    return UploadView(**{name: getattr(upload, name) for name in UploadView.__slots__})
