"""The pairing of predicted line items with true ones, on which every item score rests.

Predicted and true items are paired one to one so that most cells are equal over the whole document
(an assignment, not greedily row by row); description similarity breaks ties. Where that ties too
the pairing is the solver's, the same for the same input.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from scipy.optimize import linear_sum_assignment

from data.corpora.truth import TrueItem
from training.metrics.predictions import Prediction

TOLERANCE = Decimal("0.005")

Cells = Mapping[str, Decimal | None]
Matrix = npt.NDArray[np.float64]


def is_same_number(first: Decimal | None, second: Decimal | None) -> bool:
    """Return whether both numbers are known and equal within 0.005."""
    return first is not None and second is not None and abs(first - second) <= TOLERANCE


def count_wrong_cells(true_cells: Mapping[str, Decimal], cells: Cells) -> int:
    """Count the true cells that were not read, or read wrong."""
    return sum(not is_same_number(cells[name], value) for name, value in true_cells.items())


def description_similarity(items: Sequence[TrueItem], lines: Sequence[Prediction]) -> Matrix:
    """Return the best similarity over an item's wordings, 0..1, as (items, lines)."""
    best: Matrix = np.zeros((len(items), len(lines)))
    texts = [plain_text(str(line.get("description") or "")) for line in lines]
    for row, item in enumerate(items if texts else ()):
        wordings = [plain_text(text) for text in item.wordings] or [""]
        best[row] = process.cdist(wordings, texts, scorer=fuzz.ratio).max(axis=0) / 100
    return best


def pair_items(
    true_cells: Sequence[Mapping[str, Decimal]], cells: Sequence[Cells], similar: Matrix
) -> dict[int, int]:
    """Return the predicted row of each paired true item; `similar` is (true, predicted), 0..1."""
    equal = np.zeros((len(true_cells), len(cells)))
    for true, visible in enumerate(true_cells):
        equal[true] = [len(visible) - count_wrong_cells(visible, row) for row in cells]
    # All similarities of a pairing together weigh less than one cell, so they only break ties.
    weights = equal + similar / (min(equal.shape) + 1)
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return {int(true): int(row) for true, row in zip(rows, columns, strict=True)}


def find_excluded_rows(
    excluded: Sequence[TrueItem],
    unscored: Sequence[TrueItem],
    lines: Sequence[Prediction],
    cells: Sequence[Cells],
    right: set[int],
) -> set[int]:
    """The predicted rows that are excluded rows of the truth, or items of it that no scored cell
    shows: of these the description must do. Rows in `right` never are."""
    known = [*excluded, *unscored]
    if not known or not lines:
        return set()
    similar = description_similarity(known, lines)
    claims = np.zeros_like(similar)
    for index, item in enumerate(known):
        money = [item.decimal(name) for name in ("amount", "unit_price", "printed_rate")]
        number = item.values.get("line_number")
        for row, line in enumerate(lines):
            if row in right:
                continue
            paid = any(
                is_same_number(cells[row][name], sum_)
                for name in ("amount", "unit_price")
                for sum_ in money
            )
            numbered = number is not None and str(line.get("line_number")) == number
            close = similar[index, row]
            named = index >= len(excluded) or numbered
            if (paid and close >= 0.5) or (named and close >= 0.8):
                claims[index, row] = 1 + close
    rows, columns = linear_sum_assignment(claims, maximize=True)
    return {int(row) for index, row in zip(rows, columns, strict=True) if claims[index, row] > 0}


def plain_text(text: str) -> str:
    """Return the text without case, repeated spaces and outer punctuation."""
    return re.sub(r"\s+", " ", text).strip(" .,:;").casefold()
