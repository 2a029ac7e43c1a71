"""Allocation of billed units over several PO lines for one article.

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
    """Return shares by PO line key, those of one article allocated over its PO lines.

    `standings` are in order of age, the oldest PO line first; `expect` and `pay_rejected` as in
    `open_quantity`. Goods that arrived are filled before the rest of the order, as long as the
    price is the ordered one.
    """
    keys = list(standings)
    allocated = {key: list(shares.get(key, ())) for key in keys}
    groups = twin_groups(list(standings.lines.values()))
    for members in dict.fromkeys(groups):
        group_keys = [keys[index] for index in members]
        if len(group_keys) < 2 or not any(allocated[key] for key in group_keys):
            continue
        # Quantities in different units cannot be moved.
        if len({standings[key].units.name for key in group_keys}) > 1:
            continue
        by_receipt, by_order = _rooms(group_keys, standings, expect, pay_rejected)
        allocated |= _Pool(group_keys, standings).distribute(allocated, by_receipt, by_order)
    return allocated


def _rooms(
    keys: Sequence[str], standings: Mapping[str, Standing], expect: str, pay_rejected: bool
) -> tuple[Rooms, Rooms]:
    """Return what all limits leave to bill on each PO line, and what the order alone leaves."""
    by_receipt, by_order = {}, {}
    for key in keys:
        limits = open_quantity(standings[key], expect, pay_rejected)
        by_receipt[key] = Fraction(0) if limits is None else min(limits.limits)
        ordered = None if limits is None else limits.by_order
        by_order[key] = by_receipt[key] if ordered is None else ordered
    return by_receipt, by_order


@dataclass(slots=True)
class _UnplacedShare:
    """A share that names no PO line number: its home PO line, and the units still to be placed."""

    share: Share
    home: str
    remaining: Fraction
    placed: dict[str, Fraction] = field(default_factory=dict)

    def put(self, key: str, quantity: Fraction) -> None:
        self.placed[key] = self.placed.get(key, Fraction(0)) + quantity
        self.remaining -= quantity


class _Pool:
    """PO lines for one article."""

    def __init__(self, keys: Sequence[str], standings: Mapping[str, Standing]) -> None:
        self._keys = keys
        self._standings = standings
        self._used: dict[str, Fraction] = dict.fromkeys(keys, Fraction(0))
        self._by_price: defaultdict[Fraction | None, list[str]] = defaultdict(list)
        for key in keys:
            self._by_price[standings[key].price].append(key)

    def distribute(
        self, shares: Mapping[str, Sequence[Share]], by_receipt: Rooms, by_order: Rooms
    ) -> dict[str, list[Share]]:
        unplaced: list[_UnplacedShare] = []
        shares_by_key: dict[str, list[Share]] = {key: [] for key in self._keys}
        for key in self._keys:
            for share in shares[key]:
                if share.quantity is not None and share.quantity > 0 and not _is_named(share):
                    unplaced.append(_UnplacedShare(share, key, share.quantity))
                else:
                    place = key if _is_named(share) else self._place_of_credit(share, key)
                    shares_by_key[place].append(share)
                    self._used[place] += share.quantity or 0
        self._place_whole(unplaced, by_receipt)
        for rooms, same_price in ((by_receipt, True), (by_order, True), (by_order, False)):
            self._place_parts(unplaced, rooms, same_price)
        for unplaced_share in unplaced:
            if unplaced_share.remaining:
                unplaced_share.put(self._fallback_key(unplaced_share), unplaced_share.remaining)
            for key, quantity in unplaced_share.placed.items():
                shares_by_key[key].append(_part_of(unplaced_share.share, quantity))
        doubt = self._price_doubt(by_order)
        return {
            key: [self._with_doubt(share, key, doubt) for share in line_shares]
            for key, line_shares in shares_by_key.items()
        }

    def _place_of_credit(self, share: Share, home: str) -> str:
        """Return the PO line of a row that gives back: one that orders a return, where one does."""
        if share.quantity is None or share.quantity >= 0:
            return home
        returns = [key for key in self._keys if (self._standings[key].ordered or 0) < 0]
        return home if home in returns or not returns else returns[0]

    def _agreeing_prices(self, share: Share) -> set[Fraction | None]:
        """The ordered prices within half a percent of the billed one."""
        if share.price is None:
            return set()
        return {
            price
            for price in self._by_price
            if price and abs(share.price / price - 1) <= SAME_PRICE
        }

    def _price(self, key: str) -> Fraction | None:
        return self._standings[key].price

    def _place_whole(self, unplaced: Sequence[_UnplacedShare], rooms: Rooms) -> None:
        fits: defaultdict[tuple[Fraction, Fraction | None], list[str]] = defaultdict(list)
        for key in self._keys:
            fits[rooms[key] - self._used[key], self._price(key)].append(key)
        for unplaced_share in unplaced:
            agreeing = self._agreeing_prices(unplaced_share.share)
            prices = [price for price in self._by_price if price in agreeing]
            fitting = [
                fitting_keys
                for price in prices
                if (fitting_keys := fits.get((unplaced_share.remaining, price)))
            ]
            if fitting:
                at_home = next(
                    (
                        fitting_keys
                        for fitting_keys in fitting
                        if unplaced_share.home in fitting_keys
                    ),
                    fitting[0],
                )
                place = unplaced_share.home if unplaced_share.home in at_home else at_home[0]
                at_home.remove(place)
                self._used[place] += unplaced_share.remaining
                unplaced_share.put(place, unplaced_share.remaining)

    def _place_parts(
        self, unplaced: Sequence[_UnplacedShare], rooms: Rooms, same_price: bool
    ) -> None:
        free = {
            price: [key for key in keys if rooms[key] > self._used[key]]
            for price, keys in self._by_price.items()
        }
        for unplaced_share in unplaced:
            prices = (
                self._agreeing_prices(unplaced_share.share) if same_price else set(self._by_price)
            )
            home_price = self._price(unplaced_share.home)
            if (
                unplaced_share.remaining
                and home_price in prices
                and unplaced_share.home in free[home_price]
            ):
                self._place_part(unplaced_share, unplaced_share.home, rooms, free[home_price])
            for price in self._by_price:
                while price in prices and unplaced_share.remaining and free[price]:
                    self._place_part(unplaced_share, free[price][0], rooms, free[price])

    def _place_part(
        self, unplaced_share: _UnplacedShare, key: str, rooms: Rooms, free: list[str]
    ) -> None:
        quantity = min(unplaced_share.remaining, rooms[key] - self._used[key])
        self._used[key] += quantity
        unplaced_share.put(key, quantity)
        if rooms[key] == self._used[key]:
            free.remove(key)

    def _fallback_key(self, unplaced_share: _UnplacedShare) -> str:
        """Return the PO line for units that fit nowhere: one at the billed price, else home."""
        prices = self._agreeing_prices(unplaced_share.share)
        if not prices or self._price(unplaced_share.home) in prices:
            return unplaced_share.home
        return next(key for key in self._keys if self._price(key) in prices)

    def _price_doubt(self, rooms: Rooms) -> str | None:
        """Return a sentence where the choice among these PO lines decides the money, else None.

        It does when their prices differ, unless the billed lines fill all of them anyway.
        """
        filled = all(rooms[key] <= self._used[key] for key in self._keys)
        if len(self._by_price) < 2 or filled:
            return None
        numbers = ", ".join(self._standings[key].line.po_line_number for key in self._keys)
        return (
            f"PO lines {numbers} order this item at different prices, none of them the billed one"
        )

    def _with_doubt(self, share: Share, key: str, doubt: str | None) -> Share:
        chosen = _is_named(share) or self._price(key) in self._agreeing_prices(share)
        return share if doubt is None or chosen else replace(share, sharing_doubt=doubt)


def _is_named(share: Share) -> bool:
    return "PO line number" in share.assignment.by


def _part_of(share: Share, quantity: Fraction) -> Share:
    part = share.part * quantity / (share.quantity or quantity)
    return replace(share, quantity=quantity, part=part)
