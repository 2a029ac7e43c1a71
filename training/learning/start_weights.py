"""Weights of an earlier checkpoint as the beginning of a new run, also where heads were added."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from training.learning.recipe import RecipeError
from training.network.backbones import Network
from training.network.checkpoint import load_model

HEADS, MIX = "tables.", "tables.mix."


def load_start_weights(model: Network, folder: Path) -> None:
    """Load the weights of the checkpoint at `folder` into the network.

    Three parts may differ and begin as the network was built: the tag head where the tags are
    others, structure heads that the checkpoint lacks, and the columns of the distance table that
    belong to them. Any other difference raises `RecipeError`.
    """
    start = load_model(folder, labels=None)
    fresh, weights = model.state_dict(), start.state_dict()
    if start.config.tags != model.config.tags:
        weights |= {k: v for k, v in fresh.items() if k.startswith("tag_head.")}
    weights = with_structure_heads(weights, fresh)
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise RecipeError(f"start_from: {folder} has a network of another kind or size") from error


def with_structure_heads(
    weights: Mapping[str, Tensor], donor: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Return the weights with the donor's structure heads, where they have none of their own.

    Nothing is mixed into the words yet: the network tags as it did.
    """
    grown = dict(weights)
    if any(name.startswith(HEADS) for name in weights):
        return grown
    for name, tensor in donor.items():
        if name.startswith(HEADS):
            grown[name] = torch.zeros_like(tensor) if name.startswith(MIX) else tensor
    grown["distance.weight"] = _with_columns_of(
        weights["distance.weight"], donor["distance.weight"]
    )
    return grown


def _with_columns_of(narrow: Tensor, wide: Tensor) -> Tensor:
    """Return the table `narrow` with the further columns of `wide`, where rows are as many."""
    if narrow.shape[0] != wide.shape[0] or narrow.shape[1] >= wide.shape[1]:
        return narrow
    return torch.cat([narrow, wide[:, narrow.shape[1] :]], dim=1)
