"""The training recipe: one YAML file, one typed object, `key=value` overrides.

Every key with its meaning: `configs/train.yaml`. Unknown keys are refused with the nearest known
one. The resolved recipe is saved with every checkpoint.
"""

import difflib
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator


class RecipeError(ValueError):
    """A recipe that cannot be used as written."""


class _StrictModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BackboneName(_StrictModel):
    """A pretrained network of `transformers` in place of ours (`training.network.backbones`)."""

    kind: Literal["layoutlmv3", "lilt"]
    name: str = Field(min_length=1)  # a folder, or a name on the Hugging Face hub


class ModelSize(_StrictModel):
    """Width and depth of the network (`training.network.model.ModelConfig`).

    With a pretrained backbone only `dropout` (before the heads) and `pair_width` are used; the
    other sizes are the backbone's own.
    """

    width: int = Field(default=192, gt=0)
    layers: int = Field(default=5, gt=0)
    heads: int = Field(default=6, gt=0)
    feed_forward: int = Field(default=640, gt=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    pair_width: int = Field(default=64, gt=0)
    structure_width: int = Field(default=32, ge=0)  # 0 = no structure heads
    image_channels: int = Field(default=32, ge=0, multiple_of=8)  # 0 = no vision branch
    backbone: BackboneName | None = None

    @model_validator(mode="after")
    def _heads_share_width(self) -> "ModelSize":
        if self.width % self.heads:
            raise ValueError(f"width must be a multiple of heads {self.heads}, got {self.width}")
        return self


class RealCorpus(_StrictModel):
    """A labelled corpus on disk that is mixed in; `read` are synthetic pages read by Tesseract.

    With `labels: entities` it may be any corpus with entity labels, and `kind` is ignored.
    """

    path: Path
    kind: Literal["folder", "cord", "read"] = "folder"
    share: float = Field(gt=0, le=1)  # of the pages drawn
    leave_out: dict[str, list[str]] = {}  # key of the family -> values never trained on, scored


class Augmentation(_StrictModel):
    """Variation of real pages, which repeat in training (`training.learning.augmentation`).

    Lengths are maxima, drawn evenly between minus and plus; 0 changes nothing.
    """

    shift: float = Field(default=0.0, ge=0, lt=1)  # of the whole page, in page sides
    scale: float = Field(default=0.0, ge=0, lt=1)  # of each side: 0.1 = 90 to 110 %
    rotation: float = Field(default=0.0, ge=0, lt=45)  # of the whole page, in degrees
    jitter: float = Field(default=0.0, ge=0)  # of each edge of a word, in word heights
    digits: float = Field(default=0.0, ge=0, le=1)  # share of the pages whose digits are redrawn
    swap_words: float = Field(default=0.0, ge=0, le=1)  # share of the words exchanged for others
    lose_words: float = Field(default=0.0, ge=0, lt=1)  # share of the words left out
    lose_grams: float = Field(default=0.0, ge=0, lt=1)  # share of the n-grams of words left out


class Recipe(_StrictModel):
    name: str = "default"  # run folder under `runs`
    runs: Path = Path("runs")
    seed: int = 1
    # `tags` are those of `data.labels`; `entities` are the corpora's own labels of words
    labels: Literal["tags", "entities"] = "tags"
    steps: int = Field(
        default=9000, gt=0
    )  # optimizer steps; the learning rate decays to 0 over them
    words_per_batch: int = Field(default=2400, gt=0)  # padded words per optimizer step
    max_words: int = Field(default=700, gt=0)  # longer pages are cut to a run of whole lines
    learning_rate: float = Field(default=1e-3, gt=0)  # peak
    warmup_steps: int = Field(default=300, ge=0)
    weight_decay: float = Field(default=0.02, ge=0)
    gradient_clip: float = Field(default=1.0, gt=0)
    average_decay: float = Field(default=0.998, ge=0, lt=1)  # of the moving average that is saved
    other_weight: float = Field(default=0.5, gt=0)  # loss weight of the tag `other`
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)  # of the tags
    pair_weight: float = Field(default=1.0, ge=0)  # loss weight of the same-item head
    type_weight: float = Field(default=0.2, ge=0)  # loss weight of the document-type head
    mark_weight: float = Field(default=1.0, ge=0)  # loss weight of the map of marks by hand
    structure_weight: float = Field(default=0.5, ge=0)  # loss weight of rows, columns and roles
    image_share: float = Field(
        default=0.15, ge=0, le=1
    )  # of the synthetic groups that come with pixels
    corpora: list[RealCorpus] = []
    hold_out: float = Field(default=0.0, ge=0, lt=1)  # share of the documents kept for scoring
    augment: Augmentation = Augmentation()
    start_from: Path | None = None  # checkpoint folder whose weights to begin with
    learn_distances: bool = True  # of attention; a start's may be kept as they are, a fifth faster
    device: str = "auto"
    precision: Literal["auto", "float32", "bfloat16"] = "auto"  # of the matrix products
    threads: int = Field(default=1, gt=0)  # CPU threads of the training process
    workers: int = Field(default=1, ge=0)  # processes that generate and encode pages
    save_every_steps: int = Field(default=250, gt=0)
    log_every_steps: int = Field(default=20, gt=0)
    evaluate_every_steps: int = Field(default=500, gt=0)
    stop_after: int = Field(default=0, ge=0)  # evaluations without a better real score; 0 = never
    model: ModelSize = ModelSize()

    @model_validator(mode="after")
    def _entities_come_from_corpora(self) -> "Recipe":
        shares = sum(corpus.share for corpus in self.corpora)
        if self.labels == "entities" and abs(shares - 1) > 1e-6:
            raise ValueError(
                "labels: entities needs corpora whose shares sum to 1, as generated pages carry no "
                f"entity labels; they sum to {shares:g}"
            )
        return self

    @property
    def folder(self) -> Path:
        return self.runs / self.name

    def to_yaml(self) -> str:
        """Write the resolved recipe; of a corpus path the last two parts, which are portable."""
        values = self.model_dump(mode="json")
        for corpus in values["corpora"]:
            corpus["path"] = str(Path(*Path(corpus["path"]).parts[-2:]))
        return str(yaml.safe_dump(values, sort_keys=False))


