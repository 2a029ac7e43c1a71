"""Tolerances: limits below which a difference passes, with one strict meaning.

None = not checked; 0 = nothing tolerated. A difference breaches when any enabled limit on its side
is exceeded with strict ">": exactly at the limit is inside. Absolute limits are money of the
document's currency, percentages refer to the ordered price (price) or to the expected quantity
(quantity). Values are compared unrounded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Kind = Literal["price", "quantity", "total", "charge", "tax"]
LIMITS = ("abs_upper", "abs_lower", "pct_upper", "pct_lower")
# Codes that a row may name instead of a kind, and the kind of each.
KIND_OF_CODE: Mapping[str, Kind] = {
    "PRICE_OVER": "price",
    "PRICE_UNDER": "price",
    "QTY_OVER_RECEIPT": "quantity",
    "QTY_OVER_ORDER": "quantity",
    "QTY_NO_RECEIPT": "quantity",
    "REJECTED_BILLED": "quantity",
    "TOTAL_MISMATCH": "total",
    "TAX_MISMATCH": "tax",
    "FREIGHT_UNPLANNED": "charge",
    "FREIGHT_VARIANCE": "charge",
    "CHARGE_UNPLANNED": "charge",
    "CHARGE_VARIANCE": "charge",
    "DEPOSIT_ERROR": "charge",
}
# What a row may be narrowed to, the most specific first.
SCOPES = ("item", "category", "vendor", "code")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Limits for one kind of difference, or for one `code` of it.

    `vendor`, `category` and `item` None = for every one of them. Upper is against the buyer (billed
    too much), lower in the buyer's favour. `cumulative_pct_upper` bounds what all invoices together
    billed beyond the limit of a PO line.
    """

    kind: Kind
    abs_upper: Decimal | None = None
    abs_lower: Decimal | None = None
    pct_upper: Decimal | None = None
    pct_lower: Decimal | None = None
    cumulative_pct_upper: Decimal | None = None
    vendor: str | None = None
    item: str | None = None
    code: str | None = None
    category: str | None = None

    def __post_init__(self) -> None:
        for name in (*LIMITS, "cumulative_pct_upper"):
            limit: Decimal | None = getattr(self, name)
            if limit is not None and limit < 0:
                raise ValueError(f"tolerance {self.kind}: {name} must be 0 or more, got {limit}")
        if self.code is not None and KIND_OF_CODE.get(self.code) != self.kind:
            raise ValueError(f"tolerance {self.kind}: {self.code} is not a finding of that kind")

    @property
    def scope(self) -> tuple[str | None, ...]:
        """The values the row is narrowed to, in the order of `SCOPES`."""
        return tuple(getattr(self, name) for name in SCOPES)

    def label(self) -> str:
        """Return the row in words, for the finding that was measured against it."""
        names = ("vendor", "category", "item")
        scope = [f"{name} {value}" for name in names if (value := getattr(self, name))]
        limits = [
            f"{name} {value}"
            for name in (*LIMITS, "cumulative_pct_upper")
            if (value := getattr(self, name)) is not None
        ]
        row = " ".join([self.code or self.kind, *scope])
        return f"{row}: {', '.join(limits) or 'not checked'}"


def no_tolerance(kind: Kind) -> Tolerance:
    """Return the row that lets nothing pass."""
    return Tolerance(kind, abs_upper=Decimal(0), abs_lower=Decimal(0))


def breaches(
    tolerance: Tolerance, difference: Decimal | Fraction, base: Decimal | Fraction
) -> tuple[str, ...]:
    """Return the limits that the difference exceeds, () when it is inside all of them.

    `difference` and `base` are money: for a price the extended difference and the extended ordered
    price. A percentage of a base that is not above 0 is undefined: it is breached, as "no_base".

    >>> breaches(Tolerance("price", pct_upper=Decimal(5)), Decimal("0.50"), Decimal("10.00"))
    ()
    """
    amount, reference = Fraction(difference), Fraction(base)
    if amount == 0:
        return ()
    side, size = ("upper", amount) if amount > 0 else ("lower", -amount)
    absolute: Decimal | None = getattr(tolerance, f"abs_{side}")
    percent: Decimal | None = getattr(tolerance, f"pct_{side}")
    exceeded = []
    if absolute is not None and size > Fraction(absolute):
        exceeded.append(f"abs_{side}")
    if percent is not None and reference <= 0:
        exceeded.append("no_base")
    elif percent is not None and size * 100 > Fraction(percent) * reference:
        exceeded.append(f"pct_{side}")
    return tuple(exceeded)


def is_small(difference: Fraction, limit: Decimal | None) -> bool:
    """Return whether a header's difference is within the small difference that passes."""
    return limit is not None and abs(difference) <= Fraction(limit)


def breaches_cumulatively(
    tolerance: Tolerance, billed_in_all: Fraction, limit_in_all: Fraction
) -> bool:
    """Return whether all invoices together exceed the cumulative percentage of a line's limit."""
    percent, excess = tolerance.cumulative_pct_upper, billed_in_all - limit_in_all
    if percent is None or excess <= 0:
        return False
    return limit_in_all <= 0 or excess * 100 > Fraction(percent) * limit_in_all


def fitting_rows(
    rows: Iterable[Tolerance], kind: Kind, vendor: str | None, items: Iterable[str | None]
) -> list[Tolerance]:
    """Return the rows of a kind for a vendor and an item (any of its codes).

    They may be narrowed to a code or a category as well.
    """
    codes = {code for code in items if code is not None}
    return [
        row
        for row in rows
        if row.kind == kind
        and (row.vendor is None or row.vendor == vendor)
        and (row.item is None or row.item in codes)
    ]


def is_narrowed(rows: Iterable[Tolerance]) -> bool:
    """Return whether a row is for one code or category only: the kind alone does not decide."""
    return any(row.code is not None or row.category is not None for row in rows)


def tolerance_for(
    rows: Iterable[Tolerance], kind: Kind, vendor: str | None, items: Iterable[str | None]
) -> Tolerance:
    """Return the most specific row for a vendor and an item: item before vendor.

    Where no row fits, nothing is tolerated; nor where rows are for a code or category, which are
    known only once there is a finding: `tolerance_of` finds its row then.
    """
    fitting = fitting_rows(rows, kind, vendor, items)
    return no_tolerance(kind) if is_narrowed(fitting) else _most_specific(fitting, kind)


def tolerance_of(
    rows: Iterable[Tolerance],
    code: str,
    vendor: str | None,
    items: Iterable[str | None] = (),
    category: str | None = None,
) -> Tolerance:
    """Return the most specific row for a finding: by item, category, vendor, then code."""
    kind = KIND_OF_CODE[code]
    fitting = [
        row
        for row in fitting_rows(rows, kind, vendor, items)
        if row.code in (None, code) and row.category in (None, category)
    ]
    return _most_specific(fitting, kind)


def _most_specific(rows: Iterable[Tolerance], kind: Kind) -> Tolerance:
    narrowest = max(rows, key=lambda row: [part is not None for part in row.scope], default=None)
    return no_tolerance(kind) if narrowest is None else narrowest
