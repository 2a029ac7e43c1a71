"""Incidents of whole documents: wrong order, vendor, currency, sums, copies, and hard printing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues, parties
from data.synthesis.commerce.deals import round_money
from data.synthesis.stories.incidents.order_line import (
    IncidentResult,
    TradeBuilder,
    amount_variance,
    fact_variance,
    invoice_pointers,
)
from data.synthesis.stories.trade.everyday import bill_line
from data.synthesis.stories.trade.findings import Pointer
from data.synthesis.stories.trade.records import Bill
from data.synthesis.stories.trade.world import Article

D = Decimal
_TOTAL = Pointer("invoice", "invoice_total")
_LOOKALIKES = str.maketrans("OIS015", "015OIS")


def _whole_bill_variance(
    builder: TradeBuilder, code: str, formula: str, *fields: str, claim: bool = True
) -> IncidentResult:
    """Plant a variance over the invoice total."""
    planted = fact_variance(
        builder, code, formula, amount=builder.bill.total, state="claim" if claim else "open",
        evidence=(*(Pointer("invoice", name) for name in fields), _TOTAL),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def other_order(builder: TradeBuilder) -> IncidentResult:
    """The invoice names an order that is not this one."""
    number = catalogues.number(builder.rng) + "7"
    builder = builder.with_invoice(po_number=number)
    formula = f"{number} ≠ {builder.trade.po_number}"
    return _whole_bill_variance(builder, "PO_NOT_FOUND", formula, "purchase_order", claim=False)


def closed_order(builder: TradeBuilder) -> IncidentResult:
    """The order was closed before the invoice was received."""
    builder = builder.with_facts(closed=True)
    formula = f"{builder.trade.po_number} is closed"
    return _whole_bill_variance(builder, "PO_CLOSED", formula, "purchase_order")


def other_vendor(builder: TradeBuilder) -> IncidentResult:
    """Another vendor bills the order."""
    party = parties.make_party(builder.rng, builder.trade.vendor.style.language)
    builder = builder.with_invoice(party=party)
    formula = f"{party.name} ≠ {builder.trade.vendor.party.name}"
    return _whole_bill_variance(builder, "VENDOR_MISMATCH", formula, "vendor_name")


def other_terms(builder: TradeBuilder) -> IncidentResult:
    """Other payment terms are printed than were agreed."""
    terms = "NET 10" if builder.trade.terms != "NET 10" else "NET 7"
    builder = builder.with_invoice(terms=terms)
    planted = fact_variance(
        builder, "TERMS_MISMATCH", f"{terms} ≠ {builder.trade.terms}", state="claim",
        evidence=(Pointer("invoice", "terms"),),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def other_currency(
    builder: TradeBuilder,
    *,
    price: D | None = None,
    quantity: D | None = None,
    rate: D | None = None,
) -> IncidentResult:
    """Billed in another currency; with an agreed rate the money is the same.

    `price` is per unit in the bill's currency; without a `rate` nothing can be compared.
    """
    other = "EUR" if builder.trade.currency != "EUR" else "USD"
    price, quantity = builder.price_and_quantity(price, quantity, 20, 50, 100)
    ordered = price * (rate or D("1.08"))
    builder = builder.with_only_this_line().with_order(quantity, ordered).with_receipts(quantity)
    builder = (
        builder.with_bill_row(quantity, price)
        .with_invoice(currency=other)
        .with_facts(agreed_rate=rate)
    )
    pointers = (Pointer("invoice", "currency"),)
    planted = fact_variance(
        builder, "CURRENCY_MISMATCH", f"{other} ≠ {builder.trade.currency}", state="claim",
        evidence=pointers,
    )  # fmt: skip
    return IncidentResult(builder.trade, () if rate else (planted,), pointers)


def agreed_currency(builder: TradeBuilder) -> IncidentResult:
    """Billed in another currency at the rate that was agreed."""
    return other_currency(builder, rate=D("1.08"))


def wrong_total(builder: TradeBuilder, *, difference: D | None = None) -> IncidentResult:
    """The printed total is not the sum of its parts."""
    difference = difference or builder.pick(9, 10, 90, 100)
    due = builder.bill.due_total
    builder = builder.with_invoice(stated_total=due + difference)
    planted = amount_variance(builder, "TOTAL_MISMATCH", due + difference, due, evidence=(_TOTAL,))
    return IncidentResult(builder.trade, (planted,), (Pointer("invoice", "sub_total"),))


def wrong_tax(builder: TradeBuilder, *, difference: D | None = None) -> IncidentResult:
    """The tax is not base times rate."""
    difference = difference or builder.pick(3, 6, 9)
    builder = builder.with_invoice(tax_rate=builder.bill.tax_rate or D(6))
    due = builder.bill.due_tax
    return _tax_mismatch(builder.with_invoice(stated_tax=due + difference), due + difference, due)


def tax_on_exempt(builder: TradeBuilder) -> IncidentResult:
    """The buyer pays no tax and tax is billed."""
    builder = builder.with_facts(tax_exempt=True).with_invoice(
        tax_rate=builder.bill.tax_rate or D(6)
    )
    return _tax_mismatch(builder, builder.bill.tax, D(0))


def _tax_mismatch(builder: TradeBuilder, billed: D, due: D) -> IncidentResult:
    planted = amount_variance(
        builder, "TAX_MISMATCH", billed, due, evidence=(Pointer("invoice", "total_tax"),)
    )
    return IncidentResult(builder.trade, (planted,))


def tax_by_line(
    builder: TradeBuilder, *, count: int = 3, price: D | None = None, rate: D | None = None
) -> IncidentResult:
    """The tax is rounded line by line and a cent off the tax on the total."""
    price, rate = price or D("1.15"), rate or D(10)
    builder = builder.with_only_this_line().with_invoice(tax_rate=rate, tax_by_line=True)
    for place in range(count):
        if place:
            builder = builder.with_new_order_line(D(1), price, builder.pick_unordered_article())
        builder = builder.with_order(D(1), price).with_receipts(D(1)).with_bill_row(D(1), price)
    return IncidentResult(builder.trade, (), (Pointer("invoice", "total_tax"),))


def tax_in_prices(
    builder: TradeBuilder,
    *,
    price: D | None = None,
    quantity: D | None = None,
    rate: D | None = None,
) -> IncidentResult:
    """The printed prices include tax: the rows sum to the total although there is tax."""
    rate, trade = rate or D(20), builder.trade
    for line in trade.lines:
        units = quantity if quantity and line.number == builder.line_number else line.quantity
        net = price if price and line.number == builder.line_number else line.price
        line_builder = builder._replace(trade=trade, line_number=line.number)
        line_builder = line_builder.with_order(units, net, line.unit).with_receipts(units)
        trade = line_builder.with_bill_row(units, net * (1 + rate / 100)).trade
    builder = builder._replace(trade=trade).with_invoice(includes_tax=True, tax_rate=rate)
    return IncidentResult(builder.trade, (), (Pointer("invoice", "total_tax"), _TOTAL))


def _misprint_number(number: str) -> str:
    """Return the number with a letter for a digit or back, if it has letters; else with a zero."""
    places = [place for place, char in enumerate(number) if char in "OIS015"]
    if not any(char.isalpha() for char in number) or not places:
        return f"0{number}"
    place = places[-1]
    return number[:place] + number[place].translate(_LOOKALIKES) + number[place + 1 :]


def resent(builder: TradeBuilder) -> IncidentResult:
    """The invoice is sent again, under a slightly different number."""
    misprinted = _misprint_number(builder.bill.number)
    copy = replace(
        builder.bill, key="invoice_2", number=misprinted, day=builder.bill.day + timedelta(days=3)
    )
    builder = builder.with_facts(bills=(*builder.trade.bills, copy))
    planted = amount_variance(
        builder, "DUPLICATE_INVOICE", copy.total, D(0), document="invoice_2",
        evidence=(
            Pointer("invoice_2", "document_id"), Pointer("invoice_2", "invoice_total"),
            Pointer("invoice", "document_id"), _TOTAL,
        ),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def partial_shipments(
    builder: TradeBuilder, *, each: D | None = None, price: D | None = None
) -> IncidentResult:
    """Two equal shipments with an invoice each: no copies."""
    price, each = builder.price_and_quantity(price, each, 20, 50)
    builder = builder.with_only_this_line().with_order(each * 2, price).with_receipts(each, each)
    builder = builder.with_bill_row(each, price)
    second = _second_bill(builder, builder.bill)
    builder = builder.with_facts(bills=(*builder.trade.bills, second))
    ids = (Pointer("invoice", "document_id"), Pointer("invoice_2", "document_id"))
    return IncidentResult(builder.trade, (), ids)


def _second_bill(builder: TradeBuilder, bill: Bill) -> Bill:
    number = catalogues.number(builder.rng)
    return replace(bill, key="invoice_2", number=number, day=bill.day + timedelta(days=9))


def _with_two_rows(builder: TradeBuilder) -> TradeBuilder:
    """Add a row to an invoice of a single row."""
    if len(builder.bill.lines) > 1:
        return builder
    article = builder.pick_unordered_article()
    other = builder.with_new_order_line(D(20), article.price, article).with_receipts(D(20))
    return other.with_bill_row(D(20), article.price).at_line(builder.line_number)


def two_in_one_file(builder: TradeBuilder) -> IncidentResult:
    """Two invoices over the rows of one order, scanned into one file."""
    builder = _with_two_rows(builder)
    lines = builder.bill.lines
    half = max(len(lines) // 2, 1)
    second = _second_bill(builder, replace(builder.bill, lines=lines[half:]))
    builder = builder.with_invoice(lines=lines[:half])
    builder = builder.with_facts(bills=(*builder.trade.bills, second), bundle="one_file")
    return IncidentResult(builder.trade)


def one_in_two_files(builder: TradeBuilder, **amounts: D) -> IncidentResult:
    """One invoice of two pages, each in a file of its own."""
    result = carried_forward(builder, **amounts)
    return IncidentResult(replace(result.trade, bundle="two_files"), (), result.must_print)


def carried_forward(
    builder: TradeBuilder, *, first: D | None = None, second: D | None = None
) -> IncidentResult:
    """Two pages, the sum of the first carried forward to the second."""
    if first and second:
        builder = (
            builder.with_only_this_line()
            .with_order(D(1), first)
            .with_receipts(D(1))
            .with_bill_row(D(1), first)
        )
        other = builder.with_new_order_line(D(1), second, builder.pick_unordered_article())
        builder = other.with_receipts(D(1)).with_bill_row(D(1), second)
    builder = _with_two_rows(builder)
    builder = builder.with_invoice(split_after=len(builder.bill.lines) // 2)
    rows = tuple(Pointer("invoice", "amount", line.key) for line in builder.bill.lines)
    return IncidentResult(builder.trade, (), (Pointer("invoice", "carried_forward"), *rows))


def merged_rows(
    builder: TradeBuilder, *, first: D | None = None, second: D | None = None
) -> IncidentResult:
    """The amounts of two rows are printed as one number; a person has to check."""
    first, second = first or builder.pick(3960, 1250), second or builder.pick(704, 318)
    builder = builder.with_order(D(1), first).with_receipts(D(1))
    line = bill_line(builder.order_line, D(1), first)
    builder = builder.with_bill_rows(replace(line, runs_into_next=True))
    other = builder.with_new_order_line(
        D(1), second, builder.pick_unordered_article()
    ).with_receipts(D(1))
    below = bill_line(other.order_line, D(1), second)

    def change(bill: Bill) -> Bill:
        place = [row.key for row in bill.lines].index(line.key) + 1
        return replace(bill, lines=(*bill.lines[:place], below, *bill.lines[place:]))

    trade = other.trade.with_changed_bill(change)
    trade = replace(
        trade, illegible_lines=trade.illegible_lines | {builder.line_number, other.line_number}
    )
    return IncidentResult(trade, (), (Pointer("invoice", "amount", builder.line_number),))


def struck_by_hand(
    builder: TradeBuilder,
    *,
    printed: D | None = None,
    right: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """A printed quantity is struck out and another one written beside it."""
    price, printed = builder.price_and_quantity(price, printed, 48, 60)
    right = right or printed - builder.pick(1, 2, 3)
    builder = builder.with_order(printed, price).with_receipts(right)
    line = bill_line(builder.order_line, right, price)
    builder = builder.with_bill_rows(replace(line, struck_quantity=printed))
    builder = builder.with_facts(
        illegible_lines=builder.trade.illegible_lines | {builder.line_number}
    )
    pointers = Pointer("invoice", "quantity", builder.line_number)
    return IncidentResult(
        builder.trade, (), (pointers, Pointer("invoice", "struck_quantity", builder.line_number))
    )


def price_absent(builder: TradeBuilder) -> IncidentResult:
    """No price is printed, only quantity and amount."""
    price, quantity = builder.order_line.article.price, builder.pick(12, 40)
    builder = builder.with_order(quantity, price).with_receipts(quantity)
    line = bill_line(builder.order_line, quantity, price)
    builder = builder.with_bill_rows(replace(line, blank_cells=frozenset({"unit_price"})))
    return IncidentResult(builder.trade, (), invoice_pointers(builder, "quantity", "amount"))


def service_row(builder: TradeBuilder, *, amount: D | None = None) -> IncidentResult:
    """A service with an amount and no quantity."""
    amount = amount or builder.pick(120, 350, 850)
    words = {"en": "Installation on site", "de": "Montage vor Ort", "fr": "Installation sur site"}
    article = Article(
        catalogues.code(builder.rng),
        "",
        "",
        words[builder.trade.vendor.style.language],
        D(1),
        amount,
    )
    builder = builder.with_order(
        D(1), amount, "LS", article=article, packs={}, receipt_expected=False
    ).with_receipts()
    line = bill_line(builder.order_line, D(1), amount)
    blank = frozenset({"quantity", "unit", "unit_price"})
    builder = builder.with_bill_rows(replace(line, blank_cells=blank))
    return IncidentResult(builder.trade, (), invoice_pointers(builder, "amount"))


def decimal_point_in_commas(
    builder: TradeBuilder, *, quantity: D | None = None, price: D | None = None
) -> IncidentResult:
    """A "1.000" on a page of decimal commas: by the row's arithmetic it is one unit."""
    price, quantity = price or builder.pick(250, 375, 420) / 100, quantity or D(1)
    vendor = builder.trade.vendor
    style = replace(vendor.style, point=",", group=".", indian=False, quantity_places=0)
    builder = builder.with_facts(vendor=replace(vendor, style=style))
    builder = builder.with_order(quantity, price, "KG", packs={}).with_receipts(quantity)
    line = bill_line(builder.order_line, quantity, price)
    text = format(quantity.quantize(D("0.001")), "f")
    builder = builder.with_bill_rows(replace(line, printed_quantity=text))
    return IncidentResult(
        builder.trade, (), invoice_pointers(builder, "quantity", "unit_price", "amount")
    )


def noisy_code(builder: TradeBuilder) -> IncidentResult:
    """The article's numbers are printed with leading zeros."""
    price, quantity = builder.order_line.article.price, builder.pick(12, 40)
    builder = builder.with_order(quantity, price).with_receipts(quantity)
    line = bill_line(builder.order_line, quantity, price)
    article = line.article
    builder = builder.with_bill_rows(
        replace(line, code=f"000{article.code}", gtin=article.gtin.zfill(14))
    )
    return IncidentResult(builder.trade, (), invoice_pointers(builder, "product_code"))


def till_receipt(builder: TradeBuilder) -> IncidentResult:
    """Bought over the counter: the bill is a till receipt."""
    price, quantity = round_money(builder.order_line.article.price), builder.pick(1, 2)
    builder = builder.with_only_this_line().with_order(quantity, price).with_receipts(quantity)
    builder = builder.with_bill_row(quantity, price).with_invoice(kind="receipt")
    builder = builder.with_facts(papers=frozenset({"goods_receipt"}), required_papers=frozenset())
    return IncidentResult(builder.trade)
