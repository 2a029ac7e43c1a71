"""X12 810, 812 and 856 -> documents.

810 invoice, 812 credit/debit adjustment, 856 ship notice. An 810 line has no amount: it is derived
as quantity x price / base - allowances + charges, to the cent, so that the lines can be held
against the printed total (TDS).
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
    first,
    heading,
    is_cancellation,
    loops,
    needed,
    number_at,
    parties,
    price_at,
    reference,
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
    """The invoice or credit memo of an 810."""
    begin = first(transaction, "BIG")
    rows = list(loops(transaction.segments, "IT1"))
    check_line_count(transaction, len(rows), "IT1 lines")
    head = heading(transaction.segments, "IT1")
    lined = {id(one) for line, inside in rows for one in (line, *inside)}
    whole = [one for one in transaction.segments if id(one) not in lined]
    total = next((cents_at(one, 1) for one in whole if one.name == "TDS"), None)
    taxes = [Decimal(tax) for one in whole if one.name == "TXI" and (tax := number_at(one, 2))]
    fields = {
        "invoice_id": needed(begin, 2),
        "invoice_date": day_at(begin, 1),
        "purchase_order": begin.element(4) or reference(head, "PO"),
        "currency": next((one.element(2) for one in head if one.name == "CUR"), None),
        "due_date": next((day_at(one, 6) for one in head if one.name == "ITD"), None),
        "delivery_date": _date(whole, ("035", "002")),
        "original_invoice_id": reference(head, "IV"),
        **vendor(head),
        "customer_name": _buyer(head),
        "invoice_total": total,
        "total_tax": format(sum(taxes, Decimal(0)), "f") if taxes else None,
    }
    code = begin.element(7)
    problems: tuple[Problem, ...] = ()
    if is_cancellation(begin, 8):
        message = f"invoice {begin.element(2)} is cancelled by its sender (BIG08)"
        problems = (Problem("cancelled_by_sender", message),)
    return EdiDocument(
        document_type=_BILL_TYPES.get(code, "invoice"),
        fields=_given(fields),
        lines=tuple(_bill_line(transaction, line, inside) for line, inside in rows),
        charges=tuple(line for one in whole if (line := _charge(one)) is not None),
        problems=problems,
        code_list="x12",
        type_code=f"810 {code}".strip(),
    )


def read_adjustment(transaction: Transaction) -> EdiDocument:
    """The credit or debit memo of an 812; a line with the other flag than the whole is negative."""
    begin = first(transaction, "BCD")
    flag = _flag(begin, 5)
    head = heading(transaction.segments, "CDD")
    fields = {
        "invoice_id": needed(begin, 2),
        "invoice_date": day_at(begin, 1),
        "original_invoice_id": begin.element(7) or reference(head, "IV"),
        "purchase_order": begin.element(9) or reference(head, "PO"),
        "currency": next((one.element(2) for one in head if one.name == "CUR"), None),
        **vendor(head),
        "invoice_total": cents_at(begin, 4),
    }
    lines = []
    for line, inside in loops(transaction.segments, "CDD"):
        against = _flag(line, 2) != flag
        named = next((one for one in inside if one.name == "LIN"), None)
        reason = needed(line, 1)
        values = {
            "line_number": line.element(3),
            "amount": _negated(cents_at(line, 4), against),
            "description": description(inside) or f"adjustment for reason {reason}",
            **({} if named is None else article_at(named, 2)),
        }
        of_units = reason in _QUANTITY_REASONS
        if of_units:
            values["quantity"] = _negated(number_at(line, 7), against)
            values["unit_code"] = transaction.component(line.element(8))
        lines.append(EdiLine(_given(values), "item" if of_units else "allowance"))
    return EdiDocument(
        document_type="credit_memo" if flag == "C" else "debit_memo",
        fields=_given(fields),
        lines=tuple(lines),
        code_list="x12",
        type_code=f"812 {flag}",
    )


def read_ship_notice(transaction: Transaction) -> EdiDocument:
    """The shipping paper of an 856: what its items say was shipped, on which order."""
    begin = first(transaction, "BSN")
    levels = list(loops(transaction.segments, "HL"))
    check_line_count(transaction, len(levels), "HL levels")
    orders: dict[str, str | None] = {}
    lines: list[EdiLine] = []
    for level, inside in levels:
        number, parent = needed(level, 1), level.element(2)
        if parent and parent not in orders:
            raise ExchangeError(f"{level.at(2)}: parent {parent!r} is no level before this one")
        named = next((one.element(1) for one in inside if one.name == "PRF"), None)
        orders[number] = named or reference(inside, "PO") or orders.get(parent)
        if level.element(3) == "I":
            lines.append(_shipped_line(transaction, level, inside, orders[number]))
    named_orders = {order for order in orders.values() if order}
    everything = transaction.segments
    shipment = needed(begin, 2)
    fields = {
        labels.header_name("document_id", SHIP_NOTICE_TYPE): shipment,
        "despatch_advice_id": shipment,
        labels.header_name("document_date", SHIP_NOTICE_TYPE): _date(everything, ("011",))
        or day_at(begin, 3),
        "purchase_order": named_orders.pop() if len(named_orders) == 1 else None,
        **vendor(everything),
        "carrier_name": next((one.element(5) for one in everything if one.name == "TD5"), None),
    }
    problems: tuple[Problem, ...] = ()
    if is_cancellation(begin, 1):
        message = f"ship notice {shipment} is cancelled by its sender (BSN01)"
        problems = (Problem("cancelled_by_sender", message),)
    return EdiDocument(
        document_type=SHIP_NOTICE_TYPE,
        fields=_given(fields),
        lines=tuple(lines),
        problems=problems,
        code_list="x12",
        type_code="856",
    )


READERS: dict[str, Callable[[Transaction], EdiDocument]] = {
    "810": read_invoice,
    "812": read_adjustment,
    "856": read_ship_notice,
}


def _given(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in values.items() if text}


def _date(segments: Sequence[Segment], qualifiers: tuple[str, ...]) -> str | None:
    """The day of the first DTM with one of these qualifiers (element 374)."""
    for qualifier in qualifiers:
        for one in segments:
            if one.name == "DTM" and one.element(1) == qualifier:
                return day_at(one, 2)
    return None


def _buyer(segments: Sequence[Segment]) -> str | None:
    known = parties(segments)
    return next((known[code].name for code in _BUYERS if code in known), None)


def _flag(segment: Segment, number: int) -> str:
    code = segment.element(number)
    if code not in ("C", "D"):
        raise ExchangeError(f"{segment.at(number)}: want C (credit) or D (debit), got {code!r}")
    return code


def _negated(number: str | None, against: bool) -> str | None:
    return number if number is None or not against else format(-Decimal(number), "f")


def _bill_line(transaction: Transaction, line: Segment, inside: Sequence[Segment]) -> EdiLine:
    unit = unit_at(transaction, line, 3)
    price = price_at(line, 4, unit)
    allowance, charge = _allowances(inside)
    taxes = [Decimal(tax) for one in inside if one.name == "TXI" and (tax := number_at(one, 2))]
    quantity = number_at(line, 2)
    values: dict[str, str | None] = {
        "line_number": line.element(1),
        "quantity": quantity,
        "unit_code": transaction.component(line.element(3)),
        "discount_amount": format(allowance, "f") if allowance else None,
        "charge_amount": format(charge, "f") if charge else None,
        "tax_amount": format(sum(taxes, Decimal(0)), "f") if taxes else None,
        "description": description(inside),
        **article_at(line, 6),
    }
    values["po_number"] = values.get("po_number") or reference(inside, "PO")
    if price is None:
        return EdiLine(_given(values))
    if price.per_article or price.doubt:
        # How many articles a package holds is not on the line.
        stated = f"{price.amount} {line.element(5)}"
        return EdiLine(_given(values), unread={"unit_price": stated})
    values |= {"unit_price": price.amount, "price_base_quantity": price.base}
    if quantity is None:
        return EdiLine(_given(values))
    net = Decimal(quantity) * Decimal(price.amount) / Decimal(price.base or "1")
    net += charge - allowance
    values["amount"] = format(net.quantize(_CENT, ROUND_HALF_UP), "f")
    return EdiLine(_given(values), derived={"amount": ("quantity", "unit_price")})


def _allowances(segments: Sequence[Segment]) -> tuple[Decimal, Decimal]:
    """(allowances, charges) of the SAC segments of a line, both positive."""
    sums = {"A": Decimal(0), "C": Decimal(0)}
    for one in segments:
        amount = cents_at(one, 5) if one.name == "SAC" else None
        if amount is not None and one.element(1) in sums:
            sums[one.element(1)] += Decimal(amount)
    return sums["A"], sums["C"]


def _charge(segment: Segment) -> EdiLine | None:
    """An allowance or charge on the whole invoice; None for other segments and ones without money.

    SAC01 N is no allowance or charge; one without an amount is a statement of terms.
    """
    amount = cents_at(segment, 5) if segment.name == "SAC" else None
    kind = segment.element(1)
    if amount is None or kind not in ("A", "C"):
        return None
    values = {
        "amount": _negated(amount, kind == "A"),
        "description": segment.element(15) or segment.element(2),
    }
    line_type = "allowance" if kind == "A" else _CHARGE_TYPES.get(segment.element(2), "fee")
    return EdiLine(_given(values), line_type)


def _shipped_line(
    transaction: Transaction, level: Segment, inside: Sequence[Segment], order: str | None
) -> EdiLine:
    named = next((one for one in inside if one.name == "LIN"), None)
    shipped = next((one for one in inside if one.name == "SN1"), None)
    if shipped is None:
        raise ExchangeError(f"{level.place}: item level {level.element(1)!r} has no SN1 segment")
    values: dict[str, str | None] = {
        "line_number": None if named is None else named.element(1),
        "quantity_shipped": number_at(shipped, 2),
        "unit_code": transaction.component(shipped.element(3)),
        "quantity_ordered": _ordered(transaction, shipped),
        "po_number": order,
        "description": description(inside),
        **({} if named is None else article_at(named, 2)),
    }
    return EdiLine(_given(values))


def _ordered(transaction: Transaction, shipped: Segment) -> str | None:
    """SN105, where it is in the unit of the shipped quantity."""
    same = unit_at(transaction, shipped, 6) in (None, unit_at(transaction, shipped, 3))
    return number_at(shipped, 5) if same else None
