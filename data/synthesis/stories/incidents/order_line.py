"""Setting the scene on one order line: what was ordered, what came, what was billed.

An incident takes a `Scene`, sets it otherwise and says in a `Bent` what variance it has planted,
with its own arithmetic.
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
    Trade,
)
from data.synthesis.stories.trade.world import Article

D = Decimal


class Scene(NamedTuple):
    """A trade and the order line at which something is to happen."""

    trade: Trade
    number: str
    rng: random.Random

    @property
    def order(self) -> OrderedLine:
        return self.trade.line(self.number)

    @property
    def bill(self) -> Bill:
        return self.trade.bill()

    def whole(self, *choices: int) -> Decimal:
        """One of these numbers."""
        return D(self.rng.choice(choices))

    def few(self, quantity: Decimal) -> Decimal:
        """Up to a fifth of a quantity, at least one."""
        return D(self.rng.randint(1, max(int(quantity) // 5, 1)))

    def ordering(self, quantity: Decimal, price: Decimal, unit: str = "EA", **more: Any) -> "Scene":
        """With that order line; what came and was billed is left to be set."""
        more.setdefault("over_delivery_pct", D(0))
        line = replace(self.order, quantity=quantity, price=price, unit=unit, **more)
        return self._replace(trade=self.trade.ordering(line))

    def beside(self, quantity: Decimal, price: Decimal, article: Article) -> "Scene":
        """At one more order line, of which nothing has come and nothing is billed yet."""
        number = str(max(int(line.number) for line in self.trade.lines) + 10)
        packs = {"CS": article.pack}
        line = OrderedLine(number, article, quantity, "EA", price, packs=packs)
        return self._replace(trade=self.trade.ordering(line), number=number)

    def at(self, number: str) -> "Scene":
        """At another order line of the same trade."""
        return self._replace(number=number)

    def only_this(self) -> "Scene":
        """With this order line as the only one."""
        trade = self.trade
        for line in trade.lines:
            if line.number != self.number:
                trade = trade.receiving(line.number).billing(line.number)
        return self._replace(trade=replace(trade, lines=(self.order,)))

    def unordered(self) -> Article:
        """An article of the vendor that is not ordered."""
        taken = {line.article.code for line in self.trade.lines}
        return self.rng.choice([a for a in self.trade.vendor.catalogue[15:] if a.code not in taken])

    def arrival(
        self, quantity: Decimal, unit: str | None = None, slot: int = 0, **more: Any
    ) -> Arrival:
        """A receipt event on this order line under one of the trade's receipt numbers."""
        receipt, day = self.trade.slots[slot]
        return Arrival(receipt, day, self.number, quantity, unit or self.order.unit, **more)

    def receiving(self, *quantities: Decimal, unit: str | None = None) -> "Scene":
        """With these receipts, one after the other, as all that came."""
        return self.receiving_events(
            *(self.arrival(one, unit, slot) for slot, one in enumerate(quantities))
        )

    def receiving_events(self, *events: Arrival) -> "Scene":
        return self._replace(trade=self.trade.receiving(self.number, *events))

    def billing(
        self, quantity: Decimal, price: Decimal, unit: str | None = None, **more: Any
    ) -> "Scene":
        """With one printed line as all that the invoice bills on this order line."""
        return self.billing_lines(bill_line(self.order, quantity, price, unit, **more))

    def billing_lines(self, *lines: BillLine, key: str = "invoice") -> "Scene":
        return self._replace(trade=self.trade.billing(self.number, *lines, key=key))

    def billed_before(self, quantity: Decimal, price: Decimal, number: str) -> "Scene":
        """With an earlier invoice that took these units (a credit: negative)."""
        earlier = EarlierBill(number, self.number, quantity, quantity * price)
        return self.knowing(earlier=(*self.trade.earlier, earlier))

    def knowing(self, **more: Any) -> "Scene":
        """With these facts about the trade as a whole."""
        return self._replace(trade=replace(self.trade, **more))

    def invoice(self, **more: Any) -> "Scene":
        """With these facts about the invoice."""
        return self._replace(trade=self.trade.changing_bill(lambda bill: replace(bill, **more)))

    def adding(self, line: BillLine) -> "Scene":
        """With one more printed line on the invoice, below the others."""
        return self.invoice(lines=(*self.bill.lines, line))


class Bent(NamedTuple):
    """A trade in which something happened, and the variances that this planted.

    `shows`: what has to be printed for the story to be told, beside the evidence of the variances.
    """

    trade: Trade
    planted: tuple[Variance, ...] = ()
    shows: tuple[Pointer, ...] = ()


def units_planted(
    scene: Scene,
    code: str,
    billed: Decimal,
    due: Decimal,
    price: Decimal | Fraction,
    *,
    state: State = "claim",
    document: str = "invoice",
    evidence: Sequence[Pointer] = (),
) -> Variance:
    """(billed − due) × price, both in base units: the quantity part at the ordered price."""
    money = to_decimal(Fraction(billed - due) * Fraction(price))
    shown = price_text(to_decimal(Fraction(price)))
    formula = f"({number_text(billed)} − {number_text(due)}) × {shown} = {money_text(money)}"
    return Variance(
        code, state, scene.number, billed - due, money, scene.trade.currency, formula, document,
        (Pointer(document, "quantity", scene.number), *received_at(scene), *evidence),
    )  # fmt: skip


def received_at(scene: Scene) -> tuple[Pointer, ...]:
    """Where the receipts of this order line stand."""
    return (Pointer("goods_receipt", "quantity_received", scene.number),)


def price_planted(
    scene: Scene,
    billed: Decimal | Fraction,
    ordered: Decimal | Fraction,
    quantity: Decimal,
    *,
    row: str | None = None,
    evidence: Sequence[Pointer] = (),
) -> Variance:
    """(billed − ordered price) × quantity, per base unit: the price part on all that is billed."""
    gap = (Fraction(billed) - Fraction(ordered)) * Fraction(quantity)
    money = to_decimal(gap)
    prices = (price_text(to_decimal(Fraction(one))) for one in (billed, ordered))
    formula = "({} − {}) × {} = {}".format(*prices, number_text(quantity), money_text(money))
    where = row or scene.number
    return Variance(
        "PRICE_OVER" if gap > 0 else "PRICE_UNDER", "claim", scene.number, quantity, money,
        scene.trade.currency, formula, "invoice",
        evidence=(
            Pointer("invoice", "unit_price", where),
            Pointer("invoice", "quantity", where),
            Pointer("purchase_order", "unit_price", scene.number),
            *evidence,
        ),
    )  # fmt: skip


def money_planted(
    scene: Scene,
    code: str,
    seen: Decimal,
    due: Decimal,
    *,
    line: str | None = None,
    quantity: Decimal | None = None,
    state: State = "claim",
    document: str = "invoice",
    evidence: Sequence[Pointer] = (),
) -> Variance:
    """seen − due, in money."""
    formula = f"{money_text(seen)} − {money_text(due)} = {money_text(seen - due)}"
    return Variance(
        code, state, line, quantity, seen - due, scene.trade.currency, formula, document,
        tuple(evidence),
    )  # fmt: skip


def fact_planted(
    scene: Scene,
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
    """A variance without a sum behind it; the formula says what stands against what."""
    return Variance(
        code, state, line, quantity, amount, scene.trade.currency, formula, document,
        tuple(evidence),
    )  # fmt: skip
