"""Incidents of price: dearer or cheaper than ordered, discounts, substitutes, kits, free goods."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce.deals import cents
from data.synthesis.stories.incidents.order_line import (
    Bent,
    Scene,
    money_planted,
    price_planted,
)
from data.synthesis.stories.trade.everyday import bill_line
from data.synthesis.stories.trade.findings import Pointer

D = Decimal


def _shows(scene: Scene, *fields: str, row: str | None = None) -> tuple[Pointer, ...]:
    return tuple(Pointer("invoice", name, row or scene.number) for name in fields)


def _dearer(scene: Scene, price: D) -> D:
    """A price a few percent higher."""
    return price + max(cents(price * D(scene.rng.randint(3, 14)) / 100), D("0.05"))


def price_over(
    scene: Scene,
    *,
    quantity: D | None = None,
    price: D | None = None,
    billed_price: D | None = None,
) -> Bent:
    """Billed dearer than ordered."""
    price, quantity = price or scene.order.article.price, quantity or scene.whole(12, 40, 100)
    billed_price = billed_price or _dearer(scene, price)
    return _priced(scene, quantity, price, billed_price)


def price_under(
    scene: Scene,
    *,
    quantity: D | None = None,
    price: D | None = None,
    billed_price: D | None = None,
) -> Bent:
    """Billed cheaper than ordered."""
    price, quantity = price or scene.order.article.price, quantity or scene.whole(12, 40, 100)
    billed_price = billed_price or cents(price * D("0.95"))
    return _priced(scene, quantity, price, billed_price)


def _priced(scene: Scene, quantity: D, price: D, billed_price: D) -> Bent:
    scene = scene.ordering(quantity, price).receiving(quantity).billing(quantity, billed_price)
    planted = price_planted(scene, billed_price, price, quantity)
    return Bent(scene.trade, (planted,))


def split_rows(
    scene: Scene,
    *,
    first: D | None = None,
    second: D | None = None,
    price: D | None = None,
    second_price: D | None = None,
) -> Bent:
    """One order line billed in two rows, the second one dearer."""
    price = price or scene.order.article.price
    first, second = first or scene.whole(20, 60), second or scene.whole(12, 40)
    second_price = second_price or _dearer(scene, price)
    other = f"{scene.number}b"
    scene = scene.ordering(first + second, price).receiving(first + second)
    scene = scene.billing_lines(
        bill_line(scene.order, first, price),
        bill_line(scene.order, second, second_price, key=other),
    )
    planted = price_planted(scene, second_price, price, second, row=other)
    return Bent(scene.trade, (planted,), _shows(scene, "quantity"))


def joined_order_lines(
    scene: Scene,
    *,
    first: D | None = None,
    first_price: D | None = None,
    second: D | None = None,
    second_price: D | None = None,
    billed_price: D | None = None,
) -> Bent:
    """One printed row for two order lines of one article at two prices."""
    first, second = first or scene.whole(60, 100), second or scene.whole(20, 50)
    first_price = first_price or scene.order.article.price
    second_price = second_price or _dearer(scene, first_price)
    billed_price = billed_price or cents((first_price + second_price) / 2) + D("0.01")
    scene = scene.ordering(first, first_price).receiving(first)
    other = scene.beside(second, second_price, scene.order.article).receiving(second)
    joined = replace(
        bill_line(scene.order, first + second, billed_price), po_lines=(scene.number, other.number)
    )
    scene = other.at(scene.number).billing_lines(joined)
    planted = [
        price_planted(
            place, billed_price, price, units, row=scene.number,
            evidence=_shows(scene, "amount"),
        )
        for place, price, units in (
            (scene, first_price, first),
            (scene.at(other.number), second_price, second),
        )
        if price != billed_price
    ]  # fmt: skip
    return Bent(scene.trade, tuple(planted))


def same_article_twice(
    scene: Scene, *, first: D | None = None, second: D | None = None, price: D | None = None
) -> Bent:
    """Two order lines for one article, billed in the other order: capacity tells which is which."""
    price = price or scene.order.article.price
    first, second = first or scene.whole(60, 80), second or scene.whole(30, 40)
    scene = scene.ordering(first, price).receiving(first).billing_lines()
    other = scene.beside(second, price, scene.order.article).receiving(second)
    other = other.billing(second, price)
    scene = other.at(scene.number).billing(first, price)
    return Bent(scene.trade, (), _shows(scene, "quantity"))


def substituted(
    scene: Scene,
    *,
    quantity: D | None = None,
    price: D | None = None,
    billed_price: D | None = None,
    authorised: bool | None = None,
) -> Bent:
    """Another article came and is billed, dearer; it may be an authorised substitute or not."""
    vendor, rng = scene.trade.vendor, scene.rng
    code = rng.choice(sorted(vendor.substitutes))
    ordered, other = vendor.article(code), vendor.article(vendor.substitutes[code])
    authorised = rng.random() < 0.6 if authorised is None else authorised
    price, quantity = price or ordered.price, quantity or scene.whole(20, 50, 100)
    billed_price = billed_price or _dearer(scene, price)
    allowed = (other.code,) if authorised else ()
    scene = scene.ordering(quantity, price, article=ordered, substitutes=allowed, packs={})
    scene = scene.receiving_events(scene.arrival(quantity, article=other))
    scene = scene.billing_lines(
        replace(bill_line(scene.order, quantity, billed_price), article=other)
    )
    evidence = _shows(scene, "description", "quantity", "amount")
    if authorised:
        gap = price_planted(scene, billed_price, price, quantity)
        planted = replace(
            gap, code="ITEM_SUBSTITUTED", evidence=(*_shows(scene, "unit_price"), *evidence)
        )
    else:
        planted = money_planted(
            scene, "ITEM_SUBSTITUTED", cents(quantity * billed_price), D(0), line=scene.number,
            quantity=quantity, evidence=evidence,
        )  # fmt: skip
    return Bent(scene.trade, (planted,))


def not_ordered(scene: Scene, *, quantity: D | None = None, price: D | None = None) -> Bent:
    """A row for an article that nobody ordered."""
    article = scene.unordered()
    price, quantity = price or article.price, quantity or scene.whole(5, 10, 24)
    row = bill_line(scene.order, quantity, price, "EA", key="not ordered")
    scene = scene.adding(replace(row, article=article, po_lines=()))
    planted = money_planted(
        scene, "ITEM_NOT_ORDERED", row.amount, D(0), quantity=quantity,
        evidence=_shows(scene, "description", "quantity", "amount", row="not ordered"),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def repeated_row(scene: Scene) -> Bent:
    """The same row stands twice on the invoice."""
    price, quantity = scene.order.article.price, scene.whole(12, 20, 40)
    scene = scene.ordering(quantity, price).receiving(quantity)
    row, again = f"{scene.number}", f"{scene.number}b"
    line = bill_line(scene.order, quantity, price)
    scene = scene.billing_lines(line, replace(line, key=again))
    planted = money_planted(
        scene, "DUPLICATE_LINE", line.amount, D(0), line=scene.number, quantity=quantity,
        evidence=(
            *_shows(scene, "quantity", "amount", row=again), *_shows(scene, "amount", row=row)
        ),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def kit_by_parts(
    scene: Scene,
    *,
    kits: D | None = None,
    price: D | None = None,
    first_price: D | None = None,
) -> Bent:
    """A kit was ordered and its parts are billed; together they are the kit."""
    vendor = scene.trade.vendor
    code = next(iter(vendor.kits))
    parts = tuple((vendor.article(part), count) for part, count in vendor.kits[code])
    kits, price = kits or scene.whole(5, 10, 20), price or vendor.article(code).price + 4
    first_price = first_price or cents(price / 3)
    scene = scene.ordering(kits, price, article=vendor.article(code), kit=parts, packs={})
    scene = scene.receiving(kits)
    rows = [
        replace(
            bill_line(scene.order, kits * count, part_price, key=f"{scene.number}{letter}"),
            article=part,
            part_of_kit=True,
        )
        for (part, count), part_price, letter in zip(
            parts, (first_price, price - first_price), "ab", strict=True
        )
    ]
    scene = scene.billing_lines(*rows)
    return Bent(scene.trade, (), tuple(Pointer("invoice", "amount", row.key) for row in rows))


def credit_row(
    scene: Scene, *, billed: D | None = None, credited: D | None = None, price: D | None = None
) -> Bent:
    """A row with a negative price takes units back: the sign belongs to the quantity."""
    price, billed = price or scene.order.article.price, billed or scene.whole(40, 100)
    credited = credited or scene.few(billed)
    other = f"{scene.number}b"
    scene = scene.ordering(billed, price).receiving(billed - credited)
    scene = scene.billing_lines(
        bill_line(scene.order, billed, price),
        bill_line(scene.order, credited, -price, key=other),
    )
    return Bent(scene.trade, (), _shows(scene, "quantity", "unit_price", "amount", row=other))


def free_goods(
    scene: Scene, *, paid: D | None = None, free: D | None = None, price: D | None = None
) -> Bent:
    """Some units come free of charge, as an order line at no price promises."""
    price, paid = price or scene.order.article.price, paid or scene.whole(12, 24, 48)
    free = free or scene.whole(1, 2)
    scene = scene.ordering(paid, price).receiving(paid).billing(paid, price)
    other = scene.beside(free, D(0), scene.order.article).receiving(free)
    row = replace(bill_line(other.order, free, D(0)), line_type="free_goods")
    scene = other.billing_lines(row)
    return Bent(scene.trade, (), _shows(scene, "quantity", "amount"))


def later_price(
    scene: Scene,
    *,
    quantity: D | None = None,
    price: D | None = None,
    later: D | None = None,
    by_ship_date: bool | None = None,
) -> Bent:
    """The price changed between order and shipment; the contract says which one counts."""
    price, quantity = price or scene.order.article.price, quantity or scene.whole(40, 100)
    later = later or _dearer(scene, price)
    by_ship_date = scene.rng.random() < 0.5 if by_ship_date is None else by_ship_date
    day = scene.trade.slots[0].day - timedelta(days=2)
    scene = scene.ordering(
        quantity, price, later_price=(day, later),
        price_date="ship_date" if by_ship_date else "order_date",
    )  # fmt: skip
    scene = scene.receiving(quantity).billing(quantity, later)
    if by_ship_date:
        return Bent(scene.trade, (), _shows(scene, "unit_price"))
    return Bent(scene.trade, (price_planted(scene, later, price, quantity),))


def wrong_extension(
    scene: Scene, *, quantity: D | None = None, price: D | None = None, off: D | None = None
) -> Bent:
    """The printed amount is not quantity times price."""
    price, quantity = price or scene.order.article.price, quantity or scene.whole(12, 40)
    off = off or D(scene.rng.choice((9, 10, 90, 100, 270)))
    scene = scene.ordering(quantity, price).receiving(quantity)
    line = bill_line(scene.order, quantity, price)
    scene = scene.billing_lines(replace(line, amount=line.amount + off))
    planted = money_planted(
        scene, "EXTENSION_ERROR", line.amount + off, line.amount, line=scene.number,
        evidence=_shows(scene, "quantity", "unit_price", "amount"),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def rounded_extension(scene: Scene, *, quantity: D | None = None, price: D | None = None) -> Bent:
    """A price of three decimals whose extension is rounded to cents."""
    quantity, price = quantity or scene.whole(3, 7, 9), price or D(scene.whole(1234, 3333)) / 1000
    scene = scene.ordering(quantity, price).receiving(quantity).billing(quantity, price)
    return Bent(scene.trade, (), _shows(scene, "quantity", "unit_price", "amount"))
