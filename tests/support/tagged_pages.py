"""Tagged pages made by hand, for tests of what is made of them: no network in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.labels import DOCUMENT_TYPES, TAGS
from data.records import Box, Page, Word
from training.decoding.grouping import TaggedPage, find_item_words

LINE_HEIGHT = 0.01


@dataclass(frozen=True)
class W:
    """A word at column `x` (fraction) on line `y` (count of lines), and what the network says.

    `item` is the item it belongs to, `maybe` other tags with their probabilities.
    """

    text: str
    tag: str
    x: float = 0.1
    y: float = 10.0
    item: int | None = None
    sure: float = 0.97
    maybe: tuple[tuple[str, float], ...] = ()
    seen: float | None = None  # confidence of the OCR engine
    other: str | None = None  # what another engine read there


def tagged_page(
    words: Sequence[W],
    number: int = 0,
    document_type: str = "invoice",
    together: float = 0.95,
    apart: float = 0.03,
    **page: object,
) -> TaggedPage:
    """The page with those words; words of one item are `together`, all others `apart`."""
    values: dict[str, object] = {"words_source": "text", "reason": "made for a test"}
    values |= {"width": 600.0, "height": 600.0}
    printed = tuple(Word(w.text, _box(w), w.seen, w.other) for w in words)
    made = Page(number=number, words=printed, **(values | page))
    probabilities = np.full((len(words), len(TAGS)), 1e-4, dtype=np.float32)
    for row, w in enumerate(words):
        for tag, probability in w.maybe:
            probabilities[row, TAGS.index(tag)] = probability
        probabilities[row, TAGS.index(w.tag)] = w.sure
    asked = find_item_words(probabilities)
    items = [words[index].item for index in asked]
    same = np.array([[a is not None and a == b for b in items] for a in items], dtype=bool)
    affinity = np.where(same.reshape(len(items), len(items)), together, apart)
    kinds = np.full(len(DOCUMENT_TYPES), 0.001, dtype=np.float32)
    kinds[DOCUMENT_TYPES.index(document_type)] = 0.99
    return TaggedPage(made, probabilities, asked, affinity.astype(np.float16), kinds)


def _box(w: W) -> Box:
    top = w.y * LINE_HEIGHT * 1.5
    right = min(w.x + 0.006 * max(len(w.text), 1), 1.0)
    return Box(w.x, top, right, top + LINE_HEIGHT)


def row(
    item: int,
    quantity: str | None,
    unit_price: str | None,
    amount: str | None,
    description: str = "Widget",
) -> list[W]:
    """An ordinary table row on a line of its own, missing cells left out."""
    y = 10.0 + 2 * item
    printed = [
        (0.10, "description", description),
        (0.50, "quantity", quantity),
        (0.65, "unit_price", unit_price),
        (0.80, "amount", amount),
    ]
    return [W(text, tag, x, y, item) for x, tag, text in printed if text is not None]
