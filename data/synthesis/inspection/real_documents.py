"""Reads the documents of a labelled corpus as samples to compare the synthetic ones with."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from data.corpora.labelling import prepared_pages
from data.corpora.labelling.projection import label_document
from data.corpora.published.formats import open_corpus
from data.corpora.readings import DEFAULT_CACHE, read_document
from data.corpora.truth import CorpusError, TrueDocument, TrueItem
from data.pages.attachments import AttachmentError
from data.records import LabelledPage, Page
from data.synthesis.inspection.measures import Sample, fold_word

log = logging.getLogger(__name__)

_REACH = 2  # lines from an amount within which its description is looked for


def real_samples(path: Path, limit: int | None = None) -> Iterator[Sample]:
    """Yield the readable documents of a corpus of any known format, with their items marked.

    Words come from the text layer of a PDF, from OCR of other files (in the usual cache), or from a
    corpus without files. Items come from the labels; where those have no boxes, a line counts as an
    item's if it prints the amount and part of the description. Raises
    `data.corpora.truth.CorpusError` for a corpus that does not keep to its format.
    """
    for document in open_corpus(path, limit=limit):
        try:
            pages = read_document(document, DEFAULT_CACHE).pages
        except (AttachmentError, CorpusError) as error:
            log.warning("%s is left out: %s", document.document_id, error)
            continue
        receipt = document.document_type == "receipt"
        is_pdf = document.path is not None and document.path.suffix.lower() == ".pdf"
        yield Sample(
            name=document.document_id,
            group="receipt" if receipt else "document",
            pages=_label_pages(document, pages),
            items=len(document.items) if document.items_labelled else None,
            layout=str(document.extra.get("layout", "")),
            in_points=is_pdf,
        )


def _label_pages(document: TrueDocument, pages: Sequence[Page]) -> tuple[LabelledPage, ...]:
    try:
        return tuple(label_document(document, pages))
    except ValueError:  # the items have no boxes
        return _mark_items(document, pages)


def _mark_items(document: TrueDocument, pages: Sequence[Page]) -> tuple[LabelledPage, ...]:
    """Mark the amount and the description of every item that is found on the pages."""
    prepared = [prepared_pages.Sheet(page, document.document_type) for page in pages]
    begin = 0
    every = [(sheet, line) for sheet in prepared for line in range(len(sheet.lines))]
    for number, item in enumerate(document.items):
        for place in range(begin, len(every)):
            sheet, line = every[place]
            if _mark_item(sheet, line, item, number):
                begin = place
                break
    return tuple(sheet.labelled_page() for sheet in prepared)


def _mark_item(sheet: prepared_pages.Sheet, line: int, item: TrueItem, number: int) -> bool:
    """Mark amount and description if the line prints them; return whether it does."""
    amount = item.decimal("amount")
    expected_words = {fold_word(word) for word in item.values.get("description", "").split()}
    amount_words = [
        index
        for index in sheet.undecided(sheet.lines[line])
        if amount in prepared_pages.numbers(sheet.text(index))
    ]
    near = sheet.lines[max(line - _REACH, 0) : line + _REACH + 1]
    description_words = [
        index
        for part in near
        for index in sheet.undecided(part)
        if fold_word(sheet.text(index)) in expected_words
    ]
    if amount is None or not amount_words or 2 * len(description_words) < len(expected_words):
        return False
    sheet.label(amount_words[-1:], "amount", number)
    sheet.label(description_words, "description", number)
    return True


def name_corpora(paths: Sequence[Path]) -> dict[str, Path]:
    """Name each corpus by its folder, with as many parents as make the names distinct."""
    names: dict[str, Path] = {}
    for path in paths:
        parts = path.resolve().parts
        same = [other.resolve().parts for other in paths if other != path]
        count = 1 if path.is_dir() else 2
        while count < len(parts) and any(other[-count:] == parts[-count:] for other in same):
            count += 1
        names["/".join(parts[-count:])] = path
    return names
