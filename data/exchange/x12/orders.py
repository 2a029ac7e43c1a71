"""X12 order data: 850 purchase order, 860 order change, 861 receiving advice, 812 claims.

An 812 is an adjustment: a claim that was raised already. Codes are those of release 004010.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from data.exchange.wire.contents import (
    Action,
    Basis,
    FileContents,
    LineChange,
    OrderChange,
    Receipt,
    ReceiptEntry,
)
from data.exchange.wire.errors import ExchangeError
from data.exchange.x12.conditions import (
    PricedQuantity,
    line_allowances,
    order_conditions,
    payment_terms,
)
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
    pack_factor,
    price_at,
    reference,
    required,
    required_number,
    required_segment,
    unit_at,
    vendor,
)
from data.exchange.x12.segments import Segment, Transaction

# Element 670. Changes of dates, terms, routing and whole-order charges leave the lines alone; a
# change of a line's charges (CE) leaves its price unknown.
_ACTIONS: dict[str, Action] = {
    "AI": "add",
    "DI": "delete",
    **dict.fromkeys(("CA", "MU", "PC", "PQ", "PR", "QC", "QD", "QI"), "set"),
    **dict.fromkeys(("RE", "RM", "RQ", "RZ"), "set"),
    **dict.fromkeys(("CB", "CC", "CG", "CT", "NC", "RA", "RB", "RS"), "keep"),
    "CE": "set",
}
_ALLOWANCE_CHANGE = "CE"
# Element 374: effective, period start; expiration, period end.
_VALIDITY = {"007": "valid_from", "196": "valid_from", "036": "valid_to", "197": "valid_to"}
# Element 146: collect, prepaid by the seller, prepaid but charged to the customer.
_FREIGHT_TERMS = {"CC": "collect", "PP": "prepaid", "PC": "prepaid_and_add"}
_DIRECTIONS = {"QI": 1, "QD": -1}
_CANCEL_ORDER = "CF"
# Element 962: receiving dock advice, post receipt advice. The others certify acceptance in ways
# that differ by partner.
_RECEIVED_TYPES = ("1", "2")
# Element 412: damaged, quality problem, rejected; and returned to the supplier.
_REJECTED = frozenset({"01", "04", "08"})
_RETURNED = frozenset({"12"})
# Element 738: actual net weight. Other weights include the packing or are of a pallet.
_NET_WEIGHT = "N"
# Triples of quantity in question, unit and condition in RCD.
_IN_QUESTION = range(6, 19, 3)


def read_purchase_order(transaction: Transaction, left_out: list[str]) -> dict[str, Any]:
    """Return the order of an 850; `left_out` receives notes on its unused content."""
    begin = required_segment(transaction, "BEG")
    if is_cancellation(begin, 1):
        raise ExchangeError(
            f"{begin.place_of(1)}: cancels the order; no order is left to compare with"
        )
    rows = list(loops(transaction.segments, "PO1"))
    check_line_count(transaction, len(rows), "PO1 lines")
    if not rows:
        raise ExchangeError(
            f"{transaction.place}: has no PO1 segment; an order needs at least one line"
        )
    head = heading(transaction.segments, "PO1")
    unnumbered = [line for line, _ in rows if not line.element(1)]
    if unnumbered and len(unnumbered) < len(rows):
        raise ExchangeError(
            f"{unnumbered[0].place_of(1)}: is missing while other lines have a number"
        )
    values: dict[str, Any] = {
        "po_number": required(begin, 3),
        "order_date": day_at(begin, 5),
        "currency": first_element(head, "CUR", 2),
        **vendor(head),
        "freight_terms": _freight_terms(head),
        "payment_terms": payment_terms(head, left_out),
        **order_conditions(head, left_out),
        # A vendor who receives orders by X12 prints its codes on paper as well.
        "unit_code_list": "x12",
        "lines": [
            {
                "po_line_number": line.element(1) or str(count),
                "quantity_ordered": required_number(line, 2),
                **_line_values(transaction, line, loop_segments, left_out),
            }
            for count, (line, loop_segments) in enumerate(rows, start=1)
        ],
    }
    return {key: value for key, value in values.items() if value}


def _freight_terms(head: Sequence[Segment]) -> str | None:
    """Return who pays the freight, by FOB01 (element 146); None for other than our three terms."""
    terms = find_segment(head, "FOB")
    return None if terms is None else _FREIGHT_TERMS.get(terms.element(1))


def read_order_change(transaction: Transaction, left_out: list[str]) -> OrderChange:
    """Return the change of an 860; lines it does not list stay unchanged."""
    begin = required_segment(transaction, "BCH")
    rows = list(loops(transaction.segments, "POC"))
    check_line_count(transaction, len(rows), "POC lines")
    sequence = begin.element(5)
    codes = {line.element(2) for line, _ in rows}
    return OrderChange(
        po_number=required(begin, 3),
        lines=tuple(
            _line_change(transaction, line, loop_segments, left_out)
            for line, loop_segments in rows
            if line.element(2) != _CANCEL_ORDER
        ),
        place=begin.place,
        sequence=int(sequence) if sequence.isascii() and sequence.isdigit() else None,
        cancels=is_cancellation(begin, 1) or _CANCEL_ORDER in codes,
    )


def read_receiving_advice(transaction: Transaction, stated: Basis | None) -> Receipt:
    """Return the receipt of an 861; a cancellation is a receipt of its own with reversed lines.

    `stated` is the partners' agreement on RCD02 ("received or accepted"). Raises `ExchangeError`
    where neither that nor the type of advice decides it.
    """
    begin = required_segment(transaction, "BRA")
    basis: Basis | None = stated or ("received" if begin.element(4) in _RECEIVED_TYPES else None)
    if basis is None:
        raise ExchangeError(
            f"{begin.place_of(4)}: type {begin.element(4)!r} does not state whether RCD02 is "
            "received or accepted; set it in the mapping (x12: {rcd02: accepted})"
        )
    is_reversed = is_cancellation(begin, 3)
    number = required(begin, 1)
    values: dict[str, Any] = {"receipt_id": f"{number} (cancelled)" if is_reversed else number}
    day = day_at(begin, 2)
    if day is not None:
        values["received_at"] = day
    rows = list(loops(transaction.segments, "RCD"))
    check_line_count(transaction, len(rows), "RCD lines")
    if not rows:
        raise ExchangeError(
            f"{transaction.place}: has no RCD segment; a receipt needs at least one line"
        )
    order = _order_number(heading(transaction.segments, "RCD"))
    lines = tuple(
        _receipt_entry(transaction, line, loop_segments, order, basis, is_reversed)
        for line, loop_segments in rows
    )
    return Receipt(values, lines)


def read_claims(transaction: Transaction) -> tuple[dict[str, Any], ...]:
    """Return the claims of an 812: one per adjusted line, debits positive, credits negative."""
    begin = required_segment(transaction, "BCD")
    invoice = begin.element(7) or reference(transaction.segments, "IV")
    if not invoice:
        raise ExchangeError(
            f"{begin.place_of(7)}: is missing; a claim needs the number of its invoice"
        )
    claim = {"claim_id": required(begin, 2), "invoice_id": invoice}
    rows = list(loops(transaction.segments, "CDD"))
    if not rows:
        amount = _signed_number(cents_at(begin, 4), begin, 5)
        return (claim | {"kind": "812"} | ({"amount": amount} if amount else {}),)
    claims = []
    for line, _ in rows:
        values = {
            "kind": f"426 {required(line, 1)}",
            "line": line.element(3) or None,
            "amount": _signed_number(cents_at(line, 4), line, 2),
            "quantity": _signed_number(number_at(line, 7), line, 2),
        }
        claims.append(claim | {key: text for key, text in values.items() if text})
    return tuple(claims)


def read_order_data(
    transaction: Transaction, name: str, basis: Basis | None
) -> FileContents | None:
    """Return the order data in a transaction; None for one of another kind."""
    left_out: list[str] = []
    if transaction.code == "850":
        order = read_purchase_order(transaction, left_out)
        return FileContents(name, orders=(order,), left_out=tuple(left_out))
    if transaction.code == "860":
        change = read_order_change(transaction, left_out)
        return FileContents(name, changes=(change,), left_out=tuple(left_out))
    if transaction.code == "861":
        return FileContents(name, receipts=(read_receiving_advice(transaction, basis),))
    return None


def _line_values(
    transaction: Transaction, line: Segment, loop_segments: Sequence[Segment], left_out: list[str]
) -> dict[str, Any]:
    """Return unit, price, article and pack of a PO1 or POC."""
    # POC has a change code before the quantity, and the quantity left to receive after it.
    unit_place = 5 if line.name == "POC" else 3
    unit = unit_at(transaction, line, unit_place)
    article = article_at(line, unit_place + 3)
    values: dict[str, Any] = {
        name: text for name, text in article.items() if name not in ("po_line_number", "po_number")
    }
    if unit is not None:
        values["unit_code"] = unit
    values |= _price(line, unit_place + 1, unit, loop_segments, left_out)
    priced = PricedQuantity(
        number_at(line, 3 if line.name == "POC" else 2),
        values.get("price_unit_code", unit),
        values.get("price_base_quantity", "1"),
    )
    if allowances := line_allowances(transaction, loop_segments, priced, left_out):
        values["allowances"] = allowances
    item_description = description(loop_segments)
    if item_description is not None:
        values["description"] = item_description
    factor = pack_factor(loop_segments, unit)
    if factor is not None:
        values["pack_factors"] = {unit: factor}
    return values


def _price(
    line: Segment,
    number: int,
    unit: str | None,
    loop_segments: Sequence[Segment],
    left_out: list[str],
) -> dict[str, Any]:
    """Return the price in the form of an order line; None in place of an incomparable one."""
    price = price_at(line, number, unit)
    charged = any(segment.name == "SAC" and segment.element(1) == "C" for segment in loop_segments)
    if charged or (price is not None and price.doubt):
        # A bill with the agreed charge would look like one with too high a price.
        doubt = "the line has a charge beside it (SAC)" if charged else price and price.doubt
        left_out.append(f"{line.place_of(number)}: the price is left out: {doubt}")
        return {"unit_price": None}
    if price is None:
        return {}
    values: dict[str, Any] = {"unit_price": price.amount}
    if price.base is not None:
        values["price_base_quantity"] = price.base
    if price.per_article:
        values["price_unit_code"] = "EA"
    return values


def _line_change(
    transaction: Transaction, line: Segment, loop_segments: Sequence[Segment], left_out: list[str]
) -> LineChange:
    code = required(line, 2)
    action = _ACTIONS.get(code)
    if action is None:
        raise ExchangeError(
            f"{line.place_of(2)}: change {code!r} (element 670) cannot be applied; "
            f"supported are {', '.join(sorted((*_ACTIONS, _CANCEL_ORDER)))}"
        )
    number = required(line, 1)
    if action in ("delete", "keep"):
        return LineChange(number, action, {}, line.place)
    if code == _ALLOWANCE_CHANGE:
        left_out.append(f"{line.place_of(2)}: the line's charges change; its price is left out")
        return LineChange(number, action, {"unit_price": None}, line.place)
    values = _line_values(transaction, line, loop_segments, left_out)
    quantity = number_at(line, 3)
    if quantity is not None:
        values["quantity_ordered"] = quantity
    values = _with_price_version(values, loop_segments)
    return LineChange(number, action, values, line.place, _DIRECTIONS.get(code, 0))


def _with_price_version(values: dict[str, Any], loop_segments: Sequence[Segment]) -> dict[str, Any]:
    """Return the values with the price as a price version, where the change states its dates."""
    days = {
        name: day
        for segment in loop_segments
        if segment.name == "DTM" and (name := _VALIDITY.get(segment.element(1))) is not None
        if (day := day_at(segment, 2)) is not None
    }
    price = values.get("unit_price")
    if not days or price is None or "price_unit_code" in values:
        return values
    version = {"unit_price": price, "price_base_quantity": values.get("price_base_quantity", "1")}
    rest = {k: v for k, v in values.items() if k not in ("unit_price", "price_base_quantity")}
    return rest | {"price_versions": [version | days]}


def _order_number(segments: Sequence[Segment]) -> str | None:
    """Return the purchase order number in PRF or REF*PO."""
    prf_number = first_element(segments, "PRF", 1)
    return prf_number or reference(segments, "PO")


def _receipt_entry(
    transaction: Transaction,
    line: Segment,
    loop_segments: Sequence[Segment],
    order: str | None,
    basis: Basis,
    is_reversed: bool,
) -> ReceiptEntry:
    item_segment = find_segment(loop_segments, "LIN")
    article = {} if item_segment is None else article_at(item_segment, 2)
    unit = unit_at(transaction, line, 3)
    stated = Decimal(required_number(line, 2))
    rejected, returned = _rejected_and_returned(transaction, line, unit)
    # `quantity_received` is all that arrived; an accepted quantity excludes rejected and returned.
    received = stated if basis == "received" else stated + rejected + returned
    values: dict[str, Any] = {
        "quantity_received": format(received, "f"),
        "quantity_rejected": format(rejected, "f"),
        "quantity_returned": format(returned, "f"),
        "reversed": is_reversed,
        "quantity_basis": basis,
    }
    references = {
        "po_line_number": article.pop("po_line_number", None),
        "po_number": article.pop("po_number", None) or _order_number(loop_segments) or order,
        "receipt_line": line.element(1),
        "unit_code": unit,
    }
    values |= {key: text for key, text in references.items() if text}
    number = (item_segment.element(1) if item_segment is not None else "") or line.element(1)
    weight = _net_weight(transaction, loop_segments)
    return ReceiptEntry(values, article, line.place, number or None, weight)


def _net_weight(
    transaction: Transaction, loop_segments: Sequence[Segment]
) -> tuple[str, str] | None:
    """Return (weight, unit) of the one MEA that states the received net weight."""
    weights = {
        (weight, unit)
        for segment in loop_segments
        if segment.name == "MEA" and segment.element(2) == _NET_WEIGHT
        if (weight := number_at(segment, 3)) and (unit := unit_at(transaction, segment, 4))
    }
    return weights.pop() if len(weights) == 1 else None


def _rejected_and_returned(
    transaction: Transaction, line: Segment, unit: str | None
) -> tuple[Decimal, Decimal]:
    """Return (rejected, returned) units of a line, all in its one unit."""
    rejected, returned = Decimal(0), Decimal(number_at(line, 4) or "0")
    if unit_at(transaction, line, 5) not in (None, unit):
        raise ExchangeError(
            f"{line.place_of(5)}: is not in the unit of RCD03; give one unit per line"
        )
    for position in _IN_QUESTION:
        quantity, condition = number_at(line, position), line.element(position + 2)
        if quantity is None or condition not in _REJECTED | _RETURNED:
            continue
        if unit_at(transaction, line, position + 1) not in (None, unit):
            raise ExchangeError(
                f"{line.place_of(position + 1)}: is not in the unit of RCD03; "
                "give one unit per line"
            )
        if condition in _REJECTED:
            rejected += Decimal(quantity)
        else:
            returned += Decimal(quantity)
    return rejected, returned


def _signed_number(number: str | None, segment: Segment, flag: int) -> str | None:
    """Return the number, negative for a credit (element 478)."""
    code = segment.element(flag)
    if code not in ("C", "D"):
        raise ExchangeError(
            f"{segment.place_of(flag)}: expected C (credit) or D (debit), got {code!r}"
        )
    if number is None:
        return None
    return format(-Decimal(number), "f") if code == "C" else number
