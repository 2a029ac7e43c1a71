"""What the model is taught with: tags, same-item pairs, document type and marks by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.model import Output
from training.recipe import Recipe
from training.stream import UNKNOWN, LabelledBatch


@dataclass(frozen=True, slots=True)
class Loss:
    """The four parts and their weighted sum `total`, each a scalar tensor."""

    total: Tensor
    tags: Tensor
    pairs: Tensor
    types: Tensor
    marks: Tensor


def tag_weights(recipe: Recipe, tags: Sequence[str], device: torch.device) -> Tensor:
    """Loss weight of each tag, (L,): most words are `other` and teach little."""
    weights = torch.ones(len(tags), device=device)
    weights[tags.index("other")] = recipe.other_weight
    return weights


def losses(output: Output, truth: LabelledBatch, recipe: Recipe, weights: Tensor) -> Loss:
    """Cross-entropy of tags and types, binary cross-entropy over pairs of words in items.

    Pairs are judged where both words belong to some item: at reading time the head is only asked
    about words the tag head put into items.
    """
    tags = F.cross_entropy(
        output.tags.float().flatten(0, 1),
        truth.tags.flatten(),
        weights,
        ignore_index=UNKNOWN,
        label_smoothing=recipe.label_smoothing,
    )
    inside = truth.items >= 0  # (B, T)
    both = inside[:, :, None] & inside[:, None, :]  # (B, T, T)
    same = truth.items[:, :, None] == truth.items[:, None, :]
    if both.any():
        logits, wanted = output.same_item[both].float(), same[both].float()
        pairs = F.binary_cross_entropy_with_logits(logits, wanted)
    else:
        pairs = output.same_item.sum() * 0
    if bool((truth.kinds != UNKNOWN).any()):
        types = F.cross_entropy(
            output.document_type.float(), truth.kinds, ignore_index=UNKNOWN, label_smoothing=0.02
        )
    else:
        types = output.document_type.sum() * 0
    marks = _mark_loss(output, truth)
    total = (
        tags + recipe.pair_weight * pairs + recipe.type_weight * types + recipe.mark_weight * marks
    )
    return Loss(total, tags, pairs, types, marks)


def _mark_loss(output: Output, truth: LabelledBatch) -> Tensor:
    """Binary cross-entropy over the squares of the pictures whose marks are known.

    Squares with a mark count ten times: they are about one in a hundred.
    """
    known = [
        (logits.float(), wanted.to(logits.device))
        for logits, wanted in zip(output.marks, truth.marks, strict=True)
        if logits is not None and wanted is not None
    ]
    if not known:
        return output.tags.sum() * 0
    logits = torch.cat([page.flatten() for page, _ in known])
    wanted = torch.cat([page.flatten() for _, page in known])
    return F.binary_cross_entropy_with_logits(logits, wanted, pos_weight=logits.new_tensor(10.0))
