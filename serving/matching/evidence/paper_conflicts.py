"""Papers against receipts: conflicts shown side by side, and papers that have to be there.

Neither makes a claim: a conflict leaves the units open, with the range of money that depends on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from data.order_records import Claim, OrderData
from data.records import ExtractedDocument
from serving.matching.evidence.delivery_papers import Rank, Statement, units_beyond
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.records import Doubt, Evidence, Finding, LineCheck
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.context import Context, item_codes
from serving.matching.rules.decide import is_claimable
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
    check: LineCheck,
    order_line: Standing,
    statements: Sequence[Statement],
    context: Context,
) -> LineCheck:
    """The check with EVIDENCE_CONFLICT where the best paper and the receipts cannot both be right.

    A conflict counts where the smaller number would leave billed units unpaid. Units that came by
    the paper and not by the receipts are doubted; what is billed beyond both may stay claimed.
    """
    received, billed = order_line.received, check.facts.billed
    if not statements or received is None or billed is None:
        return check
    if not received:
        return _arrived(check, order_line, statements)
    best = max(statements, key=lambda statement: (statement.rank, statement.quantity))
    sums = received_sums(order_line)
    if best.quantity in sums or _mixed_up(check, best, order_line):
        return check
    more = units_beyond(best, sums)
    payable = _payable(order_line, context)
    if Fraction(billed) <= min(payable, payable + more):
        return check
    if best.rank < Rank.CARRIER_SIGNED and context.policy.vendor_papers == "ignore":
        return check
    conflict = _conflict(check, order_line, best, more, context)
    findings = _weighed(check, order_line, best, max(Fraction(0), more), context)
    return replace(check, findings=(*findings, conflict))


def _payable(standing: Standing, context: Context) -> Fraction:
    """The units that the receipts alone leave to bill."""
    limit = standing.receipt_limit(context.policy.pay_rejected) or Fraction(0)
    return limit - standing.billed_before


def _arrived(check: LineCheck, order_line: Standing, statements: Sequence[Statement]) -> LineCheck:
    """The check with what waits for a receipt in doubt, where a paper shows that goods arrived."""
    arrivals = [
        statement
        for statement in statements
        if statement.rank >= Rank.CARRIER_SIGNED
        or any(name == "quantity_received" for _, name, _ in statement.places)
    ]
    if not arrivals or not arrivals[0].quantity:
        return check
    paper, units = " and ".join(arrivals[0].titles), quantity_text(arrivals[0].quantity)
    unit = order_line.units.name or "units"
    doubt = Doubt("paper", f"The {paper} says that {units} {unit} arrived, and no receipt does.")
    findings = tuple(
        finding.doubted([doubt]) if finding.code == "QTY_NO_RECEIPT" else finding
        for finding in check.findings
    )
    return replace(check, findings=findings)


def _weighed(
    check: LineCheck, order_line: Standing, best: Statement, more: Fraction, context: Context
) -> list[Finding]:
    """The findings with `more` units in doubt that came by the paper, each unit once."""
    findings: list[Finding] = []
    # Where a claim holds the units already, none of them is claimed anew.
    is_sure = not best.doubts and best.confidence >= context.policy.review_confidence
    is_sure = is_sure and not order_line.claims
    for finding in check.findings:
        units = Fraction(finding.quantity or 0)
        tolerated = finding.tolerated_by is not None
        if not more or tolerated or finding.nature == "fact" or finding.code not in _UNITS_AT_STAKE:
            findings.append(finding)
            continue
        undone = min(more, units)
        rest = _beyond_both(finding, undone, order_line, best, context) if is_sure else None
        if rest is None:
            findings.append(finding.doubted([_came_by(best, undone, order_line)]))
        else:
            findings += [rest, _between(finding, undone, best, context)]
        more -= undone
    return findings


def _came_by(best: Statement, units: Fraction, order_line: Standing) -> Doubt:
    paper, unit = " and ".join(best.titles), order_line.units.name or "units"
    shown = quantity_text(units)
    return Doubt("paper", f"{shown} {unit} of the disputed units came by the {paper}")


def _beyond_both(
    finding: Finding, undone: Fraction, order_line: Standing, best: Statement, context: Context
) -> Finding | None:
    """The part of a claim that is left if the paper is right; None where nothing is."""
    units = Fraction(finding.quantity or 0)
    rest = units - undone
    is_claim = is_claimable(finding, context.policy)
    if not is_claim or finding.amount is None or finding.code in _WHOLE or rest <= 0:
        return None
    line, price = order_line.line, Fraction(finding.amount) / units
    rows = context.policy.tolerance_rows()
    row = tolerance_of(rows, "QTY_OVER_RECEIPT", context.vendor, item_codes(line), line.category)
    payable = _payable(order_line, context) + undone
    if not breaches(row, rest * price, payable * price):
        return None
    unit = order_line.units.name or "units"
    sentence = (
        f"{finding.explanation} By the {' and '.join(best.titles)} {quantity_text(undone)} {unit} "
        f"of them came; {quantity_text(rest)} did not by either."
    )
    return replace(
        _part(finding, rest, price),
        formula=f"({quantity_text(units)} − {quantity_text(undone)}) × {price_text(price)} = "
        f"{rounded(to_decimal(rest * price), context.currency)}",
        explanation=sentence,
    )


def _between(finding: Finding, undone: Fraction, best: Statement, context: Context) -> Finding:
    """The units of a claim that came by the paper and not by the receipts."""
    price = Fraction(finding.amount or 0) / Fraction(finding.quantity or 1)
    money = rounded(to_decimal(undone * price), context.currency)
    return replace(
        _part(finding, undone, price),
        nature="question",
        formula=f"{quantity_text(undone)} × {price_text(price)} = {money}",
        explanation=(
            f"{quantity_text(undone)} {finding.unit or 'units'} are billed that came by the "
            f"{' and '.join(best.titles)} and not by the receipts."
        ),
    )


def _part(finding: Finding, units: Fraction, price: Fraction) -> Finding:
    return replace(finding, quantity=to_decimal(units), amount=to_decimal(units * price))


def _mixed_up(check: LineCheck, best: Statement, standing: Standing) -> bool:
    """Return whether units explain the difference: then it is about them, not about goods."""
    about_units = ("PRICE_BASIS_SUSPECT", "UOM_UNRESOLVED")
    if any(finding.code in about_units for finding in check.findings):
        return True
    ratio = best.quantity / (standing.received or Fraction(1))
    packs = [Fraction(factor) for factor in standing.line.pack_factors.values() if factor != 1]
    packs += [1 / pack for pack in packs]
    return any(abs(ratio / pack - 1) <= _NEAR for pack in packs)


def _conflict(
    check: LineCheck, standing: Standing, best: Statement, more: Fraction, context: Context
) -> Finding:
    """Both numbers with what each would leave unpaid."""
    on_paper = best.quantity
    billed = Fraction(check.facts.billed or 0)
    nearest = on_paper - more
    payable = _payable(standing, context)
    room = [payable, payable + more]
    unpaid = sorted(max(Fraction(0), min(billed, billed - limit)) for limit in room)
    names, unit = " and ".join(best.titles), standing.units.name or "units"
    noted = f" ({'; '.join(best.remarks)} noted)" if best.remarks else ""
    shown = quantity_text(on_paper), quantity_text(nearest)
    says = f"The {names} says {shown[0]} {unit}{noted}, the receipts say {shown[1]}"
    amounts = None
    if standing.price is not None:
        low, high = (to_decimal(units * standing.price) for units in unpaid)
        amounts = (low, high)
        money = [str(rounded(amount, context.currency)) for amount in amounts]
        span = f"between {money[0]} and {money[1]}" if low != high else money[0]
        says += f"; {span} {context.currency or ''} depends on which is right"
    receipts = tuple(replace(place, role="supports") for place in standing.evidence)
    return Finding(
        code="EVIDENCE_CONFLICT",
        nature="question",
        quantity=to_decimal(abs(on_paper - nearest)),
        amount=None,
        currency=context.currency,
        formula=f"{shown[0]} ≠ {shown[1]}",
        explanation=f"{says}.",
        action="Compare the two and find out how many came; claim nothing on these units before.",
        confidence=best.confidence,
        evidence=(*best.evidence("contradicts" if on_paper > nearest else "supports"), *receipts),
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
) -> list[Finding]:
    """EVIDENCE_MISSING for each paper that has to be there and is not, once goods have come."""
    came = any(event.quantity_received > 0 for receipt in data.receipts for event in receipt.lines)
    have = {str(document.document_type.value) for document in documents}
    findings = []
    for kind in wanted_proof(data, claims) if came or claims else ():
        # Either list of the vendor's says what was packed.
        others = {"packing_slip", "delivery_note"} if kind == "packing_slip" else {kind}
        if not have & others:
            findings.append(_missing(kind, data, context))
    return findings


def _missing(kind: str, data: OrderData, context: Context) -> Finding:
    paper, terms = PAPER_NAMES[kind], data.order.freight_terms
    why = "" if terms == "unknown" else f", as freight is {terms.replace('_', ' ')},"
    if data.order.required_documents:
        why = " by the order"
    order = Evidence(data.order.po_number, "required_documents", kind, 1.0)
    return Finding(
        code="EVIDENCE_MISSING",
        nature="question",
        quantity=None,
        amount=None,
        currency=context.currency,
        formula=f"no {paper}",
        explanation=f"A {paper} is required{why} and is not among the papers.",
        action=f"Ask the vendor for the {paper} of this shipment.",
        confidence=1.0,
        evidence=(order,),
    )
