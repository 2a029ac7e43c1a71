"""The tables of the service: jobs, their files and versions, keys and their use, webhooks.

One metadata for SQLite and PostgreSQL. All times are UTC. Ids are URL-safe random text. Every row
belongs to a tenant, and every query of a client names one.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A time with a time zone, stored in UTC; on SQLite, which has no time zones, without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; use a time in UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The base class of all tables: one metadata that names its constraints, for migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        list[list[float]]: JSON(none_as_null=True),
    }


_UNFINISHED = text("state IN ('queued', 'running')")


class JobRow(Table):
    """A dispute or an extraction: queued -> running -> done, failed or cancelled, never back.

    A job whose lease ran out stays `running` and may be claimed again; `fence` counts the claims
    and cancellations, and only the holder of the newest one can write. `request_ref` and
    `result_ref` are SHA-256 digests of content that is stored under the job's id.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("tenant", "idempotency_key"),
        CheckConstraint("kind IN ('dispute', 'extraction')", name="kind"),
        CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"
        ),
        Index("ix_jobs_listing", "tenant", "kind", "submitted_at", "id"),
        Index(
            "ix_jobs_runnable",
            "tenant",
            "submitted_at",
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        Index("ix_jobs_claimed", "tenant", "claimed_at"),
        Index("ix_jobs_expiry", "expires_at"),
        Index("ix_jobs_tenant_reference", "tenant", "reference"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    key_id: Mapped[str | None]  # the API key it was posted with
    kind: Mapped[str]
    state: Mapped[str]
    submitted_at: Mapped[datetime]
    started_at: Mapped[datetime | None]  # first claim
    claimed_at: Mapped[datetime | None]  # last claim
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]  # set when it finishes: then it is deleted
    idempotency_key: Mapped[str | None]
    fingerprint: Mapped[str]
    request_ref: Mapped[str | None]
    result_ref: Mapped[str | None]
    error: Mapped[dict[str, Any] | None]  # problem+json of a failed job
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]  # not claimed earlier: waiting before another attempt
    model_version: Mapped[str | None]
    policy_version: Mapped[str | None]
    pages: Mapped[int | None]
    reference: Mapped[str | None]  # the client's own name for it
    details: Mapped[dict[str, Any] | None]  # the client's own keys and values ("metadata")
    assignee: Mapped[str | None]  # the person who looks after it
    # Raised by everything that is added to a dispute; a verdict has the number that it is based on.
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    version: Mapped[int | None]  # the revision of `result_ref`, NULL before there is one
    corrections_ref: Mapped[str | None]
    overview: Mapped[dict[str, Any] | None]  # status and money of the verdict, for lists


class LabelRow(Table):
    """An order number or vendor of a dispute, casefolded, by which it is found."""

    __tablename__ = "job_labels"
    __table_args__ = (Index(None, "tenant", "kind", "label"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # order or vendor
    label: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]


class AdditionRow(Table):
    """Something that was added to a dispute after it was posted, and by whom."""

    __tablename__ = "additions"
    __table_args__ = (UniqueConstraint("tenant", "idempotency_key"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)  # that it made
    tenant: Mapped[str]
    kind: Mapped[str]  # evidence or corrections
    created_at: Mapped[datetime]
    key_id: Mapped[str | None]
    author: Mapped[str | None]
    content: Mapped[dict[str, Any]]  # names, digests and counts, never text of documents
    idempotency_key: Mapped[str | None]
    fingerprint: Mapped[str]


class VersionRow(Table):
    """One verdict of a dispute; the newest is that of its job."""

    __tablename__ = "versions"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    result_ref: Mapped[str]
    model_version: Mapped[str | None]
    policy_version: Mapped[str | None]
    changes: Mapped[dict[str, Any] | None]  # against the version before, NULL for the first


class AttachmentRow(Table):
    """One file of a job, in the order it was posted."""

    __tablename__ = "attachments"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]  # for display, never a path
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
    # [width, height] of each page, measured when the file was posted; NULL where it is data
    page_sizes: Mapped[list[list[float]] | None]
    documents_ref: Mapped[str | None]  # its documents as read, so that they are read once


class ReceptionRow(Table):
    """A request with an idempotency key whose body is still being received."""

    __tablename__ = "receptions"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]  # after that the request is taken for dead


class ApiKeyRow(Table):
    """An API key: only its digest is stored. Where a limit is NULL, the service's applies."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("digest"), Index(None, "tenant"))

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    label: Mapped[str]
    digest: Mapped[str]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    requests_per_minute: Mapped[int | None]
    pages_per_day: Mapped[int | None]
    concurrent_jobs: Mapped[int | None]


class DeskSessionRow(Table):
    """A browser that signed in with an API key, which is encrypted; of its cookie only a digest."""

    __tablename__ = "desk_sessions"
    __table_args__ = (Index(None, "expires_at"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    sealed_key: Mapped[str]
    person: Mapped[str]
    expires_at: Mapped[datetime]


class UsageRow(Table):
    """The requests or pages that a key used in the window that began at `window_start`."""

    __tablename__ = "usage"

    key_id: Mapped[str] = mapped_column(
        ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(default=0)


class WebhookEndpointRow(Table):
    """A tenant's webhook endpoint; it has one secret, or two while they are being changed.

    Secrets are encrypted (`serving.store.secret_box`).
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (Index(None, "tenant"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    url: Mapped[str]
    secrets: Mapped[list[str]]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class WebhookDeliveryRow(Table):
    """One event for one endpoint; its id is the `webhook-id` header."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'delivered', 'failed')", name="state"),
        # One delivery per endpoint, job, event and revision, whichever process publishes it.
        UniqueConstraint("endpoint_id", "job_id", "event", "revision"),
        Index(
            "ix_webhook_deliveries_due",
            "next_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_webhook_deliveries_job_id", "job_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    tenant: Mapped[str]
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    event: Mapped[str]  # such as dispute.done
    revision: Mapped[int] = mapped_column(default=1, server_default="1")  # the job's at the event
    changes: Mapped[dict[str, Any] | None]  # what a new version of a verdict changed
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    last_status: Mapped[int | None]  # HTTP status of the last attempt, NULL without a response
