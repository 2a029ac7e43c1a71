"""Charges other than freight and deposits: handling, packaging, insurance, fees, and the header's.

All that the invoices of a dispute bill counts together, against all that the order plans. A charge
on the header that does not say what it is for is freight as far as freight is planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from data.order_records import PlannedCharge, PurchaseOrder
from data.records import ExtractedDocument
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import Evidence, Finding, cell_evidence
from serving.matching.invoice.agreements import header_evidence, order_evidence
from serving.matching.invoice.order_terms import agreed_rate
from serving.matching.invoice.sums import CHARGE_ROWS, header_number, rows_of
from serving.matching.pairing.billed_line import CHARGE_TYPES, SILENT_TYPES, BilledItem, credit_sign
from serving.matching.rules.context import Context
from serving.matching.rules.tolerances import breaches, tolerance_of

OTHER_TYPES = frozenset({"handling", "fee"})
OTHER_KINDS = frozenset({"handling", "packaging", "insurance", "surcharge", "fee", "other"})
_CENT = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class OtherCharges:
    """Charges of a dispute that are neither freight nor deposits, in the order's currency.

    `rows` is the money in rows of their own, `header` that of charges on headers beside freight.
    """

    rows: Fraction
    header: Fraction
    evidence: tuple[Evidence, ...]
    confidence: float

    @property
    def total(self) -> Fraction:
        return self.rows + self.header


def planned_charges(
    order: PurchaseOrder, documents: Sequence[ExtractedDocument], kinds: frozenset[str]
) -> Fraction | None:
    """Return what planned charges of some kinds come to; None where none is planned.

    Charges on a line are on all of it, those on the order on what is billed now.
    """
    items = [
        item
        for document in documents
        for item in document.line_items
        if item.line_type not in CHARGE_TYPES | SILENT_TYPES
    ]
    value = sum((Fraction(item.amount.decimal or 0) for item in items if item.amount), Fraction(0))
    units = sum(
        (Fraction(item.quantity.decimal or 0) for item in items if item.quantity), Fraction(0)
    )
    planned = [
        _money(charge, value, units) for charge in order.planned_charges if charge.kind in kinds
    ]
    for line in order.lines:
        ordered = Fraction(line.quantity_ordered)
        worth = ordered * Fraction(line.unit_price or 0) / Fraction(line.price_base_quantity)
        planned += [
            _money(charge, worth, ordered)
            for charge in line.planned_charges
            if charge.kind in kinds
        ]
    return sum(planned, Fraction(0)) if planned else None


def _money(charge: PlannedCharge, value: Fraction, units: Fraction) -> Fraction:
    if charge.amount is not None:
        return Fraction(charge.amount)
    if charge.rate is not None:
        return value * Fraction(charge.rate) / 100
    return units * Fraction(charge.unit_amount or 0)


def header_charge(document: ExtractedDocument) -> Fraction:
    """Return the charges on the header that neither rows nor its freight are; signed."""
    charge = header_number(document, "total_charge") or Fraction(0)
    shipping = header_number(document, "shipping_charge") or Fraction(0)
    rows = rows_of(document, CHARGE_ROWS)
    if not charge or rows == charge:
        return Fraction(0)
    return charge - shipping if abs(shipping) <= abs(charge) else Fraction(0)


def read_other_charges(
    documents: Sequence[ExtractedDocument], rows: Sequence[BilledItem], order: PurchaseOrder
) -> OtherCharges | None:
    """Return the other charges of all invoices; None where there are none."""
    in_rows, in_header, confidence = Fraction(0), Fraction(0), 1.0
    evidence: list[Evidence] = []
    for row in rows:
        leaf = row.item.amount
        if row.item.line_type in OTHER_TYPES and row.amount is not None and leaf is not None:
            in_rows += row.amount
            confidence *= leaf.confidence
            evidence.append(cell_evidence(row.document.document_id, "amount", leaf))
    for document in documents:
        money = header_charge(document)
        if money:
            sign, rate = credit_sign(document) or 1, agreed_rate(document, order) or Fraction(1)
            in_header += money * sign * rate
            places = header_evidence(document, ("total_charge",))
            confidence *= places[0].confidence
            evidence += places
    if not evidence:
        return None
    return OtherCharges(in_rows, in_header, tuple(evidence), confidence)


def check_other_charges(
    charges: OtherCharges, planned: Fraction | None, order: PurchaseOrder, context: Context
) -> Finding | None:
    """Return the finding on charges above what is planned; a question where nothing is."""
    gap = charges.total - (planned or 0)
    if gap <= _CENT or (planned is None and context.policy.unplanned_charges == "ignore"):
        return None
    code = "CHARGE_UNPLANNED" if planned is None else "CHARGE_VARIANCE"
    tolerance = tolerance_of(context.policy.tolerance_rows(), code, context.vendor)
    if not breaches(tolerance, gap, planned or Fraction(0)):
        return None
    money, due, shown = (
        rounded(to_decimal(number), context.currency)
        for number in (charges.total, planned or Fraction(0), gap)
    )
    agreed = f"{due} was planned" if planned is not None else "the order states no charge"
    return Finding(
        code=code,
        nature="question" if planned is None else "difference",
        quantity=None,
        amount=to_decimal(gap),
        currency=context.currency,
        formula=f"{money} − {due} = {shown}",
        explanation=f"Charges of {money} are billed; {agreed}.",
        action="Find out what was agreed." if planned is None else "Short-pay what is above.",
        confidence=charges.confidence,
        evidence=(*charges.evidence, order_evidence(order, "planned_charges", due)),
        tolerance=tolerance.label(),
    )
