"""Traces in OpenTelemetry's form, where the standard `OTEL_*` variables ask for them.

Keeps true: without them nothing of OpenTelemetry is loaded and nothing is recorded; the spans of an
answer are made of its stages when it has ended, so that a token costs nothing; what cannot be sent
holds nobody up. A span holds ids, names of closed sets and numbers. May import origin.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

logger = logging.getLogger(__name__)
_MISSING = (
    "OTEL_*: traces are asked for, and OpenTelemetry is not installed. "
    "Install it: .venv/bin/python -m pip install --requirement requirements-otel.txt"
)


class Traces:
    """Of one process; `begin` starts sending."""

    def __init__(self) -> None:
        self._provider: Any = None
        self._tracer: Any = None

    @property
    def are_on(self) -> bool:
        return self._tracer is not None

    def begin(self, version: str) -> None:
        """Send traces from now on, as OpenTelemetry's variables say; one line if it is missing."""
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError:
            logger.warning(_MISSING)
            return
        about = Resource.create({"service.version": version})
        if about.attributes.get("service.name") in (None, "unknown_service"):
            about = about.merge(Resource({"service.name": "parley"}))
        self._provider = TracerProvider(resource=about)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("parley", version)

    def close(self, seconds: float) -> None:
        """Send what there is, for so long at most."""
        if self._provider is not None:
            self._provider.force_flush(round(seconds * 1000))

    def begin_request(self, parent: str) -> Any:
        """The span of a request, within the `traceparent` that a trusted proxy has sent, if any."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        context = TraceContextTextMapPropagator().extract({"traceparent": parent})
        return self._tracer.start_span("request", context=context, kind=SpanKind.SERVER)

    def inside(self, span: Any) -> Any:
        """The context of what is done for a span."""
        from opentelemetry.trace import set_span_in_context

        return set_span_in_context(span)

    def end_request(self, span: Any, name: str, facts: Mapping[str, Any], *, failed: bool) -> None:
        span.update_name(name)
        span.set_attributes(facts)
        _mark(span, failed)
        span.end()

    def answer(
        self,
        stages: Sequence[Mapping[str, Any]],
        *,
        parent: Any,
        seconds: float,
        facts: Mapping[str, Any],
        failed: bool,
    ) -> None:
        """The spans of an answer that ends now, after so many seconds: itself, and each stage."""
        ends = time.time_ns()
        begins = ends - round(seconds * 1e9)
        whole = self._tracer.start_span("answer", context=parent, start_time=begins)
        whole.set_attributes(facts)
        _mark(whole, failed)
        within = self.inside(whole)
        starts = [min(ends, begins + stage["elapsed_ms"] * 1_000_000) for stage in stages]
        for stage, start, end in zip(stages, starts, [*starts[1:], ends], strict=True):
            span = self._tracer.start_span(stage["stage"], context=within, start_time=start)
            span.end(max(start, end))
        whole.end(ends)


def _mark(span: Any, failed: bool) -> None:
    if failed:
        from opentelemetry.trace import Status, StatusCode

        span.set_status(Status(StatusCode.ERROR))


traces = Traces()
