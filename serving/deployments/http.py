"""The deployment `http`: takes requests in and answers them."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from ray.serve.handle import DeploymentHandle

from data.records import ExtractedDocument
from serving.closing_ports import keep_replica_local
from serving.deployments.documents import Documents
from serving.doctor import tieout_version
from serving.reading import Reader
from serving.settings import Settings
from serving.telemetry import metrics
from serving.telemetry.logs import set_up_logs
from serving.telemetry.requests import Observed

logger = logging.getLogger(__name__)

READY_WITHIN_S = 10.0


class Http:
    """HTTP, and the disputes being worked on."""

    def __init__(
        self, settings: Settings, reading: DeploymentHandle[Any], model: DeploymentHandle[Any]
    ) -> None:
        set_up_logs("http")
        keep_replica_local()
        self._settings = settings
        self._reading = reading
        self._model = model
        self._documents = Documents("http", reading, model)
        # As many renderings at once, whatever becomes of the requests that asked for them.
        self._looking = ThreadPoolExecutor(settings.checks_at_once, thread_name_prefix="check")

    def __serve_build_asgi_app__(self) -> FastAPI:
        from serving.disputes import examine
        from serving.policy import Policy, load_policy
        from serving.verdict import verdict_to_json
        from serving.web import Backend, build_app

        path = self._settings.policy
        policy = load_policy(path) if path else Policy()
        reader = Reader()

        async def check(name: str, content: bytes) -> None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._looking, reader.open, content, name)

        async def extract(name: str, content: bytes) -> tuple[ExtractedDocument, ...]:
            return await self._documents.extract(name, content)

        def decide(documents: Sequence[ExtractedDocument], data: Any) -> dict[str, Any]:
            return verdict_to_json(examine(documents, data, policy, datetime.now(UTC).date()))

        app = build_app(
            Backend(
                check=check,
                extract=extract,
                examine=decide,
                missing=self._missing,
                settings=self._settings,
                version=tieout_version(),
            )
        )
        app.add_middleware(Observed, record=metrics.RayRecorder())
        return app

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
        """Answers while the event loop turns; Serve's own check does not notice when it stops."""
