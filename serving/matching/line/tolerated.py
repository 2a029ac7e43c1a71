"""What the policy lets pass once a finding is known: tolerances by code and category, and waiting.

`match_line` knows kinds of differences and the line's item. Rows that are for one code or one
category of goods are applied here, finding by finding, with the same meaning.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from data.order_records import OrderLine
from data.records import Field
from serving.matching.findings.records import Status, Variance, worst
from serving.matching.line.check import Context, LineMatch
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.tolerances import (
    KIND_OF_CODE,
    Tolerance,
    breaches,
    breaches_cumulatively,
    fitting_rows,
    is_narrowed,
    tolerance_of,
)

_STATUS_OF_STATE: Mapping[str, Status] = {
    "claim": "discrepancy",
    "pending": "pending_receipt",
    "open": "needs_review",
    "information": "matched",
}


def item_codes(line: OrderLine) -> tuple[str | None, ...]:
    """Every code by which a tolerance may name the line's item."""
    return line.product_code, line.vendor_item_id, line.buyer_item_id, line.gtin


def let_pass(match: LineMatch, standing: Standing, context: Context) -> LineMatch:
    """The match without findings that rows for their code or category tolerate."""
    rows, line = context.policy.tolerance_rows(), standing.line
    kept: list[Variance] = []
    passed: dict[str, str] = {}
    for one in match.variances:
        kind = KIND_OF_CODE.get(one.code)
        own = [] if kind is None else fitting_rows(rows, kind, context.vendor, item_codes(line))
        if not is_narrowed(own):
            kept.append(one)
            continue
        row = tolerance_of(rows, one.code, context.vendor, item_codes(line), line.category)
        if _breaches(one, row, match, standing, context):
            kept.append(replace(one, tolerance=row.label()))
        else:
            passed[one.explanation] = f"{one.formula} is within tolerance ({row.label()})"
    if not passed:
        return replace(match, variances=tuple(kept))
    reasons = tuple(passed.get(reason, reason) for reason in match.verdict.reasons)
    verdict = replace(match.verdict, verdict=_status(match, kept), reasons=reasons)
    return replace(match, verdict=verdict, variances=tuple(kept))


def _status(match: LineMatch, kept: list[Variance]) -> Status:
    """The line's status without what passed; what needed a person for other reasons still does."""
    if match.verdict.verdict in ("needs_review", "insufficient_evidence"):
        return match.verdict.verdict
    return worst(["within_tolerance", *(_STATUS_OF_STATE[one.state] for one in kept)])


def _breaches(
    one: Variance, row: Tolerance, match: LineMatch, standing: Standing, context: Context
) -> bool:
    """Whether the finding exceeds the row.

    Prices are held against the ordered price, units against what was expected, both in money. Where
    no price is known, units are compared with units.
    """
    quantity = Fraction(one.quantity or 0)
    if row.kind == "price":
        base = (standing.price or Fraction(0)) * abs(quantity)
        return bool(breaches(row, Fraction(one.amount or 0), base))
    price = standing.price if standing.price is not None else Fraction(1)
    difference = Fraction(one.amount) if one.amount is not None else quantity
    if breaches(row, difference, Fraction(match.verdict.expected or 0) * price):
        return True
    limits = [standing.order_limit]
    if context.policy.expect == "receipts":
        limits.append(standing.receipt_limit(context.policy.pay_rejected))
    known = [limit for limit in limits if limit is not None]
    billed = Fraction(match.verdict.billed or 0) + standing.billed_before
    return bool(known) and breaches_cumulatively(row, billed, min(known))


def after_waiting(
    match: LineMatch, invoice_dates: Mapping[str, Field], today: date | None, context: Context
) -> LineMatch:
    """The match with what never arrived claimed, once the waiting days of the policy are over.

    They count from the invoice's date. `invoice_dates` are by document id; a date that was read
    badly lets nothing age.
    """
    days = context.policy.waiting_days
    if days is None or today is None:
        return match
    variances = []
    for one in match.variances:
        leaves = [
            invoice_dates[p.document_id] for p in one.evidence if p.document_id in invoice_dates
        ]
        dates = [leaf.value for leaf in leaves]
        sure = all(leaf.confidence >= context.policy.review_confidence for leaf in leaves)
        known = [day for day in dates if isinstance(day, date)]
        old = bool(known) and len(known) == len(dates) and (today - max(known)).days > days
        if one.state != "pending" or not sure or not old:
            variances.append(one)
            continue
        age = (today - max(known)).days
        said = f"{one.explanation} The invoice is {age} days old, more than {days}."
        action = "Short-pay these units; the vendor may send proof of delivery."
        variances.append(replace(one, state="claim", explanation=said, action=action))
    if tuple(variances) == match.variances:
        return match
    told = {before.explanation: after.explanation for before, after in
            zip(match.variances, variances, strict=True)}  # fmt: skip
    verdict = match.verdict
    status = "discrepancy" if verdict.verdict == "pending_receipt" else verdict.verdict
    reasons = tuple(told.get(reason, reason) for reason in verdict.reasons)
    verdict = replace(verdict, verdict=status, reasons=reasons)
    return replace(match, verdict=verdict, variances=tuple(variances))
