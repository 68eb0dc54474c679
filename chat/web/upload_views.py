"""What is told of an upload, in words for people and as JSON.

Keeps true: the page and the API say the same. Imports the plain ground and knowledge.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chat.knowledge.reading.refusals import error_of
from chat.knowledge.uploads import UploadView
from chat.values import iso, utc_now

_NEW = timedelta(minutes=2)


def describe(upload: UploadView) -> dict[str, Any]:
    """An upload as the API gives it."""
    return {
        "id": upload.id,
        "space_id": upload.space_id,
        "name": upload.name,
        "size": upload.size,
        "state": upload.state,
        "unit": upload.unit,
        "done": upload.done,
        "total": upload.total,
        "message": message(upload),
        "retryable": any(one.get("retryable") for one in upload.results),
        "documents": [_document(one) for one in upload.results if "id" in one],
        "refused": refused(upload),
        "created_at": iso(upload.created_at),
    }


def message(upload: UploadView) -> str:
    """Where an upload is, in a few words."""
    if upload.state == "waiting":
        return "Waiting to be read"
    if upload.state == "reading":
        return _progress(upload)
    added = [one for one in upload.results if "id" in one]
    if not added:
        return "Not added"
    if len(upload.results) == 1:
        return _added(added[0])
    left = len(upload.results) - len(added)
    return f"{_count(len(added), 'document')} added" + (f", {left} left out" if left else "")


def refused(upload: UploadView) -> list[dict[str, Any]]:
    """The files of an upload that were not added: name, reason, and what to do."""
    return [
        {
            "name": one["name"],
            "reason": one["reason"],
            "detail": one["detail"],
            "code": error_of(one["reason"], "").code,
        }
        for one in upload.results
        if "id" not in one
    ]


def _progress(upload: UploadView) -> str:
    if not upload.total:
        return "Reading"
    if upload.unit == "passages":
        return f"Reading passages, {upload.done} of {upload.total}"
    return f"Reading {upload.unit}, {upload.done} of {upload.total}"


def _added(one: Mapping[str, Any]) -> str:
    passages = _count(one["passages"], "passage")
    if one["duplicate"]:
        return "In the library already"
    said = f"Version {one['version']} added" if one["version"] > 1 else "Added"
    return f"{said}, {passages}" + (f". {one['note']}" if one["note"] else "")


def _document(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("id", "name", "title", "passages", "duplicate", "version")}


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def is_shown(upload: UploadView) -> bool:
    """Whether a page shows it: under way, gone wrong, or just added."""
    is_new = utc_now() - upload.created_at < _NEW
    return upload.state != "done" or bool(refused(upload)) or is_new
