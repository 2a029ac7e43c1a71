"""Incidents of price: dearer or cheaper than ordered, discounts, substitutes, kits, free goods."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce.deals import round_money
from data.synthesis.stories.incidents.order_line import (
    IncidentResult,
    TradeBuilder,
    amount_variance,
    invoice_pointers,
    price_variance,
)
from data.synthesis.stories.trade.everyday import bill_line
from data.synthesis.stories.trade.findings import Pointer

D = Decimal


def _pick_higher_price(builder: TradeBuilder, price: D) -> D:
    """Draw a price that is a few percent higher."""
    return price + max(round_money(price * D(builder.rng.randint(3, 14)) / 100), D("0.05"))


def price_over(
    builder: TradeBuilder,
    *,
    quantity: D | None = None,
    price: D | None = None,
    billed_price: D | None = None,
) -> IncidentResult:
    """Billed dearer than ordered."""
    price, quantity = builder.price_and_quantity(price, quantity, 12, 40, 100)
    billed_price = billed_price or _pick_higher_price(builder, price)
    return _bill_other_price(builder, quantity, price, billed_price)


def price_under(
    builder: TradeBuilder,
    *,
    quantity: D | None = None,
    price: D | None = None,
    billed_price: D | None = None,
) -> IncidentResult:
    """Billed cheaper than ordered."""
    price, quantity = builder.price_and_quantity(price, quantity, 12, 40, 100)
    billed_price = billed_price or round_money(price * D("0.95"))
    return _bill_other_price(builder, quantity, price, billed_price)


def _bill_other_price(
    builder: TradeBuilder, quantity: D, price: D, billed_price: D
) -> IncidentResult:
    builder = (
        builder.with_order(quantity, price)
        .with_receipts(quantity)
        .with_bill_row(quantity, billed_price)
    )
    planted = price_variance(builder, billed_price, price, quantity)
    return IncidentResult(builder.trade, (planted,))


def split_rows(
    builder: TradeBuilder,
    *,
    first: D | None = None,
    second: D | None = None,
    price: D | None = None,
    second_price: D | None = None,
) -> IncidentResult:
    """One order line billed in two rows, the second one dearer."""
    price, first = builder.price_and_quantity(price, first, 20, 60)
    second = second or builder.pick(12, 40)
    second_price = second_price or _pick_higher_price(builder, price)
    second_key = f"{builder.line_number}b"
    builder = builder.with_order(first + second, price).with_receipts(first + second)
    builder = builder.with_bill_rows(
        bill_line(builder.order_line, first, price),
        bill_line(builder.order_line, second, second_price, key=second_key),
    )
    planted = price_variance(builder, second_price, price, second, row=second_key)
    return IncidentResult(builder.trade, (planted,), invoice_pointers(builder, "quantity"))


def joined_order_lines(
    builder: TradeBuilder,
    *,
    first: D | None = None,
    first_price: D | None = None,
    second: D | None = None,
    second_price: D | None = None,
    billed_price: D | None = None,
) -> IncidentResult:
    """One printed row for two order lines of one article at two prices."""
    first, second = first or builder.pick(60, 100), second or builder.pick(20, 50)
    first_price = first_price or builder.order_line.article.price
    second_price = second_price or _pick_higher_price(builder, first_price)
    billed_price = billed_price or round_money((first_price + second_price) / 2) + D("0.01")
    builder = builder.with_order(first, first_price).with_receipts(first)
    other = builder.with_new_order_line(
        second, second_price, builder.order_line.article
    ).with_receipts(second)
    joined = replace(
        bill_line(builder.order_line, first + second, billed_price),
        po_lines=(builder.line_number, other.line_number),
    )
    builder = other.at_line(builder.line_number).with_bill_rows(joined)
    planted = [
        price_variance(
            line_builder, billed_price, price, units, row=builder.line_number,
            evidence=invoice_pointers(builder, "amount"),
        )
        for line_builder, price, units in (
            (builder, first_price, first),
            (builder.at_line(other.line_number), second_price, second),
        )
        if price != billed_price
    ]  # fmt: skip
    return IncidentResult(builder.trade, tuple(planted))


def same_article_twice(
    builder: TradeBuilder,
    *,
    first: D | None = None,
    second: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Two order lines for one article, billed in reverse; the open quantities identify them."""
    price, first = builder.price_and_quantity(price, first, 60, 80)
    second = second or builder.pick(30, 40)
    builder = builder.with_order(first, price).with_receipts(first).with_bill_rows()
    other = builder.with_new_order_line(second, price, builder.order_line.article).with_receipts(
        second
    )
    other = other.with_bill_row(second, price)
    builder = other.at_line(builder.line_number).with_bill_row(first, price)
    return IncidentResult(builder.trade, (), invoice_pointers(builder, "quantity"))


