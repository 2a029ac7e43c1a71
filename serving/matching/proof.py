"""Papers against receipts: conflicts shown side by side, and papers that have to be there.

Neither makes a claim: a conflict leaves the units open, with the range of money that depends on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from data.order_records import Claim, OrderData
from data.records import ExtractedDocument
from serving.matching.backup import Rank, Statement
from serving.matching.findings import Evidence, Variance
from serving.matching.match import Context, LineMatch
from serving.matching.standing import Standing
from serving.matching.variances import quantity_text, rounded, to_decimal

# What a paper is called in a sentence.
PAPER_NAMES: Mapping[str, str] = {
    "bill_of_lading": "bill of lading",
    "delivery_note": "delivery note",
    "packing_slip": "packing slip",
    "proof_of_delivery": "proof of delivery",
}
_UNITS_AT_STAKE = frozenset({"QTY_OVER_RECEIPT", "QTY_NO_RECEIPT"})
# More receipts of one line than this are compared by their sum alone.
_MOST_RECEIPTS = 8
_NEAR = Fraction(1, 100)


def received_sums(data: OrderData, standing: Standing) -> list[Fraction]:
    """Every quantity that one or several receipts of the PO line make up, in its unit.

    A paper may be about some of the deliveries only.
    """
    line = standing.line
    by_receipt: dict[str, Fraction] = {}
    for receipt in data.receipts:
        for event in receipt.lines:
            size = standing.units.size(event.unit_code)
            own = event.po_number in (None, standing.order_number)
            if event.po_line_number != line.po_line_number or not own or size is None:
                continue
            sign = -1 if event.reversed else 1
            quantity = abs(event.quantity_received) if event.reversed else event.quantity_received
            by_receipt[receipt.receipt_id] = (
                by_receipt.get(receipt.receipt_id, Fraction(0)) + sign * Fraction(quantity) * size
            )
    events = list(by_receipt.values())
    sums = {standing.received or Fraction(0)}
    if len(events) <= _MOST_RECEIPTS:
        sums |= {
            sum(some, Fraction(0))
            for count in range(1, len(events) + 1)
            for some in combinations(events, count)
        }
    return sorted(sums)


def weigh_papers(
    match: LineMatch,
    standing: Standing,
    statements: Sequence[Statement],
    data: OrderData,
    context: Context,
) -> LineMatch:
    """The match with EVIDENCE_CONFLICT where the best paper and the receipts cannot both be right.

    A conflict counts where the smaller number would leave billed units unpaid. Where the paper says
    that more came, units claimed as not received become open.
    """
    received, billed = standing.received, match.verdict.billed
    if (
        not statements
        or not received
        or billed is None
        or _mixed_up(match, statements[0], standing)
    ):
        return match
    best = statements[0]
    if best.quantity in received_sums(data, standing):
        return match
    if Fraction(billed) <= min(best.quantity, received):
        return match
    conflict = _conflict(match, standing, best, data, context)
    more = best.quantity > received
    if best.rank < Rank.CARRIER_SIGNED and context.policy.vendor_papers == "ignore":
        return match
    variances = [
        replace(one, state="open") if more and one.code in _UNITS_AT_STAKE else one
        for one in match.variances
    ]
    reasons = dict.fromkeys((*match.verdict.reasons, conflict.explanation))
    verdict = replace(match.verdict, verdict="needs_review", reasons=tuple(reasons))
    return LineMatch(verdict, (*variances, conflict))


def _mixed_up(match: LineMatch, best: Statement, standing: Standing) -> bool:
    """Whether units explain the difference: then the conflict is about them, not about goods."""
    if any(one.code in ("PRICE_BASIS_SUSPECT", "UOM_UNRESOLVED") for one in match.variances):
        return True
    ratio = best.quantity / (standing.received or Fraction(1))
    packs = [Fraction(one) for one in standing.line.pack_factors.values() if one != 1]
    packs += [1 / pack for pack in packs]
    return any(abs(ratio / pack - 1) <= _NEAR for pack in packs)


def _conflict(
    match: LineMatch, standing: Standing, best: Statement, data: OrderData, context: Context
) -> Variance:
    """Both numbers with what each would leave unpaid."""
    received, told = standing.received or Fraction(0), best.quantity
    billed = Fraction(match.verdict.billed or 0)
    nearest = min(received_sums(data, standing), key=lambda one: abs(told - one))
    room = [one - standing.billed_before for one in (received, received + told - nearest)]
    unpaid = sorted(max(Fraction(0), min(billed, billed - one)) for one in room)
    names, unit = " and ".join(best.titles), standing.units.name or "units"
    noted = f" ({'; '.join(best.noted)} noted)" if best.noted else ""
    shown = quantity_text(told), quantity_text(nearest)
    says = f"The {names} says {shown[0]} {unit}{noted}, the receipts say {shown[1]}"
    amounts = None
    if standing.price is not None:
        low, high = (to_decimal(units * standing.price) for units in unpaid)
        amounts = (low, high)
        money = [str(rounded(one, context.currency)) for one in amounts]
        span = f"between {money[0]} and {money[1]}" if low != high else money[0]
        says += f"; {span} {context.currency or ''} depends on which is right"
    receipts = tuple(replace(place, role="supports") for place in standing.evidence)
    return Variance(
        code="EVIDENCE_CONFLICT",
        state="open",
        quantity=to_decimal(abs(told - nearest)),
        amount=None,
        currency=context.currency,
        formula=f"{shown[0]} ≠ {shown[1]}",
        explanation=f"{says}.",
        action="Compare the two and find out how many came; claim nothing on these units before.",
        confidence=best.confidence,
        evidence=(*best.evidence("contradicts" if told > nearest else "supports"), *receipts),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
        amount_range=amounts,
    )


def wanted_proof(data: OrderData, claims: Sequence[Claim]) -> tuple[str, ...]:
    """The papers that have to be there: those the order requires, else what a claim asks for.

    By its freight terms: the buyer's carrier signs the bill of lading of a collect shipment, the
    vendor's carrier brings a signed proof of delivery of a prepaid one.
    """
    if data.order.required_documents:
        return data.order.required_documents
    return (proof_by_terms(data),) if claims else ()


def proof_by_terms(data: OrderData) -> str:
    """The paper that proves a delivery under the order's freight terms."""
    return "bill_of_lading" if data.order.freight_terms == "collect" else "proof_of_delivery"


