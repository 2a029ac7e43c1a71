"""Disputes on disk: a folder each, and a manifest that makes the folder of folders a corpus."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

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
    make_dispute,
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
from data.synthesis.stories.perfect_readings import (
    delivery_exceptions,
    readings_json,
    unscored_fields,
)
from data.synthesis.stories.text_pdf import pdf_of_sheets
from data.synthesis.stories.trade.findings import STANDARD_CODES, Pointer, Variance, number_text
from data.synthesis.stories.trade.outcomes import dispute_status, line_verdicts

# Resolution of scans; "text": PDFs with a text layer; None: no documents, the JSON alone.
Dpi = int | Literal["text"] | None
LABELS = "invented with the dispute"
# Values of the manifest that no reader has to read under that name.
_UNREAD = frozenset({"unit_code", "po_line_number"})


def write_disputes(
    folder: Path, seed: int, count: int, case: str | None = None, dpi: Dpi = DPI
) -> None:
    """Write disputes 0 to count - 1 of a seed, each into a folder of its own, and `manifest.jsonl`.

    The manifest holds the documents that have a file to themselves; a file with two documents, or a
    document in two files, is listed in its dispute's `truth.json` alone. `case` as in
    `make_dispute`. With `dpi` None nothing is drawn and only the JSON is written, with "text" the
    files are PDFs with a text layer instead of scans. Raises ValueError for an unknown case.
    """
    entries: list[Json] = []
    for index in range(count):
        dispute = make_dispute(seed, index, case)
        dispute_id, bundle = dispute.dispute_id, dispute.story.trade.bundle
        for entry in write_dispute(folder / dispute_id, dispute, dpi):
            if not (bundle and _is_bundled(entry)):
                entries.append(entry | {"file": f"{dispute_id}/{entry['file']}"})
    lines = (json.dumps(entry, ensure_ascii=False) for entry in entries)
    text = "".join(f"{line}\n" for line in lines)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")


def _is_bundled(entry: Json) -> bool:
    return str(entry["file"]).startswith("invoice")


def write_dispute(folder: Path, dispute: Dispute, dpi: Dpi = DPI) -> list[Json]:
    """Write the scans and JSON files of one dispute; returns its entries for the manifest.

    The JSON files are `dispute.json`, `documents.json` (the documents as a perfect reader reads
    them) and `truth.json`. `dpi` as in `write_disputes`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if dpi == "text":
        dispute = _with_pdf_files(dispute)
        _write_pdfs(folder, dispute)
    words = _draw(folder, dispute, dpi) if isinstance(dpi, int) else clean_words(dispute)
    truth = truth_json(dispute, words)
    entries: list[Json] = truth["documents"]
    _write_json(folder / "dispute.json", dispute_json(dispute.story.trade))
    _write_json(folder / "documents.json", readings_json(entries))
    _write_json(folder / "truth.json", truth)
    return entries


def _with_pdf_files(dispute: Dispute) -> Dispute:
    files = [File(f"{Path(file.name).stem}.pdf", "pdf", file.pages) for file in dispute.files]
    return replace(dispute, files=tuple(files))


def _write_pdfs(folder: Path, dispute: Dispute) -> None:
    for file in dispute.files:
        sheets = [dispute.papers[page.paper].sheets[page.sheet] for page in file.pages]
        (folder / file.name).write_bytes(pdf_of_sheets(sheets))


def _draw(folder: Path, dispute: Dispute, dpi: int) -> Words:
    """Write the scanned files; returns their words with boxes."""
    pages = render(dispute, dpi)
    for file in dispute.files:
        _save(folder / file.name, file, [pages[page.paper][page.sheet] for page in file.pages], dpi)
    return tuple(tuple(scan.words for scan in scans) for scans in pages)


def _save(path: Path, file: File, scans: Sequence[Scan], dpi: int) -> None:
    images = [Image.fromarray(scan.grey) for scan in scans]
    if file.format == "png":
        images[0].quantize(16).save(path, optimize=True)
    elif file.format == "jpg":
        images[0].save(path, "JPEG", quality=75, dpi=(dpi, dpi))
    else:
        epoch = time.gmtime(0)  # a fixed date: the file depends on the seed alone
        images[0].save(
            path, "PDF", resolution=dpi, quality=70, save_all=True, append_images=images[1:],
            creationDate=epoch, modDate=epoch,
        )  # fmt: skip


def truth_json(dispute: Dispute, words: Words) -> Json:
    """Return all true facts of the dispute; `words` hold the boxes where they are printed."""
    trade = dispute.story.trade
    return {
        "dispute": dispute.dispute_id,
        "incidents": [incident.name for incident in dispute.story.incidents],
        "edge_cases": list(dispute.story.cases),
        "documents": [
            entry
            for number in range(len(dispute.papers))
            for entry in _documents(dispute, number, words)
        ],
        "variances": [_variance_json(dispute, variance, words) for variance in dispute.variances],
        "status": dispute_status(trade, dispute.variances),
        "lines": verdicts_json(line_verdicts(trade, dispute.variances), dispute.variances),
        "shown": [
            place
            for pointer in dispute.story.must_print
            for place in _evidence(dispute, pointer, words)
        ],
        "short_payments": settlements_json(trade),
        "conditions": conditions_json(trade),
    }


