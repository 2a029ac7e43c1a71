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
    """One PO line with everything billed on it and what stands around it."""

    standing: Standing
    shares: tuple[Share, ...]
    open: OpenQuantity
    around: Surroundings
    currency: str | None

    @property
    def billed(self) -> Fraction:
        return sum((one.quantity or Fraction(0) for one in self.shares), Fraction(0))


def explain(finding: Finding, at: Situation) -> Finding:
    """The finding with what explains it, open instead of a claim then; else as it was."""
    told = finding.explained_by is not None or finding.nature == "fact"
    if told or not finding.amount:
        return finding
    tried = (_misread, _tax_inclusive, _split_line, _late_receipt, _credit_memo)
    found = (attempt(finding, at) for attempt in tried)
    hypothesis = next((one for one in found if one is not None), None)
    if hypothesis is None:
        return finding
    return replace(finding, explained_by=hypothesis)


def _tax_inclusive(finding: Finding, at: Situation) -> Hypothesis | None:
    """The billed price less the tax that its row states is the ordered one.

    Where the sums show that prices hold tax they were restated before (`matching.restated`).
    """
    ordered = at.standing.price
    if finding.code not in _PRICE_CODES or not ordered:
        return None
    for one in at.shares:
        size = at.standing.units.size(one.billed.unit)
        if one.price is None or not size:
            continue
        printed, wanted = one.price * size, ordered * size
        stated = one.billed.item.tax_rate
        if stated is None or not stated.decimal:
            continue
        rate = abs(Fraction(stated.decimal)) / 100
        if abs(printed / (1 + rate) - wanted) <= _HALF_CENT:
            arithmetic = f"{price_text(printed)} / {price_text(1 + rate)} = {price_text(wanted)}"
            said = f"the price may hold {quantity_text(rate * 100)} % tax: {arithmetic}"
            return Hypothesis("tax_inclusive", arithmetic, said)
    return None


def _split_line(finding: Finding, at: Situation) -> Hypothesis | None:
    """The units beyond this PO line are those that another one, which nothing bills, has open."""
    if finding.code not in _QUANTITY_CODES or finding.quantity is None:
        return None
    ordered = at.standing.price
    for other, room in at.around.unbilled():
        same_unit = other.units.name == at.standing.units.name
        same_price = ordered and other.price is not None and _same(other.price, ordered)
        if not same_unit or not same_price or room != Fraction(finding.quantity):
            continue
        texts = other.line.description or "", at.standing.line.description or ""
        if resemblance(*texts) < _RESEMBLING:
            continue
        rest = at.billed - room
        arithmetic = f"{quantity_text(at.billed)} = {quantity_text(rest)} + {quantity_text(room)}"
        number = other.line.po_line_number
        said = (
            f"{quantity_text(room)} of the units may be PO line {number}'s, which orders a like "
            f"article at the same price and is not billed: {arithmetic}"
        )
        return Hypothesis("split_line", arithmetic, said, other.evidence)
    return None


def _late_receipt(finding: Finding, at: Situation) -> Hypothesis | None:
    """A paper after the last receipt brings just the units that no receipt has."""
    if finding.code != "QTY_OVER_RECEIPT" or finding.quantity is None:
        return None
    for delivery in at.around.late.get(at.standing.key, ()):
        if delivery.units == Fraction(finding.quantity):
            received = at.standing.received or Fraction(0)
            arithmetic = (
                f"{quantity_text(received)} + {quantity_text(delivery.units)} = "
                f"{quantity_text(received + delivery.units)}"
            )
            said = (
                f"{delivery.evidence[0].document_id} is later than the last receipt and brings the "
                f"units that are missing: {arithmetic}"
            )
            return Hypothesis("late_receipt", arithmetic, said, delivery.evidence)
    return None


def _credit_memo(finding: Finding, at: Situation) -> Hypothesis | None:
    """A credit that is on no PO line gives just this money back."""
    for credit in at.around.credits:
        given = None if credit.amount is None else -credit.amount
        if given is None or finding.amount is None:
            continue
        if abs(given - Fraction(finding.amount)) > AMOUNT_SLACK:
            continue
        shown = rounded(finding.amount, at.currency), rounded(to_decimal(given), at.currency)
        arithmetic = (
            f"{shown[0]} − {shown[1]} = {rounded(finding.amount - to_decimal(given), at.currency)}"
        )
        leaf = credit.item.amount
        places = (
            () if leaf is None else (cell_evidence(credit.document.document_id, "amount", leaf),)
        )
        said = f"{credit.place} credits the same money and names no PO line: {arithmetic}"
        return Hypothesis("credit_memo", arithmetic, said, places)
    return None


def _misread(finding: Finding, at: Situation) -> Hypothesis | None:
    """One digit read wrongly makes the whole line agree.

    Where the row's arithmetic fails any digit may be the wrong one; where nothing confirms a cell,
    only one that looks like another. A cell that its row confirms, or that nobody had to read, is
    not misread.
    """
    for one in at.shares:
        failing = one.billed.off_by is not None
        if one.billed.assembled or not (failing or one.billed.amount is None):
            continue
        for name in ("quantity", "unit_price", "amount"):
            cell = one.billed.item.field(name)
            if cell is None or cell.decimal is None or cell.confidence == 1:
                continue
            for number in _one_digit_off(cell.decimal, any_digit=failing):
                if _agrees(reread_share(one, name, number, at.standing.units), one, at):
                    return _misread_as(one.billed, name, cell, number)
    return None


def _misread_as(billed: BilledItem, name: str, cell: Field, number: Decimal) -> Hypothesis:
    arithmetic = f"{name} {cell.text} → {format(number, 'f')}"
    said = f"one digit may be misread: with {arithmetic} the line agrees with order and receipts"
    places = (cell_evidence(billed.document.document_id, name, cell),)
    return Hypothesis("misread_digit", arithmetic, said, places)


def _one_digit_off(number: Decimal, *, any_digit: bool) -> Iterator[Decimal]:
    text = format(number, "f")
    for place, digit in enumerate(text):
        if digit in _DIGITS:
            for other in _DIGITS if any_digit else _ALIKE[digit]:
                if other != digit:
                    yield Decimal(f"{text[:place]}{other}{text[place + 1 :]}")


def _agrees(changed: Share | None, one: Share, at: Situation) -> bool:
    """Whether nothing is left to find on the line with that share in the place of `one`."""
    if changed is None or changed.quantity is None or changed.price is None:
        return False
    billed = at.billed - (one.quantity or 0) + changed.quantity
    rest = [other for other in at.shares if other is not one]
    prices = [changed.price, *(other.price for other in rest)]
    same = all(
        price is not None and at.standing.price is not None and _same(price, at.standing.price)
        for price in prices
    )
    identity = changed.billed.off_by is None and all(one.billed.off_by is None for one in rest)
    return identity and same and billed == at.open.expected


def _same(price: Fraction, ordered: Fraction) -> bool:
    return abs(price - ordered) <= ordered * SAME_PRICE
