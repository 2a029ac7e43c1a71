"""The articles of a labelled document: its items as an order would list them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from data.corpora.truth import TrueItem

_CODES = ("gtin", "product_code", "buyer_item_id")


@dataclass(frozen=True, slots=True)
class Article:
    """Items that are one article at one price in one unit, and so one order line.

    `rows` are their places among the document's items. `own_name`: no other article of the document
    has a code or the description in common with it, so that there is no doubt which order line its
    items belong to.
    """

    rows: tuple[int, ...]
    items: tuple[TrueItem, ...]
    own_name: bool

    @property
    def quantities(self) -> tuple[Decimal, ...]:
        return tuple(number_of(item, "quantity") for item in self.items)

    @property
    def quantity(self) -> Decimal:
        return sum(self.quantities, Decimal(0))

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """What each item prints."""
        return tuple(number_of(item, "amount") for item in self.items)

    @property
    def unit_price(self) -> Decimal:
        return number_of(self.items[0], "unit_price")

    @property
    def price_base(self) -> Decimal:
        return price_base_of(self.items[0])

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


def articles_of(items: Sequence[TrueItem]) -> tuple[Article, ...]:
    """The articles of a document's items, in order of first appearance.

    Every item must state quantity, unit price and amount; raises ValueError for one that does not.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for row, item in enumerate(items):
        base = price_base_of(item)
        price = Fraction(number_of(item, "unit_price")) / Fraction(base)
        key = names_of(item), price, base, item.values.get("unit_code")
        groups.setdefault(key, []).append(row)
    bearers: dict[tuple[str, str], int] = {}
    for rows in groups.values():
        for name in names_of(items[rows[0]]):
            bearers[name] = bearers.get(name, 0) + 1
    return tuple(
        Article(
            rows=tuple(rows),
            items=tuple(items[row] for row in rows),
            own_name=all(bearers[name] == 1 for name in names_of(items[rows[0]])),
        )
        for rows in groups.values()
    )


def names_of(item: TrueItem) -> tuple[tuple[str, str], ...]:
    """(what kind of name, the name) of each code and of the description's words, folded."""
    words = " ".join(re.findall(r"\w+", item.values.get("description", "").casefold()))
    codes = [(name, item.values.get(name, "").strip().casefold()) for name in _CODES]
    return tuple(one for one in (*codes, ("description", words)) if one[1])


def number_of(item: TrueItem, name: str) -> Decimal:
    """A number the item must have; raises ValueError where it has none."""
    number = item.decimal(name)
    if number is None:
        raise ValueError(f"the item states no {name}, want a number: {dict(item.values)}")
    return number


def price_base_of(item: TrueItem) -> Decimal:
    """How many units the unit price is for; 1 where the truth does not say."""
    base = item.decimal("price_base_quantity")
    return Decimal(1) if base is None else base
