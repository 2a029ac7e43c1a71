"""Findings against the deduction ledger: nothing that was deducted or repaid is claimed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from serving.matching.findings.arithmetic import AMOUNT_SLACK, rounded, to_decimal
from serving.matching.findings.records import Doubt, Finding, LineCheck
from serving.matching.ledger.deductions import Deduction, DeductionLedger

_DONE = {"open": "holds back", "taken": "took", "repaid": "was about, and was repaid for,"}


@dataclass(frozen=True, slots=True)
class Deducted:
    """Deductions made before: the ledger, and the invoice numbers by document id.

    What is `settled` by a count of units in this verdict, by claim id, is left to its settlement.
    """

    ledger: DeductionLedger
    numbers: Mapping[str, str]
    settled: frozenset[str]

    def taken_off(
        self, checks: Sequence[LineCheck], groups: Sequence[Sequence[Finding]]
    ) -> tuple[list[LineCheck], list[tuple[Finding, ...]]]:
        """Return line checks and groups of findings less what was deducted for them before.

        Each deduction counts once over all of them.
        """
        lists = [*(check.findings for check in checks), *groups]
        if not self.ledger.by_invoice:
            return list(checks), [tuple(group) for group in groups]
        whole = self._less([finding for findings in lists for finding in findings])
        parts, start = list[tuple[Finding, ...]](), 0
        for findings in lists:
            parts.append(tuple(whole[start : start + len(findings)]))
            start += len(findings)
        rest = [
            replace(check, findings=findings)
            for check, findings in zip(checks, parts, strict=False)
        ]
        return rest, parts[len(checks) :]

    def _less(self, findings: Sequence[Finding]) -> list[Finding]:
        before = [self._before(finding) for finding in findings]
        left: dict[str, Fraction] = {}
        held = [Fraction(0) for _ in findings]
        names: list[list[Deduction]] = [[] for _ in findings]
        # What was deducted by the same name and in the same amount first: the rest may be what is
        # missing by another name.
        for is_same, is_exact in ((True, True), (True, False), (False, True), (False, False)):
            for place, finding in enumerate(findings):
                amount = Fraction(finding.amount or 0)
                for deduction in before[place]:
                    name = deduction.claim.claim_id
                    known = left.get(name, _worth(deduction, finding, amount))
                    open_money = amount - held[place]
                    if is_same and not deduction.is_about(finding.code):
                        continue
                    if is_exact and abs(known - open_money) > AMOUNT_SLACK:
                        continue
                    used = min(known, open_money)
                    if used <= 0:
                        continue
                    held[place], left[name] = held[place] + used, known - used
                    names[place].append(deduction)
        return [
            _told(finding, names[place], held[place]) if held[place] else finding
            for place, finding in enumerate(findings)
        ]

    def _before(self, finding: Finding) -> list[Deduction]:
        """Return the deductions that may have been taken for a finding already."""
        places = (self.numbers.get(place.document_id) for place in finding.evidence)
        number = next((name for name in places if name is not None), None)
        if number is None or finding.nature == "fact" or (finding.amount or 0) <= 0:
            return []
        return [
            deduction
            for deduction in self.ledger.on_line(number, finding.po_line_number)
            if deduction.may_be_about(finding.code) and deduction.claim.claim_id not in self.settled
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
    names = ", ".join(dict.fromkeys(deduction.claim.claim_id for deduction in before))
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
