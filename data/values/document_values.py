"""A document's number format by vote, and the numbers of a row by quantity x price = amount.

The public functions of `data.values.numerals` and `data.values.currencies` are importable from here
too. A row's three numbers must multiply; that decides most readings that are ambiguous in one cell
alone. The weights below are priors for ranking hypotheses against each other, not measured rates.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from math import prod

from data.values.currencies import read_currencies, read_currency
from data.values.numerals import (
    OFF_FORMAT,
    DecimalMark,
    NumberFormat,
    NumberReading,
    PrintedPrice,
    read_number,
    split_price,
    split_quantity,
)

__all__ = [
    "NumberFormat",
    "NumberReading",
    "PrintedPrice",
    "RowReading",
    "decide_format",
    "derive_unit_price",
    "read_currencies",
    "read_currency",
    "read_number",
    "resolve_row",
    "sign_on_quantity",
    "split_price",
    "split_quantity",
]

SLACK = Decimal("0.02")  # Peppol R120: a line amount may differ by this from its product
PRICE_BASES = (Decimal(1), Decimal(10), Decimal(100), Decimal(1000))
MIN_BASE_AMOUNT = Decimal(1)  # below this, almost any price base is within the slack

OFF_FORMAT_WEIGHT = 0.1  # a cell written otherwise than its document
MIXED_MARKS_WEIGHT = 0.2  # a row with both decimal marks
UNPRINTED_BASE_WEIGHT = 0.02  # "price per 100" that is not printed
LOST_MARK_WEIGHT = 0.01  # "450" for "4.50"
FAILING_WEIGHT = 0.002  # readings whose arithmetic fails
CHECK_VOTES = 20.0  # one row whose product holds in one format only, in votes of single numbers

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class RowReading:
    """One row's numbers, each with its readings best first; () where nothing was readable.

    `holds` is True where quantity x unit price / base gives the amount within 0.02; None when one
    of the three is missing. `sign_conflict`: it does but for the sign. The probability of a reading
    is its share after the arithmetic; `price_base_quantity` has its own `base_probability`.
    """

    quantity: tuple[NumberReading, ...]
    unit_price: tuple[NumberReading, ...]
    amount: tuple[NumberReading, ...]
    price_base_quantity: Decimal = Decimal(1)
    base_probability: float = 1.0
    holds: bool | None = None
    sign_conflict: bool = False

    def is_certain(self, at_least: float = 0.95) -> bool:
        """Return whether the best reading of every readable cell is at least that probable."""
        cells = (self.quantity, self.unit_price, self.amount)
        shares = [cell[0].probability for cell in cells if cell]
        return min([*shares, self.base_probability]) >= at_least


@dataclass(frozen=True, slots=True)
class _Hypothesis:
    """One choice of readings for the row (None: cell missing) with its weight."""

    cells: tuple[NumberReading | None, ...]
    base: Decimal
    weight: float
    holds: bool | None
    sign_conflict: bool


def decide_format(
    texts: Iterable[str], checks: Iterable[tuple[str, str, str]] = ()
) -> NumberFormat | None:
    """Return the document's number format by vote of its unambiguous numbers; None if undecided.

    `checks` are (quantity, unit price, amount) as printed; a row whose product holds with one
    decimal mark only outweighs many single numbers. The winner needs twice the votes of the other.
    Group separators are those printed with the winner, or every usual one when none was printed.

    >>> decide_format(["1.234,56", "12,00", "1.000"]).decimal
    ','
    """
    votes: dict[DecimalMark, float] = {".": 0.0, ",": 0.0}
    groups: dict[DecimalMark, set[str]] = {".": set(), ",": set()}
    for text in texts:
        if (reading := _unambiguous_reading(text)) is None:
            continue
        for mark in _MARKS if reading.decimal_mark is None else (reading.decimal_mark,):
            groups[mark].update([reading.group] if reading.group else [])
        if reading.decimal_mark is not None:
            votes[reading.decimal_mark] += _vote_weight(reading)
    for check in checks:
        holding: list[DecimalMark] = [mark for mark in _MARKS if _has_product_in(check, mark)]
        if len(holding) == 1:
            votes[holding[0]] += CHECK_VOTES
    loser, winner = sorted(_MARKS, key=lambda mark: votes[mark])
    if votes[winner] == 0 or votes[winner] < 2 * votes[loser]:
        return None
    usual = (",", "'", " ") if winner == "." else (".", "'", " ")
    return NumberFormat(winner, tuple(sorted(groups[winner])) or usual)


def resolve_row(
    quantity: str | None,
    unit_price: str | None,
    amount: str | None,
    number_format: NumberFormat | None = None,
    price_bases: Sequence[Decimal] = PRICE_BASES,
) -> RowReading:
    """Return one row's numbers, chosen together so that quantity x unit price / base = amount.

    A base printed in the price ("4.50/100") is the only candidate; else bases other than the first
    of `price_bases` are believed only where the arithmetic needs one. Readings against the
    document's format keep a small share: "1.000" x "2,50" = "2,50" is 1.000 even there. Where no
    combination holds, or several do, every cell keeps its readings with less than probability 1.
    """
    printed = split_price(unit_price) if unit_price else PrintedPrice("")
    texts = (quantity, printed.text or None, amount)
    cells = tuple(_cell_readings(text, number_format) for text in texts)
    hypotheses = _hypotheses(cells, printed.bases or tuple(price_bases), bool(printed.bases))
    if number_format is None:
        hypotheses = [_discount_mixed_marks(hypothesis) for hypothesis in hypotheses]
    total = sum(hypothesis.weight for hypothesis in hypotheses)
    bases: defaultdict[Decimal, float] = defaultdict(float)
    for hypothesis in hypotheses:
        bases[hypothesis.base] += hypothesis.weight
    best = max(hypotheses, key=lambda hypothesis: hypothesis.weight)
    return RowReading(
        quantity=_shares(cells, hypotheses, best, 0),
        unit_price=_shares(cells, hypotheses, best, 1),
        amount=_shares(cells, hypotheses, best, 2),
        price_base_quantity=best.base,
        base_probability=min(1.0, bases[best.base] / total),
        holds=best.holds,
        sign_conflict=best.sign_conflict,
    )


def derive_unit_price(
    quantity: Decimal, amount: Decimal, price_base_quantity: Decimal = Decimal(1)
) -> Decimal | None:
    """Return the unit price that gives the amount, unrounded; None for a quantity of 0.

    >>> derive_unit_price(Decimal(25000), Decimal("112.50"), Decimal(1000))
    Decimal('4.50')
    """
    return None if quantity == 0 else amount * price_base_quantity / quantity


def sign_on_quantity(quantity: Decimal, unit_price: Decimal) -> tuple[Decimal, Decimal]:
    """Return quantity and price with the sign moved to the quantity (EN 16931, BR-27)."""
    return (-quantity, -unit_price) if unit_price < 0 else (quantity, unit_price)


_MARKS: tuple[DecimalMark, DecimalMark] = (".", ",")


def _unambiguous_reading(text: str) -> NumberReading | None:
    readings = [reading for reading in read_number(text) if not reading.repaired]
    return readings[0] if len({reading.decimal_mark for reading in readings}) == 1 else None


def _vote_weight(reading: NumberReading) -> float:
    """Return the weight of a vote: full for money shapes; "1.5" may be a section or a version."""
    if reading.group is not None:
        return 2.0
    return 1.0 if reading.value.as_tuple().exponent == -2 else 0.25


def _has_product_in(check: tuple[str, str, str], mark: DecimalMark) -> bool:
    """Return whether quantity x price = amount in some reading with that decimal mark (base 1)."""
    cells = [
        [r.value for r in read_number(text) if r.decimal_mark in (None, mark) and not r.repaired]
        for text in check
    ]
    return any(q * p != 0 and abs(q * p - a) <= SLACK for q, p, a in product(*cells))


def _cell_readings(
    text: str | None, number_format: NumberFormat | None
) -> tuple[NumberReading, ...]:
    """Return the cell's readings weighted by the format, also with a mark OCR may have lost."""
    readings = read_number(text) if text else ()
    fits = [number_format is None or reading.fits(number_format) for reading in readings]
    known = sum(reading.probability for reading in readings)
    weighed = [
        r.probability if fit else r.probability * OFF_FORMAT_WEIGHT
        for r, fit in zip(readings, fits, strict=True)
    ]
    if readings and not any(fits):
        known *= OFF_FORMAT
    readings = tuple(
        replace(r, probability=known * weight / sum(weighed))
        for r, weight in zip(readings, weighed, strict=True)
    )
    lost = (
        replace(r, value=r.value.scaleb(-2), probability=LOST_MARK_WEIGHT, repaired=True)
        for r in readings
        if len(readings) == 1 and r.decimal_mark is None and r.group is None
        if abs(r.value) >= 100
    )
    return (*readings, *lost)


