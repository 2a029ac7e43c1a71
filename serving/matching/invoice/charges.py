"""Freight, deposits and allowances on whole invoices, against what the order agrees on.

Vendors bill freight as a row or below the rows; all that the invoices of a dispute bill counts
together, once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.order_records import PurchaseOrder
from data.records import ExtractedDocument, Field
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import (
    Doubt,
    Evidence,
    Finding,
    FindingText,
    LineCheck,
    LineFacts,
    cell_evidence,
)
from serving.matching.invoice.agreements import header_evidence, order_evidence
from serving.matching.invoice.net_prices import net_order, read_discount
from serving.matching.invoice.order_terms import agreed_rate, ordered_prices
from serving.matching.invoice.other_charges import (
    OTHER_KINDS,
    OTHER_TYPES,
    check_other_charges,
    planned_charges,
    read_other_charges,
)
from serving.matching.invoice.sums import header_number, line_amounts, slack_of
from serving.matching.pairing.billed_line import BilledItem, certainty, credit_sign, describe
from serving.matching.rules.context import Context
from serving.matching.rules.tolerances import breaches, tolerance_of

COMPARED_TYPES = frozenset({"freight", "deposit"}) | OTHER_TYPES
# Who pays the carrier: with these terms the vendor bills no freight of his own.
_VENDOR_BILLS_NONE = frozenset({"collect", "prepaid"})


@dataclass(frozen=True, slots=True)
class _Charge:
    """A charge of one kind: money in the order's currency, places, confidence."""

    kind: str
    total: Fraction
    evidence: tuple[Evidence, ...]
    confidence: float
    rows: tuple[BilledItem, ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChargeFindings:
    """Findings on charges, and a check of each row that bills one."""

    findings: tuple[Finding, ...] = ()
    lines: tuple[LineCheck, ...] = ()


def planned_freight(order: PurchaseOrder) -> Fraction | None:
    """Return freight agreed for the order and its lines together; None where none is stated."""
    stated = [order.planned_freight, *(line.planned_freight for line in order.lines)]
    known = [Fraction(freight) for freight in stated if freight is not None]
    return sum(known, Fraction(0)) if known else None


def compare_charges(
    documents: Sequence[ExtractedDocument],
    rows: Sequence[BilledItem],
    order: PurchaseOrder,
    context: Context,
    before: Fraction = Fraction(0),
) -> ChargeFindings:
    """Return FREIGHT_UNPLANNED, FREIGHT_VARIANCE and DEPOSIT_ERROR over all invoices of a dispute.

    `rows` are charge rows in the order's currency; `documents` may have freight below their rows.
    Freight of the amount `before` was billed by earlier invoices.
    """
    findings: list[Finding] = []
    lines: list[LineCheck] = []
    checks: tuple[tuple[str, _ChargeCheck], ...] = (
        ("freight", _check_freight),
        ("deposit", _check_deposit),
    )
    for kind, check in checks:
        charge = _total_charge(
            kind, documents, [row for row in rows if row.item.line_type == kind], order
        )
        if charge is None:
            continue
        finding = check(charge, order, context)
        if kind == "freight" and before:
            finding = _billed_again(charge, before, order, context)
        if finding is not None:
            agreed = planned_freight(order) if kind == "freight" else order.agreed_deposit
            name = "planned_freight" if kind == "freight" else "agreed_deposit"
            money = None if agreed is None else _money_text(Fraction(agreed), context)
            fact = order_evidence(order, name, money)
            finding = replace(finding, evidence=(*finding.evidence, fact))
            findings.append(finding)
        lines += [_row_check(row, charge.doubts, finding) for row in charge.rows]
    others = _compare_others(documents, rows, order, context)
    return ChargeFindings((*findings, *others.findings), (*lines, *others.lines))


def _compare_others(
    documents: Sequence[ExtractedDocument],
    rows: Sequence[BilledItem],
    order: PurchaseOrder,
    context: Context,
) -> ChargeFindings:
    """Return CHARGE_UNPLANNED or CHARGE_VARIANCE, and a check of each row that bills a charge."""
    other_rows = [row for row in rows if row.item.line_type in OTHER_TYPES]
    charges = read_other_charges(documents, rows, order)
    finding = None
    if charges is not None:
        freight_rows = [row for row in rows if row.item.line_type == "freight"]
        freight = _total_charge("freight", documents, freight_rows, order)
        left = (planned_freight(order) or 0) - (freight.total if freight is not None else 0)
        # What the header does not name is freight as far as freight is planned.
        header = charges.header - max(Fraction(0), min(charges.header, left))
        planned = planned_charges(order, documents, OTHER_KINDS)
        finding = check_other_charges(replace(charges, header=header), planned, order, context)
    unread = {row.key: (f"{row.place}: the charge could not be read",) for row in other_rows
              if row.amount is None and row.item.amount is not None}  # fmt: skip
    checks = (_row_check(row, unread.get(row.key, ()), finding) for row in other_rows)
    return ChargeFindings(() if finding is None else (finding,), tuple(checks))


_ChargeCheck = Callable[[_Charge, PurchaseOrder, Context], Finding | None]


def _total_charge(
    kind: str,
    documents: Sequence[ExtractedDocument],
    rows: Sequence[BilledItem],
    order: PurchaseOrder,
) -> _Charge | None:
    """Return the total billed of one kind of charge; None where there is none."""
    total, cells, doubts = Fraction(0), dict[str, Field](), list[str]()
    evidence: list[Evidence] = []
    for row in rows:
        leaf = row.item.amount
        if row.amount is None or leaf is None:
            doubts.append(f"{row.place}: the {kind} amount could not be read")
            continue
        total += row.amount
        cells[row.place] = leaf
        evidence.append(cell_evidence(row.document.document_id, "amount", leaf))
    for document in documents if kind == "freight" else ():
        leaf, money = (
            document.fields.get("shipping_charge"),
            header_number(document, "shipping_charge"),
        )
        document_rows = [row for row in rows if row.document.document_id == document.document_id]
        # Freight rows are summed up again below the rows by some vendors.
        if leaf is None or not money or _is_sum_of(document_rows, money):
            continue
        sign, rate = credit_sign(document) or 1, agreed_rate(document, order) or Fraction(1)
        total += money * sign * rate
        cells[document.document_id] = leaf
        evidence += header_evidence(document, ("shipping_charge",))
    if not cells and not doubts:
        return None
    return _Charge(kind, total, tuple(evidence), certainty(cells), tuple(rows), tuple(doubts))


def _is_sum_of(rows: Sequence[BilledItem], money: Fraction) -> bool:
    row_sum = sum((row.amount or Fraction(0) for row in rows), Fraction(0))
    return bool(rows) and abs(row_sum) == abs(money)


def _check_freight(charge: _Charge, order: PurchaseOrder, context: Context) -> Finding | None:
    """Return the finding on freight above plan; without a plan the freight terms decide."""
    planned, policy = planned_freight(order), context.policy
    gap = charge.total - (planned or 0)
    if gap <= 0 or (planned is None and policy.unplanned_charges == "ignore"):
        return None
    terms = order.freight_terms
    money, shown = _money_text(charge.total, context), _money_text(gap, context)
    if planned is not None:
        code, is_due, agreed = "FREIGHT_VARIANCE", True, _money_text(planned, context)
        explanation = f"Freight of {money} is billed; {agreed} was agreed."
        action = "Short-pay the freight above what was agreed."
    else:
        code, is_due = "FREIGHT_UNPLANNED", terms in _VENDOR_BILLS_NONE
        agreed = _money_text(Fraction(0), context)
        reason = {
            "collect": "the terms are freight collect: the carrier bills the buyer",
            "prepaid": "the terms are freight prepaid: the vendor bears it",
            "prepaid_and_add": "the terms are prepaid and add, without an amount",
        }.get(terms, "the order states no freight and no freight terms")
        explanation = f"Freight of {money} is billed; {reason}."
        action = "Short-pay the freight." if is_due else "Find out what was agreed."
    text = FindingText(f"{money} − {agreed} = {shown}", explanation, action)
    difference = _Difference(code, gap, planned or Fraction(0), is_due)
    return _finding(charge, context, difference, text)


def _billed_again(
    charge: _Charge, before: Fraction, order: PurchaseOrder, context: Context
) -> Finding | None:
    """Return the finding on freight beyond what was planned, with what was billed before."""
    planned = planned_freight(order) or Fraction(0)
    gap = charge.total + before - planned
    if gap <= 0:
        return None
    money, earlier, agreed, shown = (
        _money_text(number, context) for number in (charge.total, before, planned, gap)
    )
    text = FindingText(
        f"{money} + {earlier} − {agreed} = {shown}",
        f"Freight of {money} is billed; {earlier} of the planned {agreed} was billed before.",
        "Find out whether the planned freight was billed before.",
    )
    return _finding(charge, context, _Difference("FREIGHT_VARIANCE", gap, planned, False), text)


def _check_deposit(charge: _Charge, order: PurchaseOrder, context: Context) -> Finding | None:
    """Return the finding on deposits other than agreed; fewer may be billed while goods are due."""
    agreed = order.agreed_deposit
    gap = charge.total - Fraction(agreed or 0)
    if charge.total < 0:
        return None  # empties that went back, or money paid in advance that is taken off
    if gap == 0 or (agreed is None and context.policy.unplanned_charges == "ignore"):
        return None
    money, shown = _money_text(charge.total, context), _money_text(gap, context)
    due = _money_text(Fraction(agreed or 0), context)
    is_due = agreed is not None and gap > 0
    explanation = f"Deposits of {money} are billed; {due} was agreed."
    if agreed is None:
        explanation = (
            f"Deposits of {money} are billed; the order neither provides for nor excludes them."
        )
    elif gap < 0:
        explanation = (
            f"Deposits of {money} are billed and {due} was agreed; more deliveries may follow."
        )
    action = "Short-pay what is above." if is_due else "Find out how many deposit items came."
    text = FindingText(f"{money} − {due} = {shown}", explanation, action)
    difference = _Difference("DEPOSIT_ERROR", gap, Fraction(agreed or 0), is_due)
    return _finding(charge, context, difference, text)


@dataclass(frozen=True, slots=True)
class _Difference:
    """The money billed of one kind of charge beyond what is due.

    `is_claimable` False: a person has to find out what was agreed.
    """

    code: str
    gap: Fraction
    due: Fraction
    is_claimable: bool


def _finding(
    charge: _Charge, context: Context, difference: _Difference, text: FindingText
) -> Finding | None:
    """Return the finding, None where its tolerance lets it pass."""
    tolerance = tolerance_of(context.policy.tolerance_rows(), difference.code, context.vendor)
    if not breaches(tolerance, difference.gap, difference.due):
        return None
    finding = Finding(
        code=difference.code,
        nature="difference" if difference.is_claimable else "question",
        quantity=None,
        amount=to_decimal(difference.gap),
        currency=context.currency,
        formula=text.formula,
        explanation=text.explanation,
        action=text.action,
        confidence=charge.confidence,
        evidence=charge.evidence,
        tolerance=tolerance.label(),
    )
    return finding.doubted(_doubts(charge.doubts))


def _doubts(sentences: Sequence[str]) -> tuple[Doubt, ...]:
    return tuple(Doubt("reading", sentence, "cell") for sentence in sentences)


def _row_check(row: BilledItem, doubts: Sequence[str], finding: Finding | None) -> LineCheck:
    """Return the check of one charge row; the finding is on all that is billed of its kind."""
    facts = LineFacts(
        description=describe(row),
        document_id=row.document.document_id,
        page=row.item.page,
        polygon=row.item.row_polygon,
    )
    findings = () if finding is None else (finding,)
    return LineCheck(facts, doubts=_doubts(doubts), invoice_findings=findings)


def _money_text(money: Fraction, context: Context) -> str:
    return str(rounded(to_decimal(money), context.currency))


def check_allowance(
    document: ExtractedDocument, order: PurchaseOrder, context: Context
) -> list[Finding]:
    """Return the finding on an agreed allowance missing on the invoice and in the order's prices.

    Money in the document's currency. An allowance in the prices shows up as a price instead.
    """
    lines = line_amounts(document)
    owed = [allowance for allowance in order.allowances if not allowance.in_price]
    if not owed or lines is None or not lines[1] or document.document_type.value == "credit_memo":
        return []
    flat = any(allowance.amount for allowance in owed)
    discount = read_discount(document, order, ordered_prices(net_order(order)))
    due, billed, gap = discount.due, discount.deducted, discount.missing
    if gap <= slack_of(document):
        return []
    total = document.fields.get("invoice_total")
    cells = lines[1] if total is None else lines[1] | {"invoice_total": total}
    shown = (_money_text(money, context) for money in (due, billed, gap))
    finding = Finding(
        code="DISCOUNT_INCORRECT" if billed else "ALLOWANCE_MISSING",
        # A flat amount may have been taken off another invoice of the order.
        nature="question" if flat else "difference",
        quantity=None,
        amount=to_decimal(gap),
        currency=context.currency,
        formula="{} − {} = {}".format(*shown),
        explanation=(
            f"{document.document_id}: an invoice allowance of {_money_text(due, context)} was "
            f"agreed, {_money_text(billed, context)} is taken off."
        ),
        action="Short-pay the allowance or ask for a credit.",
        confidence=certainty(cells),
        evidence=(
            *header_evidence(document, ("total_discount", "invoice_total")),
            *(cell_evidence(document.document_id, name, cell) for name, cell in lines[1].items()),
            order_evidence(order, "allowances", _money_text(due, context)),
        ),
    )
    return [finding]
