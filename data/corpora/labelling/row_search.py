"""Finds the printed row of each line item of which only values are known, or says that it cannot.

An item may be on every line that prints its amount. What else the line and its neighbours print of
the item (quantity, price, codes, wording) and the column of the amount weigh the candidates; items
are printed in their order. A row counts as found only where the best order of all items beats the
best one with this item elsewhere by a margin: naive matching of numbers is wrong half the time.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from data.corpora.labelling.item_rows import COLUMN_REACH
from data.corpora.labelling.prepared_pages import plain_text
from data.corpora.labelling.printed_lines import Line, Print
from data.corpora.truth import TrueItem

KEY_NAMES = ("amount", "unit_price", "quantity")  # the value whose print names the row, in order
_MARGIN = 0.45  # score by which the best order must beat one with the item elsewhere
_COLUMN_BONUS = 0.8
_TOTAL = 1.5  # what a line loses that names a total
_SUPPORT = 0.35  # share of the weights of an item's other prints that its line must show, at least
_SKIP = 0.0  # score of an item that is on no line
_SIMILAR = 80.0  # rapidfuzz ratio (0..100) from which longer tokens are the same word
_WORDING = 1.5  # weight of the share of a wording's tokens printed near the line
_OTHER_ROW = 0.3  # what a wording counts on a line beside that is the row of another item
_REACH = ((0, 1.0), (-1, 0.8), (1, 0.8), (-2, 0.5), (2, 0.4))  # (lines away, weight)

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FoundRow:
    """The row of an item: the position of its line, and its key value there.

    `number` is None where several numbers of the line may be it.
    """

    item: int
    line: int
    key: str
    number: Print | None


def find_rows(items: Sequence[TrueItem], lines: Sequence[Line]) -> list[FoundRow]:
    """Return the rows of the items that are found beyond doubt, in their order."""
    keys = [key_name(item) for item in items]
    if not items or not lines:
        return []
    evidence = np.array(
        [_evidence(item, key, lines) for item, key in zip(items, keys, strict=True)]
    )
    first = _best_order(evidence)
    columns = _key_columns(items, keys, lines, first)
    clear_columns = _key_columns(items, keys, lines, first, repeats=1)
    scores = evidence + np.array(
        [_column_scores(item, key, lines, columns) for item, key in zip(items, keys, strict=True)]
    )
    order = _best_order(scores)
    is_certain = _certain_items(scores, order)
    found_rows = []
    for number, (item, key, place) in enumerate(zip(items, keys, order, strict=True)):
        if place is None or key is None or not is_certain[number]:
            continue
        if _is_supported(item, key, lines, place, columns):
            printed = _key_print(item, key, lines[place], (clear_columns, columns))
            found_rows.append(FoundRow(number, place, key, printed))
    return found_rows


def _is_supported(
    item: TrueItem, key: str, lines: Sequence[Line], place: int, columns: dict[str, float]
) -> bool:
    """Return whether a line shows enough of the item to be its row.

    Where nothing else of it is printed there, its number must stand in the column of other rows.
    """
    support = _support(item, key, lines, place, strict=True)
    in_column = max(_column_scores(item, key, lines[place : place + 1], columns)) > 0
    return support >= _SUPPORT * _possible_support(item, key) and (support > 0 or in_column)


def key_name(item: TrueItem) -> str | None:
    """The value by which the item's row is looked for; None where it prints no number."""
    return next((name for name in KEY_NAMES if item.visible_decimal(name) is not None), None)


def _evidence(item: TrueItem, key: str | None, lines: Sequence[Line]) -> list[float]:
    """The score of the item on each line; minus infinity where its key value is not printed."""
    value = None if key is None else item.visible_decimal(key)
    if value is None:
        return [-math.inf] * len(lines)
    return [
        _score_on(item, str(key), lines, place) if line.find(value) else -math.inf
        for place, line in enumerate(lines)
    ]


