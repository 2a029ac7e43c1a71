"""What operators see: logs without content, metrics that exist, drift that is told, one trace."""

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from data.records import Box, Page, Word, WordsSource
from serving.telemetry import drift, metrics
from serving.telemetry.logs import JsonLines, WithoutErrorText, log_event, tenant_hash
from serving.telemetry.requests import RequestTelemetry
from serving.telemetry.traces import NOWHERE, Traces, job_carrier, tracer_to

MARKER = "ACME Wholesale 1,234.56 invoice.pdf"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the service's and a library's loggers write."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines("reading"))
    loggers = [logging.getLogger("serving.test"), logging.getLogger("pdfminer.test")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def only_line(stream: io.StringIO) -> dict[str, Any]:
    (line,) = stream.getvalue().splitlines()
    return dict(json.loads(line))


def test_a_line_holds_ids_sizes_codes_and_timings(lines: io.StringIO) -> None:
    log_event(
        logging.getLogger("serving.test"), "job worked on", job_id="a-1", pages=3, seconds=0.5
    )
    line = only_line(lines)
    assert line["time"].endswith("+00:00")
    assert (line["level"], line["part"], line["event"]) == ("info", "reading", "job worked on")
    assert (line["job_id"], line["pages"], line["seconds"]) == ("a-1", 3, 0.5)
    assert "code" not in line


@pytest.mark.parametrize("text", [MARKER, "two words", "line\nbreak", "x" * 97, "é"])
def test_a_text_that_may_be_content_is_withheld(lines: io.StringIO, text: str) -> None:
    log_event(logging.getLogger("serving.test"), "refused", code=text)
    assert only_line(lines)["code"] == "withheld"


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="vendor_name"):
        log_event(logging.getLogger("serving.test"), "read", vendor_name=MARKER)


def test_an_error_keeps_its_type_and_places_only(lines: io.StringIO) -> None:
    try:
        raise ValueError(MARKER)
    except ValueError:
        logging.getLogger("serving.test").exception("failed")
    line = only_line(lines)
    assert line["error"] == "ValueError"
    assert line["places"][-1].startswith("test_telemetry.py:")
    assert "ACME" not in lines.getvalue()


def test_what_a_library_says_is_withheld(lines: io.StringIO) -> None:
    logging.getLogger("pdfminer.test").warning("cannot parse %s", MARKER)
    assert only_line(lines)["event"] == "withheld"


def serve_record(message: str, error: Exception | None = None) -> logging.LogRecord:
    info = None
    if error is not None:
        try:
            raise error
        except ValueError:
            info = sys.exc_info()
    return logging.LogRecord("ray.serve", logging.ERROR, __file__, 1, message, (), info)


@pytest.mark.parametrize(
    ("record", "kept"),
    [
        (serve_record("Request failed.", ValueError(MARKER)), "ValueError at test_telemetry.py"),
        (serve_record(f"Request failed: {MARKER}"), "a request failed"),
        (serve_record(f"Traceback (most recent call last): {MARKER}"), "a request failed"),
        (serve_record("Started proxy"), "Started proxy"),
    ],
)
def test_errors_that_serve_logs_lose_their_text(record: logging.LogRecord, kept: str) -> None:
    assert WithoutErrorText().filter(record)
    assert record.getMessage().startswith(kept)
    assert "ACME" not in logging.Formatter().format(record)


def test_tenants_are_told_apart_without_a_name() -> None:
    assert tenant_hash("acme") == tenant_hash("acme") != tenant_hash("acme2")
    assert "acme" not in tenant_hash("acme")


def test_metric_names_and_kinds_are_sound() -> None:
    names = [metric.name for metric in metrics.ALL]
    assert len(set(names)) == len(names)
    defined = {one for one in vars(metrics).values() if isinstance(one, metrics.Metric)}
    assert set(metrics.ALL) == defined
    for metric in metrics.ALL:
        assert metric.name.endswith("_total") is (metric.kind == "counter")
        assert bool(metric.buckets) is (metric.kind == "histogram")
        assert list(metric.buckets) == sorted(set(metric.buckets))


def dashboard_names(repository: Path) -> set[str]:
    text = (repository / "configs" / "grafana-dashboard.json").read_text(encoding="utf-8")
    panels = json.loads(text)["panels"]
    return {
        name
        for panel in panels
        for target in panel.get("targets", ())
        for name in re.findall(r"ray_\w+", target["expr"])
    }


def test_the_dashboard_shows_metrics_that_exist(repository: Path) -> None:
    exported = {name for metric in metrics.ALL for name in metric.exported}
    named = dashboard_names(repository)
    assert named <= exported
    # Nothing is measured that nobody sees.
    assert all(set(metric.exported) & named for metric in metrics.ALL)


def page(count: int, source: WordsSource = "text", confidence: float | None = None) -> Page:
    word = Word("x", Box(0, 0, 1, 1), confidence)
    return Page(0, 595.0, 842.0, (word,) * count, source, "as given")


def test_pages_like_the_reference_do_not_drift() -> None:
    reference = drift.reference()
    shares = reference["page_words"].shares
    assert sum(shares.values()) == pytest.approx(1, abs=0.01)
    seen = drift.Drift(1000)
    for bucket, share in shares.items():
        count = 1500 if bucket == "more" else int(float(bucket))
        for _ in range(round(share * 1000)):
            seen.add(page(count))
    assert seen.indices()["page_words"] < 0.02
    # All of them text: the share of scanned pages is another one.
    assert seen.indices()["words_source"] > 0.25


