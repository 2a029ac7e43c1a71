"""The business content of a document before layout: parties, lines, totals that add up.

amount = quantity x unit_price / price_base, less discount, rounded half up to the places that the
style prints money with, mostly cents; the totals are sums of the lines, taxes per rate. All in
Decimal.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from data.synthesis.commerce import catalogues, parties, wording
from data.synthesis.commerce.styles import Style
from data.synthesis.commerce.tagged_text import Line
from data.synthesis.languages import LANGUAGES

ONE = Decimal(1)


class Pair(NamedTuple):
    """A label and its value in the head of a document; tag and mark are the value's."""

    label: str
    value: str
    tag: str = "other"
    mark: str = ""


@dataclass(slots=True)
class DealLine:
    """One item with every value a column may print."""

    number: str
    product: catalogues.Product
    quantity: Decimal
    price: Decimal
    base: Decimal
    discount_rate: Decimal
    tax_rate: Decimal
    day: date
    ordered: Decimal
    po_number: str
    words: dict[str, str] = field(default_factory=dict)  # stable filler values by column
    money_places: int = 2  # of all amounts of the document
    before: Decimal = Decimal(0)  # delivered earlier, of what was ordered
    refused: Decimal = Decimal(0)  # short or damaged, of what was delivered

    @property
    def texts(self) -> dict[str, str]:
        """The values that are printed the same in every style, by column."""
        return {
            "line_number": self.number,
            "product_code": self.product.code,
            "buyer_item_id": self.product.buyer_code,
            "gtin": self.product.gtin,
            "description": self.product.description,
            "unit": self.product.unit,
            "po_number": self.po_number,
        }

    @property
    def gross(self) -> Decimal:
        """The amount before discount."""
        return round_money(self.quantity * self.price / self.base, self.money_places)

    @property
    def discount(self) -> Decimal:
        return round_money(self.gross * self.discount_rate / 100, self.money_places)

    @property
    def amount(self) -> Decimal:
        return self.gross - self.discount

    @property
    def tax(self) -> Decimal:
        return round_money(self.amount * self.tax_rate / 100, self.money_places)


