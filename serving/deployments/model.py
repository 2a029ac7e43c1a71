"""The deployment `model`: tags pages; pages of all documents share its forward passes."""

import asyncio
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from ray import serve

from data.records import Page
from serving.service.liveness import Progress
from serving.service.ray_ports import keep_replica_local
from serving.settings import MAX_PAGE_WORDS, Settings
from serving.telemetry import metrics, traces
from serving.telemetry.logs import log_event, set_up_logs
from training.decoding.calibration import Calibration
from training.decoding.grouping import TaggedPage

logger = logging.getLogger(__name__)

# A forward pass within `model_batch_words` takes a second on a CPU; this is a hang.
PASS_BUDGET_S = 60.0
# After so long without work the health check makes a pass of its own.
IDLE_S = 30.0
_PROBE = Page(0, 595.0, 842.0, (), "none", "probe of the health check")


def batch_words(pages: Sequence[Page]) -> int:
    """Return the cost of a forward pass over these pages in words, each padded to the longest."""
    return len(pages) * max(min(max(len(page.words), 1), MAX_PAGE_WORDS) for page in pages)


class Model:
    """Holds the trained model; one forward pass at a time."""

    def __init__(self, settings: Settings) -> None:
        set_up_logs("model")
        keep_replica_local()
        # Imported here: torch costs the other replicas 300 MB each.
        from training.extractor import Extractor

        began = time.monotonic()
        self._extractor = Extractor.load(settings.checkpoint, settings.device)
        self._progress = Progress()
        self._record = metrics.RayRecorder()
        self._traces = traces.Traces("model")
        # One thread: passes of a request that was given up cannot run beside the next.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model")
        self.tag.set_max_batch_size(settings.model_batch_words)  # type: ignore[attr-defined, misc]
        device = str(self._extractor.device.torch_device)
        log_event(logger, "model loaded", seconds=time.monotonic() - began, device=device)

    @serve.batch(  # type: ignore[arg-type]
        max_batch_size=MAX_PAGE_WORDS, batch_wait_timeout_s=0.0, batch_size_fn=batch_words
    )
    async def tag(  # type: ignore[misc]
        self, pages: list[Page], within: list[traces.Carrier]
    ) -> Sequence[TaggedPage]:
        """Return the tagged page of each page; `within` are the spans they belong to."""
        run = asyncio.get_running_loop().run_in_executor
        words = batch_words(pages)
        began = time.monotonic()
        # A span has one parent; the other pages of the batch are counted in it.
        with self._traces.span("tag", within[0], pages=len(pages), words=words):
            tagged = await run(self._thread, self._pass, pages)
        self._record(metrics.STAGE_SECONDS, time.monotonic() - began, stage="tag")
        self._record(metrics.BATCH_WORDS, words)
        return tagged

    def _pass(self, pages: Sequence[Page]) -> list[TaggedPage]:
        with self._progress.unit():
            return self._extractor.tag_pages(pages)

    async def device(self) -> str:
        """Return the device the model runs on, with the reason."""
        return self._extractor.device_line

    async def calibration(self) -> Calibration:
        """Return the calibration, which turns raw probabilities into those of being right."""
        return self._extractor.calibration

    async def check_health(self) -> None:
        """Raises when a pass hangs; tries one when none was made lately."""
        self._progress.raise_if_stuck("a forward pass", PASS_BUDGET_S)
        if self._progress.idle_s() > IDLE_S:
            run = asyncio.get_running_loop().run_in_executor
            async with asyncio.timeout(PASS_BUDGET_S / 3):
                await run(self._thread, self._pass, [_PROBE])
