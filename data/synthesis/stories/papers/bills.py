"""The printed content of bills and of the purchase order."""

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
    count_decimals,
)
from data.synthesis.stories.papers.writer import (
    FIRST_COLUMNS,
    ZERO,
    DocumentWriter,
    add_prices,
    row_values,
)
from data.synthesis.stories.trade.findings import money_text
from data.synthesis.stories.trade.records import Bill, BillLine, Trade


def _bill_line(writer: DocumentWriter, bill: Bill, line: BillLine, place: int) -> PrintedLine:
    trade, ordered = writer.trade, line.quantity
    if len(line.po_lines) == 1 and not line.part_of_kit:
        order = trade.line(line.po_lines[0])
        factor, order_factor = order.factor(line.unit), order.factor(order.unit)
        if factor is not None and order_factor is not None:
            base_units = order.quantity * order_factor
            ordered = base_units / factor if base_units % factor == 0 else ordered
    return PrintedLine(
        number=str(place + 1),
        product=writer.product(line.article, line.unit, line),
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


def _bill_row(writer: DocumentWriter, bill: Bill, line: BillLine, printed: PrintedLine) -> Row:
    values, texts = row_values(writer, printed, line.unit)
    add_prices(writer, printed, values, texts)
    if bill.includes_tax:
        for name in ("gross_amount", "tax_amount"):
            del values[name], texts[name]
    required = {"shipped"} if line.line_type == "item" else set()
    if line.po_lines:
        values["po_line_number"] = line.po_lines[0]
        if line.unit != writer.trade.line(line.po_lines[0]).unit:
            required.add("unit")
    return Row(
        key=line.key,
        line_type=line.line_type,
        values=values,
        texts=texts,
        required_fields=frozenset(required),
        blank_cells=line.blank_cells,
        printed_quantity=line.printed_quantity,
        struck_quantity=None
        if line.struck_quantity is None
        else writer.style.quantity(line.struck_quantity),
        runs_into_next=line.runs_into_next,
    )


def _bill_style(trade: Trade, bill: Bill) -> Style:
    """Return the vendor's style in the bill's currency, with enough decimals for its prices."""
    style, prices = trade.vendor.style, [line.price for line in bill.lines]
    style = replace(style, price_places=max([style.price_places, *map(count_decimals, prices)]))
    if bill.currency == style.currency:
        return style
    place = "before" if style.language == "en" else "after"
    return replace(style, currency=bill.currency, sign=bill.currency, sign_place=place)


def bill_content(trade: Trade, bill: Bill) -> Content:
    writer = DocumentWriter(trade, bill.key, _bill_style(trade, bill))
    lines = [_bill_line(writer, bill, line, place) for place, line in enumerate(bill.lines)]
    deal = replace(
        writer.deal(bill.kind, bill.number, bill.day, lines),
        vendor=bill.party,
        po_number=bill.po_number,
        shipping=bill.freight,
        deduction=bill.allowance,
        pairs=tuple(_bill_pairs(writer, bill)),
        remarks=_bill_remarks(writer, bill),
        stated=(bill.net, bill.tax, bill.total),
    )
    header, texts = _bill_header(writer, bill, deal)
    rows = tuple(
        _bill_row(writer, bill, line, printed)
        for line, printed in zip(bill.lines, lines, strict=True)
    )
    needs_form = bill.split_after > 0 or any(
        row.blank_cells or row.printed_quantity or row.struck_quantity or row.runs_into_next
        for row in rows
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
        header_texts=texts,
        columns=_bill_columns(bill),
        needs_form=needs_form,
        split_after=bill.split_after,
    )


def _bill_header(
    writer: DocumentWriter, bill: Bill, deal: PrintedDeal
) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    header, texts = writer.header(deal)
    sums = {"sub_total": bill.net, "total_tax": bill.tax, "invoice_total": bill.total}
    sums |= {"amount_due": bill.total}
    if bill.freight:
        sums["shipping_charge"] = bill.freight
    if bill.allowance:
        sums["total_discount"] = bill.allowance
        texts["total_discount"] = writer.money_texts(-bill.allowance)
    for name, money in sums.items():
        header[name] = money_text(money)
        texts[name] = texts.get(name, frozenset()) | writer.money_texts(money)
    if bill.original_invoice is not None:
        header["original_invoice_id"] = bill.original_invoice
        texts["original_invoice_id"] = frozenset({bill.original_invoice})
    return header, texts


def _bill_columns(bill: Bill) -> tuple[str, ...]:
    columns = [*FIRST_COLUMNS, "quantity", "unit", "unit_price"]
    if any(line.price_base != 1 for line in bill.lines):
        columns.append("price_base_quantity")
    if any(line.discount_rate for line in bill.lines):
        columns.append("discount_rate")
    return (*columns, "amount")


def _bill_pairs(writer: DocumentWriter, bill: Bill) -> Iterator[Pair]:
    prints_terms = random.Random(f"{writer.trade.vendor.layout_seed}/terms").random() < 0.4
    if prints_terms or bill.terms != writer.trade.terms:
        yield Pair(writer.phrase(phrases.TERMS), bill.terms, "other", "terms")
    if bill.currency != writer.trade.currency:
        yield Pair(writer.phrase(phrases.CURRENCY), bill.currency, "currency")
    if bill.original_invoice is not None:
        yield Pair(writer.phrase(phrases.ORIGINAL), bill.original_invoice, "original_invoice_id")
    if bill.po_number != writer.trade.po_number:
        yield Pair(writer.phrase(phrases.ORDER), bill.po_number, "purchase_order")


def _bill_remarks(writer: DocumentWriter, bill: Bill) -> tuple[Line, ...]:
    if not bill.complete:
        return ()
    return ([Span(writer.phrase(phrases.COMPLETE), "other", "complete")],)


def order_content(trade: Trade) -> Content:
    prices = [line.price for line in trade.lines]
    places = max([trade.vendor.style.price_places, *map(count_decimals, prices)])
    writer = DocumentWriter(
        trade, "purchase_order", replace(trade.vendor.style, price_places=places)
    )
    lines = [
        PrintedLine(
            number=line.number,
            product=writer.product(line.article, line.unit),
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
    deal = writer.deal("purchase_order", trade.po_number, trade.order_day, lines)
    header, texts = writer.header(deal)
    for name, money in (("sub_total", deal.net), ("invoice_total", deal.total)):
        header[name], texts[name] = money_text(money), writer.money_texts(money)
    header["total_tax"], texts["total_tax"] = "0.00", writer.money_texts(ZERO)
    header["amount_due"], texts["amount_due"] = (
        money_text(deal.total),
        writer.money_texts(deal.total),
    )
    rows = []
    for line, printed in zip(trade.lines, lines, strict=True):
        values, row_texts = row_values(writer, printed, line.unit)
        add_prices(writer, printed, values, row_texts)
        values["po_line_number"] = line.number
        rows.append(Row(line.number, "item", values, row_texts))
    columns = [*FIRST_COLUMNS, "quantity", "unit", "unit_price", "amount"]
    if any(line.price_base != 1 for line in trade.lines):
        columns.insert(-1, "price_base_quantity")
    if any(line.allowance_pct for line in trade.lines):
        columns.insert(-1, "discount_rate")
    return Content(
        "purchase_order", "purchase_order", "purchase_order", "purchase_order", "table", deal,
        tuple(rows), header, texts, tuple(columns),
    )  # fmt: skip
