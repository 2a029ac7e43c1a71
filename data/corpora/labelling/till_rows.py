"""Labels the items of till receipts that have no boxes: wording and amount, matched in order."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from data import labels
from data.corpora.labelling.item_rows import COLUMN_REACH, Row
from data.corpora.labelling.prepared_pages import Sheet, numbers, plain_text
from data.corpora.truth import TrueItem

SIMILAR = 80.0  # rapidfuzz ratio (0..100) from which a line shows an item's wording
# Word heights between an item's wording and its amount, at most: code, quantity and price lines
# come between them on real till rolls.
HEIGHTS_APART = 6.0
_TILL_REACH = 3 * COLUMN_REACH  # hand-drawn boxes on a narrow, often bent sheet
_NO_MATCH_COST = 1e6


def label_till(items: Sequence[TrueItem], sheet: Sheet) -> list[Row]:
    """Label the items of a receipt; return the rows of those whose wording was found."""
    matches = _match_wordings(items, sheet)
    amounts = _match_amounts(matches, sheet)
    rows = []
    for number, (item, run) in enumerate(matches):
        row = Row(item, number, sheet, [], [], [])
        rows.append(row)
        if number not in amounts:
            continue
        row.mark("amount", [amounts[number]])
        row.mark("description", run)
    _label_rest(rows)
    return rows


def _match_wordings(items: Sequence[TrueItem], sheet: Sheet) -> list[tuple[TrueItem, list[int]]]:
    """(item, its words) in the order printed; items that are not found are left out."""
    matches, start = [], 0
    for item in items:
        best: tuple[float, int, list[int]] = (SIMILAR, -1, [])
        for number in range(start, len(sheet.lines)):
            score, run = _best_run(item.wordings, sheet, sheet.lines[number])
            if score > best[0]:
                best = (score, number, run)
        if best[1] >= 0:
            matches.append((item, best[2]))
            start = best[1] + 1
    return matches


def _best_run(
    wordings: Sequence[str], sheet: Sheet, line: Sequence[int]
) -> tuple[float, list[int]]:
    best: tuple[float, list[int]] = (0.0, [])
    for wording in wordings:
        expected = plain_text(wording)
        for begin in range(len(line)):
            for end in range(begin + 1, len(line) + 1):
                printed = plain_text("".join(sheet.text(index) for index in line[begin:end]))
                score = fuzz.ratio(expected, printed)
                if score > best[0]:
                    best = (score, list(line[begin:end]))
    return best


def _match_amounts(matches: Sequence[tuple[TrueItem, list[int]]], sheet: Sheet) -> dict[int, int]:
    """The amount word by item number: in the column most items agree on, nearest in height.

    Empty where the amounts do not come in the order of their items: then truth or reading is wrong.
    """
    words = sheet.page.words
    height = float(np.median([word.box.height for word in words])) if words else 1.0
    candidates = []  # (item, word, heights between them)
    for number, (item, run) in enumerate(matches):
        wording_middle = words[run[0]].box.center[1]
        for index, word in enumerate(words):
            away = abs(word.box.center[1] - wording_middle) / height
            if item.visible_decimal("amount") in numbers(word.text) and away <= HEIGHTS_APART:
                candidates.append((number, index, away))
    if not candidates:
        return {}
    column = _common_edge([(number, words[index].box.right) for number, index, _ in candidates])
    columned = [c for c in candidates if abs(words[c[1]].box.right - column) <= _TILL_REACH]
    rows = sorted({index for _, index, _ in columned})
    costs = np.full((len(matches), len(rows)), _NO_MATCH_COST)
    for number, index, away in columned:
        costs[number, rows.index(index)] = away
    chosen = zip(*linear_sum_assignment(costs), strict=True)
    amount_words = {
        int(number): rows[column_index]
        for number, column_index in chosen
        if costs[number, column_index] < _NO_MATCH_COST
    }
    tops = [words[amount_words[number]].box.top for number in sorted(amount_words)]
    return amount_words if tops == sorted(tops) else {}


def _common_edge(edges: Sequence[tuple[int, float]]) -> float:
    """The right edge at which most items have a candidate; the rightmost of equals."""

    def votes(edge: float) -> tuple[int, float]:
        return len({number for number, other in edges if abs(other - edge) <= _TILL_REACH}), edge

    return max((edge for _, edge in edges), key=votes)


def _label_rest(rows: Sequence[Row]) -> None:
    """Label quantity and price where only one word fits; ignore the other words by an item."""
    spans = [_span(row) for row in rows]
    for row, (top, bottom) in zip(rows, spans, strict=True):
        lines = [
            line
            for line in row.sheet.lines
            if line and top <= row.sheet.places[line[0]][1] <= bottom
        ]
        near = row.sheet.undecided(index for line in lines for index in line)
        quantity, price = (row.item.decimal(name) for name in ("quantity", "unit_price"))
        amount = row.item.decimal("amount")
        if "amount" in row.cells and quantity and price and quantity * price == amount:
            _mark_unique(row, near, "unit_price", price)
            _mark_unique(row, near, "quantity", quantity)
        row.sheet.label(near, labels.IGNORE)


def _mark_unique(row: Row, near: Sequence[int], name: str, value: Decimal) -> None:
    equal = [i for i in row.sheet.undecided(near) if value in numbers(row.sheet.text(i))]
    if len(equal) == 1:
        row.mark(name, equal)


def _span(row: Row) -> tuple[float, float]:
    """Top and bottom of the item's labelled words, in page heights; an empty span for none."""
    heights = [
        row.sheet.page.words[index].box for indices in row.cells.values() for index in indices
    ]
    if not heights:
        return 1.0, 0.0
    return min(box.top for box in heights), max(box.bottom for box in heights)
