"""Goods ordered by estimate and paid by weight: the billed weight of a row that counts packages."""

from dataclasses import replace

from serving.matching.billed import BilledItem
from serving.matching.line_units import LineUnits
from serving.matching.variances import price_text, quantity_text


def weighed(billed: BilledItem, units: LineUnits) -> BilledItem:
    """The row in the unit its goods are weighed in, where they are paid by weight.

    A row of "10 CS at 3.20, 790.40" bills 790.40 / 3.20 = 247 pounds: amount and price say the
    weight, because quantity x price does not give the amount.
    """
    leaf = billed.item.unit_price
    price = None if leaf is None else leaf.decimal
    weighs = units.line.catch_weight and billed.off_by is not None and billed.amount is not None
    if not weighs or not price or billed.amount is None or leaf is None:
        return billed
    base = units.line.price_base_quantity
    per_unit = abs(billed.amount / type(billed.amount)(price)) * type(billed.amount)(base)
    signed = per_unit if billed.amount > 0 else -per_unit
    amount = billed.item.amount
    cells = {"unit_price": leaf} | ({} if amount is None else {"amount": amount})
    note = (
        f"paid by weight: {quantity_text(signed)} {units.name} is the amount / {price_text(price)}"
    )
    return replace(
        billed,
        quantity=signed,
        unit=units.name,
        price=abs(billed.amount / signed),
        quantity_cells=cells,
        price_cells={"unit_price": leaf},
        off_by=None,
        notes=(*billed.notes, note),
    )
