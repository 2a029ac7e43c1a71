"""Word grounding: a value is grounded when it is right and lies where it is printed.

As ExtractBench defines it: the value equals the true one, and the predicted box overlaps the true
word's with an intersection over union of at least .5. Decided here: true boxes are the `cells` of
true items, so that header values are not judged; a description is right when it has the letters
and digits of one of its wordings, in order, spaces and marks aside. Rows are paired as the items'
scores pair them, so that most numbers agree, but of equal rows the ones whose boxes agree.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.corpora.truth import TrueDocument, TrueItem
from data.records import Box
from training.metrics.items import SCORED_CELLS, match_document
from training.metrics.pairing import Cells, is_same_number, pair_items
from training.metrics.predictions import Prediction

LEAST_OVERLAP = 0.5  # intersection over union
GROUNDED_CELLS = (*SCORED_CELLS, "description")


@dataclass(frozen=True, slots=True)
class GroundingCount:
    """Printed values whose true box is known: all of them, those right, those right and in place.

    `placed` counts the right ones for which a place was predicted at all.
    """

    boxed: int = 0
    right: int = 0
    placed: int = 0
    grounded: int = 0

    def __add__(self, other: "GroundingCount") -> "GroundingCount":
        return GroundingCount(
            self.boxed + other.boxed,
            self.right + other.right,
            self.placed + other.placed,
            self.grounded + other.grounded,
        )


def count_grounded(truth: TrueDocument, prediction: Prediction) -> dict[str, GroundingCount]:
    """Return the counts of a document by name of the value; empty where no true box is known.

    Raises `PredictionError` where the prediction does not keep to the format.
    """
    if not any(item.cells for item in truth.items):
        return {}
    matched = match_document(truth, prediction)
    lines = [prediction["line_items"][row] for row in matched.rows]
    pairs = _pair_by_place(matched.items, matched.true_cells, lines, matched.cells)
    counts = dict.fromkeys(GROUNDED_CELLS, GroundingCount())
    for place, item in enumerate(matched.items):
        row = pairs.get(place)
        for name in GROUNDED_CELLS:
            if name in item.visible and name in item.cells:
                line = None if row is None else lines[row]
                cells = None if row is None else matched.cells[row]
                counts[name] += _judge(item, name, line, cells)
    return {name: count for name, count in counts.items() if count.boxed}


def count_grounded_numbers(counts: Mapping[str, GroundingCount]) -> GroundingCount:
    """Return the counts of amounts, quantities and unit prices together: the headline figure."""
    return sum((count for name, count in counts.items() if name in SCORED_CELLS), GroundingCount())


def overlap(first: Box, second: Box) -> float:
    """Return the intersection over union of two boxes; 0 where neither has an area."""
    width = min(first.right, second.right) - max(first.left, second.left)
    height = min(first.bottom, second.bottom) - max(first.top, second.top)
    shared = max(width, 0.0) * max(height, 0.0)
    union = _area(first) + _area(second) - shared
    return shared / union if union > 0 else 0.0


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _pair_by_place(
    items: Sequence[TrueItem],
    true_cells: Sequence[Mapping[str, Any]],
    lines: Sequence[Prediction],
    cells: Sequence[Cells],
) -> dict[int, int]:
    in_place = np.zeros((len(items), len(lines)))
    for true, item in enumerate(items):
        for row, line in enumerate(lines):
            placed = [_is_in_place(item, name, line) for name in item.cells]
            in_place[true, row] = sum(placed) / max(len(placed), 1)
    return pair_items(true_cells, cells, in_place)


def _judge(
    item: TrueItem, name: str, line: Prediction | None, cells: Cells | None
) -> GroundingCount:
    if line is None or cells is None or not _is_right(item, name, line, cells):
        return GroundingCount(boxed=1)
    return GroundingCount(
        1, 1, int(predicted_place(line, name) is not None), int(_is_in_place(item, name, line))
    )


def _is_right(item: TrueItem, name: str, line: Prediction, cells: Cells) -> bool:
    if name in SCORED_CELLS:
        return is_same_number(cells[name], item.visible_decimal(name))
    text = _letters(str(line.get(name) or ""))
    wordings = item.wordings or (item.values.get(name, ""),)
    return bool(text) and text in {_letters(wording) for wording in wordings}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _is_in_place(item: TrueItem, name: str, line: Prediction) -> bool:
    place = predicted_place(line, name)
    if place is None or place[0] != (item.page or 0):
        return False
    return overlap(place[1], item.cells[name]) >= LEAST_OVERLAP


def predicted_place(line: Prediction, name: str) -> tuple[int, Box] | None:
    """Return the page (from 0) and box predicted for a value of a line; None without a box.

    A place that names no page is on the line's own page, else on the first.
    """
    places = line.get("places")
    place = places.get(name) if isinstance(places, Mapping) else None
    bbox = place.get("bbox") if isinstance(place, Mapping) else None
    if place is None or bbox is None:
        return None
    page = place.get("page") or line.get("page") or 1
    return int(page) - 1, Box.clamped(*(float(edge) for edge in bbox))
