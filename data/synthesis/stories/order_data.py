"""Order data of a story in the form of `data.exchange.order_files`, and facts it has no key for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from data.synthesis.stories.trade.findings import Variance, number_text, to_decimal
from data.synthesis.stories.trade.outcomes import Settlement, settle_claims
from data.synthesis.stories.trade.records import OrderedLine, Trade
from data.synthesis.stories.trade.world import Article

Json = dict[str, Any]


def dispute_json(trade: Trade) -> Json:
    """Return order, receipts, earlier bills and claims; decimals as strings."""
    return {
        "order": {
            "po_number": trade.po_number,
            "currency": trade.currency,
            "vendor_id": trade.vendor.vendor_id,
            "vendor_name": trade.vendor.party.name,
            "order_date": trade.order_day.isoformat(),
            **({"unit_code_list": trade.code_list} if trade.code_list else {}),
            **_agreements(trade),
            "lines": [_order_line(trade, line) for line in trade.lines],
        },
        "receipts": [_receipt(trade, receipt_id) for receipt_id in trade.receipt_ids],
        "billed": [
            {
                "invoice_id": bill.invoice_id,
                "po_line_number": bill.po_line,
                "base_quantity": number_text(bill.quantity),
                "amount": number_text(bill.amount),
            }
            for bill in trade.earlier_bills
        ],
        "claims": [
            {
                "claim_id": claim.claim_id,
                "kind": claim.kind,
                "invoice_id": claim.invoice_id,
                "line": claim.po_line,
                "quantity": number_text(claim.quantity),
                "amount": number_text(claim.amount),
            }
            for claim in trade.claims
        ],
    }


def _agreements(trade: Trade) -> Json:
    """Return the agreements on the whole order; keys without an agreement are left out."""
    bill = trade.bills[0]
    agreed: Json = {
        "payment_terms": trade.terms,
        "freight_terms": trade.vendor.freight_term,
        "planned_freight": _money(trade.planned_freight),
        "agreed_deposit": _money(trade.agreed_deposit),
        "tax_rate": number_text(bill.tax_rate),
        "required_documents": sorted(trade.required_papers),
    }
    if trade.price_net_of_allowance:
        rate = Fraction(bill.allowance) / Fraction(bill.lines_total) * 100
        agreed["allowances"] = [{"rate": number_text(to_decimal(rate)), "in_price": True}]
    if trade.agreed_rate is not None:
        agreed["agreed_rates"] = {bill.currency: number_text(trade.agreed_rate)}
    agreed |= {"closed": trade.closed or None, "tax_exempt": trade.tax_exempt or None}
    return {name: fact for name, fact in agreed.items() if fact not in (None, [])}


def _money(number: Decimal | None) -> str | None:
    return None if number is None else number_text(number)


def _order_line(trade: Trade, line: OrderedLine) -> Json:
    """Return the order line with its price versions, packs, substitutes and components."""
    values: Json = {
        "po_line_number": line.number,
        "product_code": line.article.code,
        "description": line.article.description,
        "quantity_ordered": number_text(line.quantity),
        "unit_code": line.unit,
        "unit_price": number_text(line.price),
        "price_base_quantity": number_text(line.price_base),
    }
    if line.article.buyer_code:
        values["buyer_item_id"] = line.article.buyer_code
        values["gtin"] = line.article.gtin
    if line.packs:
        values["pack_factors"] = {unit: number_text(count) for unit, count in line.packs.items()}
    if line.over_delivery_pct:
        values["over_delivery_pct"] = number_text(line.over_delivery_pct)
    if line.allowance_pct:
        values["allowances"] = [{"rate": number_text(line.allowance_pct)}]
    if line.substitutes:
        articles = map(trade.vendor.article, line.substitutes)
        values["substitutes"] = [_article(article) for article in articles]
    if line.kit:
        values["components"] = [
            {**_article(part), "quantity": number_text(count)} for part, count in line.kit
        ]
    if line.later_price is not None:
        day, later = line.later_price
        version = {"unit_price": number_text(later), "valid_from": day.isoformat()}
        values |= {"price_versions": [version], "price_date": line.price_date}
    if line.catch_weight:
        values["catch_weight"] = True
    if not line.receipt_expected:
        values["receipt_expected"] = False
    return values


def _article(article: Article) -> Json:
    names = {"product_code": article.code, "description": article.description}
    if article.buyer_code:
        names |= {"buyer_item_id": article.buyer_code, "gtin": article.gtin}
    return names


def _receipt(trade: Trade, receipt_id: str) -> Json:
    events = [event for event in trade.arrivals if event.receipt_id == receipt_id]
    lines = []
    for event in events:
        line: Json = {
            "po_number": trade.po_number,
            "po_line_number": event.po_line,
            "quantity_received": number_text(event.quantity),
            "unit_code": event.unit,
        }
        if event.rejected:
            line["quantity_rejected"] = number_text(event.rejected)
        if event.returned:
            line["quantity_returned"] = number_text(event.returned)
        if event.reversed:
            line["reversed"] = True
        lines.append(line)
    return {"receipt_id": receipt_id, "received_at": events[0].day.isoformat(), "lines": lines}


def conditions_json(trade: Trade) -> Json:
    """Return the agreements and facts for which the order data has no key; empty ones left out."""
    facts: Json = {
        "pay_rejected": trade.vendor.pay_rejected,
        "invoice_allowance_shares": _allowance_shares(trade),
    }
    return {name: _plain(fact) for name, fact in facts.items() if fact not in (None, {}, [])}


def _allowance_shares(trade: Trade) -> Json:
    """Return the share of each order line in the allowance on the whole invoice, pro rata."""
    if not trade.price_net_of_allowance:
        return {}
    return {
        line.po_lines[0]: number_text(bill.allowance * line.amount / bill.lines_total)
        for bill in trade.bills
        for line in bill.lines
        if line.po_lines
    }


def _plain(fact: object) -> object:
    return number_text(fact) if isinstance(fact, Decimal) else fact


def settlements_json(trade: Trade) -> list[Json]:
    """Return the short payments that the vendor disputes, and what the papers in hand support."""
    return [
        {
            "claim_id": settlement.claim.claim_id,
            "po_line_number": settlement.claim.po_line,
            "claimed_units": number_text(settlement.claim.quantity),
            "supported_units": _fraction_text(settlement.supported),
            "repay": _fraction_text(settlement.repay),
            "stands": _fraction_text(settlement.stands),
            "action": _peppol_action(settlement),
        }
        for settlement in settle_claims(trade)
    ]


def _peppol_action(settlement: Settlement) -> str:
    if settlement.supported is None:
        return "PIN"
    return "CNP" if settlement.repay else "NOA"


def _fraction_text(number: Fraction | None) -> str | None:
    return None if number is None else number_text(to_decimal(number))


def verdicts_json(lines: Mapping[str, str], variances: Sequence[Variance]) -> list[Json]:
    """Return the verdict of each order line, and of each row not ordered (number null)."""
    rows: list[Json] = [
        {"po_line_number": number, "verdict": verdict} for number, verdict in lines.items()
    ]
    not_ordered = [variance for variance in variances if variance.code == "ITEM_NOT_ORDERED"]
    return rows + [{"po_line_number": None, "verdict": "discrepancy"} for _ in not_ordered]
