"""The reader: a word-level transformer that sees text, layout and the page image.

Shapes used throughout: B pages, T words (padded), D width, H heads, C image channels, L tags,
K document types. A word is the sum of its hashed n-grams, its hand-made features, its place, and
what a small convolutional backbone saw under its box (`roi_align` on a stride-8 feature map).
Attention carries a relative two-dimensional bias learned over log buckets of edge distances.
Four heads: tag per word, same-item affinity per pair of words, document type per page, and over
the picture a coarse map of what was put on it by hand (signatures, stamps, handwriting, strikes).
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.ops import roi_align

from data.labels import DOCUMENT_TYPES, MARKS, TAGS
from training.encoding import BUCKETS, FEATURES, EncodedPage

DISTANCES = 4  # pair distances: left edges, right edges, gap, vertical
DISTANCE_BUCKETS = 32
MARK_CELL = 32  # pixels of a side of the squares in which marks are looked for


Labels = Literal["tags", "entities"]


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Everything needed to rebuild the network; saved as config.json beside the weights."""

    width: int = 192  # D
    layers: int = 5
    heads: int = 6
    feed_forward: int = 640
    dropout: float = 0.0  # generated pages never repeat: nothing to forget
    pair_width: int = 64  # width of the same-item head's queries and keys
    image_channels: int = 32  # C of the stride-8 feature map; 0 builds a model without vision
    buckets: int = BUCKETS
    features: int = FEATURES
    labels: Labels = "tags"  # what `tags` are: ours, or a corpus's own
    tags: tuple[str, ...] = field(default=TAGS)
    document_types: tuple[str, ...] = field(default=DOCUMENT_TYPES)

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise ValueError(f"width must be a multiple of heads {self.heads}, got {self.width}")
        if self.image_channels % 8:
            raise ValueError(f"image_channels must be a multiple of 8, got {self.image_channels}")
        if self.labels not in get_args(Labels):
            raise ValueError(f"labels must be one of {get_args(Labels)}, got {self.labels!r}")

    def to_json(self) -> dict[str, object]:
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Batch:
    """B encoded pages, padded to T words. `images` (B, 1, h, w) in 0..1, None without vision.

    `has_image` (B,) marks pages whose image is real; `mask` (B, T) marks real words. `texts` holds
    the words of each page.
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


@dataclass(frozen=True, slots=True)
class Output:
    """Logits: `tags` (B, T, L), `same_item` (B, T, T) symmetric, `document_type` (B, K).

    `marks` holds for each page (len(MARKS), h, w), one square of `MARK_CELL` pixels of its picture
    an entry, or None without a picture.
    """

    tags: Tensor
    same_item: Tensor
    document_type: Tensor
    marks: tuple[Tensor | None, ...]


def collate(pages: Sequence[EncodedPage], *, images: bool = True) -> Batch:
    """Encoded pages as one padded batch; with `images` false the pixels are left out."""
    longest = max(1, *(page.length for page in pages))
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


def _padded(side: float) -> int:
    """That many pixels, filled up to a multiple of 32."""
    return -(-round(side) // 32) * 32


def _stack_images(pages: Sequence[EncodedPage]) -> tuple[Tensor | None, Tensor, Tensor]:
    shapes = [page.image.shape for page in pages if page.image is not None]
    if not shapes:
        return _no_images(len(pages))
    height = _padded(max(shape[0] for shape in shapes))
    width = _padded(max(shape[1] for shape in shapes))
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


class VisionBranch(nn.Module):
    """What the page looks like under and around each word, (B, T, D), and its map of marks."""

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
        # From stride 8 to MARK_CELL: a signature is larger than what the words are seen with.
        self.marks = nn.Sequential(
            nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1),
            nn.GroupNorm(4, 2 * channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(2 * channels, 2 * channels, 3, stride=2, padding=1),
            nn.GroupNorm(4, 2 * channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(2 * channels, len(MARKS), 3, padding=1),
        )

    def mark_squares(self, picture: Tensor) -> Tensor:
        """Logits of marks in one picture (1, 1, h, w) of ink: (len(MARKS), h / 32, w / 32)."""
        squares: Tensor = self.marks(self.backbone(picture))[0]
        return squares

    def forward(self, batch: Batch) -> tuple[Tensor, tuple[Tensor | None, ...]]:
        pages, words = batch.mask.shape
        if batch.images is None:
            return self.absent.expand(pages, words, -1), (None,) * pages
        height, width = batch.images.shape[-2:]
        # Half a word height of surroundings: rules, shading and strike-outs live there.
        tall = (batch.boxes[..., 3] - batch.boxes[..., 1]) / 2
        grown = torch.stack(
            [
                batch.boxes[..., 0] - tall,
                batch.boxes[..., 1] - tall,
                batch.boxes[..., 2] + tall,
                batch.boxes[..., 3] + tall,
            ],
            dim=-1,
        ).clamp(0, 1)
        scale = batch.image_extent.repeat(1, 2) * grown.new_tensor([width, height, width, height])
        regions = grown * scale[:, None] / 8  # (B, T, 4) on the feature map
        # Page by page at its own size: GroupNorm averages over the image, so that the padding of a
        # larger neighbour in the batch would change what is seen of this page.
        seen: list[Tensor] = []
        marks: list[Tensor | None] = []
        for page in range(pages):
            if not batch.has_image[page]:
                seen.append(self.absent.expand(words, -1))
                marks.append(None)
                continue
            own_width, own_height = (_padded(side) for side in (scale[page, :2]).tolist())
            features = self.backbone(batch.images[page : page + 1, :, :own_height, :own_width])
            pooled = roi_align(
                features,
                [regions[page].to(features.dtype)],
                output_size=self.BINS,
                sampling_ratio=1,
                aligned=True,
            )
            seen.append(self.project(pooled.flatten(1)))
            squares: Tensor = self.marks(features)[0]
            marks.append(squares)
        dtype = seen[int(batch.has_image.long().argmax())].dtype
        return torch.stack([vision.to(dtype) for vision in seen]), tuple(marks)


class Layer(nn.Module):
    """Pre-norm transformer layer whose attention scores get the geometric bias added."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm_attention = nn.LayerNorm(config.width)
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.out = nn.Linear(config.width, config.width)
        self.norm_forward = nn.LayerNorm(config.width)
        self.expand = nn.Linear(config.width, config.feed_forward)
        self.contract = nn.Linear(config.feed_forward, config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        pages, words, width = hidden.shape
        qkv = self.qkv(self.norm_attention(hidden)).view(pages, words, 3, self.heads, -1)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)  # (B, H, T, D/H) each
        scores = query @ key.transpose(-1, -2) / math.sqrt(width / self.heads)
        weights = torch.softmax(scores + bias, dim=-1)  # (B, H, T, T)
        mixed = (weights @ value).transpose(1, 2).reshape(pages, words, width)
        hidden = hidden + self.dropout(self.out(mixed))
        inner = F.gelu(self.expand(self.norm_forward(hidden)))
        after: Tensor = hidden + self.dropout(self.contract(inner))
        return after


