"""The price of an item that is printed in the rows below it, one a week, call or delivery.

The item's row has the amount, the rows below have the price, and a page may end between them. The
price is taken where all of those rows agree on one and the amount is a whole multiple of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from data.records import Field, LineItem
from training.decoding.derived_values import UNTAGGED_LIMIT, whole_units
from training.decoding.grouping import ItemCells
from training.decoding.line_items import PageContext, read_field

Row = tuple[PageContext, ItemCells]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row with its page's context and the line read from it; None where no number was read."""

    context: PageContext
    item: ItemCells
    line: LineItem | None


def with_prices_below(
    contexts: Sequence[PageContext], items: Sequence[Sequence[ItemCells]], read: Sequence[ReadRow]
) -> list[ReadRow]:
    """Return the rows that were read, with prices from the rows below them.

    `items` are all rows by page, also those that are no lines; `contexts` has one entry a page.
    """
    rows = [
        (context, item) for context, group in zip(contexts, items, strict=True) for item in group
    ]
    places = {id(item): place for place, (_, item) in enumerate(rows)}
    priced = []
    for row in read:
        below = rows[places[id(row.item)] + 1 :]
        price = None if row.line is None else _price_below(row.line, below)
        if row.line is not None and price is not None:
            row = replace(row, line=replace(row.line, unit_price=price))
        priced.append(row)
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
    # It is printed in another row: a person looks before a claim
    return replace(prices[0], confidence=min(prices[0].confidence, UNTAGGED_LIMIT))


def _prices(below: Sequence[Row]) -> Iterator[Field]:
    for context, item in below:
        if item.of("amount"):
            return
        for cell in item.of("unit_price"):
            yield read_field(cell, "unit_price", context, item.cohesion)
