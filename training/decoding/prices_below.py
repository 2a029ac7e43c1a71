"""The price of an item whose weeks, calls or deliveries stand in rows of their own below it.

The item's row has the amount, the rows below have the price, and a page may end between them. The
price is taken where all of those rows agree on one and the amount is a whole number of times it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from data.records import Field, LineItem
from training.decoding.derived_values import UNTAGGED_LIMIT, whole_units
from training.decoding.grouping import ItemCells
from training.decoding.line_items import Reader, read_field

Row = tuple[Reader, ItemCells]
ReadRow = tuple[Reader, ItemCells, LineItem | None]


def with_prices_below(
    readers: Sequence[Reader], items: Sequence[Sequence[ItemCells]], read: Sequence[ReadRow]
) -> list[ReadRow]:
    """The rows that were read, with prices from the rows below them.

    `items` are all rows by page, those too that are no lines; `readers` are the pages'.
    """
    rows = [(reader, item) for reader, group in zip(readers, items, strict=True) for item in group]
    places = {id(item): place for place, (_, item) in enumerate(rows)}
    priced = []
    for reader, item, line in read:
        price = None if line is None else _price_below(line, rows[places[id(item)] + 1 :])
        if line is not None and price is not None:
            line = replace(line, unit_price=price)
        priced.append((reader, item, line))
    return priced


def _price_below(line: LineItem, below: Sequence[Row]) -> Field | None:
    """The one price of the rows before the next amount; None where it explains nothing."""
    if line.unit_price is not None or line.amount is None or line.amount.decimal is None:
        return None
    prices = list(_prices(below))
    values = {price.decimal for price in prices}
    value = values.pop() if len(values) == 1 else None
    if value is None or value <= 0 or whole_units(line.amount.decimal, value) is None:
        return None
    # It stands in another row: a person looks before a claim
    return replace(prices[0], confidence=min(prices[0].confidence, UNTAGGED_LIMIT))


def _prices(below: Sequence[Row]) -> Iterator[Field]:
    for reader, item in below:
        if item.of("amount"):
            return
        for cell in item.of("unit_price"):
            yield read_field(cell, "unit_price", reader, item.cohesion)
