"""Labels words by the human classes of a corpus's segments: header values, captions, the rest.

WildReceipt classes every segment of a receipt (`segments.jsonl.gz` beside its manifest). Classes
that name header values become tags where value and truth agree, captions and addresses `other`;
`Others` is left to the rules of the page, as numbers among it may well be printed values.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from data import labels
from data.corpora.checked_json import Form, read_form, read_lines
from data.corpora.labelling.cell_boxes import words_in_box
from data.corpora.labelling.prepared_pages import Sheet, dates, numbers
from data.corpora.truth import TrueDocument, is_decimal
from data.records import Box

SEGMENTS = "segments.jsonl.gz"
_MONEY_CLASSES = {
    "Subtotal_value": "sub_total",
    "Tax_value": "total_tax",
    "Total_value": "invoice_total",
}
_HEADS = frozenset({"Prod_item_key", "Prod_price_key", "Prod_quantity_key"})
_NOTHING = frozenset(
    {"Store_addr_value", "Tel_value", "Tel_key", "Time_value", "Time_key", "Date_key"}
    | {"Total_key", "Tax_key", "Subtotal_key", "Tips_key", "Store_addr_key", "Store_name_key"}
)
_OPEN = frozenset({"Ignore", "Tips_value"})


class Segment(NamedTuple):
    """One segment of a page: its class and its place in fractions of the page as delivered."""

    label: str
    box: Box


class _Receipt(Form):
    id: str = Field(min_length=1)
    width: float = Field(gt=0)
    height: float = Field(gt=0)
    words: list[tuple[str, float, float, float, float, int, str]]


def read_segments(folder: Path) -> dict[str, tuple[Segment, ...]]:
    """Read the classes of a corpus's segments by document id; empty where it brings none.

    Raises `CorpusError` for a file that does not keep to the form.
    """
    path = folder / SEGMENTS
    if not path.is_file():
        return {}
    receipts = (
        read_form(_Receipt, text, f"{path} line {number}: not segments with classes")
        for number, text in read_lines(path)
    )
    return {receipt.id: _segments(receipt) for receipt in receipts}


def _segments(receipt: _Receipt) -> tuple[Segment, ...]:
    wide, high = receipt.width, receipt.height
    return tuple(
        Segment(label, Box.clamped(left / wide, top / high, right / wide, bottom / high))
        for _, left, top, right, bottom, _, label in receipt.words
    )


def label_segments(document: TrueDocument, sheet: Sheet, segments: Sequence[Segment]) -> None:
    """Label the words of classed segments that are still undecided."""
    for segment in segments:
        words = sheet.undecided(words_in_box(sheet, segment.box))
        if segment.label in _MONEY_CLASSES:
            _label_money(sheet, words, _MONEY_CLASSES[segment.label], document.fields)
        elif segment.label == "Date_value":
            _label_date(sheet, words)
        elif segment.label == "Store_name_value":
            sheet.label(words, labels.IGNORE if _is_title(sheet, words) else "vendor_name")
        elif segment.label in _HEADS:
            _label_head(sheet, words)
        elif segment.label in _NOTHING:
            sheet.label(words, "other")
        elif segment.label in _OPEN:
            sheet.label(words, labels.IGNORE)
    values = [text for name in _MONEY_CLASSES.values() if (text := document.fields.get(name))]
    _ignore_equals(sheet, [Decimal(value) for value in values if is_decimal(value)])


def _label_money(sheet: Sheet, words: Sequence[int], name: str, fields: Mapping[str, str]) -> None:
    """Label the word of a sum where it reads as the document's; leave another number open."""
    text = fields.get(name)
    for index in words:
        if text is not None and is_decimal(text) and Decimal(text) in numbers(sheet.text(index)):
            sheet.label([index], name)
        elif any(char.isdigit() for char in sheet.text(index)):
            sheet.label([index], labels.IGNORE)
    sheet.label(words, labels.IGNORE)


def _label_date(sheet: Sheet, words: Sequence[int]) -> None:
    days = [index for index in words if dates(sheet.text(index))]
    if not days and dates(" ".join(sheet.text(index) for index in words)):
        days = list(words)
    sheet.label(days, "document_date")
    sheet.label(words, labels.IGNORE)


def _is_title(sheet: Sheet, words: Sequence[int]) -> bool:
    """Return whether the words name the kind of paper: some are classed as the shop's name."""
    text = "".join(sheet.text(index) for index in words).casefold()
    return any(word in text for word in (*labels.TITLE_WORDS["invoice"], "receipt", "guest"))


def _label_head(sheet: Sheet, words: Sequence[int]) -> None:
    """Label a column's head; one with a number ("4 ITEMS") is a count, and left open."""
    counted = any(char.isdigit() for index in words for char in sheet.text(index))
    sheet.label(words, labels.IGNORE if counted else "column_header")


def _ignore_equals(sheet: Sheet, values: Sequence[Decimal]) -> None:
    """Leave open the undecided words that print one of the sums elsewhere."""
    sheet.label(
        (
            index
            for index in sheet.undecided(range(len(sheet.tags)))
            if any(value in numbers(sheet.text(index)) for value in values)
        ),
        labels.IGNORE,
    )