def _hypotheses(
    cells: tuple[tuple[NumberReading, ...], ...], bases: tuple[Decimal, ...], printed: bool
) -> list[_Hypothesis]:
    """Return every choice of one reading per cell and one base, without bases that do not hold."""
    choices: list[tuple[NumberReading | None, ...]] = [cell or (None,) for cell in cells]
    hypotheses: list[_Hypothesis] = []
    for combination in product(*choices):
        weight = prod(cell.probability for cell in combination if cell is not None)
        for base, (holds, conflict) in _check_bases(combination, bases, printed):
            factor = 1.0 if holds or holds is None else FAILING_WEIGHT
            factor *= 1.0 if printed or base == bases[0] else UNPRINTED_BASE_WEIGHT
            factor *= 0.5 if conflict else 1.0
            hypotheses.append(
                _Hypothesis(combination, base, weight * factor, holds and not conflict, conflict)
            )
    return hypotheses


def _discount_mixed_marks(hypothesis: _Hypothesis) -> _Hypothesis:
    """Return the hypothesis with less weight where its row has both decimal marks.

    Not needed for a known format, by which each cell was weighed already.
    """
    marks = {cell.decimal_mark for cell in hypothesis.cells if cell is not None} - {None}
    mixed = MIXED_MARKS_WEIGHT if len(marks) > 1 else 1.0
    return replace(hypothesis, weight=hypothesis.weight * mixed)


