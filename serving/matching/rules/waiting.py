"""Waiting for receipts: billed quantities that become overdue after the policy's days."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from data.records import Field
from serving.matching.findings.records import Finding
from serving.matching.rules.policy import Policy


def aged(
    finding: Finding, invoice_dates: Mapping[str, Field], today: date | None, policy: Policy
) -> Finding:
    """The finding, overdue where the waiting days of the policy are over.

    They count from the invoice's date. `invoice_dates` are by document id; a date that was read
    badly lets nothing age. Without `today` nothing is overdue.
    """
    days = policy.waiting_days
    if finding.nature != "awaits_receipt" or days is None or today is None:
        return finding
    leaves = [
        invoice_dates[place.document_id]
        for place in finding.evidence
        if place.document_id in invoice_dates
    ]
    dates = [leaf.value for leaf in leaves if isinstance(leaf.value, date)]
    is_sure = all(leaf.confidence >= policy.review_confidence for leaf in leaves)
    if not dates or len(dates) != len(leaves) or not is_sure:
        return finding
    age = (today - max(dates)).days
    if age <= days:
        return finding
    return replace(
        finding,
        overdue=True,
        explanation=f"{finding.explanation} The invoice is {age} days old, more than {days}.",
        action="Short-pay these units; the vendor may send proof of delivery.",
    )
