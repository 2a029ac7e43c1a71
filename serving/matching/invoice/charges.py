"""Charges and allowances on whole invoices, against what the order plans and was billed before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.order_records import PurchaseOrder
from data.records import ExtractedDocument
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import (
    Doubt,
    Finding,
    FindingText,
    LineCheck,
    LineFacts,
    Nature,
    cell_evidence,
)
from serving.matching.invoice.agreements import header_evidence, order_evidence
from serving.matching.invoice.billed_charges import (
    OTHER_TYPES,
    BilledCharge,
    other_charge,
    rows_of_types,
    total_charge,
)
from serving.matching.invoice.charge_plan import ChargeTerms
from serving.matching.invoice.net_prices import net_order, read_discount
from serving.matching.invoice.order_terms import ordered_prices
from serving.matching.invoice.sums import line_amounts, slack_of
from serving.matching.ledger.charge_money import GROUPS, ChargeGroup
from serving.matching.pairing.billed_line import BilledItem, certainty, describe
from serving.matching.rules.context import Context
from serving.matching.rules.tolerances import breaches, tolerance_of

COMPARED_TYPES = frozenset({"freight", "deposit"}) | OTHER_TYPES
# Who pays the carrier: with these terms the vendor bills no freight of his own.
_VENDOR_BILLS_NONE = frozenset({"collect", "prepaid"})


@dataclass(frozen=True, slots=True)
class _Due:
    """Money due of one group of charges: `planned`, of which `before` was billed before.

    `is_sure`: earlier bills state what they were for. `slack` is what rounding may add.
    """

    planned: Fraction | None
    before: Fraction
    is_sure: bool
    slack: Fraction


@dataclass(frozen=True, slots=True)
class ChargeFindings:
    """Findings on charges, and a check of each row that bills one."""

    findings: tuple[Finding, ...] = ()
    lines: tuple[LineCheck, ...] = ()


def compare_charges(
    documents: Sequence[ExtractedDocument],
    rows: Sequence[BilledItem],
    terms: ChargeTerms,
    context: Context,
) -> ChargeFindings:
    """Return the findings on freight, deposits and other charges over all invoices of a dispute.

    `rows` are charge rows in the order's currency; `documents` may have charges below their rows.
    """
    order = terms.order
    charges: dict[ChargeGroup, BilledCharge | None] = {
        "freight": total_charge("freight", documents, rows_of_types(rows, {"freight"}), order),
        "deposit": total_charge("deposit", documents, rows_of_types(rows, {"deposit"}), order),
        "other": other_charge(documents, rows, order),
    }
    charges = _freight_first(charges, terms)
    dues = _dues(charges, terms)
    findings: list[Finding] = []
    lines: list[LineCheck] = []
    for group, charge in charges.items():
        if charge is None:
            continue
        due = dues[group]
        finding = _billed_again(charge, due, context) if due.before else None
        if finding is None and not due.before:
            finding = _CHECKS[group](charge, due, order, context)
        if finding is not None:
            fact = order_evidence(order, *_order_value(group, due, context))
            finding = replace(finding, evidence=(*finding.evidence, fact))
            findings.append(finding)
        lines += [_row_check(row, charge.doubts, finding) for row in charge.rows]
    return ChargeFindings(tuple(findings), tuple(lines))


def _freight_first(
    charges: dict[ChargeGroup, BilledCharge | None], terms: ChargeTerms
) -> dict[ChargeGroup, BilledCharge | None]:
    """Return the charges, what a header does not name as freight so far as freight is planned."""
    freight, other = charges["freight"], charges["other"]
    planned = terms.planned("freight")
    if other is None or not other.unnamed or not planned:
        return charges
    left = planned - (Fraction(0) if freight is None else freight.total)
    moved = max(Fraction(0), min(other.unnamed, left))
    rest = replace(other, total=other.total - moved, unnamed=other.unnamed - moved)
    if freight is None and moved:
        freight = BilledCharge("freight", moved, other.evidence, other.confidence, ())
    elif freight is not None:
        freight = replace(freight, total=freight.total + moved)
    return charges | {"freight": freight, "other": rest}


def _dues(
    charges: Mapping[ChargeGroup, BilledCharge | None], terms: ChargeTerms
) -> dict[ChargeGroup, _Due]:
    """Return what is due of each group: planned, less what was billed before."""
    now = {group: charge.total for group, charge in charges.items() if charge is not None}
    limits = {group: terms.planned(group, with_earlier=True) or Fraction(0) for group in GROUPS}
    before = terms.earlier.by_group(limits, now)
    dues = {}
    for group in GROUPS:
        earlier = before[group]
        planned = terms.planned(group, with_earlier=bool(earlier))
        is_sure = bool(terms.earlier.stated.get(group)) and not terms.earlier.unnamed
        dues[group] = _Due(planned, earlier, is_sure, terms.slack(group))
    return dues


def _order_value(group: ChargeGroup, due: _Due, context: Context) -> tuple[str, str | None]:
    """Return the key of the order that a charge is compared with, and the money it comes to."""
    name = {"freight": "planned_freight", "deposit": "agreed_deposit"}.get(group, "planned_charges")
    return name, None if due.planned is None else _money_text(due.planned, context)


def _check_other(
    charge: BilledCharge, due: _Due, order: PurchaseOrder, context: Context
) -> Finding | None:
    """Return the finding on other charges above what is planned; a question where nothing is."""
    planned = due.planned
    gap = charge.total - (planned or 0)
    if gap <= due.slack or (planned is None and context.policy.unplanned_charges == "ignore"):
        return None
    code = "CHARGE_UNPLANNED" if planned is None else "CHARGE_VARIANCE"
    money, limit, shown = (
        _money_text(number, context) for number in (charge.total, planned or Fraction(0), gap)
    )
    agreed = f"{limit} was planned" if planned is not None else "the order states no charge"
    text = FindingText(
        f"{money} − {limit} = {shown}",
        f"Charges of {money} are billed; {agreed}.",
        "Find out what was agreed." if planned is None else "Short-pay what is above.",
    )
    difference = _Difference(code, gap, planned or Fraction(0), planned is not None)
    return _finding(charge, context, difference, text)


def _check_freight(
    charge: BilledCharge, due: _Due, order: PurchaseOrder, context: Context
) -> Finding | None:
    """Return the finding on freight above plan; without a plan the freight terms decide."""
    planned, policy = due.planned, context.policy
    gap = charge.total - (planned or 0)
    if gap <= due.slack or (planned is None and policy.unplanned_charges == "ignore"):
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


_AGAIN: Mapping[str, tuple[str, str]] = {
    "freight": ("FREIGHT_VARIANCE", "Freight"),
    "deposit": ("DEPOSIT_ERROR", "Deposits"),
    "other": ("CHARGE_VARIANCE", "Charges"),
}


def _billed_again(charge: BilledCharge, due: _Due, context: Context) -> Finding | None:
    """Return the finding on charges beyond what was planned, with what was billed before.

    A question where nothing was planned, or where earlier bills do not say what they were for.
    """
    planned = due.planned or Fraction(0)
    gap = min(charge.total, charge.total + due.before - planned)
    if gap <= due.slack:
        return None
    code, name = _AGAIN[charge.kind]
    money, earlier, agreed, shown = (
        _money_text(number, context) for number in (charge.total, due.before, planned, gap)
    )
    is_claimable = due.is_sure and due.planned is not None
    text = FindingText(
        f"{money} + {earlier} − {agreed} = {shown}",
        f"{name}: {money} is billed; {earlier} of the planned {agreed} was billed before.",
        "Short-pay what was billed before."
        if is_claimable
        else "Find out whether the planned charges were billed before.",
    )
    return _finding(charge, context, _Difference(code, gap, planned, is_claimable), text)


def _check_deposit(
    charge: BilledCharge, due: _Due, order: PurchaseOrder, context: Context
) -> Finding | None:
    """Return the finding on deposits other than agreed; fewer may be billed while goods are due."""
    agreed = due.planned
    gap = charge.total - Fraction(agreed or 0)
    if charge.total < 0:
        return None  # empties that went back, or money paid in advance that is taken off
    if abs(gap) <= due.slack or (agreed is None and context.policy.unplanned_charges == "ignore"):
        return None
    money, shown = _money_text(charge.total, context), _money_text(gap, context)
    limit = _money_text(Fraction(agreed or 0), context)
    is_due = agreed is not None and gap > 0
    explanation = f"Deposits of {money} are billed; {limit} was agreed."
    if agreed is None:
        explanation = (
            f"Deposits of {money} are billed; the order neither provides for nor excludes them."
        )
    elif gap < 0:
        explanation = (
            f"Deposits of {money} are billed and {limit} was agreed; more deliveries may follow."
        )
    action = "Short-pay what is above." if is_due else "Find out how many deposit items came."
    action = "Nothing to claim." if gap < 0 else action
    text = FindingText(f"{money} − {limit} = {shown}", explanation, action)
    difference = _Difference("DEPOSIT_ERROR", gap, Fraction(agreed or 0), is_due)
    return _finding(charge, context, difference, text)


_ChargeCheck = Callable[[BilledCharge, _Due, PurchaseOrder, Context], Finding | None]
_CHECKS: Mapping[ChargeGroup, _ChargeCheck] = {
    "freight": _check_freight,
    "deposit": _check_deposit,
    "other": _check_other,
}


@dataclass(frozen=True, slots=True)
class _Difference:
    """The money billed of one kind of charge beyond what is due.

    `is_claimable` False: a person has to find out what was agreed.
    """

    code: str
    gap: Fraction
    due: Fraction
    is_claimable: bool


def _nature(difference: _Difference) -> Nature:
    if difference.gap < 0:
        return "fact"  # in the buyer's favour so far
    return "difference" if difference.is_claimable else "question"


def _finding(
    charge: BilledCharge, context: Context, difference: _Difference, text: FindingText
) -> Finding | None:
    """Return the finding, None where its tolerance lets it pass."""
    tolerance = tolerance_of(context.policy.tolerance_rows(), difference.code, context.vendor)
    if not breaches(tolerance, difference.gap, difference.due):
        return None
    finding = Finding(
        code=difference.code,
        nature=_nature(difference),
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
