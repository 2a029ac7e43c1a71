"""Reads a DocILE dataset: fields and line items with their boxes, and its own OCR.

Layout (github.com/rossumai/docile, `docile.dataset`): `annotations/ID.json`, `ocr/ID.json`,
`pdfs/ID.pdf` and index files `SPLIT.json`, each a list of ids. Boxes are (left, top, right, bottom)
in fractions of the page, pages count from 0; the OCR is docTR's export. What we decide:

- `places` keep every labelled field under DocILE's name, for its own metrics; column headers are no
  fields. `fields` and `items` hold what `docile_names` translates.
- A text that can mean two values, and a field labelled several times with different values, is left
  out of `fields` and `items`.
- Where a document's items have net money, `amount` and `unit_price` are net and a gross amount is
  `gross_amount`. Where they have gross money only (the usual label of the only money column),
  that is what the document bills: `amount` and `unit_price`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from pathlib import Path
from typing import Any

from pydantic import Field

from data import labels
from data.corpora.checked_json import Form, read_bytes, read_file_form
from data.corpora.published.docile_names import KILE_NAMES, LIR_NAMES
from data.corpora.published.printed_texts import learn_habits, merge_texts, read_fields, read_row
from data.corpora.truth import CorpusError, TrueDocument, TrueItem, TruePlace, boxes_by_name
from data.pages.attachments import open_attachment_file, render_page
from data.pages.words import in_reading_order
from data.records import Box, Page, Word
from data.values.currencies import read_currency

ANNOTATIONS = "annotations"

_NET = frozenset({"line_item_amount_net", "line_item_unit_price_net"})
_TYPES = {
    "tax_invoice": "invoice",
    "utility_bill": "invoice",
    "credit_note": "credit_memo",
    "order": "purchase_order",
}
_SLACK = 0.01  # of a page: boxes drawn by hand that reach this far beyond it are cut


class _Labelled(Form):
    fieldtype: str = Field(min_length=1)
    page: int = Field(ge=0)
    bbox: list[float] = Field(min_length=4, max_length=4)
    text: str | None = None


class _LabelledCell(_Labelled):
    line_item_id: int


class _Metadata(Form):
    page_count: int = Field(ge=1)
    document_type: str = "other"
    cluster_id: int | None = None  # not shared for the test set
    currency: str | None = None
    language: str | None = None
    source: str | None = None
    original_filename: str | None = None
    template_document_id: str | None = None


class _Annotation(Form):
    field_extractions: list[_Labelled]
    line_item_extractions: list[_LabelledCell]
    metadata: _Metadata


class _OcrWord(Form):
    value: str
    geometry: list[list[float]] = Field(min_length=2, max_length=2)
    confidence: float | None = None


class _OcrLine(Form):
    words: list[_OcrWord]


class _OcrBlock(Form):
    lines: list[_OcrLine]


class _OcrPage(Form):
    dimensions: list[int] = Field(min_length=2, max_length=2)  # height, width in px
    blocks: list[_OcrBlock]


class _Ocr(Form):
    pages: list[_OcrPage]


def read_documents(path: Path) -> Iterator[TrueDocument]:
    """Yield the documents of a dataset folder, or of one split by its index (`DIR/val.json`).

    A folder gives every document that an index names, smaller splits first, or every annotation
    where there is no index. `extra` holds the metadata, with `split` and `layout` (the cluster of
    documents that look alike). `path` is None where the PDF is missing. Raises `CorpusError` for a
    file that is missing or does not keep to the format.
    """
    folder, splits = _splits(path)
    read_names: set[str] = set()
    for split, names in splits:
        for name in names:
            if name not in read_names:
                read_names.add(name)
                yield _document(folder, name, split)


def read_ocr(ocr: Path, pdf: Path | None) -> tuple[Page, ...]:
    """Return the pages with the words of the dataset's OCR; with images where there is a PDF.

    Width and height are points with a PDF, pixels of the OCR's image without.
    """
    read = read_file_form(_Ocr, ocr)
    attachment = None if pdf is None else open_attachment_file(pdf)
    if attachment is not None and attachment.page_count != len(read.pages):
        raise CorpusError(
            f"{ocr}: pages: got {len(read.pages)}, want {attachment.page_count} as in {pdf}"
        )
    pages = []
    for number, page in enumerate(read.pages):
        height, width = page.dimensions
        size = (
            (float(width), float(height)) if attachment is None else attachment.page_sizes[number]
        )
        pages.append(
            Page(
                number=number,
                width=size[0],
                height=size[1],
                words=in_reading_order(_words(page, f"{ocr}: pages.{number}")),
                words_source="given",
                reason="OCR of the corpus (docTR)",
                image=None if attachment is None else render_page(attachment, number),
            )
        )
    return tuple(pages)


def _splits(path: Path) -> tuple[Path, list[tuple[str | None, Sequence[str]]]]:
    """The dataset's folder and its (split, ids), smaller splits first: one may contain another."""
    if path.is_file():
        names = _index(path)
        if names is None:
            raise CorpusError(f"{path}: want an index of a DocILE dataset, a JSON list of ids")
        return path.parent, [(path.stem, names)]
    indices_by_file = {index: _index(index) for index in sorted(path.glob("*.json"))}
    indices = [(index.stem, names) for index, names in indices_by_file.items() if names is not None]
    if indices:
        return path, sorted(indices, key=lambda index: len(index[1]))
    names = sorted(file.stem for file in (path / ANNOTATIONS).glob("*.json"))
    if not names:
        raise CorpusError(
            f"{path}: no SPLIT.json and no {ANNOTATIONS}/ID.json; want a DocILE dataset"
        )
    return path, [(None, names)]


