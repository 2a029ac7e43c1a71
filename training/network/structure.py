"""The structure of tables: which words share a row or a column, and what each row is to the bill.

Two affinities between all words of a page are learned from pages whose tables are known, and used
at once: what the words of a word's row and column say is added to the word before its tag is read.
A number alone says little; the head of its column, the numbers above and below it and the words
beside it say what it is.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Structure:
    """Logits of B pages of T words: `same_row` and `same_column` (B, T, T), `roles` (B, T, R)."""

    same_row: Tensor
    same_column: Tensor
    roles: Tensor


class TableHeads(nn.Module):
    """Affinities of rows and columns, row roles, and word vectors with both mixed in."""

    def __init__(self, width: int, pair_width: int, roles: int) -> None:
        super().__init__()
        self.row = nn.Linear(width, 2 * pair_width)
        self.column = nn.Linear(width, 2 * pair_width)
        self.bias = nn.Parameter(torch.tensor([-2.0, -2.0]))
        self.norm = nn.LayerNorm(2 * width)
        self.mix = nn.Linear(2 * width, width)
        # Begins with nothing mixed in: a network that was trained without goes on as it was.
        nn.init.zeros_(self.mix.weight)
        nn.init.zeros_(self.mix.bias)
        self.roles = nn.Linear(width, roles)

    def forward(self, hidden: Tensor, bias: Tensor, mask: Tensor) -> tuple[Structure, Tensor]:
        """Return the structure, and the words (B, T, D) with their rows and columns mixed in.

        `hidden` (B, T, D), `bias` (B, 2, T, T) from the distances, `mask` (B, T) of real words.
        """
        same_row = affinities(self.row(hidden), bias[:, 0]) + self.bias[0]
        same_column = affinities(self.column(hidden), bias[:, 1]) + self.bias[1]
        present = mask[:, None, :].to(hidden.dtype)
        means = [
            mean_of_others(affinity.sigmoid() * present, hidden)
            for affinity in (same_row, same_column)
        ]
        mixed = hidden + self.mix(self.norm(torch.cat(means, dim=-1)))
        return Structure(same_row, same_column, self.roles(mixed)), mixed


def mean_of_others(weights: Tensor, hidden: Tensor) -> Tensor:
    """Weighted means (B, T, D) of `hidden` by `weights` (B, T, T) in 0..1, zero for no weight."""
    total = weights.sum(-1, keepdim=True)
    mean: Tensor = weights.to(hidden.dtype) @ hidden / (total + 0.1)
    return mean


def affinities(pair: Tensor, bias: Tensor) -> Tensor:
    """Symmetric scores (B, T, T) of queries and keys (B, T, 2 P) and a bias (B, T, T)."""
    query, key = pair.chunk(2, dim=-1)  # (B, T, P) each
    score = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]) + bias
    return (score + score.transpose(-1, -2)) / 2
