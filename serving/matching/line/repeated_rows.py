"""Rows that stand twice on one invoice."""

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
        """Why the row may be one row of the page, read twice."""
        one, other = self.share.billed.item, self.first.item
        if one.page != other.page or one.row_polygon is None or other.row_polygon is None:
            return None
        if not _overlap(one.row_polygon, other.row_polygon):
            return None
        return f"{self.share.billed.place} lies over line {self.first.number}: one row read twice?"


def find_repeats(shares: Sequence[Share], beyond: Fraction) -> list[Repeat]:
    """Repeated rows, as far as the units `beyond` what could be billed hold them whole.

    Equal rows are no error in themselves: two deliveries of one article look alike, and three or
    more equal rows are a schedule.
    """
    found: list[Repeat] = []
    seen: dict[tuple[object, ...], BilledItem] = {}
    said = Counter(_content(one.billed) for one in shares)
    for one in shares:
        content, quantity = _content(one.billed), one.quantity
        first = seen.setdefault(content, one.billed)
        if said[content] > 2:
            continue
        whole = one.part == 1 and quantity is not None and quantity > 0
        if first is not one.billed and whole and quantity is not None and quantity <= beyond:
            beyond -= quantity
            found.append(Repeat(one, first))
    return found


def _content(billed: BilledItem) -> tuple[object, ...]:
    """What a row says; equal for a row and its repetition."""
    names = printed_names(billed.item)
    numbers = billed.quantity, billed.unit, billed.price, billed.amount
    return billed.document.document_id, names.codes, names.words, *numbers


def _probability(billed: BilledItem) -> float:
    return probability(billed.cells, lambda name, other: False).right


def _overlap(one: Polygon, other: Polygon) -> bool:
    """Whether two rows have more than half of the lower one's height in common."""
    top, bottom = min(one[1::2]), max(one[1::2])
    other_top, other_bottom = min(other[1::2]), max(other[1::2])
    common = min(bottom, other_bottom) - max(top, other_top)
    return common * 2 > min(bottom - top, other_bottom - other_top)


def repeat_finding(repeat: Repeat, standing: Standing, currency: str | None) -> Finding:
    """The whole row, because it bills nothing that the other one does not."""
    one, first = repeat.share, repeat.first
    document = one.billed.document.document_id
    amount = one.billed.amount
    if amount is None and one.price is not None and one.quantity is not None:
        amount = one.price * one.quantity
    shown = "unknown" if amount is None else rounded(to_decimal(amount), currency)
    return Finding(
        code="DUPLICATE_LINE",
        quantity=None if one.quantity is None else to_decimal(one.quantity),
        amount=None if amount is None else to_decimal(amount),
        currency=currency,
        formula=f"whole line = {shown}",
        explanation=(
            f"{one.billed.place} says the same as line {first.number}, and "
            f"{quantity_text(one.quantity or Fraction(0))} {standing.units.name or 'units'} more "
            "than could be billed are billed."
        ),
        action="Short-pay the repeated line or ask for a corrected invoice.",
        # Under any other reading of a cell the rows would not say the same.
        confidence=_probability(one.billed) * _probability(first) * one.assignment_confidence,
        evidence=(
            *(cell_evidence(document, name, cell) for name, cell in one.billed.cells.items()),
            *(cell_evidence(document, name, cell) for name, cell in first.cells.items()),
            *standing.evidence,
        ),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
    )