def _index(path: Path) -> list[str] | None:
    """Read the ids of an index file; None where it is no list of texts."""
    try:
        names = json.loads(read_bytes(path))
    except ValueError as error:
        raise CorpusError(f"{path}: not JSON: {error}") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    for name in names:
        if not name or Path(name).name != name:
            raise CorpusError(f"{path}: id {name!r} cannot be a file's name")
    return names


def _document(folder: Path, name: str, split: str | None) -> TrueDocument:
    file = folder / ANNOTATIONS / f"{name}.json"
    annotation = read_file_form(_Annotation, file)
    pdf, ocr = folder / "pdfs" / f"{name}.pdf", folder / "ocr" / f"{name}.json"
    path = pdf if pdf.is_file() else None
    fields, rows = _texts(annotation)
    habits = learn_habits(fields, rows.values())
    read = read_fields(fields, habits)
    cells = _places(
        annotation.line_item_extractions, annotation.metadata, f"{file}: line_item_extractions"
    )
    names = _item_names(annotation.line_item_extractions)
    code = read_currency((annotation.metadata.currency or "").upper())
    return TrueDocument(
        document_id=name,
        path=path,
        document_type=_document_type(annotation.metadata),
        fields=({"currency": code} if code else {}) | read,
        fields_visible=frozenset(read),
        items=tuple(
            _item(read_row(row, habits), [cell for cell in cells if cell.item == number], names)
            for number, row in rows.items()
        ),
        excluded=(),
        labels="DocILE annotations",
        extra=_extra(annotation.metadata, split),
        places=_places(
            annotation.field_extractions, annotation.metadata, f"{file}: field_extractions"
        )
        + cells,
        read_corpus_pages=partial(read_ocr, ocr, path) if ocr.is_file() else None,
    )


def _document_type(metadata: _Metadata) -> str:
    """Our name of the type; `other:NAME` for a type that we have none for."""
    name = metadata.document_type
    name = _TYPES.get(name, name)
    return name if name in labels.DOCUMENT_TYPES else f"other:{name}"


def _extra(metadata: _Metadata, split: str | None) -> dict[str, Any]:
    extra = metadata.model_dump(exclude_none=True) | {"split": split}
    if metadata.cluster_id is not None:
        extra["layout"] = str(metadata.cluster_id)
    return extra


