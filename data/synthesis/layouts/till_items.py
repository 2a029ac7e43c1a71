"""Prints the items of a till receipt: one to three lines each, with discounts and voids."""

import random
from dataclasses import replace
from decimal import Decimal

from data.synthesis.commerce import catalogues, wording
from data.synthesis.commerce.deals import Deal, DealLine, round_money
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.layouts.strips import Strip

FORMS = (
    "plain",
    "count_first",
    "count_last",
    "numbered",
    "two_lines",
    "two_lines_code",
    "code_first",
    "name_code_price",
    "columns",
    "columns_below",
    "at",
)
_VOIDS = ("VOID", "CANCEL", "Void item", "STORNO", "ERROR CORR", "REFUND")


def set_till_quantities(rng: random.Random, deal: Deal) -> None:
    """Draw small quantities and everyday prices; in a currency without cents, of hundreds."""
    for line in deal.lines:
        if "till" in line.words:
            _round_marked(line, deal.style.money_places)
            continue
        if rng.random() < 0.9:
            line.quantity = Decimal(rng.choice((1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 10)))
        line.base = Decimal(1)
        price = line.price / 40 if line.price > 300 else line.price
        line.price = max(round_money(price), Decimal("0.05"))  # tills print no more decimals
        if deal.style.money_places == 0:
            line.price = Decimal(rng.choice((5, 10, 25, 50)) * rng.randint(8, 200) * 10)
            line.quantity = max(line.quantity.to_integral_value(), Decimal(1))
            line.discount_rate = Decimal(rng.choice((10, 20, 50)) if rng.random() < 0.05 else 0)


def _round_marked(line: DealLine, places: int) -> None:
    """Round the price of goods that a till prints in its own way; whole where money is whole."""
    line.base = Decimal(1)
    if not places and abs(line.price) < 100:
        line.price *= 1000
    line.price = round_money(line.price, min(places, 2))


def set_item(strip: Strip, line: DealLine, item: int) -> None:
    """Print the item with its discount, and by chance a remark or a void."""
    _set_main(strip, line, item)
    rng = strip.rng
    if line.discount:
        strip.feed()
        name: Line = [Span(wording.pick_label(rng, wording.DISCOUNTS, strip.deal.style.language))]
        if rng.random() < 0.6:
            name.append(Span(strip.deal.style.quantity(line.discount_rate) + "%", "discount_rate"))
        strip.put_at(rng.choice((0.0, 0.05, 0.12)), name, item)
        strip.put_right([Span(strip.money(-line.discount), "discount_amount")], 1.0, item)
    draw = rng.random()
    if draw < 0.05:
        strip.feed()
        texts = ("NO MSG", "- less ice", "+ Large", "PROMO", "PLU 0042", "Take away", "*PROMO ITEM")
        strip.put_at(rng.choice((0.0, 0.08)), [Span(rng.choice(texts))])
    elif draw < 0.065:
        _set_void(strip)


def _set_main(strip: Strip, line: DealLine, item: int) -> None:
    parts = _Parts(strip, line, item)
    strip.feed()
    if line.words.get("till") == "credit":
        strip.put_wrapped(parts.name, item, 0.72)
        strip.put_right(parts.money, 1.0, item)
    elif strip.form == "plain":
        _set_plain(strip, parts, line)
    elif strip.form in ("count_first", "numbered"):
        _set_with_lead(strip, parts, item)
    elif strip.form == "count_last":
        strip.put_wrapped(parts.name, item, 0.6)
        if strip.priced:
            strip.put_right(parts.times, 0.8, item)
        else:
            strip.put_right(parts.quantity, 0.7, item)
        strip.put_right(parts.money, 1.0, item)
    elif strip.form in ("two_lines", "two_lines_code", "at", "code_first", "name_code_price"):
        _set_on_lines(strip, parts, item)
    else:
        _set_in_columns(strip, parts, item)


class _Parts:
    """The printed parts of one item."""

    def __init__(self, strip: Strip, line: DealLine, item: int) -> None:
        style, rng = strip.deal.style, strip.rng
        text = line.product.description
        self.item = item
        self.name: Line = [Span(text.upper() if strip.caps else text, "description")]
        self.quantity: Line = [Span(style.quantity(line.quantity), "quantity")]
        if strip.united:
            unit = line.product.unit
            if strip.united == "glued":
                self.quantity = [Span(style.quantity(line.quantity) + unit, "quantity")]
            else:
                self.quantity.append(Span(unit, "unit"))
        self.price: Line = [Span(strip.money(line.price), "unit_price")]
        marked = line.words.get("till")
        if marked == "weighed":
            self.quantity = [Span(style.quantity(line.quantity), "quantity"),
                             Span(line.product.unit, "unit")]  # fmt: skip
            if strip.per_unit:
                self.price.append(Span(f"/{line.product.unit}"))
        code = strip.codes.get(line.tax_rate, strip.code)
        # A tax letter beside the amount is no part of it; glued to it they are one word.
        money = strip.money(line.gross) + (code if strip.code_glued else "")
        self.money: Line = [Span(money, "amount")]
        if code and not strip.code_glued:
            self.money.append(Span(code))
        short = strip.form.startswith("columns") or rng.random() < 0.5
        number = line.product.code if short else line.product.gtin
        self.code: Line = [Span(number, "product_code")]
        self.times: Line = [*self.quantity, Span(strip.times), *self.price]
        if strip.price_first:
            self.times = [*self.price, Span(strip.times), *self.quantity]
        if marked == "unpriced":
            self.price, self.money, self.times = [], [], self.quantity


