"""Reads the documents in an attachment through the deployments `reading` and `model`."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from ray.serve.exceptions import BackPressureError
from ray.serve.handle import DeploymentHandle

from data.labels import LINE_FIELDS
from data.pages.attachments import PageSizes, reopen_attachment
from data.records import ExtractedDocument, Field, LineItem
from serving.telemetry import metrics, traces
from training.decoding.attachment_documents import finish_attachment
from training.decoding.calibration import Calibration
from training.decoding.grouping import TaggedPage

# Seconds before an attachment is offered again that was refused because too many wait to be read.
_BUSY_S = 2.0


class Documents:
    """Reads attachments for one deployment, which `part` names in traces."""

    def __init__(
        self, part: str, reading: DeploymentHandle[Any], model: DeploymentHandle[Any]
    ) -> None:
        self.record = metrics.RayRecorder()
        self.traces = traces.Traces(part)
        self._reading = reading.options(stream=True)
        self._model = model
        self._calibration: Calibration | None = None

    async def extract(
        self,
        name: str,
        content: bytes,
        page_sizes: PageSizes | None = None,
        within: traces.Carrier = traces.NOWHERE,
    ) -> tuple[ExtractedDocument, ...]:
        """Return the documents of an attachment; it is measured where no page sizes are given.

        Raises `AttachmentError`.
        """
        with self.traces.span("extract", within, bytes=len(content)) as span:
            tagged = await self._tagged(name, content, page_sizes, span)
            if self._calibration is None:
                self._calibration = await self._model.calibration.remote()
            with metrics.Stopwatch(self.record, "decode"):
                documents = await asyncio.to_thread(
                    finish_tagged, name, content, tagged, self._calibration
                )
        for confidence in _confidences(documents):
            self.record(metrics.VALUE_CONFIDENCE, confidence)
        return documents

    async def _tagged(
        self, name: str, content: bytes, page_sizes: PageSizes | None, within: traces.Carrier
    ) -> list[TaggedPage]:
        while True:
            tagged: list[TaggedPage] = []
            pages: Any = self._reading.tagged_pages.remote(name, content, page_sizes, within)
            try:
                async for page in pages:
                    if isinstance(page, Exception):
                        raise page
                    tagged.append(page)
            except BackPressureError:  # all readers are busy: the job waits, and keeps its lease
                await asyncio.sleep(_BUSY_S * random.uniform(0.75, 1.25))
            except asyncio.CancelledError:
                # Serve cancels for requests that are given up; a job is none.
                pages.cancel()
                raise
            else:
                return tagged


def finish_tagged(
    name: str, content: bytes, tagged: Sequence[TaggedPage], calibration: Calibration
) -> tuple[ExtractedDocument, ...]:
    """Return the documents of an attachment that other processes opened, read and tagged."""
    sizes = tuple((page.page.width, page.page.height) for page in tagged)
    return finish_attachment(reopen_attachment(content, name, sizes), tagged, calibration)


def _confidences(documents: Sequence[ExtractedDocument]) -> list[float]:
    """Return the confidence of each value that the model read."""
    leaves = [
        leaf
        for document in documents
        for item in (document.fields.values(), *map(_cells, document.line_items))
        for leaf in item
    ]
    return [leaf.confidence for leaf in leaves if leaf.source == "model" and leaf.value is not None]


def _cells(item: LineItem) -> list[Field]:
    return [leaf for name in LINE_FIELDS if (leaf := item.field(name)) is not None]
