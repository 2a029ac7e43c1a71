"""What shipping papers, goods receipts and debit memos print."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import Pair, cents
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.stories.papers import phrases
from data.synthesis.stories.papers.printed_content import Content, PrintedLine, Row
from data.synthesis.stories.papers.writer import (
    FIRST_COLUMNS,
    ZERO,
    Hand,
    add_prices,
    numbered,
    row_values,
)
from data.synthesis.stories.trade.findings import money_text, number_text
from data.synthesis.stories.trade.records import OrderedLine, Shipped, Trade


def _shipped_line(
    hand: Hand, order: OrderedLine, shipped: Shipped, day: date, place: int
) -> PrintedLine:
    own, factor = order.factor(order.unit), order.factor(shipped.unit)
    ordered = shipped.quantity
    if own is not None and factor is not None and order.quantity * own % factor == 0:
        ordered = order.quantity * own / factor
    return PrintedLine(
        number=str(place + 1),
        product=hand.product(order.article, shipped.unit),
        quantity=shipped.quantity,
        price=order.price,
        base=order.price_base,
        discount_rate=ZERO,
        tax_rate=ZERO,
        day=day,
        ordered=ordered,
        po_number=hand.trade.po_number,
    )


def shipping_content(trade: Trade, kind: str, receipt: str, place: int) -> Content:
    key = numbered(kind, place)
    hand = Hand(trade, key)
    arrived = next(slot.day for slot in trade.slots if slot.receipt_id == receipt)
    day = arrived if kind == "proof_of_delivery" else arrived - timedelta(days=2)
    shipped = [
        (order, one)
        for order in trade.lines
        if (one := trade.shipment(receipt, order.number)) is not None
    ]
    lines = [_shipped_line(hand, order, one, day, n) for n, (order, one) in enumerate(shipped)]
    deal = hand.deal(kind, catalogues.number(hand.rng), day, lines)
    deal = replace(
        deal,
        pairs=tuple(_shipping_pairs(hand, kind, receipt)),
        remarks=tuple(_shipping_remarks(hand, kind, receipt, day)),
    )
    header, prints = hand.header(deal)
    prints["delivery_date"] = frozenset({hand.style.day(arrived)})
    header["delivery_date"] = arrived.isoformat()
    noted = {
        one.po_line
        for one in trade.remarks
        if one.receipt_id == receipt and kind == "proof_of_delivery"
    }
    rows = tuple(
        _shipped_row(hand, order, one, line, order.number in noted)
        for (order, one), line in zip(shipped, lines, strict=True)
    )
    columns = (*FIRST_COLUMNS[1:], "quantity_ordered", "quantity_shipped", "unit")
    return Content(key, kind, kind, kind, "table", deal, rows, header, prints, columns)


def _shipped_row(
    hand: Hand, order: OrderedLine, shipped: Shipped, line: PrintedLine, noted: bool
) -> Row:
    """A row of a shipping paper; `noted`: the receiver's remarks say more about it."""
    values, prints = row_values(hand, line, shipped.unit)
    if not noted:
        values["quantity_received"], prints["quantity_received"] = (
            number_text(line.quantity), hand.count(line.quantity),
        )  # fmt: skip
        values["quantity_rejected"], prints["quantity_rejected"] = "0", hand.count(ZERO)
    values["po_line_number"] = order.number
    # A count in another unit than the order's says nothing without its unit.
    must = {"shipped"} if shipped.unit == order.unit else {"shipped", "unit"}
    return Row(order.number, "item", values, prints, frozenset(must))


def _shipping_pairs(hand: Hand, kind: str, receipt: str) -> Iterator[Pair]:
    if kind in ("bill_of_lading", "proof_of_delivery"):
        rng = random.Random(f"{hand.trade.vendor.hand}/carrier")
        yield Pair(hand.say(phrases.CARRIER), rng.choice(phrases.CARRIERS), "other", "carrier_name")
    if kind == "bill_of_lading":
        term = hand.say(phrases.FREIGHT_TERM[hand.trade.vendor.freight_term])
        yield Pair(hand.say(phrases.FREIGHT_TERMS), term, "other", "freight_terms")
    digits = "".join(char for char in receipt if char.isdigit())
    yield Pair(hand.say(phrases.SHIPMENT), f"S{digits}", "other", "shipment")


