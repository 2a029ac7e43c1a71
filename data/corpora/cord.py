"""CORD-r receipts as labelled pages: words with real OCR boxes and human labels, no images.

Source: CORD v2 in the form `{"id", "width", "height", "words": [[text, x0, y0, x1, y1, entity id,
label]]}`, one JSON object a line, gzipped. Entities have no item number here, but their ids run
through the receipt item by item. So items are the cuts of that sequence in which no cell comes
twice, every item has a name, and words of one item stand close together in height.
"""

import gzip
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from data import labels
from data.corpora.sheets import OUTSIDE
from data.records import Box, LabelledPage, Page, Word
from data.words import in_reading_order

# Labels of an item's own cells; each stands at most once in an item.
_ITEM_TAGS: dict[str, str] = {
    "menu.nm": "description",
    "menu.cnt": "quantity",
    "menu.unitprice": "unit_price",
    "menu.price": "amount",
    "menu.num": "product_code",
    "menu.discountprice": "discount_amount",
}
# A modifier ("extra cheese") with a price of its own is an item of its own.
_SUB_TAGS: dict[str, str] = {
    "menu.sub.nm": "description",
    "menu.sub.cnt": "quantity",
    "menu.sub.unitprice": "unit_price",
    "menu.sub.price": "amount",
}
_HEADER_TAGS: dict[str, str] = {
    "sub_total.subtotal_price": "sub_total",
    "sub_total.tax_price": "total_tax",
    "sub_total.discount_price": "total_discount",
    "total.total_price": "invoice_total",
}
# What says nothing about our tags.
_UNSURE = frozenset({"void_menu.nm", "void_menu.price", "menu.itemsubtotal", "menu.etc"})
_NEW_ITEM = 0.3  # cost of an item more, in line heights of spread
_NAMELESS = 5.0  # cost of an item without a name, in line heights of spread


@dataclass(frozen=True, slots=True)
class _Entity:
    """One labelled value: its label, its word positions and its middle, in line heights."""

    label: str
    words: tuple[int, ...]
    middle: float


def labelled_pages(path: Path) -> Iterator[LabelledPage]:
    """The receipts of a CORD-r file; raises ValueError naming a line that is not of the format."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, text in enumerate(lines, start=1):
            try:
                yield _labelled(json.loads(text))
            except (LookupError, TypeError, ValueError) as error:
                raise ValueError(f"{path} line {number}: not a CORD-r receipt: {error}") from error


def _labelled(receipt: Mapping[str, Any]) -> LabelledPage:
    width, height = float(receipt["width"]), float(receipt["height"])
    rows = receipt["words"]
    words = [
        Word(
            str(row[0]), Box.clamped(*(row[k] / (width, height)[(k - 1) % 2] for k in range(1, 5)))
        )
        for row in rows
    ]
    tags = [_tag(str(row[6]), str(row[0])) for row in rows]
    items = [OUTSIDE] * len(rows)
    _number_items(rows, words, tags, items)
    at = {id(word): index for index, word in enumerate(words)}
    order = [at[id(word)] for word in in_reading_order(words)]
    page = Page(
        number=0,
        width=width,
        height=height,
        words=tuple(words[index] for index in order),
        words_source="given",
        reason="OCR of the corpus",
    )
    return LabelledPage(
        page,
        tuple(tags[index] for index in order),
        tuple(items[index] for index in order),
        "receipt",
    )


def _tag(label: str, text: str) -> str:
    """The tag of a word by its label; header labels also cover the caption beside the number."""
    digits = any(char.isdigit() for char in text)
    if label in ("menu.nm", "menu.sub.nm"):
        return "description"
    if label in _ITEM_TAGS or label in _SUB_TAGS or label in _HEADER_TAGS:
        tag = _ITEM_TAGS.get(label) or _SUB_TAGS.get(label) or _HEADER_TAGS[label]
        return tag if digits else "other"
    # Numbers outside all labels are often mis-synchronised ones: not known to be nothing.
    if label in _UNSURE or (label == "O" and digits):
        return labels.IGNORE
    return "other"


def _number_items(rows: list[Any], words: list[Word], tags: list[str], items: list[int]) -> None:
    entities = _entities(rows, words)
    main = [entity for entity in entities if entity.label in _ITEM_TAGS]
    for number, group in enumerate(_cut(main)):
        for entity in group:
            for index in entity.words:
                items[index] = number
    count = len(main)
    subs = [entity for entity in entities if entity.label in _SUB_TAGS]
    for number, group in enumerate(_cut(subs), start=count):
        priced = any(entity.label == "menu.sub.price" for entity in group)
        for entity in group:
            for index in entity.words:
                if priced:
                    items[index] = number
                else:
                    tags[index] = labels.IGNORE
    for index, tag in enumerate(tags):
        if tag not in labels.LINE_TAGS:
            items[index] = OUTSIDE


def _entities(rows: list[Any], words: list[Word]) -> list[_Entity]:
    usual = median(word.box.height for word in words) or 1.0
    by_id: dict[tuple[int, str], list[int]] = {}
    for index, row in enumerate(rows):
        if row[6] in _ITEM_TAGS or row[6] in _SUB_TAGS:
            by_id.setdefault((int(row[5]), str(row[6])), []).append(index)
    return [
        _Entity(label, tuple(found), median(words[i].box.center[1] for i in found) / usual)
        for (_, label), found in sorted(by_id.items())
    ]


def _cut(entities: list[_Entity]) -> list[list[_Entity]]:
    """The sequence cut into items at least cost (spread in height, no cell twice, a name each)."""
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
    groups: list[list[_Entity]] = []
    end = count
    while end > 0:
        groups.append(entities[begin[end] : end])
        end = begin[end]
    return groups[::-1]


def _item_cost(entities: list[_Entity]) -> float:
    seen = [entity.label for entity in entities]
    if len(set(seen)) < len(seen):
        return math.inf
    named = any(label.endswith(".nm") for label in seen)
    middles = [entity.middle for entity in entities]
    return max(middles) - min(middles) + _NEW_ITEM + (0.0 if named else _NAMELESS)
