"""Claims in the currency of their invoice, at the rate that was agreed.

Lines are compared in the order's currency; what is claimed of them is money of the invoice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from data.order_records import Claim, OrderData
from serving.matching.evidence.settlement import Settlement
from serving.matching.findings.arithmetic import quantity_text, rounded, to_decimal
from serving.matching.findings.records import Finding, LineCheck
from serving.matching.invoice.order_terms import agreed_rate, printed_currency
from serving.matching.invoice.split_files import number_of
from serving.matching.pairing.article_names import normalise_code
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


def money_by_number(pairs: Pairs, money: Mapping[str, InvoiceMoney]) -> dict[str, InvoiceMoney]:
    """Return the money of invoices by their number; `money` is by document id."""
    numbers = ((number_of(document), document.document_id) for document in pairs.billing)
    return {number: money[name] for number, name in numbers if number is not None and name in money}


def claims_in_order_money(data: OrderData, money: Mapping[str, InvoiceMoney]) -> OrderData:
    """Return the order data with deductions, which are money of their invoice, in the order's."""
    if not money:
        return data
    return replace(
        data,
        claims=tuple(_in_order_money(claim, money) for claim in data.claims),
    )


def _in_order_money(claim: Claim, money: Mapping[str, InvoiceMoney]) -> Claim:
    invoice = money.get(normalise_code(claim.invoice_id))
    if claim.amount is None or invoice is None:
        return claim
    return replace(claim, amount=claim.amount * invoice.rate)


def settlements_in_invoice_money(
    settlements: Sequence[Settlement], money: Mapping[str, InvoiceMoney]
) -> tuple[Settlement, ...]:
    """Return the settlements in the money of their invoices."""
    if not money:
        return tuple(settlements)
    return tuple(_settled(settlement, money) for settlement in settlements)


def _settled(settlement: Settlement, money: Mapping[str, InvoiceMoney]) -> Settlement:
    claim = settlement.claim
    invoice = money.get(normalise_code(claim.invoice_id))
    if invoice is None:
        return settlement
    rate, sums = Fraction(invoice.rate), settlement.money
    formula, repaid = settlement.formula, settlement.repay
    if formula and repaid is not None:
        shown = rounded(to_decimal(repaid), settlement.currency)
        result = rounded(to_decimal(repaid / rate), invoice.currency)
        formula = f"{formula}; {shown} / {quantity_text(invoice.rate)} = {result}"
    return replace(
        settlement,
        claim=replace(claim, amount=None if claim.amount is None else claim.amount / invoice.rate),
        price=None if settlement.price is None else settlement.price / rate,
        money=None if sums is None else (sums[0] / rate, sums[1] / rate),
        currency=invoice.currency,
        formula=formula,
        parts=tuple(_settled(part, money) for part in settlement.parts),
    )


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
    if invoice is None or finding.currency != currency:
        return finding
    span = finding.amount_range
    span = None if span is None else (span[0] / invoice.rate, span[1] / invoice.rate)
    if finding.amount is None:
        is_money = span is not None
        return replace(
            finding, amount_range=span, currency=invoice.currency if is_money else currency
        )
    amount = finding.amount / invoice.rate
    shown = rounded(finding.amount, currency), rounded(amount, invoice.currency)
    rate = quantity_text(invoice.rate)
    sentence = f"1 {invoice.currency} is {rate} {currency}, as agreed."
    return replace(
        finding,
        amount=amount,
        amount_range=span,
        currency=invoice.currency,
        formula=f"{finding.formula} {currency}; {shown[0]} {currency} / {rate} = {shown[1]}",
        explanation=f"{finding.explanation} {sentence}",
    )
