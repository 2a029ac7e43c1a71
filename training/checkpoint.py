"""Checkpoint folders: weights in small safetensors shards, config, labels, recipe, model card.

    config.json                     the network and its labels; `format` guards against old readers
    model*.safetensors              weights, shards of at most 15 MB so that they travel everywhere
    calibration.json                what a stated confidence is worth, measured (optional)
    recipe.yaml                     how it was trained
    README.md                       model card: data, figures, limits

No pickle anywhere in it. Weights are stored as float16 and computed with as float32.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import save_torch_state_dict
from safetensors.torch import load_file

from training.model import LineItemReader, ModelConfig

FORMAT = 1
DEFAULT = Path(__file__).parent / "checkpoints" / "default"
SHARD_SIZE = "14MB"


class CheckpointError(ValueError):
    """The folder holds no checkpoint this version can read."""


def save_checkpoint(
    folder: Path,
    state: Mapping[str, torch.Tensor],
    config: ModelConfig,
    *,
    recipe: str,
    card: str,
) -> None:
    """Write a complete checkpoint folder; an older one in the same place is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("model*.safetensors"), *folder.glob("model*.json")):
        old.unlink()
    halved = {
        name: tensor.detach().cpu().half() if tensor.is_floating_point() else tensor.cpu()
        for name, tensor in state.items()
    }
    save_torch_state_dict(halved, folder, max_shard_size=SHARD_SIZE)
    described = {"format": FORMAT, "model": config.to_json()}
    (folder / "config.json").write_text(json.dumps(described, indent=1) + "\n")
    (folder / "recipe.yaml").write_text(recipe)
    (folder / "README.md").write_text(card)


def read_config(folder: Path) -> ModelConfig:
    """The network's description; raises CheckpointError naming what is wrong with the folder."""
    path = folder / "config.json"
    if not path.is_file():
        raise CheckpointError(f"{folder}: no config.json; a checkpoint folder holds one")
    described = json.loads(path.read_text())
    if described.get("format") != FORMAT:
        seen = described.get("format")
        raise CheckpointError(f"{path}: format is {seen!r}, this version reads {FORMAT}")
    known = {entry.name for entry in fields(ModelConfig)}
    values: dict[str, Any] = described["model"]
    if unknown := set(values) - known:
        raise CheckpointError(f"{path}: unknown keys {sorted(unknown)}, known are {sorted(known)}")
    frozen: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return ModelConfig(**frozen)


def load_model(folder: Path = DEFAULT) -> LineItemReader:
    """The network with its weights, on the CPU, in eval mode."""
    config = read_config(folder)
    shards = sorted(folder.glob("model*.safetensors"))
    if not shards:
        raise CheckpointError(f"{folder}: no model*.safetensors beside config.json")
    state = {name: tensor.float() for shard in shards for name, tensor in load_file(shard).items()}
    model = LineItemReader(config)
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise CheckpointError(f"{folder}: weights do not fit config.json: {error}") from error
    return model.eval()
