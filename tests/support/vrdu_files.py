"""VRDU corpora written by the tests."""

import gzip
import json
from pathlib import Path
from typing import Any

META = {
    "dataset_name": "DeepForm",
    "entity_name_to_match_func": {"gross_amount": "PriceMatch", "sub_amount": "PriceMatch"},
    "entity_appearance_pattern": {"gross_amount": "unrepeated", "sub_amount": "line_item"},
}


def labelled(text: str, page: int = 0, top: float = 0.1) -> list[Any]:
    return [text, [page, 0.1, top, 0.3, top + 0.02], [[0, len(text)]]]


def line(*annotations: Any, name: str = "a.pdf", pages: int = 1) -> dict[str, Any]:
    ocr_pages = [
        {
            "page_id": number,
            "dimension": {"width": 1700, "height": 2200},
            "tokens": [
                {"text": "Gross\n", "bbox": [number, 0.3, 0.9, 0.4, 0.92]},
                {"text": "Order", "bbox": [number, 0.1, 0.1, 0.2, 0.12]},
            ],
        }
        for number in range(pages)
    ]
    ocr = {"text": "Order Gross", "pages": ocr_pages}
    return {"filename": name, "ocr": ocr, "annotations": list(annotations)}


def corpus(folder: Path, *lines: object, **meta: Any) -> Path:
    main = folder / "main"
    main.mkdir(parents=True)
    (main / "meta.json").write_text(json.dumps(META | meta))
    with gzip.open(main / "dataset.jsonl.gz", "wt", encoding="utf-8") as file:
        for one in lines:
            file.write((one if isinstance(one, str) else json.dumps(one)) + "\n")
    return folder
