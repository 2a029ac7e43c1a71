"""LayoutLMv3 and LiLT from `transformers` under our heads, in place of our own network.

Same pages in, same logits out (`training.network.model.Batch` and `Output`), so that stream, loss,
loop, checkpoints and `Extractor` are the same. Decisions:

- A word is its first sub-word's vector, as both models were fine-tuned and published.
- Sub-words are cut by the backbone's own fast tokenizer, word by word, so that each is known to
  belong to one word; special tokens spelt out on a page are text like any other.
- A page longer than the backbone's positions is cut into windows of whole words, about equally long
  so that none is left with a few words and no surroundings. The heads work on the words of all
  windows together: the same-item head sees the whole page.
- LayoutLMv3 sees the page's image at its own size; a page without one is read without vision
  embeddings, as the model allows, and LiLT never looks.

`transformers` is imported when a backbone is built: our own network starts without it.
Shapes: B pages, T words, W windows, S sub-words, D width of the backbone.
"""

import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from data.labels import DOCUMENT_TYPES, TAGS
from training.network.batch import Batch
from training.network.model import (
    DISTANCE_BUCKETS,
    DISTANCES,
    Labels,
    LineItemReader,
    Output,
    distance_bias,
    page_vector,
)
from training.network.structure import affinities
from training.network.subwords import Subwords, Windows, cut_pages

Kind = Literal["layoutlmv3", "lilt"]
FOLDER = "backbone"  # in a checkpoint: the backbone's configuration and tokenizer


class BackboneError(ValueError):
    """A backbone that is missing, damaged or of another kind; names the kind and the place."""


@dataclass(frozen=True, slots=True)
class BackboneConfig:
    """The settings of our heads; the backbone's own configuration is in `FOLDER` beside it."""

    backbone: Kind
    dropout: float = 0.1  # before the heads
    pair_width: int = 64
    labels: Labels = "tags"  # whose `tags` these are: ours, or a corpus's own
    tags: tuple[str, ...] = field(default=TAGS)
    document_types: tuple[str, ...] = field(default=DOCUMENT_TYPES)

    def __post_init__(self) -> None:
        for name, allowed in (("backbone", get_args(Kind)), ("labels", get_args(Labels))):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {allowed}, got {getattr(self, name)!r}")

    def to_json(self) -> dict[str, object]:
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


