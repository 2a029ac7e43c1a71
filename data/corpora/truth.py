"""The truth of a labelled document as frozen records, the same for every corpus format.

Every reader in this package yields `TrueDocument`. Pages count from 0; boxes are in fractions of
the page as delivered, origin top left. Values are strings as the corpus folder writes them:
decimals with a point, dates ISO.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from data.records import Box, Page

# No exponent, ASCII digits, at most 15 before the point: sums over them never overflow
_DECIMAL = re.compile(r"[+-]?\d{1,15}(\.\d{1,30})?", re.ASCII)


class CorpusError(ValueError):
    """Labelled documents that break their format; the message names file, line and field."""


@dataclass(frozen=True, slots=True)
class TrueItem:
    """One true line item of a document.

    `values` holds every labelled value, as the manifest's strings; `visible` the names that are
    printed and may be scored. `wordings` are the descriptions that are equally right. `page` counts
    from 0; `box` is the row and `cells` are the boxes of printed values by name, where the corpus
    knows them, in fractions of the page.
    """

    values: Mapping[str, str]
    visible: frozenset[str]
    wordings: tuple[str, ...] = ()
    page: int | None = None
    box: Box | None = None
    cells: Mapping[str, Box] = field(default_factory=dict)

    def decimal(self, name: str) -> Decimal | None:
        """The value of that name as a number, visible or not; None where the truth has none."""
        text = self.values.get(name)
        return None if text is None or not is_decimal(text) else Decimal(text)

    def visible_decimal(self, name: str) -> Decimal | None:
        """The value of that name as a number when it is printed, else None."""
        return self.decimal(name) if name in self.visible else None


@dataclass(frozen=True, slots=True)
class TruePlace:
    """One labelled value with its box, under its name in the corpus.

    `item` numbers the line item it belongs to (None: the document itself).
    """

    name: str
    page: int
    box: Box
    text: str | None = None
    item: int | None = None


class Located(Protocol):
    """Anything with a box on a page."""

    @property
    def box(self) -> Box:
        """Its place, in fractions of the page."""


def boxes_by_name(places: Iterable[tuple[str, Located]]) -> dict[str, Box]:
    """The box of each name; that around all places where one name has several."""
    boxes: dict[str, Box] = {}
    for name, place in places:
        boxes[name] = boxes[name].union(place.box) if name in boxes else place.box
    return boxes


@dataclass(frozen=True, slots=True)
class TrueEntity:
    """Words that carry one label of their corpus: positions in `words` of a given page."""

    label: str
    words: tuple[int, ...]
    page: int = 0


@dataclass(frozen=True, slots=True)
class TrueDocument:
    """One document of a corpus with its truth.

    `path` is None where the corpus brings words and no file. `read_corpus_pages` reads the words
    that the corpus brings (None: it brings none); it can be pickled, and raises `CorpusError`.
    `excluded` are rows that are printed but not scored (struck through, credited, pre-empted).
    `places` and `entities` are truths that name boxes or words. `line` is the line of the manifest
    (from 1); `extra` holds the corpus's free keys. `items_labelled` is False where the corpus
    labels no line items at all: predicted ones are neither right nor wrong.
    """

    document_id: str
    path: Path | None
    document_type: str
    fields: Mapping[str, str]
    fields_visible: frozenset[str]
    items: tuple[TrueItem, ...]
    excluded: tuple[TrueItem, ...]
    labels: str
    extra: Mapping[str, Any]
    line: int = 1
    places: tuple[TruePlace, ...] = ()
    entities: tuple[TrueEntity, ...] = ()
    read_corpus_pages: Callable[[], tuple[Page, ...]] | None = None
    items_labelled: bool = True


def is_decimal(text: str) -> bool:
    """Return whether the text is a decimal of the corpus format: digits, a point, a sign."""
    return _DECIMAL.fullmatch(text) is not None


def money_text(value: Decimal) -> str:
    """Format a sum as a truth writes it, with at least two decimals.

    Header values with a point are compared as numbers; "2250" would differ from "2250.00".
    """
    few = value == value.quantize(Decimal("0.01"))
    return format(value.quantize(Decimal("0.01")) if few else value, "f")
