"""The image branch: visual features of each word, and the marks made by hand on the page."""

import itertools
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torchvision.ops import roi_align

from data.labels import FREE_MARKS
from training.network.batch import Batch, round_up_to_32
from training.network.encoding import IS_NUMBER
from training.network.struck_numbers import StrikeHead

MARK_CELL = 32  # pixels of a side of the squares in which marks are searched


class HandMarks(NamedTuple):
    """`marks` and `struck` of `training.network.model.Output`."""

    marks: tuple[Tensor | None, ...]
    struck: tuple[Tensor | None, ...]


class VisionBranch(nn.Module):
    """Visual features under and around each word, (B, T, D), and the page's marks by hand."""

    BINS = (2, 4)  # rows and columns pooled per word

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        sizes = (1, channels // 2, channels, channels)
        self.backbone = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(before, after, 3, stride=2, padding=1),
                    nn.GroupNorm(4, after),
                    nn.ReLU(inplace=True),
                )
                for before, after in itertools.pairwise(sizes)
            ),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(inplace=True),
        )
        self.project = nn.Linear(channels * self.BINS[0] * self.BINS[1], width)
        self.absent = nn.Parameter(torch.zeros(width))
        # From stride 8 to MARK_CELL: a signature is larger than the region of a word.
        self.marks = nn.Sequential(
            nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1),
            nn.GroupNorm(4, 2 * channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(2 * channels, 2 * channels, 3, stride=2, padding=1),
            nn.GroupNorm(4, 2 * channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(2 * channels, len(FREE_MARKS), 3, padding=1),
        )
        self.strikes = StrikeHead()

    def mark_squares(self, picture: Tensor) -> Tensor:
        """Logits of marks in one picture (1, 1, h, w) of ink: (len(FREE_MARKS), h / 32, w / 32)."""
        squares: Tensor = self.marks(self.backbone(picture))[0]
        return squares

    def forward(self, batch: Batch) -> tuple[Tensor, HandMarks]:
        pages, words = batch.mask.shape
        nothing: tuple[None, ...] = (None,) * pages
        if batch.images is None:
            return self.absent.expand(pages, words, -1), HandMarks(nothing, nothing)
        height, width = batch.images.shape[-2:]
        grown = _grow_boxes(batch.boxes)
        scale = batch.image_extent.repeat(1, 2) * grown.new_tensor([width, height, width, height])
        regions = grown * scale[:, None] / 8  # (B, T, 4) on the feature map
        places = batch.boxes * scale[:, None]  # in pixels
        numbers = (batch.features[..., IS_NUMBER] > 0) & batch.mask
        # Page by page at its own size: GroupNorm averages over the image, so that the padding of a
        # larger neighbour in the batch would change the features of this page.
        word_vectors: list[Tensor] = []
        marks: list[Tensor | None] = []
        struck: list[Tensor | None] = []
        for page in range(pages):
            if not batch.has_image[page]:
                word_vectors.append(self.absent.expand(words, -1))
                marks.append(None)
                struck.append(None)
                continue
            page_width, page_height = (round_up_to_32(side) for side in (scale[page, :2]).tolist())
            picture = batch.images[page : page + 1, :, :page_height, :page_width]
            features = self.backbone(picture)
            pooled = roi_align(
                features,
                [regions[page].to(features.dtype)],
                output_size=self.BINS,
                sampling_ratio=1,
                aligned=True,
            )
            word_vectors.append(self.project(pooled.flatten(1)))
            squares: Tensor = self.marks(features)[0]
            marks.append(squares)
            struck.append(self.strikes(picture, places[page], numbers[page]))
        dtype = word_vectors[int(batch.has_image.long().argmax())].dtype
        by_hand = HandMarks(tuple(marks), tuple(struck))
        return torch.stack([vision.to(dtype) for vision in word_vectors]), by_hand


def _grow_boxes(boxes: Tensor) -> Tensor:
    """The boxes (..., 4) grown by half a word height, in page fractions."""
    # Rules, shading and strike-outs are just outside of a word
    margin = (boxes[..., 3] - boxes[..., 1]) / 2
    return torch.stack(
        [
            boxes[..., 0] - margin,
            boxes[..., 1] - margin,
            boxes[..., 2] + margin,
            boxes[..., 3] + margin,
        ],
        dim=-1,
    ).clamp(0, 1)
