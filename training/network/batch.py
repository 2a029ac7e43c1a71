"""A batch: encoded pages padded to one length, as the network takes them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.network.encoding import FEATURES, EncodedPage


@dataclass(frozen=True, slots=True)
class Batch:
    """B encoded pages padded to T words, with `images` (B, 1, h, w) in 0..1 or None.

    `images` is None without vision. `has_image` (B,) marks pages whose image is real; `mask` (B, T)
    marks real words. `texts` holds the words of each page.
    """

    ngrams: Tensor
    offsets: Tensor
    lengths: tuple[int, ...]
    features: Tensor
    boxes: Tensor
    scaled: Tensor
    mask: Tensor
    images: Tensor | None
    has_image: Tensor
    image_extent: Tensor  # (B, 2) share of the padded image's width and height the page fills
    texts: tuple[tuple[str, ...], ...]

    def to(self, device: torch.device) -> "Batch":
        return Batch(
            self.ngrams.to(device),
            self.offsets.to(device),
            self.lengths,
            self.features.to(device),
            self.boxes.to(device),
            self.scaled.to(device),
            self.mask.to(device),
            None if self.images is None else self.images.to(device),
            self.has_image.to(device),
            self.image_extent.to(device),
            self.texts,
        )


def collate(
    pages: Sequence[EncodedPage], *, images: bool = True, few_shapes: bool = False
) -> Batch:
    """Return the encoded pages as one padded batch; without `images` the pixels are left out.

    With `few_shapes` the words are padded further, to one of few lengths. A CPU builds and keeps
    kernels for each new shape, so memory grows with every one: a process that reads for days needs
    few.
    """
    longest = max(1, *(page.length for page in pages))
    if few_shapes:
        longest = round_up_to_32(longest)
    count = len(pages)
    features = torch.zeros(count, longest, FEATURES)
    boxes = torch.zeros(count, longest, 4)
    scaled = torch.zeros(count, longest, 4)
    mask = torch.zeros(count, longest, dtype=torch.bool)
    ngrams, offsets, start = [], [], 0
    for row, page in enumerate(pages):
        features[row, : page.length] = torch.from_numpy(page.features)
        boxes[row, : page.length] = torch.from_numpy(page.boxes)
        scaled[row, : page.length] = torch.from_numpy(page.scaled)
        mask[row, : page.length] = True
        ngrams.append(torch.from_numpy(page.ngrams))
        offsets.append(torch.from_numpy(page.offsets + start))
        start += len(page.ngrams)
    pixels, has_image, extent = _stack_images(pages) if images else _no_images(count)
    return Batch(
        ngrams=torch.cat(ngrams),
        offsets=torch.cat(offsets),
        lengths=tuple(page.length for page in pages),
        features=features,
        boxes=boxes,
        scaled=scaled,
        mask=mask,
        images=pixels,
        has_image=has_image,
        image_extent=extent,
        texts=tuple(page.texts for page in pages),
    )


def _no_images(count: int) -> tuple[None, Tensor, Tensor]:
    return None, torch.zeros(count, dtype=torch.bool), torch.ones(count, 2)


def round_up_to_32(size: float) -> int:
    """The size in words or pixels, rounded up to a multiple of 32."""
    return -(-round(size) // 32) * 32


def _stack_images(pages: Sequence[EncodedPage]) -> tuple[Tensor | None, Tensor, Tensor]:
    shapes = [page.image.shape for page in pages if page.image is not None]
    if not shapes:
        return _no_images(len(pages))
    height = round_up_to_32(max(shape[0] for shape in shapes))
    width = round_up_to_32(max(shape[1] for shape in shapes))
    pixels = np.full((len(pages), 1, height, width), 255, dtype=np.uint8)
    has_image = torch.zeros(len(pages), dtype=torch.bool)
    extent = torch.ones(len(pages), 2)
    for row, page in enumerate(pages):
        if page.image is not None:
            h, w = page.image.shape
            pixels[row, 0, :h, :w] = page.image
            has_image[row] = True
            extent[row] = torch.tensor([w / width, h / height])
    # Ink is 1, paper 0, so that padding and paper look alike to the convolutions.
    return 1 - torch.from_numpy(pixels).float() / 255, has_image, extent
