"""Rows that are billed twice on one invoice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from data.records import Polygon
from serving.matching.findings.arithmetic import quantity_text, rounded, to_decimal
from serving.matching.findings.records import Finding, cell_evidence
from serving.matching.line.probability import probability
from serving.matching.pairing.article_names import printed_names
from serving.matching.pairing.billed_line import BilledItem
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing


@dataclass(frozen=True, slots=True)
class Repeat:
    """A share of a row that repeats the row `first` of the same document."""

    share: Share
    first: BilledItem

    @property
    def doubt(self) -> str | None:
        """A sentence where the row may be one row of the page, read twice, else None."""
        row, first_row = self.share.billed.item, self.first.item
        if row.page != first_row.page or row.row_polygon is None or first_row.row_polygon is None:
            return None
        if not _is_overlapping(row.row_polygon, first_row.row_polygon):
            return None
        return f"{self.share.billed.place} overlaps line {self.first.number}: one row read twice?"


def find_repeats(shares: Sequence[Share], beyond: Fraction) -> list[Repeat]:
    """Return repeated rows, as far as the units `beyond` what may be billed hold them whole.

    Equal rows are no error in themselves: two deliveries of one article look alike, and three or
    more equal rows are a schedule.
    """
    repeats: list[Repeat] = []
    first_rows: dict[tuple[object, ...], BilledItem] = {}
    counts = Counter(_row_content(share.billed) for share in shares)
    for share in shares:
        content, quantity = _row_content(share.billed), share.quantity
        first = first_rows.setdefault(content, share.billed)
        if counts[content] > 2:
            continue
        whole = share.part == 1 and quantity is not None and quantity > 0
        if first is not share.billed and whole and quantity is not None and quantity <= beyond:
            beyond -= quantity
            repeats.append(Repeat(share, first))
    return repeats


def _row_content(billed: BilledItem) -> tuple[object, ...]:
    """Return the content of a row; equal for a row and its repetition."""
    names = printed_names(billed.item)
    numbers = billed.quantity, billed.unit, billed.price, billed.amount
    return billed.document.document_id, names.codes, names.words, *numbers


def _probability(billed: BilledItem) -> float:
    return probability(billed.cells, lambda name, other: False).right


def _is_overlapping(polygon: Polygon, other_polygon: Polygon) -> bool:
    """Return whether two rows have more than half of the lower one's height in common."""
    top, bottom = min(polygon[1::2]), max(polygon[1::2])
    other_top, other_bottom = min(other_polygon[1::2]), max(other_polygon[1::2])
    common = min(bottom, other_bottom) - max(top, other_top)
    return common * 2 > min(bottom - top, other_bottom - other_top)


def repeat_finding(repeat: Repeat, standing: Standing, currency: str | None) -> Finding:
    """Return the finding on the whole row: it bills nothing that the other one does not."""
    share, first = repeat.share, repeat.first
    document = share.billed.document.document_id
    amount = share.billed.amount
    if amount is None and share.price is not None and share.quantity is not None:
        amount = share.price * share.quantity
    shown = "unknown" if amount is None else rounded(to_decimal(amount), currency)
    return Finding(
        code="DUPLICATE_LINE",
        quantity=None if share.quantity is None else to_decimal(share.quantity),
        amount=None if amount is None else to_decimal(amount),
        currency=currency,
        formula=f"whole line = {shown}",
        explanation=(
            f"{share.billed.place} is identical to line {first.number}, and "
            f"{quantity_text(share.quantity or Fraction(0))} {standing.units.name or 'units'} are "
            "billed beyond what may be billed."
        ),
        action="Short-pay the repeated line or ask for a corrected invoice.",
        # Under any other reading of a cell the rows would not be identical.
        confidence=_probability(share.billed) * _probability(first) * share.assignment_confidence,
        evidence=(
            *(cell_evidence(document, name, cell) for name, cell in share.billed.cells.items()),
            *(cell_evidence(document, name, cell) for name, cell in first.cells.items()),
            *standing.evidence,
        ),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
    )