def _score_on(item: TrueItem, key: str, lines: Sequence[Line], place: int) -> float:
    support = _support(item, key, lines, place)
    return 1.0 + support - (_TOTAL if lines[place].names_total else 0.0)


def _support(
    item: TrueItem, key: str, lines: Sequence[Line], place: int, *, strict: bool = False
) -> float:
    """The weight of what the line and its neighbours print of the item beside its key value."""
    text_score = _text_score(item, lines, place, strict=strict)
    return _number_score(item, key, lines, place) + text_score


def _possible_support(item: TrueItem, key: str | None) -> float:
    """The weight of the item's prints beside its key value, without codes."""
    values = [item.visible_decimal(name) for name in ("quantity", "unit_price") if name != key]
    wording = _WORDING if item.wordings and "description" in item.visible else 0.0
    return wording + sum(_weight(value) for value in values if value is not None)


def _weight(value: Decimal) -> float:
    """The weight of finding a number near: a one is printed nearly everywhere."""
    return 0.3 if abs(value) == 1 else 1.0


def _near(lines: Sequence[Line], place: int) -> list[tuple[Line, float]]:
    sheet = lines[place].sheet
    return [
        (lines[place + away], weight)
        for away, weight in _REACH
        if 0 <= place + away < len(lines) and lines[place + away].sheet is sheet
    ]


def _number_score(item: TrueItem, key: str, lines: Sequence[Line], place: int) -> float:
    """The weight of the item's other numbers on this line or beside it."""
    score = 0.0
    for name in ("quantity", "unit_price"):
        value = item.visible_decimal(name)
        if name == key or value is None:
            continue
        needed = 2 if value == item.visible_decimal(key) else 1
        weights = [
            weight
            for line, weight in _near(lines, place)[:3]
            if len(line.find(value)) >= (needed if line is lines[place] else 1)
        ]
        score += max(weights, default=0.0) * _weight(value)
    return score


def _text_score(
    item: TrueItem, lines: Sequence[Line], place: int, *, strict: bool = False
) -> float:
    """The weight of the item's wording and codes on this line and its neighbours.

    `strict`: a neighbour that is the row of another item counts little.
    """
    values = {item.decimal(name) for name in KEY_NAMES}
    near = []
    for line, weight in _near(lines, place):
        if strict and line is not lines[place] and line.is_row_without(values):
            weight *= _OTHER_ROW
        near.append(({plain_text(line.sheet.text(index)) for index in line.words}, weight))
    score = 0.0
    for name in ("product_code", "buyer_item_id", "gtin"):
        code = plain_text(item.values.get(name, ""))
        if code and any(code in texts for texts, _ in near[:3]):
            score += 0.7
    shares = [_token_share(wording, near) for wording in item.wordings]
    return score + _WORDING * max(shares, default=0.0)


def _token_share(wording: str, near: Sequence[tuple[set[str], float]]) -> float:
    """The share of the wording's tokens that is printed near, each by the weight of its line."""
    tokens = [token for text in wording.split() if len(token := plain_text(text)) > 1]
    if not tokens:
        return 0.0
    weights = [
        max((weight for texts, weight in near if _is_among(token, texts)), default=0.0)
        for token in tokens
    ]
    return sum(weights) / len(weights)


def _is_among(token: str, texts: set[str]) -> bool:
    """Return whether a token is printed, also with a slip of OCR in a longer one."""
    if token in texts:
        return True
    return len(token) >= 5 and any(_is_alike(token, text) for text in texts)


@lru_cache(maxsize=65536)
def _is_alike(token: str, text: str) -> bool:
    return abs(len(token) - len(text)) <= 2 and fuzz.ratio(token, text) >= _SIMILAR


def _best_order(scores: Scores) -> list[int | None]:
    """The line of each item in the best order of all items, None for an item left out."""
    forward = _forward(scores)
    order: list[int | None] = [None] * len(scores)
    place = scores.shape[1]
    for number in range(len(scores) - 1, -1, -1):
        while place and forward[number + 1, place] == forward[number + 1, place - 1]:
            place -= 1
        if not place or forward[number + 1, place] == forward[number, place] + _SKIP:
            continue
        order[number] = place - 1
        place -= 1
    return order


