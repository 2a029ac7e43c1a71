"""Values that are not printed: derived from quantity, unit price, amount and printed total.

Each names the values it was derived from, and its confidence never exceeds theirs. A quantity that
price and amount imply is as sure as they are, times the share of such quantities that calibration
found right; not measured, and for other values that only arithmetic chose, it gets at most
`UNTAGGED_LIMIT`: a person looks before a claim.
"""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from data.records import Alternative, Field, LineItem
from data.values.document_values import derive_unit_price, sign_on_quantity

COLUMNS = ("quantity", "unit_price", "amount")
UNTAGGED_LIMIT = 0.85  # confidence of a value only arithmetic chose: a person looks before a claim
MAX_UNITS = 100_000  # of a quantity that price and amount imply
_CENT = Decimal("0.01")


def derive_missing(leaves: dict[str, Field]) -> None:
    """Move signs onto the quantity, and derive a missing price or amount from the other two."""
    quantity, price, amount = (decimal_of(leaves.get(column)) for column in COLUMNS)
    printed_base = leaves.get("price_base_quantity")
    base = Decimal(1) if printed_base is None else printed_base.decimal
    if quantity is not None and price is not None and price < 0:
        signed, unsigned = sign_on_quantity(quantity, price)
        leaves["quantity"] = _with_value(leaves["quantity"], signed)
        leaves["unit_price"] = _with_value(leaves["unit_price"], unsigned)
        quantity, price = signed, unsigned
    if base is None or base <= 0:  # printed but not readable: any price would be a guess
        return
    if price is None and "unit_price" not in leaves and quantity and amount is not None:
        derived = derive_unit_price(quantity, amount, base)
        # Four decimals more than money has: enough to give the amount back.
        fine = None if derived is None else _round_to(derived, Decimal("0.000001"))
        if fine is not None and fine >= 0:
            cents = _round_to(fine, _CENT)
            plain = cents if cents == fine else fine.normalize()
            leaves["unit_price"] = _derived_field(plain, leaves, ("quantity", "amount"))
    elif amount is None and "amount" not in leaves and quantity is not None and price is not None:
        total = _round_to(quantity * price / base, _CENT)
        if total is not None:
            leaves["amount"] = _derived_field(total, leaves, ("quantity", "unit_price"))


def with_quantity(line: LineItem, share_right: float | None = None) -> LineItem:
    """Return the line with the whole number of units that its price and amount imply.

    Only where it has no quantity. For documents with a column of quantities only: where no line has
    one there is none to find. `share_right` of such quantities are right where price and amount
    are; None: not measured.
    """
    price, amount = line.unit_price, line.amount
    if line.quantity is not None or price is None or amount is None:
        return line
    if "derived" in (price.source, amount.source):
        return line
    if price.decimal is None or amount.decimal is None or price.decimal <= 0:
        return line
    base = decimal_of(line.price_base_quantity) or Decimal(1)
    units = whole_units(amount.decimal * base, price.decimal)
    if units is None:
        return line
    parents = {"unit_price": price, "amount": amount}
    leaf = _derived_field(units, parents, ("unit_price", "amount"))
    # It was not read: the number of units billed may not be the number that was counted
    limited = min(leaf.confidence, UNTAGGED_LIMIT)
    confidence = limited if share_right is None else leaf.confidence * share_right
    return replace(line, quantity=replace(leaf, confidence=confidence))


def whole_units(amount: Decimal, price: Decimal) -> Decimal | None:
    """The amount over the price, which is not 0; None where that is no whole number."""
    units = amount / price
    if units == 0 or units != units.to_integral_value() or abs(units) > MAX_UNITS:
        return None
    return Decimal(int(units))


def other_amounts(line: LineItem) -> list[Decimal]:
    """Other readings of the line's amount, likeliest first.

    Among them the product of quantity and price; none where that is the amount read, or where the
    price was derived from the amount.
    """
    quantity, price, amount = line.quantity, line.unit_price, line.amount
    if amount is None or (price is not None and price.source == "derived"):
        return []
    others = [other.value for other in amount.alternatives if isinstance(other.value, Decimal)]
    units, base = decimal_of(quantity), decimal_of(line.price_base_quantity) or Decimal(1)
    if units is not None and price is not None and price.decimal is not None:
        extended = _round_to(units * price.decimal / base, _CENT)
        if extended == amount.decimal and abs(units) != 1:
            return []
        if extended is not None and extended not in (amount.decimal, *others):
            others.append(extended)
    return others


def with_amount(line: LineItem, amount: Decimal) -> LineItem:
    """Return the line with the reading of its amount that the printed total chose."""
    leaf = line.amount
    if leaf is None or leaf.value is None:
        raise ValueError("the line has no amount to replace by another reading")
    first = Alternative(leaf.value, leaf.confidence)
    rest = [other for other in leaf.alternatives if other.value != amount]
    chosen = replace(
        leaf,
        value=amount,
        confidence=UNTAGGED_LIMIT,
        source="derived",
        alternatives=(first, *rest)[:3],
        derived_from=("invoice_total",),
    )
    return replace(line, amount=chosen)


def _round_to(value: Decimal, step: Decimal) -> Decimal | None:
    """Round to the step, half up; None when the value has more digits than any money."""
    try:
        return value.quantize(step, ROUND_HALF_UP)
    except InvalidOperation:
        return None


def _derived_field(value: Decimal, leaves: dict[str, Field], parents: tuple[str, str]) -> Field:
    weakest = min((leaves[name] for name in parents), key=lambda leaf: leaf.confidence)
    return Field(
        value,
        confidence=weakest.confidence,
        page=weakest.page,
        polygon=weakest.polygon,
        source="derived",
        derived_from=parents,
    )


def _with_value(leaf: Field, value: Decimal) -> Field:
    return Field(value, leaf.raw_text, leaf.confidence, leaf.page, leaf.polygon, leaf.source)


def decimal_of(leaf: Field | None) -> Decimal | None:
    return None if leaf is None else leaf.decimal