def substituted(
    builder: TradeBuilder,
    *,
    quantity: D | None = None,
    price: D | None = None,
    billed_price: D | None = None,
    authorised: bool | None = None,
) -> IncidentResult:
    """Another article is delivered and billed, dearer; an authorised substitute or not."""
    vendor, rng = builder.trade.vendor, builder.rng
    code = rng.choice(sorted(vendor.substitutes))
    ordered, other = vendor.article(code), vendor.article(vendor.substitutes[code])
    authorised = rng.random() < 0.6 if authorised is None else authorised
    price, quantity = price or ordered.price, quantity or builder.pick(20, 50, 100)
    billed_price = billed_price or _pick_higher_price(builder, price)
    allowed = (other.code,) if authorised else ()
    builder = builder.with_order(quantity, price, article=ordered, substitutes=allowed, packs={})
    builder = builder.with_receipt_events(builder.make_arrival(quantity, article=other))
    builder = builder.with_bill_rows(
        replace(bill_line(builder.order_line, quantity, billed_price), article=other)
    )
    evidence = invoice_pointers(builder, "description", "quantity", "amount")
    if authorised:
        price_gap = price_variance(builder, billed_price, price, quantity)
        planted = replace(
            price_gap,
            code="ITEM_SUBSTITUTED",
            evidence=(*invoice_pointers(builder, "unit_price"), *evidence),
        )
    else:
        planted = amount_variance(
            builder, "ITEM_SUBSTITUTED", round_money(quantity * billed_price), D(0),
            line=builder.line_number, quantity=quantity, evidence=evidence,
        )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def not_ordered(
    builder: TradeBuilder, *, quantity: D | None = None, price: D | None = None
) -> IncidentResult:
    """A row for an article that was not ordered."""
    article = builder.pick_unordered_article()
    price, quantity = price or article.price, quantity or builder.pick(5, 10, 24)
    row = bill_line(builder.order_line, quantity, price, "EA", key="not ordered")
    builder = builder.with_extra_row(replace(row, article=article, po_lines=()))
    planted = amount_variance(
        builder, "ITEM_NOT_ORDERED", row.amount, D(0), quantity=quantity,
        evidence=invoice_pointers(builder, "description", "quantity", "amount", row="not ordered"),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def repeated_row(builder: TradeBuilder) -> IncidentResult:
    """The same row is printed twice on the invoice."""
    price, quantity = builder.order_line.article.price, builder.pick(12, 20, 40)
    builder = builder.with_order(quantity, price).with_receipts(quantity)
    copy_key = f"{builder.line_number}b"
    line = bill_line(builder.order_line, quantity, price)
    builder = builder.with_bill_rows(line, replace(line, key=copy_key))
    planted = amount_variance(
        builder, "DUPLICATE_LINE", line.amount, D(0), line=builder.line_number, quantity=quantity,
        evidence=(
            *invoice_pointers(builder, "quantity", "amount", row=copy_key),
            *invoice_pointers(builder, "amount"),
        ),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def kit_by_parts(
    builder: TradeBuilder,
    *,
    kits: D | None = None,
    price: D | None = None,
    first_price: D | None = None,
) -> IncidentResult:
    """A kit was ordered and its parts are billed; together they are the kit."""
    vendor = builder.trade.vendor
    code = next(iter(vendor.kits))
    parts = tuple((vendor.article(part), count) for part, count in vendor.kits[code])
    kits, price = kits or builder.pick(5, 10, 20), price or vendor.article(code).price + 4
    first_price = first_price or round_money(price / 3)
    builder = builder.with_order(kits, price, article=vendor.article(code), kit=parts, packs={})
    builder = builder.with_receipts(kits)
    rows = [
        replace(
            bill_line(
                builder.order_line, kits * count, part_price, key=f"{builder.line_number}{letter}"
            ),
            article=part,
            part_of_kit=True,
        )
        for (part, count), part_price, letter in zip(
            parts, (first_price, price - first_price), "ab", strict=True
        )
    ]
    builder = builder.with_bill_rows(*rows)
    return IncidentResult(
        builder.trade, (), tuple(Pointer("invoice", "amount", row.key) for row in rows)
    )


def credit_row(
    builder: TradeBuilder,
    *,
    billed: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """A row with a negative price credits units: the sign belongs to the quantity."""
    price, billed = builder.price_and_quantity(price, billed, 40, 100)
    credited = credited or builder.pick_few(billed)
    credit_key = f"{builder.line_number}b"
    builder = builder.with_order(billed, price).with_receipts(billed - credited)
    builder = builder.with_bill_rows(
        bill_line(builder.order_line, billed, price),
        bill_line(builder.order_line, credited, -price, key=credit_key),
    )
    return IncidentResult(
        builder.trade,
        (),
        invoice_pointers(builder, "quantity", "unit_price", "amount", row=credit_key),
    )


def free_goods(
    builder: TradeBuilder, *, paid: D | None = None, free: D | None = None, price: D | None = None
) -> IncidentResult:
    """Some units come free of charge, as an order line at no price promises."""
    price, paid = builder.price_and_quantity(price, paid, 12, 24, 48)
    free = free or builder.pick(1, 2)
    builder = builder.with_units(price, ordered=paid, received=paid, billed=paid)
    other = builder.with_new_order_line(free, D(0), builder.order_line.article).with_receipts(free)
    row = replace(bill_line(other.order_line, free, D(0)), line_type="free_goods")
    builder = other.with_bill_rows(row)
    return IncidentResult(builder.trade, (), invoice_pointers(builder, "quantity", "amount"))


def later_price(
    builder: TradeBuilder,
    *,
    quantity: D | None = None,
    price: D | None = None,
    later: D | None = None,
    by_ship_date: bool | None = None,
) -> IncidentResult:
    """The price changed between order and shipment; the contract decides which version applies."""
    price, quantity = builder.price_and_quantity(price, quantity, 40, 100)
    later = later or _pick_higher_price(builder, price)
    by_ship_date = builder.rng.random() < 0.5 if by_ship_date is None else by_ship_date
    day = builder.trade.slots[0].day - timedelta(days=2)
    builder = builder.with_order(
        quantity, price, later_price=(day, later),
        price_date="ship_date" if by_ship_date else "order_date",
    )  # fmt: skip
    builder = builder.with_receipts(quantity).with_bill_row(quantity, later)
    if by_ship_date:
        return IncidentResult(builder.trade, (), invoice_pointers(builder, "unit_price"))
    return IncidentResult(builder.trade, (price_variance(builder, later, price, quantity),))


def wrong_extension(
    builder: TradeBuilder,
    *,
    quantity: D | None = None,
    price: D | None = None,
    difference: D | None = None,
) -> IncidentResult:
    """The printed amount is not quantity times price."""
    price, quantity = builder.price_and_quantity(price, quantity, 12, 40)
    difference = difference or D(builder.rng.choice((9, 10, 90, 100, 270)))
    builder = builder.with_order(quantity, price).with_receipts(quantity)
    line = bill_line(builder.order_line, quantity, price)
    builder = builder.with_bill_rows(replace(line, amount=line.amount + difference))
    planted = amount_variance(
        builder, "EXTENSION_ERROR", line.amount + difference, line.amount, line=builder.line_number,
        evidence=invoice_pointers(builder, "quantity", "unit_price", "amount"),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def rounded_extension(
    builder: TradeBuilder, *, quantity: D | None = None, price: D | None = None
) -> IncidentResult:
    """A price of three decimals whose extension is rounded to cents."""
    quantity, price = quantity or builder.pick(3, 7, 9), price or D(builder.pick(1234, 3333)) / 1000
    builder = builder.with_units(price, ordered=quantity, received=quantity, billed=quantity)
    return IncidentResult(
        builder.trade, (), invoice_pointers(builder, "quantity", "unit_price", "amount")
    )
