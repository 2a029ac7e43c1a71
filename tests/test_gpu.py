"""On a GPU the reader says what it says on the CPU. Run with `make test-gpu`."""

import numpy as np
import pytest
import torch

from data.synthesis.pages import labelled_pages
from training.extractor import Extractor

pytestmark = pytest.mark.gpu


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
