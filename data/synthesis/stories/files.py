"""Disputes on disk: a folder each, and a manifest that makes the folder of folders a corpus."""

import json
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image

from data.labels import header_name
from data.records import Box
from data.synthesis.stories.dispute import (
    DPI,
    Dispute,
    File,
    Scan,
    Words,
    clean_words,
    dispute,
    render,
)
from data.synthesis.stories.order_data import (
    Json,
    conditions_json,
    dispute_json,
    settlements_json,
    verdicts_json,
)
from data.synthesis.stories.papers.layout_search import Paper
from data.synthesis.stories.perfect_readings import also_printed, exceptions_of, readings_json
from data.synthesis.stories.trade.findings import STANDARD_CODES, Pointer, Variance, number_text
from data.synthesis.stories.trade.outcomes import status, verdicts

LABELS = "invented with the dispute"
# Tags that are read differently than they are called in the manifest, or not at all.
_SILENT = frozenset({"unit_code", "po_line_number"})


def write_disputes(
    folder: Path, seed: int, count: int, case: str | None = None, dpi: int | None = DPI
) -> None:
    """Write disputes 0 to count - 1 of a seed, each into a folder of its own, and `manifest.jsonl`.

    The manifest holds the documents that have a file to themselves; a file with two documents, or a
    document in two files, stands in its dispute's `truth.json` alone. `case` as in `dispute`. With
    `dpi` None nothing is drawn: the JSON alone is written. Raises ValueError for an unknown case.
    """
    entries: list[Json] = []
    for index in range(count):
        one = dispute(seed, index, case)
        found = write_one(folder / one.dispute_id, one, dpi)
        alone = found if not one.story.trade.bundle else [e for e in found if not _is_bundled(e)]
        entries += [entry | {"file": f"{one.dispute_id}/{entry['file']}"} for entry in alone]
    lines = (json.dumps(entry, ensure_ascii=False) for entry in entries)
    text = "".join(f"{line}\n" for line in lines)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")


def _is_bundled(entry: Json) -> bool:
    return str(entry["file"]).startswith("invoice")


def write_one(folder: Path, one: Dispute, dpi: int | None = DPI) -> list[Json]:
    """Write the scans, `dispute.json`, `documents.json` and `truth.json`; returns the entries.

    `documents.json` holds the documents as a perfect reader reads them. No scans with `dpi` None.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = clean_words(one) if dpi is None else _draw(folder, one, dpi)
    truth = truth_json(one, words)
    entries: list[Json] = truth["documents"]
    _write_json(folder / "dispute.json", dispute_json(one.story.trade))
    _write_json(folder / "documents.json", readings_json(entries))
    _write_json(folder / "truth.json", truth)
    return entries


def _draw(folder: Path, one: Dispute, dpi: int) -> Words:
    """Write the files as scanned; returns where their words lie."""
    pages = render(one, dpi)
    for file in one.files:
        _save(folder / file.name, file, [pages[page.paper][page.sheet] for page in file.pages], dpi)
    return tuple(tuple(scan.words for scan in scans) for scans in pages)


def _save(path: Path, file: File, scans: Sequence[Scan], dpi: int) -> None:
    images = [Image.fromarray(scan.grey) for scan in scans]
    if file.format == "png":
        images[0].quantize(16).save(path, optimize=True)
    elif file.format == "jpg":
        images[0].save(path, "JPEG", quality=75, dpi=(dpi, dpi))
    else:
        still = time.gmtime(0)  # the file depends on the seed alone
        images[0].save(
            path, "PDF", resolution=dpi, quality=70, save_all=True, append_images=images[1:],
            creationDate=still, modDate=still,
        )  # fmt: skip


def truth_json(one: Dispute, words: Words) -> Json:
    """Everything that is true of the dispute; `words` say where it is printed."""
    trade = one.story.trade
    return {
        "dispute": one.dispute_id,
        "incidents": [incident.name for incident in one.story.incidents],
        "edge_cases": list(one.story.cases),
        "documents": [
            entry for number in range(len(one.papers)) for entry in _documents(one, number, words)
        ],
        "variances": [_variance(one, found, words) for found in one.variances],
        "status": status(trade, one.variances),
        "lines": verdicts_json(verdicts(trade, one.variances), one.variances),
        "shown": [place for pointer in one.story.shows for place in _evidence(one, pointer, words)],
        "short_payments": settlements_json(trade),
        "conditions": conditions_json(trade),
    }


def _documents(one: Dispute, number: int, words: Words) -> list[Json]:
    """The manifest's entries of one paper: one for each file that it lies in."""
    paper = one.papers[number]
    files: dict[str, list[int]] = {}
    for sheet in range(len(paper.sheets)):
        file, page = one.place(number, sheet)
        files.setdefault(file.name, []).append(page + 1)
    entries = []
    for place, (name, numbers) in enumerate(files.items()):
        sheets = [
            sheet for sheet in range(len(paper.sheets)) if one.place(number, sheet)[0].name == name
        ]
        suffix = "" if len(files) == 1 else f"-{place + 1}"
        entries.append(
            {
                "id": f"{one.dispute_id}-{paper.key}{suffix}",
                "file": name,
                "document_type": paper.content.document_type,
                "kind": paper.content.kind,
                "dispute": one.dispute_id,
                "pages": numbers,
                **_fields(paper, sheets),
                "line_items": _items(one, number, sheets, words),
                "labels": LABELS,
                **_unscored(one, paper, sheets),
            }
        )
    return entries


