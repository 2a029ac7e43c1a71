"""Response models of the HTTP interface, problem+json, and the status of each stable error code.

The models describe plain dictionaries written elsewhere (`serving.wire.document_json`,
`serving.verdict.records`); a test keeps the two in step. Every amount of money and every quantity
is a string.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

State = Literal["queued", "running", "done", "failed", "cancelled"]

# HTTP status of the stable codes; for a code that is not listed, the file is at fault: 400.
STATUS_OF_CODE: dict[str, int] = {
    "unsupported_type": 415,
    "type_mismatch": 415,
    "file_too_large": 413,
    "too_many_pages": 413,
    "page_too_large": 413,
    "image_too_large": 413,
    "invalid_request": 422,
    "unknown_key": 422,
    "invalid_json": 422,
    "invalid_order_data": 422,
    "invalid_document_json": 422,
    "unknown_currency": 422,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "request_timeout": 408,
    "request_in_progress": 409,
    "cancelled": 409,
    "revision_conflict": 409,
    "dispute_closed": 409,
    "idempotency_mismatch": 422,
    "queue_full": 429,
    "rate_limited": 429,
    "quota_exceeded": 429,
    "reader_unavailable": 503,
    "overloaded": 503,
    "model_unavailable": 503,
    "storage_unavailable": 503,
    "worker_lost": 500,
    "internal": 500,
}
TITLE_OF_STATUS: dict[int, str] = {
    400: "The attachment cannot be used",
    401: "An API key is required",
    403: "Not allowed with this key",
    404: "Not found",
    405: "Method not allowed",
    408: "The request took too long",
    409: "Conflict with another request",
    413: "Too large",
    415: "Unsupported file type",
    422: "The request cannot be processed",
    429: "Too many requests",
    500: "Internal error",
    503: "The service is not ready",
}


class Wire(BaseModel):
    """A JSON object with exactly these keys."""

    model_config = ConfigDict(extra="forbid")


class ProblemDetails(Wire):
    """An error (RFC 9457). `code` is stable; `detail` states fault, place and remedy."""

    type: str = Field(examples=["urn:tieout:problem:file_too_large"])
    title: str
    status: int
    detail: str
    code: str = Field(examples=["file_too_large"])


class KeyLimits(Wire):
    """The limits of the key and its usage: requests this minute, pages today (UTC), open jobs."""

    requests_per_minute: int
    requests_used: int
    pages_per_day: int
    pages_used: int
    concurrent_jobs: int
    jobs_unfinished: int


class Limits(Wire):
    """Limits of a request (beyond them the status is 413, 415 or 429), of waiting and retention.

    `wait_s` is the longest `Prefer: wait=N`, in seconds; `retention_days` count from the end of a
    job, and its `Idempotency-Key` is remembered as long. `key` is null where no keys are used.
    """

    file_types: tuple[str, ...]
    attachments: int
    request_bytes: int
    unfinished_jobs: int
    running_jobs_per_tenant: int
    wait_s: int
    retention_days: int
    listed_at_most: int
    per_attachment: dict[str, int | float]
    key: KeyLimits | None = None


class Accepted(Wire):
    """A dispute, or an addition to one, that was accepted; poll `location`."""

    dispute_id: str
    state: State
    location: str
    revision: int = 1


class ExtractionAccepted(Wire):
    """An extraction that was accepted; poll `location`."""

    extraction_id: str
    state: State
    location: str


class Progress(Wire):
    """The state of a job. Times are UTC; at `expires_at` it is deleted with all its files.

    `error` is set when `state` is `failed`. A result was made by `model_version` under the policy
    `policy_version`. It never changes; what is added to a dispute makes another version of it.
    """

    state: State
    submitted_at: str
    started_at: str | None = None
    finished_at: str | None = None
    expires_at: str | None = None
    model_version: str | None = None
    policy_version: str | None = None
    error: ProblemDetails | None = None


class Overview(Wire):
    """The newest verdict in numbers: status, money by currency, counts; what lists show.

    `claims` counts the findings that may be claimed, `unsure_cells` those a person should look at.
    """

    status: str
    totals: dict[str, dict[str, str]]
    orders: list[str]
    vendor: str | None
    claims: int
    findings: int
    unsure_cells: int
    documents: int


class DisputeSummary(Progress):
    """A dispute without its result.

    `revision` counts what was added to it, from 1; `version` is the revision of the newest verdict,
    null before the first. While `version` is lower, what was added is being examined.
    `reference` and `metadata` are yours; `assignee` is the person who looks after it.
    """

    dispute_id: str
    reference: str | None = None
    metadata: dict[str, str] | None = None
    assignee: str | None = None
    revision: int = 1
    version: int | None = None
    overview: Overview | None = None


class Dispute(DisputeSummary):
    """A dispute and, once it is done, its verdict with the documents it is based on.

    `problems` lists what could not be read in each document.
    """

    verdict: dict[str, Any] | None = None
    documents: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []


class Money(Wire):
    """An amount before and after a new version; null where there was none."""

    before: str | None
    after: str | None


class StatusChange(Wire):
    """The status of a verdict before and after a new version."""

    before: str
    after: str


class FindingKey(Wire):
    """A finding in codes, numbers and money."""

    code: str
    state: str
    po_number: str | None
    po_line_number: str | None
    amount: str | None
    currency: str | None


class ChangedFindings(Wire):
    """Findings of the new version alone, and those of the version before alone."""

    new: list[FindingKey]
    gone: list[FindingKey]


class Changes(Wire):
    """Differences between a verdict and the version before; `totals` lists sums that differ."""

    status: StatusChange
    totals: dict[str, dict[str, Money]]
    findings: ChangedFindings


class Addition(Wire):
    """Evidence or corrections added to a dispute: when, with which key, by whom if it was said."""

    revision: int
    kind: Literal["evidence", "corrections"]
    created_at: str
    key_id: str | None
    author: str | None
    content: dict[str, Any]


class DisputeVersion(Wire):
    """One verdict of a dispute; `additions` are those that it was the first to contain."""

    version: int
    created_at: str
    model_version: str | None
    policy_version: str | None
    changes: Changes | None
    additions: list[Addition]


class AttachmentPage(Wire):
    """One page: its size as delivered, in points for a PDF, in pixels for an image."""

    page: int
    width: float
    height: float


class AttachmentView(Wire):
    """A file of a dispute. `pages` is empty for a file that is data, such as UBL.

    `file_sha256` of a document names the file it was read from.
    """

    attachment: int
    name: str
    size: int
    sha256: str
    pages: list[AttachmentPage]


class DisputeList(Wire):
    """Disputes, newest first; `next_cursor` is null on the last page."""

    disputes: list[DisputeSummary]
    next_cursor: str | None = None


class Extraction(Progress):
    """An extraction and, once it is done, every document found in its attachments."""

    extraction_id: str
    documents: list[dict[str, Any]] = []


class Health(Wire):
    """Health of the service; `missing` lists what it lacks to do its work, each with a remedy."""

    status: Literal["ok", "not_ready"]
    missing: tuple[str, ...] = ()


def problem(code: str, detail: str) -> ProblemDetails:
    """Return the problem+json of a stable code."""
    status = STATUS_OF_CODE.get(code, 400)
    return ProblemDetails(
        type=f"urn:tieout:problem:{code}",
        title=TITLE_OF_STATUS[status],
        status=status,
        detail=detail,
        code=code,
    )


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """Return one sentence about the first fault: its place, the value and what is expected.

    >>> class Size(Wire):
    ...     width: int
    >>> try:
    ...     Size.model_validate({"widht": 3, "width": 3})
    ... except ValidationError as wrong:
    ...     explain(wrong, Size)
    "unknown key 'widht', did you mean 'width'?"
    """
    errors = error.errors(include_url=False)
    # An unknown key often causes a missing one: name the cause.
    first = next((entry for entry in errors if entry["type"] == "extra_forbidden"), errors[0])
    place = ".".join(str(part) for part in first["loc"]) or "the top level"
    if first["type"] == "extra_forbidden":
        return unknown_key(place, sorted(set(_field_names(model))))
    received = f", got {first['input']!r}" if isinstance(first["input"], str | int | float) else ""
    return f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}{received}"


def unknown_key(place: str, known: list[str]) -> str:
    """Return the sentence about an unknown key; `place` is its dotted path."""
    near = get_close_matches(place.rpartition(".")[2], known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
    return f"unknown key {place!r}, {hint}"


def _field_names(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield name
        for inner in _models_in(info.annotation):
            yield from _field_names(inner)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        if argument is not Annotated:
            yield from _models_in(argument)
