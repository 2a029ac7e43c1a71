"""Claims in the currency of their invoice, at the rate that was agreed.

Lines are compared in the order's currency; what is claimed of them is money of the invoice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from serving.matching.findings.arithmetic import quantity_text, rounded, to_decimal
from serving.matching.findings.records import Finding, LineCheck
from serving.matching.invoice.order_terms import agreed_rate, printed_currency
from serving.matching.pairs import Pairs


@dataclass(frozen=True, slots=True)
class InvoiceMoney:
    """The currency of an invoice, and what one unit of it is worth in the order's."""

    currency: str
    rate: Decimal


def foreign_money(pairs: Pairs) -> dict[str, InvoiceMoney]:
    """Return the money of each invoice, by document id, that is not in the order's currency."""
    order, money = pairs.data.order, dict[str, InvoiceMoney]()
    for document in pairs.billing:
        rate, code = agreed_rate(document, order), printed_currency(document, order)
        if rate is not None and rate != 1 and code is not None:
            money[document.document_id] = InvoiceMoney(code, to_decimal(rate))
    return money


def in_invoice_money(
    findings: Sequence[Finding], money: Mapping[str, InvoiceMoney], currency: str | None
) -> tuple[Finding, ...]:
    """Return the findings with money of the order's `currency` in that of their invoice."""
    if not money:
        return tuple(findings)
    return tuple(_restated(finding, money, currency) for finding in findings)


def lines_in_invoice_money(
    checks: Sequence[LineCheck], money: Mapping[str, InvoiceMoney], currency: str | None
) -> tuple[LineCheck, ...]:
    """Return the checks with their findings in the money of their invoices."""
    if not money:
        return tuple(checks)
    return tuple(
        replace(
            check,
            findings=in_invoice_money(check.findings, money, currency),
            invoice_findings=in_invoice_money(check.invoice_findings, money, currency),
        )
        for check in checks
    )


def _restated(finding: Finding, money: Mapping[str, InvoiceMoney], currency: str | None) -> Finding:
    places = (money.get(place.document_id) for place in finding.evidence)
    invoice = next((place for place in places if place is not None), None)
    if invoice is None or finding.currency != currency or finding.amount is None:
        return finding
    amount = finding.amount / invoice.rate
    shown = rounded(finding.amount, currency), rounded(amount, invoice.currency)
    rate = quantity_text(invoice.rate)
    sentence = f"1 {invoice.currency} is {rate} {currency}, as agreed."
    span = finding.amount_range
    return replace(
        finding,
        amount=amount,
        amount_range=None if span is None else (span[0] / invoice.rate, span[1] / invoice.rate),
        currency=invoice.currency,
        formula=f"{finding.formula}; {shown[0]} / {rate} = {shown[1]}",
        explanation=f"{finding.explanation} {sentence}",
    )
