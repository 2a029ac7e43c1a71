"""Whoever writes a story's documents: one style, one set of words, numbers printed one way."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from data.synthesis.commerce.catalogues import Product
from data.synthesis.commerce.styles import Style
from data.synthesis.commerce.wording import Labels, say
from data.synthesis.stories.papers.printed_content import PrintedDeal, PrintedLine
from data.synthesis.stories.trade.findings import money_text, number_text
from data.synthesis.stories.trade.records import BillLine, Trade
from data.synthesis.stories.trade.world import Article

ZERO = Decimal(0)
# The columns with which most tables begin.
FIRST_COLUMNS = ("line_number", "product_code", "description")


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


def numbered(key: str, place: int) -> str:
    """The key of the document at that place among those of its kind, from 0."""
    return key if place == 0 else f"{key}_{place + 1}"


def row_values(
    hand: Hand, line: PrintedLine, unit: str
) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """The values and prints of a row that hold on every kind of document; `unit` is a code."""
    product, style = line.product, hand.style
    values = line.texts
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


def add_prices(
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