def _texts(annotation: _Annotation) -> tuple[dict[str, str], dict[int, dict[str, str]]]:
    """The labelled texts by our names: of the document, and of each line item by its id."""
    texts_by_fieldtype = _texts_by_fieldtype(annotation.field_extractions)
    # Of two fieldtypes with one name of ours the first that is labelled counts
    known: dict[str, str] = {}
    for theirs, ours in _field_names(_document_type(annotation.metadata).split(":")[0]):
        if theirs in texts_by_fieldtype:
            known.setdefault(ours, theirs)
    read = {ours: merge_texts(ours, texts_by_fieldtype[theirs]) for ours, theirs in known.items()}
    fields = {ours: text for ours, text in read.items() if text is not None}
    cells = annotation.line_item_extractions
    names = _item_names(cells)
    rows: dict[int, dict[str, str]] = {}
    for number in sorted({cell.line_item_id for cell in cells}):
        texts_by_fieldtype = _texts_by_fieldtype(
            cell for cell in cells if cell.line_item_id == number
        )
        rows[number] = _row(texts_by_fieldtype, names)
    return fields, rows


def _field_names(document_type: str) -> Iterator[tuple[str, str]]:
    """(fieldtype, our name) of the header fields in a document of that type."""
    for theirs, tag in KILE_NAMES.items():
        if tag is not None:
            yield theirs, labels.header_name(tag, document_type)


def _item_names(cells: Iterable[_LabelledCell]) -> dict[str, str]:
    """Our names of the cells, by whether the document has net money."""
    names = {theirs: ours for theirs, ours in LIR_NAMES.items() if ours is not None}
    if any(cell.fieldtype in _NET for cell in cells):
        del names["line_item_unit_price_gross"]
    else:
        names["line_item_amount_gross"] = "amount"
    return names


def _row(
    texts_by_fieldtype: Mapping[str, Sequence[str]], ours: Mapping[str, str]
) -> dict[str, str]:
    row = {}
    for theirs, name in ours.items():
        if theirs not in texts_by_fieldtype:
            continue
        text = merge_texts(name, texts_by_fieldtype[theirs])
        if text is not None:
            row[name] = text
    return row


def _texts_by_fieldtype(labelled: Iterable[_Labelled]) -> dict[str, list[str]]:
    """The texts by their names, from top to bottom."""
    texts_by_fieldtype: dict[str, list[str]] = {}
    for field in sorted(labelled, key=lambda field: (field.page, field.bbox[1], field.bbox[0])):
        if field.text is not None and field.text.strip():
            texts_by_fieldtype.setdefault(field.fieldtype, []).append(" ".join(field.text.split()))
    return texts_by_fieldtype


def _places(
    labelled: Sequence[_Labelled], metadata: _Metadata, where: str
) -> tuple[TruePlace, ...]:
    places = []
    for index, field in enumerate(labelled):
        if field.page >= metadata.page_count:
            raise CorpusError(
                f"{where}.{index}.page: got {field.page}, want 0..{metadata.page_count - 1}"
            )
        item = field.line_item_id if isinstance(field, _LabelledCell) else None
        box = _box(field.bbox, f"{where}.{index}.bbox")
        places.append(TruePlace(field.fieldtype, field.page, box, field.text, item))
    return tuple(places)


def _item(
    values: dict[str, str], places: Sequence[TruePlace], names: Mapping[str, str]
) -> TrueItem:
    """One line item with its box and those of its cells, by our names, on its first page."""
    page = min(place.page for place in places)
    on_page = [place for place in places if place.page == page]
    cells = boxes_by_name((names[place.name], place) for place in on_page if place.name in names)
    box = reduce(Box.union, [place.box for place in on_page])
    wording = values.get("description")
    return TrueItem(values, frozenset(values), (wording,) if wording else (), page, box, cells)


def _words(page: _OcrPage, where: str) -> list[Word]:
    return [
        Word(word.value, _box([*word.geometry[0], *word.geometry[1]], where), word.confidence)
        for block in page.blocks
        for line in block.lines
        for word in line.words
        if word.value.strip()
    ]


def _box(edges: Sequence[float], where: str) -> Box:
    """The box of these edges; parts a little beyond the page are cut off."""
    if len(edges) != 4:
        raise CorpusError(f"{where}: want two corners [x, y], got {edges}")
    left, top, right, bottom = edges
    on_page = all(-_SLACK <= edge <= 1 + _SLACK for edge in edges)
    if not (on_page and left <= right and top <= bottom):
        raise CorpusError(
            f"{where}: want left <= right and top <= bottom within 0..1, got {list(edges)}"
        )
    return Box.clamped(left, top, right, bottom)