def test_a_few_pages_say_nothing() -> None:
    seen = drift.Drift()
    for _ in range(drift.MIN_PAGES - 1):
        seen.add(page(5, "ocr", 0.3))
    assert seen.indices() == {}
    seen.add(page(5, "ocr", 0.3))
    assert seen.indices()["ocr_confidence"] > 0.25


@pytest.mark.parametrize(
    ("words", "expected"),
    [(page(3, "ocr", 0.5), 0.5), (page(0, "ocr"), None), (page(3, "text"), None)],
)
def test_the_confidence_of_a_page_is_that_of_its_ocr(words: Page, expected: float | None) -> None:
    assert drift.ocr_confidence(words) == expected


shares = st.dictionaries(st.sampled_from("abcd"), st.floats(0.01, 1), min_size=1).map(
    lambda found: {name: share / sum(found.values()) for name, share in found.items()}
)


@given(shares, shares)
def test_the_index_is_symmetric_and_never_negative(
    first: dict[str, float], second: dict[str, float]
) -> None:
    index = drift.stability_index(first, second)
    assert index >= -1e-9
    assert index == pytest.approx(drift.stability_index(second, first))
    assert drift.stability_index(first, first) == 0


def test_the_reference_can_be_made_from_ones_own_pages() -> None:
    made = drift.reference_of([page(5), page(250, "ocr", 0.97)])
    assert made["words_source"]["shares"] == {"ocr": 0.5, "text": 0.5}
    assert made["page_words"]["shares"] == {"10.0": 0.5, "300.0": 0.5}
    assert made["ocr_confidence"] == {
        "edges": list(drift.reference()["ocr_confidence"].edges),
        "pages": 1,
        "shares": {"more": 1.0},
    }


def exporting() -> tuple[InMemorySpanExporter, Traces]:
    exporter = InMemorySpanExporter()
    return exporter, Traces("test", tracer_to(SimpleSpanProcessor(exporter), "test"))


def test_one_trace_a_job_whoever_works_on_it() -> None:
    """Each process finds the trace by the job's id; a second attempt belongs to it as well."""
    exporter, http = exporting()
    http.root("job-1", "request", 1_000_000_000, status=202)
    for attempt in (1, 2):
        with http.span("work", job_carrier("job-1"), attempt=attempt) as work:
            assert set(work) == {"traceparent"}
            with http.span("read attachment", work, bytes=10):
                pass
    spans = exporter.get_finished_spans()
    root = next(span for span in spans if span.name == "request")
    assert root.parent is None
    assert root.context is not None
    assert root.start_time == 1_000_000_000
    assert {span.context.trace_id for span in spans if span.context} == {root.context.trace_id}
    works = [span for span in spans if span.name == "work"]
    assert [span.parent.span_id for span in works if span.parent] == [root.context.span_id] * 2
    exporter.clear()
    http.root("job-2", "request", 1)
    (other,) = exporter.get_finished_spans()
    assert other.context is not None
    assert other.context.trace_id != root.context.trace_id


def test_a_span_says_no_text_of_an_error() -> None:
    exporter, traces = exporting()
    with pytest.raises(ValueError, match="ACME"), traces.span("examine", NOWHERE):
        raise ValueError(MARKER)
    (span,) = exporter.get_finished_spans()
    assert not span.status.is_ok
    assert dict(span.attributes or {}) == {"error.type": "ValueError"}
    assert "ACME" not in span.to_json()


def test_without_an_endpoint_there_are_no_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", raising=False)
    traces = Traces("http")
    traces.root("job-1", "request", 1)
    with traces.span("work", job_carrier("job-1")) as here:
        assert here == NOWHERE


def answered(paths: list[str]) -> tuple[list[tuple[str, dict[str, str]]], list[str]]:
    """The metrics recorded and root spans written for GETs and one POST of a small application."""
    recorded: list[tuple[str, dict[str, str]]] = []

    def record(metric: metrics.Metric, value: float, **labels: str) -> None:
        recorded.append((metric.name, labels))

    async def dispute(request: Any) -> PlainTextResponse:
        return PlainTextResponse("x")

    async def post(request: Any) -> PlainTextResponse:
        return PlainTextResponse("x", 202, {"location": "/v1/disputes/job-7"})

    exporter, traces = exporting()
    routes = [
        Route("/v1/disputes/{dispute_id}", dispute),
        Route("/v1/disputes", post, methods=["POST"]),
    ]
    client = TestClient(RequestTelemetry(Starlette(routes=routes), record, traces))
    for path in paths:
        client.get(path)
    client.post("/v1/disputes")
    return recorded, [span.name for span in exporter.get_finished_spans()]


def test_requests_are_counted_by_route_and_never_by_path() -> None:
    recorded, spans = answered([f"/v1/disputes/{MARKER}", f"/{MARKER}"])
    labels = [labels for name, labels in recorded if name == "tieout_http_requests_total"]
    assert [one["status"] for one in labels] == ["200", "404", "202"]
    assert labels[1] == {"method": "unknown", "route": "unknown", "status": "404"}
    assert "ACME" not in repr(recorded)
    assert spans == ["request"]
