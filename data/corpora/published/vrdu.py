"""Reads VRDU corpora: `main/` with `dataset.jsonl.gz`, `meta.json`, `pdfs/`; `few_shot-splits/`.

Source of the format: github.com/google-research-datasets/vrdu and its evaluation tool. A line of
the dataset holds `filename`, `ocr` (pages with tokens; boxes are [page, x0, y0, x1, y1] in
fractions) and `annotations`: a field's name with its labelled texts, any of which is right, or the
names of a line item with one text each. `places` keeps names and texts as VRDU has them, for its
own metric; line item parts are called "line_item/sub_amount" and the like. `extra` holds what
`meta.json` states: `vrdu_match` (name to match function) and `vrdu_pattern`.

The documents are United States filings: months come first, the decimal mark is a point.
"""

import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial, reduce
from pathlib import Path

from data.corpora.checked_json import read_file_form, read_form, read_lines
from data.corpora.published.printed_texts import Habits, agreed_value, read_printed
from data.corpora.published.vrdu_forms import Labelled, LabelledField, Line, Meta, Ocr, Split, Token
from data.corpora.segments import cut_segment
from data.corpora.truth import (
    CorpusError,
    TrueDocument,
    TrueItem,
    TruePlace,
    boxes_by_name,
    money_text,
)
from data.pages.attachments import open_attachment_file, render_page
from data.pages.words import in_reading_order
from data.records import Box, Page
from data.values.numerals import NumberFormat

LABELS = "human (VRDU)"
LINE_ITEM = "line_item"
_SPLIT_LISTS = ("train", "valid", "test")
_MAX_OVERHANG = 0.5  # pages by which a box may reach over the edge; more are pixels, not fractions
_MONEY = frozenset({"sub_total", "amount"})
_US = Habits(NumberFormat(".", (",",)), day_first=False)

# Our names of what is labelled; the rest of VRDU's names is in `places` only.
FIELDS: dict[str, str] = {
    "contract_num": "invoice_id",
    "advertiser": "customer_name",
    "gross_amount": "sub_total",
    "flight_from": "service_from",
    "flight_to": "service_to",
    "registration_num": "document_id",
    "file_date": "document_date",
}
ITEM_VALUES: dict[str, str] = {
    "program_desc": "description",
    "program_start_date": "start_date",
    "program_end_date": "end_date",
    "sub_amount": "amount",
}
# VRDU does not state which ad-buy forms are orders and which invoices.
_TYPES = {"DeepForm": "ad-buy form", "FARA": "other"}


def read_documents(path: Path) -> Iterator[TrueDocument]:
    """Yield the documents of a VRDU corpus, in the dataset's order.

    `path` is the corpus (or its `main` folder) for all of them; a file of `few_shot-splits/` for
    its test list; that file with `/train`, `/valid` or `/test` behind it for the list of that name.
    Raises `CorpusError` naming file, line and field.
    """
    main, file_names = _find_main(path)
    meta = read_file_form(Meta, main / "meta.json")
    dataset = main / "dataset.jsonl.gz"
    dataset = dataset if dataset.is_file() else main / "dataset.jsonl"
    line_of: dict[str, int] = {}
    for number, text in read_lines(dataset):
        where = f"{dataset} line {number}"
        line = read_form(Line, text, where)
        first_line = line_of.setdefault(line.filename, number)
        if first_line != number:
            raise CorpusError(
                f"{where}: filename {line.filename!r} is already on line {first_line}"
            )
        if file_names is None or line.filename in file_names:
            yield _document(line, meta, main, number, where)
    if missing := sorted((file_names or set()) - set(line_of)):
        raise CorpusError(f"{path}: {missing[0]!r} is not in {dataset} ({len(missing)} missing)")


def _find_main(path: Path) -> tuple[Path, frozenset[str] | None]:
    """The main folder and the file names of the chosen list (None: all)."""
    if path.is_dir():
        main = path / "main"
        return (main if main.is_dir() else path), None
    name = path.name if path.name in _SPLIT_LISTS else "test"
    file = path.parent if path.name in _SPLIT_LISTS else path
    split = read_file_form(Split, file)
    return file.parent.parent / "main", frozenset(getattr(split, name))


