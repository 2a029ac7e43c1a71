"""The writer of a document: the vendor's style, words and way of printing numbers."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from data.synthesis.commerce.catalogues import Product
from data.synthesis.commerce.styles import Style
from data.synthesis.commerce.wording import Labels, pick_label
from data.synthesis.stories.papers.printed_content import PrintedDeal, PrintedLine
from data.synthesis.stories.trade.findings import money_text, number_text
from data.synthesis.stories.trade.records import BillLine, Trade
from data.synthesis.stories.trade.world import Article

ZERO = Decimal(0)
# The first columns of most tables.
FIRST_COLUMNS = ("line_number", "product_code", "description")


class DocumentWriter:
    """The writer of one document, with its style, its words and its way of printing numbers."""

    def __init__(self, trade: Trade, key: str, style: Style | None = None) -> None:
        self.trade = trade
        self.style = style or trade.vendor.style
        self.rng = random.Random(f"{trade.vendor.layout_seed}/{trade.po_number}/{key}")

    def phrase(self, choices: Labels) -> str:
        """Return the choice that this vendor prints on all its documents."""
        return pick_label(
            random.Random(self.trade.vendor.layout_seed), choices, self.style.language
        )

    def product(self, article: Article, unit: str, line: BillLine | None = None) -> Product:
        """Return the article as printed, with a unit code or with the codes of a bill's line."""
        code, gtin, word = article.code, article.gtin, self.trade.vendor.unit_word(unit)
        if line is not None:
            code, gtin = line.code or code, line.gtin or gtin
            word = word if line.printed_unit is None else line.printed_unit
        return Product(article.description, "", code, article.buyer_code, gtin, word, "")

    def quantity_texts(self, number: Decimal) -> frozenset[str]:
        return frozenset({self.style.quantity(number)})

    def money_texts(self, number: Decimal, places: int = 2) -> frozenset[str]:
        return frozenset(
            self.style.money(number, places, signed=signed) for signed in (True, False)
        )

    def deal(self, kind: str, number: str, day: date, lines: Sequence[PrintedLine]) -> PrintedDeal:
        """Return a deal without stated sums and labels."""
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
        """Return the header values of any document, and their allowed texts, by tag."""
        values = {
            "document_id": deal.number,
            "purchase_order": deal.po_number,
            "vendor_name": deal.vendor.name,
            "customer_name": deal.customer.name,
            "currency": deal.style.currency,
        }
        texts = {name: frozenset({value}) for name, value in values.items()}
        for name, day in (("document_date", deal.day), ("due_date", deal.due)):
            values[name], texts[name] = day.isoformat(), frozenset({self.style.day(day)})
        return values, texts


def numbered_key(key: str, place: int) -> str:
    """Return the key of the document at that place (from 0) among those of its kind."""
    return key if place == 0 else f"{key}_{place + 1}"


def row_values(
    writer: DocumentWriter, line: PrintedLine, unit: str
) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Return the values and allowed texts of a row on any kind of document; `unit` is a code."""
    product, style = line.product, writer.style
    values = line.texts
    texts = {name: frozenset({value}) for name, value in values.items() if value}
    texts["description"] = frozenset({product.description, product.description.upper()})
    values["date"], texts["date"] = line.day.isoformat(), frozenset({style.day(line.day)})
    counts = {
        "quantity": line.quantity,
        "quantity_ordered": line.ordered,
        "quantity_shipped": line.quantity,
        "quantity_backordered": max(line.ordered - line.quantity, ZERO),
    }
    for name, number in counts.items():
        values[name], texts[name] = number_text(number), writer.quantity_texts(number)
    quantity_with_unit = style.quantity(line.quantity) + product.unit
    texts["quantity"] |= {quantity_with_unit}
    values = {name: value for name, value in values.items() if value}
    return values | ({"unit_code": unit} if unit else {}), texts


def add_prices(
    writer: DocumentWriter,
    line: PrintedLine,
    values: dict[str, str],
    texts: dict[str, frozenset[str]],
) -> None:
    """Add the values and allowed texts of a row's price, amounts and rates."""
    values["unit_price"] = number_text(line.price)
    texts["unit_price"] = writer.money_texts(line.price, writer.style.price_places)
    money = {"amount": line.amount, "discount_amount": line.discount, "tax_amount": line.tax}
    money["gross_amount"] = line.amount + line.tax
    for name, number in money.items():
        values[name], texts[name] = money_text(number), writer.money_texts(number)
    values["price_base_quantity"] = number_text(line.base)
    texts["price_base_quantity"] = writer.quantity_texts(line.base)
    for name, rate in (("tax_rate", line.tax_rate), ("discount_rate", line.discount_rate)):
        values[name], texts[name] = number_text(rate), frozenset()
