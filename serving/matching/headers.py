"""Checks of a billing document as a whole: its order, its currency and its sums."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rapidfuzz.distance import Levenshtein

from data.currencies import read_currencies
from data.records import ExtractedDocument, Field, PurchaseOrder
from serving.matching.assignment import normalise_code
from serving.matching.billed import SILENT_TYPES, certainty
from serving.matching.findings import Evidence, Variance, cell_evidence
from serving.matching.match import Context
from serving.matching.prices import VENDOR_ERROR_RATE
from serving.matching.tolerances import Tolerance, breaches, tolerance_for
from serving.matching.variances import AMOUNT_SLACK, rounded, to_decimal

# Letters and digits that print and OCR confuse.
_LOOKALIKES = str.maketrans("OISBZ", "01582")
_SUM_FIELDS = ("total_discount", "shipping_charge", "total_tax")


@dataclass(frozen=True, slots=True)
class HeaderCheck:
    """What a document's header says. `doubts` bar every claim on it, `price_doubts` price claims.

    `wrong` True: the document is not about this order or currency; its lines are not compared.
    """

    variances: tuple[Variance, ...] = ()
    doubts: tuple[str, ...] = ()
    price_doubts: tuple[str, ...] = ()
    wrong: bool = False


def _decimal(document: ExtractedDocument, name: str) -> Fraction | None:
    leaf = document.fields.get(name)
    return None if leaf is None or leaf.decimal is None else Fraction(leaf.decimal)


def _places(document: ExtractedDocument, names: Sequence[str]) -> tuple[Evidence, ...]:
    return tuple(
        cell_evidence(document.document_id, name, leaf)
        for name in names
        if (leaf := document.fields.get(name)) is not None and leaf.value is not None
    )


def line_amounts(document: ExtractedDocument) -> tuple[Fraction, dict[str, Field]] | None:
    """(sum of the line amounts, their cells); None where a line has no readable amount."""
    total, cells = Fraction(0), {}
    for number, item in enumerate(document.line_items, start=1):
        if item.line_type in SILENT_TYPES:
            continue
        if item.amount is None or item.amount.decimal is None:
            return None
        total += Fraction(item.amount.decimal)
        cells[f"line {number} amount"] = item.amount
    return total, cells


def tax_included(document: ExtractedDocument) -> bool:
    """Whether the line amounts hold the tax: they sum to the total although there is tax."""
    found, total = line_amounts(document), _decimal(document, "invoice_total")
    tax, net = _decimal(document, "total_tax"), _decimal(document, "sub_total")
    if found is None or total is None or not tax or not found[1]:
        return False
    slack = _slack(document)
    return abs(found[0] - total) <= slack and (net is None or abs(found[0] - net) > slack)


def _slack(document: ExtractedDocument) -> Fraction:
    return max(AMOUNT_SLACK, Fraction(len(document.line_items), 100))


def check_header(
    document: ExtractedDocument, order: PurchaseOrder, context: Context
) -> HeaderCheck:
    """All header findings of one invoice or credit memo."""
    first = [_check_order(document, order, context), _check_currency(document, order, context)]
    variances = [variance for check in first for variance in check.variances]
    doubts = [doubt for check in first for doubt in check.doubts]
    kind, least = document.document_type, context.policy.review_confidence
    if kind.confidence < least:
        doubts.append(
            f"{document.document_id}: the document type {kind.text!r} was read with confidence "
            f"{kind.confidence:.2f}, below {least:.2f}"
        )
    if any(check.wrong for check in first):
        return HeaderCheck(tuple(variances), tuple(doubts), wrong=True)
    price_doubts = []
    if tax_included(document):
        price_doubts.append(f"{document.document_id}: the prices include tax, as the sums show")
    if _decimal(document, "total_discount"):
        price_doubts.append(
            f"{document.document_id}: a discount on the whole invoice is not on the line prices"
        )
    sums = _check_totals(document, context)
    if any(one.state == "open" for one in sums):
        doubts.append(
            f"{document.document_id}: the sums do not agree, so a line may be missing, doubled or "
            "misread"
        )
    return HeaderCheck((*variances, *sums), tuple(doubts), tuple(price_doubts))


def _order_number(text: str) -> str:
    return normalise_code(text).translate(_LOOKALIKES).lstrip("0")


def order_distance(printed: str, order: PurchaseOrder) -> int:
    """In how many characters a printed order number differs from this order's nearest one.

    Releases and prefixes ("PO 4711-1" of order 4711) name the same order, as do letters and digits
    that print confuses.
    """
    seen = _order_number(printed)
    numbers = {_order_number(order.po_number)}
    numbers |= {_order_number(line.po_number) for line in order.lines if line.po_number}
    for number in numbers:
        short, long = sorted((seen, number), key=len)
        if len(short) >= 4 and (long.startswith(short) or long.endswith(short)):
            return 0
    return min(Levenshtein.distance(seen, number) for number in numbers)


def is_other_order(leaf: Field | None, order: PurchaseOrder) -> bool:
    """Whether an order number is printed that is surely not this order's."""
    return leaf is not None and bool(leaf.text) and order_distance(leaf.text or "", order) > 1


