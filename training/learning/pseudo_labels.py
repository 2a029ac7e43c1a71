"""Labels that a checkpoint gives pages nobody labelled, kept only where the accounting closes.

A document is kept whole where its amounts sum to a printed total that was read and no row
contradicts itself; of any other document the rows are kept whose quantity times price is their
amount, and all other words are left open. A number counts only if its own print reads as its value:
what was derived proves nothing, and a product by one or a sum of one row closes by itself.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from data import labels
from data.corpora.labelling.printed_lines import readings
from data.corpora.labelling.projection import project_truth
from data.corpora.published.formats import open_corpus
from data.corpora.readings import read_document, read_file
from data.corpora.shards.training_page import TrainingPage, corpus_name
from data.corpora.truth import CorpusError, TrueDocument, TrueItem, is_decimal
from data.pages.attachments import AttachmentError
from data.records import Box, ExtractedDocument, Field, LabelledPage, LineItem, Page
from training.extractor import Extractor

NUMBER_NAMES = ("quantity", "unit_price", "amount")
TOTAL_NAMES = ("sub_total", "invoice_total", "amount_due")
_CLOSE = Decimal("0.005")  # what rounding may move an amount by
_MIN_ROWS = 2  # rows whose sum says something
_SURE_TYPE = 0.9  # confidence from which the type of a document is learned


class Sums(NamedTuple):
    """The total that the rows sum to, by name and value; None where they sum to none."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class PseudoLabels:
    """The labelled pages of a document and the items they hold; `whole`: its rows sum up."""

    pages: tuple[LabelledPage, ...]
    items: tuple[TrueItem, ...]
    whole: bool


def pseudo_label(document: ExtractedDocument, pages: Sequence[Page]) -> PseudoLabels | None:
    """Label the pages of a document by what was read of it; None where nothing closes.

    Charges and rows without money count for the sum, and are left open.
    """
    rows = [_Numbers.read(row) for row in document.line_items]
    total = _closing_total(document, rows)
    items, excluded = [], []
    for row, numbers in zip(document.line_items, rows, strict=True):
        item = _item(row, numbers)
        is_kept = numbers.proves if total is None else bool(numbers.amount)
        if item is not None and is_kept and row.line_type == "item":
            items.append(item)
        elif item is None and is_kept:
            return None  # its words lie on two pages: no box to label them by
        elif item is not None:
            excluded.append(item)
    if not items:
        return None
    truth = _truth(document, tuple(items), tuple(excluded), total)
    labelled = project_truth(truth, pages).pages
    if total is None:
        labelled = tuple(_open_others(page) for page in labelled)
    return PseudoLabels(tuple(labelled), tuple(items), total is not None)


class _Numbers(NamedTuple):
    """The numbers of a row that were read from print; None where one was not."""

    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal | None
    base: Decimal = Decimal(1)

    @classmethod
    def read(cls, row: LineItem) -> "_Numbers":
        """The numbers of a row whose own print reads as their value; money has two decimals."""
        quantity, price, amount = (
            None if (leaf := row.field(name)) is None else read_value(leaf) for name in NUMBER_NAMES
        )
        if amount is not None and amount != round(amount, 2):
            amount = None
        base = None if row.price_base_quantity is None else read_value(row.price_base_quantity)
        return cls(quantity, price, amount, base or Decimal(1))

    @property
    def product_holds(self) -> bool | None:
        """True where quantity times price is the amount; None where one of them was not read."""
        if self.quantity is None or self.unit_price is None or self.amount is None:
            return None
        return abs(self.quantity * self.unit_price / self.base - self.amount) <= _CLOSE

    @property
    def proves(self) -> bool:
        """True where the product holds and says something: by one, anything holds."""
        return bool(self.product_holds and self.amount and abs(self.quantity or 1) != 1)


def read_value(leaf: Field) -> Decimal | None:
    """The number of a leaf where it was read from print, not derived or overridden."""
    value = leaf.decimal
    if value is None or leaf.source == "derived" or leaf.polygon is None or not leaf.raw_text:
        return None
    prints = readings(leaf.raw_text).union(*(readings(text) for text in leaf.raw_text.split()))
    return value if value in prints else None


def _closing_total(document: ExtractedDocument, rows: Sequence[_Numbers]) -> Sums | None:
    """The printed total that the rows sum to; None where one of them contradicts itself.

    The sum of one row is that row again, unless its own product proves it.
    """
    if any(row.amount is None or row.product_holds is False for row in rows):
        return None
    if sum(bool(row.amount) for row in rows) < _MIN_ROWS and not any(row.proves for row in rows):
        return None
    total = sum((row.amount or Decimal(0) for row in rows), Decimal(0))
    for name in TOTAL_NAMES:
        leaf = document.fields.get(name)
        if leaf is not None and total and read_value(leaf) == total:
            return Sums(name, total)
    return None


def _item(row: LineItem, numbers: _Numbers) -> TrueItem | None:
    """The row as a true item with the boxes of its cells; None where its words lie on two pages.

    Quantity and price are only known where they make the amount.
    """
    leaves = {name: leaf for name in labels.LINE_TAGS if (leaf := row.field(name)) is not None}
    pages = {leaf.page for leaf in leaves.values() if leaf.page is not None}
    if row.page is None or row.row_polygon is None or pages != {row.page}:
        return None
    unknown = set() if numbers.product_holds else {"quantity", "unit_price"}
    unknown |= {"amount"} if numbers.amount is None else set()
    printed = {
        name: leaf
        for name, leaf in leaves.items()
        if name not in unknown and leaf.polygon and leaf.raw_text and leaf.source != "derived"
    }
    values = {name: text for name, leaf in printed.items() if (text := leaf.text) is not None}
    cells = {name: Box.around(leaf.polygon) for name, leaf in printed.items() if leaf.polygon}
    wordings = (values["description"],) if "description" in values else ()
    return TrueItem(
        values, frozenset(values), wordings, row.page, Box.around(row.row_polygon), cells
    )