_KEYS_UNDER: dict[str, type[BaseModel]] = {
    "model": ModelSize,
    "model.backbone": BackboneName,
    "augment": Augmentation,
}


def load_recipe(path: Path | None, overrides: list[str]) -> Recipe:
    """Load the recipe of that file (None = all defaults) with `key=value` overrides.

    Dots in a key go into nested keys.

    >>> load_recipe(None, ["steps=10", "model.width=48"]).model.width
    48
    """
    values: dict[str, Any] = {}
    if path is not None:
        if not path.is_file():
            raise RecipeError(f"{path}: no such recipe file")
        values = _read_yaml(path)
    for override in overrides:
        key, equals, text = override.partition("=")
        if not equals:
            raise RecipeError(f"override {override!r} must look like key=value")
        place = values
        *parents, last = key.split(".")
        for parent in parents:
            place = place.setdefault(parent, {})
            if not isinstance(place, dict):
                raise RecipeError(f"override {override!r}: {parent!r} has no keys below it")
        place[last] = _parse_value(override, text)
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        raise RecipeError(_error_message(path, error)) from error


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise RecipeError(f"{path}: is not YAML: {error}") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise RecipeError(f"{path}: must hold `key: value` lines, holds a {type(values).__name__}")
    return values


def _parse_value(override: str, text: str) -> object:
    try:
        parsed: object = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RecipeError(f"override {override!r}: the value is not YAML") from error
    return parsed


def _error_message(path: Path | None, error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    message = f"{path or 'recipe'}: {where}: {first['msg']}"
    if first["type"] == "extra_forbidden":
        known = _KEYS_UNDER.get(where.rpartition(".")[0], Recipe).model_fields
        near = difflib.get_close_matches(str(first["loc"][-1]), list(known), n=1)
        known_keys = ", ".join(known)
        message += f"; did you mean {near[0]!r}?" if near else f"; known keys are {known_keys}"
    return message