def _set_plain(strip: Strip, parts: _Parts, line: DealLine) -> None:
    if line.quantity == 1 or not strip.priced:
        strip.put_wrapped(parts.name, parts.item, 0.72)
    elif strip.above:  # the count is above its item
        strip.put_at(0.06, parts.times, parts.item)
        strip.feed()
        strip.put_wrapped(parts.name, parts.item, 0.72)
    else:
        strip.put_wrapped(parts.name, parts.item, 1.0)
        strip.feed()
        strip.put_at(0.06, parts.times, parts.item)
    strip.put_right(parts.money, 1.0, parts.item)


def _set_with_lead(strip: Strip, parts: _Parts, item: int) -> None:
    """Print the item on a line that begins with a count or a number."""
    if strip.form == "numbered":
        number = Span(f"{item + 1}" + strip.rng.choice((".", "", ")")), "line_number")
        strip.put_wrapped([number, *parts.name], item, 0.74)
        if strip.priced:
            strip.feed()
            strip.put_at(0.1, parts.times, item)
    else:
        mark: Line = [Span(strip.times)] if strip.counted else []
        strip.put_wrapped([*parts.quantity, *mark, *parts.name], item, 0.74)
        if strip.priced and strip.at_below:
            strip.feed()
            strip.put_at(0.1, [Span("@"), *parts.price], item)
    strip.put_right(parts.money, 1.0, item)


def _set_on_lines(strip: Strip, parts: _Parts, item: int) -> None:
    """Print the name on its own line; code, count and price on the next ones."""
    if strip.form == "code_first":
        strip.put(parts.code, item)
        strip.feed()
        strip.put_wrapped(parts.name, item, 1.0)
    elif strip.form == "name_code_price":
        strip.put_wrapped(parts.name, item, 1.0)
        strip.feed()
        reference = f"{catalogues.code(strip.rng)} - {strip.rng.randint(4, 96)}"
        strip.put([Span(reference)])
    else:
        strip.put_wrapped(parts.name, item, 1.0)
    strip.feed()
    coded = strip.form in ("two_lines_code", "name_code_price")
    if coded or (strip.form == "at" and strip.coded):
        strip.put(parts.code, item)
        strip.put_right(parts.times, 0.74, item)
    else:
        strip.put_at(0.12, parts.times, item)
    strip.put_right(parts.money, 1.0, item)


def _set_in_columns(strip: Strip, parts: _Parts, item: int) -> None:
    if strip.form == "columns_below":
        strip.put(parts.code, item)
    else:
        strip.put_wrapped(parts.name, item, 0.4 if not strip.coded else 1.0)
        if strip.coded:
            strip.feed()
    strip.put_right(parts.quantity, 0.5, item)
    if strip.priced:
        strip.put_right(parts.price, 0.75, item)
    strip.put_right(parts.money, 1.0, item)
    if strip.form == "columns_below":
        strip.feed()
        strip.put_wrapped(parts.name, item, 1.0)


def _set_void(strip: Strip) -> None:
    """Print a void, rung up and taken back: it is not bought and no item."""
    strip.feed()
    noun = catalogues.noun(strip.rng, strip.deal.kind, strip.deal.style.language)
    strip.put_at(0.0, [Span(strip.rng.choice(_VOIDS)), Span(noun.upper() if strip.caps else noun)])
    price = strip.rng.choice(strip.deal.lines).price
    strip.put_right([Span(strip.money(-price))], 1.0)


def add_modifiers(rng: random.Random, deal: Deal) -> None:
    """Add priced extras below some items: each is an item itself."""
    lines: list[DealLine] = []
    for line in deal.lines:
        lines.append(line)
        if rng.random() < 0.25:
            noun = catalogues.noun(rng, deal.kind, deal.style.language)
            text = rng.choice((f"+ {noun}", f"extra {noun}", f"- {noun}", noun))
            product = line.product._replace(description=text, extra="")
            price = line.price / 5 if line.price >= 1000 else max(line.price / 5, Decimal("0.10"))
            price = price.to_integral_value() if line.price >= 1000 else round_money(price)
            lines.append(replace(line, product=product, quantity=Decimal(1), price=price, words={}))
    deal.lines[:] = lines
