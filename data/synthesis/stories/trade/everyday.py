"""An everyday trade without any variance: all ordered goods are received and billed as agreed."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import round_money
from data.synthesis.commerce.parties import Party
from data.synthesis.stories.trade.records import (
    ZERO,
    Arrival,
    Bill,
    BillLine,
    OrderedLine,
    ReceiptSlot,
    Trade,
)
from data.synthesis.stories.trade.world import Article, Vendor

_QUANTITIES = (10, 12, 20, 24, 30, 36, 40, 48, 50, 60, 72, 80, 96, 100, 120, 144, 150)


def bill_line(
    order: OrderedLine,
    quantity: Decimal,
    price: Decimal,
    unit: str | None = None,
    *,
    key: str | None = None,
    price_base: Decimal = Decimal(1),
    discount_rate: Decimal = ZERO,
) -> BillLine:
    """Return a printed line for an order line, with the correct amount."""
    line = BillLine(
        key=key or order.number,
        article=order.article,
        quantity=quantity,
        unit=unit or order.unit,
        price=price,
        amount=ZERO,
        po_lines=(order.number,),
        price_base=price_base,
        discount_rate=discount_rate,
    )
    gross = round_money(line.gross)
    return replace(line, amount=gross - round_money(gross * discount_rate / 100))


def make_everyday_trade(rng: random.Random, vendor: Vendor, buyer: Party, count: int) -> Trade:
    """Return a trade of `count` order lines that ties out."""
    day = date(2019, 1, 7) + timedelta(days=rng.randint(0, 2500))
    received = day + timedelta(days=rng.randint(5, 16))
    slots = tuple(
        ReceiptSlot(f"GR{catalogues.digits(rng, 6)}", received + timedelta(days=9 * place))
        for place in range(3)
    )
    articles = rng.sample(vendor.catalogue[15:], count)
    lines = tuple(
        _order_line(rng, vendor, article, str((place + 1) * 10))
        for place, article in enumerate(articles)
    )
    billed = received + timedelta(days=rng.randint(0, 6))
    proof = "bill_of_lading" if vendor.freight_term == "collect" else "proof_of_delivery"
    slip = rng.choice(("packing_slip", "packing_slip", "delivery_note"))
    extra = {kind for kind in ("purchase_order", "goods_receipt") if rng.random() < 0.45}
    if rng.random() < 0.25:
        extra.add("proof_of_delivery")
    po_number = catalogues.number(rng)
    return Trade(
        vendor=vendor,
        buyer=buyer,
        po_number=po_number,
        order_day=day,
        lines=lines,
        arrivals=tuple(_full_arrival(line, slots[0]) for line in lines),
        bills=(_full_bill(rng, vendor, po_number, billed, lines),),
        slots=slots,
        papers=frozenset({proof, slip, *extra}),
        required_papers=frozenset({proof}),
    )


def _order_line(rng: random.Random, vendor: Vendor, article: Article, number: str) -> OrderedLine:
    by_case = rng.random() < 0.3
    price = (
        round_money(article.price * article.pack * Decimal("0.96")) if by_case else article.price
    )
    return OrderedLine(
        number=number,
        article=article,
        quantity=Decimal(
            rng.choice((2, 3, 4, 5, 6, 8, 10, 15)) if by_case else rng.choice(_QUANTITIES)
        ),
        unit="CS" if by_case else "EA",
        price=price,
        packs={"CS": article.pack},
        over_delivery_pct=vendor.over_delivery_pct,
    )


def _full_arrival(line: OrderedLine, slot: ReceiptSlot) -> Arrival:
    return Arrival(slot.receipt_id, slot.day, line.number, line.quantity, line.unit)


def _full_bill(
    rng: random.Random, vendor: Vendor, po_number: str, day: date, lines: Sequence[OrderedLine]
) -> Bill:
    return Bill(
        key="invoice",
        kind="invoice",
        number=catalogues.number(rng),
        day=day,
        lines=tuple(bill_line(line, line.quantity, line.price) for line in lines),
        po_number=po_number,
        party=vendor.party,
        currency=vendor.style.currency,
        terms=vendor.terms,
        tax_rate=vendor.tax_rate,
    )
