"""A seeded story: a buyer, a vendor, an everyday trade and the incidents that happen in it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.synthesis.stories.incidents.by_name import INCIDENTS, Incident
from data.synthesis.stories.incidents.order_line import TradeBuilder
from data.synthesis.stories.trade import world
from data.synthesis.stories.trade.everyday import make_everyday_trade
from data.synthesis.stories.trade.findings import Pointer, Variance
from data.synthesis.stories.trade.records import Trade

_CLEAN = 0.15  # of the disputes tie out


@dataclass(frozen=True, slots=True)
class Story:
    """A trade with its incidents in order, and the variances that they planted.

    `must_print` are the fields that the papers have to print beside the evidence, so that a reader
    can see the incident.
    """

    trade: Trade
    incidents: tuple[Incident, ...]
    planted: tuple[Variance, ...]
    must_print: tuple[Pointer, ...]

    @property
    def cases(self) -> tuple[int, ...]:
        """The edge cases (`serving/matching/README.md`, "Worked cases") that it contains."""
        return tuple(sorted({case for incident in self.incidents for case in incident.cases}))


def make_story(
    seed: int,
    index: int,
    incidents: Sequence[Incident] | None = None,
    numbers: Mapping[str, Any] | None = None,
) -> Story:
    """Return story `index` of a seed: none to three incidents, each on an order line of its own.

    `incidents` replace the drawn ones; `numbers` are passed to the first.
    """
    rng = random.Random(f"story/{seed}/{index}")
    buyer = rng.randrange(world.BUYERS)
    vendor = world.vendor(seed, rng.choice(world.vendors_of_buyer(seed, buyer)))
    chosen = pick_incidents(rng) if incidents is None else tuple(incidents)
    count = max(len(chosen), rng.choice((1, 2, 2, 3, 3, 4, 5, 6)))
    trade = make_everyday_trade(rng, vendor, world.buyer(seed, buyer), count)
    places = rng.sample([line.number for line in trade.lines], len(chosen))
    planted: list[Variance] = []
    must_print: list[Pointer] = []
    for place, (number, incident) in enumerate(zip(places, chosen, strict=True)):
        builder = TradeBuilder(trade, number, rng)
        result = incident.apply(builder, **(numbers or {} if place == 0 else {}))
        trade = result.trade
        planted += result.planted
        must_print += result.must_print
    return Story(trade, chosen, tuple(planted), tuple(dict.fromkeys(must_print)))


def pick_incidents(rng: random.Random) -> tuple[Incident, ...]:
    """Draw none to three incidents that fit in one trade; those that need the sums come last."""
    if rng.random() < _CLEAN:
        return ()
    count = rng.choice((1, 1, 1, 2, 2, 3))
    chosen: list[Incident] = []
    for incident in rng.sample(INCIDENTS, len(INCIDENTS)):
        used = {use for other in chosen for use in other.uses}
        if chosen and ("all" in incident.uses or "all" in used or incident.uses & used):
            continue
        chosen.append(incident)
        if len(chosen) == count:
            break
    return tuple(sorted(chosen, key=lambda incident: "last" in incident.uses))
