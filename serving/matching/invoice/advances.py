"""Money paid in advance: bills that ask for it, and bills that have to take it off again.

A down payment is no article of the order. Once the goods are billed, it is taken off: what was
billed in advance on an order line and is not used up is not paid a second time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from data.order_records import BilledLine, PurchaseOrder
from serving.matching.findings.arithmetic import AMOUNT_SLACK, rounded, to_decimal
from serving.matching.findings.records import (
    Doubt,
    Evidence,
    Finding,
    LineCheck,
    LineFacts,
    cell_evidence,
)
from serving.matching.pairing.billed_line import BilledItem, describe, weak_cells
from serving.matching.pairing.order_line import Standing
from serving.matching.rules.context import Context

_PAID_AHEAD = (
    r"down[- ]?payments?|pre-?payments?|(?:advance|progress) (?:payment|invoice|bill)|"
    r"(?:purchase|initial|customer|order) deposit|deposit (?:invoice|bill|payment|deduct\w*|paid)|"
    r"less deposit|deposit \d+ ?%|\d+ ?% deposit|deposit [a-z]*-?\d+|anzahlung\w*|"
    r"abschlags\w*|vorauszahlung\w*|acomptes?|anticipos?|acconto|adiantamento|aanbetaling|"
    r"voorschot|zaliczk\w*|前払\S*|手付\S*|预付\S*|订金|定金"
)
_WORDS = re.compile(_PAID_AHEAD, re.IGNORECASE)
_NUMBER = r"(\d+(?:[.,]\d+)?)\s*%"
_AHEAD = r"(?:deposit|down|advance|pre-?pay|upfront|anzahlung|acompte|anticip|acconto|aanbetal)"
# The share of an order that its terms let the vendor bill in advance.
_SHARE = re.compile(rf"{_NUMBER}[^,;%]*?{_AHEAD}|{_AHEAD}[^,;%]*?{_NUMBER}", re.IGNORECASE)


def is_advance(item: BilledItem, order: PurchaseOrder) -> bool:
    """Return whether a row asks for money in advance, or takes it off; no article does."""
    leaf = item.item.description
    if leaf is None or not leaf.text or not _WORDS.search(leaf.text):
        return False
    return not any(_WORDS.search(line.description or "") for line in order.lines)


def agreed_advance(order: PurchaseOrder) -> Fraction | None:
    """Return the money that the order's terms let the vendor bill in advance; None: not stated."""
    match = _SHARE.search(order.payment_terms or "")
    if match is None:
        return None
    share = Fraction((match[1] or match[2]).replace(",", ".")) / 100
    worth = Fraction(0)
    for line in order.lines:
        if line.unit_price is None:
            return None
        units = Fraction(line.quantity_ordered) / Fraction(line.price_base_quantity)
        worth += units * Fraction(line.unit_price)
    return worth * share


def check_advances(
    rows: Sequence[BilledItem], order: PurchaseOrder, before: Fraction, context: Context
) -> list[LineCheck]:
    """Return the checks of rows for money in advance; `before` was billed in advance already."""
    agreed, requested = agreed_advance(order), before
    checks = []
    for row in rows:
        amount = row.amount
        if amount is None or amount <= 0:
            checks.append(LineCheck(_facts(row), notes=(f"{row.place}: taken off again",)))
            continue
        requested += amount
        excess = amount if agreed is None else min(amount, requested - agreed)
        if agreed is not None and excess <= AMOUNT_SLACK:
            shown = rounded(to_decimal(agreed), context.currency)
            note = f"{row.place}: money in advance, within the agreed {shown}"
            checks.append(LineCheck(_facts(row), notes=(note,)))
            continue
        finding = _asked_too_much(row, (excess, agreed), order, context)
        checks.append(LineCheck(_facts(row), (finding,), finding.doubts))
    return checks


def _asked_too_much(
    row: BilledItem, sums: tuple[Fraction, Fraction | None], order: PurchaseOrder, context: Context
) -> Finding:
    """Return DEPOSIT_ERROR for money in advance beyond what was agreed, or that nobody agreed."""
    (excess, agreed), currency = sums, context.currency
    money, shown = to_decimal(excess), rounded(to_decimal(row.amount or excess), currency)
    limit = "none is stated" if agreed is None else rounded(to_decimal(agreed), currency)
    cells = {} if row.item.amount is None else {"amount": row.item.amount}
    document = row.document.document_id
    finding = Finding(
        code="DEPOSIT_ERROR",
        nature="question" if agreed is None else "difference",
        quantity=None,
        amount=money,
        currency=currency,
        formula=f"{shown} billed in advance; agreed: {limit}",
        explanation=f"{describe(row)!r} bills {shown} in advance; agreed: {limit}.",
        action="Find out what was agreed." if agreed is None else "Short-pay what is above.",
        confidence=1.0 if not cells else cells["amount"].confidence,
        evidence=(
            *(cell_evidence(document, name, cell) for name, cell in cells.items()),
            Evidence(order.po_number, "payment_terms", order.payment_terms, 1.0),
        ),
    )
    weak = weak_cells(cells, context.policy.review_confidence)
    doubts = [Doubt("reading", f"{row.place}: {sentence}", "cell") for sentence in weak]
    return finding.doubted([*doubts, *context.doubts.get(document, ())])


def _facts(row: BilledItem) -> LineFacts:
    return LineFacts(
        description=describe(row),
        document_id=row.document.document_id,
        page=row.item.page,
        polygon=row.item.row_polygon,
    )


@dataclass(frozen=True, slots=True)
class BilledNow:
    """The units and money that the invoices at hand bill on one order line, and claims on them."""

    units: Fraction
    money: Fraction
    claimed: Fraction


def advance_left(standing: Standing) -> Fraction:
    """Return the money paid in advance on an order line that no bill has used up."""
    return standing.money.advance(standing.billed_before * (standing.price or Fraction(0)))


def not_taken_off(
    standing: Standing,
    bills: Sequence[BilledLine],
    now: BilledNow,
    taken_off: Fraction,
    context: Context,
) -> Finding | None:
    """Return PREPAYMENT_NOT_DEDUCTED for money paid in advance that this bill asks for again.

    `taken_off` is what the invoices take off. Only the last bill of a line has to take all of it
    off: before that it is a question.
    """
    left = advance_left(standing) - taken_off
    owed = min(left, now.money - now.claimed)
    if owed <= AMOUNT_SLACK:
        return None
    ordered = standing.ordered or Fraction(0)
    is_last = standing.billed_before + now.units >= ordered
    paid, currency = advance_left(standing), context.currency
    shown = [rounded(to_decimal(number), currency) for number in (paid, taken_off, owed)]
    names = ", ".join(bill.invoice_id for bill in bills if not bill.base_quantity)
    return Finding(
        code="PREPAYMENT_NOT_DEDUCTED",
        nature="difference" if is_last else "question",
        quantity=None,
        amount=to_decimal(owed),
        currency=currency,
        formula=f"{shown[0]} − {shown[1]} = {shown[2]}",
        explanation=f"{shown[0]} was billed in advance ({names}); {shown[1]} of it is taken off.",
        action="Short-pay what was paid in advance."
        if is_last
        else "Find out which bill takes it.",
        confidence=1.0,
        evidence=tuple(
            Evidence(bill.invoice_id, "amount", str(bill.amount), 1.0)
            for bill in bills
            if not bill.base_quantity
        ),
        po_line_number=standing.line.po_line_number,
    )
