"""Claims bounded by their invoice: together never more than it asks for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from serving.matching.findings.records import Doubt, Finding, LineCheck
from serving.matching.invoice.split_files import Bill
from serving.matching.invoice.sums import slack_of, whole_amount
from serving.matching.rules.decide import is_claimable
from serving.matching.rules.policy import Policy

_LIMIT = Doubt("limit", "the claims would be more than the invoice asks for", "invoice")


@dataclass(frozen=True, slots=True)
class Bounded:
    """The checks of all lines and the findings on none, no invoice claimed on beyond its total."""

    lines: tuple[LineCheck, ...]
    findings: tuple[Finding, ...]


def bound_by_invoice(
    lines: Sequence[LineCheck],
    findings: Sequence[Finding],
    bills: Sequence[Bill],
    policy: Policy,
) -> Bounded:
    """Doubt all claims on an invoice that together are more than it asks for.

    They can be where a number that was printed or sent wrongly is right by its own row alone.
    """
    owners = {part.document_id: bill.document.document_id for bill in bills for part in bill.parts}
    claimed: defaultdict[str, Fraction] = defaultdict(Fraction)
    for finding in (*(finding for check in lines for finding in check.findings), *findings):
        owner = _owner(finding, owners)
        if owner is not None and finding.tolerated_by is None and is_claimable(finding, policy):
            claimed[owner] += Fraction(finding.amount or 0)
    beyond = frozenset(
        bill.document.document_id
        for bill in bills
        if bill.document.document_type.value != "credit_memo"
        and (whole := whole_amount(bill.document)) is not None
        and claimed[bill.document.document_id] > abs(whole) + slack_of(bill.document)
    )
    if not beyond:
        return Bounded(tuple(lines), tuple(findings))

    def doubted(finding: Finding) -> Finding:
        is_beyond = _owner(finding, owners) in beyond and finding.nature != "fact"
        return finding.doubted([_LIMIT]) if is_beyond else finding

    return Bounded(
        tuple(replace(check, findings=tuple(map(doubted, check.findings))) for check in lines),
        tuple(map(doubted, findings)),
    )


def _owner(finding: Finding, owners: dict[str, str]) -> str | None:
    """Return the invoice that a finding is on; None where it is on none."""
    places = (owners.get(place.document_id) for place in finding.evidence)
    return next((name for name in places if name is not None), None)
