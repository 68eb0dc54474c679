"""Lines and traces of a real server: a request leads to its answer, and nothing is given away."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.live import LiveSite
from tests.people import api_token
from tests.service.reader import Reader, ask

QUESTION = "How do I add documents, says the heron?"
PATIENCE = 20.0


@dataclass(frozen=True)
class Span:
    """One that has come in; ids in hexadecimal."""

    name: str
    id: str
    parent: str
    trace: str
    begins: int
    ends: int
    facts: dict[str, str]


class Collector:
    """Takes traces as OTLP over HTTP on a free port of the loopback."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    import gzip

                    body = gzip.decompress(body)
                assert self.path == "/v1/traces"
                collector.spans += spans_of(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Collector":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def spans_of(sent: Any) -> list[Span]:
    return [
        Span(
            name=one.name,
            id=one.span_id.hex(),
            parent=one.parent_span_id.hex(),
            trace=one.trace_id.hex(),
            begins=one.start_time_unix_nano,
            ends=one.end_time_unix_nano,
            facts={fact.key: fact.value.string_value for fact in one.attributes},
        )
        for resource in sent.resource_spans
        for scope in resource.scope_spans
        for one in scope.spans
    ]


@pytest.fixture(scope="module")
def told(
    template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LiveSite, Collector]]:
    with ExitStack() as stack:
        collector = stack.enter_context(Collector())
        site = LiveSite(
            tmp_path_factory.mktemp("site"),
            template_database,
            PARLEY_LOG_FORMAT="json",
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
            OTEL_BSP_SCHEDULE_DELAY="100",
        )
        yield stack.enter_context(site), collector


def lines_of(site: LiveSite, event: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in site.output.splitlines() if line.startswith("{")]
    return [line for line in found if line["event"] == event]


def until(find: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := find()):
        assert time.monotonic() < deadline
    return found


def answer_of(reader: Reader) -> str:
    found: str = reader.data("start")["message_id"]
    return found


def test_a_line_leads_from_the_request_to_its_answer(told: tuple[LiveSite, Collector]) -> None:
    site, _ = told
    reader = ask(site, QUESTION)
    assert reader.read() == "complete"
    request_id = reader._response.headers["X-Request-ID"]
    (request,) = [line for line in lines_of(site, "request") if line["id"] == request_id]
    assert request["route"] == "/api/conversations/<conversation_id>/messages/stream"
    assert (request["method"], request["status"]) == ("POST", 200)
    (answer,) = [line for line in lines_of(site, "answer") if line["request_id"] == request_id]
    assert answer["message_id"] == answer_of(reader)
    assert answer["conversation_id"] == request["conversation_id"]
    assert (answer["provider"], answer["status"]) == ("library", "complete")
    timing = reader.data("complete")["metadata"]["timing"]
    assert answer["first_chunk_ms"] == timing["first_chunk_ms"]
    assert answer["chunks"] == sum(name == "chunk" for name, _ in reader.events)


def test_an_answer_is_a_trace_with_a_span_for_each_stage(told: tuple[LiveSite, Collector]) -> None:
    site, collector = told
    reader = ask(site, QUESTION)
    assert reader.read() == "complete"
    message_id = answer_of(reader)

    def find() -> list[Span]:
        return [s for s in collector.spans if s.facts.get("parley.message_id") == message_id]

    answer = next(span for span in until(find) if span.name == "answer")
    request_name = "POST /api/conversations/<conversation_id>/messages/stream"
    request = until(lambda: [s for s in collector.spans if s.id == answer.parent])[0]
    assert (request.name, request.trace) == (request_name, answer.trace)
    assert request.facts["parley.request_id"] == reader._response.headers["X-Request-ID"]
    stages = [one["stage"] for one in reader.data("complete")["metadata"]["analysis"]["stages"]]
    found = sorted((s for s in collector.spans if s.parent == answer.id), key=lambda s: s.begins)
    assert [span.name for span in found] == stages
    assert "searching_knowledge" in stages
    assert all(before.ends <= after.begins for before, after in zip(found, found[1:], strict=False))
    assert answer.begins <= found[0].begins
    assert found[-1].ends <= answer.ends


def test_nothing_that_was_typed_and_no_secret_is_told(told: tuple[LiveSite, Collector]) -> None:
    site, collector = told
    assert ask(site, QUESTION).read() == "complete"
    for path in ("/invite/a-secret-of-herons", "/reset/a-secret-of-herons", "/s/a-secret-of-herons",
                 "/search?q=a-secret-of-herons", "/a-secret-of-herons"):  # fmt: skip
        site.request("GET", path, as_="alice")
    assert len([one for one in lines_of(site, "request") if one["route"] == "/invite/<token>"]) == 1
    until(lambda: any(span.name == "GET /s/<token>" for span in collector.spans))
    everything = site.output + repr(collector.spans)
    for secret in ("heron", api_token("alice"), "alice@example.org"):
        assert secret not in everything


def test_programs_that_ask_all_the_time_get_no_line(told: tuple[LiveSite, Collector]) -> None:
    site, _ = told
    before = len(lines_of(site, "request"))
    for path in ("/healthz", "/readyz", "/metrics", "/static/favicon.svg"):
        assert site.request("GET", path)[0] == 200
    assert len(lines_of(site, "request")) == before
