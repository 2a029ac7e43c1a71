"""The only door to a trained model: pages in, documents out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from data.labels import FREE_MARKS
from data.records import ExtractedDocument, Mark, Page
from training.decoding.calibration import Calibration, load_calibration
from training.decoding.documents import decode_documents
from training.decoding.grouping import FloatArray, TaggedPage, asked_words
from training.decoding.marks import find_marks
from training.network.backbones import Network
from training.network.batch import collate
from training.network.checkpoint import DEFAULT, load_model
from training.network.device import Device, autocast, choose_device
from training.network.encoding import MAX_WORDS, encode_page
from training.network.vision import MARK_CELL

_SIGNATURE = FREE_MARKS.index("signature")
STRUCK = 0.5  # probability from which a printed number counts as struck out


class Extractor:
    """A model on its device. `device_line` says which device and why.

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
        """The model of a checkpoint folder (None: the one we ship) on `auto`, `cpu` or `cuda`."""
        folder = checkpoint or DEFAULT
        return cls(
            load_model(folder),
            choose_device(device),
            load_calibration(folder),
            arithmetic=arithmetic,
        )

    @torch.inference_mode()
    def tag_pages(self, pages: Sequence[Page]) -> list[TaggedPage]:
        """What the network says of each page, in one forward pass; images are not kept."""
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
            own = probabilities[row, : arrays.length]
            asked = asked_words(own)
            index = torch.from_numpy(asked).to(self.device.torch_device)
            squares = output.marks[row]
            seen = None if squares is None else squares.float().sigmoid().cpu().numpy()
            struck = _struck(output.struck[row], arrays.length)
            affinity = output.same_item[row][index][:, index].float().sigmoid().cpu().numpy()
            tagged.append(
                TaggedPage(
                    page=without_image(page),
                    probabilities=own.astype(np.float32),
                    asked=asked,
                    affinity=affinity.astype(np.float16),
                    document_types=kinds[row],
                    dropped=max(0, len(page.words) - MAX_WORDS),
                    marks=None if seen is None else _marks(page, seen, struck),
                    signature=0.0 if seen is None else float(seen[_SIGNATURE].max()),
                    struck=frozenset(struck),
                )
            )
        return tagged

    def documents(self, name: str, tagged: Sequence[TaggedPage]) -> tuple[ExtractedDocument, ...]:
        """The documents in an attachment whose pages were tagged."""
        return decode_documents(name, tagged, self.calibration, arithmetic=self.arithmetic)

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]:
        """Read page by page: of each page only words and probabilities stay in memory."""
        tagged = [self.tag_pages([page])[0] for page in pages]
        return self.documents(name, tagged) if tagged else ()


def _struck(logits: torch.Tensor | None, count: int) -> dict[int, float]:
    """The struck words of a page by index, with how sure that is."""
    if logits is None:
        return {}
    sure = logits[:count].float().sigmoid().tolist()
    return {index: one for index, one in enumerate(sure) if one >= STRUCK}


def _marks(page: Page, squares: FloatArray, struck: Mapping[int, float]) -> tuple[Mark, ...]:
    """What was put on the page by hand: areas of its map of marks, and struck words."""
    if page.image is None:
        raise ValueError(f"page {page.number} has no picture to place marks in")
    height, width = page.image.shape
    strikes = [Mark("strike", page.words[index].box, sure) for index, sure in struck.items()]
    return (*find_marks(squares, (MARK_CELL / width, MARK_CELL / height)), *strikes)


def without_image(page: Page) -> Page:
    """The same page without its pixels."""
    return replace(page, image=None)
