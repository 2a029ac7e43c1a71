"""OpenTelemetry traces: one per dispute, from the request through reading to the model.

A dispute outlives its request and may be worked on twice, by other processes. So its trace is found
by the job's id alone: trace and root span ids are derived from it, and nothing has to be stored.

Off unless the standard OTEL_EXPORTER_OTLP_ENDPOINT (or .._TRACES_ENDPOINT) is set; then the other
standard OTEL_* variables apply too, and spans are exported as OTLP over HTTP. Attributes are
numbers and codes, never text of a document; errors are recorded by type.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
Carrier = Mapping[str, str]  # W3C trace context, as it is passed from process to process
NOWHERE: Carrier = {}

_root_ids: ContextVar[tuple[int, int] | None] = ContextVar("root_ids", default=None)


def is_enabled() -> bool:
    """Return whether the environment switches traces on."""
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not disabled and any(os.environ.get(name) for name in _ENDPOINTS)


class Traces:
    """Makes the spans of one part of the service; does nothing where traces are off."""

    def __init__(self, part: str, tracer: "Tracer | None" = None) -> None:
        if tracer is None and is_enabled():
            tracer = _exporting_tracer(part)
        self._tracer = tracer

    @contextlib.contextmanager
    def span(
        self, name: str, within: Carrier, **attributes: str | int | float
    ) -> Iterator[Carrier]:
        """Open a span around a block and yield its carrier, the `within` of its child spans.

        Parents are passed, never read from the context: blocks of one generator may run in several
        contexts. A span within `NOWHERE` begins a trace of its own.
        """
        if self._tracer is None:
            yield NOWHERE
            return
        from opentelemetry import propagate, trace

        current = self._tracer.start_span(
            name, propagate.extract(within), attributes=_prefixed(attributes)
        )
        carrier: dict[str, str] = {}
        propagate.inject(carrier, trace.set_span_in_context(current))
        try:
            yield carrier
        except Exception as error:
            # Not its text, which may quote a document.
            current.set_status(trace.StatusCode.ERROR)
            current.set_attribute("error.type", type(error).__name__)
            raise
        finally:
            current.end()

    def root(self, job_id: str, name: str, began_ns: int, **attributes: str | int | float) -> None:
        """Record the root span of a job's trace, under the ids that `job_carrier` derives.

        It began `began_ns` nanoseconds after the Unix epoch and ends now.
        """
        if self._tracer is None:
            return
        from opentelemetry.context import Context

        token = _root_ids.set(_ids(job_id))
        try:
            self._tracer.start_span(
                name, Context(), attributes=_prefixed(attributes), start_time=began_ns
            ).end()
        finally:
            _root_ids.reset(token)

    def close(self) -> None:
        """Export the spans that are still buffered."""
        provider = getattr(self._tracer, "tieout_provider", None)
        if provider is not None:
            provider.shutdown()


def job_carrier(job_id: str) -> Carrier:
    """Return the carrier of a job's root span."""
    trace, span = _ids(job_id)
    return {"traceparent": f"00-{trace:032x}-{span:016x}-01"}


def _ids(job_id: str) -> tuple[int, int]:
    digest = hashlib.sha256(b"tieout trace " + job_id.encode()).digest()
    # Zero is not an id (W3C Trace Context, 2.2.1).
    return int.from_bytes(digest[:16], "big") or 1, int.from_bytes(digest[16:24], "big") or 1


def _prefixed(attributes: Mapping[str, str | int | float]) -> dict[str, Any]:
    return {f"tieout.{name}": value for name, value in attributes.items()}


def _exporting_tracer(part: str) -> "Tracer":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return tracer_to(BatchSpanProcessor(OTLPSpanExporter()), part)


def tracer_to(processor: Any, part: str) -> "Tracer":
    """Return a tracer whose spans go to a span processor."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class JobIds(RandomIdGenerator):
        """Generates random ids, except for the root span of a job."""

        def generate_trace_id(self) -> int:
            ids = _root_ids.get()
            return super().generate_trace_id() if ids is None else ids[0]

        def generate_span_id(self) -> int:
            ids = _root_ids.get()
            return super().generate_span_id() if ids is None else ids[1]

    resource = Resource.create({"service.name": "tieout", "service.namespace": part})
    provider = TracerProvider(resource=resource, id_generator=JobIds(), shutdown_on_exit=False)
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("tieout")
    tracer.tieout_provider = provider  # type: ignore[attr-defined]
    return tracer
