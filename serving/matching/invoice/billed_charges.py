"""Charges as they are billed: freight, deposits and others, in rows and on headers.

All that the invoices of a dispute bill of one kind counts together, once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.order_records import PurchaseOrder
from data.records import ExtractedDocument, Field
from serving.matching.findings.records import Evidence, cell_evidence
from serving.matching.invoice.agreements import header_evidence
from serving.matching.invoice.order_terms import agreed_rate
from serving.matching.invoice.sums import CHARGE_ROWS, header_number, rows_of
from serving.matching.pairing.billed_line import BilledItem, certainty, credit_sign

OTHER_TYPES = frozenset({"handling", "fee"})


@dataclass(frozen=True, slots=True)
class BilledCharge:
    """A charge of one kind: money in the order's currency, places, confidence.

    `unnamed` is the part of it that a header does not name.
    """

    kind: str
    total: Fraction
    evidence: tuple[Evidence, ...]
    confidence: float
    rows: tuple[BilledItem, ...]
    doubts: tuple[str, ...] = ()
    unnamed: Fraction = Fraction(0)


def rows_of_types(rows: Sequence[BilledItem], types: Collection[str]) -> list[BilledItem]:
    """Return the rows of these types."""
    return [row for row in rows if row.item.line_type in types]


def total_charge(
    kind: str,
    documents: Sequence[ExtractedDocument],
    rows: Sequence[BilledItem],
    order: PurchaseOrder,
) -> BilledCharge | None:
    """Return the total billed of one kind of charge; None where there is none."""
    total, cells, doubts = Fraction(0), dict[str, Field](), list[str]()
    evidence: list[Evidence] = []
    for row in rows:
        leaf = row.item.amount
        if row.amount is None or leaf is None:
            doubts.append(f"{row.place}: the {kind} amount could not be read")
            continue
        total += row.amount
        cells[row.place] = leaf
        evidence.append(cell_evidence(row.document.document_id, "amount", leaf))
    for document in documents if kind == "freight" else ():
        leaf, money = (
            document.fields.get("shipping_charge"),
            header_number(document, "shipping_charge"),
        )
        document_rows = [row for row in rows if row.document.document_id == document.document_id]
        # Freight rows are summed up again below the rows by some vendors.
        if leaf is None or not money or _is_sum_of(document_rows, money):
            continue
        sign, rate = credit_sign(document) or 1, agreed_rate(document, order) or Fraction(1)
        total += money * sign * rate
        cells[document.document_id] = leaf
        evidence += header_evidence(document, ("shipping_charge",))
    if not cells and not doubts:
        return None
    return BilledCharge(kind, total, tuple(evidence), certainty(cells), tuple(rows), tuple(doubts))


def _is_sum_of(rows: Sequence[BilledItem], money: Fraction) -> bool:
    row_sum = sum((row.amount or Fraction(0) for row in rows), Fraction(0))
    return bool(rows) and abs(row_sum) == abs(money)


def other_charge(
    documents: Sequence[ExtractedDocument], rows: Sequence[BilledItem], order: PurchaseOrder
) -> BilledCharge | None:
    """Return the charges that are neither freight nor deposits; None where there are none.

    Those on headers that freight does not name are `unnamed`.
    """
    charge = total_charge("other", (), rows_of_types(rows, OTHER_TYPES), order)
    unnamed, places, confidence = Fraction(0), list[Evidence](), 1.0
    for document in documents:
        money = header_charge(document)
        if money:
            sign, rate = credit_sign(document) or 1, agreed_rate(document, order) or Fraction(1)
            unnamed += money * sign * rate
            places += header_evidence(document, ("total_charge",))
            confidence *= document.fields["total_charge"].confidence
    if not places:
        return charge
    if charge is None:
        return BilledCharge("other", unnamed, tuple(places), confidence, (), unnamed=unnamed)
    return replace(
        charge,
        total=charge.total + unnamed,
        evidence=(*charge.evidence, *places),
        confidence=charge.confidence * confidence,
        unnamed=unnamed,
    )


def header_charge(document: ExtractedDocument) -> Fraction:
    """Return the charges on the header that neither rows nor its freight are; signed."""
    charge = header_number(document, "total_charge") or Fraction(0)
    shipping = header_number(document, "shipping_charge") or Fraction(0)
    rows = rows_of(document, CHARGE_ROWS)
    if not charge or rows == charge:
        return Fraction(0)
    return charge - shipping if abs(shipping) <= abs(charge) else Fraction(0)
