"""Money paid in advance or kept back: bills that ask for it, and bills that take it off again.

A down payment is no article of the order. Once the goods are billed, it is taken off: what was
billed in advance on an order line and is not used up is not paid a second time. What was kept back
until the end is paid once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from data.order_records import BilledLine, PurchaseOrder
from data.records import LineItem
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
_KEPT_BACK = re.compile(
    r"retention|retainage|hold[- ]?back|\w*einbehalt\w*|retenue|retenci[oó]n|ritenuta|"
    r"reten[cç][aã]o|inhouding|kaucj\w* gwaranc\w*|保留金|質保金|质保金",
    re.IGNORECASE,
)
_NUMBER = r"(\d+(?:[.,]\d+)?)\s*%"
_AHEAD = r"(?:deposit|down|advance|pre-?pay|upfront|anzahlung|acompte|anticip|acconto|aanbetal)"
# The share of an order that its terms let the vendor bill in advance.
_SHARE = re.compile(rf"{_NUMBER}[^,;%]*?{_AHEAD}|{_AHEAD}[^,;%]*?{_NUMBER}", re.IGNORECASE)


def moves_money(item: LineItem) -> bool:
    """Return whether a row is about money paid in advance or kept back, and about no goods."""
    text = item.description.text if item.description is not None else None
    if not text:
        return False
    return bool(_WORDS.search(text)) or (_is_one_sum(item) and bool(_KEPT_BACK.search(text)))


def _is_one_sum(item: LineItem) -> bool:
    """Return whether a row bills one sum of money, and no article by its code."""
    quantity = None if item.quantity is None else item.quantity.decimal
    return item.product_code is None and (quantity is None or abs(quantity) == 1)


def is_advance(item: BilledItem, order: PurchaseOrder) -> bool:
    """Return whether a row asks for money in advance or kept back, or takes it off.

    No article does, unless the order has one of such a name.
    """
    if not moves_money(item.item):
        return False
    names = [line.description or "" for line in order.lines]
    return not any(_WORDS.search(name) or _KEPT_BACK.search(name) for name in names)


def _is_kept_back(row: BilledItem) -> bool:
    leaf = row.item.description
    return leaf is not None and bool(_KEPT_BACK.search(leaf.text or ""))


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


@dataclass(frozen=True, slots=True)
class BilledBefore:
    """Money that earlier bills asked for in advance, and that they left unpaid of what was billed.

    `kept_back` None: some bill does not state its money.
    """

    advance: Fraction
    kept_back: Fraction | None


def check_advances(
    rows: Sequence[BilledItem], order: PurchaseOrder, before: BilledBefore, context: Context
) -> list[LineCheck]:
    """Return the checks of rows for money in advance, and for money that was kept back."""
    agreed, requested, kept_back = agreed_advance(order), before.advance, before.kept_back
    checks = []
    for row in rows:
        amount = row.amount
        if amount is None or amount <= 0:
            checks.append(LineCheck(_facts(row), notes=(f"{row.place}: taken off",)))
            continue
        if _is_kept_back(row):
            checks.append(_check_release(row, kept_back, context))
            kept_back = None if kept_back is None else kept_back - amount
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


def _check_release(row: BilledItem, kept_back: Fraction | None, context: Context) -> LineCheck:
    """Return the check of a row that asks for money kept back: no more than was is due."""
    amount, currency = row.amount or Fraction(0), context.currency
    excess = amount - max(Fraction(0), kept_back or Fraction(0))
    if excess <= AMOUNT_SLACK:
        return LineCheck(_facts(row), notes=(f"{row.place}: kept back before, due now",))
    cells = {} if row.item.amount is None else {"amount": row.item.amount}
    document = row.document.document_id
    left = rounded(to_decimal(amount - excess), currency)
    shown, beyond = (rounded(to_decimal(money), currency) for money in (amount, excess))
    finding = Finding(
        code="DEPOSIT_ERROR",
        nature="question",
        quantity=None,
        amount=to_decimal(excess),
        currency=currency,
        formula=f"{shown} − {left} = {beyond}",
        explanation=f"{describe(row)!r} bills {shown}; by the records {left} is still kept back.",
        action="Find out what was kept back of earlier bills.",
        confidence=1.0 if not cells else cells["amount"].confidence,
        evidence=tuple(cell_evidence(document, name, cell) for name, cell in cells.items()),
    )
    finding = finding.doubted(context.doubts.get(document, ()))
    return LineCheck(_facts(row), (finding,), finding.doubts)


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
    off: before that it is a question, and so is money that came with goods, for it may be a charge.
    """
    left = advance_left(standing) - taken_off
    owed = min(left, now.money - now.claimed)
    if owed <= AMOUNT_SLACK:
        return None
    is_sure = standing.billed_before + now.units >= (standing.ordered or 0) and _came_alone(bills)
    currency, paid = context.currency, advance_left(standing)
    shown = [rounded(to_decimal(number), currency) for number in (paid, taken_off, owed)]
    names = ", ".join(bill.invoice_id for bill in bills if not bill.base_quantity)
    return Finding(
        code="PREPAYMENT_NOT_DEDUCTED",
        nature="difference" if is_sure else "question",
        quantity=None,
        amount=to_decimal(owed),
        currency=currency,
        formula=f"{shown[0]} − {shown[1]} = {shown[2]}",
        explanation=f"{shown[0]} was billed in advance ({names}); {shown[1]} of it is taken off.",
        action="Short-pay what was paid in advance."
        if is_sure
        else "Find out which bill takes it.",
        confidence=1.0,
        evidence=tuple(
            Evidence(bill.invoice_id, "billed_amount", str(bill.amount), 1.0)
            for bill in bills
            if not bill.base_quantity
        ),
        po_line_number=standing.line.po_line_number,
    )


def _came_alone(bills: Sequence[BilledLine]) -> bool:
    """Return whether money without units is surely no charge on goods of its own invoice."""
    with_goods = {bill.invoice_id for bill in bills if bill.base_quantity}
    return all(
        bill.base_quantity or bill.kind == "advance" or bill.invoice_id not in with_goods
        for bill in bills
    )
