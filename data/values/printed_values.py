"""Check of which values are printed on a document's pages, by the possible readings of its words.

A number or date counts as printed when a reading of one to three consecutive words has its value;
a repaired reading does not count. A currency is printed as code or sign. A text is printed when its
letters and digits are on the page without a gap, or each of its words is on a page. A unit code is
never printed: the page prints a unit. A value printed once counts for every name that has it: the
words alone do not show which of them was meant.
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
class PrintedValues:
    """All values that the words of a document's pages can mean."""

    numbers: frozenset[Decimal]
    dates: frozenset[date]
    currencies: frozenset[str]
    words: frozenset[str]
    run: str  # all letters and digits of the pages


def read_printed_values(pages: Iterable[Page]) -> PrintedValues:
    """Return all values that the words of the pages can mean."""
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
    return PrintedValues(
        frozenset(numbers),
        frozenset(dates),
        frozenset(currencies),
        frozenset(words),
        "".join(words),
    )


def printed_names(values: Mapping[str, str], printed: PrintedValues) -> frozenset[str]:
    """Return the names whose value is printed."""
    return frozenset(name for name, value in values.items() if _is_printed(name, value, printed))


def _is_printed(name: str, value: str, printed: PrintedValues) -> bool:
    if name == "unit_code":
        return False
    if name == "currency":
        return value in printed.currencies
    if name in NUMBER_NAMES:
        return Decimal(value) in printed.numbers
    if name in DATE_NAMES:
        return date.fromisoformat(value) in printed.dates
    return is_text_printed(value, printed)


def is_text_printed(text: str, printed: PrintedValues) -> bool:
    """Return whether the text is printed anywhere on the pages."""
    words = [_plain(word) for word in text.split()]
    run = "".join(words)
    if len(run) < _SPAN:  # "1" is in every page's run
        return run in printed.words
    return run in printed.run or all(word in printed.words for word in words)


def _numbers(text: str) -> set[Decimal]:
    readings = (*read_number(text), *read_number(split_quantity(text)[0]))
    bases = split_price(text).bases  # "4,50/100" prints a price base too
    return {reading.value for reading in readings if not reading.repaired} | set(bases)


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())
