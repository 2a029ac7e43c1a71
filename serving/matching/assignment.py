"""Which PO line each document line belongs to: by number, GTIN, code, description and price.

Never by position. Several lines may belong to one PO line. Among near ties the best pairing one to
one wins, because two alike lines rather belong to two alike PO lines; what is still close is said
to be ambiguous, with the runner-up.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from data.records import Field, LineItem, OrderLine
from data.units import normalise_gtin
from serving.matching.line_units import LineUnits, base_unit

# A likeness below LEAST is none; between LEAST and SURE a person has to confirm it.
LEAST, SURE = 0.40, 0.70
# Only what is less like every PO line than this was certainly not ordered.
UNLIKE = 0.25
# A runner-up this close makes the choice ambiguous.
MARGIN = 0.08
# Moving a line off its best PO line, for the sake of the pairing, may cost this much likeness.
PAIRING_GIVE = 0.08
SAME_PRICE = Fraction(5, 1000)
_CODES = ("product_code", "buyer_item_id", "gtin")
_ORDER_CODES = ("product_code", "vendor_item_id", "buyer_item_id", "gtin")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How probably a document line and a PO line are the same item (0..1), and what says so."""

    score: float
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The PO line of a document line. `order_line` None: none is like it.

    `runner_up` is set when another PO line is so close that the choice is ambiguous. `nearest` is
    the PO line that came closest where none was alike enough.
    """

    order_line: OrderLine | None
    score: float
    by: tuple[str, ...] = ()
    runner_up: OrderLine | None = None
    nearest: OrderLine | None = None

    @property
    def by_identifier(self) -> bool:
        return bool({"PO line number", "GTIN", "code"} & set(self.by))


def normalise_code(code: str) -> str:
    """A product code without case, punctuation and leading zeros.

    >>> normalise_code("00-4711 a")
    '4711A'
    """
    kept = re.sub(r"[^0-9A-Z]", "", code.upper())
    return kept.lstrip("0") or kept


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _text(leaf: Field | None) -> str | None:
    return leaf.text if leaf is not None and leaf.text else None


def _codes(texts: Sequence[str | None]) -> set[str]:
    return {code for text in texts if text and (code := normalise_code(text))}


def _gtins(texts: Sequence[str | None]) -> set[str]:
    return {gtin for text in texts if text and (gtin := normalise_gtin(text))}


def same_item(first: OrderLine, second: OrderLine) -> bool:
    """Whether two PO lines order the same item: a common code, or no codes and one description."""
    mine = [[getattr(line, name) for name in _ORDER_CODES] for line in (first, second)]
    if any(any(codes) for codes in mine):
        return bool(_codes(mine[0]) & _codes(mine[1]))
    texts = [line.description for line in (first, second)]
    return all(texts) and _words(texts[0] or "") == _words(texts[1] or "")


def description_likeness(first: str, second: str) -> float:
    """0..1; equal but for case, order and punctuation is 1. Different numbers count heavily.

    Texts that share 40 % of their letters by chance are not alike at all, so that scores 0.

    >>> description_likeness("Hex bolt M6x20", "hex bolt, M6x20")
    1.0
    """
    one, two = _words(first), _words(second)
    if not one or not two:
        return 0.0
    likeness = float(fuzz.token_sort_ratio(one, two)) / 100
    contained = float(fuzz.token_set_ratio(one, two)) / 100
    likeness = max(likeness, 0.9 * contained if min(len(one), len(two)) >= 6 else 0.0)
    # "M6x20" and "M6x30" are two items however alike the words are.
    numbers = [
        {word for word in text.split() if any(map(str.isdigit, word))} for text in (one, two)
    ]
    if numbers[0] - numbers[1] and numbers[1] - numbers[0]:
        likeness *= 0.6
    return max(0.0, (likeness - 0.4) / 0.6)


def _same_price(line: OrderLine, price: Fraction | None, unit: str | None) -> bool:
    units = LineUnits(line, base_unit(line))
    ordered, size = units.ordered_price(), units.size(unit)
    if price is None or ordered is None or size is None or ordered == 0:
        return False
    return abs(price / size / ordered - 1) <= SAME_PRICE


def likeness(item: LineItem, line: OrderLine, price: Fraction | None, unit: str | None) -> Likeness:
    """How like a document line is to a PO line; `price` is net per printed `unit`."""
    texts = [_text(item.field(name)) for name in _CODES]
    ordered = [getattr(line, name) for name in _ORDER_CODES]
    number = _text(item.po_line_number)
    by: list[str] = []
    gtins, ordered_gtins = _gtins(texts), _gtins(ordered)
    score = 0.0
    if gtins & ordered_gtins:
        by, score = ["GTIN"], 0.97
    if _codes(texts) & _codes(ordered):
        by, score = [*by, "code"], max(score, 0.95)
    described = description_likeness(_text(item.description) or "", line.description or "")
    if described * 0.9 > max(score, 0.3):
        by, score = ["description"], described * 0.9
    if gtins and ordered_gtins and not gtins & ordered_gtins and "code" not in by:
        # Two valid GTINs that differ name two articles.
        score = min(score, 0.3)
    if number is not None and normalise_code(number) == normalise_code(line.po_line_number):
        # A printed PO line number is strong, but not against what the line says it is.
        by, score = (
            [*by, "PO line number"],
            max(score + 0.02, 0.9 if described >= 0.3 or by else 0.6),
        )
    elif number is not None:
        score -= 0.05
    if _same_price(line, price, unit):
        by, score = [*by, "price"], min(1.0, score + 0.03) if score >= LEAST else score + 0.35
    return Likeness(max(0.0, min(score, 1.0)), tuple(by))


def assign_lines(
    items: Sequence[tuple[LineItem, Fraction | None, str | None]], lines: Sequence[OrderLine]
) -> tuple[Assignment, ...]:
    """The PO line of each (document line, net price, unit), in the order given."""
    if not items or not lines:
        return tuple(Assignment(None, 0.0) for _ in items)
    found = [[likeness(item, line, price, unit) for line in lines] for item, price, unit in items]
    scores = np.array([[pair.score for pair in row] for row in found])  # (items, PO lines)
    rows, columns = linear_sum_assignment(-scores)
    paired = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    return tuple(
        _choose(row, scores[index], lines, paired.get(index)) for index, row in enumerate(found)
    )


def _choose(
    row: Sequence[Likeness],
    scores: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    lines: Sequence[OrderLine],
    paired: int | None,
) -> Assignment:
    best = int(scores.argmax())
    chosen = best
    if paired is not None and scores[best] - scores[paired] <= PAIRING_GIVE:
        chosen = paired
    if row[chosen].score < LEAST:
        return Assignment(None, row[best].score, nearest=lines[best])
    # A PO line for the same item is no rival: allocation spreads the quantity over both.
    rivals = [
        index
        for index in range(len(lines))
        if index != chosen
        and row[chosen].score - row[index].score < MARGIN
        and not same_item(lines[index], lines[chosen])
    ]
    rival = max(rivals, key=lambda index: row[index].score, default=None)
    return Assignment(
        lines[chosen],
        row[chosen].score,
        row[chosen].by,
        runner_up=None if rival is None else lines[rival],
    )