def _unscored(one: Dispute, paper: Paper, sheets: Sequence[int]) -> Json:
    """What is printed and no reader is scored on; only what there is."""
    trade, found = one.story.trade, Json()
    if said := also_printed(trade, paper, sheets):
        found["also_printed"] = said
    if paper.content.kind == "proof_of_delivery":
        same = [other for other in one.papers if other.content.kind == paper.content.kind]
        if remarks := exceptions_of(trade, paper, same.index(paper)):
            found["exceptions"] = remarks
    return found


def _fields(paper: Paper, sheets: Sequence[int]) -> Json:
    kind, header = paper.content.document_type, paper.content.header
    printed = {ink.tag for sheet, _, ink in paper.inks() if sheet in sheets}
    return {
        "fields": {header_name(tag, kind): value for tag, value in header.items()},
        "fields_visible": [header_name(tag, kind) for tag in header if tag in printed],
    }


def _items(one: Dispute, number: int, sheets: Sequence[int], words: Words) -> list[Json]:
    paper = one.papers[number]
    items = []
    for place, row in enumerate(paper.content.rows):
        inks = [
            (sheet, word, ink) for sheet, word, ink in paper.inks()
            if ink.item == place and sheet in sheets
        ]  # fmt: skip
        if not inks:
            continue
        first = min(sheet for sheet, _, _ in inks)
        boxes = [words[number][sheet][word].box for sheet, word, _ in inks if sheet == first]
        printed = paper.printed(place)
        values = dict(row.values)
        values["description"] = printed.get("description", values["description"])
        item: Json = {
            **values,
            "line_type": row.line_type,
            "row": row.key,
            "page": one.place(number, first)[1] + 1,
            "bbox": _edges(_union(boxes)),
            "visible": [name for name in values if name in printed and name not in _SILENT],
        }
        if row.struck is not None:
            item["alternatives"] = {"quantity": [row.struck]}
        items.append(item)
    return items


def _variance(one: Dispute, found: Variance, words: Words) -> Json:
    codes = STANDARD_CODES[found.code]
    evidence = [place for pointer in found.evidence for place in _evidence(one, pointer, words)]
    return {
        "code": found.code,
        "state": found.state,
        "po_line_number": found.po_line,
        "quantity": _text(found.quantity),
        "amount": _text(found.amount),
        "currency": found.currency,
        "formula": found.formula,
        "standard_codes": {"x12_426": list(codes.x12_426), "peppol_reason": codes.peppol_reason},
        "document_id": f"{one.dispute_id}-{found.document}",
        "evidence": evidence,
        "printed": bool(evidence) and all(place["printed"] for place in evidence),
    }


def _evidence(one: Dispute, pointer: Pointer, words: Words) -> list[Json]:
    """Where a pointer's words are, for each page that has them; else that they are on none."""
    places: list[Json] = []
    for number, paper in enumerate(one.papers):
        found: dict[int, list[tuple[str, Box]]] = {}
        for sheet, place, ink in paper.find(pointer):
            found.setdefault(sheet, []).append((ink.text, words[number][sheet][place].box))
        for sheet, seen in found.items():
            boxes = [box for _, box in seen]
            file, page = one.place(number, sheet)
            places.append(
                {
                    "document_id": f"{one.dispute_id}-{paper.key}",
                    "file": file.name,
                    "field": pointer.field,
                    "row": pointer.row,
                    "text": " ".join(text for text, _ in seen),
                    "page": page + 1,
                    "bbox": _edges(_union(boxes)),
                    "boxes": [_edges(box) for box in boxes],
                    "printed": True,
                }
            )
    if places:
        return places
    missing = {"document": pointer.document, "field": pointer.field, "row": pointer.row}
    return [{**missing, "printed": False}]


def _union(boxes: Sequence[Box]) -> Box:
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.union(box)
    return whole


def _edges(box: Box) -> list[float]:
    return [round(edge, 5) for edge in (box.left, box.top, box.right, box.bottom)]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else number_text(number)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
