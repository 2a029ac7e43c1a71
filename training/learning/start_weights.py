"""Weights of an earlier checkpoint as the beginning of a new run, also where heads were added."""

from pathlib import Path

import torch
from torch import Tensor

from training.learning.recipe import RecipeError
from training.network.backbones import Network
from training.network.checkpoint import load_model


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
    if not any(name.startswith("tables.") for name in weights):
        weights |= {k: v for k, v in fresh.items() if k.startswith("tables.")}
        weights["distance.weight"] = _with_columns_of(
            weights["distance.weight"], fresh["distance.weight"]
        )
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise RecipeError(f"start_from: {folder} has a network of another kind or size") from error


def _with_columns_of(narrow: Tensor, wide: Tensor) -> Tensor:
    """Return the table `narrow` with the further columns of `wide`, where rows are as many."""
    if narrow.shape[0] != wide.shape[0] or narrow.shape[1] >= wide.shape[1]:
        return narrow
    return torch.cat([narrow, wide[:, narrow.shape[1] :]], dim=1)
