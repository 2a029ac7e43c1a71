"""Numbers and dates of exchange formats in the form of JSON: decimal strings, ISO dates."""

import re
from datetime import date, datetime
from decimal import Decimal

# xs:decimal and X12's type R; as long as order data accepts.
_DECIMAL = re.compile(r"[+-]?(\d{1,18}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)
MAX_DECIMALS = 12


def wire_number(text: str) -> str | None:
    """Return the decimal string of a number with a point, its zeros kept; None for other text.

    >>> wire_number("+.50"), wire_number("100.00"), wire_number("-5."), wire_number("1,5")
    ('0.50', '100.00', '-5', None)
    """
    if not _DECIMAL.fullmatch(text):
        return None
    plain = format(Decimal(text), "f")
    whole, _, decimals = plain.partition(".")
    if len(decimals) > MAX_DECIMALS:
        decimals = decimals.rstrip("0")
    if len(decimals) > MAX_DECIMALS:
        return None
    return f"{whole}.{decimals}" if decimals else whole


def iso_day(text: str, form: str) -> str | None:
    """Return the ISO date of a text in a `strptime` form; None where it is not a date."""
    try:
        day = datetime.strptime(text, form)  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
    return date(day.year, day.month, day.day).isoformat()