class BackboneReader(nn.Module):
    """Pages in, logits out, as `LineItemReader`; it never finds marks made by hand."""

    def __init__(self, config: BackboneConfig, backbone: Any, tokenizer: Any) -> None:
        super().__init__()
        self.config = config
        self.backbone = backbone
        self.tokenizer = tokenizer
        settings = backbone.config
        # RoBERTa's positions begin after the padding token
        positions = settings.max_position_embeddings - settings.pad_token_id - 1
        self.subwords = Subwords.from_tokenizer(tokenizer, positions)
        width = settings.hidden_size
        self.distance = nn.Embedding(DISTANCES * DISTANCE_BUCKETS, 1)
        nn.init.normal_(self.distance.weight, std=0.02)
        self.dropout = nn.Dropout(config.dropout)
        self.tag_head = nn.Linear(width, len(config.tags))
        self.pair = nn.Linear(width, 2 * config.pair_width)
        self.pair_bias = nn.Parameter(torch.tensor(-1.0))
        self.type_head = nn.Linear(2 * width, len(config.document_types))

    def forward(self, batch: Batch) -> Output:
        hidden = self.dropout(self._word_vectors(batch))  # (B, T, D)
        bias = distance_bias(self.distance, batch.scaled)  # (B, 1, T, T)
        same_item = affinities(self.pair(hidden), bias[:, 0]) + self.pair_bias
        kind = self.type_head(page_vector(hidden, batch.mask))
        unseen: tuple[None, ...] = (None,) * len(batch.mask)
        return Output(self.tag_head(hidden), same_item, kind, unseen, unseen)

    def files(self) -> dict[str, bytes]:
        """Return the files `rebuild_backbone` needs beside the weights, by path in the folder."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.tokenizer.save_pretrained(folder)
            self.backbone.config.save_pretrained(folder)
            paths = sorted(path for path in folder.rglob("*") if path.is_file())
            return {f"{FOLDER}/{p.relative_to(folder)}": p.read_bytes() for p in paths}

    def _word_vectors(self, batch: Batch) -> Tensor:
        """The vectors of all words, (B, T, D)."""
        boxes = (batch.boxes.clamp(0, 1) * 1000).round().long().cpu()
        windows = cut_pages(batch.texts, boxes, self.subwords)
        device = batch.mask.device
        shape = (*batch.mask.shape, self.backbone.config.hidden_size)
        if not len(windows.ids):
            return torch.zeros(shape, device=device)
        states = self._states(windows, batch)  # (W, S, D)
        hidden = states.flatten(0, 1)[windows.first.to(device)]  # (B, T, D)
        return hidden * batch.mask[..., None]

    def _states(self, windows: Windows, batch: Batch) -> Tensor:
        # Windows with pixels and those without are two calls: the logits of a page must not depend
        # on its neighbours in the batch.
        device = batch.mask.device
        with_pixels = torch.zeros(len(windows.ids), dtype=torch.bool)
        if batch.images is not None and getattr(self.backbone.config, "visual_embed", False):
            with_pixels = batch.has_image.cpu()[windows.page]
        states: list[Tensor] = []
        order: list[Tensor] = []
        for rows in (with_pixels.nonzero()[:, 0], (~with_pixels).nonzero()[:, 0]):
            if not len(rows):
                continue
            pages = windows.page[rows]
            pixels = (
                {"pixel_values": self._pixels(batch, pages)} if bool(with_pixels[rows[0]]) else {}
            )
            hidden = self.backbone(
                input_ids=windows.ids[rows].to(device),
                bbox=windows.boxes[rows].to(device),
                attention_mask=windows.present[rows].long().to(device),
                **pixels,
            ).last_hidden_state
            states.append(hidden[:, : windows.ids.shape[1]])  # patches come after the sub-words
            order.append(rows)
        return torch.cat(states)[torch.cat(order).argsort().to(device)]

    def _pixels(self, batch: Batch, pages: Tensor) -> Tensor:
        """The images of these pages as the model was trained on them, (W, channels, size, size)."""
        settings = self.backbone.config
        if batch.images is None:
            raise ValueError("the batch has no images")
        height, width = batch.images.shape[-2:]
        images = {}
        for page in set(pages.tolist()):
            across, down = (batch.image_extent[page].cpu() * torch.tensor([width, height])).tolist()
            image = batch.images[page : page + 1, :, : round(down), : round(across)]
            small = F.interpolate(
                image, (settings.input_size,) * 2, mode="bilinear", antialias=True
            )
            # Ours has ink at 1; theirs goes from -1 (black) to 1 (white).
            images[page] = (1 - 2 * small[0]).expand(settings.num_channels, -1, -1)
        return torch.stack([images[page] for page in pages.tolist()])


Network = LineItemReader | BackboneReader


def load_pretrained(config: BackboneConfig, name: str) -> BackboneReader:
    """Load a pretrained backbone from a folder or the Hugging Face hub, under random heads.

    Raises `BackboneError` where there is none of that kind.
    """
    import transformers

    expected = (
        f"model.backbone: {name}: must be a folder with a {config.backbone}, or its name on the hub"
    )
    try:
        described = transformers.AutoConfig.from_pretrained(name)
        if described.model_type != config.backbone:
            raise BackboneError(f"{expected}; it is a {described.model_type}")
        more = {"add_pooling_layer": False} if config.backbone == "lilt" else {}
        backbone = transformers.AutoModel.from_pretrained(
            name, config=described, dtype=torch.float32, **more
        )
        tokenizer = _load_tokenizer(name)
    except BackboneError:
        raise
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise BackboneError(f"{expected}; {_first_sentence(error)}") from error
    return BackboneReader(config, backbone, tokenizer)


def rebuild_backbone(config: BackboneConfig, folder: Path) -> BackboneReader:
    """Build the network of a checkpoint folder with random weights, without asking the hub.

    Raises `BackboneError` where the files in `FOLDER` are missing or damaged.
    """
    import transformers

    place = folder / FOLDER
    if not (place / "config.json").is_file():
        raise BackboneError(f"{place}: no config.json; expected that of a {config.backbone}")
    try:
        described = transformers.AutoConfig.from_pretrained(place, local_files_only=True)
        if described.model_type != config.backbone:
            kind = described.model_type
            raise BackboneError(f"{place}: is a {kind}, expected a {config.backbone}")
        if config.backbone == "lilt":
            backbone: Any = transformers.LiltModel(described, add_pooling_layer=False)
        else:
            backbone = transformers.LayoutLMv3Model(described)
        tokenizer = _load_tokenizer(str(place), local_files_only=True)
    except BackboneError:
        raise
    except (OSError, ValueError, KeyError) as error:
        raise BackboneError(f"{place}: {_first_sentence(error)}") from error
    return BackboneReader(config, backbone, tokenizer)


def _load_tokenizer(name: str, **how: Any) -> Any:
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(name, add_prefix_space=True, **how)
    if not tokenizer.is_fast:
        raise BackboneError(f"{name}: has no fast tokenizer to map sub-words to words")
    return tokenizer


def _first_sentence(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].partition(". ")[0] if lines else type(error).__name__
