"""Findings against the deduction ledger: nothing that was deducted or repaid is claimed again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from serving.matching.findings.arithmetic import AMOUNT_SLACK, rounded, to_decimal
from serving.matching.findings.records import Doubt, Finding
from serving.matching.ledger.deductions import Deduction, DeductionLedger

_DONE = {"open": "holds back", "taken": "took", "repaid": "was about, and was repaid for,"}


def without_deducted(
    findings: Sequence[Finding],
    ledger: DeductionLedger,
    numbers: Mapping[str, str],
    settled: frozenset[str],
) -> tuple[Finding, ...]:
    """Return the findings of a line, or of an invoice, less what was deducted for them before.

    `numbers` are the invoice numbers by document id. What is `settled` in this verdict, by claim
    id, is left to its settlement.
    """
    if not ledger.by_invoice:
        return tuple(findings)
    before = [_deductions_before(finding, ledger, numbers, settled) for finding in findings]
    left: dict[str, Fraction] = {}
    held = [Fraction(0) for _ in findings]
    # What was deducted by the same name first: the rest may be what is missing by another one.
    for is_same in (True, False):
        for place, finding in enumerate(findings):
            amount = Fraction(finding.amount or 0)
            for deduction in before[place]:
                if is_same and not deduction.is_about(finding.code):
                    continue
                name = deduction.claim.claim_id
                known = left.get(name, _worth(deduction, finding, amount))
                used = min(known, amount - held[place])
                held[place], left[name] = held[place] + used, known - used
    return tuple(
        _told(finding, before[place], held[place]) if held[place] else finding
        for place, finding in enumerate(findings)
    )


def _deductions_before(
    finding: Finding,
    ledger: DeductionLedger,
    numbers: Mapping[str, str],
    settled: frozenset[str],
) -> list[Deduction]:
    """Return the deductions that may have been taken for a finding already."""
    places = (numbers.get(place.document_id) for place in finding.evidence)
    number = next((name for name in places if name is not None), None)
    if number is None or finding.nature == "fact" or (finding.amount or 0) <= 0:
        return []
    return [
        deduction
        for deduction in ledger.on_line(number, finding.po_line_number)
        if deduction.may_be_about(finding.code) and deduction.claim.claim_id not in settled
    ]


def _worth(deduction: Deduction, finding: Finding, amount: Fraction) -> Fraction:
    """Return the money of a deduction: its amount, its units at the finding's price, else all."""
    if deduction.money is not None:
        return deduction.money
    units, counted = deduction.claim.quantity, finding.quantity
    if units is None or not counted:
        return amount
    return abs(Fraction(units)) * amount / abs(Fraction(counted))


def _told(finding: Finding, before: Sequence[Deduction], held: Fraction) -> Finding:
    """Return the finding as a fact where all of it was deducted, else what is left as a doubt."""
    names = ", ".join(deduction.claim.claim_id for deduction in before)
    done = _DONE[before[0].stage]
    currency, money = finding.currency, to_decimal(held)
    shown = rounded(money, currency)
    sentence = f"{finding.explanation} Claim {names} {done} {shown} of it."
    rest = (finding.amount or Decimal(0)) - money
    if rest <= to_decimal(AMOUNT_SLACK):
        return replace(
            finding,
            nature="fact",
            explanation=sentence,
            action=f"Take nothing more: claim {names} is about this.",
        )
    doubt = Doubt("claimed", f"claim {names} was made before, for a part of it")
    less = replace(
        finding,
        amount=rest,
        formula=f"{finding.formula}; − {shown} = {rounded(rest, currency)}",
        explanation=sentence,
        action=f"Find out what claim {names} left open.",
    )
    return less.doubted([doubt])
