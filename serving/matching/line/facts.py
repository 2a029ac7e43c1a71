"""Facts of a PO line's quantity without a claim: over-delivered, under-billed, gifts missing.

None is money to claim: units delivered beyond the order are claimed once they are billed, what was
not billed is the vendor's to bill, and a gift that did not come costs nothing.
"""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from data.order_records import OrderLine, ReceiptLine
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.findings.records import Evidence, Finding, cell_evidence
from serving.matching.line.mixed_units import is_counted_in_packs
from serving.matching.line.quantities import QuantityCase
from serving.matching.pairing.line_share import Share, units_in, value_of
from serving.matching.pairing.order_line import Ledger, Standing, Standings


def quantity_facts(case: QuantityCase, gifts: Sequence[Share]) -> list[Finding]:
    """Return the facts of one PO line; `gifts` are billed on it at no price."""
    beyond = _over_delivery(case.standing, case.pay_rejected, case.currency, units_in(gifts))
    facts = (beyond, _under_billed(case))
    return [*(finding for finding in facts if finding is not None), *missing_gifts(case, gifts)]


def unbilled_over_deliveries(
    ledger: Ledger,
    standings: Standings,
    unbilled: Iterable[str],
    pay_rejected: bool,
    currency: str | None,
) -> list[Finding]:
    """Return OVER_DELIVERY of the PO lines with these keys, on which nothing is billed."""
    findings = []
    for key in unbilled:
        line = standings.lines[key]
        # A standing takes long to work out, and an order may have thousands of lines.
        if not _may_exceed_order(line, [event for _, event in ledger.events(line)]):
            continue
        standing = standings[key]
        if not is_counted_in_packs(standing):
            findings.append(_over_delivery(standing, pay_rejected, currency))
    return [finding for finding in findings if finding is not None]


def _may_exceed_order(line: OrderLine, events: Sequence[ReceiptLine]) -> bool:
    """Return whether these receipts can be more than was ordered; False is certain."""
    if any(event.unit_code not in (None, line.unit_code) for event in events):
        return True
    return sum(abs(event.quantity_received) for event in events) > line.quantity_ordered


def gift_note(gifts: Sequence[Share], paid: Sequence[Share]) -> str:
    """Return a note on the units free of charge and the price of a unit including them."""
    free, counted = units_in(gifts), units_in([*gifts, *paid])
    if not 0 < free < counted:
        return "goods free of charge are on the invoice and are not counted"
    value, all_units = value_of(paid), quantity_text(counted)
    each = rounded(to_decimal(value / counted), None)
    return (
        f"{quantity_text(free)} of {all_units} units are free of charge and not counted; "
        f"including them a unit costs {price_text(value)} / {all_units} = {each}"
    )


def missing_gifts(case: QuantityCase, gifts: Sequence[Share]) -> list[Finding]:
    """Return QTY_OVER_RECEIPT of no money for units billed free of charge that did not come."""
    came, free = case.open.by_receipt, units_in(gifts)
    if came is None or case.open.no_receipt:
        return []
    # What is paid for came first.
    left = max(Fraction(0), came - max(Fraction(0), case.billed))
    missing = max(Fraction(0), free - left)
    if not missing:
        return []
    billed, unit = quantity_text(free), case.standing.units.name or "units"
    return [
        _fact_finding(
            case.standing,
            case.currency,
            _Units("QTY_OVER_RECEIPT", free, free - missing, Fraction(0)),
            (
                f"{quantity_text(missing)} of {billed} {unit} free of charge did not arrive.",
                "Nothing to claim: ask for the free goods if they were promised.",
            ),
            (*_quantity_places(gifts), *case.standing.evidence),
        )
    ]


def _quantity_places(shares: Sequence[Share]) -> list[Evidence]:
    """Return the places where the units of the shares are printed."""
    return [
        cell_evidence(share.billed.document.document_id, name, cell)
        for share in shares
        for name, cell in share.billed.quantity_cells.items()
    ]


