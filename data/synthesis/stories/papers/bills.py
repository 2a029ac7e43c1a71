"""What bills and the order print."""

import random
from collections.abc import Iterator
from dataclasses import replace

from data.synthesis.commerce.deals import Pair
from data.synthesis.commerce.styles import Style
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.stories.papers import phrases
from data.synthesis.stories.papers.printed_content import (
    Content,
    PrintedDeal,
    PrintedLine,
    Row,
    decimals_of,
)
from data.synthesis.stories.papers.writer import FIRST_COLUMNS, ZERO, Hand, add_prices, row_values
from data.synthesis.stories.trade.findings import money_text
from data.synthesis.stories.trade.records import Bill, BillLine, Trade


def _bill_line(hand: Hand, bill: Bill, line: BillLine, place: int) -> PrintedLine:
    trade, ordered = hand.trade, line.quantity
    if len(line.po_lines) == 1 and not line.part_of_kit:
        order = trade.line(line.po_lines[0])
        factor, own = order.factor(line.unit), order.factor(order.unit)
        if factor is not None and own is not None and order.quantity * own % factor == 0:
            ordered = order.quantity * own / factor
    return PrintedLine(
        number=str(place + 1),
        product=hand.product(line.article, line.unit, line),
        quantity=line.quantity,
        price=line.price,
        base=line.price_base,
        discount_rate=line.discount_rate,
        tax_rate=bill.tax_rate,
        day=bill.day,
        ordered=ordered,
        po_number=bill.po_number,
        stated=line.amount,
    )


def _bill_row(hand: Hand, bill: Bill, line: BillLine, printed: PrintedLine) -> Row:
    values, prints = row_values(hand, printed, line.unit)
    add_prices(hand, printed, values, prints)
    if bill.includes_tax:
        for name in ("gross_amount", "tax_amount"):
            del values[name], prints[name]
    must = {"shipped"} if line.line_type == "item" else set()
    if line.po_lines:
        values["po_line_number"] = line.po_lines[0]
        if line.unit != hand.trade.line(line.po_lines[0]).unit:
            must.add("unit")
    return Row(
        key=line.key,
        line_type=line.line_type,
        values=values,
        texts=prints,
        must=frozenset(must),
        blank=line.blank,
        printed_quantity=line.printed_quantity,
        struck=None if line.struck is None else hand.style.quantity(line.struck),
        glued=line.glued,
    )


def _bill_style(trade: Trade, bill: Bill) -> Style:
    """The vendor's style in the bill's currency, with decimals enough for its prices."""
    style, prices = trade.vendor.style, [line.price for line in bill.lines]
    style = replace(style, price_places=max([style.price_places, *map(decimals_of, prices)]))
    if bill.currency == style.currency:
        return style
    place = "before" if style.language == "en" else "after"
    return replace(style, currency=bill.currency, sign=bill.currency, sign_place=place)


def bill_content(trade: Trade, bill: Bill) -> Content:
    hand = Hand(trade, bill.key, _bill_style(trade, bill))
    lines = [_bill_line(hand, bill, line, place) for place, line in enumerate(bill.lines)]
    deal = replace(
        hand.deal(bill.kind, bill.number, bill.day, lines),
        vendor=bill.party,
        po_number=bill.po_number,
        shipping=bill.freight,
        deduction=bill.allowance,
        pairs=tuple(_bill_pairs(hand, bill)),
        remarks=_bill_remarks(hand, bill),
        stated=(bill.net, bill.tax, bill.total),
    )
    header, prints = _bill_header(hand, bill, deal)
    rows = tuple(
        _bill_row(hand, bill, line, printed)
        for line, printed in zip(bill.lines, lines, strict=True)
    )
    special = bill.split_after > 0 or any(
        row.blank or row.printed_quantity or row.struck or row.glued for row in rows
    )
    return Content(
        key=bill.key,
        kind=bill.kind,
        document_type=bill.kind,
        layout=bill.kind,
        family="till" if bill.kind == "receipt" else trade.vendor.family,
        template=deal,
        rows=rows,
        header=header,
        header_texts=prints,
        columns=_bill_columns(bill),
        special=special,
        split_after=bill.split_after,
    )


