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
    LineCheck,
    LineFacts,
    Nature,
    cell_evidence,
)
from serving.matching.invoice.agreements import order_says, places_of
from serving.matching.invoice.order_terms import agreed_rate
from serving.matching.invoice.sums import decimal_of, line_amounts, slack_of
from serving.matching.pairing.billed_line import BilledItem, certainty, credit_sign, describe
from serving.matching.rules.context import Context
from serving.matching.rules.tolerances import breaches, tolerance_of

COMPARED_TYPES = frozenset({"freight", "deposit"})
# Who pays the carrier: with these terms the vendor bills no freight of his own.
_VENDOR_BILLS_NONE = frozenset({"collect", "prepaid"})


@dataclass(frozen=True, slots=True)
class _Charge:
    """What is billed of one kind: money in the order's currency, where it stands, how surely."""

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
    """Freight agreed for the order and its lines together; None where nothing is said of any."""
    stated = [order.planned_freight, *(line.planned_freight for line in order.lines)]
    known = [Fraction(one) for one in stated if one is not None]
    return sum(known, Fraction(0)) if known else None


def compare_charges(
    documents: Sequence[ExtractedDocument],
    rows: Sequence[BilledItem],
    order: PurchaseOrder,
    context: Context,
) -> ChargeFindings:
    """FREIGHT_UNPLANNED, FREIGHT_VARIANCE and DEPOSIT_ERROR over all invoices of a dispute.

    `rows` are charge rows in the order's currency; `documents` may have freight below their rows.
    """
    found: list[Finding] = []
    lines: list[LineCheck] = []
    judges: tuple[tuple[str, _Judge], ...] = (
        ("freight", _judge_freight),
        ("deposit", _judge_deposit),
    )
    for kind, judge in judges:
        charge = _billed(
            kind, documents, [one for one in rows if one.item.line_type == kind], order
        )
        if charge is None:
            continue
        finding = judge(charge, order, context)
        if finding is not None:
            agreed = planned_freight(order) if kind == "freight" else order.agreed_deposit
            name = "planned_freight" if kind == "freight" else "agreed_deposit"
            money = None if agreed is None else _money(Fraction(agreed), context)
            fact = order_says(order, name, money)
            finding = replace(finding, evidence=(*finding.evidence, fact))
            found.append(finding)
        lines += [_row_check(row, charge, finding) for row in charge.rows]
    return ChargeFindings(tuple(found), tuple(lines))


_Judge = Callable[[_Charge, PurchaseOrder, Context], Finding | None]


def _billed(
    kind: str,
    documents: Sequence[ExtractedDocument],
    rows: Sequence[BilledItem],
    order: PurchaseOrder,
) -> _Charge | None:
    """All that is billed of a kind; None where there is none."""
    total, cells, doubts = Fraction(0), dict[str, Field](), list[str]()
    evidence: list[Evidence] = []
    for row in rows:
        leaf = row.item.amount
        if row.amount is None or leaf is None:
            doubts.append(f"{row.place}: the amount of the {kind} could not be read")
            continue
        total += row.amount
        cells[row.place] = leaf
        evidence.append(cell_evidence(row.document.document_id, "amount", leaf))
    for document in documents if kind == "freight" else ():
        leaf, money = (
            document.fields.get("shipping_charge"),
            decimal_of(document, "shipping_charge"),
        )
        own = [row for row in rows if row.document.document_id == document.document_id]
        # Freight rows are summed up again below the rows by some vendors.
        if leaf is None or not money or _sums_up(own, money):
            continue
        sign, rate = credit_sign(document) or 1, agreed_rate(document, order) or Fraction(1)
        total += money * sign * rate
        cells[document.document_id] = leaf
        evidence += places_of(document, ("shipping_charge",))
    if not cells and not doubts:
        return None
    return _Charge(kind, total, tuple(evidence), certainty(cells), tuple(rows), tuple(doubts))


def _sums_up(rows: Sequence[BilledItem], money: Fraction) -> bool:
    own = sum((row.amount or Fraction(0) for row in rows), Fraction(0))
    return bool(rows) and abs(own) == abs(money)


def _judge_freight(charge: _Charge, order: PurchaseOrder, context: Context) -> Finding | None:
    """Freight above what is planned. Without any plan the freight terms decide whose it is."""
    planned, policy = planned_freight(order), context.policy
    gap = charge.total - (planned or 0)
    if gap <= 0 or (planned is None and policy.unplanned_charges == "ignore"):
        return None
    terms = order.freight_terms
    money, shown = _money(charge.total, context), _money(gap, context)
    if planned is not None:
        code, is_due, agreed = "FREIGHT_VARIANCE", True, _money(planned, context)
        says = f"Freight of {money} is billed and {agreed} was agreed."
        action = "Short-pay the freight above what was agreed."
    else:
        code, is_due = "FREIGHT_UNPLANNED", terms in _VENDOR_BILLS_NONE
        agreed = _money(Fraction(0), context)
        reason = {
            "collect": "the terms are freight collect: the carrier bills the buyer",
            "prepaid": "the terms are freight prepaid: the vendor bears it",
            "prepaid_and_add": "the terms are prepaid and add, without an amount",
        }.get(terms, "the order states no freight and no freight terms")
        says = f"Freight of {money} is billed; {reason}."
        action = "Short-pay the freight." if is_due else "Find out what was agreed."
    return _finding(charge, context, code, (f"{money} − {agreed} = {shown}", says, action), gap,
                    (planned or Fraction(0), "difference" if is_due else "question"))  # fmt: skip


