"""Billed rows that move money and no units: prices that are corrected afterwards.

A credit or a debit for the price of goods that were billed before is printed like goods: the
quantity of the first bill at the difference, or one piece at all the money. It takes nothing back
and brings nothing. Where the numbers leave it open, the row stays one of goods.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from serving.matching.findings.arithmetic import AMOUNT_SLACK
from serving.matching.pairing.assignment import SAME_PRICE
from serving.matching.pairing.line_share import Share, units_in
from serving.matching.pairing.order_line import OpenQuantity, Standing

# A price below this part of the ordered one, or as far above it, is none of these goods.
_DIFFERENCE = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class MoneyRows:
    """The shares of one order line, those that move money alone set apart from goods.

    `beyond` is what the goods, those of earlier bills too, came to beyond the ordered price
    (negative: less); None where an earlier bill does not state its money. `beyond_before` is the
    part of the earlier bills.
    """

    goods: tuple[Share, ...]
    money: tuple[Share, ...]
    beyond: Fraction | None = None
    beyond_before: Fraction | None = None

    @property
    def moved(self) -> Fraction:
        """The money that the corrections move, negative where it is given back."""
        return sum((money_of(share) for share in self.money), Fraction(0))


def money_of(share: Share) -> Fraction:
    """Return the signed money that a share bills; 0 where none was read."""
    if share.billed.amount is not None:
        return share.billed.amount * share.part
    if share.price is None or share.quantity is None:
        return Fraction(0)
    return share.price * share.quantity


def part_money_rows(
    shares: Sequence[Share], standing: Standing, limits: OpenQuantity | None
) -> MoneyRows:
    """Set the shares apart that correct the money of units which were billed before."""
    price = standing.price
    bills = [share for share in shares if (share.quantity or 0) > 0]
    if (
        limits is None
        or not price
        or not (standing.billed_before or standing.money.debited or bills)
    ):
        return MoneyRows(tuple(shares), ())
    goods, moved = list[Share](), list[Share]()
    room = min(limits.limits)
    for share in shares:
        # What one invoice bills in several rows is goods, not a correction of itself.
        others = [
            other
            for other in bills
            if other.billed.document.document_id != share.billed.document.document_id
        ]
        beyond = _beyond(standing, others)
        is_goods = _is_price_of_goods(share, standing, others)
        if share.price is None or not share.quantity or is_goods:
            goods.append(share)
        elif share.quantity < 0:
            excess = units_in(bills) - room
            lump = _as_missing_units(share, excess, price)
            is_money = lump is None and _corrects_price(share, excess, beyond)
            (moved if is_money else goods).append(lump or share)
        else:
            is_full = (standing.billed_before > 0 or bool(others)) and room <= units_in(others)
            is_money = is_full and _adds_to_price(share, price, beyond)
            (moved if is_money else goods).append(share)
    remaining = [share for share in goods if (share.quantity or 0) > 0]
    return MoneyRows(
        tuple(goods), tuple(moved), _beyond(standing, remaining), _beyond(standing, ())
    )


def _beyond(standing: Standing, bills: Sequence[Share]) -> Fraction | None:
    """Return what earlier bills and these came to beyond the ordered price; None: not known."""
    price = standing.price or Fraction(0)
    before = standing.money.beyond(standing.billed_before * price)
    if before is None:
        return None
    now = (((share.price or price) - price) * (share.quantity or 0) for share in bills)
    return before + sum(now, Fraction(0))


def _is_price_of_goods(share: Share, standing: Standing, bills: Sequence[Share]) -> bool:
    """Return whether a share is at the ordered price or at one that was billed before."""
    prices = [standing.price, *(bill.price for bill in bills)]
    if standing.billed_before > 0 and standing.money.is_known:
        money = standing.money.billed - standing.money.credited
        prices.append(Fraction(money) / standing.billed_before)
    return any(
        price and share.price is not None and abs(share.price / price - 1) <= SAME_PRICE
        for price in prices
    )


def _as_missing_units(share: Share, excess: Fraction, price: Fraction) -> Share | None:
    """Return a credit in one sum for just the units billed too much, as a credit of these units."""
    credited = -money_of(share)
    if excess <= 0 or -(share.quantity or 0) == excess:
        return None
    if abs(credited - excess * price) > AMOUNT_SLACK:
        return None
    return replace(share, quantity=-excess, price=credited / excess)


def _corrects_price(share: Share, excess: Fraction, beyond: Fraction | None) -> bool:
    """Return whether a credit is for a price: more units than went back, or just the money."""
    if -(share.quantity or Fraction(0)) > max(Fraction(0), excess):
        return True
    return beyond is not None and beyond > 0 and abs(money_of(share) + beyond) <= AMOUNT_SLACK


def _adds_to_price(share: Share, price: Fraction, beyond: Fraction | None) -> bool:
    """Return whether a debit is for units that were billed too low, with nothing left to bill."""
    if beyond is None or beyond >= 0:
        return False
    # No price of these goods is so far from the ordered one: it is a difference, or a sum of them.
    ratio = Fraction(0) if share.price is None else share.price / price
    is_odd = not _DIFFERENCE <= ratio <= 1 / _DIFFERENCE
    return is_odd or abs(money_of(share) + beyond) <= AMOUNT_SLACK
