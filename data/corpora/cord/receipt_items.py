"""Cuts the entities of a CORD receipt into line items.

CORD-r entities have no item number, but their ids run through the receipt item by item. So items
are the cuts of that sequence in which no cell comes twice, every item has a name, and words of one
item are close together in height.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Labels of an item's own cells; each comes at most once in an item.
ITEM_TAGS: dict[str, str] = {
    "menu.nm": "description",
    "menu.cnt": "quantity",
    "menu.unitprice": "unit_price",
    "menu.price": "amount",
    "menu.num": "product_code",
    "menu.discountprice": "discount_amount",
}
# A modifier ("extra cheese") with a price of its own is an item of its own.
SUB_TAGS: dict[str, str] = {
    "menu.sub.nm": "description",
    "menu.sub.cnt": "quantity",
    "menu.sub.unitprice": "unit_price",
    "menu.sub.price": "amount",
}
# What was rung up and taken back: printed, but not bought.
VOID_TAGS: dict[str, str] = {"void_menu.nm": "description", "void_menu.price": "amount"}
HEADER_TAGS: dict[str, str] = {
    "sub_total.subtotal_price": "sub_total",
    "sub_total.tax_price": "total_tax",
    "sub_total.discount_price": "total_discount",
    "total.total_price": "invoice_total",
}
_NEW_ITEM = 0.3  # cost of an item more, in line heights of spread
_NAMELESS = 5.0  # cost of an item without a name, in line heights of spread


@dataclass(frozen=True, slots=True)
class Entity:
    """One labelled value: its label, its word positions and its middle, in line heights."""

    label: str
    words: tuple[int, ...]
    middle: float


def cut_items(entities: Sequence[Entity]) -> list[Sequence[Entity]]:
    """Cut the sequence into items at least cost (spread in height, no cell twice, a name each)."""
    count = len(entities)
    best = [0.0] + [math.inf] * count
    begin = [0] * (count + 1)
    for end in range(1, count + 1):
        for start in range(end - 1, -1, -1):
            cost = best[start] + _item_cost(entities[start:end])
            if math.isinf(cost):
                break
            if cost < best[end]:
                best[end], begin[end] = cost, start
    groups: list[Sequence[Entity]] = []
    end = count
    while end > 0:
        groups.append(entities[begin[end] : end])
        end = begin[end]
    return groups[::-1]


def _item_cost(entities: Sequence[Entity]) -> float:
    labels = [entity.label for entity in entities]
    if len(set(labels)) < len(labels):
        return math.inf
    has_name = any(label.endswith(".nm") for label in labels)
    middles = [entity.middle for entity in entities]
    return max(middles) - min(middles) + _NEW_ITEM + (0.0 if has_name else _NAMELESS)
