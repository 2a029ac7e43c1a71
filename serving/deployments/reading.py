"""The deployment `reading`: turns the bytes of an attachment into tagged pages."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
from ray.serve.handle import DeploymentHandle

from data.pages.attachment_reader import AttachmentReader
from data.pages.attachments import Attachment, AttachmentError, Limits, PageSizes, reopen_attachment
from data.pages.sandbox import MissingProgram
from data.records import Page
from serving.service.doctor import missing_programs
from serving.service.liveness import Progress
from serving.service.ray_ports import keep_replica_local
from serving.settings import Settings
from serving.telemetry import metrics, traces
from serving.telemetry.drift import Drift, ocr_confidence
from serving.telemetry.logs import log_event, set_up_logs
from training.decoding.grouping import TaggedPage

logger = logging.getLogger(__name__)

# What is wrong with a document is an answer, not a failure: raised, Serve would log its text,
# which names the file.
Refused = AttachmentError | MissingProgram


def page_budget_s(limits: Limits) -> float:
    """Return the most seconds a page may take: twice the sum of the time limits of its steps."""
    return 2 * (limits.inspect_timeout_s + limits.render_timeout_s + limits.ocr_timeout_s)


class Reading:
    """Reads one page at a time; documents being read at once take turns page by page."""

    def __init__(self, settings: Settings, model: DeploymentHandle[Any]) -> None:
        set_up_logs("reading")
        keep_replica_local()
        # Pages are shared out among replicas, one for each core: threads within a page only get in
        # each other's way.
        cv2.setNumThreads(1)
        self._reader = AttachmentReader()
        self._model = model
        self._ahead = settings.pages_ahead
        self._progress = Progress()
        self._record = metrics.RayRecorder()
        self._traces = traces.Traces("reading")
        self._drift = Drift()
        # One thread, and its work is never waited for beside it: whatever becomes of requests, a
        # replica runs one native program at a time. A request that is given up leaves the page
        # under way to its end; what was queued behind it is dropped.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")

    # An attachment is at most 50 MB (`Limits.max_bytes`): small enough to pass by value, which
    # costs about twice its size in both processes while it is read.
    async def tagged_pages(
        self,
        name: str,
        content: bytes,
        page_sizes: PageSizes | None = None,
        within: traces.Carrier = traces.NOWHERE,
    ) -> AsyncIterator[TaggedPage | Refused]:
        """Yield the tagged pages in order; instead of them, or last, the error of the file."""
        waiting: deque[Any] = deque()
        with self._traces.span("read attachment", within, bytes=len(content)) as span:
            try:
                async for page in self._pages(name, content, page_sizes):
                    waiting.append(self._model.tag.remote(page, span))
                    if len(waiting) > self._ahead:
                        yield await waiting.popleft()
                while waiting:
                    yield await waiting.popleft()
            except (AttachmentError, MissingProgram) as error:
                log_event(
                    logger, "attachment refused", code=getattr(error, "code", "missing_program")
                )
                yield error

    async def _pages(
        self, name: str, content: bytes, page_sizes: PageSizes | None
    ) -> AsyncIterator[Page]:
        loop = asyncio.get_running_loop()
        if page_sizes is None:
            attachment = await loop.run_in_executor(self._thread, self._open, name, content)
        else:
            attachment = reopen_attachment(content, name, page_sizes)
        pages = self._reader.pages(attachment)
        try:
            while (page := await loop.run_in_executor(self._thread, self._next, pages)) is not None:
                self._count(page)
                yield page
        finally:
            self._thread.submit(pages.close)  # type: ignore[attr-defined]

    def _open(self, name: str, content: bytes) -> Attachment:
        with self._progress.unit(), self._timed("open"):
            return self._reader.open(content, name, check_blank=False)

    def _next(self, pages: Iterator[Page]) -> Page | None:
        with self._progress.unit(), self._timed("read"):
            return next(pages, None)

    def _timed(self, stage: str) -> metrics.Stopwatch:
        return metrics.Stopwatch(self._record, stage)

    def _count(self, page: Page) -> None:
        self._record(metrics.PAGES, 1, source=page.words_source)
        self._record(metrics.PAGE_WORDS, len(page.words))
        if (confidence := ocr_confidence(page)) is not None:
            self._record(metrics.OCR_CONFIDENCE, confidence)
        self._drift.add(page)
        for statistic, index in self._drift.indices().items():
            self._record(metrics.DRIFT, index, statistic=statistic)

    async def missing(self) -> tuple[str, ...]:
        """Return the native programs that this replica lacks, with the remedy."""
        return await asyncio.to_thread(missing_programs)

    async def check_health(self) -> None:
        """Raise `Stuck` when a page takes longer than all its steps may."""
        self._progress.raise_if_stuck("a page", page_budget_s(self._reader.limits))
