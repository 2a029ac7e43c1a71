"""Reads rupiah amounts and quantities of Indonesian receipts; none where the print leaves a doubt.

The rupiah has no subunit in use and no price with three decimals, so a mark before three digits
groups ("16.500", "16,500"). A receipt whose other numbers show this mark to be its decimal mark
contradicts that, and the value is left out. Quantities do have three decimals ("2.000"): they are
told apart by the row's arithmetic alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from data.corpora.truth import TrueItem, money_text
from data.records import Box
from data.values.numerals import NumberFormat, NumberReading, read_number, split_quantity

MONEY_CELLS = ("unit_price", "amount", "discount_amount")
_SLACK = Decimal(1)  # rupiah; prices are rounded to whole ones


def till_money(words: Sequence[str], number_format: NumberFormat | None) -> Decimal | None:
    """The only amount among the words of a label; captions and percentages are passed over."""
    amounts = {
        _certain_amount(readings, number_format)
        for word in words
        if "%" not in word and (readings := _exact_readings(word))
    }
    return amounts.pop() if len(amounts) == 1 else None


def till_count(
    words: Sequence[str], unit_price: Decimal | None, amount: Decimal | None
) -> Decimal | None:
    """The only quantity among the words; of several, the one that multiplies to the amount."""
    cells = [split_quantity(word)[0] for word in words if any(char.isdigit() for char in word)]
    values = {reading.value for reading in _exact_readings(cells[0])} if len(cells) == 1 else set()
    if len(values) > 1 and unit_price is not None and amount is not None:
        values = {value for value in values if abs(value * unit_price - amount) <= _SLACK}
    return values.pop() if len(values) == 1 else None


def till_item(
    cells: Mapping[str, Sequence[str]],
    number_format: NumberFormat | None,
    boxes: Sequence[Box] = (),
) -> TrueItem:
    """The item of a row from the words of each of its cells by our names.

    All its values are visible, but for a quantity and a unit price that do not explain the amount:
    one of the two was mistyped in the corpus, and it is unknown which.
    """
    values: dict[str, str] = {}
    money = {name: till_money(cells[name], number_format) for name in MONEY_CELLS if name in cells}
    values |= {name: money_text(value) for name, value in money.items() if value is not None}
    count = till_count(cells.get("quantity", ()), money.get("unit_price"), money.get("amount"))
    if count is not None:
        values["quantity"] = format(count, "f")
    doubtful = () if _is_consistent(count, money) else ("quantity", "unit_price")
    for name in ("description", "product_code"):
        if text := " ".join(cells.get(name, ())):
            values[name] = text
    return TrueItem(
        values=values,
        visible=frozenset(values) - set(doubtful),
        wordings=(values["description"],) if "description" in values else (),
        page=0 if boxes else None,
        box=reduce(Box.union, boxes) if boxes else None,
    )


def till_fields(printed_values: Iterable[tuple[str, Decimal | None]]) -> dict[str, str]:
    """Header values by name; a name whose prints differ or are in doubt is left out."""
    by_name: dict[str, set[Decimal | None]] = {}
    for name, value in printed_values:
        by_name.setdefault(name, set()).add(value)
    return {
        name: money_text(value)
        for name, values in by_name.items()
        if len(values) == 1 and (value := next(iter(values))) is not None
    }


def _is_consistent(count: Decimal | None, money: Mapping[str, Decimal | None]) -> bool:
    """Return whether the row's arithmetic holds, as far as its cells are filled."""
    unit_price, amount = money.get("unit_price"), money.get("amount")
    if unit_price is None or amount is None:
        return True
    if count is None:
        return abs(unit_price) <= abs(amount) or amount == 0
    discount = money.get("discount_amount") or Decimal(0)
    gross = count * unit_price
    slack = _SLACK * max(Decimal(1), abs(count))  # the unit price is rounded
    return any(abs(sum_ - amount) <= slack for sum_ in (gross, gross - abs(discount)))


def _certain_amount(
    readings: Sequence[NumberReading], number_format: NumberFormat | None
) -> Decimal | None:
    """The only reading that keeps to the format and has no thousandths, where it is certain."""
    possible = [
        reading
        for reading in readings
        if (number_format is None or reading.fits(number_format))
        and _decimal_places(reading.value) <= 2
    ]
    # A cut number ("12,") and one with two signs have a single reading, but not a certain one.
    is_certain = len(possible) == 1 and (
        possible[0].group is not None or possible[0].probability == 1
    )
    return possible[0].value if is_certain else None


def _decimal_places(value: Decimal) -> int:
    """The count of decimals that the number is printed with ("16.500" has three)."""
    return len(format(value, "f").partition(".")[2])


def _exact_readings(text: str) -> list[NumberReading]:
    return [reading for reading in read_number(text) if not reading.repaired]
