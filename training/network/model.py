"""Our own network: a word-level transformer over text, layout and the page image.

Shapes used throughout: B pages, T words (padded), D width, H heads, C image channels, L tags,
K document types. A word is the sum of its hashed n-grams, its hand-made features, its place, and
what a small convolutional backbone computes under its box (`roi_align` on a stride-8 feature map).
Attention carries a relative two-dimensional bias learned over log buckets of edge distances.
Heads: tag per word, same-item affinity per pair of words, document type per page, a coarse map
of the marks made by hand on the picture (signatures, stamps, handwriting), whether a printed
number is struck out (`training.network.struck_numbers`), and the structure of the tables: same-row
and same-column affinity of each pair of words and the role of each word's row. A word's tag is read
from itself together with the words of its row and its column (`training.network.structure`), so
that a column has one meaning, its head's.
"""

import math
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from data.labels import DOCUMENT_TYPES, ROW_ROLES, TAGS
from training.network.batch import Batch
from training.network.encoding import BUCKETS, FEATURES
from training.network.structure import Structure, TableHeads, affinities
from training.network.vision import HandMarks, VisionBranch

DISTANCES = 4  # pair distances: left edges, right edges, gap, vertical
DISTANCE_BUCKETS = 32

Labels = Literal["tags", "entities"]


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The network's sizes and labels, enough to rebuild it; saved in config.json."""

    width: int = 192  # D
    layers: int = 5
    heads: int = 6
    feed_forward: int = 640
    dropout: float = 0.0  # generated pages never repeat: nothing to forget
    pair_width: int = 64  # width of the same-item head's queries and keys
    structure_width: int = 0  # width of the row and column queries; 0 builds no structure heads
    image_channels: int = 32  # C of the stride-8 feature map; 0 builds a model without vision
    buckets: int = BUCKETS
    features: int = FEATURES
    labels: Labels = "tags"  # whose `tags` these are: ours, or a corpus's own
    tags: tuple[str, ...] = field(default=TAGS)
    document_types: tuple[str, ...] = field(default=DOCUMENT_TYPES)
    row_roles: tuple[str, ...] = field(default=ROW_ROLES)

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise ValueError(f"width must be a multiple of heads {self.heads}, got {self.width}")
        if self.structure_width < 0:
            raise ValueError(f"structure_width must be 0 or more, got {self.structure_width}")
        if self.image_channels % 8:
            raise ValueError(f"image_channels must be a multiple of 8, got {self.image_channels}")
        if self.labels not in get_args(Labels):
            raise ValueError(f"labels must be one of {get_args(Labels)}, got {self.labels!r}")

    def to_json(self) -> dict[str, object]:
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Output:
    """Logits: `tags` (B, T, L), `same_item` (B, T, T) symmetric, `document_type` (B, K).

    `structure` is None where the network has no structure heads. `marks` holds for each page
    (len(FREE_MARKS), h, w), one square of `MARK_CELL` pixels of its picture an entry, and `struck`
    (T,) of its words; both None without a picture.
    """

    tags: Tensor
    same_item: Tensor
    document_type: Tensor
    marks: tuple[Tensor | None, ...]
    struck: tuple[Tensor | None, ...]
    structure: Structure | None = None


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
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        mixed = mixed.transpose(1, 2).reshape(pages, words, width)
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
        # One table for all layers' heads and, in the last columns, the pair heads.
        pair_heads = 3 if config.structure_width else 1
        self.distance = nn.Embedding(DISTANCES * DISTANCE_BUCKETS, config.heads + pair_heads)
        nn.init.normal_(self.distance.weight, std=0.02)
        # Without gradients of the bias, attention needs no matrix of weights: a fifth faster
        self.learns_distances = True
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.final_norm = nn.LayerNorm(config.width)
        self.tag_head = nn.Linear(config.width, len(config.tags))
        self.pair = nn.Linear(config.width, 2 * config.pair_width)
        self.pair_bias = nn.Parameter(torch.tensor(-1.0))
        self.type_head = nn.Linear(2 * config.width, len(config.document_types))
        self.tables = (
            TableHeads(config.width, config.structure_width, len(config.row_roles))
            if config.structure_width
            else None
        )
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, batch: Batch) -> Output:
        hidden, by_hand = self._word_vectors(batch)  # (B, T, D)
        bias = distance_bias(self.distance, batch.scaled)  # (B, H + pair heads, T, T)
        heads = self.config.heads
        attention_bias = bias[:, :heads].masked_fill(~batch.mask[:, None, None, :], -1e4)
        if not self.learns_distances:
            attention_bias = attention_bias.detach()
        for layer in self.layers:
            hidden = layer(hidden, attention_bias)
        hidden = self.final_norm(hidden)
        same_item = affinities(self.pair(hidden), bias[:, heads]) + self.pair_bias
        kind = self.type_head(page_vector(hidden, batch.mask))
        structure = None
        if self.tables is not None:
            structure, hidden = self.tables(hidden, bias[:, heads + 1 :], batch.mask)
        tags = self.tag_head(hidden)
        return Output(tags, same_item, kind, by_hand.marks, by_hand.struck, structure)

    def _word_vectors(self, batch: Batch) -> tuple[Tensor, HandMarks]:
        bags = self.ngrams(batch.ngrams, batch.offsets)  # (sum of lengths, D)
        # A bag grows with its word; the root keeps long and short words comparable.
        sizes = torch.diff(batch.offsets, append=batch.offsets.new_tensor([len(batch.ngrams)]))
        bags = bags / sizes.clamp(min=1).sqrt()[:, None] * 4
        text = bags.new_zeros(*batch.mask.shape, bags.shape[-1])
        text[batch.mask] = bags
        hidden = text + self.features(batch.features) + self.place(_waves(batch.boxes))
        nothing: tuple[None, ...] = (None,) * len(batch.mask)
        by_hand = HandMarks(nothing, nothing)
        if self.vision is not None:
            visual, by_hand = self.vision(batch)
            hidden = hidden + visual
        return self.dropout(self.norm(hidden)), by_hand


def page_vector(hidden: Tensor, mask: Tensor) -> Tensor:
    """Mean and peak over the words of each page, (B, 2 D), of (B, T, D) and (B, T)."""
    present = mask[..., None]
    mean = (hidden * present).sum(1) / present.sum(1).clamp(min=1)
    peak = hidden.masked_fill(~present, -1e4).amax(1)
    peak = peak * present.any(1)  # 0 for a page without words, not -1e4
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
