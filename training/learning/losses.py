"""The training losses: tags, same-item pairs, document type, marks by hand, table structure."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.ops import sigmoid_focal_loss

from training.learning.recipe import Recipe
from training.learning.stream import LabelledBatch
from training.learning.structure_targets import OUTSIDE, UNKNOWN, StructureTargets
from training.network.model import Output
from training.network.struck_numbers import strike_loss
from training.network.structure import Structure


@dataclass(frozen=True, slots=True)
class Loss:
    """The parts and their weighted sum `total`, each a scalar tensor."""

    total: Tensor
    tags: Tensor
    pairs: Tensor
    types: Tensor
    marks: Tensor
    structure: Tensor


def tag_weights(recipe: Recipe, tags: Sequence[str], device: torch.device) -> Tensor:
    """Return the loss weight of each tag, (L,): most words are `other` and teach little."""
    weights = torch.ones(len(tags), device=device)
    weights[tags.index("other")] = recipe.other_weight
    return weights


def compute_losses(output: Output, truth: LabelledBatch, recipe: Recipe, weights: Tensor) -> Loss:
    """Compute cross-entropy of tags and types, and binary cross-entropy over same-item pairs.

    Pairs count where both words belong to some item: when reading, the head only scores words that
    the tag head put into items.
    """
    tags = F.cross_entropy(
        output.tags.float().flatten(0, 1),
        truth.tags.flatten(),
        weights,
        ignore_index=UNKNOWN,
        label_smoothing=recipe.label_smoothing,
    )
    # No branch on what the truth holds: a GPU would have to wait for the answer
    inside = truth.items >= 0  # (B, T)
    every_pair = _same_group_losses(output.same_item, truth.items)
    pairs = _mean_of_pairs(every_pair, inside, inside)
    types = _known_cross_entropy(output.document_type, truth.kinds, label_smoothing=0.02)
    by_hand = (
        mark_loss(output.marks, truth.marks),
        strike_loss(output.struck, truth.struck),
    )
    marks = sum((loss for loss in by_hand if loss is not None), output.tags.sum() * 0)
    structure = structure_loss(output.structure, truth.structure)
    if structure is None:
        structure = output.tags.sum() * 0
    total = (
        tags
        + recipe.pair_weight * pairs
        + recipe.type_weight * types
        + recipe.mark_weight * marks
        + recipe.structure_weight * structure
    )
    return Loss(total, tags, pairs, types, marks, structure)


def structure_loss(predicted: Structure | None, truth: StructureTargets) -> Tensor | None:
    """Binary cross-entropy of shared rows and columns, and cross-entropy of the rows' roles.

    None for a network without structure heads.
    """
    if predicted is None:
        return None
    shared = grouping_loss(predicted.same_row, truth.rows)
    shared = shared + grouping_loss(predicted.same_column, truth.columns)
    return shared + _known_cross_entropy(predicted.roles.flatten(0, 1), truth.roles.flatten())


def grouping_loss(logits: Tensor, groups: Tensor) -> Tensor:
    """Binary cross-entropy over pairs of words: do both belong to one group?

    `logits` (B, T, T), `groups` (B, T). Pairs inside the tables count as much as those of a word
    inside with one outside, which are many more; pairs of two words outside teach nothing.
    """
    inside, outside = groups >= 0, groups == OUTSIDE
    losses = _same_group_losses(logits, groups)
    return _mean_of_pairs(losses, inside, inside) + _mean_of_pairs(losses, inside, outside)


def _same_group_losses(logits: Tensor, groups: Tensor) -> Tensor:
    """Binary cross-entropy of every pair of words, (B, T, T): are their groups (B, T) the same?"""
    same = groups[:, :, None] == groups[:, None, :]
    return F.binary_cross_entropy_with_logits(logits.float(), same.float(), reduction="none")


def _mean_of_pairs(losses: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """Mean of the losses (B, T, T) of words flagged in `first` with those in `second` (B, T)."""
    chosen = first[:, :, None] & second[:, None, :]
    return (losses * chosen).sum() / chosen.sum().clamp(min=1)


def _known_cross_entropy(logits: Tensor, targets: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Mean cross-entropy (N, K) of the targets (N,) that are known; 0 where none is."""
    total = F.cross_entropy(
        logits.float(),
        targets,
        ignore_index=UNKNOWN,
        label_smoothing=label_smoothing,
        reduction="sum",
    )
    return total / (targets != UNKNOWN).sum().clamp(min=1)


def mark_loss(predicted: Sequence[Tensor | None], truth: Sequence[Tensor | None]) -> Tensor | None:
    """Focal loss (Lin et al. 2017) over the squares of the pictures whose marks are known.

    Divided by the squares that hold a mark, about one in three hundred: averaged over all squares,
    the network learned nothing but how rare they are. None where the truth of no page is known.
    """
    known = [
        (logits.float(), targets.to(logits.device))
        for logits, targets in zip(predicted, truth, strict=True)
        if logits is not None and targets is not None
    ]
    if not known:
        return None
    logits = torch.cat([page.flatten() for page, _ in known])
    targets = torch.cat([page.flatten() for _, page in known])
    total: Tensor = sigmoid_focal_loss(logits, targets, alpha=0.75, gamma=2.0, reduction="sum")
    return total / targets.sum().clamp(min=1)