@dataclass(slots=True)
class Deal:
    """One document's business content."""

    document_type: str
    style: Style
    kind: str
    lines: list[DealLine]
    vendor: parties.Party
    customer: parties.Party
    number: str
    day: date
    due: date
    po_number: str
    shipping: Decimal
    deduction: Decimal
    drawn: bool = False  # an image is made: marks that only an image shows may be drawn
    pairs: tuple[Pair, ...] = ()  # header values to print beside the document's number and date
    remarks: tuple[Line, ...] = ()  # lines below the items, printed unchanged
    priced: bool = True  # its money is printed
    summed: bool = False  # its total is printed among the items
    column_sums: dict[str, str] = field(default_factory=dict)  # printed in a closing row, by column

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    def taxes(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        """(rate, base, tax) per tax rate, in order of rate."""
        rates = sorted({line.tax_rate for line in self.lines})
        rows = []
        for place, rate in enumerate(rates):
            base = sum((line.amount for line in self.lines if line.tax_rate == rate), Decimal(0))
            if place == 0:
                base += self.shipping - self.deduction
            rows.append((rate, base, round_money(base * rate / 100, self.style.money_places)))
        return rows

    @property
    def tax(self) -> Decimal:
        return sum((row[2] for row in self.taxes()), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.net + self.shipping - self.deduction + self.tax


def round_money(value: Decimal, places: int = 2) -> Decimal:
    """Round half up to that many places; to whole units where money has no decimals."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _quantity(rng: random.Random, kind: str, whole: bool) -> Decimal:
    if kind == "advertising":
        return Decimal(rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)))
    draw = rng.random()
    if not whole and draw < 0.25:
        return Decimal(rng.randint(1, 9999)) / rng.choice((10, 100, 100, 1000))
    if draw < 0.55:
        return Decimal(rng.randint(1, 12))
    if draw < 0.85:
        return Decimal(rng.randint(1, 30) * rng.choice((1, 2, 5, 10, 12)))
    return Decimal(rng.choice((1, 1, 24, 36, 48, 100, 144, 250, 500, 1000, 2500, 10000)))


def _price(rng: random.Random, kind: str, style: Style) -> Decimal:
    places = style.price_places
    if kind == "advertising":
        return Decimal(rng.choice((5, 10, 25, 50, 100))) * rng.randint(1, 60) * style.units_per_euro
    middle = {"services": 4.6, "food": 1.8, "software": 4.5, "property": 5.5}.get(kind, 2.8)
    value = min(max(2.718 ** rng.gauss(middle, 1.3), 0.02), 90_000.0) * style.units_per_euro
    if rng.random() < 0.2:
        return Decimal(max(round(value), 1)).quantize(Decimal(1).scaleb(-places))
    return max(round_money(Decimal(str(value)), places), Decimal(1).scaleb(-min(places, 2)))


def make_line(rng: random.Random, deal_kind: str, style: Style, place: int) -> DealLine:
    """Draw one line; discount, tax and numbering are set by the deal."""
    product = catalogues.pick_product(rng, deal_kind, style.language)
    # A document without decimals in its money is exact only with whole quantities.
    quantity = _quantity(rng, deal_kind, rng.random() < 0.75 or style.money_places == 0)
    ordered = quantity if rng.random() < 0.75 else quantity + rng.randint(1, 12)
    return DealLine(
        number=str(place + 1),
        product=product,
        quantity=quantity,
        price=_price(rng, deal_kind, style),
        base=ONE,
        discount_rate=Decimal(0),
        tax_rate=Decimal(0),
        day=date(2015, 1, 1) + timedelta(days=rng.randint(0, 4400)),
        ordered=ordered,
        po_number=catalogues.number(rng),
        money_places=style.money_places,
    )


def make_deal(
    rng: random.Random, document_type: str, style: Style, count: int, kind: str = ""
) -> Deal:
    """Draw a deal of `count` lines whose sums hold, of that `kind` or of any where it is empty."""
    kind = kind or catalogues.pick_kind(rng)
    lines = [make_line(rng, kind, style, place) for place in range(count)]
    _number_lines(rng, lines)
    day = date(2015, 1, 1) + timedelta(days=rng.randint(0, 4400))
    rates = [Decimal(rate) for rate in LANGUAGES[style.language].tax_rates]
    common = rng.choice(rates)
    places = style.money_places
    priced_per = Decimal(rng.choices((1, 100, 1000), (84, 11, 5))[0]) if places else ONE
    discounted = rng.random() < 0.15
    for line in lines:
        line.day = day - timedelta(days=rng.randint(0, 40))
        line.tax_rate = common if rng.random() < 0.85 else rng.choice(rates)
        if priced_per != 1 and rng.random() < 0.7:
            line.base = priced_per
        if discounted and rng.random() < 0.7:
            line.discount_rate = Decimal(rng.choice((2, 3, 5, 10, 10, 15, 20, 25, 33, 50)))
        credit = 0.5 if document_type == "credit_memo" else 0.008
        if rng.random() < credit:
            line.quantity = -line.quantity
        elif rng.random() < 0.01:
            line.price = Decimal(0)
    if kind in ("goods", "food") and rng.random() < 0.07:
        lines.append(_charge(rng, style, lines[-1]))
    net = sum((line.amount for line in lines), Decimal(0))
    shipping = Decimal(0)
    if rng.random() < 0.25:
        shipping = round_money(Decimal(str(rng.uniform(3, 90))) * style.units_per_euro, places)
    deduction = round_money(net / 50, places) if rng.random() < 0.12 and net > 50 else Decimal(0)
    return Deal(
        document_type=document_type,
        style=style,
        kind=kind,
        lines=lines,
        vendor=parties.make_party(rng, style.language),
        customer=parties.make_party(rng, style.language),
        number=catalogues.number(rng),
        day=day,
        due=day + timedelta(days=rng.choice((0, 7, 10, 14, 30, 30, 45, 60))),
        po_number=catalogues.number(rng),
        shipping=shipping,
        deduction=deduction,
    )


def _charge(rng: random.Random, style: Style, last: DealLine) -> DealLine:
    """Draw a line for freight, a deposit or a fee, billed like the others."""
    text = wording.pick_label(rng, wording.CHARGES, style.language)
    product = catalogues.pick_product(rng, "goods", style.language)
    price = round_money(
        Decimal(str(rng.uniform(1, 120))) * style.units_per_euro, style.money_places
    )
    return replace(
        last,
        number=str(int(last.number) + 1) if last.number.isdigit() else last.number,
        product=product._replace(description=text, extra=""),
        quantity=Decimal(rng.choice((1, 1, 1, 2, 4))),
        price=price,
        base=ONE,
        discount_rate=Decimal(0),
        words={},
    )


def _number_lines(rng: random.Random, lines: list[DealLine]) -> None:
    form = rng.choice(("{}", "{}", "{}", "{}.", "{}0", "{:03d}", "{:05d}", "{}.0", "{:04d}", "#{}"))
    start = rng.choice((1, 1, 1, 1, 1, 2, 7))
    shuffled = rng.random() < 0.08
    for place, line in enumerate(lines):
        place_number = rng.randint(1, 30) if shuffled else start + place
        line.number = form.format(place_number)
