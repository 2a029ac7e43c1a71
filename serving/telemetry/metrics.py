"""The Prometheus metrics of the service, and their recording through Ray.

Recorded through `ray.util.metrics`: Ray's agent gathers the metrics of all replicas on a node,
drops those of replicas that ended, and exports them together with Serve's own on the node's one
exporter port. prometheus_client alone would need a port or a shared folder for each replica. Ray
puts `ray_` before every name and adds labels such as `deployment` and `replica`.

No label contains a value from a client or a document.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["counter", "gauge", "histogram"]
EXPORTED_PREFIX = "ray_"

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
_WORDS = (10.0, 30.0, 60.0, 100.0, 150.0, 200.0, 300.0, 400.0, 600.0, 1000.0, 2000.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; its name ends with the unit."""

    name: str
    kind: Kind
    text: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def exported(self) -> tuple[str, ...]:
        """The names of its series in Prometheus."""
        name = EXPORTED_PREFIX + self.name
        if self.kind == "histogram":
            return (f"{name}_bucket", f"{name}_count", f"{name}_sum")
        return (name,)


HTTP_REQUESTS = Metric(
    "tieout_http_requests_total", "counter", "Answers given", ("method", "route", "status")
)
HTTP_SECONDS = Metric(
    "tieout_http_request_seconds", "histogram", "Time to an answer", ("route",), _SECONDS
)
JOBS = Metric("tieout_jobs", "gauge", "Jobs in the store by state", ("state",))
QUEUE_AGE = Metric("tieout_queue_age_seconds", "gauge", "Age of the oldest job that waits")
PAGES = Metric("tieout_pages_total", "counter", "Pages read, by where words come from", ("source",))
STAGE_SECONDS = Metric(
    "tieout_stage_seconds",
    "histogram",
    "Time of one stage: open an attachment, read a page, tag a batch, decode, examine, settle",
    ("stage",),
    _SECONDS,
)
BATCH_WORDS = Metric(
    "tieout_batch_words", "histogram", "Words in one forward pass", (), (*_WORDS, 5000.0)
)
VALUE_CONFIDENCE = Metric(
    "tieout_value_confidence", "histogram", "Confidence of values read", (), _SHARES
)
ATTEMPTS = Metric(
    "tieout_attempts_total", "counter", "Jobs worked on, by how that ended", ("kind", "outcome")
)
VERDICTS = Metric("tieout_verdicts_total", "counter", "Verdicts by status", ("status",))
PAGE_WORDS = Metric("tieout_page_words", "histogram", "Words on a page", (), _WORDS)
OCR_CONFIDENCE = Metric(
    "tieout_ocr_confidence", "histogram", "Mean confidence of a page's OCR words", (), _SHARES
)
DRIFT = Metric(
    "tieout_input_drift",
    "gauge",
    "Population stability index of recent pages against the reference: 0 alike, 0.25 other",
    ("statistic",),
)
ALL = (
    *(HTTP_REQUESTS, HTTP_SECONDS, JOBS, QUEUE_AGE, PAGES, STAGE_SECONDS, BATCH_WORDS),
    *(ATTEMPTS, VALUE_CONFIDENCE, VERDICTS, PAGE_WORDS, OCR_CONFIDENCE, DRIFT),
)

# Record one value of a metric: add to a counter, set a gauge, observe in a histogram.
Record = Callable[..., None]


class RayRecorder:
    """Records through Ray; each metric is created when it is first used."""

    def __init__(self) -> None:
        self._series: dict[str, Any] = {}

    def __call__(self, metric: Metric, value: float, **labels: str) -> None:
        if set(labels) != set(metric.labels):
            raise ValueError(f"{metric.name} has labels {metric.labels}, got {sorted(labels)}")
        series = self._series.get(metric.name)
        if series is None:
            series = self._series[metric.name] = _series(metric)
        if metric.kind == "counter":
            series.inc(value, tags=labels)
        elif metric.kind == "gauge":
            series.set(value, tags=labels)
        else:
            series.observe(value, tags=labels)


class Stopwatch:
    """Records the duration of a block as one stage, even if it raises."""

    def __init__(self, record: Record, stage: str) -> None:
        self._record, self._stage = record, stage
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._record(STAGE_SECONDS, time.monotonic() - self._began, stage=self._stage)


def _series(metric: Metric) -> Any:
    from ray.util import metrics

    if metric.kind == "histogram":
        return metrics.Histogram(
            metric.name, metric.text, boundaries=list(metric.buckets), tag_keys=metric.labels
        )
    made = metrics.Counter if metric.kind == "counter" else metrics.Gauge
    return made(metric.name, metric.text, tag_keys=metric.labels)
