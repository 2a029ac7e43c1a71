"""Papers against receipts: conflicts shown side by side, and papers that have to be there.

Neither makes a claim: a conflict leaves the units open, with the range of money that depends on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from data.order_records import Claim, OrderData
from data.records import ExtractedDocument
from serving.matching.evidence.delivery_papers import Rank, Statement, beyond
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.records import Evidence, Variance
from serving.matching.line.check import Context, LineMatch
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.tolerances import breaches, tolerance_of

# What a paper is called in a sentence.
PAPER_NAMES: Mapping[str, str] = {
    "bill_of_lading": "bill of lading",
    "delivery_note": "delivery note",
    "packing_slip": "packing slip",
    "proof_of_delivery": "proof of delivery",
}
# Findings that units which came after all would undo, and those of them that are whole rows.
_UNITS_AT_STAKE = frozenset(
    {
        *("QTY_OVER_RECEIPT", "WEIGHT_ERROR", "DUPLICATE_LINE"),
        *("REJECTED_BILLED", "RETURN_NOT_CREDITED"),
    }
)
_WHOLE = frozenset({"WEIGHT_ERROR", "DUPLICATE_LINE"})
# Receipts of a line that make up more sums than this are compared by their sum alone.
_MOST_SUMS = 4096
_NEAR = Fraction(1, 100)


def received_sums(standing: Standing) -> list[Fraction]:
    """Every quantity that one or several receipts of the PO line make up, in its unit.

    A paper may be about some of the deliveries only.
    """
    sums = {Fraction(0)}
    for delivery in standing.deliveries:
        sums |= {total + delivery for total in sums}
        if delivery < 0 or len(sums) > _MOST_SUMS:
            # What a reversal takes back is not known: then only all receipts together say it.
            return [standing.received or Fraction(0)]
    return sorted(sums - {Fraction(0)}) or [Fraction(0)]


def weigh_papers(
    match: LineMatch,
    standing: Standing,
    statements: Sequence[Statement],
    context: Context,
) -> LineMatch:
    """The match with EVIDENCE_CONFLICT where the best paper and the receipts cannot both be right.

    A conflict counts where the smaller number would leave billed units unpaid. Units that came by
    the paper and not by the receipts are open; what is billed beyond both stays claimed.
    """
    received, billed = standing.received, match.verdict.billed
    if not statements or received is None or billed is None:
        return match
    if not received:
        return _arrived(match, standing, statements)
    best = max(statements, key=lambda one: (one.rank, one.quantity))
    sums = received_sums(standing)
    if best.quantity in sums or _mixed_up(match, best, standing):
        return match
    more = beyond(best, sums)
    payable = _payable(standing, context)
    if Fraction(billed) <= min(payable, payable + more):
        return match
    conflict = _conflict(match, standing, best, more, context)
    if best.rank < Rank.CARRIER_SIGNED and context.policy.vendor_papers == "ignore":
        return match
    carried = _carried(match, standing, best, max(Fraction(0), more), context)
    reasons = dict.fromkeys((*carried.verdict.reasons, conflict.explanation))
    verdict = replace(carried.verdict, verdict="needs_review", reasons=tuple(reasons))
    return replace(carried, verdict=verdict, variances=(*carried.variances, conflict))


def _payable(standing: Standing, context: Context) -> Fraction:
    """What may be billed now by the receipts alone."""
    limit = standing.receipt_limit(context.policy.pay_rejected) or Fraction(0)
    return limit - standing.billed_before


def _arrived(match: LineMatch, standing: Standing, statements: Sequence[Statement]) -> LineMatch:
    """The match with what waits for a receipt open, where a paper says that goods arrived."""
    told = [
        one
        for one in statements
        if one.rank >= Rank.CARRIER_SIGNED
        or any(name == "quantity_received" for _, name, _ in one.places)
    ]
    waiting = any(one.code == "QTY_NO_RECEIPT" for one in match.variances)
    if not told or not told[0].quantity or not waiting:
        return match
    unit = standing.units.name or "units"
    said = (
        f"The {' and '.join(told[0].titles)} says that {quantity_text(told[0].quantity)} {unit} "
        "arrived, and no receipt does."
    )
    opened = (
        replace(one, state="open") if one.code == "QTY_NO_RECEIPT" else one
        for one in match.variances
    )
    verdict = replace(match.verdict, verdict="needs_review", reasons=(*match.verdict.reasons, said))
    return replace(match, verdict=verdict, variances=tuple(opened))


def _carried(
    match: LineMatch, standing: Standing, best: Statement, more: Fraction, context: Context
) -> LineMatch:
    """The match with `more` units open that came by the paper; each unit is taken off once."""
    found: list[Variance] = []
    told: dict[str, str] = {}
    # Where a claim holds the units already, none of them is claimed anew.
    sure = not best.doubts and best.confidence >= context.policy.review_confidence
    sure = sure and not standing.claims
    for one in match.variances:
        units = Fraction(one.quantity or 0)
        if not more or one.state == "information" or one.code not in _UNITS_AT_STAKE:
            found.append(one)
            continue
        taken = min(more, units)
        rest = _beyond_both(one, taken, standing, best, context) if sure else None
        if rest is None:
            found.append(replace(one, state="open"))
        else:
            found += [rest, _between(one, taken, best, context)]
            told[one.explanation] = rest.explanation
        more -= taken
    reasons = tuple(told.get(reason, reason) for reason in match.verdict.reasons)
    verdict = replace(match.verdict, reasons=reasons)
    return replace(match, verdict=verdict, variances=tuple(found))


def _beyond_both(
    one: Variance, taken: Fraction, standing: Standing, best: Statement, context: Context
) -> Variance | None:
    """What is left of a claim if the paper is right; None where that is nothing to claim."""
    units = Fraction(one.quantity or 0)
    rest = units - taken
    if one.state != "claim" or one.amount is None or one.code in _WHOLE or rest <= 0:
        return None
    line, price = standing.line, Fraction(one.amount) / units
    codes = (line.product_code, line.vendor_item_id, line.buyer_item_id, line.gtin)
    rows = context.policy.tolerance_rows()
    row = tolerance_of(rows, "QTY_OVER_RECEIPT", context.vendor, codes, line.category)
    payable = _payable(standing, context) + taken
    if not breaches(row, rest * price, payable * price):
        return None
    unit = standing.units.name or "units"
    said = (
        f"{one.explanation} By the {' and '.join(best.titles)} {quantity_text(taken)} {unit} of "
        f"them came; {quantity_text(rest)} did not by either."
    )
    return replace(
        _part(one, rest, price),
        formula=f"({quantity_text(units)} − {quantity_text(taken)}) × {price_text(price)} = "
        f"{rounded(to_decimal(rest * price), context.currency)}",
        explanation=said,
    )


def _between(one: Variance, taken: Fraction, best: Statement, context: Context) -> Variance:
    """The units of a claim that came by the paper and not by the receipts."""
    price = Fraction(one.amount or 0) / Fraction(one.quantity or 1)
    money = rounded(to_decimal(taken * price), context.currency)
    return replace(
        _part(one, taken, price),
        state="open",
        formula=f"{quantity_text(taken)} × {price_text(price)} = {money}",
        explanation=(
            f"{quantity_text(taken)} {one.unit or 'units'} are billed that came by the "
            f"{' and '.join(best.titles)} and not by the receipts."
        ),
    )


def _part(one: Variance, units: Fraction, price: Fraction) -> Variance:
    return replace(one, quantity=to_decimal(units), amount=to_decimal(units * price))


def _mixed_up(match: LineMatch, best: Statement, standing: Standing) -> bool:
    """Whether units explain the difference: then the conflict is about them, not about goods."""
    if any(one.code in ("PRICE_BASIS_SUSPECT", "UOM_UNRESOLVED") for one in match.variances):
        return True
    ratio = best.quantity / (standing.received or Fraction(1))
    packs = [Fraction(one) for one in standing.line.pack_factors.values() if one != 1]
    packs += [1 / pack for pack in packs]
    return any(abs(ratio / pack - 1) <= _NEAR for pack in packs)


def _conflict(
    match: LineMatch, standing: Standing, best: Statement, more: Fraction, context: Context
) -> Variance:
    """Both numbers with what each would leave unpaid."""
    told = best.quantity
    billed = Fraction(match.verdict.billed or 0)
    nearest = told - more
    payable = _payable(standing, context)
    room = [payable, payable + more]
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
