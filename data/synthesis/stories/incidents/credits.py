"""Incidents of credit: overbilling taken back, returns, credits below what was agreed."""

from dataclasses import replace
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.stories.incidents.order_line import Bent, Scene, money_planted, units_planted
from data.synthesis.stories.trade.everyday import bill_line
from data.synthesis.stories.trade.findings import Pointer
from data.synthesis.stories.trade.records import Bill, CreditReason, StandingClaim

D = Decimal


def credit_memo(
    scene: Scene, reason: CreditReason, quantity: D, price: D, *, original: str
) -> Bill:
    """A credit memo over some units of this order line, printed with positive numbers."""
    return replace(
        scene.bill,
        key="credit_memo",
        kind="credit_memo",
        number=catalogues.number(scene.rng),
        lines=(bill_line(scene.order, quantity, price, "EA"),),
        original=original,
        reason=reason,
        terms=scene.trade.terms,
        freight=D(0),
        allowance=D(0),
        complete=False,
    )


def credited_overbilling(
    scene: Scene,
    *,
    billed: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> Bent:
    """Too much is billed and a credit memo takes it back: nothing is left."""
    price = price or scene.order.article.price
    billed = billed or scene.whole(40, 60, 100)
    credited = credited or scene.few(billed)
    scene = scene.ordering(billed, price).receiving(billed - credited).billing(billed, price)
    memo = credit_memo(scene, "overbilled", credited, price, original=scene.bill.number)
    scene = scene.knowing(bills=(*scene.trade.bills, memo))
    return Bent(scene.trade, (), (Pointer("credit_memo", "quantity", scene.number),))


def returned(
    scene: Scene,
    *,
    returned: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> Bent:
    """Units went back and the credit memo is for fewer."""
    price = price or scene.order.article.price
    returned = returned or scene.whole(5, 8, 10, 12)
    credited = credited or returned - scene.whole(1, 2, 3)
    ordered = returned * 10
    scene = scene.ordering(ordered, price).billing(ordered, price)
    scene = scene.receiving_events(scene.arrival(ordered, returned=returned))
    memo = credit_memo(scene, "return", credited, price, original=scene.bill.number)
    scene = scene.knowing(bills=(*scene.trade.bills, memo))
    planted = units_planted(
        scene, "RETURN_NOT_CREDITED", returned, credited, price, document="credit_memo"
    )
    return Bent(scene.trade, (planted,))


def credit_short(
    scene: Scene,
    *,
    agreed: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> Bent:
    """The credit memo is for less than both sides had agreed."""
    price = price or scene.order.article.price
    units = agreed or scene.whole(6, 10, 12)
    credited = credited or units - scene.whole(1, 2)
    ordered = units * 10
    scene = scene.ordering(ordered, price).receiving(ordered).billing(ordered, price)
    memo = credit_memo(scene, "agreement", credited, price, original=scene.bill.number)
    claim = StandingClaim(
        f"C{catalogues.digits(scene.rng, 5)}", "agreed_credit", scene.bill.number,
        scene.number, units, units * price,
    )  # fmt: skip
    scene = scene.knowing(bills=(*scene.trade.bills, memo), claims=(*scene.trade.claims, claim))
    planted = money_planted(
        scene, "CREDIT_MEMO_SHORT", units * price, credited * price, line=scene.number,
        document="credit_memo", evidence=(Pointer("credit_memo", "amount", scene.number),),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))
