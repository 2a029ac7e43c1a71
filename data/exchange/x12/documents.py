"""X12 documents: 810 invoice, 812 credit/debit adjustment, 856 ship notice.

An 810 line has no amount: it is derived as quantity x price / base - allowances + charges, to the
cent, so that the lines can be compared with the stated total (TDS).
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from data import labels
from data.exchange.wire.edi_document import EdiDocument, EdiLine
from data.exchange.wire.errors import ExchangeError
from data.exchange.x12.elements import (
    article_at,
    cents_at,
    check_line_count,
    day_at,
    description,
    find_segment,
    first_element,
    heading,
    is_cancellation,
    loops,
    number_at,
    parties,
    price_at,
    reference,
    required,
    required_segment,
    unit_at,
    vendor,
)
from data.exchange.x12.segments import Segment, Transaction
from data.records import Problem

# An ASN is the vendor's own paper, as a packing slip is.
SHIP_NOTICE_TYPE = "packing_slip"
# Element 640, where it is sent: the others bill.
_BILL_TYPES = {"CR": "credit_memo", "CN": "credit_memo", "DR": "debit_memo", "DI": "debit_memo"}
# Element 426, reasons that are about units: damaged, quality, contested, wrong product, returns,
# weight, not received. A credit for another reason gives back money and no units.
_QUANTITY_REASONS = frozenset(
    {"04", "05", "06", "07", "11", "12", "13", "14", "15", "22", "59", "72"}
)
# Element 1300
_CHARGE_TYPES = {"D240": "freight", "D500": "handling"}
_CENT = Decimal("0.01")
_BUYERS = ("BY", "BT", "ST")


def read_invoice(transaction: Transaction) -> EdiDocument:
    """Return the invoice or credit memo of an 810."""
    begin = required_segment(transaction, "BIG")
    rows = list(loops(transaction.segments, "IT1"))
    check_line_count(transaction, len(rows), "IT1 lines")
    head = heading(transaction.segments, "IT1")
    document_segments = _segments_without_lines(transaction, rows)
    total = find_segment(document_segments, "TDS")
    invoice_total = None if total is None else cents_at(total, 1)
    total_tax = _tax_amount(document_segments)
    terms = find_segment(head, "ITD")
    fields = {
        "invoice_id": required(begin, 2),
        "invoice_date": day_at(begin, 1),
        "purchase_order": begin.element(4) or reference(head, "PO"),
        "currency": first_element(head, "CUR", 2),
        "due_date": None if terms is None else day_at(terms, 6),
        "delivery_date": _day_of(document_segments, ("035", "002")),
        "original_invoice_id": reference(head, "IV"),
        **vendor(head),
        "customer_name": _buyer_name(head),
        "invoice_total": invoice_total,
        "total_tax": total_tax,
    }
    code = begin.element(7)
    return EdiDocument(
        document_type=_BILL_TYPES.get(code, "invoice"),
        fields=_without_empty(fields),
        lines=tuple(_bill_line(transaction, line, loop_segments) for line, loop_segments in rows),
        charges=tuple(
            line for segment in document_segments if (line := _charge(segment)) is not None
        ),
        problems=_cancellation_problems(begin, 8, f"invoice {begin.element(2)}"),
        code_list="x12",
        type_code=f"810 {code}".strip(),
    )


def read_adjustment(transaction: Transaction) -> EdiDocument:
    """Return the credit or debit memo of an 812; lines with the opposite flag are negative."""
    begin = required_segment(transaction, "BCD")
    flag = _flag(begin, 5)
    head = heading(transaction.segments, "CDD")
    fields = {
        "invoice_id": required(begin, 2),
        "invoice_date": day_at(begin, 1),
        "original_invoice_id": begin.element(7) or reference(head, "IV"),
        "purchase_order": begin.element(9) or reference(head, "PO"),
        "currency": first_element(head, "CUR", 2),
        **vendor(head),
        "invoice_total": cents_at(begin, 4),
    }
    lines = []
    for line, loop_segments in loops(transaction.segments, "CDD"):
        is_opposite = _flag(line, 2) != flag
        item_segment = find_segment(loop_segments, "LIN")
        reason = required(line, 1)
        values = {
            "line_number": line.element(3),
            "amount": _with_sign(cents_at(line, 4), is_opposite),
            "description": description(loop_segments) or f"adjustment for reason {reason}",
            **({} if item_segment is None else article_at(item_segment, 2)),
        }
        of_units = reason in _QUANTITY_REASONS
        if of_units:
            values["quantity"] = _with_sign(number_at(line, 7), is_opposite)
            values["unit_code"] = transaction.component(line.element(8))
        lines.append(EdiLine(_without_empty(values), "item" if of_units else "allowance"))
    return EdiDocument(
        document_type="credit_memo" if flag == "C" else "debit_memo",
        fields=_without_empty(fields),
        lines=tuple(lines),
        code_list="x12",
        type_code=f"812 {flag}",
    )


def read_ship_notice(transaction: Transaction) -> EdiDocument:
    """Return the packing slip of an 856, with shipped quantities and orders by item."""
    begin = required_segment(transaction, "BSN")
    levels = list(loops(transaction.segments, "HL"))
    check_line_count(transaction, len(levels), "HL levels")
    orders: dict[str, str | None] = {}
    lines: list[EdiLine] = []
    for level, loop_segments in levels:
        number, parent = required(level, 1), level.element(2)
        if parent and parent not in orders:
            raise ExchangeError(f"{level.place_of(2)}: parent {parent!r} is not an earlier level")
        order_number = first_element(loop_segments, "PRF", 1)
        orders[number] = order_number or reference(loop_segments, "PO") or orders.get(parent)
        if level.element(3) == "I":
            lines.append(_shipped_line(transaction, level, loop_segments, orders[number]))
    order_numbers = {order for order in orders.values() if order}
    segments = transaction.segments
    shipment = required(begin, 2)
    fields = {
        labels.header_name("document_id", SHIP_NOTICE_TYPE): shipment,
        "despatch_advice_id": shipment,
        labels.header_name("document_date", SHIP_NOTICE_TYPE): _day_of(segments, ("011",))
        or day_at(begin, 3),
        "purchase_order": order_numbers.pop() if len(order_numbers) == 1 else None,
        **vendor(segments),
        "carrier_name": first_element(segments, "TD5", 5),
    }
    return EdiDocument(
        document_type=SHIP_NOTICE_TYPE,
        fields=_without_empty(fields),
        lines=tuple(lines),
        problems=_cancellation_problems(begin, 1, f"ship notice {shipment}"),
        code_list="x12",
        type_code="856",
    )


READERS: dict[str, Callable[[Transaction], EdiDocument]] = {
    "810": read_invoice,
    "812": read_adjustment,
    "856": read_ship_notice,
}


def _segments_without_lines(
    transaction: Transaction, rows: Sequence[tuple[Segment, Sequence[Segment]]]
) -> list[Segment]:
    """Return the segments of the document as a whole: those outside the loops of its lines."""
    line_segment_ids = {
        id(segment) for line, loop_segments in rows for segment in (line, *loop_segments)
    }
    return [segment for segment in transaction.segments if id(segment) not in line_segment_ids]


def _cancellation_problems(begin: Segment, number: int, document: str) -> tuple[Problem, ...]:
    """Return a problem where the purpose code in element `number` cancels the document."""
    if not is_cancellation(begin, number):
        return ()
    message = f"{document} is cancelled by its sender ({begin.name}{number:02d})"
    return (Problem("cancelled_by_sender", message),)


def _without_empty(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in values.items() if text}


def _day_of(segments: Sequence[Segment], qualifiers: tuple[str, ...]) -> str | None:
    """Return the day of the first DTM with one of these qualifiers (element 374)."""
    for qualifier in qualifiers:
        for segment in segments:
            if segment.name == "DTM" and segment.element(1) == qualifier:
                return day_at(segment, 2)
    return None


def _buyer_name(segments: Sequence[Segment]) -> str | None:
    known = parties(segments)
    return next((known[code].name for code in _BUYERS if code in known), None)


def _flag(segment: Segment, number: int) -> str:
    code = segment.element(number)
    if code not in ("C", "D"):
        raise ExchangeError(
            f"{segment.place_of(number)}: expected C (credit) or D (debit), got {code!r}"
        )
    return code


def _with_sign(number: str | None, is_negative: bool) -> str | None:
    return number if number is None or not is_negative else format(-Decimal(number), "f")


def _bill_line(
    transaction: Transaction, line: Segment, loop_segments: Sequence[Segment]
) -> EdiLine:
    unit = unit_at(transaction, line, 3)
    price = price_at(line, 4, unit)
    allowance, charge = _allowances(loop_segments)
    tax_amount = _tax_amount(loop_segments)
    quantity = number_at(line, 2)
    values: dict[str, str | None] = {
        "line_number": line.element(1),
        "quantity": quantity,
        "unit_code": transaction.component(line.element(3)),
        "discount_amount": format(allowance, "f") if allowance else None,
        "charge_amount": format(charge, "f") if charge else None,
        "tax_amount": tax_amount,
        "description": description(loop_segments),
        **article_at(line, 6),
    }
    values["po_number"] = values.get("po_number") or reference(loop_segments, "PO")
    if price is None:
        return EdiLine(_without_empty(values))
    if price.per_article or price.doubt:
        # The line does not state how many articles a package holds.
        stated = f"{price.amount} {line.element(5)}"
        return EdiLine(_without_empty(values), unread={"unit_price": stated})
    values |= {"unit_price": price.amount, "price_base_quantity": price.base}
    if quantity is None:
        return EdiLine(_without_empty(values))
    net = Decimal(quantity) * Decimal(price.amount) / Decimal(price.base or "1")
    net += charge - allowance
    values["amount"] = format(net.quantize(_CENT, ROUND_HALF_UP), "f")
    return EdiLine(_without_empty(values), derived={"amount": ("quantity", "unit_price")})


def _allowances(segments: Sequence[Segment]) -> tuple[Decimal, Decimal]:
    """Return (allowances, charges) of the SAC segments of a line, both positive."""
    sums = {"A": Decimal(0), "C": Decimal(0)}
    for segment in segments:
        amount = cents_at(segment, 5) if segment.name == "SAC" else None
        if amount is not None and segment.element(1) in sums:
            sums[segment.element(1)] += Decimal(amount)
    return sums["A"], sums["C"]


def _tax_amount(segments: Sequence[Segment]) -> str | None:
    """Return the sum of the TXI segments' taxes, None without any."""
    taxes = [
        Decimal(tax)
        for segment in segments
        if segment.name == "TXI" and (tax := number_at(segment, 2))
    ]
    return format(sum(taxes, Decimal(0)), "f") if taxes else None


