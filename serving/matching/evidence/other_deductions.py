"""Deductions for prices, freight, damage and returns, settled by what the records find now.

What the checks find and would claim on that line stands; what is beyond it is repaid. Where a
finding is open, or the records say nothing about what was deducted, a person has to look.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from data.order_records import PurchaseOrder
from serving.matching.evidence.settlement import Decision, Settlement
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import Evidence, Finding, LineCheck
from serving.matching.ledger.deductions import Deduction, Reason
from serving.matching.rules.context import Context
from serving.matching.rules.decide import is_claimable

SETTLED_REASONS: frozenset[Reason] = frozenset({"price", "freight", "damage", "return"})
_FOUND = {
    "price": "Order and invoice agree on the price.",
    "freight": "No more freight is billed than was agreed.",
}


def settle_other(
    deduction: Deduction,
    checks: Sequence[LineCheck],
    findings: Sequence[Finding],
    order: PurchaseOrder,
    context: Context,
) -> Settlement:
    """Settle one deduction of `SETTLED_REASONS` by the checks of the lines that it may be about.

    `findings` are those on no line, such as freight.
    """
    claim, claimed = deduction.claim, deduction.money
    lines = [check for check in checks if claim.line in (None, check.facts.po_line_number)]
    related = [finding for check in lines for finding in check.findings]
    related = [finding for finding in (*related, *findings) if deduction.is_about(finding.code)]
    claimable = [finding for finding in related if finding.nature != "fact"]
    doubts = _doubts(deduction, lines, claimable, order, context)
    names = {check.facts.description for check in lines}
    description = names.pop() if claim.line is not None and len(names) == 1 else None
    evidence = _evidence(lines, claimable)
    if claimed is None:
        doubts = [f"claim {claim.claim_id} does not state how much money it is for"]
    if doubts or claimed is None:
        return Settlement(
            claim, "needs_analyst", tuple(doubts), description, currency=context.currency,
            evidence=evidence,
        )  # fmt: skip
    owed = sum((Fraction(finding.amount or 0) for finding in claimable), Fraction(0))
    stands = min(claimed, max(Fraction(0), owed))
    return Settlement(
        claim,
        _decision(claimed, stands),
        _reasons(deduction, claimable, claimed - stands, context),
        description,
        currency=context.currency,
        formula=_formula(claimed, stands, context),
        evidence=evidence,
        money=(claimed - stands, stands),
    )


def _decision(claimed: Fraction, stands: Fraction) -> Decision:
    if stands == claimed:
        return "uphold"
    return "partly_repay" if stands else "repay"


def _doubts(
    deduction: Deduction,
    lines: Sequence[LineCheck],
    claimable: Sequence[Finding],
    order: PurchaseOrder,
    context: Context,
) -> list[str]:
    """Return why a person has to look, none where the records settle it."""
    if not lines and deduction.reason != "freight":
        return [f"the line of claim {deduction.claim.claim_id} is not billed here"]
    doubts = [doubt.sentence for check in lines for doubt in check.doubts]
    doubts += [
        finding.explanation for finding in claimable if not is_claimable(finding, context.policy)
    ]
    if deduction.reason in ("damage", "return") and not claimable:
        # What the dock saw may not have been booked.
        doubts.append(f"no receipt records what claim {deduction.claim.claim_id} was taken for")
    if deduction.reason == "freight" and not claimable and not _plans_freight(order):
        doubts.append("the order does not state what freight was agreed")
    return list(dict.fromkeys(doubts))


def _plans_freight(order: PurchaseOrder) -> bool:
    planned = (order.planned_freight, *(line.planned_freight for line in order.lines))
    charges = [*order.planned_charges]
    charges += [charge for line in order.lines for charge in line.planned_charges]
    is_charged = any(charge.kind == "freight" for charge in charges)
    return is_charged or any(freight is not None for freight in planned)


def _reasons(
    deduction: Deduction, claimable: Sequence[Finding], repaid: Fraction, context: Context
) -> tuple[str, ...]:
    texts = [finding.explanation for finding in claimable] or [_FOUND.get(deduction.reason, "")]
    if repaid and claimable:
        shown = rounded(to_decimal(repaid), context.currency)
        texts.append(f"{shown} was deducted beyond that.")
    return tuple(filter(None, texts))


def _formula(claimed: Fraction, stands: Fraction, context: Context) -> str:
    shown: Mapping[str, str] = {
        name: str(rounded(to_decimal(money), context.currency))
        for name, money in (("claimed", claimed), ("stands", stands), ("rest", claimed - stands))
    }
    return f"{shown['claimed']} − {shown['stands']} = {shown['rest']}"


def _evidence(lines: Sequence[LineCheck], claimable: Sequence[Finding]) -> tuple[Evidence, ...]:
    places = [place for finding in claimable for place in finding.evidence]
    if not places:
        places = [
            Evidence(check.facts.document_id, "unit_price", None, 1.0, page=check.facts.page)
            for check in lines
            if check.facts.document_id is not None
        ]
    return tuple(dict.fromkeys(places))
