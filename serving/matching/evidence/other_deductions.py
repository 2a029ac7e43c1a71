"""Deductions that no count of units settles, answered by what the records find now.

What the checks find and would claim for that reason stands; what is beyond it is repaid. Where a
finding is open, or the records say nothing about what was deducted, a person has to look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.order_records import PurchaseOrder
from serving.matching.evidence.settlement import Decision, Settlement, doubted_status
from serving.matching.findings.arithmetic import AMOUNT_SLACK, rounded, to_decimal
from serving.matching.findings.records import Evidence, Finding, LineCheck
from serving.matching.ledger.deductions import Deduction, Reason
from serving.matching.pairing.article_names import normalise_code
from serving.matching.rules.context import Context
from serving.matching.rules.decide import is_claimable

SETTLED_REASONS: frozenset[Reason] = frozenset(
    {
        *("price", "freight", "damage", "return", "duplicate", "item", "tax", "sum", "advance"),
        "other",
    }
)
# Reasons for which records that find nothing say that nothing is owed.
_FOUND: Mapping[Reason, str] = {
    "price": "Order and invoice agree on the price.",
    "freight": "No more is billed for freight and charges than was agreed.",
    "duplicate": "What the invoice bills was not billed before.",
    "item": "Every article that is billed was ordered.",
    "tax": "The tax is what the amounts and the agreed rate give.",
    "sum": "The sums of the invoice agree.",
}


@dataclass(frozen=True, slots=True)
class Records:
    """Findings of the checks, in the money of the invoices, of which `numbers` are by document id.

    `findings` are those on no line: on charges and on whole invoices. `paid` are the numbers of
    invoices that were paid in full before.
    """

    lines: Sequence[LineCheck]
    findings: Sequence[Finding]
    order: PurchaseOrder
    numbers: Mapping[str, str]
    paid: frozenset[str] = frozenset()

    def lines_of(self, deduction: Deduction) -> list[LineCheck]:
        """Return the checks of the lines of its invoice that a deduction may be about."""
        claim = deduction.claim
        return [
            check
            for check in self.lines
            if claim.line in (None, check.facts.po_line_number)
            and self._is_on(deduction, [check.facts.document_id])
        ]

    def findings_of(self, deduction: Deduction) -> list[Finding]:
        """Return the findings that a deduction was taken for; of an unknown reason all of them."""
        findings = [
            *(finding for check in self.lines_of(deduction) for finding in check.findings),
            *self.findings,
        ]
        return [
            finding
            for finding in findings
            if (deduction.reason == "other" or deduction.is_about(finding.code))
            and self._is_on(deduction, [place.document_id for place in finding.evidence])
        ]

    def _is_on(self, deduction: Deduction, documents: Sequence[str | None]) -> bool:
        """Return whether one of the documents is the deduction's invoice, or none is an invoice."""
        numbers = {self.numbers.get(name or "") for name in documents} - {None}
        return not numbers or normalise_code(deduction.claim.invoice_id) in numbers


def settle_others(
    deductions: Sequence[Deduction], records: Records, contexts: Mapping[str, Context]
) -> tuple[Settlement, ...]:
    """Settle the open ones of these deductions; money that one of them takes is taken once.

    `contexts` are by the number of the invoice: their currency is the invoice's.
    """
    taken_first = sorted(deductions, key=lambda deduction: deduction.stage == "open")
    used: dict[tuple[str, Reason, str | None], Fraction] = {}
    settlements = []
    for deduction in taken_first:
        claim = deduction.claim
        number = normalise_code(claim.invoice_id)
        places = [(number, deduction.reason, line) for line in {None, claim.line}]
        before = sum((used.get(place, Fraction(0)) for place in places), Fraction(0))
        if claim.line is None:
            before = sum(
                (
                    money
                    for (invoice, reason, _), money in used.items()
                    if (invoice, reason) == (number, deduction.reason)
                ),
                Fraction(0),
            )
        stands = deduction.money or Fraction(0)
        if deduction.stage == "open":
            context = contexts[number]
            settlement = doubted_status(claim, context) or _settle(
                deduction, before, records, context
            )
            settlements.append(settlement)
            stands = settlement.stands or Fraction(0)
        place = number, deduction.reason, claim.line
        used[place] = used.get(place, Fraction(0)) + stands
    return tuple(settlements)


def _settle(
    deduction: Deduction, before: Fraction, records: Records, context: Context
) -> Settlement:
    """Settle one deduction; others for the same reason took the money `before`."""
    claim, claimed = deduction.claim, deduction.money
    lines, related = records.lines_of(deduction), records.findings_of(deduction)
    claimable = [finding for finding in related if finding.nature != "fact"]
    doubts = _doubts(deduction, lines, claimable, records.order, context)
    is_copy = deduction.reason == "duplicate" and normalise_code(claim.invoice_id) in records.paid
    if is_copy and not claimable:
        doubts.append(f"invoice {claim.invoice_id} was paid before: did it come once or twice?")
    names = {check.facts.description for check in lines}
    description = names.pop() if claim.line is not None and len(names) == 1 else None
    asks = Settlement(
        claim, "needs_analyst", tuple(doubts), description, currency=context.currency,
        evidence=_evidence(lines, claimable),
    )  # fmt: skip
    if claimed is None:
        sentence = f"claim {claim.claim_id} does not state how much money it is for"
        return replace(asks, reasons=(sentence,))
    if doubts:
        return asks
    owed = sum((Fraction(finding.amount or 0) for finding in claimable), Fraction(0)) - before
    stands = min(claimed, max(Fraction(0), owed))
    if abs(claimed - owed) <= AMOUNT_SLACK:
        stands = claimed
    if deduction.reason == "other" and stands != claimed:
        sentence = f"the records do not say what claim {claim.claim_id} ({claim.kind}) is for"
        return replace(asks, reasons=(sentence,))
    return replace(
        asks,
        decision=_decision(claimed, stands),
        reasons=_reasons(deduction, claimable, claimed - stands, context),
        formula=_formula(claimed, stands, context),
        money=(claimed - stands, stands),
        codes=tuple(dict.fromkeys(finding.code for finding in claimable)) if stands else (),
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
    reason, name = deduction.reason, deduction.claim.claim_id
    if not lines and reason in ("price", "damage", "return"):
        return [f"the line of claim {name} is not billed here"]
    doubts = [doubt.sentence for check in lines for doubt in check.doubts]
    doubts += [
        finding.explanation for finding in claimable if not is_claimable(finding, context.policy)
    ]
    if claimable:
        return list(dict.fromkeys(doubts))
    if reason not in _FOUND:
        # What the dock saw may not have been booked.
        doubts.append(f"no record says what claim {name} was taken for")
    if reason == "freight" and not _plans_charges(order):
        doubts.append("the order does not state what freight was agreed")
    if reason == "tax" and order.tax_rate is None and not order.tax_exempt:
        doubts.append("the order does not state the rate of the tax")
    return list(dict.fromkeys(doubts))


def _plans_charges(order: PurchaseOrder) -> bool:
    planned = (order.planned_freight, *(line.planned_freight for line in order.lines))
    charges = [*order.planned_charges]
    charges += [charge for line in order.lines for charge in line.planned_charges]
    return bool(charges) or any(freight is not None for freight in planned)


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
