"""Tolerances for one code or one category of goods, applied finding by finding.

The checks themselves apply the rows for a kind of difference and the line's item; these narrower
rows need the finding's code first and have the same meaning.
"""

from dataclasses import replace
from fractions import Fraction

from serving.matching.findings.records import Finding, LineCheck, LineFacts
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.context import Context, item_codes
from serving.matching.rules.tolerances import (
    KIND_OF_CODE,
    Tolerance,
    breaches,
    breaches_cumulatively,
    fitting_rows,
    is_narrowed,
    tolerance_of,
)


def measured(check: LineCheck, order_line: Standing, context: Context) -> LineCheck:
    """The check with every finding held against the rows for its code and category, if any."""
    findings = tuple(
        _measured(finding, check.facts, order_line, context) for finding in check.findings
    )
    return replace(check, findings=findings)


def _measured(
    finding: Finding, facts: LineFacts, order_line: Standing, context: Context
) -> Finding:
    rows, line = context.policy.tolerance_rows(), order_line.line
    kind = KIND_OF_CODE.get(finding.code)
    codes = item_codes(line)
    fitting = [] if kind is None else fitting_rows(rows, kind, context.vendor, codes)
    if not is_narrowed(fitting):
        return finding
    row = tolerance_of(rows, finding.code, context.vendor, codes, line.category)
    if _breaches(finding, row, facts, order_line, context):
        return replace(finding, tolerance=row.label())
    return replace(finding, tolerated_by=row.label())


def _breaches(
    finding: Finding, row: Tolerance, facts: LineFacts, order_line: Standing, context: Context
) -> bool:
    """Return whether the finding exceeds the row.

    Prices are held against the ordered price, units against what was expected, both in money. Where
    no price is known, units are compared with units.
    """
    quantity = Fraction(finding.quantity or 0)
    if row.kind == "price":
        base = (order_line.price or Fraction(0)) * abs(quantity)
        return bool(breaches(row, Fraction(finding.amount or 0), base))
    price = order_line.price if order_line.price is not None else Fraction(1)
    difference = Fraction(finding.amount) if finding.amount is not None else quantity
    if breaches(row, difference, Fraction(facts.expected or 0) * price):
        return True
    limits = [order_line.order_limit]
    if context.policy.expect == "receipts":
        limits.append(order_line.receipt_limit(context.policy.pay_rejected))
    known = [limit for limit in limits if limit is not None]
    billed = Fraction(facts.billed or 0) + order_line.billed_before
    return bool(known) and breaches_cumulatively(row, billed, min(known))
