"""Projects a document's truth onto its page words: `records.LabelledPage`, to train on.

Items are placed by the best that the truth has: boxes of their cells, a box of their row, or their
values alone (`value_rows`).

Three kinds of words come out: labelled ones, `other` (clearly no item and no header value), and
`labels.IGNORE` where the truth leaves them open. A corpus names only some header values, so a
number on a line that names totals, a date, or an identifier outside the items is `labels.IGNORE`,
not `other`.
"""

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from data import labels
from data.corpora.labelling import cell_boxes, item_rows, value_rows
from data.corpora.labelling.prepared_pages import OUTSIDE, Sheet, dates, plain_text
from data.corpora.labelling.printed_lines import find_prints
from data.corpora.labelling.segment_classes import Segment, label_segments
from data.corpora.truth import TrueDocument, TrueItem, is_decimal
from data.records import LabelledPage, Page

log = logging.getLogger(__name__)

# The tags of the corpora's header fields.
_FIELD_TAGS: dict[str, str] = {
    **dict.fromkeys(labels.DOCUMENT_ID_NAMES.values(), "document_id"),
    **dict.fromkeys(labels.DOCUMENT_DATE_NAMES.values(), "document_date"),
    **{tag: tag for tag in labels.HEADER_TAGS},
}
_TOTAL_WORDS = re.compile(
    r"total|due|net|gross|tax|gst|vat|commission|balance|cash|change|discount|rounding|amount"
)
_IDENTIFIER_WORDS = re.compile(r"invoice|order|contract|estimate|number|#|^no\b|ref|date|code|po\b")
# Words of the column heads of advertising orders and of till receipts.
_HEAD_WORDS = re.compile(
    r"lines?|ln|ch|start|end|dates?|description|inventory|code|break|times?|days?|len|length|weeks?"
    r"|spots?|spotsweek|rates?|pri|rtg|type|amount|total|weekdays|rating|air|adid|sec|run|spw|mo|tu"
    r"|we|th|fr|sa|su|station|comments|entered|channel|remarks|qty|items?|price|quantity"
)
_TOP = 0.2  # page heights in which the vendor's name may be anywhere


class NotLabelled(ValueError):
    """A document that nothing can be learned from; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A document's labelled pages and, by name of a cell, the counts of printed and found cells.

    `whole` is by page: every item has all its printed amounts found. `placed` counts the items
    that have labels, by page; `items` are those looked for, by their number on the pages.
    """

    pages: tuple[LabelledPage, ...]
    true_cells: Mapping[str, int]
    found_cells: Mapping[str, int]
    whole: tuple[bool, ...]
    placed: tuple[int, ...]
    items: Mapping[int, TrueItem]


def label_document(document: TrueDocument, pages: Sequence[Page]) -> list[LabelledPage]:
    """Return the pages of a document with truth on their words; the module names open words.

    Raises `NotLabelled` where none of its items is found.
    """
    projection = project_truth(document, pages)
    if document.items and not any(projection.placed):
        raise NotLabelled("none of its items was found")
    return list(projection.pages)


def project_truth(
    document: TrueDocument, pages: Sequence[Page], segments: Sequence[Segment] = ()
) -> Projection:
    """Label the pages as `label_document` does; return them with counts of the cells found.

    `segments` are classes that the corpus gives the words of its only page. Raises `NotLabelled`
    where its corpus labels no items, or no page has words.
    """
    if not document.items_labelled:
        raise NotLabelled("its corpus labels no line items")
    if not any(page.words for page in pages):
        raise NotLabelled("no words were read on its pages")
    sheets = [Sheet(page, _known_type(document)) for page in pages]
    rows = _label_items(document, sheets)
    if segments:
        label_segments(document, sheets[0], segments)
    _label_fields(document, sheets)
    for sheet in sheets:
        _ignore_possible_fields(sheet)
    return _make_projection(document, sheets, rows)


def _label_items(document: TrueDocument, sheets: Sequence[Sheet]) -> list[item_rows.Row]:
    """Label the words of the items; return the rows of those that were looked for."""
    if any(item.cells for item in document.items):
        rows = cell_boxes.make_cell_rows(document.items, sheets)
        item_rows.ignore_rows(document.excluded, sheets)
        cell_boxes.label_cells(rows)
        placed = {row.number for row in rows}
        others = [item for number, item in enumerate(document.items) if number not in placed]
        return rows + value_rows.label_values(others, sheets, first=len(document.items))
    if any(item.box is not None for item in document.items):
        rows = item_rows.make_rows(document.items, document.excluded, sheets)
        item_rows.ignore_rows(document.excluded, sheets)
        item_rows.label_rows(rows)
        return rows
    item_rows.ignore_rows(document.excluded, sheets)
    return value_rows.label_values(document.items, sheets)


