"""Which predicted line item is which true one: the pairing that every item score rests on.

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


def same_number(first: Decimal | None, second: Decimal | None) -> bool:
    """Whether both are known and equal within 0.005."""
    return first is not None and second is not None and abs(first - second) <= TOLERANCE


def count_wrong(wanted: Mapping[str, Decimal], cells: Cells) -> int:
    """How many of the wanted cells were not read, or read wrong."""
    return sum(not same_number(cells[name], value) for name, value in wanted.items())


def describe_alike(items: Sequence[TrueItem], lines: Sequence[Prediction]) -> Matrix:
    """Best description similarity over an item's wordings, 0..1, (items, lines)."""
    best: Matrix = np.zeros((len(items), len(lines)))
    said = [plain_text(str(line.get("description") or "")) for line in lines]
    for row, item in enumerate(items if said else ()):
        wordings = [plain_text(text) for text in item.wordings] or [""]
        best[row] = process.cdist(wordings, said, scorer=fuzz.ratio).max(axis=0) / 100
    return best


def pair_items(
    wanted: Sequence[Mapping[str, Decimal]], cells: Sequence[Cells], similar: Matrix
) -> dict[int, int]:
    """Which predicted row each true item is paired with; `similar` is (true, predicted), 0..1."""
    equal = np.zeros((len(wanted), len(cells)))
    for true, visible in enumerate(wanted):
        equal[true] = [len(visible) - count_wrong(visible, row) for row in cells]
    # All similarities of a pairing together weigh less than one cell, so they only break ties.
    weights = equal + similar / (min(equal.shape) + 1)
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return {int(true): int(row) for true, row in zip(rows, columns, strict=True)}


def match_excluded(
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
    similar = describe_alike(known, lines)
    claims = np.zeros_like(similar)
    for index, item in enumerate(known):
        money = [item.decimal(name) for name in ("amount", "unit_price", "printed_rate")]
        number = item.values.get("line_number")
        for row, line in enumerate(lines):
            if row in right:
                continue
            paid = any(
                same_number(cells[row][name], sum_)
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
    """The text without case, repeated spaces and outer punctuation."""
    return re.sub(r"\s+", " ", text).strip(" .,:;").casefold()