def _check_bases(
    combination: tuple[NumberReading | None, ...], bases: tuple[Decimal, ...], printed: bool
) -> Iterator[tuple[Decimal, tuple[bool | None, bool]]]:
    """Yield each plausible base with (whether the product holds, whether only but for the sign)."""
    quantity, unit_price, amount = combination
    if quantity is None or unit_price is None or amount is None:
        for base in bases if printed else bases[:1]:
            yield base, (None, False)
        return
    row_product, stated_amount = quantity.value * unit_price.value, amount.value
    for base in bases:
        exact = row_product / base
        holds = abs(exact - stated_amount) <= SLACK
        conflict = not holds and stated_amount != 0 and abs(exact + stated_amount) <= SLACK
        is_plausible = printed or base == bases[0] or abs(stated_amount) >= MIN_BASE_AMOUNT
        if base == bases[0] or ((holds or conflict) and is_plausible):
            yield base, (holds or conflict, conflict)


def _shares(
    cells: tuple[tuple[NumberReading, ...], ...],
    hypotheses: list[_Hypothesis],
    best: _Hypothesis,
    index: int,
) -> tuple[NumberReading, ...]:
    """Return a cell's readings by share of all weight, that of the best hypothesis first."""
    cell, chosen = cells[index], best.cells[index]
    # Arithmetic that holds removes the doubt whether the print is a number at all.
    known = 1.0 if best.holds else min(1.0, sum(reading.probability for reading in cell))
    total = sum(hypothesis.weight for hypothesis in hypotheses)
    weights: defaultdict[int, float] = defaultdict(float)
    for hypothesis in hypotheses:
        weights[id(hypothesis.cells[index])] += hypothesis.weight
    shared = [
        (reading is chosen, replace(reading, probability=known * weights[id(reading)] / total))
        for reading in cell
        if weights[id(reading)] > 0
    ]
    shared.sort(key=lambda pair: (pair[0], pair[1].probability), reverse=True)
    return tuple(reading for _, reading in shared)