def _forward(scores: Scores) -> Scores:
    """(n + 1, m + 1): the best score of the first items on the first lines, each on its own."""
    count, width = scores.shape
    table = np.zeros((count + 1, width + 1))
    for number in range(count):
        placed = table[number, :-1] + scores[number]
        best = np.maximum(table[number, 1:] + _SKIP, placed)
        table[number + 1, 1:] = np.maximum.accumulate(np.maximum(best, table[number, 0]))
    return table


def _certain_items(scores: Scores, order: Sequence[int | None]) -> list[bool]:
    """Return for each item whether no order with it on another line comes near the best one."""
    forward = _forward(scores)
    backward = _forward(scores[::-1, ::-1])[::-1, ::-1]
    best = forward[-1, -1]
    is_certain = []
    for number, line in enumerate(order):
        elsewhere = forward[number, :-1] + scores[number] + backward[number + 1, 1:]
        if line is not None:
            elsewhere[line] = -math.inf
        is_certain.append(line is not None and bool(best - elsewhere.max() >= _MARGIN))
    return is_certain


def _key_columns(
    items: Sequence[TrueItem],
    keys: Sequence[str | None],
    lines: Sequence[Line],
    order: Sequence[int | None],
    repeats: int = 9,
) -> dict[str, float]:
    """The right edge at which most items of an order print their key value, by its name.

    The lines beside an item's have a vote too, as an order may have taken its price. Lines that
    name a total have none, nor have those that print the value more than `repeats` times: their
    columns could be exchanged. Of equal columns it is the rightmost: the amount stands right of a
    price that is equal to it.
    """
    edges: dict[str, list[tuple[int, float]]] = {}
    for number, (item, key, place) in enumerate(zip(items, keys, order, strict=True)):
        value = None if key is None else item.visible_decimal(key)
        if place is None or value is None:
            continue
        for line, _ in _near(lines, place)[:3]:
            prints = line.find(value)
            if 0 < len(prints) <= repeats and not line.names_total:
                of_key = edges.setdefault(str(key), [])
                of_key += [(number, printed.right) for printed in prints]
    columns = {}
    for key, of_items in edges.items():
        votes = {
            edge: len({item for item, other in of_items if abs(other - edge) <= COLUMN_REACH})
            for _, edge in of_items
        }
        edge = max(votes, key=lambda edge: (votes[edge], edge))
        if votes[edge] >= 2:
            columns[key] = edge
    return columns


def _column_scores(
    item: TrueItem, key: str | None, lines: Sequence[Line], columns: dict[str, float]
) -> list[float]:
    value = None if key is None else item.visible_decimal(key)
    if value is None or key not in columns:
        return [0.0] * len(lines)
    column = columns[str(key)]
    return [
        _COLUMN_BONUS
        if any(abs(printed.right - column) <= COLUMN_REACH for printed in line.find(value))
        else -_COLUMN_BONUS
        for line in lines
    ]


def _key_print(
    item: TrueItem, key: str, line: Line, columns: tuple[dict[str, float], dict[str, float]]
) -> Print | None:
    """The key value on its line: the only number that is it, or the one in the rows' column.

    The first `columns` are those of rows that print their value once. Without them, of two equal
    numbers that are price and amount, the amount is the right one.
    """
    value = item.visible_decimal(key)
    prints = [] if value is None else line.find(value)
    for of_keys in columns:
        if len(prints) > 1 and key in of_keys:
            prints = [p for p in prints if abs(p.right - of_keys[key]) <= COLUMN_REACH] or prints
        if len(prints) == 2 and key == "amount" and item.decimal("unit_price") == value:
            return prints[1]
    return prints[0] if len(prints) == 1 else None
