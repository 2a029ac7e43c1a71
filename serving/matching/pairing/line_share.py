"""What a billed line is on its PO line, in that PO line's unit, and why that is in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.records import Field, Value
from serving.matching.findings.records import Doubt
from serving.matching.pairing.amount_rows import by_amount
from serving.matching.pairing.assignment import SURE, Assignment
from serving.matching.pairing.billed_line import BilledItem, reread, unread_cells, weak_cells
from serving.matching.pairing.line_units import LineUnits, base_unit

# How often a misread name is that of a line of the order. Assumed.
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a billed line that belongs to one PO line; a whole line as a rule.

    `quantity` and `price` are in the PO line's unit; None where not read or without a factor.
    `part` is the share of the billed line's quantity (1 = all of it).
    """

    billed: BilledItem
    assignment: Assignment
    quantity: Fraction | None
    price: Fraction | None
    part: Fraction = Fraction(1)
    sharing_doubt: str | None = None  # about what else is billed on the PO line

    @property
    def unit_unresolved(self) -> bool:
        return self.quantity is None and self.billed.quantity is not None

    def doubts(self, least: float) -> tuple[Doubt, ...]:
        """Why the quantity of this share may not be claimed on."""
        readings = [*self.billed.doubts, *weak_cells(self.billed.quantity_cells, least)]
        choice = self.assignment
        pairings: list[str] = []
        if choice.runner_up is not None:
            pairings.append(
                f"ambiguous: PO line {choice.runner_up.po_line_number} fits nearly as well"
            )
        if choice.score < SURE:
            by = " and ".join(choice.by) or "little"
            pairings.append(f"the PO line was chosen by {by} alone, likeness {choice.score:.2f}")
        if self.naming_confidence < least:
            pairings += weak_cells(choice.cells, least)
        if self.sharing_doubt:
            pairings.append(self.sharing_doubt)
        place = self.billed.place
        return (
            *(Doubt("reading", f"{place}: {sentence}", "cell") for sentence in readings),
            *(Doubt("pairing", f"{place}: {sentence}") for sentence in pairings),
        )

    def price_doubts(self, least: float) -> tuple[Doubt, ...]:
        """Why the price of this share may not be claimed on."""
        weak = weak_cells(self.billed.price_cells, least)
        return tuple(Doubt("price", f"{self.billed.place}: {cell}", "cell") for cell in weak)

    def unsure_cells(self, least: float) -> dict[str, Field]:
        """The cells that were not read, or with less than the least confidence."""
        named = self.assignment.cells if self.naming_confidence < least else {}
        cells = self.billed.cells | dict(named)
        weak = {name: cell for name, cell in cells.items() if cell.confidence < least}
        return weak | unread_cells(self.billed)

    @property
    def naming_confidence(self) -> float:
        """The probability that the cells that name the PO line name the right one.

        They agree with the order, which a misread cell does by chance alone, unless another PO line
        is called nearly the same.
        """
        wrong = 1.0
        for cell in self.assignment.cells.values():
            wrong *= 1 - cell.confidence
        if not self.assignment.cells:
            return 1.0
        confused = self.assignment.mistakable or self.assignment.runner_up is not None
        chance = 1.0 if confused else CHANCE
        right = 1 - wrong
        return right / (right + wrong * chance) if right else 0.0

    @property
    def assignment_confidence(self) -> float:
        """How sure the PO line is: by an identifier, else by its likeness over an exact one's."""
        alike = 1.0 if self.assignment.by_identifier else min(1.0, self.assignment.score / 0.9)
        return alike * self.naming_confidence


def share(billed: BilledItem, assignment: Assignment, units: LineUnits) -> Share:
    """A whole billed line as a share of its PO line."""
    billed = by_amount(billed, units)
    size = units.size(billed.unit)
    return Share(
        billed,
        assignment,
        quantity=None if billed.quantity is None or size is None else billed.quantity * size,
        price=None if billed.price is None or size is None else billed.price / size,
    )


def held_apart(shares: Sequence[Share]) -> list[Share]:
    """The shares of one PO line; in doubt where they cost different prices and words alone chose.

    Parts of one article cost the same. Lines that are called alike and do not are articles that the
    words confuse: as one quantity they would be claimed against an order for one of them.
    """
    prices = {one.price for one in shares if one.price is not None}
    if len(prices) < 2 or all(one.assignment.by_identifier for one in shares):
        return list(shares)
    doubt = "lines at different prices were put on this PO line by their words alone"
    return [replace(one, sharing_doubt=one.sharing_doubt or doubt) for one in shares]


def reread_share(one: Share, name: str, value: Value, units: LineUnits) -> Share | None:
    """The share as it would be if the cell of that name said `value`; None if it cannot be told."""
    billed = reread(one.billed, name, value)
    if billed is None:
        return None
    other = share(billed, one.assignment, units)
    quantity = None if other.quantity is None else other.quantity * one.part
    return replace(other, quantity=quantity, part=one.part)


def pack_doubt(billed: BilledItem, units: LineUnits) -> str | None:
    """A sentence when the invoice prints another pack size than the order knows."""
    leaf = billed.item.pack_quantity
    printed = None if leaf is None else leaf.decimal
    known = replace(units, name=base_unit(units.line)).size(billed.unit)
    if printed is None or known is None or billed.unit is None or known == Fraction(printed):
        return None
    return f"the invoice says {printed} per {billed.unit}, the order's pack factors {known}"


def units_in(shares: Sequence[Share]) -> Fraction:
    """What they bill together; units that were not read count nothing."""
    return sum((one.quantity or Fraction(0) for one in shares), Fraction(0))


def value_of(shares: Sequence[Share]) -> Fraction:
    """What is billed for goods; rows of which no money was read bill nothing."""
    value = Fraction(0)
    for one in shares:
        if one.billed.amount is not None:
            value += max(Fraction(0), one.billed.amount * one.part)
        elif one.price is not None and one.quantity is not None:
            value += max(Fraction(0), one.price * one.quantity)
    return value


def average_price(shares: Sequence[Share]) -> Fraction | None:
    """The billed price of a unit over all of them; None where one was not read."""
    units = units_in(shares)
    if units == 0 or any(one.price is None or one.quantity is None for one in shares):
        return None
    return sum(((one.price or 0) * (one.quantity or 0) for one in shares), Fraction(0)) / units
