"""Writes a whole dispute to disk: scanned invoice, delivery note, order, receipts, the truth.

Every dispute holds one line billed above what was received, one line priced above the order, one
line ordered by the case and billed by the piece, and lines that tie out. The invoice has no tax,
freight or discount, so that its total is the sum of its lines.
"""

import json
import random
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PIL import Image

from data.corpora.damage import Damage, light_damage
from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import Deal, DealLine, Pair, make_deal, round_money
from data.synthesis.commerce.styles import pick_style
from data.synthesis.commerce.tagged_text import Span
from data.synthesis.layouts import blocks, columns
from data.synthesis.layouts.sheets import Sheet
from data.synthesis.layouts.tables import Flow, Row, Setting, Table, lay_out
from data.synthesis.layouts.typesetting import set_table
from data.synthesis.paper.rendering import face_of, scan

_PACK = Decimal(12)
_PAPER = (612.0, 792.0)  # US letter, points
_TERMS = (
    "Payment is due on the date stated above. Please quote the invoice number.",
    "Claims must be made within 7 days of delivery.",
)
_PACK_UNIT, _PIECE = "CS", "EA"


@dataclass(frozen=True, slots=True)
class Trade:
    """One order line, as received and as billed; the ordered unit holds `factor` pieces."""

    po_line: str
    product: catalogues.Product
    unit: str
    factor: Decimal
    ordered: Decimal
    order_price: Decimal
    received: Decimal
    billed: Decimal  # in pieces
    billed_price: Decimal  # per piece

    @property
    def amount(self) -> Decimal:
        return round_money(self.billed * self.billed_price)


def write_dispute(folder: Path, seed: int, *, lines: int = 7, dpi: int = 200) -> None:
    """Write `invoice.pdf`, `delivery_note.png`, `dispute.json` and `truth.json` into the folder.

    `lines` is at least 3: one overbilled, one overpriced, one in another unit.
    """
    if lines < 3:
        raise ValueError(f"a dispute needs at least 3 lines, got {lines}")
    rng = random.Random(f"dispute/{seed}")
    style = replace(
        pick_style(rng, "en"), currency="USD", point=".", group=",", sign="$", indian=False,
        sign_place=rng.choice(("none", "before_glued")), negative="minus", price_places=2,
        money_places=2, quantity_places=0,
        date_format=rng.choice(("%m/%d/%Y", "%b %d, %Y", "%Y-%m-%d")),
    )  # fmt: skip
    deal = make_deal(rng, "invoice", style, lines, "goods")
    trades = make_trades(rng, deal)
    note = _make_delivery_note(rng, deal, trades)
    _set_billed_lines(deal, trades)
    folder.mkdir(parents=True, exist_ok=True)
    damage = light_damage(rng)
    _save_invoice(folder / "invoice.pdf", _invoice_sheet(rng, deal), rng, damage, dpi)
    grey, _ = scan(_note_sheet(rng, note), "sans", rng, replace(damage, noise=0.0), dpi * 8)
    Image.fromarray(grey).quantize(16).save(folder / "delivery_note.png", optimize=True)
    _write_json(folder / "dispute.json", _order_data(deal, note, trades))
    _write_json(folder / "truth.json", _truth(deal, note, trades))