def _judge_deposit(charge: _Charge, order: PurchaseOrder, context: Context) -> Finding | None:
    """Deposits that are not what was agreed. Less may be billed while deliveries are to come."""
    agreed = order.agreed_deposit
    gap = charge.total - Fraction(agreed or 0)
    if gap == 0 or (agreed is None and context.policy.unplanned_charges == "ignore"):
        return None
    money, shown = _money(charge.total, context), _money(gap, context)
    due = _money(Fraction(agreed or 0), context)
    is_due = agreed is not None and gap > 0
    says = f"Deposits of {money} are billed; {due} was agreed."
    if agreed is None:
        says = f"Deposits of {money} are billed; the order agrees on none and forbids none."
    elif gap < 0:
        says = f"Deposits of {money} are billed and {due} was agreed; more deliveries may follow."
    action = "Short-pay what is above." if is_due else "Find out how many came."
    against: tuple[Fraction, Nature] = (
        Fraction(agreed or 0),
        "difference" if is_due else "question",
    )
    texts = f"{money} − {due} = {shown}", says, action
    return _finding(charge, context, "DEPOSIT_ERROR", texts, gap, against)


def _finding(
    charge: _Charge,
    context: Context,
    code: str,
    says: tuple[str, str, str],
    gap: Fraction,
    against: tuple[Fraction, Nature],
) -> Finding | None:
    """The finding, None where its tolerance lets it pass; `against`: what is due, the nature."""
    (formula, explanation, action), (due, nature) = says, against
    tolerance = tolerance_of(context.policy.tolerance_rows(), code, context.vendor)
    if not breaches(tolerance, gap, due):
        return None
    finding = Finding(
        code=code,
        nature=nature,
        quantity=None,
        amount=to_decimal(gap),
        currency=context.currency,
        formula=formula,
        explanation=explanation,
        action=action,
        confidence=charge.confidence,
        evidence=charge.evidence,
        tolerance=tolerance.label(),
    )
    return finding.doubted(_doubts(charge))


def _doubts(charge: _Charge) -> tuple[Doubt, ...]:
    return tuple(Doubt("reading", sentence, "cell") for sentence in charge.doubts)


def _row_check(row: BilledItem, charge: _Charge, finding: Finding | None) -> LineCheck:
    """One charge row; the finding is on all that is billed of its kind."""
    facts = LineFacts(
        description=describe(row),
        document_id=row.document.document_id,
        page=row.item.page,
        polygon=row.item.row_polygon,
    )
    findings = () if finding is None else (finding,)
    return LineCheck(facts, doubts=_doubts(charge), invoice_findings=findings)


def _money(money: Fraction, context: Context) -> str:
    return str(rounded(to_decimal(money), context.currency))


def check_allowance(
    document: ExtractedDocument, order: PurchaseOrder, context: Context
) -> list[Finding]:
    """An agreed allowance that is not in the order's prices and not, or not all, on the invoice.

    Money in the document's currency. An allowance in the prices shows up as a price instead.
    """
    lines = line_amounts(document)
    owed = [one for one in order.allowances if not one.in_price]
    if not owed or lines is None or not lines[1] or document.document_type.value == "credit_memo":
        return []
    rates = sum((Fraction(one.rate or 0) for one in owed), Fraction(0))
    flat = sum((Fraction(one.amount or 0) for one in owed), Fraction(0))
    # An allowance may stand in a row of its own instead of below the rows.
    in_rows = sum(
        (
            Fraction(item.amount.decimal)
            for item in document.line_items
            if item.line_type in ("allowance", "discount") and item.amount and item.amount.decimal
        ),
        Fraction(0),
    )
    due = (lines[0] - in_rows) * rates / 100 + flat
    billed = abs(decimal_of(document, "total_discount") or Fraction(0)) + abs(in_rows)
    gap = due - billed
    if gap <= slack_of(document):
        return []
    names = {"invoice_total": document.fields.get("invoice_total")}
    cells = lines[1] | {name: leaf for name, leaf in names.items() if leaf is not None}
    shown = (_money(one, context) for one in (due, billed, gap))
    finding = Finding(
        code="DISCOUNT_INCORRECT" if billed else "ALLOWANCE_MISSING",
        # A flat amount may have been taken off another invoice of the order.
        nature="question" if flat else "difference",
        quantity=None,
        amount=to_decimal(gap),
        currency=context.currency,
        formula="{} − {} = {}".format(*shown),
        explanation=(
            f"{document.document_id}: an allowance of {_money(due, context)} on the invoice was "
            f"agreed, {_money(billed, context)} is taken off."
        ),
        action="Short-pay the allowance or ask for a credit.",
        confidence=certainty(cells),
        evidence=(
            *places_of(document, ("total_discount", "invoice_total")),
            *(cell_evidence(document.document_id, name, cell) for name, cell in lines[1].items()),
            order_says(order, "allowances", _money(due, context)),
        ),
    )
    return [finding]