def missing_papers(
    documents: Sequence[ExtractedDocument],
    data: OrderData,
    claims: Sequence[Claim],
    context: Context,
) -> list[Variance]:
    """EVIDENCE_MISSING for each paper that has to be there and is not, once goods have come."""
    came = any(event.quantity_received > 0 for one in data.receipts for event in one.lines)
    have = {str(document.document_type.value) for document in documents}
    found = []
    for kind in wanted_proof(data, claims) if came or claims else ():
        # Either list of the vendor's says what was packed.
        others = {"packing_slip", "delivery_note"} if kind == "packing_slip" else {kind}
        if not have & others:
            found.append(_missing(kind, data, context))
    return found


def _missing(kind: str, data: OrderData, context: Context) -> Variance:
    paper, terms = PAPER_NAMES[kind], data.order.freight_terms
    why = "" if terms == "unknown" else f", as freight is {terms.replace('_', ' ')},"
    if data.order.required_documents:
        why = " by the order"
    order = Evidence(data.order.po_number, "required_documents", kind, 1.0)
    return Variance(
        code="EVIDENCE_MISSING",
        state="open",
        quantity=None,
        amount=None,
        currency=context.currency,
        formula=f"no {paper}",
        explanation=f"A {paper} is required{why} and is not among the papers.",
        action=f"Ask the vendor for the {paper} of this shipment.",
        confidence=1.0,
        evidence=(order,),
    )
