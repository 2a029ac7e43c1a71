"""Typed settings of the service: one YAML file in Ray Serve's own format, every key with a default.

Both `tieout serve --config` and Ray's `serve run` accept `configs/serve.yaml`: its application
names `serving.app:build`, and the arguments of that builder are `Settings`.
"""

from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

import yaml
from platformdirs import user_data_dir
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from serving.store.identity import Allowance
from serving.store.rules import JobRules
from serving.wire.schema import explain


class SettingsError(ValueError):
    """A settings file that cannot be used; the message names the key and a valid value."""


# Words of one page that the model sees: `encoding.MAX_WORDS`, without importing torch.
MAX_PAGE_WORDS = 2000


class Scaling(BaseModel):
    """Bounds of autoscaling: as many replicas as the requests need.

    The target is `ongoing` requests per replica, averaged over the last `look_back_s` seconds. Ray
    adds replicas after `up_delay_s` above it and removes them after `down_delay_s` below it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    least: int = Field(default=1, ge=1)
    most: int = Field(ge=1)
    ongoing: float = Field(default=2.0, gt=0)
    look_back_s: float = Field(default=30.0, gt=0)
    up_delay_s: float = Field(default=15.0, ge=0)
    down_delay_s: float = Field(default=300.0, ge=0)

    @model_validator(mode="after")
    def _check_bounds(self) -> "Scaling":
        if self.least > self.most:
            raise ValueError(f"least ({self.least}) must not exceed most ({self.most})")
        return self


Replicas = Annotated[int, Field(ge=1)] | Scaling


class Settings(BaseModel):
    """The settings of all deployments. Sizes in MB are 10^6 bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Folder of the trained model; None uses the one that ships with Tieout.
    checkpoint: Path | None = None
    # "auto" uses a GPU when Ray sees one, else the CPU.
    device: Literal["auto", "cpu", "cuda"] = "auto"
    # File of the policy with its tolerances; None tolerates nothing.
    policy: Path | None = None
    # Folder with templates of messages to vendors, like de.yaml; each replaces the shipped one.
    vendor_messages: Path | None = None
    # Processes that answer HTTP requests. A number, or `Scaling` between bounds, here and below.
    http_replicas: Replicas = 1
    # Processes that work on jobs, each on `running_disputes` at once.
    work_replicas: int = Field(default=1, ge=1)
    # Seconds that running jobs get to end when their process is stopped; others are released.
    drain_s: float = Field(default=20.0, ge=0)
    # Processes that turn files into pages; each reads one page at a time. One for each core.
    reading_replicas: Replicas = 2
    # CPUs that Ray reserves for each; on one machine less than it uses, so that all fit.
    reading_cpus: float = Field(default=0.25, ge=0)
    # Processes that run the model; with a GPU each uses a whole one.
    model_replicas: Replicas = 1
    model_cpus: float = Field(default=0.5, ge=0)
    # Maximum words in one forward pass, pages padded to the longest, from all documents being read.
    model_batch_words: int = Field(default=8000, ge=MAX_PAGE_WORDS)
    # Requests that wait for a free HTTP process before callers get 503, per proxy.
    queued_requests: int = Field(default=256, ge=1)
    # Attachments that wait for a reading process before callers get 503, per calling process.
    queued_readings: int = Field(default=64, ge=1)
    # Attachments that one HTTP process checks at the same time while their requests wait.
    checks_at_once: int = Field(default=2, ge=1)
    # Pages of one document that may wait for the model while the next one is being read.
    pages_ahead: int = Field(default=2, ge=1)
    # Database of the jobs: sqlite:///path or postgresql+psycopg://user@host/name, whose password
    # comes from PGPASSWORD or ~/.pgpass. None uses a file in this user's data folder.
    database: str | None = None
    # Store of their files: file:///folder or s3://bucket/prefix, whose credentials come from the
    # environment. None uses a folder in this user's data folder.
    objects: str | None = None
    # Days after a job finished until it is deleted with all its files.
    retention_days: int = Field(default=30, ge=1)
    # Seconds without a heartbeat after which a worker loses its job to another one.
    lease_s: int = Field(default=60, ge=5)
    # Number of claims of a job after which it fails.
    attempts: int = Field(default=3, ge=1)
    # Queued and running jobs of all tenants; above it callers get 429.
    unfinished_jobs: int = Field(default=10_000, ge=1)
    # Jobs of one tenant worked on at once, so that no tenant keeps the others waiting.
    running_per_tenant: int = Field(default=8, ge=1)
    # Jobs worked on at once by one worker; the others are queued. More than there are readers, so
    # that readers have a page to read while other jobs are claimed, examined and published.
    running_disputes: int = Field(default=4, ge=1)
    # Longest wait for a result within one request, in seconds: `Prefer: wait=N` or an extraction.
    wait_s: int = Field(default=50, ge=0)
    # "none" admits every client on this machine and no other; it is refused where the service
    # listens to other machines.
    authentication: Literal["keys", "none"] = "keys"
    # Limits of a key that sets none of its own; above them callers get 429. Requests count per
    # minute, pages per day (UTC); jobs are the unfinished ones.
    requests_per_minute: int = Field(default=600, ge=1)
    pages_per_day: int = Field(default=20_000, ge=1)
    concurrent_jobs: int = Field(default=200, ge=1)
    # Allow webhooks over http and to this machine: for tests and development.
    webhooks_to_loopback: bool = False
    # Size of a request body; above it callers get 413.
    request_mb: int = Field(default=110, ge=1)
    # Attachments in one request.
    attachments: int = Field(default=20, ge=1)
    # Port for Prometheus on this machine, None for a free one; on a cluster Ray's option applies.
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    # The proxy that accepts connections: Serve's own, or HAProxy (Linux only), faster with uploads.
    proxy: Literal["serve", "haproxy"] = "serve"

    @property
    def database_url(self) -> str:
        """The URL of the database, default included."""
        return self.database or f"sqlite:///{_data_folder() / 'tieout.db'}"

    @property
    def objects_url(self) -> str:
        """The URL of the content store, default included."""
        return self.objects or (_data_folder() / "objects").as_uri()

    @property
    def allowance(self) -> Allowance:
        """The limits of a key that sets none of its own."""
        return Allowance(self.requests_per_minute, self.pages_per_day, self.concurrent_jobs)

    @property
    def job_rules(self) -> JobRules:
        """The limits of the job store."""
        return JobRules(
            unfinished=self.unfinished_jobs,
            running_per_tenant=self.running_per_tenant,
            attempts=self.attempts,
            retention=timedelta(days=self.retention_days),
            lease=timedelta(seconds=self.lease_s),
        )

    def with_storage_in(self, folder: Path) -> "Settings":
        """Return the same settings with database and files in a folder of this machine."""
        places = {
            "database": f"sqlite:///{folder / 'tieout.db'}",
            "objects": (folder / "objects").as_uri(),
        }
        return self.model_copy(update=places)


