"""The Ray Serve application: pages are read on CPUs, tagged by the model, served over HTTP.

Thin on purpose: everything it calls runs and is tested without Ray. The front passes the bytes of
an attachment to the reading replica, which hands its pages to the model one by one and sends the
tagged pages (small, without images) back as they come.
"""

import asyncio
import secrets
import socket
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import ray
from fastapi import FastAPI
from ray import serve
from ray.serve import Application
from ray.serve.handle import DeploymentHandle

from data.attachments import open_attachment
from data.einvoice import held_against_einvoice
from data.records import ExtractedDocument, Page
from serving.doctor import missing_programs, tieout_version
from serving.reading import Reader
from serving.settings import Settings
from training.calibration import Calibration
from training.decoding import decode_documents
from training.grouping import TaggedPage

if TYPE_CHECKING:
    from serving.worker import Stores, Worker

# Requests a replica takes at once; Serve queues the others. Reading works on one page at a time,
# so a higher number only lets more documents take turns.
READING_AT_ONCE = 8
FRONT_AT_ONCE = 64
# Half a CPU in Ray's books: two cores have to hold every replica.
REPLICA_CPUS = 0.5


def build(args: Settings) -> Application:
    """The application for these settings; Ray's configuration file names this function."""
    model = serve.deployment(
        name="model",
        num_replicas=args.model_replicas,
        max_ongoing_requests=args.model_batch_pages * 2,
        ray_actor_options={"num_cpus": REPLICA_CPUS, "num_gpus": _model_gpus(args)},
    )(Model).bind(args)
    reading = serve.deployment(
        name="reading",
        num_replicas=args.reading_replicas,
        max_ongoing_requests=READING_AT_ONCE,
        graceful_shutdown_timeout_s=120,  # a page under Tesseract may take 60 s
        ray_actor_options={"num_cpus": REPLICA_CPUS},
    )(Reading).bind(args, model)
    # One replica, for it works on the jobs as well; they are kept outside of it.
    return serve.deployment(
        name="front",
        num_replicas=1,
        max_ongoing_requests=FRONT_AT_ONCE,
        ray_actor_options={"num_cpus": 0},
    )(serve.ingress()(Front)).bind(args, reading, model)


def _now() -> datetime:
    return datetime.now(UTC)


def _model_gpus(settings: Settings) -> int:
    """GPUs for one model replica: a whole one where it is wanted or Ray sees any."""
    if settings.device == "auto":
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        return int(resources.get("GPU", 0) >= settings.model_replicas)
    return int(settings.device == "cuda")


def _documents(
    name: str, content: bytes, tagged: Sequence[TaggedPage], calibration: Calibration
) -> tuple[ExtractedDocument, ...]:
    """The documents on tagged pages, held against an e-invoice embedded in the attachment."""
    read = decode_documents(name, tagged, calibration)
    attachment = open_attachment(content, name)
    return held_against_einvoice(attachment, read, [page.page for page in tagged])


class Model:
    """Holds the trained model; pages of all documents share its forward passes."""

    def __init__(self, settings: Settings) -> None:
        # Imported here: torch costs the other replicas 300 MB each.
        from training.extractor import Extractor

        self._extractor = Extractor.load(settings.checkpoint, settings.device)
        self.tag.set_max_batch_size(settings.model_batch_pages)  # type: ignore[attr-defined, misc]

    @serve.batch(max_batch_size=8, batch_wait_timeout_s=0.0)  # type: ignore[arg-type]
    async def tag(  # type: ignore[misc]
        self, pages: list[Page]
    ) -> Sequence[TaggedPage]:
        """The tagged page of each page; one forward pass at a time."""
        return await asyncio.to_thread(self._extractor.tag_pages, pages)

    async def device(self) -> str:
        """Which device the model runs on, and why."""
        return self._extractor.device_line

    async def calibration(self) -> Calibration:
        """What turns the model's probabilities into those of being right."""
        return self._extractor.calibration


