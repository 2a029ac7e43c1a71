"""Plants disputes around labelled documents: derives order and receipts, then changes them.

The document stays as it is printed. Order and receipts are made to tie out with its truth and then
changed in places; the money of each change is computed in `changes`, not by the matching that is
measured with it. A purchase order among the documents is taken for the vendor's bill: its print is
real, only its role is assumed. The order calls its articles by the truth's own words and codes:
finding a line under another name is not what these disputes measure.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from data.corpora.planting.articles import (
    Article,
    billed_terms,
    group_articles,
    item_names,
    price_base,
    required_number,
)
from data.corpora.planting.changes import (
    Change,
    Kind,
    State,
    Terms,
    matching_terms,
    possible_changes,
)
from data.corpora.truth import TrueDocument, TrueItem
from data.order_records import (
    GoodsReceipt,
    OrderData,
    OrderLine,
    PurchaseOrder,
    ReceiptLine,
)

# Documents that bill. 387 is a hire invoice, 575 an insurer's invoice (UNTDID 1001).
_BILLS = frozenset({"invoice", "corrected_invoice", "receipt", "other:387", "other:575"})
_ASSUMED_BILLS = frozenset({"purchase_order"})
_MONEY = ("quantity", "unit_price", "amount")
_CENT = Fraction(1, 100)
_CLEAN_DOCUMENTS = 1 / 3
_CHANGED_LINES = 1 / 4


@dataclass(frozen=True, slots=True)
class PlantedVariance:
    """A variance that a verdict must report.

    Codes as in `serving/matching/README.md`, "Findings and codes". `amount` is unrounded, positive
    where too much is billed, None where no money can be named. `po_line_number` None: the billed
    line is not on the order. `state` is "claim" where the buyer may deduct the money, "pending"
    where a receipt has to come first, "open" where it cannot be decided.
    """

    code: str
    state: State
    po_line_number: str | None
    quantity: Decimal | None
    amount: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class PlantedLine:
    """One article of the document: `rows` are its items in the truth.

    `quantity` and `billed` are their printed units and money in all. `kind` None: unchanged.
    `po_line_number` None: the order does not have it.
    """

    po_line_number: str | None
    kind: Kind | None
    quantity: Decimal
    billed: Decimal
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlantedDispute:
    """Order and receipts for one document, and the variances that a verdict must report.

    `order_number_printed`: the order has the number printed on the document; if not, it is made up.
    `role_assumed`: by its truth the document is no bill.
    """

    document_id: str
    order: OrderData
    expected: tuple[PlantedVariance, ...]
    lines: tuple[PlantedLine, ...]
    currency: str | None
    order_number_printed: bool
    role_assumed: bool

    @property
    def clean_lines(self) -> tuple[PlantedLine, ...]:
        return tuple(line for line in self.lines if line.kind is None)

    @property
    def is_clean(self) -> bool:
        """Return whether the document ties out with its order and receipts."""
        return len(self.clean_lines) == len(self.lines)


def find_obstacle(document: TrueDocument) -> str | None:
    """The reason why no dispute can be planted around the document; None where one can.

    Every item must print an amount, or quantity and unit price, all above 0; what of quantity and
    unit price is not printed follows from the amount (`articles.billed_terms`), and quantity x unit
    price / price base must be the amount within a cent: only then is the money of a change known.
    """
    if document.document_type not in _BILLS | _ASSUMED_BILLS:
        return f"a document of type {document.document_type} is no bill"
    if not document.items:
        return "the truth has no line items"
    reasons = (
        f"item {number} {reason}"
        for number, item in enumerate(map(billed_terms, document.items), start=1)
        if (reason := _find_item_obstacle(item)) is not None
    )
    return next(reasons, None)


def _find_item_obstacle(item: TrueItem) -> str | None:
    for name in _MONEY:
        number = item.decimal(name)
        if number is None or (name == "amount" and name not in item.visible):
            return f"prints no {name}"
        if number <= 0:
            return f"prints a {name} that is not above 0"
    if price_base(item) <= 0:
        return "has a price base that is not above 0"
    quantity, price, amount = (Fraction(required_number(item, name)) for name in _MONEY)
    if abs(quantity * price / Fraction(price_base(item)) - amount) > _CENT:
        return "prints an amount that is not quantity x unit price"
    return None if item_names(item) else "has neither a code nor a description"


def plant_dispute(document: TrueDocument, seed: int = 0) -> PlantedDispute:
    """Plant the dispute around a document: the same for the same seed, document id and truth.

    About a third of the documents are left clean. In the others about a quarter of the articles
    are changed, each in one way; at least one, where any can be. Raises ValueError for a document
    that has an obstacle.
    """
    if (reason := find_obstacle(document)) is not None:
        raise ValueError(f"{document.document_id}: no dispute can be planted: {reason}")
    rng = random.Random(f"planted/{seed}/{document.document_id}")
    articles = list(group_articles([billed_terms(item) for item in document.items]))
    # Matching must not profit from the order of lines on the page.
    rng.shuffle(articles)
    return assemble_dispute(document, articles, choose_changes(articles, rng))


def choose_changes(articles: Sequence[Article], rng: random.Random) -> list[Change | None]:
    """Choose the change of each article; None where it stays as it is."""
    chosen: list[Change | None] = [None] * len(articles)
    possible = [possible_changes(article, rng) for article in articles]
    able = [index for index, changes in enumerate(possible) if changes]
    if not able or rng.random() < _CLEAN_DOCUMENTS:
        return chosen
    picked = [index for index in able if rng.random() < _CHANGED_LINES] or [rng.choice(able)]
    for index in picked:
        changes = dict(possible[index])
        # An order has at least one line; two lines that are not ordered would be ambiguous.
        if len(articles) == 1 or any(other is not None and other.terms is None for other in chosen):
            changes.pop("not_ordered")
        if changes:
            chosen[index] = changes[rng.choice(list(changes))]
    return chosen


def assemble_dispute(
    document: TrueDocument, articles: Sequence[Article], changes: Sequence[Change | None]
) -> PlantedDispute:
    """Assemble the dispute of a document's articles, each with its change."""
    ordered: list[OrderLine] = []
    received: list[ReceiptLine] = []
    lines: list[PlantedLine] = []
    expected: list[PlantedVariance] = []
    currency = document.fields.get("currency")
    for number, (article, change) in enumerate(zip(articles, changes, strict=True), start=1):
        terms = matching_terms(article) if change is None else change.terms
        po_line = None if terms is None else str(number * 10)
        kind, effects = (None, ()) if change is None else (change.kind, change.effects)
        billed = sum(article.amounts, Decimal(0))
        lines.append(PlantedLine(po_line, kind, article.quantity, billed, article.rows))
        expected += (
            PlantedVariance(
                effect.code, effect.state, po_line, effect.quantity, effect.amount, currency
            )
            for effect in effects
        )
        if terms is None or po_line is None:
            continue
        ordered.append(_order_line(article, terms, po_line))
        if terms.received:
            received.append(ReceiptLine(po_line, terms.received, unit_code=terms.unit))
    printed = "purchase_order" in document.fields_visible
    name = document.document_id
    order_number = document.fields["purchase_order"] if printed else f"PO-{name}"
    receipts = (GoodsReceipt(f"GR-{name}", tuple(received)),) if received else ()
    return PlantedDispute(
        document_id=name,
        order=OrderData(PurchaseOrder(order_number, tuple(ordered), currency), receipts),
        expected=tuple(expected),
        lines=tuple(lines),
        currency=currency,
        order_number_printed=printed,
        role_assumed=document.document_type in _ASSUMED_BILLS,
    )


