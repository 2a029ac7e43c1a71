"""Measure the time of one page beside LayoutLMv3-base, in one process with the same threads.

    python -m training.evaluation.speed [--checkpoint DIR] [--words 512] [--threads 1] [--repeats 7]

Both forward passes are timed in turn, and the median of each is printed with their ratio;
LayoutLMv3-base has random weights, which cost what trained ones cost, and 512 sub-words with its
224-pixel picture. The extract step is everything but OCR and rendering: encoding, forward pass and
decoding of a generated page with its picture. On a GPU the forward pass of a batch is also given as
a share of what the card's matrix rate would allow.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from data.records import Page
from data.synthesis.pages import labelled_pages
from training.extractor import Extractor, without_image
from training.network.batch import collate
from training.network.checkpoint_seal import CheckpointError
from training.network.encoding import encode_page
from training.network.model import ModelConfig

_PEER_WORDS = 512


def make_page(words: int, seed: int = 5) -> Page:
    """Return a generated page with its picture, cut to exactly that many words."""
    for index in range(10_000):
        for labelled in labelled_pages(seed, index, image=True):
            if len(labelled.page.words) >= words:
                return replace(labelled.page, words=labelled.page.words[:words])
    raise ValueError(f"no generated page has {words} words")


def make_peer_forward() -> Callable[[], object]:
    """Return LayoutLMv3-base's forward pass on one page of 512 sub-words, ready to be called."""
    from transformers import LayoutLMv3Config, LayoutLMv3Model

    torch.manual_seed(0)
    model = LayoutLMv3Model(LayoutLMv3Config(max_position_embeddings=_PEER_WORDS + 2))
    model.eval()  # type: ignore[no-untyped-call]
    draw = random.Random(0)
    ids = torch.tensor([[draw.randrange(5, 50_000) for _ in range(_PEER_WORDS)]])
    corners = [sorted(draw.sample(range(1000), 2)) for _ in range(2 * _PEER_WORDS)]
    boxes = [
        [across[0], down[0], across[1], down[1]]
        for across, down in zip(corners[::2], corners[1::2], strict=True)
    ]
    inputs = {
        "input_ids": ids,
        "bbox": torch.tensor([boxes]),
        "pixel_values": torch.zeros(1, 3, 224, 224),
    }
    return lambda: model(**inputs)


def medians(calls: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """Return the median milliseconds of each call; they take turns, so a busy moment hits all."""
    milliseconds: list[list[float]] = [[] for _ in calls]
    with torch.inference_mode():
        for call in calls:
            call()
        for _ in range(repeats):
            for place, call in enumerate(calls):
                start = time.perf_counter()
                call()
                milliseconds[place].append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in milliseconds]


def format_table(extractor: Extractor, words: int, repeats: int) -> str:
    page = make_page(words)
    blind = without_image(page)
    batch, blind_batch = collate([encode_page(page)]), collate([encode_page(blind)])
    ours, without, step, peer = medians(
        [
            lambda: extractor.model(batch),
            lambda: extractor.model(blind_batch),
            lambda: extractor.extract("page", [page]),
            make_peer_forward(),
        ],
        repeats,
    )
    return (
        f"| {words} words, {torch.get_num_threads()} thread(s) | ms | LayoutLMv3-base / it |\n"
        "|---|---|---|\n"
        f"| LayoutLMv3-base, forward, {_PEER_WORDS} sub-words | {peer:.0f} | 1.0 |\n"
        f"| ours, forward with picture | {ours:.0f} | {peer / ours:.1f} |\n"
        f"| ours, forward without picture | {without:.0f} | {peer / without:.1f} |\n"
        f"| ours, whole extract step | {step:.0f} | {peer / step:.1f} |\n"
    )


def gpu_share(extractor: Extractor, words: int, pages: int = 16, repeats: int = 20) -> str:
    """Return the GPU's pages a second, and the share of its measured bfloat16 rate used."""
    device = extractor.device.torch_device
    config = extractor.model.config
    if not isinstance(config, ModelConfig):
        raise ValueError("the matrix products of a pretrained backbone are not counted")
    batch = collate([encode_page(make_page(words))] * pages).to(device)
    size = 8192
    square = torch.randn(size, size, device=device, dtype=torch.bfloat16)

    def seconds_per_call(call: Callable[[], object], count: int) -> float:
        call()
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(count):
            call()
        torch.cuda.synchronize()
        return (time.perf_counter() - start) / count

    rate = 2 * size**3 / seconds_per_call(lambda: square @ square, 20)
    with torch.inference_mode(), torch.autocast("cuda", dtype=torch.bfloat16):
        seconds = seconds_per_call(lambda: extractor.model(batch), repeats)
    per_word = 2 * config.layers * (4 * config.width**2 + 2 * config.width * config.feed_forward)
    per_page = words * per_word + 4 * config.layers * words * words * config.width
    share = pages * per_page / seconds / rate
    rate_text = f"{pages / seconds:.0f} pages/s of {words} words"
    return f"GPU: {rate_text}, {share:.1%} of its {rate / 1e12:.0f} TFLOP/s\n"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.speed", description=__doc__
    )
    parser.add_argument("--checkpoint", type=Path, help="default: the one we ship")
    parser.add_argument("--words", type=int, default=512)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args(argv)
    torch.set_num_threads(arguments.threads)
    try:
        extractor = Extractor.load(arguments.checkpoint, "cpu")
        sys.stdout.write(format_table(extractor, arguments.words, arguments.repeats))
        if torch.cuda.is_available():
            sys.stdout.write(
                gpu_share(Extractor.load(arguments.checkpoint, "cuda"), arguments.words)
            )
    except (CheckpointError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
