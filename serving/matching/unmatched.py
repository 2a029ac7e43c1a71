"""Billed lines without a PO line: items nobody ordered, and freight or other charges."""

from fractions import Fraction

from data.records import Field
from serving.matching.assignment import UNLIKE, Assignment
from serving.matching.billed import BilledItem, certainty, describe, weak_cells
from serving.matching.findings import LineVerdict, Status, Variance, cell_evidence
from serving.matching.match import Context, LineMatch, shown
from serving.matching.variances import price_text, quantity_text, rounded, to_decimal

_NAMES = ("product_code", "gtin", "buyer_item_id", "description")


def _verdict(billed: BilledItem, verdict: Status, reasons: list[str]) -> LineVerdict:
    return LineVerdict(
        verdict=verdict,
        reasons=tuple(reasons),
        description=describe(billed),
        billed=shown(billed.quantity),
        unit=billed.unit,
        billed_price=shown(billed.price),
        document_id=billed.document.document_id,
        page=billed.item.page,
        polygon=billed.item.row_polygon,
    )


def match_unordered(billed: BilledItem, assignment: Assignment, context: Context) -> LineMatch:
    """The verdict of a billed line that no PO line is like.

    It is a finding only when it was read well and nothing on the order is like it; else a person
    has to look.
    """
    item = billed.item
    leaves = ((name, item.field(name)) for name in _NAMES)
    names = {name: leaf for name, leaf in leaves if leaf is not None and leaf.value is not None}
    cells = names | billed.cells
    if item.amount is not None and item.amount.value is not None:
        cells["amount"] = item.amount
    doubts = [
        *billed.doubts,
        *context.doubts.get(billed.document.document_id, ()),
        *weak_cells(cells, context.policy.review_confidence),
    ]
    if not names:
        doubts.append("neither a code nor a description was read")
    nearest = assignment.nearest
    if nearest is not None and assignment.score >= UNLIKE:
        doubts.append(
            f"PO line {nearest.po_line_number} is a little like it ({assignment.score:.2f})"
        )
    finding = context.settled(_not_ordered(billed, cells, context), doubts)
    verdict: Status = "discrepancy" if finding.state == "claim" else "needs_review"
    reasons = [finding.explanation, *(f"{billed.place}: {doubt}" for doubt in doubts)]
    # Without a name there is nothing to say about what was ordered.
    return LineMatch(_verdict(billed, verdict, reasons), (finding,) if names else ())


def _not_ordered(billed: BilledItem, cells: dict[str, Field], context: Context) -> Variance:
    amount, formula = billed.amount, "amount unknown"
    if amount is not None:
        formula = f"whole line = {rounded(to_decimal(amount), context.currency)}"
    elif billed.price is not None and billed.quantity is not None:
        amount = billed.price * billed.quantity
        formula = (
            f"{quantity_text(billed.quantity)} × {price_text(billed.price)} "
            f"= {rounded(to_decimal(amount), context.currency)}"
        )
    document = billed.document.document_id
    return Variance(
        code="ITEM_NOT_ORDERED",
        state="claim",
        quantity=shown(billed.quantity),
        amount=shown(amount),
        currency=context.currency,
        formula=formula,
        explanation=f"{describe(billed)!r} is billed and no line of the order is like it.",
        action="Short-pay the line or ask which order it belongs to.",
        confidence=certainty(cells),
        evidence=tuple(cell_evidence(document, name, cell) for name, cell in cells.items()),
        unit=billed.unit,
    )


def match_charge(billed: BilledItem, context: Context) -> LineMatch | None:
    """The verdict of a freight, fee or discount line; None when it bills nothing.

    Order data has no condition for charges, so it cannot be said whether one is due.
    """
    amount = billed.amount
    unread = billed.item.amount is not None and billed.item.amount.value is None
    if (amount is None or amount == Fraction(0)) and not unread:
        return None
    if context.policy.unplanned_charges == "ignore":
        return None
    money = "an amount" if amount is None else rounded(to_decimal(amount), context.currency)
    kind = billed.item.line_type
    reason = f"{billed.place}: {kind} of {money}; the order data states no {kind} to compare with"
    return LineMatch(_verdict(billed, "needs_review", [reason]))
