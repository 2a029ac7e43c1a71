"""Real documents beside synthetic ones: distances, and where the synthetic world is poorer."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from data.synthesis.measures import MEASURES, Measured, Sample, measure
from data.synthesis.pages import labelled_pages

Floats = npt.NDArray[np.float64]

_QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_RESAMPLES = 200  # draws behind the interval of a distance
# What a document prints, as sets: attribute of `Measured` and what it is for people.
PRINTS: dict[str, str] = {
    "heads": "words of table heads",
    "labels": "labels before a value",
    "words": "words (digits masked)",
    "shapes": "shapes of numbers (every digit a 9)",
}


def synthetic_samples(seed: int, documents: int) -> Iterator[Sample]:
    """The first synthetic documents of that seed, without images."""
    for index in range(documents):
        pages = labelled_pages(seed, index)
        items = sum(len({item for item in page.items if item >= 0}) for page in pages)
        group = "receipt" if pages[0].document_type == "receipt" else "document"
        yield Sample(f"{seed}/{index}", group, pages, items)


def compare(real: Mapping[str, Sequence[Measured]], synthetic: Sequence[Measured]) -> dict[str, Any]:
    """Every measure of every corpus against the synthetic documents of its group, as plain JSON.

    `documents` {corpus: count}; `measures` {name: {what, synthetic {group: quantiles}, corpora
    {corpus: quantiles, distance ...}}}; `missing` {kind: what real documents print and synthetic
    ones never do, by count of documents}; `coverage` {kind: {corpus: share of the print of a
    document, on average, that occurs in the synthetic world}}.
    """
    groups = {one.group for one in synthetic}
    return {
        "documents": {"synthetic": len(synthetic)} | {name: len(real[name]) for name in real},
        "groups": {group: sum(one.group == group for one in synthetic) for group in sorted(groups)},
        "measures": {name: _compared(name, real, synthetic) for name in MEASURES},
        "missing": {kind: _missing(kind, real, synthetic) for kind in PRINTS},
        "coverage": {kind: _coverage(kind, real, synthetic) for kind in PRINTS},
    }


def measured(samples: Iterator[Sample]) -> Iterator[Measured]:
    """What is measured of each, one after the other."""
    return map(measure, samples)


def numbers_of(documents: Sequence[Measured], name: str, group: str | None = None) -> Floats:
    """That measure of all documents (of a group) that have it."""
    found = [
        one.values[name]
        for one in documents
        if name in one.values and (group is None or one.group == group)
    ]
    return np.array(found, dtype=np.float64)


def group_of(documents: Sequence[Measured]) -> str:
    """The group most of the documents belong to."""
    return Counter(one.group for one in documents).most_common(1)[0][0] if documents else "document"


def distance(one: Floats, other: Floats) -> float:
    """Kolmogorov-Smirnov: the largest difference of the two distribution functions, 0 to 1."""
    every = np.sort(np.concatenate([one, other]))
    first = np.searchsorted(np.sort(one), every, side="right") / len(one)
    second = np.searchsorted(np.sort(other), every, side="right") / len(other)
    return float(np.abs(first - second).max())


def _compared(
    name: str, real: Mapping[str, Sequence[Measured]], synthetic: Sequence[Measured]
) -> dict[str, Any]:
    corpora = {}
    for corpus, documents in real.items():
        made = numbers_of(synthetic, name, group_of(documents))
        seen = numbers_of(documents, name)
        if len(made) and len(seen):
            corpora[corpus] = _against(seen, made)
    groups = sorted({one.group for one in synthetic})
    ranges = {group: numbers_of(synthetic, name, group) for group in groups}
    return {
        "what": MEASURES[name],
        "synthetic": {group: _quantiles(found) for group, found in ranges.items() if len(found)},
        "corpora": corpora,
    }


def _against(seen: Floats, made: Floats) -> dict[str, Any]:
    low, high = (float(edge) for edge in np.quantile(made, (0.01, 0.99)))
    rng = np.random.default_rng(len(seen))
    draws = [distance(rng.choice(seen, len(seen)), made) for _ in range(_RESAMPLES)]
    return _quantiles(seen) | {
        "distance": round(distance(seen, made), 3),
        "distance_from_to": [round(float(edge), 3) for edge in np.quantile(draws, (0.05, 0.95))],
        "below": round(float((seen < low - 1e-9).mean()), 3),
        "above": round(float((seen > high + 1e-9).mean()), 3),
    }


def _quantiles(numbers: Floats) -> dict[str, Any]:
    found = np.quantile(numbers, _QUANTILES)
    names = [f"p{round(100 * share):02d}" for share in _QUANTILES]
    shown = {name: float(f"{edge:.4g}") for name, edge in zip(names, found, strict=True)}
    return {"n": len(numbers)} | shown


def _missing(
    kind: str, real: Mapping[str, Sequence[Measured]], synthetic: Sequence[Measured]
) -> list[dict[str, Any]]:
    """What at least two real documents print and no synthetic one, most frequent first."""
    made = frozenset[str]().union(*(getattr(one, kind) for one in synthetic))
    anywhere = frozenset[str]().union(*(one.words for one in synthetic))
    counts: dict[str, Counter[str]] = {}
    for corpus, documents in real.items():
        for text in (text for one in documents for text in getattr(one, kind) - made):
            counts.setdefault(text, Counter())[corpus] += 1
    found = [
        {"text": text, "documents": sum(by.values()), "corpora": dict(by)}
        | ({"elsewhere": text in anywhere} if kind == "heads" else {})
        for text, by in counts.items()
        if sum(by.values()) > 1
    ]
    return sorted(found, key=lambda entry: (-entry["documents"], entry["text"]))


def _coverage(
    kind: str, real: Mapping[str, Sequence[Measured]], synthetic: Sequence[Measured]
) -> dict[str, float]:
    made = frozenset[str]().union(*(getattr(one, kind) for one in synthetic))
    shares = {}
    for corpus, documents in real.items():
        sets = [found for one in documents if (found := getattr(one, kind))]
        if sets:
            shares[corpus] = round(sum(len(one & made) / len(one) for one in sets) / len(sets), 3)
    return shares


