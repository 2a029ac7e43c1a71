"""Shares: billed lines, or parts of them, in the unit of their PO line, with their doubts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.records import Field, Value
from serving.matching.findings.records import Doubt
from serving.matching.pairing.amount_rows import as_one_unit, quantify_by_amount
from serving.matching.pairing.article_names import names_likeness, printed_names
from serving.matching.pairing.assignment import SURE_LIKENESS, Assignment
from serving.matching.pairing.billed_line import BilledItem, reread_item, unread_cells, weak_cells
from serving.matching.pairing.line_units import LineUnits, base_unit

# How often a misread name is that of a line of the order. Assumed.
CHANCE = 0.05
# Names at least this alike are one name, a letter misread.
SAME_NAME = 0.95


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

    def doubts(self, minimum: float) -> tuple[Doubt, ...]:
        """Return the doubts that keep the quantity of this share from being claimed on."""
        readings = [*self.billed.doubts, *weak_cells(self.billed.quantity_cells, minimum)]
        choice = self.assignment
        pairings: list[str] = []
        if choice.runner_up is not None:
            pairings.append(
                f"ambiguous: PO line {choice.runner_up.po_line_number} fits nearly as well"
            )
        if choice.score < SURE_LIKENESS:
            by = " and ".join(choice.by) or "little"
            pairings.append(f"the PO line was matched by {by} alone, likeness {choice.score:.2f}")
        if self.naming_confidence < minimum:
            pairings += weak_cells(choice.cells, minimum)
        if self.sharing_doubt:
            pairings.append(self.sharing_doubt)
        place = self.billed.place
        return (
            *(Doubt("reading", f"{place}: {sentence}", "cell") for sentence in readings),
            *(Doubt("pairing", f"{place}: {sentence}") for sentence in pairings),
        )

    def price_doubts(self, minimum: float) -> tuple[Doubt, ...]:
        """Return the doubts that keep the price of this share from being claimed on."""
        weak = weak_cells(self.billed.price_cells, minimum)
        return tuple(Doubt("price", f"{self.billed.place}: {cell}", "cell") for cell in weak)

    def unsure_cells(self, minimum: float) -> dict[str, Field]:
        """Return the cells that were not read, or with less than the minimum confidence."""
        named = self.assignment.cells if self.naming_confidence < minimum else {}
        cells = self.billed.cells | dict(named)
        weak = {name: cell for name, cell in cells.items() if cell.confidence < minimum}
        return weak | unread_cells(self.billed)

    @property
    def naming_confidence(self) -> float:
        """The probability that the cells that name the PO line name the right one.

        They agree with the order, which a misread cell does by chance alone, unless another PO line
        has nearly the same name.
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
        """The confidence in the PO line: by identifier, else its likeness over an exact one's."""
        alike = 1.0 if self.assignment.by_identifier else min(1.0, self.assignment.score / 0.9)
        return alike * self.naming_confidence


def whole_share(billed: BilledItem, assignment: Assignment, units: LineUnits) -> Share:
    """Return a whole billed line as a share of its PO line."""
    billed = quantify_by_amount(billed, units)
    size = units.size(billed.unit)
    return Share(
        billed,
        assignment,
        quantity=None if billed.quantity is None or size is None else billed.quantity * size,
        price=None if billed.price is None or size is None else billed.price / size,
    )


def count_rows(shares: Sequence[Share], units: LineUnits, due: Fraction | None) -> list[Share]:
    """Return the shares of one PO line; rows of one amount alone, as many as units due, are units.

    "Spot 100.00" three times against an order for three at 95.00 bills three at 100.00. `due` is
    what may be billed now; None: not known. With more or fewer rows the amounts stay uncounted.
    """
    amounts = {share.billed.amount for share in shares}
    if due is None or len(shares) != due or len(amounts) != 1:
        return list(shares)
    counted = [
        as_one_unit(share.billed, units) if share.quantity is None else None for share in shares
    ]
    return [
        share if row is None or None in counted else whole_share(row, share.assignment, units)
        for share, row in zip(shares, counted, strict=True)
    ]


