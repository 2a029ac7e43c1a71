"""Which values are printed on pages: what their words can mean, held against a value.

Decided here: a number or date is printed when one of its readings, of up to three words that
follow each other, has its value; a repaired reading is none. A currency is printed as code or sign.
A text is printed when its letters and digits stand on the page without a gap, or each of its words
stands on a page. A unit code is never printed: what is printed is a unit. A value printed once
counts for every name that has it: which of them was meant, the words alone do not say.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from data import labels
from data.records import Page
from data.values.currencies import read_currency
from data.values.dates import read_date
from data.values.numerals import read_number, split_price, split_quantity

NUMBER_NAMES = labels.DECIMAL_TAGS | {"gross_unit_price", "taxable_total"}
DATE_NAMES = (
    labels.DATE_TAGS | frozenset(labels.DOCUMENT_DATE_NAMES.values()) | {"start_date", "end_date"}
)
_SPAN = 3  # words that make one number or date: "1 234,56 EUR", "3. März 2024"


@dataclass(frozen=True, slots=True)
class Prints:
    """What the pages of a document can be read as."""

    numbers: frozenset[Decimal]
    dates: frozenset[date]
    currencies: frozenset[str]
    words: frozenset[str]
    run: str  # all letters and digits of the pages


def read_prints(pages: Iterable[Page]) -> Prints:
    """Everything that the words of the pages can mean."""
    numbers: set[Decimal] = set()
    dates: set[date] = set()
    currencies: set[str] = set()
    words: list[str] = []
    for page in pages:
        texts = [word.text for word in page.words]
        words += [_plain(text) for text in texts]
        for start in range(len(texts)):
            for end in range(start + 1, min(start + _SPAN, len(texts)) + 1):
                text = " ".join(texts[start:end])
                numbers |= _numbers(text)
                dates |= {reading.value for reading in read_date(text)}
        currencies |= {code for text in texts if (code := read_currency(text)) is not None}
    return Prints(
        frozenset(numbers),
        frozenset(dates),
        frozenset(currencies),
        frozenset(words),
        "".join(words),
    )


def visible_names(values: Mapping[str, str], prints: Prints) -> frozenset[str]:
    """The names whose value is printed."""
    return frozenset(name for name, value in values.items() if _is_printed(name, value, prints))


def _is_printed(name: str, value: str, prints: Prints) -> bool:
    if name == "unit_code":
        return False
    if name == "currency":
        return value in prints.currencies
    if name in NUMBER_NAMES:
        return Decimal(value) in prints.numbers
    if name in DATE_NAMES:
        return date.fromisoformat(value) in prints.dates
    return is_text_printed(value, prints)


def is_text_printed(text: str, prints: Prints) -> bool:
    """Whether the text stands on the pages, wherever."""
    words = [_plain(word) for word in text.split()]
    run = "".join(words)
    if len(run) < _SPAN:  # "1" is in every page's run
        return run in prints.words
    return run in prints.run or all(word in prints.words for word in words)


def _numbers(text: str) -> set[Decimal]:
    readings = (*read_number(text), *read_number(split_quantity(text)[0]))
    bases = split_price(text).bases  # "4,50/100" prints a price base too
    return {reading.value for reading in readings if not reading.repaired} | set(bases)


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())