class LineItemReader(nn.Module):
    """Pages in, logits out. See `Output` for shapes."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.ngrams = nn.EmbeddingBag(config.buckets, config.width, mode="sum")
        nn.init.normal_(self.ngrams.weight, std=0.05)
        self.features = nn.Linear(config.features, config.width)
        self.place = nn.Linear(4 * 2 * 6, config.width)
        self.norm = nn.LayerNorm(config.width)
        self.vision = (
            VisionBranch(config.image_channels, config.width) if config.image_channels else None
        )
        # One table for all layers' heads and, in the last column, the same-item head.
        self.distance = nn.Embedding(DISTANCES * DISTANCE_BUCKETS, config.heads + 1)
        nn.init.normal_(self.distance.weight, std=0.02)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.final_norm = nn.LayerNorm(config.width)
        self.tag_head = nn.Linear(config.width, len(config.tags))
        self.pair = nn.Linear(config.width, 2 * config.pair_width)
        self.pair_bias = nn.Parameter(torch.tensor(-1.0))
        self.type_head = nn.Linear(2 * config.width, len(config.document_types))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, batch: Batch) -> Output:
        hidden, marks = self._words(batch)  # (B, T, D)
        bias = distance_bias(self.distance, batch.scaled)  # (B, H + 1, T, T)
        attention_bias = bias[:, :-1].masked_fill(~batch.mask[:, None, None, :], -1e4)
        for layer in self.layers:
            hidden = layer(hidden, attention_bias)
        hidden = self.final_norm(hidden)
        same_item = affinities(self.pair(hidden), bias[:, -1]) + self.pair_bias
        kind = self.type_head(page_vector(hidden, batch.mask))
        return Output(self.tag_head(hidden), same_item, kind, marks)

    def _words(self, batch: Batch) -> tuple[Tensor, tuple[Tensor | None, ...]]:
        bags = self.ngrams(batch.ngrams, batch.offsets)  # (sum of lengths, D)
        # A bag grows with its word; the root keeps long and short words comparable.
        sizes = torch.diff(batch.offsets, append=batch.offsets.new_tensor([len(batch.ngrams)]))
        bags = bags / sizes.clamp(min=1).sqrt()[:, None] * 4
        text = bags.new_zeros(*batch.mask.shape, bags.shape[-1])
        text[batch.mask] = bags
        hidden = text + self.features(batch.features) + self.place(_waves(batch.boxes))
        marks: tuple[Tensor | None, ...] = (None,) * len(batch.mask)
        if self.vision is not None:
            seen, marks = self.vision(batch)
            hidden = hidden + seen
        return self.dropout(self.norm(hidden)), marks


def affinities(pair: Tensor, bias: Tensor) -> Tensor:
    """Symmetric scores (B, T, T) of queries and keys (B, T, 2 P) and a bias (B, T, T)."""
    query, key = pair.chunk(2, dim=-1)  # (B, T, P) each
    score = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]) + bias
    return (score + score.transpose(-1, -2)) / 2


def page_vector(hidden: Tensor, mask: Tensor) -> Tensor:
    """Mean and peak over the words of each page, (B, 2 D), of (B, T, D) and (B, T)."""
    present = mask[..., None]
    mean = (hidden * present).sum(1) / present.sum(1).clamp(min=1)
    peak = hidden.masked_fill(~present, -1e4).amax(1)
    peak = peak * present.any(1)  # a page without words says nothing, and says it mildly
    return torch.cat([mean, peak], dim=-1)


def distance_bias(table: nn.Embedding, scaled: Tensor) -> Tensor:
    """Learned biases of each pair of words from four distances, (B, columns of the table, T, T).

    The table has DISTANCES * DISTANCE_BUCKETS rows; `scaled` is (B, T, 4) as in `Batch`.
    """
    pages, words = scaled.shape[:2]
    left, top, right, bottom = scaled.unbind(-1)  # (B, T) each, in line heights
    columns = (left, right)
    distances = [column[:, None, :] - column[:, :, None] for column in columns]
    distances.append(left[:, None, :] - right[:, :, None])  # gap from me to the right
    middle = (top + bottom) / 2
    distances.append(middle[:, None, :] - middle[:, :, None])
    bias: Tensor | None = None
    for index, distance in enumerate(distances):
        buckets = _log_buckets(distance) + index * DISTANCE_BUCKETS
        # Not by calling the table: the gradient of a selection is five times as fast.
        looked_up = table.weight.index_select(0, buckets.flatten())
        bias = looked_up if bias is None else bias.add_(looked_up)
    if bias is None:
        raise ValueError("no distances to look up")
    if torch.is_autocast_enabled(bias.device.type):
        # Half the memory traffic in every layer; the table's own gradient stays in float32.
        bias = bias.to(torch.get_autocast_dtype(bias.device.type))
    return bias.view(pages, words, words, -1).permute(0, 3, 1, 2)


def _log_buckets(distance: Tensor) -> Tensor:
    """Signed log buckets 0..31 of a distance in line heights; fine near 0, coarse far away."""
    half = DISTANCE_BUCKETS // 2
    steps = torch.log2(1 + 4 * distance.abs()) * 1.9  # 0.2 line heights -> 1.6, 60 -> 15
    return (torch.sign(distance) * steps).round().clamp(1 - half, half - 1).long() + half


def _waves(boxes: Tensor) -> Tensor:
    """Sines and cosines of the four edges at six wavelengths, (B, T, 48)."""
    frequencies = 2.0 ** torch.arange(6, device=boxes.device) * math.pi  # (6,)
    angles = (boxes[..., None] * frequencies).flatten(-2)  # (B, T, 24)
    return torch.cat([angles.sin(), angles.cos()], dim=-1)
