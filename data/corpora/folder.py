"""Reads the documents of a corpus folder: `manifest.jsonl` and the files it names.

A corpus folder holds `manifest.jsonl`, one JSON object a document, and the files it names:
`id`, `file` (relative), `document_type`, `fields` {name: string}, `fields_visible` [names],
`line_items` [{names, `page`, `bbox`, `cells` {name: box}, `visible` [names]}], `labels` (where
the truth comes from),
`words` (relative; OCR that the corpus brings, as `segments` reads it) and free further keys.
Decimals are strings with a point, dates ISO. The manifest counts pages from 1; the records count
from 0, as `records.Page` does.
"""

import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr
from pydantic import ValidationError as PydanticError

from data.corpora.segments import page_of_segments
from data.corpora.truth import CorpusError, TrueDocument, TrueItem, is_decimal
from data.records import Box, Page

MANIFEST = "manifest.jsonl"


def _decimal_text(text: str) -> str:
    if not is_decimal(text):
        raise ValueError(f"must be a decimal with a point such as '12.50', got {text!r}")
    return text


def _iso_date(text: str) -> str:
    date.fromisoformat(text)
    return text


_DecimalText = Annotated[StrictStr, AfterValidator(_decimal_text)]
_DateText = Annotated[StrictStr, AfterValidator(_iso_date)]
_Number = StrictFloat | StrictInt


class _Parts(BaseModel):
    """The parsed parts of an excluded row; only the printed rate matters to the scores."""

    model_config = ConfigDict(extra="allow")
    printed_rate: _DecimalText | None = None


class _Item(BaseModel):
    model_config = ConfigDict(extra="allow")
    line_number: StrictStr | None = None
    description: StrictStr | None = None
    quantity: _DecimalText | None = None
    unit_price: _DecimalText | None = None
    amount: _DecimalText | None = None
    start_date: _DateText | None = None
    end_date: _DateText | None = None
    page: StrictInt | None = Field(default=None, ge=1)
    bbox: tuple[_Number, _Number, _Number, _Number] | None = None
    visible: list[StrictStr] | None = None
    description_alternatives: list[StrictStr] = []
    description_visible: StrictStr | None = None
    parts: _Parts = _Parts()
    cells: dict[StrictStr, tuple[_Number, _Number, _Number, _Number]] = {}


class _Document(BaseModel):
    model_config = ConfigDict(extra="allow")
    id: StrictStr = Field(min_length=1)
    file: StrictStr = Field(min_length=1)
    document_type: StrictStr = Field(min_length=1)
    fields: dict[StrictStr, StrictStr] = {}
    fields_visible: list[StrictStr] | None = None
    line_items: list[_Item] = []
    excluded_rows: list[_Item] = []
    labels: StrictStr = "not stated"
    words: StrictStr | None = None


# Keys of an item for its place and its print; all others are values.
_NOT_VALUES = frozenset(
    {"page", "bbox", "visible", "description_alternatives", "description_visible", "parts", "cells"}
)


def read_corpus(folder: Path, limit: int | None = None) -> Iterator[TrueDocument]:
    """The documents of `folder/manifest.jsonl` in its order, the first `limit` of them.

    `folder` may also be another manifest (`.jsonl`) beside the files that it names.

    An id that comes again with the same file is a second truth of one document; both are returned
    (real collections hold such pairs). Raises `CorpusError` for a missing manifest, a line that
    does not keep to the format, one id for two files, or a file that is missing or outside the
    folder.
    """
    manifest = folder if folder.suffix == ".jsonl" else folder / MANIFEST
    folder = manifest.parent
    if not manifest.is_file():
        raise CorpusError(f"{manifest}: no such file; a corpus folder holds a {MANIFEST}")
    documents_by_id: dict[str, TrueDocument] = {}
    count = 0
    for number, text in enumerate(_lines(manifest), start=1):
        if limit is not None and count >= limit:
            return
        if not text.strip():
            continue
        document = parse_document(text, folder, number, manifest.name)
        first = documents_by_id.setdefault(document.document_id, document)
        if first.path != document.path:
            raise CorpusError(
                f"{manifest} line {number}: id {document.document_id!r} names "
                f"{document.path} but on line {first.line} {first.path}"
            )
        count += 1
        yield document


def _lines(manifest: Path) -> Iterator[str]:
    with manifest.open(encoding="utf-8") as file:
        try:
            yield from file
        except UnicodeDecodeError as error:
            raise CorpusError(f"{manifest}: is not UTF-8 text ({error.reason})") from error


def parse_document(
    text: str, folder: Path, number: int = 1, manifest: str = MANIFEST
) -> TrueDocument:
    """The document of one manifest line; `number` is its line in `manifest`, for messages.

    Raises `CorpusError` as `read_corpus` does.
    """
    where = f"{folder / manifest} line {number}"
    try:
        record = _Document.model_validate(json.loads(text))
    except (json.JSONDecodeError, RecursionError) as error:
        raise CorpusError(f"{where}: not a JSON object: {error}") from error
    except PydanticError as error:
        raise CorpusError(f"{where}: {_first_problem(error)}") from error
    path = _path_inside(folder, record.file, f"{where}: file")
    words = None if record.words is None else _path_inside(folder, record.words, f"{where}: words")
    visible = record.fields if record.fields_visible is None else record.fields_visible
    return TrueDocument(
        document_id=record.id,
        path=path,
        document_type=record.document_type,
        fields=record.fields,
        fields_visible=frozenset(visible) & frozenset(record.fields),
        items=_items(record.line_items, f"{where}: line_items"),
        excluded=_items(record.excluded_rows, f"{where}: excluded_rows"),
        labels=record.labels,
        extra=record.model_extra or {},
        line=number,
        read_corpus_pages=None if words is None else partial(_read_corpus_pages, words, path),
    )


def _read_corpus_pages(words: Path, image: Path) -> tuple[Page, ...]:
    return (page_of_segments(words, image),)


def _path_inside(folder: Path, name: str, where: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CorpusError(f"{where}: {name!r} is outside the corpus folder")
    if not path.is_file():
        raise CorpusError(f"{where}: {path} does not exist")
    return path


def _first_problem(error: PydanticError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or "document"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{field}: {first['msg']}{more}"


def _items(records: list[_Item], where: str) -> tuple[TrueItem, ...]:
    return tuple(_item(record, f"{where}.{index}") for index, record in enumerate(records))


def _item(record: _Item, where: str) -> TrueItem:
    fields = record.model_dump(exclude=set(_NOT_VALUES)) | {
        "printed_rate": record.parts.printed_rate
    }
    values = {name: value for name, value in fields.items() if isinstance(value, str)}
    wordings = [record.description, *record.description_alternatives, record.description_visible]
    return TrueItem(
        values=values,
        visible=frozenset(values if record.visible is None else record.visible) & frozenset(values),
        wordings=tuple(dict.fromkeys(wording for wording in wordings if wording)),
        page=None if record.page is None else record.page - 1,
        box=None if record.bbox is None else _box(record.bbox, f"{where}.bbox"),
        cells={name: _box(edges, f"{where}.cells.{name}") for name, edges in record.cells.items()},
    )


def _box(edges: tuple[float, float, float, float], where: str) -> Box:
    try:
        return Box(*(float(edge) for edge in edges))
    except ValueError as error:
        raise CorpusError(f"{where}: {error}") from error