def _charge(segment: Segment) -> EdiLine | None:
    """Return an allowance or charge on the whole invoice; None for other segments.

    SAC01 N is no allowance or charge; one without an amount only states terms.
    """
    amount = cents_at(segment, 5) if segment.name == "SAC" else None
    kind = segment.element(1)
    if amount is None or kind not in ("A", "C"):
        return None
    values = {
        "amount": _with_sign(amount, kind == "A"),
        "description": segment.element(15) or segment.element(2),
    }
    line_type = "allowance" if kind == "A" else _CHARGE_TYPES.get(segment.element(2), "fee")
    return EdiLine(_without_empty(values), line_type)


def _shipped_line(
    transaction: Transaction, level: Segment, loop_segments: Sequence[Segment], order: str | None
) -> EdiLine:
    item_segment = find_segment(loop_segments, "LIN")
    shipped = find_segment(loop_segments, "SN1")
    if shipped is None:
        raise ExchangeError(f"{level.place}: item level {level.element(1)!r} has no SN1 segment")
    values: dict[str, str | None] = {
        "line_number": None if item_segment is None else item_segment.element(1),
        "quantity_shipped": number_at(shipped, 2),
        "unit_code": transaction.component(shipped.element(3)),
        "quantity_ordered": _ordered(transaction, shipped),
        "po_number": order,
        "description": description(loop_segments),
        **({} if item_segment is None else article_at(item_segment, 2)),
    }
    return EdiLine(_without_empty(values))


def _ordered(transaction: Transaction, shipped: Segment) -> str | None:
    """Return the ordered quantity (SN105), where it is in the unit of the shipped quantity."""
    same = unit_at(transaction, shipped, 6) in (None, unit_at(transaction, shipped, 3))
    return number_at(shipped, 5) if same else None
