"""Which part of each billed line counts on which PO line, in that PO line's unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.records import OrderLine
from serving.matching.assignment import SURE, Assignment, twin_groups
from serving.matching.billed import BilledItem, weak_cells
from serving.matching.line_units import LineUnits, base_unit
from serving.matching.standing import Standing


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
    split_doubt: str | None = None

    @property
    def unit_unresolved(self) -> bool:
        return self.quantity is None and self.billed.quantity is not None

    def doubts(self, least: float) -> tuple[str, ...]:
        """Why the quantity of this share may not be claimed on."""
        found = [*self.billed.doubts, *weak_cells(self.billed.quantity_cells, least)]
        choice = self.assignment
        if choice.runner_up is not None:
            found.append(
                f"ambiguous: PO line {choice.runner_up.po_line_number} fits nearly as well"
            )
        if choice.score < SURE:
            by = " and ".join(choice.by) or "little"
            found.append(f"the PO line was chosen by {by} alone, likeness {choice.score:.2f}")
        if self.split_doubt:
            found.append(self.split_doubt)
        return tuple(f"{self.billed.place}: {doubt}" for doubt in found)

    def price_doubts(self, least: float) -> tuple[str, ...]:
        """Why the price of this share may not be claimed on."""
        weak = weak_cells(self.billed.price_cells, least)
        return tuple(f"{self.billed.place}: {doubt}" for doubt in weak)

    @property
    def assignment_confidence(self) -> float:
        """How sure the PO line is: 1 by an identifier, else its likeness over an exact one's."""
        return 1.0 if self.assignment.by_identifier else min(1.0, self.assignment.score / 0.9)


def share(billed: BilledItem, assignment: Assignment, units: LineUnits) -> Share:
    """A whole billed line as a share of its PO line."""
    size = units.size(billed.unit)
    return Share(
        billed,
        assignment,
        quantity=None if billed.quantity is None or size is None else billed.quantity * size,
        price=None if billed.price is None or size is None else billed.price / size,
    )


def pack_doubt(billed: BilledItem, line: OrderLine) -> str | None:
    """A sentence when the invoice prints another pack size than the order knows."""
    leaf = billed.item.pack_quantity
    printed = None if leaf is None else leaf.decimal
    known = LineUnits(line, base_unit(line)).size(billed.unit)
    if printed is None or known is None or billed.unit is None or known == Fraction(printed):
        return None
    return f"the invoice says {printed} per {billed.unit}, the order's pack factors {known}"


def spread(
    shares: Mapping[str, Sequence[Share]], standings: Mapping[str, Standing]
) -> dict[str, list[Share]]:
    """Shares by PO line key, with what overflows a PO line moved to others for the same item.

    One billed line may fill two PO lines of an item. A line that names its PO line stays there.
    """
    keys = list(standings)
    groups = twin_groups([standings[key].line for key in keys])
    spread_shares = {key: list(shares.get(key, ())) for key in keys}
    for key, group in zip(keys, groups, strict=True):
        twins = [keys[index] for index in group if keys[index] != key]
        if twins and spread_shares[key]:
            _overflow(key, twins, spread_shares, standings)
    for key, group in zip(keys, groups, strict=True):
        doubt = _split_doubt([keys[index] for index in group], spread_shares, standings)
        if doubt is not None:
            spread_shares[key] = [
                one
                if {"price", "PO line number"} & set(one.assignment.by)
                else replace(one, split_doubt=doubt)
                for one in spread_shares[key]
            ]
    return spread_shares


def _split_doubt(
    group: Sequence[str], shares: Mapping[str, Sequence[Share]], standings: Mapping[str, Standing]
) -> str | None:
    """Why the choice among PO lines for one item decides the money.

    It does when their prices differ, unless the billed lines fill all of these PO lines anyway.
    """
    if len({standings[key].price for key in group}) < 2:
        return None
    if not any(_room(standings[key], shares[key]) for key in group):
        return None
    numbers = ", ".join(standings[key].line.po_line_number for key in group)
    return f"PO lines {numbers} order this item at different prices and none is the billed one"


def _room(standing: Standing, shares: Sequence[Share]) -> Fraction:
    """Units the order still leaves to bill on a PO line."""
    if standing.order_limit is None:
        return Fraction(0)
    taken = sum((one.quantity or Fraction(0) for one in shares), Fraction(0))
    return max(Fraction(0), standing.order_limit - standing.billed_before - taken)


def _overflow(
    key: str,
    twins: Sequence[str],
    shares: dict[str, list[Share]],
    standings: Mapping[str, Standing],
) -> None:
    own = standings[key]
    limit = (own.order_limit or Fraction(0)) - own.billed_before
    excess = sum((one.quantity or Fraction(0) for one in shares[key]), Fraction(0)) - max(
        limit, Fraction(0)
    )
    for twin in twins:
        movable = [one for one in shares[key] if "PO line number" not in one.assignment.by]
        same_unit = standings[twin].units.name == own.units.name
        for one in reversed(movable):
            if excess <= 0 or one.quantity is None or one.quantity <= 0 or not same_unit:
                continue
            moved = min(excess, one.quantity, _room(standings[twin], shares[twin]))
            if moved <= 0:
                continue
            shares[key].remove(one)
            if moved < one.quantity:
                shares[key].append(_cut(one, one.quantity - moved))
            shares[twin].append(_cut(one, moved))
            excess -= moved


def _cut(one: Share, quantity: Fraction) -> Share:
    part = one.part * quantity / (one.quantity or quantity)
    return replace(one, quantity=quantity, part=part)
