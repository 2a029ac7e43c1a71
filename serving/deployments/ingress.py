"""The deployment `http`: accepts requests and answers them; it keeps no state."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi import FastAPI
from ray.serve.handle import DeploymentHandle

from data.pages.attachment_reader import AttachmentReader
from data.pages.attachments import PageSizes
from serving.deployments.stores import open_stores
from serving.service.ray_ports import keep_replica_local
from serving.service.versions import tieout_version
from serving.settings import Settings
from serving.telemetry import metrics, traces
from serving.telemetry.logs import set_up_logs
from serving.telemetry.requests import RequestTelemetry

logger = logging.getLogger(__name__)

READY_WITHIN_S = 10.0


class Http:
    """The web application over the stores; posted jobs are processed by `work`."""

    def __init__(
        self,
        settings: Settings,
        work: DeploymentHandle[Any],
        reading: DeploymentHandle[Any],
        model: DeploymentHandle[Any],
    ) -> None:
        set_up_logs("http")
        keep_replica_local()
        self._settings = settings
        self._work, self._reading, self._model = work, reading, model
        # As many renderings at once, whatever becomes of the requests that asked for them.
        self._looking = ThreadPoolExecutor(settings.checks_at_once, thread_name_prefix="check")

    def __serve_build_asgi_app__(self) -> FastAPI:
        from serving.web.app import build_app
        from serving.web.backend import Backend

        stores = open_stores(self._settings)
        app = build_app(
            Backend(
                jobs=stores.work.jobs,
                additions=stores.additions,
                search=stores.search,
                content=stores.work.content,
                keys=stores.keys if self._settings.authentication == "keys" else None,
                sessions=stores.sessions,
                webhooks=stores.webhooks,
                check=self._check,
                missing=self._missing,
                settings=self._settings,
                version=tieout_version(),
                wake=self._wake,
            )
        )
        app.add_middleware(
            RequestTelemetry, record=metrics.RayRecorder(), traces=traces.Traces("http")
        )
        return app

    async def _check(self, name: str, content: bytes) -> PageSizes:
        loop = asyncio.get_running_loop()
        attachment = await loop.run_in_executor(
            self._looking, AttachmentReader().open, content, name
        )
        return attachment.page_sizes

    def _wake(self) -> None:
        self._work.wake.remote()

    async def _missing(self) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await self._model.device.remote()
                missing: tuple[str, ...] = await self._reading.missing.remote()
                return missing
        except Exception:  # whatever it is, the service is not ready and its log says why
            logger.exception("not ready")
            return ("the model or the reading process does not answer; see the service's log",)

    async def check_health(self) -> None:
        """Return while the event loop runs; Serve's own check does not notice a blocked loop."""
