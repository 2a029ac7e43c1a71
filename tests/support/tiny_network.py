"""Tiny networks with random weights, and encoded pages to run them on."""

from dataclasses import replace

import numpy as np
import torch

from data.records import Box, Page, Word
from training.network.encoding import EncodedPage, encode_page
from training.network.model import LineItemReader, ModelConfig

TINY = ModelConfig(
    width=24, layers=2, heads=2, feed_forward=32, dropout=0.0, pair_width=8, image_channels=8
)
BLIND = replace(TINY, image_channels=0)


def encoded(count: int, side: tuple[int, int] | None = None, seed: int = 0) -> EncodedPage:
    """A page of `count` words; `side` (height, width) in pixels gives it an image with ink."""
    rng = np.random.default_rng(seed)
    image = None if side is None else rng.integers(0, 255, side, dtype=np.uint8)
    words = []
    for index in range(count):
        left, top = 0.1 + 0.15 * (index % 5), 0.1 + 0.03 * (index // 5)
        words.append(Word(f"w{index * 7}.{seed}", Box(left, top, left + 0.1, top + 0.01)))
    page = Page(0, 600.0, 800.0, tuple(words), "given", "made for a test", image=image)
    return encode_page(page)


def reader(config: ModelConfig = TINY, seed: int = 0) -> LineItemReader:
    torch.manual_seed(seed)
    return LineItemReader(config).eval()
