"""Nothing personal leaves where a policy redacts, and the reader has all of it (Shows 4).

The provider repeats its whole prompt, as thoughts and as text, in pieces that cut placeholders
anywhere.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import LiveSite
from tests.planting import Planted, plant
from tests.service.questions import stored
from tests.service.reader import Reader
from tests.upstream.process import Upstream

# Not the example that the prompt gives, which has letters that no tag has.
PLACEHOLDER = re.compile(r"\[(?:EMAIL|PHONE|CARD|IBAN|ID|IP|SECRET)_[2-9B-DF-HJ-NP-TV-XZ]{5}\]")
PLANTED = plant(500)
QUESTION, HISTORY, DOCUMENTS, SITE, SPACE = (
    PLANTED[:150], PLANTED[150:250], PLANTED[250:400], PLANTED[400:450], PLANTED[450:]
)  # fmt: skip
SIZES = {"openai": (1, 3, 7), "anthropic": (1, 5, 200)}
MODELS = {
    provider: [f"thinking-repeats-tokens-{size}-after-{1 + size // 2}" for size in sizes]
    for provider, sizes in SIZES.items()
}
CITING = "write"


def said(planted: list[Planted]) -> str:
    return "\n".join(one.sentence for one in planted)


@pytest.fixture(scope="module")
def site(
    upstream_process: Upstream, template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """Both formats and embeddings, a space with instructions, a document of ten passages."""
    folder = tmp_path_factory.mktemp("site")
    environ = upstream_process.openai(",".join((*MODELS["openai"], CITING)))
    environ |= upstream_process.anthropic(",".join(MODELS["anthropic"]))
    environ |= {
        "OPENAI_EMBEDDING_MODEL": "write",
        "OPENAI_CONTEXT_TOKENS": "400000",
        "ANTHROPIC_CONTEXT_TOKENS": "400000",
        "PARLEY_PERSONAL_DATA": "redact",
        "PARLEY_HANDBOOK": "0",
        "PARLEY_SYSTEM_TEXT": said(SITE),
        "PARLEY_MAX_ANSWER_CHARS": "900000",
        "PARLEY_MAX_ANSWER_EVENTS": "900000",
    }
    upstream_process.reset()
    site = LiveSite(folder, template_database, **environ)
    with sqlite3.connect(folder / "parley.db") as database:
        database.execute("UPDATE spaces SET instructions = ?", (said(SPACE),))
    with site:
        add_documents(site, upstream_process)
        yield site


def add_documents(site: LiveSite, upstream: Upstream) -> None:
    """One document, once its passages have been embedded."""
    parts = [DOCUMENTS[at : at + 15] for at in range(0, len(DOCUMENTS), 15)]
    text = "\n\n".join(
        f"## Crates of quay {n}\n\nThe crates of the quay:\n{said(part)}"
        for n, part in enumerate(parts, 1)
    )
    note = {"title": f"Crates of the quay, {DOCUMENTS[0].item}", "kind": "markdown", "text": text}
    status, made = site.request("POST", "/api/documents", note, as_="alice")
    assert status == 201, made
    upstream.wait_for(lambda seen: any("quay 10" in sent(one) for one in seen))


def sent(request: dict) -> str:
    return json.dumps(request["body"], ensure_ascii=False)


def leaked(upstream: Upstream) -> list[str]:
    everything = "\n".join(map(sent, upstream.seen()))
    return [one.item for one in PLANTED if one.item in everything]


def start_conversation(site: LiveSite) -> str:
    """A conversation whose first question holds items, too."""
    _, place = site.request("POST", "/api/conversations", {}, as_="alice")
    address = f"/api/conversations/{place['id']}/messages"
    first = {"content": f"Remember this:\n{said(HISTORY)}", "provider": "library"}
    assert site.request("POST", address, first, as_="alice")[0] == 200
    return str(place["id"])


def ask(site: LiveSite, conversation_id: str, provider: str, model: str = "") -> Reader:
    content = f"Which crates of the quay are there?\n{said(QUESTION)}"
    body = {"content": content, "provider": provider, "model": model, "depth": "deep"}
    return Reader(site, "POST", f"/api/conversations/{conversation_id}/messages/stream", body)


def thoughts(reader: Reader) -> str:
    return "".join(data["content"] for name, data in reader.events if name == "thinking")


def missing(text: str, planted: list[Planted] = PLANTED) -> list[str]:
    return [one.item for one in planted if one.item not in text]


@pytest.mark.parametrize(
    ("provider", "model"), [(provider, model) for provider in MODELS for model in MODELS[provider]]
)
def test_none_of_500_items_leaves_and_all_come_back(
    site: LiveSite, upstream: Upstream, provider: str, model: str
) -> None:
    reader = ask(site, start_conversation(site), provider, model)
    assert reader.read() == "complete", reader.events[-1]
    assert reader.data("complete")["metadata"]["provider"] == provider
    assert leaked(upstream) == []
    answer = stored(site, reader)
    for text in (reader.text, answer["content"], thoughts(reader), answer["thinking"]):
        assert missing(text) == []
        assert not PLACEHOLDER.search(text)
    assert answer["content"] == reader.text


def test_what_was_embedded_holds_none_of_them(site: LiveSite, upstream_process: Upstream) -> None:
    upstream_process.reset()
    reader = ask(site, start_conversation(site), "openai")
    assert reader.read() == "complete"
    asked = [one for one in upstream_process.seen() if one["path"].endswith("/embeddings")]
    assert len(asked) == 2  # of the first question, too
    assert leaked(upstream_process) == []


def test_sources_quote_the_document_and_findings_hold_no_text(
    site: LiveSite, upstream: Upstream
) -> None:
    reader = ask(site, start_conversation(site), "openai", CITING)
    assert reader.read() == "complete"
    metadata = reader.data("complete")["metadata"]
    assert all(DOCUMENTS[0].item in one["title"] for one in metadata["sources"])
    assert "crates" in metadata["sources"][0]["quote"]
    assert not PLACEHOLDER.search(json.dumps(metadata))
    findings = metadata["findings"]
    assert {one["kind"] for one in findings} == {
        "email", "phone", "card", "iban", "national_id", "ip", "secret"
    }  # fmt: skip
    assert sum(one["count"] for one in findings) == len(PLANTED)
    assert {(one["guard"], one["action"]) for one in findings} == {("personal", "redact")}
    assert missing(json.dumps(findings)) == [one.item for one in PLANTED]


def test_a_conversation_keeps_its_placeholders(site: LiveSite, upstream: Upstream) -> None:
    conversation_id = start_conversation(site)
    reader = ask(site, conversation_id, "openai")
    assert reader.read() == "complete"
    message = reader.data("start")["message_id"]
    again = Reader(site, "POST", f"/api/messages/{message}/regenerate/stream", {})
    assert again.read() == "complete"
    chats = [one for one in upstream.seen() if "messages" in one["body"]]
    first, second = (PLACEHOLDER.findall(sent(one)) for one in chats)
    assert set(first) == set(second)
    assert len(set(first)) == len(PLANTED)


def test_the_library_is_left_alone(site: LiveSite, upstream: Upstream) -> None:
    reader = ask(site, start_conversation(site), "library")
    assert reader.read() == "complete"
    metadata = reader.data("complete")["metadata"]
    assert metadata["findings"] == []
    assert not [one for one in upstream.seen() if "messages" in one["body"]]
