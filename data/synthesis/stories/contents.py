"""What every document of a trade says: bills, order, shipping papers, receipts, debit memos."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from data.synthesis import catalogues
from data.synthesis.catalogues import Product
from data.synthesis.deals import Pair, cents
from data.synthesis.sheets import Line, Span
from data.synthesis.stories import sayings
from data.synthesis.stories.findings import money_text, number_text
from data.synthesis.stories.prints import Content, PrintedDeal, PrintedLine, Row, decimals_of
from data.synthesis.stories.trade import Bill, BillLine, OrderedLine, Shipped, Trade
from data.synthesis.stories.world import Article
from data.synthesis.styles import Style
from data.synthesis.wording import Labels, say

ZERO = Decimal(0)
SHIPPING_PAPERS = ("packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery")


class Hand:
    """Whoever writes one document: its style, its words, and how it prints numbers."""

    def __init__(self, trade: Trade, key: str, style: Style | None = None) -> None:
        self.trade = trade
        self.style = style or trade.vendor.style
        self.rng = random.Random(f"{trade.vendor.hand}/{trade.po_number}/{key}")

    def say(self, choices: Labels) -> str:
        """What this vendor always says for it."""
        return say(random.Random(self.trade.vendor.hand), choices, self.style.language)

    def product(self, article: Article, unit: str, line: BillLine | None = None) -> Product:
        """The article as it is printed, in a unit code or as a bill's line has it."""
        code, gtin, word = article.code, article.gtin, self.trade.vendor.unit_word(unit)
        if line is not None:
            code, gtin = line.code or code, line.gtin or gtin
            word = word if line.printed_unit is None else line.printed_unit
        return Product(article.description, "", code, article.buyer_code, gtin, word, "")

    def count(self, number: Decimal) -> frozenset[str]:
        return frozenset({self.style.quantity(number)})

    def money(self, number: Decimal, places: int = 2) -> frozenset[str]:
        return frozenset(self.style.money(number, places, signed=one) for one in (True, False))

    def deal(self, kind: str, number: str, day: date, lines: Sequence[PrintedLine]) -> PrintedDeal:
        """A deal with neither sums nor labels of its own."""
        trade = self.trade
        return PrintedDeal(
            document_type=kind,
            style=self.style,
            kind="goods",
            lines=list(lines),
            vendor=trade.vendor.party,
            customer=trade.buyer,
            number=number,
            day=day,
            due=day + timedelta(days=30),
            po_number=trade.po_number,
            shipping=ZERO,
            deduction=ZERO,
        )

    def header(self, deal: PrintedDeal) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
        """Header values by tag, and their prints, that every document may carry."""
        values = {
            "document_id": deal.number,
            "purchase_order": deal.po_number,
            "vendor_name": deal.vendor.name,
            "customer_name": deal.customer.name,
            "currency": deal.style.currency,
        }
        prints = {name: frozenset({value}) for name, value in values.items()}
        for name, day in (("document_date", deal.day), ("due_date", deal.due)):
            values[name], prints[name] = day.isoformat(), frozenset({self.style.day(day)})
        return values, prints


def contents_of(trade: Trade) -> tuple[Content, ...]:
    """All documents in hand, bills first."""
    found = [_bill(trade, bill) for bill in trade.bills]
    if "purchase_order" in trade.papers:
        found.append(_order(trade))
    for place, receipt in enumerate(trade.deliveries):
        for kind in SHIPPING_PAPERS:
            if kind in trade.papers:
                found.append(_shipping_paper(trade, kind, receipt, place))
    if "goods_receipt" in trade.papers:
        found += [_receipt(trade, one, n) for n, one in enumerate(trade.receipt_ids)]
    return (*found, *_debit_memos(trade))


def _numbered(key: str, place: int) -> str:
    return key if place == 0 else f"{key}_{place + 1}"


def _row(
    hand: Hand, line: PrintedLine, key: str, line_type: str = "item", unit: str = ""
) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """The values and prints of a row that hold on every kind of document."""
    product, style = line.product, hand.style
    values = {
        "line_number": line.number,
        "product_code": product.code,
        "buyer_item_id": product.buyer_code,
        "gtin": product.gtin,
        "description": product.description,
        "unit": product.unit,
        "po_number": line.po_number,
    }
    prints = {name: frozenset({value}) for name, value in values.items() if value}
    prints["description"] = frozenset({product.description, product.description.upper()})
    values["date"], prints["date"] = line.day.isoformat(), frozenset({style.day(line.day)})
    counts = {
        "quantity": line.quantity,
        "quantity_ordered": line.ordered,
        "quantity_shipped": line.quantity,
        "quantity_backordered": max(line.ordered - line.quantity, ZERO),
    }
    for name, number in counts.items():
        values[name], prints[name] = number_text(number), hand.count(number)
    glued = style.quantity(line.quantity) + product.unit
    prints["quantity"] |= {glued}
    values = {name: value for name, value in values.items() if value}
    return values | ({"unit_code": unit} if unit else {}), prints