def _bill_header(
    hand: Hand, bill: Bill, deal: PrintedDeal
) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    header, prints = hand.header(deal)
    sums = {"sub_total": bill.net, "total_tax": bill.tax, "invoice_total": bill.total}
    sums |= {"amount_due": bill.total}
    if bill.freight:
        sums["shipping_charge"] = bill.freight
    if bill.allowance:
        sums["total_discount"] = bill.allowance
        prints["total_discount"] = hand.money(-bill.allowance)
    for name, money in sums.items():
        header[name] = money_text(money)
        prints[name] = prints.get(name, frozenset()) | hand.money(money)
    if bill.original is not None:
        header["original_invoice_id"] = bill.original
        prints["original_invoice_id"] = frozenset({bill.original})
    return header, prints


def _bill_columns(bill: Bill) -> tuple[str, ...]:
    columns = [*FIRST_COLUMNS, "quantity", "unit", "unit_price"]
    if any(line.price_base != 1 for line in bill.lines):
        columns.append("price_base_quantity")
    if any(line.discount_rate for line in bill.lines):
        columns.append("discount_rate")
    return (*columns, "amount")


def _bill_pairs(hand: Hand, bill: Bill) -> Iterator[Pair]:
    usual = random.Random(f"{hand.trade.vendor.hand}/terms").random() < 0.4
    if usual or bill.terms != hand.trade.terms:
        yield Pair(hand.say(phrases.TERMS), bill.terms, "other", "terms")
    if bill.currency != hand.trade.currency:
        yield Pair(hand.say(phrases.CURRENCY), bill.currency, "currency")
    if bill.original is not None:
        yield Pair(hand.say(phrases.ORIGINAL), bill.original, "original_invoice_id")
    if bill.po_number != hand.trade.po_number:
        yield Pair(hand.say(phrases.ORDER), bill.po_number, "purchase_order")


def _bill_remarks(hand: Hand, bill: Bill) -> tuple[Line, ...]:
    if not bill.complete:
        return ()
    return ([Span(hand.say(phrases.COMPLETE), "other", "complete")],)


def order_content(trade: Trade) -> Content:
    prices = [line.price for line in trade.lines]
    places = max([trade.vendor.style.price_places, *map(decimals_of, prices)])
    hand = Hand(trade, "purchase_order", replace(trade.vendor.style, price_places=places))
    lines = [
        PrintedLine(
            number=line.number,
            product=hand.product(line.article, line.unit),
            quantity=line.quantity,
            price=line.price,
            base=line.price_base,
            discount_rate=line.allowance_pct,
            tax_rate=ZERO,
            day=trade.slots[0].day,
            ordered=line.quantity,
            po_number=trade.po_number,
        )
        for line in trade.lines
    ]
    deal = hand.deal("purchase_order", trade.po_number, trade.order_day, lines)
    header, prints = hand.header(deal)
    for name, money in (("sub_total", deal.net), ("invoice_total", deal.total)):
        header[name], prints[name] = money_text(money), hand.money(money)
    header["total_tax"], prints["total_tax"] = "0.00", hand.money(ZERO)
    header["amount_due"], prints["amount_due"] = money_text(deal.total), hand.money(deal.total)
    rows = []
    for line, printed in zip(trade.lines, lines, strict=True):
        values, row_prints = row_values(hand, printed, line.unit)
        add_prices(hand, printed, values, row_prints)
        values["po_line_number"] = line.number
        rows.append(Row(line.number, "item", values, row_prints))
    columns = [*FIRST_COLUMNS, "quantity", "unit", "unit_price", "amount"]
    if any(line.price_base != 1 for line in trade.lines):
        columns.insert(-1, "price_base_quantity")
    if any(line.allowance_pct for line in trade.lines):
        columns.insert(-1, "discount_rate")
    return Content(
        "purchase_order", "purchase_order", "purchase_order", "purchase_order", "table", deal,
        tuple(rows), header, prints, tuple(columns),
    )  # fmt: skip