def _document(line: Line, meta: Meta, main: Path, number: int, where: str) -> TrueDocument:
    pdf = main / "pdfs" / line.filename
    if not pdf.resolve().is_relative_to((main / "pdfs").resolve()):
        raise CorpusError(f"{where}: filename: {line.filename!r} is outside {main / 'pdfs'}")
    places = tuple(_places(line, where))
    labelled: dict[str, list[TruePlace]] = {}
    rows: dict[int, list[TruePlace]] = {}
    for place in places:
        if place.item is not None:
            rows.setdefault(place.item, []).append(place)
        elif place.name in FIELDS:
            labelled.setdefault(FIELDS[place.name], []).append(place)
    fields = {
        name: value
        for name, same_name in labelled.items()
        if (value := agreed_value(filter(None, (_read(name, place) for place in same_name))))
        is not None
    }
    path = pdf if pdf.is_file() else None
    ocr = zlib.compress(line.ocr.model_dump_json().encode(), level=1)
    return TrueDocument(
        document_id=Path(line.filename).stem,
        path=path,
        document_type=_TYPES.get(meta.dataset_name, meta.dataset_name),
        fields=fields,
        fields_visible=frozenset(fields),
        items=tuple(_item(row) for row in rows.values()),
        excluded=(),
        labels=LABELS,
        extra={
            "pages": len(line.ocr.pages),
            "vrdu_match": dict(meta.entity_name_to_match_func),
            "vrdu_pattern": dict(meta.entity_appearance_pattern),
        },
        line=number,
        places=places,
        read_corpus_pages=partial(_read_corpus_pages, ocr, path, where),
    )


def _places(line: Line, where: str) -> Iterator[TruePlace]:
    count = 0
    for index, annotation in enumerate(line.annotations):
        path = f"{where}: annotations.{index}"
        if isinstance(annotation, LabelledField):
            for text in annotation.texts:
                yield _place(annotation.name, text, None, line, path)
            continue
        for parts in annotation.rows:
            if len(parts) != len(annotation.names):
                raise CorpusError(
                    f"{path}: {len(annotation.names)} names, but {len(parts)} labelled texts"
                )
            for name, text in zip(annotation.names, parts, strict=True):
                yield _place(f"{LINE_ITEM}/{name}", text, count, line, path)
            count += 1


def _place(name: str, labelled: Labelled, item: int | None, line: Line, where: str) -> TruePlace:
    page, *edges = labelled.bbox
    if not 0 <= page < len(line.ocr.pages):
        raise CorpusError(
            f"{where}: {name}: is on page {page}, but the OCR has {len(line.ocr.pages)} pages"
        )
    return TruePlace(name, page, _box(edges, f"{where}: {name}"), labelled.text, item)


def _box(edges: Sequence[float], where: str) -> Box:
    if not all(-_MAX_OVERHANG <= edge <= 1 + _MAX_OVERHANG for edge in edges):
        raise CorpusError(f"{where}: bbox: want fractions of the page, got {list(edges)}")
    return Box.clamped(*edges)


def _read(name: str, place: TruePlace) -> str | None:
    value = read_printed(name, place.text or "", _US)
    return money_text(Decimal(value)) if name in _MONEY and value is not None else value


def _item(row: Sequence[TruePlace]) -> TrueItem:
    """The values of a row; a value that cannot be read with certainty is in `places` only."""
    parts = {place.name.removeprefix(f"{LINE_ITEM}/"): place for place in row}
    values = {
        name: value
        for part, name in ITEM_VALUES.items()
        if part in parts and (value := _read(name, parts[part])) is not None
    }
    pages = {place.page for place in row}
    named = [(name, parts[part]) for part, name in ITEM_VALUES.items() if part in parts]
    return TrueItem(
        values=values,
        visible=frozenset(values),
        wordings=(values["description"],) if "description" in values else (),
        page=row[0].page if len(pages) == 1 else None,
        box=reduce(Box.union, [place.box for place in row]) if len(pages) == 1 else None,
        cells=boxes_by_name(named) if len(pages) == 1 else {},
    )


def _read_corpus_pages(ocr: bytes, pdf: Path | None, where: str) -> tuple[Page, ...]:
    """Return the OCR's pages and words; with images where there is a PDF of as many pages."""
    read = read_form(Ocr, zlib.decompress(ocr), f"{where}: ocr")
    attachment = None if pdf is None else open_attachment_file(pdf)
    if attachment is not None and attachment.page_count != len(read.pages):
        attachment = None
    pages = []
    for number, page in enumerate(read.pages):
        words = [
            word
            for index, token in enumerate(page.tokens)
            for word in cut_segment(token.text, _edges(token, number, index, where), 1, 1)
        ]
        pages.append(
            Page(
                number=number,
                width=page.dimension.width,
                height=page.dimension.height,
                words=in_reading_order(words),
                words_source="given",
                reason="OCR of the corpus",
                image=None if attachment is None else render_page(attachment, number),
            )
        )
    return tuple(pages)


def _edges(token: Token, page: int, index: int, where: str) -> tuple[float, float, float, float]:
    box = _box(token.bbox[1:], f"{where}: ocr.pages.{page}.tokens.{index}")
    return box.left, box.top, box.right, box.bottom