def _data_folder() -> Path:
    return Path(user_data_dir("tieout", appauthor=False))


class HttpOptions(BaseModel):
    """Address and timeouts of the service. Only this machine can reach the default host."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    keep_alive_timeout_s: int = Field(default=90, ge=1)
    # Time for a whole request, its upload included; then 408. Post long documents as disputes.
    request_timeout_s: float = Field(default=300.0, gt=0)


class LoggingOptions(BaseModel):
    """Logging of the replicas; the access log names paths and status, never document text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: Literal["TEXT", "JSON"] = "JSON"
    log_level: Literal["INFO", "WARNING", "ERROR"] = "WARNING"
    enable_access_log: bool = False


class ApplicationOptions(BaseModel):
    """The one application of the service."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Literal["tieout"] = "tieout"
    route_prefix: Literal["/"] = "/"
    import_path: Literal["serving.app:build"] = "serving.app:build"
    args: Settings = Settings()


class ServiceFile(BaseModel):
    """The part of Ray Serve's configuration format that Tieout uses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    proxy_location: Literal["HeadOnly", "EveryNode"] = "HeadOnly"
    http_options: HttpOptions = HttpOptions()
    logging_config: LoggingOptions = LoggingOptions()
    applications: tuple[ApplicationOptions, ...] = Field(
        default=(ApplicationOptions(),), min_length=1, max_length=1
    )

    @property
    def settings(self) -> Settings:
        return self.applications[0].args

    def with_address(self, host: str | None = None, port: int | None = None) -> "ServiceFile":
        """Return the same service at another address; None keeps the value of the file."""
        address = {"host": host, "port": port}
        options = self.http_options.model_dump()
        options |= {key: value for key, value in address.items() if value is not None}
        return self.model_copy(update={"http_options": HttpOptions(**options)})

    def refuse_exposed(self) -> None:
        """Raise `SettingsError` where other machines could send requests without a key."""
        host = self.http_options.host
        if self.settings.authentication == "none" and not _is_loopback(host):
            raise SettingsError(
                f"authentication is none and host is {host}: other machines could send requests"
                " without a key; use authentication: keys, or host: 127.0.0.1"
            )

    def with_storage_in(self, folder: Path) -> "ServiceFile":
        """Return the same service, with its jobs and their files in a folder of this machine."""
        return self._with(self.settings.with_storage_in(folder))

    def with_metrics_port(self, port: int) -> "ServiceFile":
        """Return the same service, with its metrics for Prometheus on a port of this machine."""
        return self._with(self.settings.model_copy(update={"metrics_port": port}))

    def _with(self, settings: Settings) -> "ServiceFile":
        (application,) = self.applications
        changed = application.model_copy(update={"args": settings})
        return self.model_copy(update={"applications": (changed,)})


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load_service_file(path: Path) -> ServiceFile:
    """Return the service of a YAML file; raises `SettingsError`, which names the wrong key."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error})") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    try:
        return ServiceFile.model_validate({} if content is None else content)
    except ValidationError as error:
        raise SettingsError(f"{path}: {explain(error, ServiceFile)}") from error
