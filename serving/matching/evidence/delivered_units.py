"""Units delivered on a claim's line by the best evidence, with the doubts about it.

Receipts posted after the claim come first; then, highest first, a proof of delivery signed by the
receiver and a bill of lading signed by the carrier. The vendor's own papers prove nothing.
"""

from dataclasses import dataclass
from fractions import Fraction

from data.order_records import Claim, OrderData
from serving.matching.evidence.delivery_papers import Rank, Statement
from serving.matching.findings.arithmetic import quantity_text
from serving.matching.findings.paper_names import Papers
from serving.matching.findings.records import Evidence
from serving.matching.ledger.deductions import reason_of
from serving.matching.pairing.billed_line import weak_cells
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.context import Context


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """One claim with its PO line; other claims have taken `before` units of the line already."""

    claim: Claim
    standing: Standing
    shares: tuple[Share, ...]
    statements: tuple[Statement, ...]
    claimed: Fraction
    held_back: Fraction
    before: Fraction

    @property
    def billed(self) -> Fraction:
        return sum((share.quantity or Fraction(0) for share in self.shares), Fraction(0))

    @property
    def paid(self) -> Fraction:
        return self.billed - self.held_back

    @property
    def price(self) -> Fraction | None:
        """Money per unit by the claim, else by the order."""
        if self.claim.amount is not None and self.claimed:
            return abs(Fraction(self.claim.amount)) / self.claimed
        return self.standing.price


@dataclass(frozen=True, slots=True)
class Proof:
    """The units delivered, by which evidence, and the doubts about it."""

    delivered: Fraction
    sentence: str
    evidence: tuple[Evidence, ...]
    confidence: float
    doubts: tuple[str, ...] = ()


def best_proof(case: ClaimCase, data: OrderData, context: Context, papers: Papers) -> Proof | None:
    """Return the best evidence of the units delivered on this invoice; None where there is none."""
    later = _later_receipts(case, data, context)
    if later is not None:
        return later
    enough = [statement for statement in case.statements if _is_sufficient(statement, data)]
    if not enough:
        return None
    best, unit = enough[0], case.standing.units.name or "units"
    equals = [statement for statement in enough[1:] if statement.rank == best.rank]
    rivals = [statement for statement in equals if statement.quantity != best.quantity]
    lost = Fraction(0) if context.policy.pay_rejected else best.damaged
    noted = f" and notes {'; '.join(best.remarks)}" if best.remarks else " without remark"
    by_receiver = best.rank == Rank.RECEIVER_SIGNED
    signed = "signed by the receiver" if by_receiver else "signed by the carrier"
    done = "delivered" if by_receiver else "handed over"
    count = f"{quantity_text(best.quantity)} {unit} were {done}"
    sentence = f"The {papers.cite(best.pages)} is {signed}{noted}: {count}"
    if lost:
        sentence += f", {quantity_text(lost)} of them damaged"
    return Proof(
        delivered=_delivered_on_invoice(best.quantity - lost, case),
        sentence=f"{sentence}.",
        evidence=best.evidence("supports"),
        confidence=best.confidence,
        doubts=(
            *best.doubts,
            *_uncounted(best, case, papers),
            *weak_cells(
                {f"{document} {name}": leaf for document, name, leaf in best.places},
                context.policy.review_confidence,
            ),
            *(
                f"the {papers.cite(rival.pages)} shows {quantity_text(rival.quantity)} instead"
                for rival in rivals
            ),
        ),
    )


def _uncounted(best: Statement, case: ClaimCase, papers: Papers) -> list[str]:
    """Return why a paper does not settle what was missing: cartons are no count of their pieces."""
    is_part = best.pack > 1 and case.claimed % best.pack != 0 and not best.remarks
    if not is_part and reason_of(case.claim.kind) != "concealed":
        return []
    return [f"the {papers.cite(best.pages)} does not count what was inside the packages"]


def _delivered_on_invoice(delivered: Fraction, case: ClaimCase) -> Fraction:
    """Return the units delivered for this invoice: earlier ones bill earlier deliveries."""
    return delivered if delivered <= case.billed else delivered - case.standing.billed_before


def _is_sufficient(statement: Statement, data: OrderData) -> bool:
    """Return whether the paper proves a delivery under the order's freight terms.

    The carrier of a prepaid shipment works for the vendor: its receipt proves no delivery.
    """
    if statement.rank == Rank.RECEIVER_SIGNED:
        return True
    prepaid = data.order.freight_terms in ("prepaid", "prepaid_and_add")
    return statement.rank == Rank.CARRIER_SIGNED and not prepaid


def _later_receipts(case: ClaimCase, data: OrderData, context: Context) -> Proof | None:
    """Return all receipts together, where one of them was posted after the claim was made."""
    day, line = case.claim.claimed_at, case.standing.line
    if day is None:
        return None
    later = [
        receipt.receipt_id
        for receipt in data.receipts
        if receipt.received_at is not None
        and receipt.received_at > day
        and any(event.po_line_number == line.po_line_number for event in receipt.lines)
    ]
    limit = case.standing.receipt_limit(context.policy.pay_rejected)
    if not later or limit is None:
        return None
    came = limit - case.standing.billed_before
    unit = case.standing.units.name or "units"
    return Proof(
        delivered=came,
        sentence=(
            f"Receipt {', '.join(later)} was posted after the claim of {day.isoformat()}: "
            f"{quantity_text(came)} {unit} were received in all."
        ),
        evidence=tuple(place for place in case.standing.evidence if place.document_id in later),
        confidence=1.0,
    )
