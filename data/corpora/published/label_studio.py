"""Reads a Label Studio export: tasks whose regions are labelled with our field names.

The export is the JSON one (a list of tasks with `data` and `annotations`; not JSON-MIN), beside the
labelled files. The project in Label Studio is set up as follows:

- Regions are rectangles (`RectangleLabels`, or `Rectangle` with `Labels`), each with a per-region
  `TextArea` for its text. Labels are our names: those of the header (`vendor_name`, `invoice_id`,
  `invoice_total`) and of a line (`quantity`, `unit_price`, `amount`). "Invoice Total" is read as
  `invoice_total`; labels that are none of our names are kept in `places` only.
- A line item is a region labelled `line_item` with the cells that are dragged into it in the
  outline (`parentID`), tied to it by a relation, or else have their middle in it. Cells that are
  tied to one another are a line item without such a region too. A cell of a line in no line item
  is an error. A row that is printed but must not be counted is labelled `excluded_row`.
- The document's type is the choice of a `Choices` control named `document_type`, or the task's
  `data.document_type`.
- The file is `data.pdf`, else `data.image`, `data.ocr` or `data.document`; a PDF labelled as page
  images has both, and `item_index` is the page.

Of several annotations of a task the last that was not skipped counts.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from data import labels
from data.corpora.checked_json import Form, read_bytes, read_form
from data.corpora.published.label_studio_regions import (
    Region,
    Result,
    read_choice,
    read_regions,
    read_ties,
)
from data.corpora.published.printed_texts import (
    DATE_NAMES,
    learn_habits,
    merge_texts,
    read_fields,
    read_row,
)
from data.corpora.truth import CorpusError, TrueDocument, TrueItem, TruePlace, boxes_by_name
from data.records import Box

log = logging.getLogger(__name__)

ROW, EXCLUDED = "line_item", "excluded_row"
FILE_KEYS: tuple[str, ...] = ("pdf", "image", "ocr", "document")
LINE_NAMES = frozenset({*labels.LINE_TAGS, "charge_amount", "start_date", "end_date"})
FIELD_NAMES = frozenset(
    {
        *labels.HEADER_TAGS,
        *labels.DOCUMENT_ID_NAMES.values(),
        *labels.DOCUMENT_DATE_NAMES.values(),
        *(DATE_NAMES - LINE_NAMES),
    }
)
_UPLOAD_MARK = re.compile(r"^[0-9a-f]{8}-")  # put before the name of an uploaded file


class _Annotation(Form):
    result: list[Result]
    was_cancelled: bool = False
    id: int | str | None = None


class _Task(Form):
    id: int | str
    data: dict[str, Any]
    annotations: list[_Annotation]


def read_documents(path: Path) -> Iterator[TrueDocument]:
    """Yield the labelled tasks of an export (`export.json`, or a folder with it), in its order.

    Tasks that nobody labelled, or that were skipped, are left out. Files are looked up beside the
    export by the end of their address (`/data/local-files/?d=a/b.png` is `a/b.png` or `b.png`).
    `line` is the task's place in the export, from 1. Raises `CorpusError` for an export that does
    not keep to the format, an id of two tasks, or a file that is missing.
    """
    export = find_export(path)
    task_numbers: dict[str, int] = {}
    for number, task in enumerate(_tasks(export), start=1):
        where = f"{export} task {number}"
        read = read_form(_Task, json.dumps(task), where)
        name = str(read.id)
        if task_numbers.setdefault(name, number) != number:
            raise CorpusError(f"{where}: id {name!r} is also that of task {task_numbers[name]}")
        completed = [
            index
            for index, annotation in enumerate(read.annotations)
            if not annotation.was_cancelled
        ]
        if not completed:
            log.info("%s: id %s is not labelled, left out", export, name)
            continue
        yield _document(read, completed[-1], export, number)


def find_export(path: Path) -> Path:
    """Return the export file; raise `CorpusError` where the folder does not hold exactly one."""
    if path.is_file():
        return path
    files = sorted(path.glob("*.json"))
    if len(files) != 1:
        names = ", ".join(file.name for file in files[:5]) or "none"
        raise CorpusError(f"{path}: want one Label Studio export (.json) in it, found {names}")
    return files[0]


def _tasks(export: Path) -> list[Any]:
    try:
        tasks = json.loads(read_bytes(export))
    except ValueError as error:
        raise CorpusError(f"{export}: not JSON: {error}") from error
    if not isinstance(tasks, list):
        raise CorpusError(f"{export}: want a list of tasks, got {type(tasks).__name__}")
    return tasks


def _document(task: _Task, chosen: int, export: Path, number: int) -> TrueDocument:
    annotation = task.annotations[chosen]
    task_place = f"{export} task {number}"
    where = f"{task_place}: annotations.{chosen}.result"
    regions = read_regions(annotation.result, where)
    groups = _group_regions(annotation.result, regions, where)
    kind = read_choice(annotation.result, "document_type") or task.data.get("document_type")
    document_type = _document_type(kind)
    header_texts = _header_texts(groups.header, document_type.split(":")[0])
    habits = learn_habits(header_texts, [_row_texts(row) for row in groups.rows])
    fields = read_fields(header_texts, habits)
    return TrueDocument(
        document_id=str(task.id),
        path=_file(task.data, export.parent, f"{task_place}: data"),
        document_type=document_type,
        fields=fields,
        fields_visible=frozenset(fields),
        items=tuple(_item(row, read_row(_row_texts(row), habits)) for row in groups.items),
        excluded=tuple(_item(row, read_row(_row_texts(row), habits)) for row in groups.excluded),
        labels="Label Studio annotations",
        extra={key: value for key, value in task.data.items() if key not in FILE_KEYS}
        | {"annotation": annotation.id},
        line=number,
        places=_places(regions, groups.rows),
    )


def _document_type(kind: object) -> str:
    """Our name of the type; `other:NAME` for a type not of ours, "other" where none is labelled."""
    if not isinstance(kind, str) or not kind.strip():
        return "other"
    name = "_".join(kind.casefold().split())
    return name if name in labels.DOCUMENT_TYPES else f"other:{name}"


@dataclass(frozen=True, slots=True)
class _Groups:
    """The regions of each line item, of each excluded row, and those of the header."""

    items: list[list[Region]]
    excluded: list[list[Region]]
    header: list[Region]

    @property
    def rows(self) -> list[list[Region]]:
        """The line items, then the excluded rows."""
        return [*self.items, *self.excluded]


def _group_regions(results: Sequence[Result], regions: Mapping[str, Region], where: str) -> _Groups:
    """Group the regions of an annotation by line item; raise `CorpusError` for a stray cell."""
    lines = {name: region for name, region in regions.items() if _is_in_line_item(region)}
    group = {name: name for name in lines}  # region -> the chief region of its group
    for first, second in read_ties(results, lines):
        _merge_groups(group, first, second)
    for region in lines.values():
        _put_into_row(region, lines, group, where)
    chiefs = dict.fromkeys(group.values())
    groups = [[lines[name] for name in lines if group[name] == chief] for chief in chiefs]
    header = [region for region in regions.values() if region.region_id not in lines]
    header += [row[0] for row in groups if len(row) == 1 and not _is_row(row[0])]
    rows = sorted((row for row in groups if len(row) > 1 or _is_row(row[0])), key=_position)
    excluded = [row for row in rows if any(EXCLUDED in region.names for region in row)]
    return _Groups([row for row in rows if row not in excluded], excluded, header)


def _put_into_row(
    region: Region, lines: Mapping[str, Region], group: dict[str, str], where: str
) -> None:
    """Put a region that is tied to no row into the row around it.

    A single region may stay outside all rows if its name is also one of the header.
    """
    tied = [name for name in lines if group[name] == group[region.region_id]]
    if any(_is_row(lines[name]) for name in tied):
        return
    around = [row for row in lines.values() if _is_row(row) and _contains(row, region)]
    shown = f"{where}: region {region.region_id!r} ({region.names[0]})"
    if len(around) > 1:
        raise CorpusError(
            f"{shown} lies in {len(around)} line items; drag it into the right one in the outline"
        )
    if around:
        _merge_groups(group, around[0].region_id, region.region_id)
    elif len(tied) == 1 and not FIELD_NAMES.intersection(region.names):
        raise CorpusError(
            f"{shown} belongs to no line item; draw a region labelled {ROW!r} around its row"
        )


def _is_in_line_item(region: Region) -> bool:
    return _is_row(region) or any(name in LINE_NAMES for name in region.names)


def _is_row(region: Region) -> bool:
    return ROW in region.names or EXCLUDED in region.names


def _merge_groups(group: dict[str, str], first: str, second: str) -> None:
    first_chief, second_chief = group[first], group[second]
    for region_id, chief in group.items():
        if chief == second_chief:
            group[region_id] = first_chief


def _contains(row: Region, region: Region) -> bool:
    x, y = region.box.center
    box = row.box
    return row.page == region.page and box.left <= x <= box.right and box.top <= y <= box.bottom


def _position(row: Sequence[Region]) -> tuple[int, float, float]:
    return min((region.page, region.box.top, region.box.left) for region in row)


def _header_texts(regions: Sequence[Region], kind: str) -> dict[str, str]:
    texts_by_name = _texts_by_name(regions, FIELD_NAMES)
    named = {labels.header_name(name, kind): texts for name, texts in texts_by_name.items()}
    read = {name: merge_texts(name, texts) for name, texts in named.items()}
    return {name: text for name, text in read.items() if text is not None}


def _row_texts(regions: Sequence[Region]) -> dict[str, str]:
    read = {
        name: merge_texts(name, texts)
        for name, texts in _texts_by_name(regions, LINE_NAMES).items()
    }
    return {name: text for name, text in read.items() if text is not None}


def _texts_by_name(regions: Sequence[Region], names: frozenset[str]) -> dict[str, list[str]]:
    """The texts by name, from top to bottom."""
    texts_by_name: dict[str, list[str]] = {}
    for region in sorted(regions, key=lambda region: _position([region])):
        for name in region.names if region.text is not None else ():
            if name in names:
                texts_by_name.setdefault(name, []).append(region.text or "")
    return texts_by_name


def _item(row: Sequence[Region], values: dict[str, str]) -> TrueItem:
    """The line item with its box on its first page."""
    page = min(region.page for region in row)
    on_page = [region for region in row if region.page == page]
    box = reduce(Box.union, [region.box for region in on_page])
    places = [(name, region) for region in on_page for name in region.names if name in LINE_NAMES]
    wording = values.get("description")
    return TrueItem(
        values,
        frozenset(values),
        (wording,) if wording else (),
        page,
        box,
        boxes_by_name(places),
    )


def _places(
    regions: Mapping[str, Region], rows: Sequence[Sequence[Region]]
) -> tuple[TruePlace, ...]:
    """Every label with its box; cells carry the number of their row from 0, excluded ones last."""
    row_of = {region.region_id: number for number, row in enumerate(rows) for region in row}
    return tuple(
        TruePlace(
            name if name in LINE_NAMES | FIELD_NAMES | {ROW, EXCLUDED} else label,
            region.page,
            region.box,
            region.text,
            row_of.get(region.region_id),
        )
        for region in regions.values()
        for name, label in zip(region.names, region.labels, strict=True)
    )


def _file(data: Mapping[str, Any], folder: Path, where: str) -> Path:
    key = next((key for key in FILE_KEYS if isinstance(data.get(key), str) and data[key]), None)
    if key is None:
        raise CorpusError(
            f"{where}: names no file; want its address in {', '.join(FILE_KEYS[:-1])} or "
            f"{FILE_KEYS[-1]}"
        )
    for name in _names(data[key]):
        path = folder / name
        try:
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                return path
        except OSError:  # the address cannot be a file's name
            continue
    raise CorpusError(
        f"{where}.{key}: {data[key]!r} is not under {folder}; put the labelled files beside "
        "the export"
    )


def _names(address: str) -> Iterator[Path]:
    """Yield the paths below the export at which a file may lie: the whole path, then its ends."""
    split = urlsplit(address)
    path = split.query.partition("d=")[2] if "/local-files" in split.path else split.path
    parts = [part for part in PurePosixPath(unquote(path)).parts if part not in ("/", "..", ".")]
    for start in range(len(parts)):
        yield Path(*parts[start:])
    if parts:
        yield Path(_UPLOAD_MARK.sub("", parts[-1]))
