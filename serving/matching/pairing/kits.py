"""Kits that are billed by their parts: rows of parts as one row of whole kits."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from data.order_records import Component, OrderLine, UnitCodeList
from data.records import Field
from data.values.units import convert
from serving.matching.findings.arithmetic import quantity_text
from serving.matching.pairing.assignment import Assignment
from serving.matching.pairing.billed_line import BilledItem

Chosen = tuple[BilledItem, Assignment]


def assemble_kits(chosen: Sequence[Chosen], code_list: UnitCodeList | None) -> list[Chosen]:
    """With the rows of a kit's parts on one document as one row, in the place of the first part."""
    parts: dict[tuple[str, str], list[Chosen]] = {}
    for one, choice in chosen:
        if choice.component is not None:
            parts.setdefault(_kit(one, choice), []).append((one, choice))
    assembled, done = [], set()
    for one, choice in chosen:
        if choice.component is None:
            assembled.append((one, choice))
        elif (kit := _kit(one, choice)) not in done:
            done.add(kit)
            assembled.append(_assembled(parts[kit], code_list))
    return assembled


def _kit(one: BilledItem, choice: Assignment) -> tuple[str, str]:
    line = choice.order_line
    number = "" if line is None else f"{line.po_number or ''}/{line.po_line_number}"
    return one.document.document_id, number


def _assembled(parts: Sequence[Chosen], code_list: UnitCodeList | None) -> Chosen:
    """One row of kits; its price is what the parts of one kit cost together."""
    first, choice = parts[0]
    line = choice.order_line
    if line is None:
        raise ValueError(f"{first.place}: a part of a kit without the kit's PO line")
    kits, doubts = _kits(parts, line, code_list)
    amounts = [_amount(one) for one, _ in parts]
    value: Fraction | None = None
    if all(amount is not None for amount in amounts):
        value = sum((amount or Fraction(0) for amount in amounts), Fraction(0))
    weakest = min((own for _, own in parts), key=lambda own: own.score)
    numbers = ", ".join(str(one.number) for one, _ in parts)
    row = replace(
        first,
        quantity=kits,
        unit=line.unit_code,
        price=None if value is None or not kits else abs(value / kits),
        amount=value,
        quantity_cells=_cells(parts, money=False),
        price_cells=_cells(parts, money=True),
        notes=(
            f"lines {numbers} are the parts of a kit",
            *(note for one, _ in parts for note in one.notes),
        ),
        doubts=(*doubts, *(doubt for one, _ in parts for doubt in one.doubts)),
        off_by=next((one.off_by for one, _ in parts if one.off_by is not None), None),
        discount=None,
        price_from_amount=True,
        assembled=True,
    )
    return row, replace(weakest, component=None)


def _kits(
    parts: Sequence[Chosen], line: OrderLine, code_list: UnitCodeList | None
) -> tuple[Fraction | None, list[str]]:
    """(whole kits that all parts make, why that is in doubt)."""
    counts: list[Fraction] = []
    for component in line.components:
        own = [one for one, choice in parts if choice.component == component]
        pieces = [_pieces(one, code_list) for one in own]
        if any(count is None for count in pieces):
            return None, ["a part of a kit is billed in a unit without a factor to pieces"]
        whole = sum((count or Fraction(0) for count in pieces), Fraction(0))
        counts.append(whole / Fraction(component.quantity))
    if len(set(counts)) == 1:
        return counts[0], []
    fewest = min(counts, key=abs)
    said = ", ".join(
        f"{_named(component)} for {quantity_text(count)}"
        for component, count in zip(line.components, counts, strict=True)
    )
    return fewest or None, [f"the billed parts do not make whole kits: {said}"]


def _pieces(one: BilledItem, code_list: UnitCodeList | None) -> Fraction | None:
    if one.quantity is None:
        return None
    size = convert(Decimal(1), one.unit or "EA", "EA", {}, code_list)
    return None if size is None else one.quantity * Fraction(size)


def _amount(one: BilledItem) -> Fraction | None:
    """What a row asks for: quantity x price where that is exact, else the printed amount."""
    if one.price is not None and one.quantity is not None and not one.price_from_amount:
        return one.price * one.quantity
    return one.amount


def _cells(parts: Sequence[Chosen], *, money: bool) -> dict[str, Field]:
    return {
        f"line {one.number} {name}": cell
        for one, _ in parts
        for name, cell in (one.price_cells if money else one.quantity_cells).items()
    }


def _named(component: Component) -> str:
    return component.description or component.product_code or component.gtin or "a part"
