"""Truth projected onto page words: `records.LabelledPage`, for training on real documents.

Three kinds of words come out: labelled ones, `other` (clearly no item and no header value), and
`labels.IGNORE` where the truth does not say. A corpus names only some header values, so a number on
a line that speaks of totals, a date, or an identifier outside the items is unsure, not `other`.
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
from data.corpora.labelling.prepared_pages import OUTSIDE, Sheet, dates, numbers, plain
from data.corpora.readings import DEFAULT_CACHE, WordChoice, read_document
from data.corpora.truth import TrueDocument, is_decimal
from data.records import LabelledPage, Page

log = logging.getLogger(__name__)

# How header fields of the corpora are called as tags.
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
_TOP = 0.2  # page heights in which the vendor's name may stand anywhere


@dataclass(frozen=True, slots=True)
class Projection:
    """A document's labelled pages and, by cell, how many true items want it and have it found."""

    pages: tuple[LabelledPage, ...]
    wanted: Mapping[str, int]
    found: Mapping[str, int]
    whole: tuple[bool, ...]  # by page: every item has all its printed amounts found


def label_document(document: TrueDocument, pages: Sequence[Page]) -> list[LabelledPage]:
    """The pages of a document with truth on their words; see the module for what is left open.

    Items need a page and a box, or the document must be a receipt (one page, rows found by words).
    """
    return list(project(document, pages).pages)


def project(document: TrueDocument, pages: Sequence[Page]) -> Projection:
    """As `label_document`, with what was found and what was not."""
    sheets = [Sheet(page, _type_of(document)) for page in pages]
    if any(item.box is not None for item in document.items):
        made = item_rows.make_rows(document.items, document.excluded, sheets)
        item_rows.ignore_rows(document.excluded, sheets)
        item_rows.label_rows(made)
    elif document.document_type == "receipt":
        made = till_rows.label_till(document.items, sheets[0])
    else:
        raise ValueError(
            f"{document.document_id}: items have no boxes and it is no receipt but "
            f"{document.document_type!r}; nothing says which words they are"
        )
    _label_fields(document, sheets)
    for sheet in sheets:
        _leave_open(sheet)
    return _summarise(document, sheets, made)


def training_pages(
    folder: Path,
    leave_out: Mapping[str, Sequence[str]] | None = None,
    cache_folder: Path | None = DEFAULT_CACHE,
) -> Iterator[LabelledPage]:
    """The pages of a corpus folder that may be trained on, with their images.

    `leave_out` maps manifest keys to values whose documents are left out (such as layouts to
    report on). Pages on which an item's amount was not found are skipped.
    """
    for document in read_corpus(folder):
        if any(str(document.extra.get(key)) in values for key, values in (leave_out or {}).items()):
            continue
        projection = project(document, labelled_reading(document, cache_folder))
        for page, whole in zip(projection.pages, projection.whole, strict=True):
            if whole and page.page.words:
                yield page


def labelled_reading(document: TrueDocument, cache_folder: Path | None) -> tuple[Page, ...]:
    """The pages to project onto: with the corpus's own words where it brings some."""
    words: WordChoice = "auto" if document.given is None else "given"
    return read_document(document, cache_folder, words).pages


def _type_of(document: TrueDocument) -> str:
    known = document.document_type in labels.DOCUMENT_TYPES
    return document.document_type if known else "other"


def _label_fields(document: TrueDocument, sheets: Sequence[Sheet]) -> None:
    """Header values that stand once on a page; where one stands twice, both are unsure."""
    for name in sorted(document.fields_visible):
        value = document.fields[name]
        for sheet in sheets:
            runs = _runs_of(value, sheet)
            tag = _FIELD_TAGS.get(name, labels.IGNORE)
            for run in runs:
                sheet.label(run, tag if len(runs) == 1 else labels.IGNORE)


def _runs_of(value: str, sheet: Sheet) -> list[list[int]]:
    if is_decimal(value) and "." in value:
        wanted = Decimal(value)
        words = sheet.free(range(len(sheet.tags)))
        return [[i] for i in words if wanted in numbers(sheet.text(i)) and _is_money(sheet.text(i))]
    runs = []
    lines = [sheet.free(line) for line in sheet.lines]
    while run := sheet.find_run(value, lines):
        runs.append(run)
        lines = [[index for index in line if index not in run] for line in lines]
    return runs


def _is_money(text: str) -> bool:
    return re.search(r"\d[.,]\d\d\D*$", text) is not None


def _leave_open(sheet: Sheet) -> None:
    """Ignore the undecided words that may be a header value or a column header."""
    for line in sheet.lines:
        free = sheet.free(line)
        said = " ".join(sheet.text(index) for index in line).casefold()
        named = [index for index in line if _HEAD_WORDS.fullmatch(plain(sheet.text(index)))]
        if len(named) >= 3 and 2 * len(named) >= len(line):
            sheet.label(free, labels.IGNORE)
            continue
        if any(sheet.items[index] != OUTSIDE for index in line):
            continue  # the truth of a row names its values; the rest is `other`
        sheet.label((i for i in free if _may_be_header(sheet, i, said)), labels.IGNORE)


def _may_be_header(sheet: Sheet, index: int, said: str) -> bool:
    text = sheet.text(index)
    if sheet.page.number == 0 and sheet.places[index][1] < _TOP:
        return True
    if dates(text):
        return True
    if _is_money(text):
        return _TOTAL_WORDS.search(said) is not None
    has_digit = any(char.isdigit() for char in text)
    return has_digit and _IDENTIFIER_WORDS.search(said) is not None


def _summarise(
    document: TrueDocument, sheets: Sequence[Sheet], made: Sequence[item_rows.Row]
) -> Projection:
    names = ("amount", "quantity", "unit_price", "description")
    wanted = Counter(name for item in document.items for name in names if name in item.visible)
    found = Counter(name for row in made for name in row.found if name in row.item.visible)
    missing = {
        id(row.sheet) for row in made if "amount" in row.item.visible and "amount" not in row.found
    }
    if len(made) < len(document.items):
        lost = len(document.items) - len(made)
        log.info("%s: %d items were found on no page", document.document_id, lost)
        missing |= {id(sheet) for sheet in sheets}
    return Projection(
        pages=tuple(sheet.labelled() for sheet in sheets),
        wanted=wanted,
        found=found,
        whole=tuple(id(sheet) not in missing for sheet in sheets),
    )
