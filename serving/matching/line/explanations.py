"""Explanations of a difference that owe nobody anything, tried before anything is claimed.

Each explains the whole difference of a finding or it is none. Mixed up units are tried before, in
`mixed_units`, because then nothing on the line can be compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from data.records import Field
from serving.matching.findings.arithmetic import (
    AMOUNT_SLACK,
    price_text,
    quantity_text,
    rounded,
    to_decimal,
)
from serving.matching.findings.records import Finding, Hypothesis, cell_evidence
from serving.matching.line.rest_of_dispute import Surroundings
from serving.matching.pairing.article_names import resemblance
from serving.matching.pairing.assignment import SAME_PRICE
from serving.matching.pairing.billed_line import BilledItem
from serving.matching.pairing.line_share import Share, reread_share
from serving.matching.pairing.order_line import OpenQuantity, Standing

# A net price made from a gross one is rounded to cents.
_HALF_CENT = Fraction(5, 1000)
# Digits that print and readers take for one another.
_ALIKE = {
    "0": "689", "1": "47", "2": "7", "3": "58", "4": "19",
    "5": "36", "6": "058", "7": "12", "8": "0369", "9": "048",
}  # fmt: skip
_DIGITS = "0123456789"
# Descriptions that share this many letters may be one article's.
_RESEMBLING = 0.6
_QUANTITY_CODES = frozenset({"QTY_OVER_RECEIPT", "QTY_OVER_ORDER", "QTY_NO_RECEIPT"})
_PRICE_CODES = frozenset({"PRICE_OVER", "PRICE_UNDER"})


@dataclass(frozen=True, slots=True)
class Situation:
    """One PO line with everything billed on it, and the rest of the dispute."""

    standing: Standing
    shares: tuple[Share, ...]
    open: OpenQuantity
    around: Surroundings
    currency: str | None

    @property
    def billed(self) -> Fraction:
        return sum((share.quantity or Fraction(0) for share in self.shares), Fraction(0))


def explain(finding: Finding, situation: Situation) -> Finding:
    """Return the finding with the first explanation that holds; as it was where none does."""
    is_explained = finding.explained_by is not None or finding.nature == "fact"
    if is_explained or not finding.amount:
        return finding
    attempts = (_misread, _tax_inclusive, _split_line, _late_receipt, _credit_memo)
    hypotheses = (attempt(finding, situation) for attempt in attempts)
    explanation = next((hypothesis for hypothesis in hypotheses if hypothesis is not None), None)
    return replace(finding, explained_by=explanation)


def _tax_inclusive(finding: Finding, situation: Situation) -> Hypothesis | None:
    """The billed price less tax is the ordered one: by the row's rate, or where no tax is printed.

    Where the sums show that prices hold tax they were restated before (`invoice.order_terms`).
    """
    ordered = situation.standing.price
    if finding.code not in _PRICE_CODES or not ordered:
        return None
    for share in situation.shares:
        size = situation.standing.units.size(share.billed.unit)
        if share.price is None or not size:
            continue
        printed, expected = share.price * size, ordered * size
        percent = _tax_rate(share, situation)
        if not percent:
            continue
        rate = percent / 100
        if abs(printed / (1 + rate) - expected) <= _HALF_CENT:
            arithmetic = f"{price_text(printed)} / {price_text(1 + rate)} = {price_text(expected)}"
            sentence = f"the price may hold {quantity_text(rate * 100)} % tax: {arithmetic}"
            return Hypothesis("tax_inclusive", arithmetic, sentence)
    return None


def _tax_rate(share: Share, situation: Situation) -> Fraction | None:
    """Return the rate (percent) of the tax that a price may hold; None: none it could."""
    stated = share.billed.item.tax_rate
    if stated is not None and stated.decimal:
        return abs(Fraction(stated.decimal))
    tax = share.billed.document.fields.get("total_tax")
    return situation.around.tax_rate if tax is None or not tax.decimal else None


def _split_line(finding: Finding, situation: Situation) -> Hypothesis | None:
    """The units beyond this PO line are those that another one, which nothing bills, has open."""
    if finding.code not in _QUANTITY_CODES or finding.quantity is None:
        return None
    ordered, room = situation.standing.price, Fraction(finding.quantity)
    for other in situation.around.unbilled(ordered or room).get(room, ()):
        same_unit = other.units.name == situation.standing.units.name
        same_price = ordered and other.price is not None and _same(other.price, ordered)
        if not same_unit or not same_price:
            continue
        texts = other.line.description or "", situation.standing.line.description or ""
        if resemblance(*texts) < _RESEMBLING:
            continue
        rest = situation.billed - room
        arithmetic = (
            f"{quantity_text(situation.billed)} = {quantity_text(rest)} + {quantity_text(room)}"
        )
        number = other.line.po_line_number
        sentence = (
            f"{quantity_text(room)} of the units may be PO line {number}'s, which orders a like "
            f"article at the same price and is not billed: {arithmetic}"
        )
        return Hypothesis("split_line", arithmetic, sentence, other.evidence)
    return None


def _late_receipt(finding: Finding, situation: Situation) -> Hypothesis | None:
    """A paper after the last receipt brings just the units that no receipt has."""
    if finding.code != "QTY_OVER_RECEIPT" or finding.quantity is None:
        return None
    for delivery in situation.around.late.get(situation.standing.key, ()):
        if delivery.units == Fraction(finding.quantity):
            received = situation.standing.received or Fraction(0)
            arithmetic = (
                f"{quantity_text(received)} + {quantity_text(delivery.units)} = "
                f"{quantity_text(received + delivery.units)}"
            )
            sentence = (
                f"{delivery.evidence[0].document_id} is later than the last receipt and brings the "
                f"units that are missing: {arithmetic}"
            )
            return Hypothesis("late_receipt", arithmetic, sentence, delivery.evidence)
    return None


def _credit_memo(finding: Finding, situation: Situation) -> Hypothesis | None:
    """A credit that is on no PO line gives just this money back."""
    for credit in situation.around.credits:
        credited = None if credit.amount is None else -credit.amount
        if credited is None or finding.amount is None:
            continue
        if abs(credited - Fraction(finding.amount)) > AMOUNT_SLACK:
            continue
        currency, money = situation.currency, to_decimal(credited)
        rest = rounded(finding.amount - money, currency)
        arithmetic = f"{rounded(finding.amount, currency)} − {rounded(money, currency)} = {rest}"
        leaf = credit.item.amount
        places = (
            () if leaf is None else (cell_evidence(credit.document.document_id, "amount", leaf),)
        )
        sentence = f"{credit.place} credits the same money and names no PO line: {arithmetic}"
        return Hypothesis("credit_memo", arithmetic, sentence, places)
    return None


def _misread(finding: Finding, situation: Situation) -> Hypothesis | None:
    """One digit read wrongly makes the whole line agree.

    Where the row's arithmetic fails any digit may be the wrong one; where nothing confirms a cell,
    only one that looks like another. A cell that its row confirms, or that nobody had to read, is
    not misread.
    """
    for share in situation.shares:
        failing = share.billed.off_by is not None
        if share.billed.assembled or not (failing or share.billed.amount is None):
            continue
        for name in ("quantity", "unit_price", "amount"):
            cell = share.billed.item.field(name)
            if cell is None or cell.decimal is None or cell.confidence == 1:
                continue
            for number in _one_digit_off(cell.decimal, any_digit=failing):
                if _agrees(
                    reread_share(share, name, number, situation.standing.units), share, situation
                ):
                    return _misread_as(share.billed, name, cell, number)
    return None


def _misread_as(billed: BilledItem, name: str, cell: Field, number: Decimal) -> Hypothesis:
    arithmetic = f"{name} {cell.text} → {format(number, 'f')}"
    sentence = (
        f"one digit may be misread: with {arithmetic} the line agrees with order and receipts"
    )
    places = (cell_evidence(billed.document.document_id, name, cell),)
    return Hypothesis("misread_digit", arithmetic, sentence, places)


def _one_digit_off(number: Decimal, *, any_digit: bool) -> Iterator[Decimal]:
    text = format(number, "f")
    for place, digit in enumerate(text):
        if digit in _DIGITS:
            for other in _DIGITS if any_digit else _ALIKE[digit]:
                if other != digit:
                    yield Decimal(f"{text[:place]}{other}{text[place + 1 :]}")


def _agrees(changed: Share | None, misread: Share, situation: Situation) -> bool:
    """Return whether nothing is left to find on the line with `changed` instead of `misread`."""
    if changed is None or changed.quantity is None or changed.price is None:
        return False
    billed = situation.billed - (misread.quantity or 0) + changed.quantity
    rest = [share for share in situation.shares if share is not misread]
    ordered = situation.standing.price
    prices = [changed.price, *(share.price for share in rest)]
    same = all(
        price is not None and ordered is not None and _same(price, ordered) for price in prices
    )
    multiplies = all(share.billed.off_by is None for share in (changed, *rest))
    return multiplies and same and billed == situation.open.expected


def _same(price: Fraction, ordered: Fraction) -> bool:
    return abs(price - ordered) <= ordered * SAME_PRICE