def _documents(dispute: Dispute, number: int, words: Words) -> list[Json]:
    """Return the manifest entries of one paper: one for each file that holds some of its pages."""
    paper = dispute.papers[number]
    files: dict[str, list[int]] = {}
    for sheet in range(len(paper.sheets)):
        file, page = dispute.find_page(number, sheet)
        files.setdefault(file.name, []).append(page + 1)
    entries = []
    for place, (name, numbers) in enumerate(files.items()):
        sheets = [
            sheet
            for sheet in range(len(paper.sheets))
            if dispute.find_page(number, sheet)[0].name == name
        ]
        suffix = "" if len(files) == 1 else f"-{place + 1}"
        entries.append(
            {
                "id": f"{dispute.dispute_id}-{paper.key}{suffix}",
                "file": name,
                "document_type": paper.content.document_type,
                "kind": paper.content.kind,
                "dispute": dispute.dispute_id,
                "layout": paper.family,
                "pages": numbers,
                **_fields(paper, sheets),
                "line_items": _items(dispute, number, sheets, words),
                "labels": LABELS,
                **_unscored(dispute, paper, sheets),
            }
        )
    return entries


def _unscored(dispute: Dispute, paper: Paper, sheets: Sequence[int]) -> Json:
    """Return printed facts on which no reader is scored; keys without a value are left out."""
    trade, facts = dispute.story.trade, Json()
    if fields := unscored_fields(trade, paper, sheets):
        facts["also_printed"] = fields
    if paper.content.kind == "proof_of_delivery":
        proofs = [other for other in dispute.papers if other.content.kind == paper.content.kind]
        if remarks := delivery_exceptions(trade, paper, proofs.index(paper)):
            facts["exceptions"] = remarks
    return facts


def _fields(paper: Paper, sheets: Sequence[int]) -> Json:
    kind, header = paper.content.document_type, paper.content.header
    printed = {ink.tag for sheet, _, ink in paper.inks() if sheet in sheets}
    return {
        "fields": {header_name(tag, kind): value for tag, value in header.items()},
        "fields_visible": [header_name(tag, kind) for tag in header if tag in printed],
    }


def _items(dispute: Dispute, number: int, sheets: Sequence[int], words: Words) -> list[Json]:
    paper = dispute.papers[number]
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
        printed = paper.row_texts(place)
        values = dict(row.values)
        values["description"] = printed.get("description", values["description"])
        item: Json = {
            **values,
            "line_type": row.line_type,
            "row": row.key,
            "page": dispute.find_page(number, first)[1] + 1,
            "bbox": _edges(_union(boxes)),
            "visible": [name for name in values if name in printed and name not in _UNREAD],
        }
        if row.struck_quantity is not None:
            item["alternatives"] = {"quantity": [row.struck_quantity]}
        items.append(item)
    return items


def _variance_json(dispute: Dispute, variance: Variance, words: Words) -> Json:
    codes = STANDARD_CODES[variance.code]
    evidence = [
        place for pointer in variance.evidence for place in _evidence(dispute, pointer, words)
    ]
    return {
        "code": variance.code,
        "state": variance.state,
        "po_line_number": variance.po_line,
        "quantity": _text(variance.quantity),
        "amount": _text(variance.amount),
        "currency": variance.currency,
        "formula": variance.formula,
        "standard_codes": {"x12_426": list(codes.x12_426), "peppol_reason": codes.peppol_reason},
        "document_id": f"{dispute.dispute_id}-{variance.document}",
        "evidence": evidence,
        "printed": bool(evidence) and all(place["printed"] for place in evidence),
    }


def _evidence(dispute: Dispute, pointer: Pointer, words: Words) -> list[Json]:
    """Return the printed places of a pointer, one a page; else one entry with `printed` false."""
    places: list[Json] = []
    for number, paper in enumerate(dispute.papers):
        words_by_sheet: dict[int, list[tuple[str, Box]]] = {}
        for sheet, place, ink in paper.find_words(pointer):
            words_by_sheet.setdefault(sheet, []).append((ink.text, words[number][sheet][place].box))
        for sheet, sheet_words in words_by_sheet.items():
            boxes = [box for _, box in sheet_words]
            file, page = dispute.find_page(number, sheet)
            places.append(
                {
                    "document_id": f"{dispute.dispute_id}-{paper.key}",
                    "file": file.name,
                    "field": pointer.field,
                    "row": pointer.row,
                    "text": " ".join(text for text, _ in sheet_words),
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
