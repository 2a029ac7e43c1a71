"""Changes to the order or receipts of one article, and the variances that each causes.

Symbols as in `serving/matching/README.md`, "Definitions": Qi billed, Qo ordered, Qr received
quantity; Pi billed, Po ordered net price. Computed in fractions, so that only the result is
rounded. Changes worth less than 0.05 are not planted: print is rounded to cents, which hides
smaller amounts.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, get_args

from data.corpora.planting.articles import Article

Kind = Literal[
    "ordered_less",  # the order is for fewer units
    "received_less",  # fewer units arrived
    "not_received",  # nothing arrived so far
    "ordered_cheaper",  # the order's price is lower
    "ordered_dearer",  # the order's price is higher
    "ordered_in_packs",  # packs with a factor that explains the quantity: no variance
    "ordered_in_unknown_packs",  # packs without a factor: cannot be decided
    "not_ordered",  # the order does not have the line
]
KINDS: tuple[Kind, ...] = get_args(Kind)
State = Literal["claim", "pending", "open", "information"]

_MIN_AMOUNT = Fraction(5, 100)
_PERCENTS = (1, 2, 3, 5, 8, 10, 15, 20)
_PACK_SIZES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 25, 36, 48, 50, 100)
_PACK, _PACK_CODES = "CS", frozenset({"CS", "XCS"})


@dataclass(frozen=True, slots=True)
class Terms:
    """The buyer's data on an article: quantity ordered and received, price and unit."""

    ordered: Decimal
    received: Decimal
    unit_price: Decimal
    unit: str | None
    pack_factors: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """One variance that follows from a change.

    `amount` is unrounded, positive where too much is billed, None where no money can be named.
    """

    code: str
    state: State
    quantity: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one kind. `terms` None: the order does not have the line."""

    kind: Kind
    terms: Terms | None
    effects: tuple[ChangeEffect, ...]


def matching_terms(article: Article) -> Terms:
    """Return the terms that tie out with the document."""
    return Terms(article.quantity, article.quantity, article.unit_price, article.unit)


def possible_changes(article: Article, rng: random.Random) -> dict[Kind, Change]:
    """One change of every kind that is possible for the article, sizes drawn at random.

    Empty for an article that shares a name with another: its order line is ambiguous.
    """
    if not article.has_unique_name:
        return {}
    made = (
        _quantity_change("ordered_less", article, rng),
        _quantity_change("received_less", article, rng),
        _not_received(article),
        _price_change("ordered_cheaper", article, rng),
        _price_change("ordered_dearer", article, rng),
        *_pack_changes(article, rng),
        _not_ordered(article),
    )
    return {change.kind: change for change in made if change is not None}


def decimal_of(number: Fraction) -> Decimal:
    """The number as Decimal: exact where it has an end, else to 28 digits."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def _quantity_change(
    kind: Literal["ordered_less", "received_less"], article: Article, rng: random.Random
) -> Change | None:
    """The change by (Qi - Qo) x Po or (Qi - Qr) x Po; some units stay ordered and received."""
    billed, terms = article.quantity, matching_terms(article)
    step = Decimal(1).scaleb(-_decimal_places(billed))
    steps = int(billed / step)
    if steps < 2:
        return None
    short = step * rng.randint(1, max(1, steps // 3))
    amount = Fraction(short) * article.price
    if amount < _MIN_AMOUNT:
        return None
    if kind == "ordered_less":
        code, terms = "QTY_OVER_ORDER", replace(terms, ordered=billed - short)
    else:
        code, terms = "QTY_OVER_RECEIPT", replace(terms, received=billed - short)
    return Change(kind, terms, (ChangeEffect(code, "claim", short, decimal_of(amount)),))


def _not_received(article: Article) -> Change | None:
    """The change to Qr = 0: Qi x Po is pending until goods are received."""
    amount = Fraction(article.quantity) * article.price
    effect = ChangeEffect("QTY_NO_RECEIPT", "pending", article.quantity, decimal_of(amount))
    terms = replace(matching_terms(article), received=Decimal(0))
    return Change("not_received", terms, (effect,)) if amount >= _MIN_AMOUNT else None


def _price_change(
    kind: Literal["ordered_cheaper", "ordered_dearer"], article: Article, rng: random.Random
) -> Change | None:
    """The change by (Pi - Po) x Qi, item by item: an order line may be billed in several items."""
    cheaper = kind == "ordered_cheaper"
    places = max(2, _decimal_places(article.unit_price))
    orders = []
    for percent in _PERCENTS:
        factor = 1 + Decimal(-percent if cheaper else percent) / 100
        ordered = (article.unit_price * factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        gap = Fraction(article.unit_price - ordered) / Fraction(article.price_base)
        if ordered > 0 and all(
            abs(gap * Fraction(quantity)) >= _MIN_AMOUNT for quantity in article.quantities
        ):
            orders.append((ordered, gap))
    if not orders:
        return None
    ordered, gap = rng.choice(orders)
    code = "PRICE_OVER" if cheaper else "PRICE_UNDER"
    state: State = (
        "claim" if cheaper else "information"
    )  # a price in the buyer's favour asks for nothing
    effects = tuple(
        ChangeEffect(code, state, quantity, decimal_of(gap * Fraction(quantity)))
        for quantity in article.quantities
    )
    return Change(kind, replace(matching_terms(article), unit_price=ordered), effects)


def _pack_changes(article: Article, rng: random.Random) -> tuple[Change, ...]:
    """The changes to packs: the same goods ordered in packs, with and without a known factor."""
    sizes = [Decimal(size) for size in _PACK_SIZES if article.quantity % size == 0]
    if article.unit is None or article.unit in _PACK_CODES or not sizes:
        return ()
    size = rng.choice(sizes)
    packs = article.quantity // size
    unknown = Terms(packs, packs, article.unit_price * size, _PACK)
    known = replace(unknown, pack_factors={_PACK: size, article.unit: Decimal(1)})
    unresolved = tuple(ChangeEffect("UOM_UNRESOLVED", "open", None, None) for _ in article.items)
    return (
        Change("ordered_in_packs", known, ()),
        Change("ordered_in_unknown_packs", unknown, unresolved),
    )


def _not_ordered(article: Article) -> Change:
    """The change to an order without the line: all of its printed quantities and amounts."""
    effects = tuple(
        ChangeEffect("ITEM_NOT_ORDERED", "claim", quantity, amount)
        for quantity, amount in zip(article.quantities, article.amounts, strict=True)
    )
    return Change("not_ordered", None, effects)


def _decimal_places(number: Decimal) -> int:
    """The count of decimals that the number needs."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