def _priced(
    hand: Hand, line: PrintedLine, values: dict[str, str], prints: dict[str, frozenset[str]]
) -> None:
    """Add what a row with prices says of money."""
    values["unit_price"] = number_text(line.price)
    prints["unit_price"] = hand.money(line.price, hand.style.price_places)
    money = {"amount": line.amount, "discount_amount": line.discount, "tax_amount": line.tax}
    money["gross_amount"] = line.amount + line.tax
    for name, number in money.items():
        values[name], prints[name] = money_text(number), hand.money(number)
    values["price_base_quantity"] = number_text(line.base)
    prints["price_base_quantity"] = hand.count(line.base)
    for name, rate in (("tax_rate", line.tax_rate), ("discount_rate", line.discount_rate)):
        values[name], prints[name] = number_text(rate), frozenset()


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
    values, prints = _row(hand, printed, line.key, line.line_type, line.unit)
    _priced(hand, printed, values, prints)
    if bill.includes_tax:
        for name in ("gross_amount", "tax_amount"):
            del values[name], prints[name]
    if line.po_lines:
        values["po_line_number"] = line.po_lines[0]
    return Row(
        key=line.key,
        line_type=line.line_type,
        values=values,
        texts=prints,
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


def _bill(trade: Trade, bill: Bill) -> Content:
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
    columns = [*_COLUMNS, "quantity", "unit", "unit_price"]
    if any(line.price_base != 1 for line in bill.lines):
        columns.append("price_base_quantity")
    if any(line.discount_rate for line in bill.lines):
        columns.append("discount_rate")
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
        columns=(*columns, "amount"),
        special=special,
        split_after=bill.split_after,
    )


_COLUMNS = ("line_number", "product_code", "description")


def _bill_pairs(hand: Hand, bill: Bill) -> Iterator[Pair]:
    if bill.terms != hand.trade.terms or hand.rng.random() < 0.4:
        yield Pair(hand.say(sayings.TERMS), bill.terms, "other", "terms")
    if bill.currency != hand.trade.currency:
        yield Pair(hand.say(sayings.CURRENCY), bill.currency, "currency")
    if bill.original is not None:
        yield Pair(hand.say(sayings.ORIGINAL), bill.original, "original_invoice_id")
    if bill.po_number != hand.trade.po_number:
        yield Pair(hand.say(sayings.ORDER), bill.po_number, "purchase_order")


def _bill_remarks(hand: Hand, bill: Bill) -> tuple[Line, ...]:
    if not bill.complete:
        return ()
    return ([Span(hand.say(sayings.COMPLETE), "other", "complete")],)


def _order(trade: Trade) -> Content:
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
        values, row_prints = _row(hand, printed, line.number, unit=line.unit)
        _priced(hand, printed, values, row_prints)
        values["po_line_number"] = line.number
        rows.append(Row(line.number, "item", values, row_prints))
    columns = [*_COLUMNS, "quantity", "unit", "unit_price", "amount"]
    if any(line.price_base != 1 for line in trade.lines):
        columns.insert(-1, "price_base_quantity")
    if any(line.allowance_pct for line in trade.lines):
        columns.insert(-1, "discount_rate")
    return Content(
        "purchase_order", "purchase_order", "purchase_order", "purchase_order", "table", deal,
        tuple(rows), header, prints, tuple(columns),
    )  # fmt: skip


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


def _shipping_paper(trade: Trade, kind: str, receipt: str, place: int) -> Content:
    key = _numbered(kind, place)
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
    rows = tuple(
        _shipped_row(hand, order, line, kind, receipt)
        for (order, _), line in zip(shipped, lines, strict=True)
    )
    columns = (*_COLUMNS[1:], "quantity_ordered", "quantity_shipped", "unit")
    return Content(key, kind, kind, kind, "table", deal, rows, header, prints, columns)


def _shipped_row(hand: Hand, order: OrderedLine, line: PrintedLine, kind: str, receipt: str) -> Row:
    values, prints = _row(hand, line, order.number, unit="")
    noted = [
        one for one in hand.trade.remarks
        if (one.receipt_id, one.po_line) == (receipt, order.number)
    ]  # fmt: skip
    if not noted or kind != "proof_of_delivery":
        values["quantity_received"], prints["quantity_received"] = (
            number_text(line.quantity), hand.count(line.quantity),
        )  # fmt: skip
        values["quantity_rejected"], prints["quantity_rejected"] = "0", hand.count(ZERO)
    values["po_line_number"] = order.number
    return Row(order.number, "item", values, prints)


