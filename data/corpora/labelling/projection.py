"""Projects a document's truth onto its page words: `records.LabelledPage`, to train on.

Three kinds of words come out: labelled ones, `other` (clearly no item and no header value), and
`labels.IGNORE` where the truth leaves them open. A corpus names only some header values, so a
number on a line that names totals, a date, or an identifier outside the items is `labels.IGNORE`,
not `other`.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from data import labels
from data.corpora.folder import read_corpus
from data.corpora.labelling import item_rows, till_rows
from data.corpora.labelling.prepared_pages import OUTSIDE, Sheet, dates, numbers, plain_text
from data.corpora.readings import DEFAULT_CACHE, WordChoice, read_document
from data.corpora.truth import TrueDocument, is_decimal
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


@dataclass(frozen=True, slots=True)
class Projection:
    """A document's labelled pages and, by name of a cell, the counts of printed and found cells."""

    pages: tuple[LabelledPage, ...]
    true_cells: Mapping[str, int]
    found_cells: Mapping[str, int]
    whole: tuple[bool, ...]  # by page: every item has all its printed amounts found


def label_document(document: TrueDocument, pages: Sequence[Page]) -> list[LabelledPage]:
    """Return the pages of a document with truth on their words; the module names open words.

    Items need a page and a box, or the document must be a receipt (one page, rows found by words).
    """
    return list(project_truth(document, pages).pages)


def project_truth(document: TrueDocument, pages: Sequence[Page]) -> Projection:
    """Label the pages as `label_document` does; return them with counts of the cells found."""
    sheets = [Sheet(page, _known_type(document)) for page in pages]
    if any(item.box is not None for item in document.items):
        rows = item_rows.make_rows(document.items, document.excluded, sheets)
        item_rows.ignore_rows(document.excluded, sheets)
        item_rows.label_rows(rows)
    elif document.document_type == "receipt":
        rows = till_rows.label_till(document.items, sheets[0])
    else:
        raise ValueError(
            f"{document.document_id}: its items have no boxes, and it is of type "
            f"{document.document_type!r}; only a receipt can be labelled without boxes"
        )
    _label_fields(document, sheets)
    for sheet in sheets:
        _ignore_possible_fields(sheet)
    return _make_projection(document, sheets, rows)


def training_pages(
    folder: Path,
    leave_out: Mapping[str, Sequence[str]] | None = None,
    cache_folder: Path | None = DEFAULT_CACHE,
) -> Iterator[LabelledPage]:
    """Yield the pages of a corpus folder that may be trained on, with their images.

    `leave_out` maps manifest keys to values whose documents are left out (such as layouts to
    report on). Pages on which an item's amount was not found are skipped.
    """
    for document in read_corpus(folder):
        if any(str(document.extra.get(key)) in values for key, values in (leave_out or {}).items()):
            continue
        projection = project_truth(document, read_pages_to_label(document, cache_folder))
        for page, whole in zip(projection.pages, projection.whole, strict=True):
            if whole and page.page.words:
                yield page


def read_pages_to_label(document: TrueDocument, cache_folder: Path | None) -> tuple[Page, ...]:
    """Read the pages to project onto: with the corpus's own words where it brings some."""
    words: WordChoice = "auto" if document.read_corpus_pages is None else "given"
    return read_document(document, cache_folder, words).pages


def _known_type(document: TrueDocument) -> str:
    known = document.document_type in labels.DOCUMENT_TYPES
    return document.document_type if known else "other"


def _label_fields(document: TrueDocument, sheets: Sequence[Sheet]) -> None:
    """Label header values that are printed once on a page; ignore both of one printed twice."""
    for name in sorted(document.fields_visible):
        value = document.fields[name]
        for sheet in sheets:
            runs = _runs_of(value, sheet)
            tag = _FIELD_TAGS.get(name, labels.IGNORE)
            for run in runs:
                sheet.label(run, tag if len(runs) == 1 else labels.IGNORE)


def _runs_of(value: str, sheet: Sheet) -> list[list[int]]:
    if is_decimal(value) and "." in value:
        number = Decimal(value)
        words = sheet.undecided(range(len(sheet.tags)))
        return [[i] for i in words if number in numbers(sheet.text(i)) and _is_money(sheet.text(i))]
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
    return Projection(
        pages=tuple(sheet.labelled_page() for sheet in sheets),
        true_cells=true_cells,
        found_cells=found_cells,
        whole=tuple(id(sheet) not in missing for sheet in sheets),
    )