def _check_order(
    document: ExtractedDocument, order: PurchaseOrder, context: Context
) -> HeaderCheck:
    """Whether the printed order number is this order's; numbers one slip apart are doubtful."""
    leaf = document.fields.get("purchase_order")
    distance = 0 if leaf is None or not leaf.text else order_distance(leaf.text, order)
    if leaf is None or distance == 0:
        return HeaderCheck()
    said = f"{document.document_id}: order {leaf.text} is printed, {order.po_number} is given"
    if distance == 1:
        return HeaderCheck(doubts=(f"{said}; they differ in one character",))
    total, lines = _decimal(document, "invoice_total"), line_amounts(document)
    whole = total if total is not None or lines is None else lines[0]
    finding = Variance(
        code="PO_NOT_FOUND",
        # Never a claim: the wrong order may have been sent along as well as billed.
        state="open",
        quantity=None,
        amount=None if whole is None else to_decimal(whole),
        currency=context.currency,
        formula=f"{leaf.text} ≠ {order.po_number}",
        explanation=f"The invoice names order {leaf.text}; the order given is {order.po_number}.",
        action="Ask which order the invoice belongs to; do not pay it on this one.",
        confidence=leaf.confidence,
        evidence=_places(document, ("purchase_order", "invoice_total")),
    )
    # A number that may be misread does not keep the lines from being compared; it bars claims.
    sure = leaf.confidence >= context.policy.review_confidence
    return HeaderCheck((finding,), (said,), wrong=sure)


def _weighed(finding: Variance, leaf: Field, context: Context) -> Variance:
    weak = leaf.confidence < context.policy.review_confidence
    return replace(finding, state="open") if weak else finding


def _check_currency(
    document: ExtractedDocument, order: PurchaseOrder, context: Context
) -> HeaderCheck:
    """Whether invoice and order are in one currency; different ones are never compared."""
    leaf = document.fields.get("currency")
    if leaf is None or not leaf.text or order.currency is None:
        return HeaderCheck()
    codes = read_currencies(leaf.text)
    if order.currency in codes:
        return HeaderCheck()
    said = f"{document.document_id}: currency {leaf.text} is not the order's {order.currency}"
    if not codes:
        return HeaderCheck(doubts=(f"{document.document_id}: currency {leaf.text!r} is unknown",))
    finding = Variance(
        code="CURRENCY_MISMATCH",
        state="claim",
        quantity=None,
        amount=None,
        currency=None,
        formula=f"{leaf.text} ≠ {order.currency}",
        explanation=f"The invoice is in {leaf.text}, the order in {order.currency}.",
        action="Ask for an invoice in the order's currency.",
        confidence=leaf.confidence,
        evidence=_places(document, ("currency",)),
    )
    return HeaderCheck((_weighed(finding, leaf, context),), (said,), wrong=True)


def _check_totals(document: ExtractedDocument, context: Context) -> list[Variance]:
    """Sums that fail by more than max(0.02, 0.01 per line): rather a misread cell than an error."""
    net, total = _decimal(document, "sub_total"), _decimal(document, "invoice_total")
    discount, shipping, tax = (_decimal(document, name) or Fraction(0) for name in _SUM_FIELDS)
    # Whether discount and freight are inside the subtotal differs by vendor: either is right.
    extras = {Fraction(0), -abs(discount), shipping, shipping - abs(discount)}
    found, lines = [], line_amounts(document)
    if lines is not None and lines[1]:
        printed, goal = ("sub_total", net) if net is not None else ("invoice_total", total)
        taxes = {Fraction(0), tax} if net is None or tax_included(document) else {Fraction(0)}
        sums = [lines[0] + extra + one for extra in extras for one in taxes]
        found.append(_mismatch(document, context, (printed, goal), sums, lines[1]))
    if net is not None and total is not None:
        sums = [net + tax + extra for extra in extras] + ([net] if tax_included(document) else [])
        found.append(_mismatch(document, context, ("invoice_total", total), sums, {}))
    return [finding for finding in found if finding is not None]


def _mismatch(
    document: ExtractedDocument,
    context: Context,
    printed: tuple[str, Fraction | None],
    sums: Sequence[Fraction],
    lines: dict[str, Field],
) -> Variance | None:
    name, goal = printed
    if goal is None:
        return None
    nearest = min(sums, key=lambda one: abs(goal - one))
    gap, tolerance = goal - nearest, _total_tolerance(context)
    if abs(gap) <= _slack(document) or not breaches(tolerance, gap, abs(nearest)):
        return None
    names = (name, *([] if lines else ["sub_total"]), *_SUM_FIELDS)
    cells = {one: leaf for one in names if (leaf := document.fields.get(one)) is not None} | lines
    right = certainty(cells)
    money, currency = to_decimal(gap), context.currency
    shown, summed = rounded(to_decimal(goal), currency), rounded(to_decimal(nearest), currency)
    finding = Variance(
        code="TOTAL_MISMATCH",
        state="claim",
        quantity=None,
        amount=money,
        currency=currency,
        formula=f"{shown} − {summed} = {rounded(money, currency)}",
        explanation=f"{document.document_id}: {name} is {shown} and its parts sum to {summed}.",
        action="Ask for a corrected invoice; check that every line was read.",
        confidence=right * VENDOR_ERROR_RATE / (right * VENDOR_ERROR_RATE + 1 - right),
        evidence=tuple(
            cell_evidence(document.document_id, one, leaf) for one, leaf in cells.items()
        ),
        tolerance=tolerance.label(),
    )
    return context.settled(finding, [])


def _total_tolerance(context: Context) -> Tolerance:
    return tolerance_for(context.policy.tolerance_rows(), "total", context.vendor, ())


def unchecked_charges(document: ExtractedDocument, context: Context) -> list[str]:
    """Sentences on freight in the header, for which order data has no condition."""
    shipping = _decimal(document, "shipping_charge")
    if not shipping or context.policy.unplanned_charges == "ignore":
        return []
    money = rounded(to_decimal(shipping), context.currency)
    return [
        f"{document.document_id}: shipping of {money}; the order data states no freight to "
        "compare with"
    ]
