"""Real documents beside synthetic ones: distances, and where the synthetic world is poorer."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from data.synthesis.inspection.measures import MEASURES, Measured, Sample
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


def compare(
    real: Mapping[str, Sequence[Measured]], synthetic: Sequence[Measured]
) -> dict[str, Any]:
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


def poorer(comparison: Mapping[str, Any], least: float = 0.05) -> list[dict[str, Any]]:
    """Where at least that share of a corpus lies beyond what synthetic documents do, worst first.

    Each has `corpus`, `measure`, `side` ("above" or "below"), `share`, `documents`, `sentence`.
    """
    found = [
        {
            "corpus": corpus,
            "measure": name,
            "side": side,
            "share": one[side],
            "documents": round(one[side] * one["n"]),
            "sentence": _sentence(entry, corpus, side),
        }
        for name, entry in comparison["measures"].items()
        for corpus, one in entry["corpora"].items()
        for side in ("above", "below")
        if one[side] >= least
    ]
    return sorted(found, key=lambda entry: -entry["share"])


def furthest(comparison: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every measure of every corpus with its distance, the largest first.

    A corpus may lie within the synthetic range and yet be where few synthetic documents are.
    """
    found = [
        {"corpus": corpus, "measure": name, "distance": one["distance"]}
        | {
            "sentence": f"{entry['what']}: {corpus} {one['p50']:g}, synthetic"
            f" {entry['synthetic'][one['group']]['p50']:g} in the middle"
            f" (distance {one['distance']:.2f})"
        }
        for name, entry in comparison["measures"].items()
        for corpus, one in entry["corpora"].items()
    ]
    return sorted(found, key=lambda entry: -entry["distance"])


def _sentence(entry: Mapping[str, Any], corpus: str, side: str) -> str:
    one = entry["corpora"][corpus]
    made = entry["synthetic"][one["group"]]
    edge = made["p99" if side == "above" else "p01"]
    verb = "end" if side == "above" else "begin"
    return (
        f"{entry['what']}: {100 * one[side]:.0f} % of {corpus} ({round(one[side] * one['n'])} of"
        f" {one['n']}) lie {side} {edge:g}, where 99 % of the synthetic ones {verb}; the middle"
        f" half is {one['p25']:g} to {one['p75']:g}, of the synthetic ones {made['p25']:g} to"
        f" {made['p75']:g}"
    )


def markdown_table(comparison: Mapping[str, Any]) -> str:
    """By measure and corpus: the distance, and the share of real documents beyond the range."""
    corpora = [name for name in comparison["documents"] if name != "synthetic"]
    lines = [
        f"| measure | {' | '.join(corpora)} |",
        "|---|" + "---|" * len(corpora),
    ]
    for name, entry in comparison["measures"].items():
        parts = []
        for corpus in corpora:
            one = entry["corpora"].get(corpus)
            beyond = "" if one is None else f" ({100 * (one['below'] + one['above']):.0f} %)"
            parts.append("" if one is None else f"{one['distance']:.2f}{beyond}")
        lines.append(f"| {name} | {' | '.join(parts)} |")
    return "\n".join(lines) + "\n"


def _compared(
    name: str, real: Mapping[str, Sequence[Measured]], synthetic: Sequence[Measured]
) -> dict[str, Any]:
    corpora = {}
    for corpus, documents in real.items():
        group = group_of(documents)
        made = numbers_of(synthetic, name, group)
        seen = numbers_of(documents, name)
        if len(made) and len(seen):
            corpora[corpus] = {"group": group} | _against(seen, made)
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
    """What at least two real documents print and no synthetic one, most frequent first.

    `layouts` counts the known layouts that print it; `elsewhere` tells whether a synthetic
    document prints the head word anywhere.
    """
    made = frozenset[str]().union(*(getattr(one, kind) for one in synthetic))
    anywhere = frozenset[str]().union(*(one.words for one in synthetic))
    counts: dict[str, Counter[str]] = {}
    layouts: dict[str, set[str]] = {}
    for corpus, documents in real.items():
        for one in documents:
            for text in getattr(one, kind) - made:
                counts.setdefault(text, Counter())[corpus] += 1
                layouts.setdefault(text, set()).update({one.layout} - {""})
    found = [
        {"text": text, "documents": sum(by.values()), "corpora": dict(by)}
        | {"layouts": len(layouts[text])}
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
