"""The values of order data in JSON: exact numbers, identifiers, currencies, days.

A number is taken by its text: "12.50", 12 and, in JSON text, 12.50 are exact. A Python float is
refused, for its digits went through binary floating point.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, NoReturn

from babel.core import get_global
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

DECIMAL_TEXT = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?")


class JsonNumber(str):
    """The text of a JSON number with a point or an exponent; written again, it is a string."""

    __slots__ = ()


def load_exact_json(text: str | bytes) -> Any:
    """Return the parsed JSON with such numbers as their text; refuse keys given twice and NaN.

    Raises `ValueError`.

    >>> load_exact_json('{"price": 12.50, "quantity": 3}')
    {'price': '12.50', 'quantity': 3}
    """
    return json.loads(
        text,
        parse_float=JsonNumber,
        parse_constant=_refuse_constant,
        object_pairs_hook=_refuse_duplicate_keys,
    )


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")


def _refuse_duplicate_keys(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise ValueError(f"key {twice!r} is given twice in one object")
    return content


def is_currency(code: str) -> bool:
    """Return whether the code is an ISO 4217 currency code (upper case)."""
    return code in get_global("all_currencies")


def wire_decimal(value: object) -> Decimal:
    """Return the exact value of a decimal string, a whole number or a number of JSON text."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, float):
        raise ValueError(
            f"{json.dumps(value)} is a float, which went through binary floating point; "
            f'write it as a string: "{json.dumps(value)}"'
        )
    if isinstance(value, bool):
        raise ValueError(f'{json.dumps(value)} is not a number; write digits, like "1200.50"')
    text = str(value) if isinstance(value, int) else value
    if not isinstance(text, str) or not DECIMAL_TEXT.fullmatch(text):
        raise ValueError(
            f"{value!r} is not a decimal string; write digits with a point, at most 18 before and "
            '12 after it, no grouping and no exponent, like "1200.50"'
        )
    return Decimal(text)


def _identifier(value: object) -> object:
    # A whole number is as good an identifier as its digits; nothing is lost in writing it out.
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    value = str(value) if is_whole else value
    if isinstance(value, JsonNumber):
        raise ValueError(f'{value} is a number with decimals; write it as a string: "{value}"')
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty; give the number or omit the key")
    return value.strip() if isinstance(value, str) else value


def _currency(value: object) -> object:
    if not isinstance(value, str) or not is_currency(value):
        raise ValueError(
            f'currency {value!r} is not an ISO 4217 code; write three capitals such as "USD"'
        )
    return value


def _calendar_day(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError(f'{value!r} is not a date; write it as a string: "2026-01-31"')
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError(f'{value!r} is not an ISO date; write it like "2026-01-31"') from None


Number = Annotated[Decimal, BeforeValidator(wire_decimal)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Identifier = Annotated[str, BeforeValidator(_identifier)]
Currency = Annotated[str, BeforeValidator(_currency)]
Day = Annotated[date, BeforeValidator(_calendar_day)]


class StrictJson(BaseModel):
    """An object of order data: unknown keys are refused, nothing is converted unasked."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)
