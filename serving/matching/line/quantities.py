"""Quantity findings of one PO line: what is billed beyond receipts and order, each unit once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from serving.matching.findings.arithmetic import (
    disputed_units,
    price_text,
    quantity_text,
    rounded,
    to_decimal,
)
from serving.matching.findings.records import Evidence, Finding, cell_evidence
from serving.matching.line.probability import Probability, probability_over
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import OpenQuantity, Standing
from serving.matching.rules.tolerances import Tolerance, breaches, breaches_cumulatively


@dataclass(frozen=True, slots=True)
class QuantityCase:
    """Everything the quantity findings of one PO line rest on.

    `price` puts units into money: the ordered price, or the billed one in the deduction view.
    `backup` is what other documents say of the quantity.
    """

    standing: Standing
    shares: Sequence[Share]
    open: OpenQuantity
    billed: Fraction
    price: Fraction | None
    currency: str | None
    tolerance: Tolerance
    pay_rejected: bool
    backup: tuple[Evidence, ...] = ()

    @property
    def disputed(self) -> Fraction:
        return disputed_units(self.billed, self.open.limits)

    @property
    def uncredited(self) -> Fraction:
        """Returned units that a net credit leaves billed; what else was billed too much is not."""
        returned, excess = (
            self.standing.returned or Fraction(0),
            self.billed - min(self.open.limits),
        )
        return (
            max(Fraction(0), min(returned + self.billed, excess))
            if self.billed < 0
            else Fraction(0)
        )


def _breaching(case: QuantityCase, billed: Fraction | None = None) -> bool:
    """Whether the disputed units are beyond tolerance; `billed` in place of what was read."""
    billed = case.billed if billed is None else billed
    disputed = disputed_units(billed, case.open.limits)
    limit = min(case.open.limits) + case.standing.billed_before
    return disputed > 0 and (
        _beyond(case, disputed)
        or breaches_cumulatively(case.tolerance, billed + case.standing.billed_before, limit)
    )


def _beyond(case: QuantityCase, units: Fraction) -> bool:
    price = case.price if case.price is not None else Fraction(1)
    return bool(breaches(case.tolerance, units * price, case.open.expected * price))


def quantity_probability(case: QuantityCase) -> Probability:
    """That units are really disputed: another reading counts against it when none would be."""

    def survives(one: Share, other: Share) -> bool:
        if one.quantity is None or other.quantity is None:
            return False
        return _breaching(case, case.billed - one.quantity + other.quantity)

    cells = ((one, one.billed.quantity_cells) for one in case.shares)
    return probability_over(cells, case.standing, survives)


def _because(case: QuantityCase) -> str:
    """The numbers that limit what could be billed, in words."""
    standing, parts = case.standing, []
    if case.open.by_receipt is not None:
        parts.append(f"received {quantity_text(standing.received or Fraction(0))}")
        if standing.rejected and not case.pay_rejected:
            parts.append(f"rejected {quantity_text(standing.rejected)}")
        if standing.returned:
            parts.append(f"returned {quantity_text(standing.returned)}")
    parts.append(f"ordered {quantity_text(standing.ordered or Fraction(0))}")
    if standing.billed_before:
        parts.append(f"billed before {quantity_text(standing.billed_before)}")
    return ", ".join(parts)


def _finding(case: QuantityCase, code: str, units: Fraction, upto: Fraction) -> Finding:
    """One finding over `units` of the billed quantity, of which `upto` could be billed."""
    price, currency = case.price, case.currency
    amount = None if price is None else to_decimal(units * price)
    shown = f"({quantity_text(upto + units)} − {quantity_text(upto)})"
    formula = f"{shown} × price unknown"
    if price is not None and amount is not None:
        formula = f"{shown} × {price_text(price)} = {rounded(amount, currency)}"
    unit = case.standing.units.name or "units"
    sentences = {
        "QTY_OVER_ORDER": "{n} {u} are billed beyond the order",
        "QTY_OVER_RECEIPT": "{n} {u} are billed beyond what was received",
        "REJECTED_BILLED": "{n} {u} are billed that were received and rejected",
        "RETURN_NOT_CREDITED": "{n} {u} went back and are not credited",
        "WEIGHT_ERROR": "{n} {u} more are billed than were weighed in",
        "QTY_NO_RECEIPT": "{n} {u} are billed and nothing was received so far",
    }
    actions = {
        "QTY_NO_RECEIPT": "Wait for the receipt or ask the vendor for proof of delivery.",
        "REJECTED_BILLED": "Short-pay the rejected units or ask for a credit note.",
        "RETURN_NOT_CREDITED": "Ask for the credit of the returned units.",
    }
    sentence = sentences[code].format(n=quantity_text(units), u=unit)
    probable = quantity_probability(case)
    return Finding(
        code=code,
        nature="awaits_receipt" if code == "QTY_NO_RECEIPT" else "difference",
        quantity=to_decimal(units),
        amount=amount,
        currency=currency,
        formula=formula,
        explanation=f"{sentence} ({quantity_text(case.billed)} billed; {_because(case)}).",
        action=actions.get(code, "Short-pay these units or ask for a partial credit."),
        confidence=probable.right,
        evidence=_evidence(case),
        tolerance=case.tolerance.label(),
        unit=case.standing.units.name,
        po_line_number=case.standing.line.po_line_number,
        alternatives=probable.shown,
    )


def _evidence(case: QuantityCase) -> tuple[Evidence, ...]:
    cells = (
        cell_evidence(one.billed.document.document_id, name, cell)
        for one in case.shares
        for name, cell in one.billed.quantity_cells.items()
    )
    return (*cells, *case.standing.evidence, *case.backup)


def quantity_findings(case: QuantityCase) -> list[Finding]:
    """The findings beyond tolerance; together they count every disputed unit exactly once."""
    disputed = case.disputed
    if case.uncredited and _beyond(case, case.uncredited):
        return [_finding(case, "RETURN_NOT_CREDITED", case.uncredited, -case.billed)]
    if not _breaching(case):
        return []
    by_order, by_receipt = case.open.by_order, case.open.by_receipt
    if case.open.no_receipt:
        beyond = disputed_units(case.billed, [] if by_order is None else [by_order])
        return _stacked(case, {"QTY_OVER_ORDER": beyond, "QTY_NO_RECEIPT": disputed - beyond})
    if by_receipt is None or (by_order is not None and by_order < by_receipt):
        return _stacked(case, {"QTY_OVER_ORDER": disputed})
    standing = case.standing
    rejected = Fraction(0) if case.pay_rejected else (standing.rejected or Fraction(0))
    returned = min(disputed, standing.returned or Fraction(0))
    refused = min(disputed - returned, rejected)
    over = "WEIGHT_ERROR" if standing.line.catch_weight else "QTY_OVER_RECEIPT"
    return _stacked(
        case,
        {
            over: disputed - refused - returned,
            "REJECTED_BILLED": refused,
            "RETURN_NOT_CREDITED": returned,
        },
    )


def _stacked(case: QuantityCase, units: Mapping[str, Fraction]) -> list[Finding]:
    """A finding for each code that has units, from the top of the billed quantity down."""
    found, top = [], case.billed
    for code, count in units.items():
        if count:
            found.append(_finding(case, code, count, top - count))
        top -= count
    return found
