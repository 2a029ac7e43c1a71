"""Findings on rows that move money alone: a corrected price against what was billed too much."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from serving.matching.findings.arithmetic import AMOUNT_SLACK, rounded, to_decimal
from serving.matching.findings.records import Doubt, Evidence, Finding
from serving.matching.line.balance import PRICE_CODES, less
from serving.matching.line.prices import billed_evidence
from serving.matching.line.probability import probability_over
from serving.matching.pairing.corrections import MoneyRows
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.context import Context


def check_money_rows(
    rows: MoneyRows, standing: Standing, context: Context
) -> tuple[list[Finding], list[str]]:
    """Return the findings on corrections of earlier bills, and notes on what they settle."""
    moved, currency = rows.moved, context.currency
    shown = rounded(to_decimal(abs(moved)), currency)
    if rows.beyond is None or rows.beyond_before is None:
        return [], [f"{shown} corrects earlier bills; what they came to is not stated"]
    before = max(Fraction(0), rows.beyond_before)
    if moved < 0 and before + moved > AMOUNT_SLACK:
        return [_still_missing(rows.money, standing, (before, -moved), context)], []
    if moved > 0 and rows.beyond + moved > AMOUNT_SLACK:
        owed = max(Fraction(0), -rows.beyond)
        return [_too_much(rows.money, standing, (owed, moved), context)], []
    owed_text = rounded(to_decimal(abs(rows.beyond)), currency)
    done = "credited" if moved < 0 else "debited"
    way = "more" if rows.beyond > 0 else "less"
    return [], [f"{owed_text} {way} than the ordered price is billed; {shown} is {done}, no units"]


def credit_prices(findings: Sequence[Finding], rows: MoneyRows) -> list[Finding]:
    """Return the findings of a line, prices that are too high less what a credit gives back.

    What is left of the credit once earlier bills are made good counts.
    """
    left = to_decimal(max(Fraction(0), -rows.moved - max(Fraction(0), rows.beyond_before or 0)))
    reduced = []
    for finding in findings:
        amount = finding.amount or Decimal(0)
        is_dear = finding.nature == "difference" and finding.code in PRICE_CODES and amount > 0
        used = min(amount, left) if is_dear else Decimal(0)
        left -= used
        sentence = "A credit for it is among the papers"
        reduced.append(less(finding, used, sentence) if used else finding)
    return reduced


def _still_missing(
    shares: Sequence[Share],
    standing: Standing,
    sums: tuple[Fraction, Fraction],
    context: Context,
) -> Finding:
    """Return CREDIT_MEMO_SHORT for what was billed too much and is not credited yet."""
    owed, credited = (rounded(to_decimal(number), context.currency) for number in sums)
    sentence = f"{owed} was billed beyond the ordered price before, and {credited} is credited."
    return _finding(
        shares, standing, context, ("CREDIT_MEMO_SHORT", sums[0] - sums[1]),
        (f"{owed} − {credited}", sentence, "Ask for the remaining credit."),
    )  # fmt: skip


def _too_much(
    shares: Sequence[Share],
    standing: Standing,
    sums: tuple[Fraction, Fraction],
    context: Context,
) -> Finding:
    """Return PRICE_OVER for a debit beyond what was billed too little."""
    owed, debited = (rounded(to_decimal(number), context.currency) for number in sums)
    sentence = (
        f"{debited} is debited afterwards for units that were billed before; {owed} was billed too "
        "little for them."
    )
    return _finding(
        shares, standing, context, ("PRICE_OVER", sums[1] - sums[0]),
        (f"{debited} − {owed}", sentence, "Short-pay what is beyond."),
    )  # fmt: skip


def _finding(
    shares: Sequence[Share],
    standing: Standing,
    context: Context,
    what: tuple[str, Fraction],
    texts: tuple[str, str, str],
) -> Finding:
    (code, amount), (formula, explanation, action) = what, texts
    money = to_decimal(amount)
    probable = probability_over(
        [(share, share.billed.cells) for share in shares], standing, lambda _, other: True
    )
    number = standing.order_number
    finding = Finding(
        code=code,
        quantity=None,
        amount=money,
        currency=context.currency,
        formula=f"{formula} = {rounded(money, context.currency)}",
        explanation=explanation,
        action=action,
        confidence=probable.right,
        evidence=(
            *(place for share in shares for place in billed_evidence(share.billed)),
            Evidence(number, "unit_price", str(standing.line.unit_price), 1.0),
        ),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
    )
    minimum = context.policy.review_confidence
    weak = (doubt for share in shares for doubt in share.price_doubts(minimum))
    claimed = [Doubt("claimed", f"claim {claim} stands on this line") for claim in standing.claims]
    return finding.doubted([*weak, *claimed])
