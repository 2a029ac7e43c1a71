"""Input drift: incoming pages compared with those the model was evaluated on.

The distributions of three page statistics are compared with those in `reference.json`, by the
population stability index, sum over buckets of (p - q) * ln(p / q): the symmetric Kullback-Leibler
divergence of the two. As rules of thumb, below 0.1 they are alike, above 0.25 they are different
populations.
"""

import json
import math
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data.records import Page

_REFERENCE = Path(__file__).with_name("reference.json")
WINDOW_PAGES = 500
MIN_PAGES = 50  # an index over fewer pages is noise
# A bucket that is empty on one side counts as this share, or the index would be infinite.
_MIN_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class Reference:
    """Shares of pages by bucket; `edges` are upper bounds, empty where buckets are names."""

    edges: tuple[float, ...]
    shares: Mapping[str, float]

    def bucket(self, value: float | str) -> str:
        if isinstance(value, str):
            return value
        place = bisect_left(self.edges, value)
        return str(self.edges[place]) if place < len(self.edges) else "more"


@cache
def reference() -> Mapping[str, Reference]:
    """Return the shipped reference of each statistic."""
    content = json.loads(_REFERENCE.read_text(encoding="utf-8"))
    return {
        name: Reference(tuple(map(float, entry["edges"])), entry["shares"])
        for name, entry in content["statistics"].items()
    }


def page_statistics(page: Page) -> Iterator[tuple[str, float | str]]:
    """Yield the statistics of one page, by name."""
    yield "words_source", page.words_source
    yield "page_words", float(len(page.words))
    if (confidence := ocr_confidence(page)) is not None:
        yield "ocr_confidence", confidence


def ocr_confidence(page: Page) -> float | None:
    """Return the mean confidence (0..1) of a page's OCR words, None without any."""
    doubted = [word.confidence for word in page.words if word.confidence is not None]
    return sum(doubted) / len(doubted) if page.words_source == "ocr" and doubted else None


def stability_index(expected: Mapping[str, float], observed: Mapping[str, float]) -> float:
    """Return the population stability index of two distributions over named buckets.

    >>> stability_index({"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.5})
    0.0
    >>> round(stability_index({"a": 0.5, "b": 0.5}, {"a": 0.8, "b": 0.2}), 3)
    0.416
    """
    pairs = (
        (max(expected.get(name, 0.0), _MIN_SHARE), max(observed.get(name, 0.0), _MIN_SHARE))
        for name in sorted({*expected, *observed})
    )
    return sum(
        (share - expected_share) * math.log(share / expected_share)
        for expected_share, share in pairs
    )


def reference_of(pages: Iterable[Page]) -> dict[str, Any]:
    """Return the reference of some pages, in the form of "statistics" in `reference.json`."""
    buckets_by_name: dict[str, list[str]] = {name: [] for name in reference()}
    for page in pages:
        for name, value in page_statistics(page):
            buckets_by_name[name].append(reference()[name].bucket(value))
    return {
        name: {
            "edges": [*reference()[name].edges],
            "pages": len(buckets),
            "shares": {key: round(share, 4) for key, share in sorted(shares_of(buckets).items())},
        }
        for name, buckets in buckets_by_name.items()
    }


class Drift:
    """Drift of the last pages that one process read from the reference."""

    def __init__(self, window: int = WINDOW_PAGES) -> None:
        self._buckets: dict[str, deque[str]] = {name: deque(maxlen=window) for name in reference()}

    def add(self, page: Page) -> None:
        """Count one page."""
        for name, value in page_statistics(page):
            self._buckets[name].append(reference()[name].bucket(value))

    def indices(self) -> dict[str, float]:
        """Return the index of each statistic with enough pages."""
        return {
            name: stability_index(reference()[name].shares, shares_of(buckets))
            for name, buckets in self._buckets.items()
            if len(buckets) >= MIN_PAGES
        }


def shares_of(buckets: Sequence[str] | deque[str]) -> dict[str, float]:
    """Return the share of each bucket."""
    counted = Counter(buckets)
    return {name: count / len(buckets) for name, count in counted.items()}