def _over_delivery(
    standing: Standing, pay_rejected: bool, currency: str | None, free: Fraction = Fraction(0)
) -> Finding | None:
    """Return OVER_DELIVERY for units kept beyond the order and its over-delivery, if any.

    `free` of them came as gifts. Goods that are weighed are ordered by estimate: their weight is
    beyond nothing.
    """
    came, limit = standing.receipt_limit(pay_rejected), standing.order_limit
    if came is None or limit is None or came - free <= limit or standing.line.catch_weight:
        return None
    ordered, allowed = quantity_text(standing.ordered or Fraction(0)), quantity_text(limit)
    bound = f"{ordered} were ordered"
    if limit != standing.ordered:
        percent = quantity_text(standing.line.over_delivery_pct)
        bound += f", with {percent} % over-delivery {allowed}"
    gifts = f", {quantity_text(free)} of them free of charge," if free else ""
    source = Evidence(standing.order_number, "quantity_ordered", ordered, 1.0)
    return _fact_finding(
        standing,
        currency,
        _Units("OVER_DELIVERY", came - free, limit, standing.price),
        (
            f"{quantity_text(came)} {standing.units.name or 'units'} were received{gifts} and "
            f"{bound}.",
            "Nothing to claim: return the excess, or keep it and amend the order.",
        ),
        (*standing.evidence, source),
    )


def _under_billed(case: QuantityCase) -> Finding | None:
    """Return QTY_UNDER_BILLED for unbilled units of a shipment that the vendor calls complete."""
    expected = case.open.expected
    marks = [mark for share in case.shares if (mark := _completion_mark(share)) is not None]
    if not marks or not 0 <= case.billed < expected:
        return None
    places = (*_quantity_places(case.shares), *dict.fromkeys(marks))
    return _fact_finding(
        case.standing,
        case.currency,
        _Units("QTY_UNDER_BILLED", case.billed, expected, case.standing.price),
        (
            f"{quantity_text(expected - case.billed)} {case.standing.units.name or 'units'} fewer "
            "are billed than could be billed, and the vendor calls the shipment complete.",
            "Nothing to claim: expect another invoice, or clear the accrual for these goods with "
            "care.",
        ),
        (*places, *case.standing.evidence),
    )


def _completion_mark(share: Share) -> Evidence | None:
    """Return the place that calls the shipment complete, in the header or on the row."""
    document = share.billed.document
    leaf = document.fields.get("shipment_complete")
    if leaf is not None and (leaf.text or "").casefold() == "true":
        return cell_evidence(document.document_id, "shipment_complete", leaf)
    backordered = share.billed.item.quantity_backordered
    if backordered is not None and backordered.decimal == 0:
        return cell_evidence(document.document_id, "quantity_backordered", backordered)
    return None


class _Units(NamedTuple):
    """The units that a fact is about: those counted, those that are right, the price of one."""

    code: str
    counted: Fraction
    right: Fraction
    price: Fraction | None


def _fact_finding(
    standing: Standing,
    currency: str | None,
    fact: _Units,
    texts: tuple[str, str],
    evidence: tuple[Evidence, ...],
) -> Finding:
    """Return the finding on the units beyond the right ones; `texts`: explanation and action."""
    units, price = fact.counted - fact.right, fact.price
    formula = f"({quantity_text(fact.counted)} − {quantity_text(fact.right)})"
    amount = None if price is None else to_decimal(units * price)
    if price is not None and amount is not None:
        formula += f" × {price_text(price)} = {rounded(amount, currency)}"
    return Finding(
        code=fact.code,
        nature="fact",
        quantity=to_decimal(units),
        amount=amount,
        currency=currency,
        formula=formula,
        explanation=texts[0],
        action=texts[1],
        confidence=math.prod(place.confidence for place in evidence),
        evidence=evidence,
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
    )
