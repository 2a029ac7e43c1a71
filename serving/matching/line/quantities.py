"""Quantity findings of one PO line: units billed beyond receipts and order, each once."""

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
    """The numbers and evidence that the quantity findings of one PO line rest on.

    `price` puts units into money: the ordered price, or the billed one in the deduction view.
    `backup` are the quantities on other documents.
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


def _is_breach(case: QuantityCase, billed: Fraction | None = None) -> bool:
    """Return whether the disputed units are beyond tolerance; `billed` replaces what was read."""
    billed = case.billed if billed is None else billed
    disputed = disputed_units(billed, case.open.limits)
    limit = min(case.open.limits) + case.standing.billed_before
    return disputed > 0 and (
        _exceeds_tolerance(case, disputed)
        or breaches_cumulatively(case.tolerance, billed + case.standing.billed_before, limit)
    )


def _exceeds_tolerance(case: QuantityCase, units: Fraction) -> bool:
    price = case.price if case.price is not None else Fraction(1)
    return bool(breaches(case.tolerance, units * price, case.open.expected * price))


def quantity_probability(case: QuantityCase) -> Probability:
    """Return the probability that units are disputed; readings with none count against it."""

    def survives(share: Share, changed: Share) -> bool:
        if share.quantity is None or changed.quantity is None:
            return False
        return _is_breach(case, case.billed - share.quantity + changed.quantity)

    cells = ((share, share.billed.quantity_cells) for share in case.shares)
    return probability_over(cells, case.standing, survives)


def _limits_text(case: QuantityCase) -> str:
    """Return the numbers that limit what may be billed, in words."""
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


def _finding(case: QuantityCase, code: str, units: Fraction, allowed: Fraction) -> Finding:
    """Return one finding over `units` billed beyond the `allowed` ones."""
    price, currency = case.price, case.currency
    amount = None if price is None else to_decimal(units * price)
    shown = f"({quantity_text(allowed + units)} − {quantity_text(allowed)})"
    formula = f"{shown} × price unknown"
    if price is not None and amount is not None:
        formula = f"{shown} × {price_text(price)} = {rounded(amount, currency)}"
    unit = case.standing.units.name or "units"
    sentences = {
        "QTY_OVER_ORDER": "{n} {u} are billed beyond the order",
        "QTY_OVER_RECEIPT": "{n} {u} are billed beyond what was received",
        "REJECTED_BILLED": "{n} {u} are billed that were rejected on receipt",
        "RETURN_NOT_CREDITED": "{n} {u} were returned and have not been credited",
        "WEIGHT_ERROR": "{n} {u} more are billed than were weighed on receipt",
        "QTY_NO_RECEIPT": "{n} {u} are billed and nothing has been received so far",
    }
    actions = {
        "QTY_NO_RECEIPT": "Wait for the receipt or ask the vendor for proof of delivery.",
        "REJECTED_BILLED": "Short-pay the rejected units or ask for a credit note.",
        "RETURN_NOT_CREDITED": "Ask for a credit for the returned units.",
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
        explanation=f"{sentence} ({quantity_text(case.billed)} billed; {_limits_text(case)}).",
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
        cell_evidence(share.billed.document.document_id, name, cell)
        for share in case.shares
        for name, cell in share.billed.quantity_cells.items()
    )
    return (*cells, *case.standing.evidence, *case.backup)


def quantity_findings(case: QuantityCase) -> list[Finding]:
    """Return the findings beyond tolerance; together they count each disputed unit once."""
    disputed = case.disputed
    if case.uncredited and _exceeds_tolerance(case, case.uncredited):
        return [_finding(case, "RETURN_NOT_CREDITED", case.uncredited, -case.billed)]
    if not _is_breach(case):
        return []
    by_order, by_receipt = case.open.by_order, case.open.by_receipt
    if case.open.no_receipt:
        beyond = disputed_units(case.billed, [] if by_order is None else [by_order])
        return _split_findings(
            case, {"QTY_OVER_ORDER": beyond, "QTY_NO_RECEIPT": disputed - beyond}
        )
    if by_receipt is None or (by_order is not None and by_order < by_receipt):
        return _split_findings(case, {"QTY_OVER_ORDER": disputed})
    standing = case.standing
    rejected = Fraction(0) if case.pay_rejected else (standing.rejected or Fraction(0))
    returned = min(disputed, standing.returned or Fraction(0))
    refused = min(disputed - returned, rejected)
    over = "WEIGHT_ERROR" if standing.line.catch_weight else "QTY_OVER_RECEIPT"
    return _split_findings(
        case,
        {
            over: disputed - refused - returned,
            "REJECTED_BILLED": refused,
            "RETURN_NOT_CREDITED": returned,
        },
    )


def _split_findings(case: QuantityCase, units: Mapping[str, Fraction]) -> list[Finding]:
    """Return a finding for each code that has units, from the top of the billed quantity down."""
    findings, top = [], case.billed
    for code, count in units.items():
        if count:
            findings.append(_finding(case, code, count, top - count))
        top -= count
    return findings
