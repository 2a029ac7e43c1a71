"""Telling a story: a vendor and a buyer, an everyday trade, and what happens in it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.synthesis.stories.incidents.by_name import INCIDENTS, Incident
from data.synthesis.stories.incidents.order_line import Scene
from data.synthesis.stories.trade import world
from data.synthesis.stories.trade.everyday import everyday_trade
from data.synthesis.stories.trade.findings import Pointer, Variance
from data.synthesis.stories.trade.records import Trade

_CLEAN = 0.15  # of the disputes tie out


@dataclass(frozen=True, slots=True)
class Story:
    """A trade with the incidents that happened in it, in order, and what each planted.

    `shows` is what the papers have to print for the story to be told, beside the evidence.
    """

    trade: Trade
    incidents: tuple[Incident, ...]
    planted: tuple[Variance, ...]
    shows: tuple[Pointer, ...]

    @property
    def cases(self) -> tuple[int, ...]:
        """The edge cases of the reference that it tells."""
        return tuple(sorted({case for one in self.incidents for case in one.cases}))


def tell(
    seed: int,
    index: int,
    incidents: Sequence[Incident] | None = None,
    numbers: Mapping[str, Any] | None = None,
) -> Story:
    """The story of that seed and index: none to three incidents, each on a line of its own.

    `incidents` are those that have to happen instead of drawn ones; `numbers` go to the first.
    """
    rng = random.Random(f"story/{seed}/{index}")
    buyer = rng.randrange(world.BUYERS)
    vendor = world.vendor(seed, rng.choice(world.trades_with(seed, buyer)))
    chosen = pick_incidents(rng) if incidents is None else tuple(incidents)
    count = max(len(chosen), rng.choice((1, 2, 2, 3, 3, 4, 5, 6)))
    trade = everyday_trade(rng, vendor, world.buyer(seed, buyer), count)
    places = rng.sample([line.number for line in trade.lines], len(chosen))
    planted: list[Variance] = []
    shows: list[Pointer] = []
    for place, (number, one) in enumerate(zip(places, chosen, strict=True)):
        bent = one.bend(Scene(trade, number, rng), **(numbers or {} if place == 0 else {}))
        trade = bent.trade
        planted += bent.planted
        shows += bent.shows
    return Story(trade, chosen, tuple(planted), tuple(dict.fromkeys(shows)))


def pick_incidents(rng: random.Random) -> tuple[Incident, ...]:
    """None to three incidents that can happen in one trade; what needs the sums comes last."""
    if rng.random() < _CLEAN:
        return ()
    wanted = rng.choice((1, 1, 1, 2, 2, 3))
    chosen: list[Incident] = []
    for one in rng.sample(INCIDENTS, len(INCIDENTS)):
        used = {use for other in chosen for use in other.uses}
        if chosen and ("all" in one.uses or "all" in used or one.uses & used):
            continue
        chosen.append(one)
        if len(chosen) == wanted:
            break
    return tuple(sorted(chosen, key=lambda one: "last" in one.uses))
