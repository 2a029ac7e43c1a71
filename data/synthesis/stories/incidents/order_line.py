"""The builder of a trade at one order line, and the variances that an incident plants there.

An incident takes a `TradeBuilder`, changes the trade and returns an `IncidentResult` with the
variances that it planted, computed with its own arithmetic.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from data.synthesis.stories.trade.everyday import bill_line
from data.synthesis.stories.trade.findings import (
    Pointer,
    State,
    Variance,
    money_text,
    number_text,
    price_text,
    to_decimal,
)
from data.synthesis.stories.trade.records import (
    Arrival,
    Bill,
    BillLine,
    EarlierBill,
    OrderedLine,
    ShippedQuantity,
    Trade,
)
from data.synthesis.stories.trade.world import Article

D = Decimal


class TradeBuilder(NamedTuple):
    """A trade and the order line at which an incident happens; no method changes it in place."""

    trade: Trade
    line_number: str
    rng: random.Random

    @property
    def order_line(self) -> OrderedLine:
        return self.trade.line(self.line_number)

    @property
    def bill(self) -> Bill:
        return self.trade.bill()

    def pick(self, *choices: int) -> Decimal:
        """Draw one of these numbers."""
        return D(self.rng.choice(choices))

    def pick_few(self, quantity: Decimal) -> Decimal:
        """Draw a number of units, from one to a fifth of a quantity."""
        return D(self.rng.randint(1, max(int(quantity) // 5, 1)))

    def price_and_quantity(
        self, price: Decimal | None, quantity: Decimal | None, *choices: int
    ) -> tuple[Decimal, Decimal]:
        """Return both numbers: a missing price is the article's, a missing quantity is drawn."""
        return price or self.order_line.article.price, quantity or self.pick(*choices)

    def with_units(
        self, price: Decimal, *, ordered: Decimal, received: Decimal, billed: Decimal
    ) -> "TradeBuilder":
        """Order, receive once and bill these units of this order line, all at one price."""
        return self.with_order(ordered, price).with_receipts(received).with_bill_row(billed, price)

    def with_order(
        self, quantity: Decimal, price: Decimal, unit: str = "EA", **changes: Any
    ) -> "TradeBuilder":
        """Change the order line; receipts and bill rows are left as they were."""
        changes.setdefault("over_delivery_pct", D(0))
        line = replace(self.order_line, quantity=quantity, price=price, unit=unit, **changes)
        return self._replace(trade=self.trade.with_order_line(line))

    def with_new_order_line(
        self, quantity: Decimal, price: Decimal, article: Article
    ) -> "TradeBuilder":
        """Add an order line without receipts or bill rows, and build at it."""
        number = str(max(int(line.number) for line in self.trade.lines) + 10)
        packs = {"CS": article.pack}
        line = OrderedLine(number, article, quantity, "EA", price, packs=packs)
        return self._replace(trade=self.trade.with_order_line(line), line_number=number)

    def at_line(self, number: str) -> "TradeBuilder":
        """Build at another order line of the same trade."""
        return self._replace(line_number=number)

    def with_only_this_line(self) -> "TradeBuilder":
        """Remove all other order lines."""
        trade = self.trade
        for line in trade.lines:
            if line.number != self.line_number:
                trade = trade.with_arrivals(line.number).with_bill_lines(line.number)
        return self._replace(trade=replace(trade, lines=(self.order_line,)))

    def pick_unordered_article(self) -> Article:
        """Draw an article of the vendor that is not ordered."""
        ordered = {line.article.code for line in self.trade.lines}
        return self.rng.choice(
            [a for a in self.trade.vendor.catalogue[15:] if a.code not in ordered]
        )

    def make_arrival(
        self, quantity: Decimal, unit: str | None = None, slot: int = 0, **changes: Any
    ) -> Arrival:
        """Return a receipt event on this order line under one of the trade's receipt numbers."""
        receipt, day = self.trade.slots[slot]
        return Arrival(
            receipt, day, self.line_number, quantity, unit or self.order_line.unit, **changes
        )

    def with_receipts(self, *quantities: Decimal, unit: str | None = None) -> "TradeBuilder":
        """Replace the receipts of this order line by these, each under the next receipt number."""
        return self.with_receipt_events(
            *(self.make_arrival(quantity, unit, slot) for slot, quantity in enumerate(quantities))
        )

    def with_receipt_events(self, *events: Arrival) -> "TradeBuilder":
        return self._replace(trade=self.trade.with_arrivals(self.line_number, *events))

    def with_bill_row(
        self, quantity: Decimal, price: Decimal, unit: str | None = None, **changes: Any
    ) -> "TradeBuilder":
        """Replace the invoice's rows for this order line by one row."""
        return self.with_bill_rows(bill_line(self.order_line, quantity, price, unit, **changes))

    def with_bill_rows(self, *lines: BillLine, key: str = "invoice") -> "TradeBuilder":
        return self._replace(trade=self.trade.with_bill_lines(self.line_number, *lines, key=key))

    def with_shipment(self, quantity: Decimal, unit: str) -> "TradeBuilder":
        """Print this quantity on the vendor's papers for the first receipt of this order line."""
        receipt = self.trade.arrivals_of(self.line_number)[0].receipt_id
        shipped = {(receipt, self.line_number): ShippedQuantity(quantity, unit)}
        return self.with_facts(shipped={**self.trade.shipped, **shipped})

    def with_earlier_bill(self, quantity: Decimal, price: Decimal, number: str) -> "TradeBuilder":
        """Add an earlier invoice over these units (a credit: negative)."""
        earlier = EarlierBill(number, self.line_number, quantity, quantity * price)
        return self.with_facts(earlier_bills=(*self.trade.earlier_bills, earlier))

    def with_facts(self, **changes: Any) -> "TradeBuilder":
        """Change these fields of the trade."""
        return self._replace(trade=replace(self.trade, **changes))

    def with_invoice(self, **changes: Any) -> "TradeBuilder":
        """Change these fields of the invoice."""
        return self._replace(
            trade=self.trade.with_changed_bill(lambda bill: replace(bill, **changes))
        )

    def with_extra_row(self, line: BillLine) -> "TradeBuilder":
        """Add one more row to the invoice, below the others."""
        return self.with_invoice(lines=(*self.bill.lines, line))


