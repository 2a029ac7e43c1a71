"""The rules baseline: reads documents without a model, for comparison in every evaluation.

It is what a competent engineer would write in a day or two for a user who has no model: table
headings and labels by keyword in five languages, columns by position, numbers by the parsers of
`data`. It has no rules for single vendors. It cannot judge its own certainty: every value has the
same confidence. It does not split a file into several documents.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from data.labels import DATE_TAGS, DECIMAL_TAGS, LINE_TYPE_WORDS, header_name
from data.records import ExtractedDocument, Field, LineItem, Page, PageSummary, Problem, Value, Word
from data.values.dates import read_date
from data.values.document_values import (
    NumberFormat,
    NumberReading,
    decide_format,
    derive_unit_price,
    read_currency,
    read_number,
    resolve_row,
    split_quantity,
)
from data.values.units import normalise_gtin, resolve_unit
from training.baseline.columns import Row, find_rows
from training.baseline.fields import (
    LabelledValue,
    find_currency,
    find_day_first,
    find_type,
    find_values,
)
from training.baseline.till_lines import find_till_rows
from training.decoding.printed_lines import union_of

CONFIDENCE = 0.5  # of every value: rules have no measure of certainty
_MONEY = re.compile(r"\d[.,]\d")
_CORE = ("quantity", "unit_price", "amount")


@dataclass(frozen=True, slots=True)
class _PrintFormat:
    """The number format and date order of a document."""

    number_format: NumberFormat | None
    day_first: bool | None


class RulesBaseline:
    """Documents by rules, from any pages with words: `training.evaluation.predicting.Reader`."""

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]:
        """Read these pages as one document; rows by table headings, else as tills print them."""
        pages = tuple(pages)
        if not pages:
            return ()
        first = next((page for page in pages if page.words), pages[0])
        kind = find_type(first) if first.words else "other"
        rows = find_rows(pages) or find_till_rows(pages)
        printed = _PrintFormat(_number_format(pages, rows), find_day_first(pages))
        lines = [line for row in rows if (line := _line_item(row, printed)) is not None]
        return (
            ExtractedDocument(
                document_id=name,
                document_type=Field(kind, confidence=CONFIDENCE, page=first.number, source="rule"),
                fields=_header_fields(pages, kind, printed),
                line_items=tuple(lines),
                pages=tuple(_summary(page, kind) for page in pages),
                problems=tuple(_problem(page) for page in pages if not page.words),
            ),
        )


def _number_format(pages: Sequence[Page], rows: Sequence[Row]) -> NumberFormat | None:
    texts = [word.text for page in pages for word in page.words if _MONEY.search(word.text)]
    checks = []
    for row in rows:
        quantity, price, amount = (row.text(tag) for tag in _CORE)
        if quantity and price and amount:
            checks.append((split_quantity(quantity)[0], price, amount))
    return decide_format(texts, checks)


def _line_item(row: Row, printed: _PrintFormat) -> LineItem | None:
    """Read the row as a line item; None when none of its core numbers can be read."""
    leaves = {
        tag: _field(row.page, words, tag, printed)
        for tag, words in row.cells.items()
        if words and tag != "other" and tag not in _CORE
    }
    quantity, price, amount = (row.text(tag) for tag in _CORE)
    count, unit = split_quantity(quantity) if quantity else (None, None)
    read = resolve_row(count, price, amount, printed.number_format)
    numbers: tuple[tuple[NumberReading, ...], ...] = (read.quantity, read.unit_price, read.amount)
    for tag, readings in zip(_CORE, numbers, strict=True):
        if cell := row.cells.get(tag):
            leaves[tag] = _leaf(row.page, cell, readings[0].value if readings else None)
    if not any(leaves[tag].value is not None for tag in _CORE if tag in leaves):
        return None
    if "unit_price" not in row.cells and read.quantity and read.amount:
        each = _price_each(read.quantity[0].value, read.amount[0].value)
        if each is not None:
            leaves["unit_price"] = _derived_field(each, leaves["amount"], ("quantity", "amount"))
    if unit and "unit" not in leaves:
        leaves["unit"] = _leaf(row.page, row.cells["quantity"], unit)
    if "unit" in leaves and (codes := resolve_unit(str(leaves["unit"].value))):
        leaves["unit_code"] = _derived_field(codes[0].code, leaves["unit"], ("unit",))
    if read.price_base_quantity != 1:
        base = _derived_field(read.price_base_quantity, leaves["unit_price"], _CORE)
        leaves["price_base_quantity"] = base
    words = [word for tag, of_tag in row.cells.items() if tag != "other" for word in of_tag]
    return LineItem(
        line_type=_line_type(leaves.get("description")),
        page=row.page.number,
        row_polygon=row.page.polygon(union_of(words)),
        **leaves,
    )


def _price_each(quantity: Decimal, amount: Decimal) -> Decimal | None:
    """The unit price that gives the amount, to six decimals; None where none can."""
    each = derive_unit_price(quantity, amount)
    try:
        fine = None if each is None else round(each, 6)
    except InvalidOperation:  # more digits than any money has
        return None
    if fine is None or fine < 0:
        return None
    return round(fine, 2) if fine == round(fine, 2) else fine.normalize()


def _header_fields(pages: Sequence[Page], kind: str, printed: _PrintFormat) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for tag, value in find_values(pages).items():
        leaf = _header_field(value, printed)
        if leaf.value is not None:
            fields[header_name(tag, kind)] = leaf
    if "currency" not in fields and (code := find_currency(pages)):
        fields["currency"] = Field(code, confidence=CONFIDENCE, page=pages[0].number, source="rule")
    return fields


def _header_field(value: LabelledValue, printed: _PrintFormat) -> Field:
    if value.tag == "currency":
        return _leaf(value.page, value.words, read_currency(value.text))
    return _field(value.page, value.words, value.tag, printed)


def _field(page: Page, words: Sequence[Word], tag: str, printed: _PrintFormat) -> Field:
    """Read the words as a value of that tag; the value is None where they are none."""
    text = " ".join(word.text for word in words)
    value: Value | None
    if tag in DECIMAL_TAGS:
        numbers = read_number(text, printed.number_format)
        value = numbers[0].value if numbers else None
    elif tag in DATE_TAGS:
        dates = read_date(text.strip(" :,;"), printed.day_first)
        value = dates[0].value if dates else None
    elif tag == "gtin":
        value = normalise_gtin(text)
    else:
        value = text.strip(" :,;") or None
    return _leaf(page, words, value)


def _leaf(page: Page, words: Sequence[Word], value: Value | None) -> Field:
    return Field(
        value=value,
        raw_text=" ".join(word.text for word in words),
        confidence=0.0 if value is None else CONFIDENCE,
        page=page.number,
        polygon=page.polygon(union_of(words)),
        source="rule",
    )


def _derived_field(value: Value, parent: Field, derived_from: tuple[str, ...]) -> Field:
    """A value that is not printed, with the place of the value it is derived from."""
    return Field(
        value,
        confidence=CONFIDENCE,
        page=parent.page,
        polygon=parent.polygon,
        source="derived",
        derived_from=derived_from,
    )


def _line_type(description: Field | None) -> str:
    words = str(description.value or "").casefold().split() if description else []
    for line_type, names in LINE_TYPE_WORDS.items():
        if words and words[0].strip(".:,") in names:
            return line_type
    return "item"


def _summary(page: Page, kind: str) -> PageSummary:
    return PageSummary(
        page=page.number,
        document_type=kind,
        confidence=CONFIDENCE,
        rotation=page.rotation,
        width=page.width,
        height=page.height,
        words=len(page.words),
        words_source=page.words_source,
        reason=page.reason,
        skew=page.skew,
    )


def _problem(page: Page) -> Problem:
    code, _, sentence = page.reason.partition(":")
    if page.words_source == "none" and sentence:
        return Problem(code.strip(), sentence.strip(), page.number)
    return Problem("blank_page", f"no word was found ({page.reason})", page.number)
