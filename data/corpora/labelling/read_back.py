"""Reads line items back from the labels of pages and compares them with the truth: a check.

It knows nothing of how a label came about: the words of an item's tag, joined, must read as the
value that the truth has under that name. A misread word counts as wrong, as a reader would be.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from rapidfuzz import fuzz

from data.corpora.labelling.prepared_pages import OUTSIDE, plain_text
from data.corpora.labelling.printed_lines import readings
from data.corpora.truth import TrueItem
from data.records import LabelledPage

NUMBER_NAMES = ("amount", "quantity", "unit_price")
_SIMILAR = 80.0  # rapidfuzz ratio (0..100) from which a wording is the truth's


def read_back(
    pages: Iterable[LabelledPage], items: Mapping[int, TrueItem]
) -> tuple[Counter[str], Counter[str]]:
    """Return the counts of labelled cells by name, and of those that read as the truth.

    `items` are the true items by their number on the pages.
    """
    labelled: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for (number, name), text in _cell_texts(pages).items():
        item = items[number]
        if name in NUMBER_NAMES and item.decimal(name) is not None:
            labelled[name] += 1
            right[name] += item.decimal(name) in _readings(text)
        elif name == "description" and item.wordings:
            labelled[name] += 1
            right[name] += any(
                fuzz.partial_ratio(plain_text(wording), plain_text(text)) >= _SIMILAR
                for wording in item.wordings
            )
    return labelled, right


def _readings(text: str) -> frozenset[Decimal]:
    """The numbers that a cell's text can be read as, together or by one of its words."""
    return readings(text).union(*(readings(part) for part in text.split()))


def _cell_texts(pages: Iterable[LabelledPage]) -> dict[tuple[int, str], str]:
    """The words of each (item, tag) over all pages, in reading order."""
    words: dict[tuple[int, str], list[str]] = {}
    for page in pages:
        for word, tag, number in zip(page.page.words, page.tags, page.items, strict=True):
            if number != OUTSIDE:
                words.setdefault((number, tag), []).append(word.text)
    return {cell: " ".join(texts) for cell, texts in words.items()}