def _truth(
    document: ExtractedDocument,
    items: tuple[TrueItem, ...],
    excluded: tuple[TrueItem, ...],
    total: Sums | None,
) -> TrueDocument:
    kind = document.document_type
    fields = {} if total is None else {total.name: f"{total.value:f}"}
    return TrueDocument(
        document_id=document.document_id,
        path=None,
        document_type=str(kind.value) if kind.confidence >= _SURE_TYPE else labels.IGNORE,
        fields=fields,
        fields_visible=frozenset(name for name, text in fields.items() if is_decimal(text)),
        items=items,
        excluded=excluded,
        labels="pseudo-labels",
        extra={},
    )


def _open_others(page: LabelledPage) -> LabelledPage:
    """Leave open every word that is not of a kept row: the rest of the page did not close."""
    tags = tuple(
        tag if item >= 0 else labels.IGNORE for tag, item in zip(page.tags, page.items, strict=True)
    )
    return replace(page, tags=tags)


@dataclass(slots=True)
class Agreement:
    """Comparison of what is kept of labelled documents with their truth."""

    documents: int = 0
    labelled: int = 0
    whole: int = 0
    rows: int = 0
    right_rows: int = 0
    whole_rows: int = 0
    right_whole_rows: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, truth: TrueDocument, labelled: PseudoLabels | None) -> None:
        """Count one document."""
        self.documents += 1
        if labelled is None:
            return
        right = count_right(labelled.items, truth.items)
        self.labelled += 1
        self.whole += labelled.whole
        self.rows += len(labelled.items)
        self.right_rows += right
        if labelled.whole:
            self.whole_rows += len(labelled.items)
            self.right_whole_rows += right
        if right < len(labelled.items):
            self.wrong.append(truth.document_id)

    def __str__(self) -> str:
        return (
            f"{self.labelled} of {self.documents} documents kept, {self.whole} whole; right rows: "
            f"{self.right_rows} of {self.rows}, of whole ones {self.right_whole_rows} of "
            f"{self.whole_rows}"
        )


def count_right(items: Sequence[TrueItem], true_items: Iterable[TrueItem]) -> int:
    """Count the items that have a true item of their own with the same visible numbers."""
    left = list(true_items)
    right = 0
    for item in items:
        match = next((true for true in left if _agrees(item, true)), None)
        if match is not None:
            left.remove(match)
            right += 1
    return right


def _agrees(item: TrueItem, true: TrueItem) -> bool:
    """Return whether every number of an item is that of the true one, where it is printed."""
    pairs = [(item.decimal(name), true.visible_decimal(name)) for name in NUMBER_NAMES]
    return any(truth is not None for _, truth in pairs) and all(
        value == truth for value, truth in pairs if value is not None and truth is not None
    )


def label_folder(
    folder: Path,
    extractor: Extractor,
    checkpoint: str,
    cache_folder: Path | None,
    counts: "FolderCounts",
) -> Iterator[TrainingPage]:
    """Yield the pages of the documents in a folder whose accounting closes; count them.

    `checkpoint` names the weights in the family of each page. Files that cannot be read are counted
    with the reason.
    """
    for path in sorted(file for file in folder.iterdir() if file.is_file()):
        counts.files += 1
        try:
            pages = read_file(path, cache_folder).pages
        except AttachmentError as error:
            counts.reasons[error.code] += 1
            continue
        labelled = _label_file(path, pages, extractor, counts)
        if labelled is None:
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        family = {"corpus": corpus_name(folder), "words": "pseudo", "checkpoint": checkpoint}
        for page in labelled.pages:
            if page.page.words and (labelled.whole or any(item >= 0 for item in page.items)):
                kind = {"document_type": page.document_type}
                yield TrainingPage(page, digest, family | kind)


@dataclass(slots=True)
class FolderCounts:
    """Counts of a folder: files, those kept (whole: rows sum up), rows, and why others were not."""

    files: int = 0
    labelled: int = 0
    whole: int = 0
    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        reasons = "; ".join(f"{count} x {reason}" for reason, count in self.reasons.most_common())
        return (
            f"{self.labelled} of {self.files} files kept, {self.whole} whole, {self.rows} rows"
            + (f"; left out: {reasons}" if reasons else "")
        )


def _label_file(
    path: Path, pages: Sequence[Page], extractor: Extractor, counts: FolderCounts
) -> PseudoLabels | None:
    documents = extractor.extract(path.name, pages) if any(page.words for page in pages) else ()
    if len(documents) != 1:
        counts.reasons["several documents in one file" if documents else "no words were read"] += 1
        return None
    labelled = pseudo_label(documents[0], pages)
    if labelled is None:
        counts.reasons["its accounting does not close"] += 1
        return None
    counts.labelled += 1
    counts.whole += labelled.whole
    counts.rows += len(labelled.items)
    return labelled


def measure_agreement(corpus: Path, extractor: Extractor, cache_folder: Path | None) -> Agreement:
    """Compare what would be kept of a labelled corpus with its truth: how right kept rows are."""
    agreement = Agreement()
    for truth in open_corpus(corpus, cache_folder=cache_folder):
        try:
            pages = read_document(truth, cache_folder).pages
        except (AttachmentError, CorpusError):
            continue
        documents = extractor.extract(truth.document_id, pages)
        agreement.add(truth, pseudo_label(documents[0], pages) if len(documents) == 1 else None)
    return agreement