def make_trades(rng: random.Random, deal: Deal) -> list[Trade]:
    """Draw order lines with receipts and bills; three do not tie out as ordered (see module)."""
    places = rng.sample(range(len(deal.lines)), 3)
    trades = []
    for place, line in enumerate(deal.lines):
        price = round_money(Decimal(str(round(min(2.718 ** rng.gauss(2.2, 0.8), 180.0), 2))))
        ordered = Decimal(rng.choice((6, 10, 12, 20, 24, 30, 36, 40, 48, 60)))
        product = line.product._replace(unit=_PIECE)
        po_line = str((place + 1) * 10)
        trade = Trade(po_line, product, _PIECE, Decimal(1), ordered, price, ordered, ordered, price)
        if place == places[0]:
            short = Decimal(rng.randint(1, max(int(ordered) // 5, 1)))
            trade = replace(trade, received=ordered - short)
        elif place == places[1]:
            over = round_money(price * Decimal(rng.randint(4, 15)) / 100)
            trade = replace(trade, billed_price=price + max(over, Decimal("0.05")))
        elif place == places[2]:
            cases = Decimal(rng.randint(2, 9))
            trade = replace(
                trade, unit=_PACK_UNIT, factor=_PACK, ordered=cases, received=cases,
                order_price=price * _PACK, billed=cases * _PACK,
            )  # fmt: skip
        trades.append(trade)
    return trades


def _set_billed_lines(deal: Deal, trades: list[Trade]) -> None:
    """Set the billed quantities and prices as the lines of the deal."""
    deal.shipping = deal.deduction = Decimal(0)
    for place, (line, trade) in enumerate(zip(deal.lines, trades, strict=True)):
        line.number, line.product = str(place + 1), trade.product
        line.quantity, line.price = trade.billed, trade.billed_price
        line.base, line.tax_rate, line.discount_rate = Decimal(1), Decimal(0), Decimal(0)


def _make_delivery_note(rng: random.Random, deal: Deal, trades: list[Trade]) -> Deal:
    """Return the goods that the vendor shipped, in the units of the order."""
    note_lines = []
    for place, (line, trade) in enumerate(zip(deal.lines, trades, strict=True)):
        note_lines.append(
            DealLine(
                number=str(place + 1),
                product=trade.product._replace(unit=trade.unit),
                quantity=trade.received,
                price=trade.order_price,
                base=Decimal(1),
                discount_rate=Decimal(0),
                tax_rate=Decimal(0),
                day=line.day,
                ordered=trade.ordered,
                po_number=deal.po_number,
            )
        )
    day = deal.day - timedelta(days=rng.randint(2, 6))
    return replace(
        deal,
        document_type="delivery_note",
        lines=note_lines,
        number=catalogues.number(rng),
        day=day,
    )


def _invoice_sheet(rng: random.Random, deal: Deal) -> Sheet:
    pairs = [
        Pair(
            rng.choice(("Invoice No.", "Invoice #", "Invoice Number")), deal.number, "document_id"
        ),
        Pair(rng.choice(("Invoice Date", "Date")), deal.style.day(deal.day), "document_date"),
        Pair(rng.choice(("PO Number", "Your Order", "P.O. No.")), deal.po_number, "purchase_order"),
        Pair("Due Date", deal.style.day(deal.due), "due_date"),
        Pair("Terms", "NET 30", "other"),
    ]
    kinds = ["product_code", "description", "quantity", "unit", "unit_price", "amount"]
    if rng.random() < 0.6:
        kinds.insert(0, "line_number")
    flow = _page(rng, deal, pairs, kinds)
    blocks.totals(rng, flow, deal, 54.0, 10.0)
    for text in _TERMS:
        flow.y += 12
        flow.sheet.write(54, flow.y, [Span(text)], size=8)
    return flow.sheet


def _note_sheet(rng: random.Random, note: Deal) -> Sheet:
    pairs = [
        Pair(rng.choice(("Delivery Note No.", "Delivery No.")), note.number, "document_id"),
        Pair(rng.choice(("Delivery Date", "Date")), note.style.day(note.day), "document_date"),
        Pair(rng.choice(("PO Number", "Your Order")), note.po_number, "purchase_order"),
        Pair("Carrier", rng.choice(("UPS", "Own truck", "FedEx Freight")), "other"),
    ]
    kinds = ["product_code", "description", "unit", "quantity_ordered", "quantity_shipped"]
    flow = _page(rng, note, pairs, kinds)
    flow.y += 40
    flow.sheet.write(54, flow.y, [Span("Received by: ______________________")], size=10)
    return flow.sheet


def _page(rng: random.Random, deal: Deal, pairs: list[Pair], kinds: list[str]) -> Flow:
    """Write letterhead, address, pairs and the item table."""
    sheet = Sheet(*_PAPER, face_of("sans"))
    margin = 54.0
    y = blocks.letterhead(rng, sheet, deal, margin, 10.0)
    y = blocks.title(rng, sheet, deal, margin, y)
    low = blocks.address(rng, sheet, deal, margin, y, 10.0)
    y = max(low, blocks.pair_block(rng, sheet, pairs, (margin + 290, y, 214), 10.0)) + 20
    flow = Flow(lambda _: (sheet, y), bottom=_PAPER[1] - 60, max_sheets=1)
    flow.turn()
    cols = [columns.make_column(rng, kind, deal.style, deal.lines, False) for kind in kinds]
    left = {"description", "product_code", "unit"}
    for column in cols:
        column.align = "left" if column.kind in left else "right"
    habit = replace(
        columns.pick_habit(rng, deal.style), extra_below=False, unit_in_price=False, price_places=2
    )
    rules = rng.choice(("head", "rows", "grid", "zebra"))
    table = Table(
        heads=[column.head for column in cols],
        aligns=[column.align for column in cols],
        rows=[
            Row([columns.cell(line, column, deal.style, habit) for column in cols], item=place)
            for place, line in enumerate(deal.lines)
        ],
        wraps=kinds.index("description"),
        left=margin,
        width=_PAPER[0] - 2 * margin,
        setting=Setting(10.0, 12.5, 5.0, 9.0, rules, True, 225, True, "top"),
    )
    lay_out(table, sheet, rng)
    set_table(flow, table)
    return flow


def _save_invoice(path: Path, sheet: Sheet, rng: random.Random, damage: Damage, dpi: int) -> None:
    """Save the page as a scanner makes a PDF: one image, no text."""
    grey, _ = scan(sheet, "sans", rng, replace(damage, jpeg=0), round(_PAPER[1] / 72 * dpi))
    still = time.gmtime(0)  # the file depends on the seed alone
    Image.fromarray(grey).save(
        path, "PDF", resolution=dpi, quality=60, creationDate=still, modDate=still
    )


def _order_data(deal: Deal, note: Deal, trades: list[Trade]) -> dict[str, object]:
    lines = []
    for trade in trades:
        line: dict[str, object] = {
            "po_line_number": trade.po_line,
            "product_code": trade.product.code,
            "description": trade.product.description,
            "quantity_ordered": str(trade.ordered),
            "unit_code": trade.unit,
            "unit_price": str(trade.order_price),
            "price_base_quantity": "1",
        }
        if trade.factor != 1:
            line["pack_factors"] = {trade.unit: str(trade.factor)}
        lines.append(line)
    order = {
        "po_number": deal.po_number,
        "currency": deal.style.currency,
        "vendor_name": deal.vendor.name,
        "order_date": (note.day - timedelta(days=12)).isoformat(),
        "lines": lines,
    }
    receipt = {
        "receipt_id": f"GR-{note.number}",
        "received_at": note.day.isoformat(),
        "lines": [
            {
                "po_number": deal.po_number,
                "po_line_number": trade.po_line,
                "quantity_received": str(trade.received),
                "unit_code": trade.unit,
            }
            for trade in trades
        ],
    }
    return {"order": order, "receipts": [receipt]}


def _truth(deal: Deal, note: Deal, trades: list[Trade]) -> dict[str, object]:
    """The printed values of both documents, and the variances that must be found."""
    total = sum((trade.amount for trade in trades), Decimal(0))
    invoice = {
        "id": "invoice",
        "file": "invoice.pdf",
        "document_type": "invoice",
        "fields": {
            "invoice_id": deal.number,
            "invoice_date": deal.day.isoformat(),
            "purchase_order": deal.po_number,
            "vendor_name": deal.vendor.name,
            "invoice_total": str(total),
        },
        "line_items": [
            {
                "description": trade.product.description,
                "product_code": trade.product.code,
                "quantity": str(trade.billed),
                "unit_code": _PIECE,
                "unit_price": str(trade.billed_price),
                "amount": str(trade.amount),
                "page": 1,
            }
            for trade in trades
        ],
    }
    delivery = {
        "id": "delivery_note",
        "file": "delivery_note.png",
        "document_type": "delivery_note",
        "fields": {"delivery_note_id": note.number, "purchase_order": deal.po_number},
        "line_items": [
            {
                "product_code": trade.product.code,
                "description": trade.product.description,
                "quantity_ordered": str(trade.ordered),
                "quantity_shipped": str(trade.received),
                "unit_code": trade.unit,
            }
            for trade in trades
        ],
    }
    return {"documents": [invoice, delivery], "variances": _variances(deal, trades)}


def _variances(deal: Deal, trades: list[Trade]) -> list[dict[str, str]]:
    """The variances: quantity at the order's price, price on all billed units; both per piece."""
    variances = []
    for trade in trades:
        base_price = trade.order_price / trade.factor
        over = trade.billed - trade.received * trade.factor
        dearer = trade.billed_price - base_price
        for code, quantity, amount in (
            ("QTY_OVER_RECEIPT", over, over * base_price),
            ("PRICE_OVER", trade.billed, dearer * trade.billed),
        ):
            if amount > 0:
                variances.append(
                    {
                        "code": code,
                        "po_line_number": trade.po_line,
                        "quantity": str(quantity),
                        "amount": str(round_money(amount)),
                        "currency": deal.style.currency,
                    }
                )
    return variances


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
