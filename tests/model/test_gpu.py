"""The model gives the same results on a GPU as on the CPU. Run with `make test-gpu`."""

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from data.corpora.readings import read_file
from data.records import ExtractedDocument, Page
from data.synthesis.pages import labelled_pages
from training.decoding.grouping import TaggedPage
from training.extractor import Extractor

pytestmark = pytest.mark.gpu

# The bound that `training.network.device` states.
PROBABILITY = 0.03  # for 99 % of the words, and for every word of the sample dispute
ANY_PROBABILITY = 0.1
SAME_CELLS = 0.99


@pytest.mark.parametrize("image", [False, True])
def test_the_gpu_reads_what_the_cpu_reads(image: bool) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device is visible")
    pages = [labelled.page for labelled in labelled_pages(1, 7, image=image)]
    on_cpu = Extractor.load(device="cpu").tag_pages(pages)
    on_gpu = Extractor.load(device="cuda").tag_pages(pages)
    for cpu, gpu in zip(on_cpu, on_gpu, strict=True):
        # bfloat16 on the GPU keeps eight bits: probabilities agree, not their last digits
        assert np.abs(cpu.probabilities - gpu.probabilities).mean() < 0.02
        same = cpu.probabilities.argmax(1) == gpu.probabilities.argmax(1)
        assert same.mean() > 0.97


def test_auto_takes_the_gpu_and_says_so() -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device is visible")
    assert Extractor.load().device_line.startswith("cuda")


def spread(cpu: Sequence[TaggedPage], gpu: Sequence[TaggedPage]) -> np.ndarray:
    """The largest difference of a tag's probability, for each word of all pages."""
    pairs = zip(cpu, gpu, strict=True)
    return np.concatenate(
        [
            np.abs(on_cpu.probabilities - on_gpu.probabilities).max(axis=1)
            for on_cpu, on_gpu in pairs
        ]
    )


def decoded(documents: Sequence[ExtractedDocument]) -> Counter[tuple[int, str, str]]:
    """Every value that was read, with its row (-1 for the header)."""
    cells: Counter[tuple[int, str, str]] = Counter()
    for document in documents:
        for name, leaf in document.fields.items():
            cells[-1, name, leaf.text or ""] += 1
        for row, line in enumerate(document.line_items):
            for name in ("description", "quantity", "unit_price", "amount"):
                leaf = line.field(name)
                cells[row, name, (leaf and leaf.text) or ""] += 1
    return cells


def read_both(pages: Sequence[Page]) -> tuple[np.ndarray, float]:
    """The differences of the words' probabilities, and the share of equal decoded cells."""
    cpu, gpu = Extractor.load(device="cpu"), Extractor.load(device="cuda")
    apart, same, total = [], 0, 0
    for page in pages:
        on_cpu, on_gpu = cpu.tag_pages([page]), gpu.tag_pages([page])
        apart.append(spread(on_cpu, on_gpu))
        cpu_cells, gpu_cells = (
            decoded(cpu.documents("x", on_cpu)),
            decoded(gpu.documents("x", on_gpu)),
        )
        same += (cpu_cells & gpu_cells).total()
        total += (cpu_cells | gpu_cells).total()
    return np.concatenate(apart), same / total


def test_cpu_and_gpu_agree_within_the_stated_bound() -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device is visible")
    pages = [
        labelled.page for n in range(20) for labelled in labelled_pages(1, n, image=n % 4 == 0)
    ]
    apart, same = read_both(pages)
    assert (apart <= PROBABILITY).mean() >= 0.99
    assert apart.max() <= ANY_PROBABILITY
    assert same >= SAME_CELLS


def test_cpu_and_gpu_agree_on_the_sample_dispute(samples: Path, tmp_path: Path) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device is visible")
    if shutil.which("tesseract") is None:
        pytest.skip("the sample is a scan, and Tesseract is not installed")
    files = ("invoice.pdf", "delivery_note.png")
    pages = [
        page for name in files for page in read_file(samples / "dispute" / name, tmp_path).pages
    ]
    apart, same = read_both(pages)
    assert apart.max() <= PROBABILITY
    assert same >= SAME_CELLS
