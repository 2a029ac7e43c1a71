"""Changes to the buyer's side of one article, and what each is worth.

Symbols as in the matching reference, section 2: Qi billed, Qo ordered, Qr received quantity; Pi
billed, Po ordered net price. Worked in fractions, so that nothing is rounded before the end. What
is worth less than 0.05 is not planted: print is rounded to cents, which hides less than that.
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
    "ordered_in_packs",  # packs with a factor that explains everything: nothing is wrong
    "ordered_in_unknown_packs",  # packs without a factor: nobody can say
    "not_ordered",  # the order does not have the line
]
KINDS: tuple[Kind, ...] = get_args(Kind)
State = Literal["claim", "pending", "open"]

_LEAST = Fraction(5, 100)
_PERCENTS = (1, 2, 3, 5, 8, 10, 15, 20)
_PACK_SIZES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 25, 36, 48, 50, 100)
_PACK, _PACK_CODES = "CS", frozenset({"CS", "XCS"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What the buyer's side says of an article: ordered, received, price and unit."""

    ordered: Decimal
    received: Decimal
    unit_price: Decimal
    unit: str | None
    pack_factors: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Worth:
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
    worth: tuple[Worth, ...]


def untouched(article: Article) -> Terms:
    """Terms that tie out with the document."""
    return Terms(article.quantity, article.quantity, article.unit_price, article.unit)


def possible_changes(article: Article, rng: random.Random) -> dict[Kind, Change]:
    """One change of every kind that the article can carry, sizes drawn at random.

    Empty for an article that shares a name with another: which order line is meant is open.
    """
    if not article.own_name:
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
    """(Qi - Qo) x Po or (Qi - Qr) x Po, with something ordered and received all the same."""
    billed, terms = article.quantity, untouched(article)
    step = Decimal(1).scaleb(-_places(billed))
    steps = int(billed / step)
    if steps < 2:
        return None
    short = step * rng.randint(1, max(1, steps // 3))
    amount = Fraction(short) * article.price
    if amount < _LEAST:
        return None
    if kind == "ordered_less":
        code, terms = "QTY_OVER_ORDER", replace(terms, ordered=billed - short)
    else:
        code, terms = "QTY_OVER_RECEIPT", replace(terms, received=billed - short)
    return Change(kind, terms, (Worth(code, "claim", short, decimal_of(amount)),))


def _not_received(article: Article) -> Change | None:
    """Qi x Po waits for a receipt: Qr is 0."""
    amount = Fraction(article.quantity) * article.price
    worth = Worth("QTY_NO_RECEIPT", "pending", article.quantity, decimal_of(amount))
    terms = replace(untouched(article), received=Decimal(0))
    return Change("not_received", terms, (worth,)) if amount >= _LEAST else None


def _price_change(
    kind: Literal["ordered_cheaper", "ordered_dearer"], article: Article, rng: random.Random
) -> Change | None:
    """(Pi - Po) x Qi, item by item: one order line may be billed in several."""
    cheaper = kind == "ordered_cheaper"
    places = max(2, _places(article.unit_price))
    orders = []
    for percent in _PERCENTS:
        factor = 1 + Decimal(-percent if cheaper else percent) / 100
        ordered = (article.unit_price * factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        gap = Fraction(article.unit_price - ordered) / Fraction(article.price_base)
        if ordered > 0 and all(abs(gap * Fraction(one)) >= _LEAST for one in article.quantities):
            orders.append((ordered, gap))
    if not orders:
        return None
    ordered, gap = rng.choice(orders)
    code = "PRICE_OVER" if cheaper else "PRICE_UNDER"
    worth = tuple(
        Worth(code, "claim", one, decimal_of(gap * Fraction(one))) for one in article.quantities
    )
    return Change(kind, replace(untouched(article), unit_price=ordered), worth)


def _pack_changes(article: Article, rng: random.Random) -> tuple[Change, ...]:
    """The same goods ordered and received in packs, with and without a known factor."""
    sizes = [Decimal(size) for size in _PACK_SIZES if article.quantity % size == 0]
    if article.unit is None or article.unit in _PACK_CODES or not sizes:
        return ()
    size = rng.choice(sizes)
    packs = article.quantity // size
    unknown = Terms(packs, packs, article.unit_price * size, _PACK)
    known = replace(unknown, pack_factors={_PACK: size, article.unit: Decimal(1)})
    unresolved = tuple(Worth("UOM_UNRESOLVED", "open", None, None) for _ in article.items)
    return (
        Change("ordered_in_packs", known, ()),
        Change("ordered_in_unknown_packs", unknown, unresolved),
    )


def _not_ordered(article: Article) -> Change:
    """The whole line, as printed."""
    worth = tuple(
        Worth("ITEM_NOT_ORDERED", "claim", quantity, amount)
        for quantity, amount in zip(article.quantities, article.amounts, strict=True)
    )
    return Change("not_ordered", None, worth)


def _places(number: Decimal) -> int:
    """How many decimals the number needs."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
