"""Payment terms in numbers, so that "2/10 NET 30" and "30 days net, 2 % within 10 days" agree."""

import re
from decimal import Decimal
from typing import NamedTuple

_NUMBER = r"(\d+(?:[.,]\d+)?)"
_DAYS = r"(?:days?|tagen?|jours?|jrs?|d|d[ií]as|giorni|dagen)\b"
# Percent and days of a cash discount, in the two orders and the short form in which it is written.
_DISCOUNTS = (
    re.compile(rf"\b{_NUMBER}\s*%?\s*/\s*(\d+)\b"),
    re.compile(rf"\b{_NUMBER}\s*%\D{{0,24}}?(\d+)\s*{_DAYS}"),
)
_DAYS_FIRST = re.compile(
    rf"\b(\d+)\s*{_DAYS}\s*(?:abzgl\.?|minus|-|:)?\s*{_NUMBER}\s*%\s*(?:skonto)?"
)
_NET = (
    re.compile(r"\b(?:net|netto|n)\s*[/:]?\s*(\d+)\b"),
    re.compile(rf"\b(\d+)\s*{_DAYS}"),
)
_MONTH_END = re.compile(r"end of month|\beom\b|fin de mois|monatsende|ultimo")
_AT_ONCE = re.compile(r"due on receipt|upon receipt|sofort|à réception|immediate|prepay|vorkasse")


class Terms(NamedTuple):
    """Days to the net payment, and percent and days of a cash discount (None: there is none)."""

    net_days: int
    discount_pct: Decimal | None = None
    discount_days: int | None = None
    from_month_end: bool = False


def read_terms(text: str) -> Terms | None:
    """Return the terms in numbers; None where the words are not understood for certain.

    >>> read_terms("14 Tage 2 % Skonto, 30 Tage netto") == read_terms("2/14 NET 30")
    True
    """
    words = " ".join(text.casefold().split())
    percent: Decimal | None = None
    days: int | None = None
    first = _DAYS_FIRST.search(words)
    if first is not None:
        days, percent = int(first[1]), Decimal(first[2].replace(",", "."))
        words = words.replace(first[0], " ", 1)
    else:
        for pattern in _DISCOUNTS:
            if (match := pattern.search(words)) is not None:
                percent, days = Decimal(match[1].replace(",", ".")), int(match[2])
                words = words.replace(match[0], " ", 1)
                break
    month_end = _MONTH_END.search(words) is not None
    for pattern in _NET:
        if (match := pattern.search(words)) is not None:
            return Terms(int(match[1]), percent, days, month_end)
    if _AT_ONCE.search(words) is not None:
        return Terms(0, percent, days, month_end)
    return None
