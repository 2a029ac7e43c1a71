"""Turns labelled print into values ("1.250,00" is 1250.00); ambiguous texts are left out.

Corpora label print: "1.250,00", "03/04/20", "$". A score needs values: decimals with a point, ISO
dates. A text that can mean two values gives none: a guessed truth would count a right reading as
wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data import labels
from data.values.currencies import read_currency
from data.values.dates import decide_day_first, read_date
from data.values.document_values import RowReading, decide_format, resolve_row
from data.values.numerals import NumberFormat, read_number

# Values a corpus folder may name that are no tags.
DECIMAL_NAMES = labels.DECIMAL_TAGS | {"gross_unit_price", "charge_amount", "weight"}
DATE_NAMES = (
    labels.DATE_TAGS
    | frozenset(labels.DOCUMENT_DATE_NAMES.values())
    | {"start_date", "end_date", "service_from", "service_to"}
)
ROW_NAMES: tuple[str, str, str] = ("quantity", "unit_price", "amount")

_MIN_PROBABILITY = 0.95  # share of a row's arithmetic that a reading needs to be the truth


@dataclass(frozen=True, slots=True)
class Habits:
    """The number format of one document, and whether the day comes first (None: unsure)."""

    number_format: NumberFormat | None = None
    day_first: bool | None = None


UNKNOWN = Habits()


def learn_habits(fields: Mapping[str, str], rows: Iterable[Mapping[str, str]] = ()) -> Habits:
    """Return the habits that a document's labelled texts, by our names, agree on."""
    rows = list(rows)
    texts = [item for record in (fields, *rows) for item in record.items()]
    return Habits(
        decide_format(
            (text for name, text in texts if name in DECIMAL_NAMES),
            ((r["quantity"], r["unit_price"], r["amount"]) for r in rows if _has_whole_row(r)),
        ),
        decide_day_first(text for name, text in texts if name in DATE_NAMES),
    )


def read_fields(texts: Mapping[str, str], habits: Habits) -> dict[str, str]:
    """Read header texts by our names as values; a text that can mean two values is left out."""
    read = {name: read_printed(name, text, habits) for name, text in texts.items()}
    return {name: value for name, value in read.items() if value is not None}


def read_row(texts: Mapping[str, str], habits: Habits) -> dict[str, str]:
    """Read one line item's texts by our names as values.

    Quantity, unit price and amount are read together where all three are there: a product that
    holds outweighs the format. A price per hundred or thousand gives `price_base_quantity`.
    """
    values = read_fields(texts, habits)
    if not _has_whole_row(texts):
        return values
    printed = texts["quantity"], texts["unit_price"], texts["amount"]
    row = resolve_row(*printed, habits.number_format)
    if not row.holds:
        return values
    values = {name: value for name, value in values.items() if name not in ROW_NAMES}
    values |= _consistent_values(row)
    if row.price_base_quantity != 1 and row.base_probability >= _MIN_PROBABILITY:
        values.setdefault("price_base_quantity", format(row.price_base_quantity, "f"))
    return values


def read_printed(name: str, text: str, habits: Habits = UNKNOWN) -> str | None:
    """Read the text under that name: a decimal, an ISO date, a currency code or plain text.

    None where the text cannot be read or can mean several values.

    >>> read_printed("amount", "1.250,00 EUR"), read_printed("amount", "1.250")
    ('1250.00', None)
    """
    if name in DECIMAL_NAMES:
        return _decimal(text, habits)
    if name in DATE_NAMES:
        dates = {reading.value for reading in read_date(text.strip(), habits.day_first)}
        return dates.pop().isoformat() if len(dates) == 1 else None
    if name == "currency":
        return read_currency(text)
    return " ".join(text.split()) or None


def agreed_value(values: Iterable[str]) -> str | None:
    """The value that all labels of one name agree on but for case; None where they differ."""
    values = list(values)
    return values[0] if len({value.casefold() for value in values}) == 1 else None


def merge_texts(name: str, texts: Sequence[str]) -> str | None:
    """The text of one name from its labels in several places, from top to bottom.

    A description may be labelled in pieces, which are joined; of any other name the labels must
    agree: None where they differ.
    """
    return " ".join(texts) if name == "description" else agreed_value(texts)


def _decimal(text: str, habits: Habits) -> str | None:
    readings = read_number(text, habits.number_format)
    values = {reading.value for reading in readings if not reading.repaired}
    return format(values.pop(), "f") if len(values) == 1 else None


def _has_whole_row(texts: Mapping[str, str]) -> bool:
    return all(name in texts for name in ROW_NAMES)


def _consistent_values(row: RowReading) -> dict[str, str]:
    cells = dict(zip(ROW_NAMES, (row.quantity, row.unit_price, row.amount), strict=True))
    return {
        name: format(cell[0].value, "f")
        for name, cell in cells.items()
        if cell and not cell[0].repaired and cell[0].probability >= _MIN_PROBABILITY
    }
