"""What delivery notes, packing slips and proofs of delivery say of a PO line's quantity.

Receipts rule what may be billed; these documents speak for or against the finding.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from data.records import ExtractedDocument, Field, LineItem, OrderLine
from serving.matching.assignment import SURE, assign_lines
from serving.matching.findings import Evidence, Role, cell_evidence
from serving.matching.standing import Standing

BACKUP_TYPES = frozenset({"packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery"})
# The quantity that counts in each type, the most telling first.
_QUANTITIES: dict[str, tuple[str, ...]] = {
    "packing_slip": ("quantity_shipped", "quantity"),
    "delivery_note": ("quantity_received", "quantity_shipped", "quantity"),
    "bill_of_lading": ("quantity_shipped", "quantity"),
    "proof_of_delivery": ("quantity_received", "quantity"),
}


def _moved(item: LineItem, document_type: str) -> tuple[str, Field] | None:
    for name in _QUANTITIES[document_type]:
        leaf = item.field(name)
        if leaf is not None and leaf.decimal is not None:
            return name, leaf
    return None


def _unit(item: LineItem) -> str | None:
    leaf = item.unit_code or item.unit
    return None if leaf is None else leaf.text


def backup_evidence(
    documents: Sequence[ExtractedDocument],
    standings: Mapping[str, Standing],
    billed: Mapping[str, Fraction],
) -> dict[str, tuple[Evidence, ...]]:
    """Evidence by PO line key, from documents of `BACKUP_TYPES`.

    Quantities of one document type are added up (two deliveries); different types describe the same
    goods. A type supports a finding when it says less than was billed, else it contradicts it. A
    line that is not surely of that PO line is left out.
    """
    said: dict[tuple[str, str], tuple[Fraction, list[tuple[str, str, Field]]]] = {}
    keys = {id(standing.line): key for key, standing in standings.items()}
    lines: list[OrderLine] = [standing.line for standing in standings.values()]
    for document in documents:
        kind = str(document.document_type.value)
        rows = [(item, None, _unit(item)) for item in document.line_items]
        for (item, _, unit), choice in zip(rows, assign_lines(rows, lines), strict=True):
            moved = _moved(item, kind)
            sure = choice.runner_up is None and choice.score >= SURE
            if moved is None or choice.order_line is None or not sure:
                continue
            key = keys[id(choice.order_line)]
            size = standings[key].units.size(unit)
            if size is None:
                continue
            name, leaf = moved
            total, places = said.get((key, kind), (Fraction(0), []))
            places.append((document.document_id, name, leaf))
            said[key, kind] = total + Fraction(leaf.decimal or 0) * size, places
    found: dict[str, tuple[Evidence, ...]] = {}
    for (key, _), (total, places) in said.items():
        if key in billed:
            # Earlier deliveries of the line were billed before: the paper shows this one only.
            role: Role = "supports" if total < billed[key] else "contradicts"
            more = tuple(
                cell_evidence(document_id, name, leaf, role) for document_id, name, leaf in places
            )
            found[key] = (*found.get(key, ()), *more)
    return found
