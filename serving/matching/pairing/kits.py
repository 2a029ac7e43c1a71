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
    """Return the rows, a kit's parts on one document as one row in the place of the first part."""
    parts: dict[tuple[str, str], list[Chosen]] = {}
    for item, choice in chosen:
        if choice.component is not None:
            parts.setdefault(_kit_key(item, choice), []).append((item, choice))
    assembled, done = [], set()
    for item, choice in chosen:
        if choice.component is None:
            assembled.append((item, choice))
        elif (kit := _kit_key(item, choice)) not in done:
            done.add(kit)
            assembled.append(_assemble_kit(parts[kit], code_list))
    return assembled


def _kit_key(item: BilledItem, choice: Assignment) -> tuple[str, str]:
    line = choice.order_line
    number = "" if line is None else f"{line.po_number or ''}/{line.po_line_number}"
    return item.document.document_id, number


def _assemble_kit(parts: Sequence[Chosen], code_list: UnitCodeList | None) -> Chosen:
    """Return one row of kits; its price is what the parts of one kit cost together."""
    first, choice = parts[0]
    line = choice.order_line
    if line is None:
        raise ValueError(f"{first.place}: the part of a kit has no PO line")
    kits, doubts = _count_kits(parts, line, code_list)
    amounts = [_amount(item) for item, _ in parts]
    value: Fraction | None = None
    if all(amount is not None for amount in amounts):
        value = sum((amount or Fraction(0) for amount in amounts), Fraction(0))
    weakest = min((assignment for _, assignment in parts), key=lambda assignment: assignment.score)
    numbers = ", ".join(str(item.number) for item, _ in parts)
    row = replace(
        first,
        quantity=kits,
        unit=line.unit_code,
        price=None if value is None or not kits else abs(value / kits),
        amount=value,
        quantity_cells=_cells(parts, money=False),
        price_cells=_cells(parts, money=True),
        notes=(
            f"lines {numbers} are the parts of one kit",
            *(note for item, _ in parts for note in item.notes),
        ),
        doubts=(*doubts, *(doubt for item, _ in parts for doubt in item.doubts)),
        off_by=next((item.off_by for item, _ in parts if item.off_by is not None), None),
        discount=None,
        price_from_amount=True,
        assembled=True,
    )
    return row, replace(weakest, component=None)


def _count_kits(
    parts: Sequence[Chosen], line: OrderLine, code_list: UnitCodeList | None
) -> tuple[Fraction | None, list[str]]:
    """Return the whole kits that all parts make, and sentences on why that is in doubt."""
    counts: list[Fraction] = []
    for component in line.components:
        component_items = [item for item, choice in parts if choice.component == component]
        pieces = [_pieces(item, code_list) for item in component_items]
        if any(count is None for count in pieces):
            return None, ["a part of a kit is billed in a unit that cannot be converted to pieces"]
        whole = sum((count or Fraction(0) for count in pieces), Fraction(0))
        counts.append(whole / Fraction(component.quantity))
    if len(set(counts)) == 1:
        return counts[0], []
    fewest = min(counts, key=abs)
    counts_text = ", ".join(
        f"{_component_name(component)} for {quantity_text(count)}"
        for component, count in zip(line.components, counts, strict=True)
    )
    return fewest or None, [f"the billed parts do not make up whole kits: {counts_text}"]


def _pieces(item: BilledItem, code_list: UnitCodeList | None) -> Fraction | None:
    if item.quantity is None:
        return None
    size = convert(Decimal(1), item.unit or "EA", "EA", {}, code_list)
    return None if size is None else item.quantity * Fraction(size)


def _amount(item: BilledItem) -> Fraction | None:
    """Return the money a row bills: quantity x price where that is exact, else the amount."""
    if item.price is not None and item.quantity is not None and not item.price_from_amount:
        return item.price * item.quantity
    return item.amount


def _cells(parts: Sequence[Chosen], *, money: bool) -> dict[str, Field]:
    return {
        f"line {item.number} {name}": cell
        for item, _ in parts
        for name, cell in (item.price_cells if money else item.quantity_cells).items()
    }


def _component_name(component: Component) -> str:
    return component.description or component.product_code or component.gtin or "a part"