class IncidentResult(NamedTuple):
    """The trade after an incident, and the variances that the incident planted.

    `must_print`: the fields that have to be printed beside the evidence of the variances.
    """

    trade: Trade
    planted: tuple[Variance, ...] = ()
    must_print: tuple[Pointer, ...] = ()


def quantity_variance(
    builder: TradeBuilder,
    code: str,
    billed: Decimal,
    due: Decimal,
    price: Decimal | Fraction,
    *,
    state: State = "claim",
    document: str = "invoice",
    evidence: Sequence[Pointer] = (),
) -> Variance:
    """Return the variance (billed − due) × price: base units at the ordered price."""
    money = to_decimal(Fraction(billed - due) * Fraction(price))
    rounded_price = price_text(to_decimal(Fraction(price)))
    formula = (
        f"({number_text(billed)} − {number_text(due)}) × {rounded_price} = {money_text(money)}"
    )
    return Variance(
        code, state, builder.line_number, billed - due, money, builder.trade.currency, formula,
        document,
        (
            Pointer(document, "quantity", builder.line_number), *receipt_pointers(builder),
            *evidence,
        ),
    )  # fmt: skip


def invoice_pointers(
    builder: TradeBuilder, *fields: str, row: str | None = None
) -> tuple[Pointer, ...]:
    """Return the pointers to these fields of an invoice row, by default that of the order line."""
    return tuple(Pointer("invoice", field, row or builder.line_number) for field in fields)


def receipt_pointers(builder: TradeBuilder) -> tuple[Pointer, ...]:
    """Return the pointers to the receipts of this order line."""
    return (Pointer("goods_receipt", "quantity_received", builder.line_number),)


def price_variance(
    builder: TradeBuilder,
    billed: Decimal | Fraction,
    ordered: Decimal | Fraction,
    quantity: Decimal,
    *,
    row: str | None = None,
    evidence: Sequence[Pointer] = (),
) -> Variance:
    """Return the variance (billed − ordered price) × quantity, per base unit."""
    gap = (Fraction(billed) - Fraction(ordered)) * Fraction(quantity)
    money = to_decimal(gap)
    prices = (price_text(to_decimal(Fraction(price))) for price in (billed, ordered))
    formula = "({} − {}) × {} = {}".format(*prices, number_text(quantity), money_text(money))
    row_key = row or builder.line_number
    # A price in the buyer's favour asks for nothing.
    state: State = "claim" if gap > 0 else "information"
    return Variance(
        "PRICE_OVER" if gap > 0 else "PRICE_UNDER", state, builder.line_number, quantity, money,
        builder.trade.currency, formula, "invoice",
        evidence=(
            Pointer("invoice", "unit_price", row_key),
            Pointer("invoice", "quantity", row_key),
            Pointer("purchase_order", "unit_price", builder.line_number),
            *evidence,
        ),
    )  # fmt: skip


def amount_variance(
    builder: TradeBuilder,
    code: str,
    billed: Decimal,
    due: Decimal,
    *,
    line: str | None = None,
    quantity: Decimal | None = None,
    state: State = "claim",
    document: str = "invoice",
    evidence: Sequence[Pointer] = (),
) -> Variance:
    """Return the variance billed − due, in money."""
    formula = f"{money_text(billed)} − {money_text(due)} = {money_text(billed - due)}"
    return Variance(
        code, state, line, quantity, billed - due, builder.trade.currency, formula, document,
        tuple(evidence),
    )  # fmt: skip


def fact_variance(
    builder: TradeBuilder,
    code: str,
    formula: str,
    *,
    line: str | None = None,
    quantity: Decimal | None = None,
    amount: Decimal | None = None,
    document: str = "invoice",
    state: State = "open",
    evidence: Sequence[Pointer] = (),
) -> Variance:
    """Return a variance without arithmetic; `formula` compares two facts, as in "USD ≠ EUR"."""
    return Variance(
        code, state, line, quantity, amount, builder.trade.currency, formula, document,
        tuple(evidence),
    )  # fmt: skip