def _order_line(article: Article, terms: Terms, po_line: str) -> OrderLine:
    return OrderLine(
        po_line_number=po_line,
        quantity_ordered=terms.ordered,
        product_code=article.value("product_code"),
        buyer_item_id=article.value("buyer_item_id"),
        gtin=article.value("gtin"),
        description=article.value("description"),
        unit_code=terms.unit,
        unit_price=terms.unit_price,
        price_base_quantity=article.price_base,
        pack_factors=terms.pack_factors,
    )


def plant_disputes(
    documents: Iterable[TrueDocument], seed: int = 0
) -> tuple[list[PlantedDispute], dict[str, str]]:
    """(the disputes, the obstacle of each other document by its id), in order.

    Of a document with two truths the first counts.
    """
    planted: dict[str, PlantedDispute] = {}
    refused: dict[str, str] = {}
    for document in documents:
        name = document.document_id
        if name in planted or name in refused:
            continue
        if (reason := find_obstacle(document)) is not None:
            refused[name] = reason
        else:
            planted[name] = plant_dispute(document, seed)
    return list(planted.values()), refused


def order_json(data: OrderData) -> dict[str, Any]:
    """Order and receipts as JSON for `data.exchange.order_files`: decimals as strings, no None."""
    order = data.order
    return {
        "order": _without_missing(
            po_number=order.po_number,
            currency=order.currency,
            lines=[_order_line_json(line) for line in order.lines],
        ),
        "receipts": [
            {
                "receipt_id": receipt.receipt_id,
                "lines": [
                    _without_missing(
                        po_line_number=line.po_line_number,
                        quantity_received=_decimal_text(line.quantity_received),
                        unit_code=line.unit_code,
                    )
                    for line in receipt.lines
                ],
            }
            for receipt in data.receipts
        ],
    }


def _order_line_json(line: OrderLine) -> dict[str, Any]:
    factors = {unit: _decimal_text(factor) for unit, factor in line.pack_factors.items()}
    return _without_missing(
        po_line_number=line.po_line_number,
        product_code=line.product_code,
        buyer_item_id=line.buyer_item_id,
        gtin=line.gtin,
        description=line.description,
        quantity_ordered=_decimal_text(line.quantity_ordered),
        unit_code=line.unit_code,
        unit_price=_decimal_text(line.unit_price),
        price_base_quantity=_decimal_text(line.price_base_quantity),
        pack_factors=factors or None,
    )


def expected_json(dispute: PlantedDispute) -> list[dict[str, Any]]:
    """The planted variances as JSON, money not rounded."""
    return [
        {
            "code": variance.code,
            "state": variance.state,
            "po_line_number": variance.po_line_number,
            "quantity": _decimal_text(variance.quantity),
            "amount": _decimal_text(variance.amount),
            "currency": variance.currency,
        }
        for variance in dispute.expected
    ]


def _decimal_text(number: Decimal | None) -> str | None:
    """Digits and a point without trailing zeros, at most 12 decimals (the limit of the format)."""
    if number is None:
        return None
    text = format(round(number, 12), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _without_missing(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
