"""How billed units are shared out over several PO lines for one article.

One billed line may fill several PO lines and several may fill one. What names its PO line stays
there. Of all other units as many as possible are placed within what each PO line leaves to bill,
and of those as many as possible where the billed price is the ordered one; older PO lines are
filled first. Whole lines that just fill a PO line go there before any line is split.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from serving.matching.pairing.assignment import SAME_PRICE, twin_groups
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing, Standings, open_quantity

# What may be billed on each PO line now, by key; negative where too much was billed before.
Rooms = Mapping[str, Fraction]


def allocate(
    shares: Mapping[str, Sequence[Share]],
    standings: Standings,
    expect: str,
    pay_rejected: bool,
) -> dict[str, list[Share]]:
    """Shares by PO line key, with those of PO lines for one article shared out over these.

    `standings` are in order of age, the oldest PO line first; `expect` and `pay_rejected` as in
    `open_quantity`. Goods that arrived are filled before the rest of the order, as long as the
    price is the ordered one.
    """
    keys = list(standings)
    found = {key: list(shares.get(key, ())) for key in keys}
    groups = twin_groups(list(standings.lines.values()))
    for members in dict.fromkeys(groups):
        own = [keys[index] for index in members]
        if len(own) < 2 or not any(found[key] for key in own):
            continue
        # Quantities in different units cannot be moved.
        if len({standings[key].units.name for key in own}) > 1:
            continue
        by_receipt, by_order = _rooms(own, standings, expect, pay_rejected)
        found |= _Pool(own, standings).filled(found, by_receipt, by_order)
    return found


def _rooms(
    keys: Sequence[str], standings: Mapping[str, Standing], expect: str, pay_rejected: bool
) -> tuple[Rooms, Rooms]:
    """(what every limit leaves to bill, what the order does)."""
    by_receipt, by_order = {}, {}
    for key in keys:
        limits = open_quantity(standings[key], expect, pay_rejected)
        by_receipt[key] = Fraction(0) if limits is None else min(limits.limits)
        ordered = None if limits is None else limits.by_order
        by_order[key] = by_receipt[key] if ordered is None else ordered
    return by_receipt, by_order


@dataclass(slots=True)
class _Loose:
    """A share that no PO line number holds: where it came from and what is still to be placed."""

    share: Share
    home: str
    left: Fraction
    placed: dict[str, Fraction] = field(default_factory=dict)

    def put(self, key: str, quantity: Fraction) -> None:
        self.placed[key] = self.placed.get(key, Fraction(0)) + quantity
        self.left -= quantity


class _Pool:
    """PO lines for one article."""

    def __init__(self, keys: Sequence[str], standings: Mapping[str, Standing]) -> None:
        self._keys = keys
        self._standings = standings
        self._taken: dict[str, Fraction] = dict.fromkeys(keys, Fraction(0))
        self._by_price: defaultdict[Fraction | None, list[str]] = defaultdict(list)
        for key in keys:
            self._by_price[standings[key].price].append(key)

    def filled(
        self, shares: Mapping[str, Sequence[Share]], by_receipt: Rooms, by_order: Rooms
    ) -> dict[str, list[Share]]:
        loose: list[_Loose] = []
        found: dict[str, list[Share]] = {key: [] for key in self._keys}
        for key in self._keys:
            for one in shares[key]:
                if one.quantity is not None and one.quantity > 0 and not _is_named(one):
                    loose.append(_Loose(one, key, one.quantity))
                else:
                    found[key].append(one)
                    self._taken[key] += one.quantity or 0
        self._place_whole(loose, by_receipt)
        for rooms, same_price in ((by_receipt, True), (by_order, True), (by_order, False)):
            self._pour(loose, rooms, same_price)
        for rest in loose:
            if rest.left:
                rest.put(self._last_resort(rest), rest.left)
            for key, quantity in rest.placed.items():
                found[key].append(_cut(rest.share, quantity))
        doubt = self._price_doubt(by_order)
        return {key: [self._doubted(one, key, doubt) for one in own] for key, own in found.items()}

    def _agreeing(self, one: Share) -> set[Fraction | None]:
        """The ordered prices that are the billed one within half a percent."""
        if one.price is None:
            return set()
        return {
            price for price in self._by_price if price and abs(one.price / price - 1) <= SAME_PRICE
        }

    def _price(self, key: str) -> Fraction | None:
        return self._standings[key].price

    def _place_whole(self, loose: Sequence[_Loose], rooms: Rooms) -> None:
        fits: defaultdict[tuple[Fraction, Fraction | None], list[str]] = defaultdict(list)
        for key in self._keys:
            fits[rooms[key] - self._taken[key], self._price(key)].append(key)
        for one in loose:
            agreeing = self._agreeing(one.share)
            prices = [price for price in self._by_price if price in agreeing]
            fitting = [own for price in prices if (own := fits.get((one.left, price)))]
            if fitting:
                at_home = next((own for own in fitting if one.home in own), fitting[0])
                place = one.home if one.home in at_home else at_home[0]
                at_home.remove(place)
                self._taken[place] += one.left
                one.put(place, one.left)

    def _pour(self, loose: Sequence[_Loose], rooms: Rooms, same_price: bool) -> None:
        free = {
            price: [key for key in keys if rooms[key] > self._taken[key]]
            for price, keys in self._by_price.items()
        }
        for one in loose:
            prices = self._agreeing(one.share) if same_price else set(self._by_price)
            own = self._price(one.home)
            if one.left and own in prices and one.home in free[own]:
                self._fill(one, one.home, rooms, free[own])
            for price in self._by_price:
                while price in prices and one.left and free[price]:
                    self._fill(one, free[price][0], rooms, free[price])

    def _fill(self, one: _Loose, key: str, rooms: Rooms, free: list[str]) -> None:
        quantity = min(one.left, rooms[key] - self._taken[key])
        self._taken[key] += quantity
        one.put(key, quantity)
        if rooms[key] == self._taken[key]:
            free.remove(key)

    def _last_resort(self, one: _Loose) -> str:
        """Where units go that no PO line has room for: to the billed price, else home."""
        prices = self._agreeing(one.share)
        if not prices or self._price(one.home) in prices:
            return one.home
        return next(key for key in self._keys if self._price(key) in prices)

    def _price_doubt(self, rooms: Rooms) -> str | None:
        """Why the choice among these PO lines decides the money.

        It does when their prices differ, unless the billed lines fill all of them anyway.
        """
        filled = all(rooms[key] <= self._taken[key] for key in self._keys)
        if len(self._by_price) < 2 or filled:
            return None
        numbers = ", ".join(self._standings[key].line.po_line_number for key in self._keys)
        return f"PO lines {numbers} order this item at different prices and none is the billed one"

    def _doubted(self, one: Share, key: str, doubt: str | None) -> Share:
        chosen = _is_named(one) or self._price(key) in self._agreeing(one)
        return one if doubt is None or chosen else replace(one, sharing_doubt=doubt)


def _is_named(one: Share) -> bool:
    return "PO line number" in one.assignment.by


def _cut(one: Share, quantity: Fraction) -> Share:
    part = one.part * quantity / (one.quantity or quantity)
    return replace(one, quantity=quantity, part=part)