def _known_type(document: TrueDocument) -> str:
    """Our name of the document's type; `labels.IGNORE` where the corpus has a name of its own."""
    kind = document.document_type.split(":")[0]
    return kind if kind in labels.DOCUMENT_TYPES else labels.IGNORE


def _label_fields(document: TrueDocument, sheets: Sequence[Sheet]) -> None:
    """Label header values that are printed once on a page; ignore both of one printed twice.

    Two names of one value (a total without tax) cannot be told apart by it.
    """
    shared = Counter(document.fields[name] for name in document.fields_visible)
    for name in sorted(document.fields_visible):
        value = document.fields[name]
        tag = _FIELD_TAGS.get(name, labels.IGNORE) if shared[value] == 1 else labels.IGNORE
        for sheet in sheets:
            runs = _runs_of(value, sheet)
            for run in runs:
                sheet.label(run, tag if len(runs) == 1 else labels.IGNORE)


def _runs_of(value: str, sheet: Sheet) -> list[list[int]]:
    if is_decimal(value) and "." in value:
        number = Decimal(value)
        prints = (printed for line in sheet.lines for printed in find_prints(sheet, line))
        return [
            list(printed.words)
            for printed in prints
            if printed.is_money
            and number in printed.values
            and len(sheet.undecided(printed.words)) == len(printed.words)
        ]
    runs = []
    lines = [sheet.undecided(line) for line in sheet.lines]
    while run := sheet.find_run(value, lines):
        runs.append(run)
        lines = [[index for index in line if index not in run] for line in lines]
    return runs


def _is_money(text: str) -> bool:
    return re.search(r"\d[.,]\d\d\D*$", text) is not None


def _ignore_possible_fields(sheet: Sheet) -> None:
    """Label `ignore` the undecided words that may be a header value or a column head."""
    for line in sheet.lines:
        free = sheet.undecided(line)
        line_text = " ".join(sheet.text(index) for index in line).casefold()
        named = [index for index in line if _HEAD_WORDS.fullmatch(plain_text(sheet.text(index)))]
        if len(named) >= 3 and 2 * len(named) >= len(line):
            sheet.label(free, labels.IGNORE)
            continue
        if any(sheet.items[index] != OUTSIDE for index in line):
            continue  # the truth of a row names its values; the rest is `other`
        sheet.label((i for i in free if _may_be_header(sheet, i, line_text)), labels.IGNORE)


def _may_be_header(sheet: Sheet, index: int, line_text: str) -> bool:
    text = sheet.text(index)
    if sheet.page.number == 0 and sheet.places[index][1] < _TOP:
        return True
    if dates(text):
        return True
    if _is_money(text):
        return _TOTAL_WORDS.search(line_text) is not None
    has_digit = any(char.isdigit() for char in text)
    return has_digit and _IDENTIFIER_WORDS.search(line_text) is not None


def _make_projection(
    document: TrueDocument, sheets: Sequence[Sheet], rows: Sequence[item_rows.Row]
) -> Projection:
    names = ("amount", "quantity", "unit_price", "description")
    true_cells = Counter(name for item in document.items for name in names if name in item.visible)
    found_cells = Counter(name for row in rows for name in row.cells if name in row.item.visible)
    missing = {
        id(row.sheet) for row in rows if "amount" in row.item.visible and "amount" not in row.cells
    }
    if len(rows) < len(document.items):
        lost = len(document.items) - len(rows)
        log.info("%s: %d items were found on no page", document.document_id, lost)
        missing |= {id(sheet) for sheet in sheets}
    placed = Counter(id(row.sheet) for row in rows if row.cells)
    return Projection(
        pages=tuple(sheet.labelled_page() for sheet in sheets),
        true_cells=true_cells,
        found_cells=found_cells,
        whole=tuple(id(sheet) not in missing for sheet in sheets),
        placed=tuple(placed[id(sheet)] for sheet in sheets),
        items={row.number: row.item for row in rows},
    )
