"""Groups the items of a labelled document into articles, as an order lists them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from data.corpora.truth import TrueItem

_MONEY = ("amount", "unit_price", "quantity")
_PRICE_PLACES = 4
_CODES = ("gtin", "product_code", "buyer_item_id")


@dataclass(frozen=True, slots=True)
class Article:
    """Items that are one article at one price in one unit, and so one order line.

    `rows` are their positions among the document's items. `has_unique_name`: the article shares no
    code and no description with another article of the document, so its items belong to one order
    line without doubt.
    """

    rows: tuple[int, ...]
    items: tuple[TrueItem, ...]
    has_unique_name: bool

    @property
    def quantities(self) -> tuple[Decimal, ...]:
        return tuple(required_number(item, "quantity") for item in self.items)

    @property
    def quantity(self) -> Decimal:
        return sum(self.quantities, Decimal(0))

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """The printed amount of each item."""
        return tuple(required_number(item, "amount") for item in self.items)

    @property
    def unit_price(self) -> Decimal:
        return required_number(self.items[0], "unit_price")

    @property
    def price_base(self) -> Decimal:
        return price_base(self.items[0])

    @property
    def price(self) -> Fraction:
        """Net price of one unit."""
        return Fraction(self.unit_price) / Fraction(self.price_base)

    @property
    def unit(self) -> str | None:
        return self.items[0].values.get("unit_code")

    def value(self, name: str) -> str | None:
        """A name or code of the article."""
        return self.items[0].values.get(name)


def billed_terms(item: TrueItem) -> TrueItem:
    """Return the item with the quantity and price that its printed amount bills, where not printed.

    A row that prints an amount alone bills one unit at that amount, as a spot that was aired or a
    service does. Where the price is printed and the amount is a whole number of times it, that is
    the quantity; where the quantity is printed and divides the amount to four decimals, the
    quotient is the price. Numbers that the truth knows and the page does not print are left out.
    """
    amount, price, quantity = (item.visible_decimal(name) for name in _MONEY)
    printed = {
        name: value
        for name, value in item.values.items()
        if name not in _MONEY or name in item.visible
    }
    terms: dict[str, Decimal] = {}
    if amount is None or amount <= 0:
        pass
    elif price is None and quantity is None:
        terms = {"quantity": Decimal(1), "unit_price": amount}
    elif quantity is None and price is not None and price > 0:
        units = amount * price_base(item) / price
        terms = {"quantity": units} if units == units.to_integral_value() else {}
    elif price is None and quantity is not None and quantity > 0:
        quotient = round(amount * price_base(item) / quantity, _PRICE_PLACES)
        if quotient * quantity == amount * price_base(item):
            terms = {"unit_price": quotient}
    texts = {name: format(term.normalize(), "f") for name, term in terms.items()}
    return replace(item, values=printed | texts)


def group_articles(items: Sequence[TrueItem]) -> tuple[Article, ...]:
    """Group a document's items into articles, in order of first appearance.

    Every item must state quantity, unit price and amount; raises ValueError for one that does not.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for row, item in enumerate(items):
        base = price_base(item)
        price = Fraction(required_number(item, "unit_price")) / Fraction(base)
        key = item_names(item), price, base, item.values.get("unit_code")
        groups.setdefault(key, []).append(row)
    bearers: dict[tuple[str, str], int] = {}
    for rows in groups.values():
        for name in item_names(items[rows[0]]):
            bearers[name] = bearers.get(name, 0) + 1
    return tuple(
        Article(
            rows=tuple(rows),
            items=tuple(items[row] for row in rows),
            has_unique_name=all(bearers[name] == 1 for name in item_names(items[rows[0]])),
        )
        for rows in groups.values()
    )


def item_names(item: TrueItem) -> tuple[tuple[str, str], ...]:
    """(kind of name, name) of each code and of the description's words, case-folded."""
    words = " ".join(re.findall(r"\w+", item.values.get("description", "").casefold()))
    codes = [(name, item.values.get(name, "").strip().casefold()) for name in _CODES]
    return tuple(pair for pair in (*codes, ("description", words)) if pair[1])


def required_number(item: TrueItem, name: str) -> Decimal:
    """Return a number that the item must have; raise ValueError where it has none."""
    number = item.decimal(name)
    if number is None:
        raise ValueError(f"the item states no {name}, want a number: {dict(item.values)}")
    return number


def price_base(item: TrueItem) -> Decimal:
    """The number of units that the unit price is for; 1 where the truth does not state it."""
    base = item.decimal("price_base_quantity")
    return Decimal(1) if base is None else base