def _shipping_remarks(hand: Hand, kind: str, receipt: str, day: date) -> Iterator[Line]:
    trade, rng = hand.trade, hand.rng
    if kind == "bill_of_lading":
        if trade.unproven:
            yield [Span(hand.say(phrases.LOAD_AND_COUNT), "other", "shipper_load_and_count")]
        signer = rng.choice(phrases.SIGNERS)
        yield [Span(hand.say(phrases.DRIVER)), Span(signer, "other", "carrier_signature")]
    if kind != "proof_of_delivery":
        return
    for one in trade.remarks:
        if one.receipt_id == receipt:
            unit = hand.say(phrases.CARTONS if one.unit == "CS" else phrases.PIECES)
            text = f"{number_text(one.quantity)} {unit} {hand.say(phrases.EXCEPTIONS[one.kind])}"
            code = trade.line(one.po_line).article.code
            yield [Span(f"{code}:"), Span(text, "other", f"exception:{one.po_line}")]
    yield [
        Span(hand.say(phrases.RECEIVED_BY)),
        Span(rng.choice(phrases.SIGNERS), "other", "receiver_name"),
        Span(hand.style.day(day), "other", "delivery_datetime"),
    ]


def receipt_content(trade: Trade, receipt: str, place: int) -> Content:
    key = numbered("goods_receipt", place)
    hand = Hand(trade, key)
    day = next(slot.day for slot in trade.slots if slot.receipt_id == receipt)
    events = [one for one in trade.arrivals if one.receipt_id == receipt]
    events.sort(key=lambda one: int(one.po_line))
    lines, rows = [], []
    for event in events:
        order = trade.line(event.po_line)
        shown = Shipped(event.signed, event.unit)
        line = _shipped_line(hand, order, shown, day, 0)
        line.number, line.rejected = event.po_line, event.rejected
        if event.article is not None:
            line.product = hand.product(event.article, event.unit)
        values, prints = row_values(hand, line, event.unit)
        values = {name: one for name, one in values.items() if name not in _NOT_ON_RECEIPTS}
        for name, number in (
            ("quantity_received", line.quantity), ("quantity_rejected", line.rejected),
        ):  # fmt: skip
            values[name], prints[name] = number_text(number), hand.count(number)
        values["po_line_number"] = event.po_line
        lines.append(line)
        rows.append(Row(event.po_line, "item", values, prints))
    deal = hand.deal("other", receipt, day, lines)
    header, prints = hand.header(deal)
    columns = ["line_number", *FIRST_COLUMNS[1:], "quantity_ordered", "quantity_received", "unit"]
    if any(event.rejected for event in events):
        columns.insert(-1, "quantity_rejected")
    return Content(
        key, "goods_receipt", "other", "goods_receipt", "form", deal, tuple(rows), header, prints,
        tuple(columns), special=True, by_buyer=True,
    )  # fmt: skip


_NOT_ON_RECEIPTS = ("quantity", "quantity_shipped", "quantity_backordered")


def debit_memos(trade: Trade) -> Iterator[Content]:
    """The buyer's own note about each short payment."""
    claims = [one for one in trade.claims if one.kind == "short_payment"]
    for place, claim in enumerate(claims):
        key, order = numbered("debit_memo", place), trade.line(claim.po_line)
        hand = Hand(trade, key)
        price = claim.amount / claim.quantity
        line = _shipped_line(hand, order, Shipped(claim.quantity, "EA"), trade.bill().day, 0)
        line.price, line.base, line.number = price, Decimal(1), claim.po_line
        line.stated = cents(claim.amount)
        values, prints = row_values(hand, line, "EA")
        add_prices(hand, line, values, prints)
        values["po_line_number"] = claim.po_line
        deal = hand.deal("other", claim.claim_id, trade.bill().day + timedelta(days=20), [line])
        pair = Pair(hand.say(phrases.ORIGINAL), claim.invoice_id, "original_invoice_id")
        deal = replace(deal, pairs=(pair,), stated=(line.amount, ZERO, line.amount))
        header, header_prints = hand.header(deal)
        header["original_invoice_id"] = claim.invoice_id
        header_prints["original_invoice_id"] = frozenset({claim.invoice_id})
        header["invoice_total"] = money_text(line.amount)
        header_prints["invoice_total"] = hand.money(line.amount)
        columns = (*FIRST_COLUMNS[1:], "quantity", "unit", "unit_price", "amount")
        yield Content(
            key, "debit_memo", "other", "debit_memo", "form", deal,
            (Row(claim.po_line, "item", values, prints),), header, header_prints, columns,
            special=True, by_buyer=True,
        )  # fmt: skip
