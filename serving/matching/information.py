"""Facts of a PO line's quantity that nothing is taken on: more delivered than ordered, less billed.

Neither is money to claim: units delivered beyond the order are claimed once they are billed, and
what was not billed is the vendor's to bill.
"""

import math
from fractions import Fraction

from serving.matching.findings import Evidence, Variance, cell_evidence
from serving.matching.quantities import QuantityCase
from serving.matching.shares import Share
from serving.matching.variances import price_text, quantity_text, rounded, to_decimal


def information(case: QuantityCase, free: Fraction) -> list[Variance]:
    """OVER_DELIVERY and QTY_UNDER_BILLED of one PO line; `free` of its units are gifts."""
    found = (_over_delivery(case, free), _under_billed(case))
    return [finding for finding in found if finding is not None]


def _over_delivery(case: QuantityCase, free: Fraction) -> Variance | None:
    """Units that were kept beyond the order and its over-delivery, whoever bills them.

    Goods that are weighed are ordered by estimate: their weight is beyond nothing.
    """
    standing = case.standing
    came, limit = standing.receipt_limit(case.pay_rejected), standing.order_limit
    if came is None or limit is None or came - free <= limit or standing.line.catch_weight:
        return None
    ordered, allowed = quantity_text(standing.ordered or Fraction(0)), quantity_text(limit)
    bound = f"{ordered} were ordered"
    if limit != standing.ordered:
        percent = quantity_text(standing.line.over_delivery_pct)
        bound += f", with {percent} % over-delivery {allowed}"
    gifts = f", {quantity_text(free)} of them free of charge," if free else ""
    source = Evidence(standing.order_number, "quantity_ordered", ordered, 1.0)
    return _fact(
        case,
        "OVER_DELIVERY",
        (came - free, limit),
        f"{quantity_text(came)} {standing.units.name or 'units'} were received{gifts} and {bound}.",
        "Nothing to claim: return what is too much, or keep it and change the order.",
        (*standing.evidence, source),
    )


def _under_billed(case: QuantityCase) -> Variance | None:
    """Units that could be billed and are not, though the vendor calls the shipment complete."""
    expected = case.open.expected
    marks = {id(one): mark for one in case.shares if (mark := _called_complete(one)) is not None}
    if not marks or not 0 <= case.billed < expected:
        return None
    cells = [
        cell_evidence(one.billed.document.document_id, name, cell)
        for one in case.shares
        for name, cell in one.billed.quantity_cells.items()
    ]
    places = (*cells, *dict.fromkeys(marks.values()))
    return _fact(
        case,
        "QTY_UNDER_BILLED",
        (case.billed, expected),
        f"{quantity_text(expected - case.billed)} {case.standing.units.name or 'units'} fewer are "
        "billed than could be, and the vendor calls the shipment complete.",
        "Nothing to claim: expect a further invoice, or take the goods off the books with care.",
        (*places, *case.standing.evidence),
    )


def _called_complete(one: Share) -> Evidence | None:
    """Where the invoice says that nothing more will come: in its header or on the row."""
    document = one.billed.document
    leaf = document.fields.get("shipment_complete")
    if leaf is not None and (leaf.text or "").casefold() == "true":
        return cell_evidence(document.document_id, "shipment_complete", leaf)
    left = one.billed.item.quantity_backordered
    if left is not None and left.decimal == 0:
        return cell_evidence(document.document_id, "quantity_backordered", left)
    return None


def _fact(
    case: QuantityCase,
    code: str,
    sides: tuple[Fraction, Fraction],
    explanation: str,
    action: str,
    evidence: tuple[Evidence, ...],
) -> Variance:
    """The finding over the difference of both sides, at the ordered price."""
    units, price = sides[0] - sides[1], case.standing.price
    formula = f"({quantity_text(sides[0])} − {quantity_text(sides[1])})"
    amount = None if price is None else to_decimal(units * price)
    if price is not None and amount is not None:
        formula += f" × {price_text(price)} = {rounded(amount, case.currency)}"
    return Variance(
        code=code,
        state="information",
        quantity=to_decimal(units),
        amount=amount,
        currency=case.currency,
        formula=formula,
        explanation=explanation,
        action=action,
        confidence=math.prod(place.confidence for place in evidence),
        evidence=evidence,
        unit=case.standing.units.name,
        po_line_number=case.standing.line.po_line_number,
    )
