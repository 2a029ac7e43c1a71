"""Exact arithmetic of quantity and price variances. Fractions inside, so that parts sum exactly.

Symbols: Qi billed, Qe expected quantity; Pi billed, Po ordered net price; one unit, one currency.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from babel.numbers import get_currency_precision

Decomposition = Literal["variance", "deduction"]
# A printed amount may differ from quantity x price by this much (Peppol rule R120).
AMOUNT_SLACK = Fraction(2, 100)


def decompose(
    billed: Fraction,
    billed_price: Fraction,
    expected: Fraction,
    ordered_price: Fraction,
    decomposition: Decomposition = "variance",
) -> tuple[Fraction, Fraction]:
    """Return the quantity part and the price part of billed value minus expected value.

    "variance": (Qi - Qe) x Po + (Pi - Po) x Qi; "deduction": (Qi - Qe) x Pi + (Pi - Po) x Qe.

    >>> decompose(Fraction(100), Fraction(11), Fraction(60), Fraction(10))
    (Fraction(400, 1), Fraction(100, 1))
    """
    price_gap, quantity_gap = billed_price - ordered_price, billed - expected
    if decomposition == "variance":
        return quantity_gap * ordered_price, price_gap * billed
    return quantity_gap * billed_price, price_gap * expected


def disputed_units(billed: Fraction, open_quantities: list[Fraction]) -> Fraction:
    """Return the units of this invoice beyond the tightest open quantity, each counted once.

    What earlier invoices overbilled was raised on them: only this invoice's own units count. A net
    credit (billed < 0) disputes none. Without any limit none is disputed.

    >>> disputed_units(Fraction(10), [Fraction(50 - 60)])
    Fraction(10, 1)
    """
    room = max(Fraction(0), min(open_quantities, default=billed))
    return max(Fraction(0), min(billed, billed - room))


def to_decimal(number: Fraction) -> Decimal:
    """Return the number as Decimal: exact where it has an end, else to the context's 28 digits."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def rounded(
    amount: Decimal, currency: str | None, steps: Mapping[str, Decimal] | None = None
) -> Decimal:
    """Return money as it is shown: half up, to the currency's minor units (2 where it is unknown).

    `steps` are multiples to round to instead, by currency.

    >>> rounded(Decimal("47.03"), "CHF", {"CHF": Decimal("0.05")})
    Decimal('47.05')
    """
    digits = get_currency_precision(currency) if currency else 2
    minor = Decimal(1).scaleb(-digits)
    step = (steps or {}).get(currency or "")
    if step is not None:
        amount = (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return amount.quantize(minor, ROUND_HALF_UP)


def quantity_text(quantity: Fraction | Decimal) -> str:
    """Return a quantity as written in a formula: no trailing zeros, no exponent.

    >>> quantity_text(Decimal("30.000"))
    '30'
    """
    number = to_decimal(quantity) if isinstance(quantity, Fraction) else quantity
    return _number_text(number, least_digits=0)


def price_text(price: Fraction | Decimal) -> str:
    """Return a price as written in a formula: two to six decimals, as many as it has."""
    number = to_decimal(price) if isinstance(price, Fraction) else price
    return _number_text(number, least_digits=2)


def _number_text(number: Decimal, least_digits: int) -> str:
    places = Decimal(1).scaleb(-6)
    shown = number if number == number.quantize(places) else number.quantize(places, ROUND_HALF_UP)
    whole, _, decimals = format(shown, "f").partition(".")
    decimals = decimals.rstrip("0").ljust(least_digits, "0")
    return f"{whole}.{decimals}" if decimals else whole