def _shipping_pairs(hand: Hand, kind: str, receipt: str) -> Iterator[Pair]:
    if kind in ("bill_of_lading", "proof_of_delivery"):
        rng = random.Random(f"{hand.trade.vendor.hand}/carrier")
        yield Pair(hand.say(sayings.CARRIER), rng.choice(sayings.CARRIERS), "other", "carrier_name")
    if kind == "bill_of_lading":
        term = hand.say(sayings.FREIGHT_TERM[hand.trade.vendor.freight_term])
        yield Pair(hand.say(sayings.FREIGHT_TERMS), term, "other", "freight_terms")
    digits = "".join(char for char in receipt if char.isdigit())
    yield Pair(hand.say(sayings.SHIPMENT), f"S{digits}", "other", "shipment")


def _shipping_remarks(hand: Hand, kind: str, receipt: str, day: date) -> Iterator[Line]:
    trade, rng = hand.trade, hand.rng
    if kind == "bill_of_lading":
        if trade.unproven:
            yield [Span(hand.say(sayings.LOAD_AND_COUNT), "other", "shipper_load_and_count")]
        signer = rng.choice(sayings.SIGNERS)
        yield [Span(hand.say(sayings.DRIVER)), Span(signer, "other", "carrier_signature")]
    if kind != "proof_of_delivery":
        return
    for one in trade.remarks:
        if one.receipt_id == receipt:
            unit = hand.say(sayings.CARTONS if one.unit == "CS" else sayings.PIECES)
            text = f"{number_text(one.quantity)} {unit} {hand.say(sayings.EXCEPTIONS[one.kind])}"
            code = trade.line(one.po_line).article.code
            yield [Span(f"{code}:"), Span(text, "other", f"exception:{one.po_line}")]
    yield [
        Span(hand.say(sayings.RECEIVED_BY)),
        Span(rng.choice(sayings.SIGNERS), "other", "receiver_name"),
        Span(hand.style.day(day), "other", "delivery_datetime"),
    ]


def _receipt(trade: Trade, receipt: str, place: int) -> Content:
    key = _numbered("goods_receipt", place)
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
        values, prints = _row(hand, line, event.po_line, unit=event.unit)
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
    columns = ["line_number", *_COLUMNS[1:], "quantity_ordered", "quantity_received", "unit"]
    if any(event.rejected for event in events):
        columns.insert(-1, "quantity_rejected")
    return Content(
        key, "goods_receipt", "other", "goods_receipt", "form", deal, tuple(rows), header, prints,
        tuple(columns), special=True, by_buyer=True,
    )  # fmt: skip


_NOT_ON_RECEIPTS = ("quantity", "quantity_shipped", "quantity_backordered")


def _debit_memos(trade: Trade) -> Iterator[Content]:
    """The buyer's own note about each short payment."""
    claims = [one for one in trade.claims if one.kind == "short_payment"]
    for place, claim in enumerate(claims):
        key, order = _numbered("debit_memo", place), trade.line(claim.po_line)
        hand = Hand(trade, key)
        price = claim.amount / claim.quantity
        line = _shipped_line(hand, order, Shipped(claim.quantity, "EA"), trade.bill().day, 0)
        line.price, line.base, line.number = price, Decimal(1), claim.po_line
        line.stated = cents(claim.amount)
        values, prints = _row(hand, line, claim.po_line, unit="EA")
        _priced(hand, line, values, prints)
        values["po_line_number"] = claim.po_line
        deal = hand.deal("other", claim.claim_id, trade.bill().day + timedelta(days=20), [line])
        pair = Pair(hand.say(sayings.ORIGINAL), claim.invoice_id, "original_invoice_id")
        deal = replace(deal, pairs=(pair,), stated=(line.amount, ZERO, line.amount))
        header, header_prints = hand.header(deal)
        header["original_invoice_id"] = claim.invoice_id
        header_prints["original_invoice_id"] = frozenset({claim.invoice_id})
        header["invoice_total"] = money_text(line.amount)
        header_prints["invoice_total"] = hand.money(line.amount)
        columns = (*_COLUMNS[1:], "quantity", "unit", "unit_price", "amount")
        yield Content(
            key, "debit_memo", "other", "debit_memo", "form", deal,
            (Row(claim.po_line, "item", values, prints),), header, header_prints, columns,
            special=True, by_buyer=True,
        )  # fmt: skip
