"""Real documents of a labelled corpus as samples to compare the synthetic ones with."""

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
from data.synthesis.inspection.measures import Sample, folded

log = logging.getLogger(__name__)

_REACH = 2  # lines from an amount within which its description is looked for


def real_samples(path: Path, limit: int | None = None) -> Iterator[Sample]:
    """The documents of a corpus of any known format that can be read, with their items marked.

    PDFs with a text layer give that, other files are read by OCR (kept in the usual cache), and a
    corpus without files gives its own words. Items come from the labels; where those name no place,
    a line counts as an item's when it prints the amount and part of the description. Raises
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
            pages=_labelled(document, pages),
            items=len(document.items) if document.items_labelled else None,
            layout=str(document.extra.get("layout", "")),
            in_points=is_pdf,
        )


def _labelled(document: TrueDocument, pages: Sequence[Page]) -> tuple[LabelledPage, ...]:
    try:
        return tuple(label_document(document, pages))
    except ValueError:  # nothing says where the items are
        return _marked(document, pages)


def _marked(document: TrueDocument, pages: Sequence[Page]) -> tuple[LabelledPage, ...]:
    """The pages with the amount and the description of every item that is found on them."""
    prepared = [prepared_pages.Sheet(page, document.document_type) for page in pages]
    begin = 0
    every = [(sheet, line) for sheet in prepared for line in range(len(sheet.lines))]
    for number, item in enumerate(document.items):
        for place in range(begin, len(every)):
            sheet, line = every[place]
            if _mark(sheet, line, item, number):
                begin = place
                break
    return tuple(sheet.labelled() for sheet in prepared)


def _mark(sheet: prepared_pages.Sheet, line: int, item: TrueItem, number: int) -> bool:
    """Whether the line prints the item's amount, with the description near; both are marked."""
    amount = item.decimal("amount")
    wanted = {folded(word) for word in item.values.get("description", "").split()}
    own = [
        at
        for at in sheet.free(sheet.lines[line])
        if amount in prepared_pages.numbers(sheet.text(at))
    ]
    near = sheet.lines[max(line - _REACH, 0) : line + _REACH + 1]
    said = [at for part in near for at in sheet.free(part) if folded(sheet.text(at)) in wanted]
    if amount is None or not own or 2 * len(said) < len(wanted):
        return False
    sheet.label(own[-1:], "amount", number)
    sheet.label(said, "description", number)
    return True


def corpus_names(paths: Sequence[Path]) -> dict[str, Path]:
    """The corpora by the folder's name, with as many parents as tell them apart."""
    names: dict[str, Path] = {}
    for path in paths:
        parts = path.resolve().parts
        same = [other.resolve().parts for other in paths if other != path]
        count = 1 if path.is_dir() else 2
        while count < len(parts) and any(other[-count:] == parts[-count:] for other in same):
            count += 1
        names["/".join(parts[-count:])] = path
    return names
