"""What the model is taught with: tags, same-item pairs and document type."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from data.labels import TAGS
from training.model import Output
from training.recipe import Recipe
from training.stream import UNKNOWN, LabelledBatch


@dataclass(frozen=True, slots=True)
class Loss:
    """The three parts and their weighted sum `total`, each a scalar tensor."""

    total: Tensor
    tags: Tensor
    pairs: Tensor
    types: Tensor


def tag_weights(recipe: Recipe, device: torch.device) -> Tensor:
    """Loss weight of each tag, (L,): most words are `other` and teach little."""
    weights = torch.ones(len(TAGS), device=device)
    weights[TAGS.index("other")] = recipe.other_weight
    return weights


def losses(output: Output, truth: LabelledBatch, recipe: Recipe, weights: Tensor) -> Loss:
    """Cross-entropy of tags and types, binary cross-entropy over pairs of words in items.

    Pairs are judged where both words belong to some item: at reading time the head is only asked
    about words the tag head put into items.
    """
    tags = F.cross_entropy(
        output.tags.float().flatten(0, 1), truth.tags.flatten(), weights, ignore_index=UNKNOWN
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
    total = tags + recipe.pair_weight * pairs + recipe.type_weight * types
    return Loss(total, tags, pairs, types)
