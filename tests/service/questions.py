"""Asks a model that a real site is connected to, and reads what its worker is and holds."""

from pathlib import Path
from typing import Any

from tests.live import LiveSite
from tests.service.reader import Reader

QUESTION = "How do I add documents?"
IMPATIENT = {
    "PARLEY_CONNECT_SECONDS": "1",
    "PARLEY_FIRST_BYTE_SECONDS": "1",
    "PARLEY_SILENCE_SECONDS": "1",
}


def ask_model(site: LiveSite, model: str, provider: str = "openai", **more: Any) -> Reader:
    """Ask this model in a new conversation, and follow its answer."""
    _, place = site.request("POST", "/api/conversations", {}, as_="alice")
    body = {"content": QUESTION, "provider": provider, "model": model, **more}
    return Reader(site, "POST", f"/api/conversations/{place['id']}/messages/stream", body)


def stored(site: LiveSite, reader: Reader) -> dict[str, Any]:
    """The answer that a reader follows, as the site keeps it."""
    message = reader.data("start")["message_id"]
    status, found = site.request("GET", f"/api/messages/{message}", as_="alice")
    assert status == 200
    return dict(found)


def stages(reader: Reader) -> dict[str, dict[str, Any]]:
    """The details of the stages that were told, by their names; the last of each."""
    told = [data for event, data in reader.events if event == "progress"]
    return {data["stage"]: data.get("detail") or {} for data in told}


def peak_kb(site: LiveSite) -> int:
    """The most memory that the site's worker has held at any moment, in KB."""
    children = Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text().split()
    told = "".join(Path(f"/proc/{pid}/status").read_text() for pid in children)
    return max(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM"))