class Reading:
    """Turns the bytes of an attachment into tagged pages."""

    def __init__(self, settings: Settings, model: DeploymentHandle[Any]) -> None:
        self._reader = Reader()
        self._model = model
        self._ahead = settings.pages_ahead
        # One thread: a cancelled request cannot leave work behind that runs beside the next one,
        # and documents being read at once take turns page by page.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")

    # An attachment is at most 50 MB (`Limits.max_bytes`): small enough to pass by value, which
    # costs about twice its size in both processes while it is read.
    async def tagged_pages(self, name: str, content: bytes) -> AsyncIterator[TaggedPage]:
        """The tagged pages in order. Raises `AttachmentError`."""
        waiting: deque[Any] = deque()
        async for page in self._pages(name, content):
            waiting.append(self._model.tag.remote(page))
            if len(waiting) > self._ahead:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()

    async def _pages(self, name: str, content: bytes) -> AsyncIterator[Page]:
        run = partial(asyncio.get_running_loop().run_in_executor, self._thread)
        attachment = await run(self._reader.open, content, name)
        pages: Iterator[Page] = self._reader.pages(attachment)
        try:
            while (page := await run(next, pages, None)) is not None:
                yield page
        finally:
            self._thread.submit(pages.close)  # type: ignore[attr-defined]

    async def missing(self) -> tuple[str, ...]:
        """Native programs this replica lacks, with the remedy."""
        return await asyncio.to_thread(missing_programs)


class Front:
    """HTTP, and a worker on the jobs that come in through it."""

    def __init__(
        self, settings: Settings, reading: DeploymentHandle[Any], model: DeploymentHandle[Any]
    ) -> None:
        self._settings = settings
        self._reading = reading.options(stream=True)
        self._readiness = reading
        self._model = model
        self._calibration: Calibration | None = None

    def __serve_build_asgi_app__(self) -> FastAPI:
        from serving.store.content import ContentStore
        from serving.store.database import open_engine, upgrade
        from serving.store.jobs import JobStore
        from serving.store.keys import KeyStore
        from serving.store.leases import Leases
        from serving.store.webhooks import WebhookStore
        from serving.web.app import build_app
        from serving.web.backend import Backend
        from serving.webhooks.delivery import DeliveryLoop
        from serving.webhooks.sending import Sender
        from serving.worker import Stores

        settings = self._settings
        engine = open_engine(settings.database_url)
        upgrade(engine)
        rules = settings.job_rules
        stores = Stores(
            JobStore(engine, _now, rules),
            Leases(engine, _now, rules),
            ContentStore(settings.objects_url),
            _now,
        )
        worker = self._worker(stores)
        reader = Reader()

        async def check(name: str, content: bytes) -> int:
            return (await asyncio.to_thread(reader.open, content, name)).page_count

        keys = KeyStore(engine, _now, settings.allowance)
        webhooks = WebhookStore(engine, _now)
        delivery = DeliveryLoop(webhooks, Sender(settings.webhooks_to_loopback))

        @asynccontextmanager
        async def working(app: FastAPI) -> AsyncIterator[None]:
            task = asyncio.create_task(worker.run())
            delivering = asyncio.create_task(delivery.run())
            yield
            delivering.cancel()
            await worker.drain()
            await task

        backend = Backend(
            jobs=stores.jobs,
            content=stores.content,
            keys=keys if settings.authentication == "keys" else None,
            webhooks=webhooks,
            check=check,
            missing=self._missing,
            settings=settings,
            version=tieout_version(),
            wake=worker.wake,
        )
        return build_app(backend, working)

    def _worker(self, stores: "Stores") -> "Worker":
        from serving.disputes import examine
        from serving.policy import Policy, load_policy
        from serving.verdict import verdict_to_json
        from serving.versions import model_version, policy_version
        from serving.worker import Craft, Pace, Worker

        path = self._settings.policy
        policy = load_policy(path) if path else Policy()
        craft = Craft(
            extract=self._extract,
            examine=lambda documents, data: verdict_to_json(
                examine(documents, data, policy, _now().date())
            ),
            model_version=model_version(self._settings.checkpoint),
            policy_version=policy_version(policy),
        )
        # A worker that comes back is a new one: its old leases are not its own.
        owner = f"{socket.gethostname()}-{secrets.token_hex(4)}"
        return Worker(owner, stores, craft, Pace(at_once=self._settings.running_disputes))

    async def _extract(self, name: str, content: bytes) -> tuple[ExtractedDocument, ...]:
        pages: Any = self._reading.tagged_pages.remote(name, content)
        tagged = [page async for page in pages]
        if self._calibration is None:
            self._calibration = await self._model.calibration.remote()
        return await asyncio.to_thread(_documents, name, content, tagged, self._calibration)

    async def _missing(self) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(10):
                await self._model.device.remote()
                missing: tuple[str, ...] = await self._readiness.missing.remote()
                return missing
        except Exception:  # whatever it is, the service is not ready and its log says why
            return ("the model or the reading process does not answer; see the service's log",)
