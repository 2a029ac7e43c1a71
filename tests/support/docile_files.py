"""DocILE datasets written by the tests."""

import json
from pathlib import Path
from typing import Any

from PIL import Image

DOCID = "a1"


def labelled(fieldtype: str, text: str | None, box: list[float], **more: Any) -> dict[str, Any]:
    return {"fieldtype": fieldtype, "text": text, "bbox": box, "page": 0} | more


def cell(item: int, fieldtype: str, text: str, left: float, top: float = 0.5) -> dict[str, Any]:
    box = [left, top, left + 0.1, top + 0.02]
    return labelled(f"line_item_{fieldtype}", text, box, line_item_id=item)


FIELDS = [
    labelled("document_id", "INV 77", [0.7, 0.1, 0.8, 0.12]),
    labelled("date_issue", "25/03/2020", [0.7, 0.13, 0.8, 0.15]),
    labelled("vendor_name", "ACME\nInc.", [0.1, 0.05, 0.3, 0.1]),
    labelled("amount_due", "1,350.00", [0.8, 0.9, 0.95, 0.92]),
    labelled("vendor_address", "1 Road", [0.1, 0.11, 0.3, 0.13]),
]


CELLS = [
    cell(2, "description", "Nails", 0.2, 0.55),
    cell(2, "amount_gross", "100.00", 0.8, 0.55),
    cell(1, "position", "10", 0.05),
    cell(1, "description", "Screws M4", 0.2),
    cell(1, "quantity", "1,250", 0.4),
    cell(1, "unit_price_gross", "1.00", 0.6),
    cell(1, "amount_gross", "1,250.00", 0.8),
]


METADATA: dict[str, Any] = {
    "page_count": 1,
    "document_type": "tax_invoice",
    "cluster_id": 554,
    "currency": "usd",
    "source": "ucsf",
    "original_filename": "nkvc0055",
    "language": "eng",
    "page_to_table_grid": {},
}


WORDS = [("Screws", 0.2, 0.5), ("INV", 0.7, 0.1), ("77", 0.75, 0.1), ("1,250.00", 0.8, 0.5)]


def annotation(**changes: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {
        "field_extractions": FIELDS,
        "line_item_extractions": CELLS,
        "line_item_headers": [cell(0, "quantity", "Qty", 0.4, 0.45)],
        "metadata": METADATA,
    }
    return seen | changes


def ocr_page(words: list[tuple[str, float, float]]) -> dict[str, Any]:
    corners = [[[left, top], [left + 0.04, top + 0.02]] for _, left, top in words]
    read = [
        {"value": text, "confidence": 0.9, "geometry": place}
        for (text, _, _), place in zip(words, corners, strict=True)
    ]
    return {"page_idx": 0, "dimensions": [1600, 1200], "blocks": [{"lines": [{"words": read}]}]}


def write_dataset(
    folder: Path,
    seen: dict[str, Any] | None = None,
    *,
    ocr: Any = None,
    pdf: bool = False,
    index: Any = (DOCID,),
) -> Path:
    for name in ("annotations", "ocr", "pdfs"):
        (folder / name).mkdir(exist_ok=True)
    write(folder / "annotations" / f"{DOCID}.json", annotation() if seen is None else seen)
    write(folder / "ocr" / f"{DOCID}.json", {"pages": [ocr_page(WORDS)]} if ocr is None else ocr)
    write(folder / "val.json", list(index))
    if pdf:
        Image.new("L", (600, 800), 255).save(folder / "pdfs" / f"{DOCID}.pdf", resolution=72)
    return folder


def write(path: Path, content: Any) -> None:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
