"""Small labelled invoices made by the tests: PDFs with a text layer, and corpora of them."""

import json
from pathlib import Path
from typing import Any

GOODS = ("Hex bolt galvanised", "Washer steel large", "Threaded rod long", "Anchor for brick")


def invoice(number: int) -> tuple[bytes, list[dict[str, str]]]:
    """A one-page PDF with a text layer, and its line items."""
    items = []
    shown = [(60, 740, f"Invoice {4700 + number}"), (60, 715, "Acme Hardware Limited")]
    heads = zip((60, 300, 390, 480), ("Description", "Quantity", "Price", "Amount"), strict=True)
    shown += [(x, 660, text) for x, text in heads]
    for row, name in enumerate(GOODS[: 2 + number % 3]):
        quantity, cents = 2 + row + number, 125 + 50 * row
        amount = quantity * cents
        item = {
            "description": name,
            "quantity": str(quantity),
            "unit_price": f"{cents // 100}.{cents % 100:02}",
            "amount": f"{amount // 100}.{amount % 100:02}",
        }
        items.append(item)
        y = 630 - 24 * row
        shown += [(x, y, text) for x, text in zip((60, 300, 390, 480), item.values(), strict=True)]
    drawn = " ".join(f"BT /F 12 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in shown)
    parts = (
        "%PDF-1.4",
        "1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj",
        "2 0 obj <</Type /Pages /Kids [4 0 R] /Count 1>> endobj",
        "3 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj",
        "4 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R"
        " /Resources <</Font <</F 3 0 R>>>>>> endobj",
        f"5 0 obj <</Length {len(drawn)}>> stream\n{drawn}\nendstream endobj",
        "trailer <</Root 1 0 R>>\n%%EOF",
    )
    return "\n".join(parts).encode(), items


def row(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"doc-{number}",
        "file": f"{number}.pdf",
        "document_type": "invoice",
        "line_items": invoice(number)[1],
    } | more


def write_corpus(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.pdf").write_bytes(invoice(number)[0])
    write_lines(folder / "manifest.jsonl", *(row(number) for number in range(count)))
    return folder


def write_lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows))
    return path
