"""The trained model on its device: attachments or pages in, documents out.

>>> documents = Extractor.load().read("invoice.pdf")  # doctest: +SKIP
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from data.labels import FREE_MARKS
from data.pages.attachment_reader import AttachmentReader, Source
from data.pages.attachments import Attachment
from data.records import ExtractedDocument, Mark, Page
from training.decoding.attachment_documents import finish_attachment
from training.decoding.calibration import Calibration, load_calibration
from training.decoding.documents import decode_documents
from training.decoding.grouping import FloatArray, TaggedPage, find_item_words
from training.decoding.marks import find_marks
from training.network.backbones import Network
from training.network.batch import collate
from training.network.checkpoint import DEFAULT, load_model
from training.network.device import Device, autocast, choose_device
from training.network.encoding import MAX_WORDS, encode_page
from training.network.vision import MARK_CELL

_SIGNATURE = FREE_MARKS.index("signature")
STRUCK = 0.5  # probability from which a printed number counts as struck out
_READER = AttachmentReader()


class Extractor:
    """A model on its device; `device_line` names the device and the reason for it.

    Without `arithmetic` decoding ignores what must add up: only to measure what that is worth.
    """

    def __init__(
        self,
        model: Network,
        device: Device,
        calibration: Calibration,
        *,
        arithmetic: bool = True,
    ) -> None:
        self.model = model.to(device.torch_device).eval()
        self.device = device
        self.calibration = calibration
        self.arithmetic = arithmetic
        self.device_line = str(device)

    @classmethod
    def load(
        cls, checkpoint: Path | None = None, device: str = "auto", *, arithmetic: bool = True
    ) -> "Extractor":
        """Load the model of a checkpoint folder (None: the one we ship) on auto, cpu or cuda.

        Raises `CheckpointError` or `DeviceError`.
        """
        folder = checkpoint or DEFAULT
        return cls(
            load_model(folder),
            choose_device(device),
            load_calibration(folder),
            arithmetic=arithmetic,
        )

    def read(
        self, source: Source, name: str | None = None, *, reader: AttachmentReader = _READER
    ) -> tuple[ExtractedDocument, ...]:
        """Read the documents in a PDF, TIFF, PNG or JPEG, as the service reads them.

        `source` is a path, or the content of a file, which needs a `name`. Raises
        `AttachmentError` for a file that cannot be read and `MissingProgram` where Tesseract or
        poppler is not installed.
        """
        return self.read_attachment(reader.open(source, name, check_blank=False), reader=reader)

    def read_attachment(
        self, attachment: Attachment, *, reader: AttachmentReader = _READER
    ) -> tuple[ExtractedDocument, ...]:
        """Read the documents in an attachment that is open; as `read`."""
        return self.finish(attachment, self.tag_each_page(reader.pages(attachment)))

    def tag_each_page(self, pages: Iterable[Page]) -> list[TaggedPage]:
        """Tag page by page: of each page only words and probabilities stay in memory."""
        return [self.tag_pages([page])[0] for page in pages]

    @torch.inference_mode()
    def tag_pages(self, pages: Sequence[Page]) -> list[TaggedPage]:
        """Tag the words of all pages in one forward pass; images are not kept."""
        if not pages:
            return []
        encoded = [encode_page(page) for page in pages]
        batch = collate(encoded, few_shapes=True).to(self.device.torch_device)
        precision = "bfloat16" if self.device.is_gpu else "float32"
        with autocast(self.device, precision):
            output = self.model(batch)
        probabilities = output.tags.float().softmax(-1).cpu().numpy()
        kinds = output.document_type.float().softmax(-1).cpu().numpy()
        tagged = []
        for row, (page, arrays) in enumerate(zip(pages, encoded, strict=True)):
            word_probabilities = probabilities[row, : arrays.length]
            item_words = find_item_words(word_probabilities)
            index = torch.from_numpy(item_words).to(self.device.torch_device)
            squares = output.marks[row]
            mark_map = None if squares is None else squares.float().sigmoid().cpu().numpy()
            struck = _struck_words(output.struck[row], arrays.length)
            affinity = output.same_item[row][index][:, index].float().sigmoid().cpu().numpy()
            tagged.append(
                TaggedPage(
                    page=without_image(page),
                    probabilities=word_probabilities.astype(np.float32),
                    item_words=item_words,
                    affinity=affinity.astype(np.float16),
                    document_types=kinds[row],
                    dropped=max(0, len(page.words) - MAX_WORDS),
                    marks=None if mark_map is None else _page_marks(page, mark_map, struck),
                    signature=0.0 if mark_map is None else float(mark_map[_SIGNATURE].max()),
                    struck=frozenset(struck),
                )
            )
        return tagged

    def finish(
        self, attachment: Attachment, tagged: Sequence[TaggedPage]
    ) -> tuple[ExtractedDocument, ...]:
        """Return the documents of an attachment whose pages were tagged, checked and stamped."""
        return finish_attachment(attachment, tagged, self.calibration, arithmetic=self.arithmetic)

    def documents(self, name: str, tagged: Sequence[TaggedPage]) -> tuple[ExtractedDocument, ...]:
        """Decode the documents on tagged pages alone, without a file: for evaluation."""
        return decode_documents(name, tagged, self.calibration, arithmetic=self.arithmetic)

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]:
        """Read the documents on pages alone, without a file: for evaluation, page by page."""
        tagged = self.tag_each_page(pages)
        return self.documents(name, tagged) if tagged else ()


def _struck_words(logits: torch.Tensor | None, count: int) -> dict[int, float]:
    """Return the struck words of a page by index, with their probabilities."""
    if logits is None:
        return {}
    probabilities = logits[:count].float().sigmoid().tolist()
    return {index: value for index, value in enumerate(probabilities) if value >= STRUCK}


def _page_marks(page: Page, mark_map: FloatArray, struck: Mapping[int, float]) -> tuple[Mark, ...]:
    """Return the marks made by hand: areas of the page's map of marks, and struck words."""
    if page.image is None:
        raise ValueError(f"page {page.number} has no picture to place marks in")
    height, width = page.image.shape
    strikes = [
        Mark("strike", page.words[index].box, confidence) for index, confidence in struck.items()
    ]
    return (*find_marks(mark_map, (MARK_CELL / width, MARK_CELL / height)), *strikes)


def without_image(page: Page) -> Page:
    """Return the same page without its pixels."""
    return replace(page, image=None)