def doubt_mixed_prices(shares: Sequence[Share]) -> list[Share]:
    """Return the shares of one PO line, in doubt where prices differ and words alone matched them.

    Parts of one article cost the same. Lines with like names and different prices are articles that
    the words confuse: as one quantity they would be claimed against an order for one of them.
    """
    prices = {share.price for share in shares if share.price is not None}
    if len(prices) < 2 or all(share.assignment.by_identifier for share in shares):
        return list(shares)
    doubt = "lines at different prices were matched to this PO line by their words alone"
    return [replace(share, sharing_doubt=share.sharing_doubt or doubt) for share in shares]


def doubt_mixed_names(shares: Sequence[Share]) -> list[Share]:
    """Return the shares of one PO line, in doubt where words alone matched rows of other names.

    "Sun News @ 6pm" beside "Sat News @ 6pm" on the PO line for the latter is another article rather
    than too many units of it. A row found by a code, or named as the best fitting one is, is sure.
    """
    by_words = [share for share in shares if not share.assignment.by_identifier]
    if len({printed_names(share.billed.item).words for share in by_words}) < 2:
        return list(shares)
    best = printed_names(max(by_words, key=lambda share: share.assignment.score).billed.item)
    doubt = "rows of different names were matched to this PO line by their words alone"
    return [
        replace(share, sharing_doubt=share.sharing_doubt or doubt)
        if not share.assignment.by_identifier
        and names_likeness(printed_names(share.billed.item), best) < SAME_NAME
        else share
        for share in shares
    ]


def reread_share(share: Share, name: str, value: Value, units: LineUnits) -> Share | None:
    """Return the share with another value in one cell; None where it cannot be worked out."""
    billed = reread_item(share.billed, name, value)
    if billed is None:
        return None
    other = whole_share(billed, share.assignment, units)
    quantity = None if other.quantity is None else other.quantity * share.part
    return replace(other, quantity=quantity, part=share.part)


def pack_doubt(billed: BilledItem, units: LineUnits) -> str | None:
    """Return a sentence where the invoice prints another pack size than the order, else None."""
    leaf = billed.item.pack_quantity
    printed = None if leaf is None else leaf.decimal
    known = replace(units, name=base_unit(units.line)).size(billed.unit)
    if printed is None or known is None or billed.unit is None or known == Fraction(printed):
        return None
    return f"the invoice shows {printed} per {billed.unit}, the order's pack factors give {known}"


def units_in(shares: Sequence[Share]) -> Fraction:
    """Return the units the shares bill together; those that were not read count nothing."""
    return sum((share.quantity or Fraction(0) for share in shares), Fraction(0))


def value_of(shares: Sequence[Share]) -> Fraction:
    """Return the money billed for goods; rows of which no money was read bill nothing."""
    value = Fraction(0)
    for share in shares:
        if share.billed.amount is not None:
            value += max(Fraction(0), share.billed.amount * share.part)
        elif share.price is not None and share.quantity is not None:
            value += max(Fraction(0), share.price * share.quantity)
    return value


def average_price(shares: Sequence[Share]) -> Fraction | None:
    """Return the billed price of a unit over all shares; None where one was not read."""
    units = units_in(shares)
    if units == 0 or any(share.price is None or share.quantity is None for share in shares):
        return None
    return (
        sum(((share.price or 0) * (share.quantity or 0) for share in shares), Fraction(0)) / units
    )


def payable_price(shares: Sequence[Share], ordered: Fraction | None) -> Fraction | None:
    """Return what a billed unit costs at most: each share at the ordered price or below it.

    A unit that is billed below the ordered price can be held back at no more than it was billed
    at. None where the order states no price.
    """
    counted = [share for share in shares if share.quantity is not None and share.quantity > 0]
    units = units_in(counted)
    if ordered is None or not units:
        return ordered
    prices = (
        (ordered if share.price is None else min(ordered, share.price), share.quantity or 0)
        for share in counted
    )
    return sum((price * quantity for price, quantity in prices), Fraction(0)) / units
