"""Typed settings of the service: one YAML file in Ray Serve's own format, every key with a default.

`configs/serve.yaml` can be given to `tieout serve --config` and to Ray's `serve run` alike: its
application names `serving.app:build` and the arguments of that builder are `Settings`.
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
    """A settings file that cannot be used; the one message says which key and what is wanted."""


# Words of one page that the model sees: `encoding.MAX_WORDS`, without importing torch.
MOST_PAGE_WORDS = 2000


class Scaling(BaseModel):
    """Replicas as many as requests need, within bounds.

    `ongoing` requests for each replica are aimed at. Ray looks at the last `look_back_s` seconds,
    adds replicas when that lasted `up_delay_s` and removes them after `down_delay_s`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    least: int = Field(default=1, ge=1)
    most: int = Field(ge=1)
    ongoing: float = Field(default=2.0, gt=0)
    look_back_s: float = Field(default=30.0, gt=0)
    up_delay_s: float = Field(default=15.0, ge=0)
    down_delay_s: float = Field(default=300.0, ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> "Scaling":
        if self.least > self.most:
            raise ValueError(f"least is {self.least}, most {self.most}; it must not be more")
        return self


Replicas = Annotated[int, Field(ge=1)] | Scaling


class Settings(BaseModel):
    """What the deployments are built with. Sizes in MB are 10^6 bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Folder of the trained model; None takes the one that ships with Tieout.
    checkpoint: Path | None = None
    # "auto" takes a GPU when Ray sees one, else the CPU.
    device: Literal["auto", "cpu", "cuda"] = "auto"
    # Tolerances; None tolerates nothing.
    policy: Path | None = None
    # Processes that answer HTTP requests. A number, or `Scaling` between bounds, here and below.
    http_replicas: Replicas = 1
    # Processes that work on jobs, each on `running_disputes` at once.
    work_replicas: int = Field(default=1, ge=1)
    # Seconds that running jobs get to end when their process is stopped; then another goes on.
    drain_s: float = Field(default=20.0, ge=0)
    # Processes that turn bytes into pages; each reads one page at a time. One for each core.
    reading_replicas: Replicas = 2
    # CPUs that Ray books for one of them; on one machine less than it uses, so that all fit.
    reading_cpus: float = Field(default=0.25, ge=0)
    # Processes that hold the model; with a GPU each takes a whole one.
    model_replicas: Replicas = 1
    model_cpus: float = Field(default=0.5, ge=0)
    # Words in one forward pass at most, pages padded to the longest, from all documents being read.
    model_batch_words: int = Field(default=8000, ge=MOST_PAGE_WORDS)
    # Requests that wait for a free HTTP process before callers get 503, for each proxy.
    queued_requests: int = Field(default=256, ge=1)
    # Attachments that wait for a reading process before callers get 503, for each that asks.
    queued_readings: int = Field(default=64, ge=1)
    # Attachments looked at while their request waits, at once in one HTTP process.
    checks_at_once: int = Field(default=2, ge=1)
    # Pages of one document that may wait for the model while the next one is being read.
    pages_ahead: int = Field(default=2, ge=1)
    # Where jobs are kept: sqlite:///path or postgresql+psycopg://user@host/name, whose password
    # comes from PGPASSWORD or ~/.pgpass. None takes a file in this user's data folder.
    database: str | None = None
    # Where their bytes are kept: file:///folder or s3://bucket/prefix, whose credentials come from
    # the environment. None takes a folder in this user's data folder.
    objects: str | None = None
    # Jobs are deleted with all their bytes so many days after they finished.
    retention_days: int = Field(default=30, ge=1)
    # A worker that is silent for so many seconds has lost its job to another one.
    lease_s: int = Field(default=60, ge=5)
    # How many workers a job may cost before it fails.
    attempts: int = Field(default=3, ge=1)
    # Queued and running jobs of all tenants; above it callers get 429.
    unfinished_jobs: int = Field(default=10_000, ge=1)
    # Jobs of one tenant worked on at once, so that no tenant keeps the others waiting.
    running_per_tenant: int = Field(default=8, ge=1)
    # Jobs worked on at once by one worker; the others are queued. More than there are readers, so
    # that these have a page to read while other jobs are claimed, examined and published.
    running_disputes: int = Field(default=4, ge=1)
    # Seconds an answer may be held back for a result, by `Prefer: wait=N` or for an extraction.
    wait_s: int = Field(default=50, ge=0)
    # "none" lets everybody on this machine in and nobody else; it is refused where the service
    # listens to other machines.
    authentication: Literal["keys", "none"] = "keys"
    # What a key may use that has no limits of its own; above them callers get 429. Requests count
    # by the minute, pages by the day (UTC); the jobs are those not finished.
    requests_per_minute: int = Field(default=600, ge=1)
    pages_per_day: int = Field(default=20_000, ge=1)
    concurrent_jobs: int = Field(default=200, ge=1)
    # Webhooks also over http and to this machine: for tests and development.
    webhooks_to_loopback: bool = False
    # Whole request body; above it callers get 413.
    request_mb: int = Field(default=110, ge=1)
    # Attachments in one request.
    attachments: int = Field(default=20, ge=1)
    # Port for Prometheus on this machine, None a free one; on a cluster Ray's own option rules.
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    # What takes connections: Serve's own proxy, or HAProxy (Linux only), quicker with uploads.
    proxy: Literal["serve", "haproxy"] = "serve"

    @property
    def database_url(self) -> str:
        """The database, written out."""
        return self.database or f"sqlite:///{_data_folder() / 'tieout.db'}"

    @property
    def objects_url(self) -> str:
        """The content store, written out."""
        return self.objects or (_data_folder() / "objects").as_uri()

    @property
    def allowance(self) -> Allowance:
        """What a key may use that has no limits of its own."""
        return Allowance(self.requests_per_minute, self.pages_per_day, self.concurrent_jobs)

    @property
    def job_rules(self) -> JobRules:
        """What the store holds jobs to."""
        return JobRules(
            unfinished=self.unfinished_jobs,
            running_per_tenant=self.running_per_tenant,
            attempts=self.attempts,
            retention=timedelta(days=self.retention_days),
            lease=timedelta(seconds=self.lease_s),
        )

    def kept_in(self, folder: Path) -> "Settings":
        """The same settings with everything kept in a folder of this machine."""
        places = {
            "database": f"sqlite:///{folder / 'tieout.db'}",
            "objects": (folder / "objects").as_uri(),
        }
        return self.model_copy(update=places)


def _data_folder() -> Path:
    return Path(user_data_dir("tieout", appauthor=False))


class HttpOptions(BaseModel):
    """Where the service listens. Only this machine can reach the default host."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    keep_alive_timeout_s: int = Field(default=90, ge=1)
    # Whole request, its upload included; then 408. Long documents are posted as disputes.
    request_timeout_s: float = Field(default=300.0, gt=0)


class LoggingOptions(BaseModel):
    """How the replicas log; the access log names paths and status, never document text."""

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

    def listening(self, host: str | None = None, port: int | None = None) -> "ServiceFile":
        """The same service at another address; None keeps what the file says."""
        given = {"host": host, "port": port}
        options = self.http_options.model_dump()
        options |= {key: value for key, value in given.items() if value is not None}
        return self.model_copy(update={"http_options": HttpOptions(**options)})

    def refuse_exposed(self) -> None:
        """Raises `SettingsError` where other machines could ask without a key."""
        host = self.http_options.host
        if self.settings.authentication == "none" and not _is_loopback(host):
            raise SettingsError(
                f"authentication none with host {host}: other machines could ask without a key;"
                " take authentication keys, or host 127.0.0.1"
            )

    def kept_in(self, folder: Path) -> "ServiceFile":
        """The same service, with its jobs and their bytes in a folder of this machine."""
        return self._with(self.settings.kept_in(folder))

    def showing_metrics(self, port: int) -> "ServiceFile":
        """The same service, with its metrics for Prometheus on that port of this machine."""
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
    """The service described by a YAML file; raises `SettingsError` naming the key that is wrong."""
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
