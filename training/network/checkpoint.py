"""Checkpoints saved and loaded: weights in safetensors shards, config, labels, model card.

    config.json                     the network and its labels; `format` guards against old readers
    model*.safetensors              weights, shards of at most 15 MB so that they travel everywhere
    backbone/                       configuration and tokenizer of a pretrained backbone, if any
    calibration.json                how often values of a stated confidence are right (optional)
    recipe.yaml                     how it was trained
    manifest.json                   SHA-256 of all these, see `training.network.checkpoint_seal`
    README.md                       model card: data, figures, limits

No pickle anywhere in it. Weights are stored as float16 and computed with as float32.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

import torch
from huggingface_hub import save_torch_state_dict
from safetensors import SafetensorError
from safetensors.torch import load_file

from data.labels import DOCUMENT_TYPES, ROW_ROLES, TAGS
from training.network.backbones import BackboneConfig, BackboneError, Network, rebuild_backbone
from training.network.checkpoint_seal import CheckpointError, check_seal, seal
from training.network.encoding import BUCKETS, FEATURES
from training.network.folder_swap import replace_folder
from training.network.model import LineItemReader, ModelConfig

FORMAT = 3
DEFAULT = Path(__file__).parents[1] / "checkpoints" / "default"
SHARD_SIZE = "14MB"

_LABEL_NAMES = {"tags": "line items", "entities": "the entity labels of a corpus and no line items"}


def save_checkpoint(
    folder: Path,
    state: Mapping[str, torch.Tensor],
    config: ModelConfig | BackboneConfig,
    *,
    recipe: str,
    card: str,
    files: Mapping[str, bytes] | None = None,
) -> None:
    """Write a complete checkpoint folder; an older one in the same place is replaced.

    `files` are those the network needs beside its weights, by path in the folder.

    The old one stays until the new one takes its place in one step (`folder_swap`), and goes with
    its calibration, which was measured on other weights. A folder that holds anything else is
    refused (CheckpointError).
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "config.json").is_file():
        raise CheckpointError(f"{folder}: holds files but no checkpoint; choose an empty folder")
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, content in (files or {}).items():
        (part / name).parent.mkdir(parents=True, exist_ok=True)
        (part / name).write_bytes(content)
    _write_files(part, state, config, recipe, card)
    replace_folder(part, folder)


def _write_files(
    folder: Path,
    state: Mapping[str, torch.Tensor],
    config: ModelConfig | BackboneConfig,
    recipe: str,
    card: str,
) -> None:
    halved = {
        name: tensor.detach().cpu().half() if tensor.is_floating_point() else tensor.cpu()
        for name, tensor in state.items()
    }
    save_torch_state_dict(halved, folder, max_shard_size=SHARD_SIZE)
    for shard in folder.glob("model*.safetensors"):
        shard.chmod(0o644)  # safetensors writes for the owner only; another user may serve it
    described = {"format": FORMAT, "model": config.to_json()}
    (folder / "config.json").write_text(json.dumps(described, indent=1) + "\n")
    (folder / "recipe.yaml").write_text(recipe)
    (folder / "README.md").write_text(card)
    seal(folder)


def read_config(folder: Path) -> ModelConfig | BackboneConfig:
    """Read the network's configuration; raises CheckpointError naming the fault of the folder.

    A network trained on entities brings its own tags, any other must have ours.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise CheckpointError(f"{folder}: no config.json; a checkpoint folder holds one")
    try:
        described = json.loads(path.read_text())
    except ValueError as error:
        raise CheckpointError(f"{path}: is not JSON: {error}") from error
    if not isinstance(described, dict) or not isinstance(described.get("model", {}), dict):
        raise CheckpointError(f"{path}: must hold an object with `format` and `model`")
    if described.get("format") != FORMAT:
        stated_format = described.get("format")
        raise CheckpointError(f"{path}: format is {stated_format!r}, this version reads {FORMAT}")
    values: dict[str, Any] = described.get("model", {})
    kind: type[ModelConfig | BackboneConfig] = (
        BackboneConfig if "backbone" in values else ModelConfig
    )
    known = {entry.name for entry in fields(kind)}
    if unknown := set(values) - known:
        raise CheckpointError(f"{path}: unknown keys {sorted(unknown)}, known: {sorted(known)}")
    frozen: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    try:
        config = kind(**frozen)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: {error}") from error
    _refuse_other_labels(config, path)
    return config


def _refuse_other_labels(config: ModelConfig | BackboneConfig, path: Path) -> None:
    # Decoding finds labels by position: others would be read as wrong fields.
    expected: dict[str, object] = {"document_types": DOCUMENT_TYPES}
    if isinstance(config, ModelConfig):
        expected |= {"features": FEATURES, "buckets": BUCKETS, "row_roles": ROW_ROLES}
    if config.labels == "tags":
        expected["tags"] = TAGS
    elif config.tags[:1] != ("other",) or len(set(config.tags)) != len(config.tags):
        raise CheckpointError(f"{path}: tags must be `other` and entity labels, each once")
    for name, value in expected.items():
        if getattr(config, name) != value:
            raise CheckpointError(f"{path}: {name} differ from this version's; train again")


def load_matching(folder: Path) -> tuple[LineItemReader, list[str]]:
    """Load the weights that still fit this version, and return the names of those that do not.

    To continue training from an older network: weights that are not in the folder, or of another
    size there, start at random.
    """
    config = read_config(folder)
    if not isinstance(config, ModelConfig):
        raise CheckpointError(f"{folder}: holds a pretrained backbone, expected our own network")
    model = LineItemReader(config)
    state = model.state_dict()
    stored = _read_weights(folder)
    fitting = {
        name: half.float()
        for name, half in stored.items()
        if name in state and half.shape == state[name].shape
    }
    model.load_state_dict(state | fitting)
    return model, sorted(set(state) - set(fitting))


def _read_weights(folder: Path) -> dict[str, torch.Tensor]:
    shards = sorted(folder.glob("model*.safetensors"))
    if not shards:
        raise CheckpointError(f"{folder}: no model*.safetensors beside config.json")
    try:
        return {name: half for shard in shards for name, half in load_file(shard).items()}
    except SafetensorError as error:
        raise CheckpointError(f"{folder}: a weights file is damaged: {error}") from error


def load_model(
    folder: Path = DEFAULT, labels: Literal["tags", "entities"] | None = "tags"
) -> Network:
    """Load the network with its weights, on the CPU, in eval mode.

    One trained on other labels than `labels` is refused; None accepts either. Raises
    CheckpointError in one sentence: another format, or a file that is missing, changed or cut.
    """
    config = read_config(folder)
    if labels is not None and config.labels != labels:
        raise CheckpointError(
            f"{folder}: this checkpoint was trained on {_LABEL_NAMES[config.labels]}; "
            f"expected one trained on {_LABEL_NAMES[labels]}"
        )
    check_seal(folder)
    halves = _read_weights(folder)
    try:
        model = (
            LineItemReader(config)
            if isinstance(config, ModelConfig)
            else rebuild_backbone(config, folder)
        )
    except BackboneError as error:
        raise CheckpointError(str(error)) from error
    try:
        model.load_state_dict({name: half.float() for name, half in halves.items()})
    except RuntimeError as error:
        reason = " ".join(str(error).split("\n\t")[1:2]) or str(error)
        raise CheckpointError(f"{folder}: weights do not fit config.json: {reason}") from error
    return model.eval()
