"""Totals of order, receipts, earlier bills and invoice, compared where the lines fail.

An invoice may list spots where the order has weeks, or deliveries where it has a call-off. Where
most of its money is on no order line that is sure, what was ordered and what is billed in all is
the first thing to know. It is never a claim: which rows are too much nobody knows yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from data.records import ExtractedDocument
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import Doubt, Evidence, Finding, LineCheck, cell_evidence
from serving.matching.invoice.agreements import order_evidence
from serving.matching.invoice.order_terms import agreed_rate
from serving.matching.invoice.split_files import Bill
from serving.matching.invoice.sums import header_number, line_amounts, slack_of
from serving.matching.ledger.charge_money import is_charge, most_planned
from serving.matching.lines import CheckedLines
from serving.matching.pairing.order_line import line_key
from serving.matching.pairs import Pairs

# Doubts about which order line a row is on, or about what it bills.
_FAILING = frozenset({"pairing", "reading", "identity", "unit"})
# The part of an invoice's money that has to be on failing rows.
_MOST = Fraction(1, 2)
_WHOLE_CODES = frozenset({"PO_NOT_FOUND"})


@dataclass(frozen=True, slots=True)
class _Due:
    """Money that an order leaves to bill: of `ordered`, and of `received` where goods are received.

    `before` is what earlier invoices billed; `received` None: no receipt limits it.
    """

    ordered: Fraction
    received: Fraction | None
    before: Fraction
    evidence: tuple[Evidence, ...]

    @property
    def left(self) -> Fraction:
        limit = self.ordered if self.received is None else min(self.ordered, self.received)
        return max(Fraction(0), limit - self.before)


def compare_totals(
    pairs: Pairs, lines: CheckedLines, bills: Sequence[Bill], on_invoices: Sequence[Finding]
) -> list[Finding]:
    """Return TOTAL_OVER_ORDER for each invoice whose lines fail: a question, or a fact."""
    named = {
        place.document_id
        for finding in on_invoices
        if finding.code in _WHOLE_CODES
        for place in finding.evidence
    }
    failing = _failing_money(pairs, lines)
    findings, due = list[Finding](), None
    for bill in bills:
        document = bill.document
        money, whole = _billed(document), named & {document.document_id}
        if money is None or document.document_type.value == "credit_memo":
            continue
        parts = (failing.get(part.document_id, Fraction(0)) for part in bill.parts)
        is_failing = bool(whole) or sum(parts, Fraction(0)) >= money[0] * _MOST
        rate = agreed_rate(document, pairs.data.order)
        if not is_failing or rate is None or not money[0]:
            continue
        due = due or _due(pairs)
        if due is None:
            return []
        findings.append(_finding(document, (money[0] * rate, money[1]), due, pairs))
    return findings


def _billed(document: ExtractedDocument) -> tuple[Fraction, str] | None:
    """Return the printed money of an invoice before tax, and the name of the cell that has it."""
    net, total = header_number(document, "sub_total"), header_number(document, "invoice_total")
    if net is not None:
        return net, "sub_total"
    if total is None:
        return None
    lines = line_amounts(document)
    if lines is not None and abs(lines[0] - total) <= slack_of(document):
        return total, "invoice_total"
    tax = header_number(document, "total_tax") or Fraction(0)
    # Orders state what is due before discounts and commissions.
    discount = header_number(document, "total_discount") or Fraction(0)
    return total - tax + abs(discount), "invoice_total"


def _failing_money(pairs: Pairs, lines: CheckedLines) -> dict[str, Fraction]:
    """Return the money of rows that no order line is surely billed by, by document id."""
    money: dict[str, Fraction] = {}
    for name, amount in _failing_rows(pairs, lines.order_lines):
        money[name] = money.get(name, Fraction(0)) + abs(amount)
    return money


def _failing_rows(pairs: Pairs, checks: Mapping[str, LineCheck]) -> Iterator[tuple[str, Fraction]]:
    for item, _ in pairs.unordered:
        yield item.document.document_id, item.amount or Fraction(0)
    for key, shares in pairs.shares.items():
        if any(doubt.kind in _FAILING for doubt in checks[key].doubts):
            for share in shares:
                amount = share.billed.amount or Fraction(0)
                yield share.billed.document.document_id, amount * share.part


def _due(pairs: Pairs) -> _Due | None:
    """Return what the order leaves to bill; None where a line of it has no price."""
    ordered, received, evidence = Fraction(0), Fraction(0), list[Evidence]()
    is_received = False
    order = pairs.data.order
    for line in order.lines:
        standing = pairs.order_lines[line_key(line)]
        if standing.price is None or standing.order_limit is None:
            return None
        worth = standing.order_limit * standing.price
        limit = standing.receipt_limit(pairs.context.policy.pay_rejected)
        counts = line.receipt_expected and pairs.context.policy.expect == "receipts"
        ordered += worth
        received += worth if not counts or limit is None else limit * standing.price
        is_received = is_received or (counts and bool(standing.received))
        evidence += standing.evidence
    charges = most_planned(order)
    bills = [bill for bills in pairs.ledger.billed.values() for bill in bills]
    before = sum((Fraction(bill.amount or 0) for bill in bills), Fraction(0))
    charged = sum((Fraction(bill.amount or 0) for bill in bills if is_charge(bill)), Fraction(0))
    places = tuple(Evidence(bill.invoice_id, "billed_amount", str(bill.amount), 1.0)
                   for bill in bills if bill.amount)  # fmt: skip
    # Charges are billed beside the goods, and so are those of earlier bills.
    total = ordered + max(charges, charged)
    goods = received + max(charges, charged) if is_received else None
    return _Due(total, goods, before, (*dict.fromkeys(evidence), *places))


def _finding(
    document: ExtractedDocument, billed: tuple[Fraction, str], due: _Due, pairs: Pairs
) -> Finding:
    (money, cell), currency, name = billed, pairs.context.currency, document.document_id
    excess = money - due.left
    is_over = excess > slack_of(document)
    sentence = f"{_told_due(due, currency)}; {name} bills {_money(money, currency)}"
    outcome = f"{_money(excess, currency)} more than is left to bill" if is_over else (
        "no more than is left to bill"
    )  # fmt: skip
    leaf = document.fields[cell]
    span = (to_decimal(excess), to_decimal(excess)) if is_over else None
    finding = Finding(
        code="TOTAL_OVER_ORDER",
        nature="question" if is_over else "fact",
        quantity=None,
        amount=None,
        amount_range=span,
        currency=currency,
        formula=f"{_money(money, currency)} − {_money(due.left, currency)} = "
        f"{_money(excess, currency)}",
        explanation=f"{sentence}: {outcome}.",
        action="Ask the vendor which order lines the invoice bills."
        if is_over
        else "Nothing to claim on the whole; say which order line each row bills.",
        confidence=leaf.confidence,
        evidence=(
            cell_evidence(name, cell, leaf),
            order_evidence(pairs.data.order, "lines", _money(due.ordered, currency)),
            *due.evidence,
        ),
    )
    weak = leaf.confidence < pairs.context.policy.review_confidence
    doubt = Doubt("reading", f"{name}: {cell} {leaf.text!r} may be misread", "cell")
    return finding.doubted([doubt]) if weak and is_over else finding


def _told_due(due: _Due, currency: str | None) -> str:
    """Return what the order leaves to bill in words."""
    text = f"In all {_money(due.ordered, currency)} was ordered"
    if due.received is not None:
        text += f", {_money(due.received, currency)} of it received"
    return text + (f", {_money(due.before, currency)} billed before" if due.before else "")


def _money(money: Fraction, currency: str | None) -> str:
    return str(rounded(to_decimal(money), currency))
