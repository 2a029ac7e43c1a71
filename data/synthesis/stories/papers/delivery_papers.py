"""The printed content of shipping papers, goods receipts and debit memos."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import Pair, round_money
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.stories.papers import phrases
from data.synthesis.stories.papers.printed_content import Content, PrintedLine, Row
from data.synthesis.stories.papers.writer import (
    FIRST_COLUMNS,
    ZERO,
    DocumentWriter,
    add_prices,
    numbered_key,
    row_values,
)
from data.synthesis.stories.trade.findings import money_text, number_text
from data.synthesis.stories.trade.records import OrderedLine, ShippedQuantity, Trade


def _shipped_line(
    writer: DocumentWriter, order: OrderedLine, shipped: ShippedQuantity, day: date, place: int
) -> PrintedLine:
    order_factor, factor = order.factor(order.unit), order.factor(shipped.unit)
    ordered = shipped.quantity
    if order_factor is not None and factor is not None:
        base_units = order.quantity * order_factor
        ordered = base_units / factor if base_units % factor == 0 else ordered
    return PrintedLine(
        number=str(place + 1),
        product=writer.product(order.article, shipped.unit),
        quantity=shipped.quantity,
        price=order.price,
        base=order.price_base,
        discount_rate=ZERO,
        tax_rate=ZERO,
        day=day,
        ordered=ordered,
        po_number=writer.trade.po_number,
    )


def shipping_content(trade: Trade, kind: str, receipt: str, place: int) -> Content:
    key = numbered_key(kind, place)
    writer = DocumentWriter(trade, key)
    arrived = next(slot.day for slot in trade.slots if slot.receipt_id == receipt)
    day = arrived if kind == "proof_of_delivery" else arrived - timedelta(days=2)
    shipments = [
        (order, shipped)
        for order in trade.lines
        if (shipped := trade.shipment(receipt, order.number)) is not None
    ]
    lines = [
        _shipped_line(writer, order, shipped, day, number)
        for number, (order, shipped) in enumerate(shipments)
    ]
    deal = writer.deal(kind, catalogues.number(writer.rng), day, lines)
    deal = replace(
        deal,
        pairs=tuple(_shipping_pairs(writer, kind, receipt)),
        remarks=tuple(_shipping_remarks(writer, kind, receipt, day)),
    )
    header, texts = writer.header(deal)
    texts["delivery_date"] = frozenset({writer.style.day(arrived)})
    header["delivery_date"] = arrived.isoformat()
    remarked_lines = {
        remark.po_line
        for remark in trade.remarks
        if remark.receipt_id == receipt and kind == "proof_of_delivery"
    }
    rows = tuple(
        _shipped_row(writer, order, shipped, line, order.number in remarked_lines)
        for (order, shipped), line in zip(shipments, lines, strict=True)
    )
    columns = (*FIRST_COLUMNS[1:], "quantity_ordered", "quantity_shipped", "unit")
    return Content(key, kind, kind, kind, "table", deal, rows, header, texts, columns)


def _shipped_row(
    writer: DocumentWriter,
    order: OrderedLine,
    shipped: ShippedQuantity,
    line: PrintedLine,
    has_remark: bool,
) -> Row:
    """Return a row of a shipping paper; `has_remark`: the remarks give its received quantity."""
    values, texts = row_values(writer, line, shipped.unit)
    if not has_remark:
        values["quantity_received"], texts["quantity_received"] = (
            number_text(line.quantity), writer.quantity_texts(line.quantity),
        )  # fmt: skip
        values["quantity_rejected"], texts["quantity_rejected"] = "0", writer.quantity_texts(ZERO)
    values["po_line_number"] = order.number
    # A count in another unit than the order's has no meaning without its unit.
    required = {"shipped"} if shipped.unit == order.unit else {"shipped", "unit"}
    return Row(order.number, "item", values, texts, frozenset(required))


def _shipping_pairs(writer: DocumentWriter, kind: str, receipt: str) -> Iterator[Pair]:
    if kind in ("bill_of_lading", "proof_of_delivery"):
        rng = random.Random(f"{writer.trade.vendor.layout_seed}/carrier")
        yield Pair(
            writer.phrase(phrases.CARRIER), rng.choice(phrases.CARRIERS), "other", "carrier_name"
        )
    if kind == "bill_of_lading":
        term = writer.phrase(phrases.FREIGHT_TERM[writer.trade.vendor.freight_term])
        yield Pair(writer.phrase(phrases.FREIGHT_TERMS), term, "other", "freight_terms")
    digits = "".join(char for char in receipt if char.isdigit())
    yield Pair(writer.phrase(phrases.SHIPMENT), f"S{digits}", "other", "shipment")


def _shipping_remarks(writer: DocumentWriter, kind: str, receipt: str, day: date) -> Iterator[Line]:
    trade, rng = writer.trade, writer.rng
    if kind == "bill_of_lading":
        if trade.shipper_load_and_count:
            yield [Span(writer.phrase(phrases.LOAD_AND_COUNT), "other", "shipper_load_and_count")]
        signer = rng.choice(phrases.SIGNERS)
        yield [Span(writer.phrase(phrases.DRIVER)), Span(signer, "other", "carrier_signature")]
    if kind != "proof_of_delivery":
        return
    for remark in trade.remarks:
        if remark.receipt_id == receipt:
            unit = writer.phrase(phrases.CARTONS if remark.unit == "CS" else phrases.PIECES)
            exception = writer.phrase(phrases.EXCEPTIONS[remark.kind])
            text = f"{number_text(remark.quantity)} {unit} {exception}"
            code = trade.line(remark.po_line).article.code
            yield [Span(f"{code}:"), Span(text, "other", f"exception:{remark.po_line}")]
    yield [
        Span(writer.phrase(phrases.RECEIVED_BY)),
        Span(rng.choice(phrases.SIGNERS), "other", "receiver_name"),
        Span(writer.style.day(day), "other", "delivery_datetime"),
    ]


def receipt_content(trade: Trade, receipt: str, place: int) -> Content:
    key = numbered_key("goods_receipt", place)
    writer = DocumentWriter(trade, key)
    day = next(slot.day for slot in trade.slots if slot.receipt_id == receipt)
    events = [event for event in trade.arrivals if event.receipt_id == receipt]
    events.sort(key=lambda event: int(event.po_line))
    lines, rows = [], []
    for event in events:
        order = trade.line(event.po_line)
        received = ShippedQuantity(event.signed_quantity, event.unit)
        line = _shipped_line(writer, order, received, day, 0)
        line.number, line.rejected = event.po_line, event.rejected
        if event.article is not None:
            line.product = writer.product(event.article, event.unit)
        values, texts = row_values(writer, line, event.unit)
        values = {name: value for name, value in values.items() if name not in _NOT_ON_RECEIPTS}
        for name, number in (
            ("quantity_received", line.quantity), ("quantity_rejected", line.rejected),
        ):  # fmt: skip
            values[name], texts[name] = number_text(number), writer.quantity_texts(number)
        values["po_line_number"] = event.po_line
        lines.append(line)
        rows.append(Row(event.po_line, "item", values, texts))
    deal = writer.deal("other", receipt, day, lines)
    header, texts = writer.header(deal)
    columns = ["line_number", *FIRST_COLUMNS[1:], "quantity_ordered", "quantity_received", "unit"]
    if any(event.rejected for event in events):
        columns.insert(-1, "quantity_rejected")
    return Content(
        key, "goods_receipt", "other", "goods_receipt", "form", deal, tuple(rows), header, texts,
        tuple(columns), needs_form=True, by_buyer=True,
    )  # fmt: skip


_NOT_ON_RECEIPTS = ("quantity", "quantity_shipped", "quantity_backordered")


def debit_memo_contents(trade: Trade) -> Iterator[Content]:
    """Yield the content of the buyer's debit memo for each short payment."""
    claims = [claim for claim in trade.claims if claim.kind == "short_payment"]
    for place, claim in enumerate(claims):
        key, order = numbered_key("debit_memo", place), trade.line(claim.po_line)
        writer = DocumentWriter(trade, key)
        price = claim.amount / claim.quantity
        line = _shipped_line(
            writer, order, ShippedQuantity(claim.quantity, "EA"), trade.bill().day, 0
        )
        line.price, line.base, line.number = price, Decimal(1), claim.po_line
        line.stated = round_money(claim.amount)
        values, texts = row_values(writer, line, "EA")
        add_prices(writer, line, values, texts)
        values["po_line_number"] = claim.po_line
        deal = writer.deal("other", claim.claim_id, trade.bill().day + timedelta(days=20), [line])
        pair = Pair(writer.phrase(phrases.ORIGINAL), claim.invoice_id, "original_invoice_id")
        deal = replace(deal, pairs=(pair,), stated=(line.amount, ZERO, line.amount))
        header, header_texts = writer.header(deal)
        header["original_invoice_id"] = claim.invoice_id
        header_texts["original_invoice_id"] = frozenset({claim.invoice_id})
        header["invoice_total"] = money_text(line.amount)
        header_texts["invoice_total"] = writer.money_texts(line.amount)
        columns = (*FIRST_COLUMNS[1:], "quantity", "unit", "unit_price", "amount")
        yield Content(
            key, "debit_memo", "other", "debit_memo", "form", deal,
            (Row(claim.po_line, "item", values, texts),), header, header_texts, columns,
            needs_form=True, by_buyer=True,
        )  # fmt: skip
