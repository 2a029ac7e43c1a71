"""Other parts of a dispute that may explain a difference on a PO line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from data.labels import DOCUMENT_DATE_NAMES
from data.records import ExtractedDocument
from serving.matching.findings.records import Evidence, cell_evidence
from serving.matching.pairing.assignment import SURE_LIKENESS, assign_lines
from serving.matching.pairing.billed_line import BilledItem
from serving.matching.pairing.order_line import Standing, Standings, line_key, open_quantity

_SHIPPED = ("quantity_received", "quantity_shipped", "quantity")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Units that came after the last receipt of a PO line by papers of one type, in its unit."""

    units: Fraction
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The rest of a dispute, as seen from one PO line.

    `unbilled` gives PO lines at a price that nothing bills, by the units each leaves to bill;
    `late` are deliveries after the last receipt by PO line key; `credits` rows of credit memos that
    are on no PO line; `tax_rate` is the agreed one in percent.
    """

    unbilled: Callable[[Fraction], Mapping[Fraction, Sequence[Standing]]] = lambda _: {}
    late: Mapping[str, Sequence[Delivery]] = field(default_factory=dict)
    credits: Sequence[BilledItem] = ()
    tax_rate: Fraction | None = None


def unbilled_room(
    standings: Sequence[Standing], expect: str, pay_rejected: bool
) -> dict[Fraction, list[Standing]]:
    """Return the PO lines that leave something to bill, by its units."""
    rooms: dict[Fraction, list[Standing]] = {}
    for standing in standings:
        limits = open_quantity(standing, expect, pay_rejected)
        if limits is not None and limits.expected > 0:
            rooms.setdefault(limits.expected, []).append(standing)
    return rooms


def _day(document: ExtractedDocument) -> date | None:
    name = DOCUMENT_DATE_NAMES.get(str(document.document_type.value), "")
    value = document.value(name)
    return value if isinstance(value, date) else None


def late_deliveries(
    documents: Sequence[ExtractedDocument], standings: Standings
) -> dict[str, list[Delivery]]:
    """Return deliveries on papers dated after the last receipt, by PO line and paper type."""
    dated = [(document, day) for document in documents if (day := _day(document)) is not None]
    if not dated:
        return {}
    last = [standing.last_receipt for standing in standings.values() if standing.last_receipt]
    recent = [(document, day) for document, day in dated if last and day > min(last)]
    lines = list(standings.lines.values())
    deliveries: dict[tuple[str, str], Delivery] = {}
    for document, day in recent:
        kind = str(document.document_type.value)
        rows = [(item, None, None) for item in document.line_items]
        for (item, _, _), choice in zip(rows, assign_lines(rows, lines), strict=True):
            is_sure = choice.runner_up is None and choice.score >= SURE_LIKENESS
            if choice.order_line is None or not is_sure:
                continue
            key = line_key(choice.order_line)
            standing = standings[key]
            leaves = ((name, item.field(name)) for name in _SHIPPED)
            stated = next(
                ((name, cell) for name, cell in leaves if cell and cell.decimal is not None), None
            )
            unit = item.unit_code or item.unit
            size = standing.units.size(None if unit is None else unit.text)
            after = standing.last_receipt is not None and day > standing.last_receipt
            if stated is None or size is None or not after:
                continue
            name, leaf = stated
            before = deliveries.get((key, kind), Delivery(Fraction(0), ()))
            deliveries[key, kind] = Delivery(
                before.units + Fraction(leaf.decimal or 0) * size,
                (*before.evidence, cell_evidence(document.document_id, name, leaf)),
            )
    by_line: dict[str, list[Delivery]] = {}
    for (key, _), delivery in deliveries.items():
        by_line.setdefault(key, []).append(delivery)
    return by_line
