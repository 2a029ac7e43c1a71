"""Compares measures of real and synthetic documents: distances, ranges, missing words."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from data.synthesis.inspection.measures import MEASURES, DocumentMeasures, Sample
from data.synthesis.pages import labelled_pages

Floats = npt.NDArray[np.float64]

_QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_RESAMPLES = 200  # draws behind the interval of a distance
# The sets of printed texts: attribute of `DocumentMeasures` and its description for people.
PRINTS: dict[str, str] = {
    "heads": "words of table heads",
    "labels": "labels before a value",
    "words": "words (digits masked)",
    "shapes": "shapes of numbers (every digit a 9)",
}


def synthetic_samples(seed: int, documents: int) -> Iterator[Sample]:
    """Yield the first synthetic documents of that seed, without images."""
    for index in range(documents):
        pages = labelled_pages(seed, index)
        items = sum(len({item for item in page.items if item >= 0}) for page in pages)
        group = "receipt" if pages[0].document_type == "receipt" else "document"
        yield Sample(f"{seed}/{index}", group, pages, items)


def compare(
    real: Mapping[str, Sequence[DocumentMeasures]], synthetic: Sequence[DocumentMeasures]
) -> dict[str, Any]:
    """Compare every measure of every corpus with the synthetic documents of its group, as JSON.

    `documents` {corpus: count}; `measures` {name: {what, synthetic {group: quantiles}, corpora
    {corpus: quantiles, distance ...}}}; `missing` {kind: texts that real documents print and
    synthetic ones never do, by count of documents}; `coverage` {kind: {corpus: share of a
    document's texts, on average, that some synthetic document prints}}.
    """
    groups = {document.group for document in synthetic}
    return {
        "documents": {"synthetic": len(synthetic)} | {name: len(real[name]) for name in real},
        "groups": {
            group: sum(document.group == group for document in synthetic)
            for group in sorted(groups)
        },
        "measures": {name: _compare_measure(name, real, synthetic) for name in MEASURES},
        "missing": {kind: _list_missing(kind, real, synthetic) for kind in PRINTS},
        "coverage": {kind: _measure_coverage(kind, real, synthetic) for kind in PRINTS},
    }


def measure_values(
    documents: Sequence[DocumentMeasures], name: str, group: str | None = None
) -> Floats:
    """The values of that measure over all documents (of a group) that have it."""
    values = [
        document.values[name]
        for document in documents
        if name in document.values and (group is None or document.group == group)
    ]
    return np.array(values, dtype=np.float64)


def most_common_group(documents: Sequence[DocumentMeasures]) -> str:
    """The group that most of the documents belong to."""
    return (
        Counter(document.group for document in documents).most_common(1)[0][0]
        if documents
        else "document"
    )


def distance(first: Floats, second: Floats) -> float:
    """The Kolmogorov-Smirnov distance: the largest gap of two distribution functions, 0 to 1."""
    values = np.sort(np.concatenate([first, second]))
    first_shares = np.searchsorted(np.sort(first), values, side="right") / len(first)
    second_shares = np.searchsorted(np.sort(second), values, side="right") / len(second)
    return float(np.abs(first_shares - second_shares).max())


def list_beyond_range(
    comparison: Mapping[str, Any], min_share: float = 0.05
) -> list[dict[str, Any]]:
    """List the measures with that share of a corpus beyond the synthetic range, worst first.

    Each has `corpus`, `measure`, `side` ("above" or "below"), `share`, `documents`, `sentence`.
    """
    entries = [
        {
            "corpus": corpus,
            "measure": name,
            "side": side,
            "share": numbers[side],
            "documents": round(numbers[side] * numbers["n"]),
            "sentence": _sentence(entry, corpus, side),
        }
        for name, entry in comparison["measures"].items()
        for corpus, numbers in entry["corpora"].items()
        for side in ("above", "below")
        if numbers[side] >= min_share
    ]
    return sorted(entries, key=lambda entry: -entry["share"])


def rank_by_distance(comparison: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List every measure of every corpus with its distance, the largest first.

    A corpus may lie within the synthetic range and yet be where few synthetic documents are.
    """
    entries = [
        {"corpus": corpus, "measure": name, "distance": numbers["distance"]}
        | {
            "sentence": f"{entry['what']}: median {numbers['p50']:g} in {corpus},"
            f" {entry['synthetic'][numbers['group']]['p50']:g} in the synthetic documents"
            f" (distance {numbers['distance']:.2f})"
        }
        for name, entry in comparison["measures"].items()
        for corpus, numbers in entry["corpora"].items()
    ]
    return sorted(entries, key=lambda entry: -entry["distance"])


def _sentence(entry: Mapping[str, Any], corpus: str, side: str) -> str:
    numbers = entry["corpora"][corpus]
    synthetic = entry["synthetic"][numbers["group"]]
    edge = synthetic["p99" if side == "above" else "p01"]
    percentile = "99th" if side == "above" else "1st"
    count = round(numbers[side] * numbers["n"])
    return (
        f"{entry['what']}: {100 * numbers[side]:.0f} % of {corpus} ({count} of {numbers['n']}) lie"
        f" {side} {edge:g}, the {percentile} percentile of the synthetic documents; the middle half"
        f" of {corpus} is {numbers['p25']:g} to {numbers['p75']:g}, of the synthetic documents"
        f" {synthetic['p25']:g} to {synthetic['p75']:g}"
    )


def markdown_table(comparison: Mapping[str, Any]) -> str:
    """Return a table: by measure and corpus the distance, and the share beyond the range."""
    corpora = [name for name in comparison["documents"] if name != "synthetic"]
    lines = [
        f"| measure | {' | '.join(corpora)} |",
        "|---|" + "---|" * len(corpora),
    ]
    for name, entry in comparison["measures"].items():
        parts = []
        for corpus in corpora:
            numbers = entry["corpora"].get(corpus)
            beyond = (
                "" if numbers is None else f" ({100 * (numbers['below'] + numbers['above']):.0f} %)"
            )
            parts.append("" if numbers is None else f"{numbers['distance']:.2f}{beyond}")
        lines.append(f"| {name} | {' | '.join(parts)} |")
    return "\n".join(lines) + "\n"


def _compare_measure(
    name: str, real: Mapping[str, Sequence[DocumentMeasures]], synthetic: Sequence[DocumentMeasures]
) -> dict[str, Any]:
    corpora = {}
    for corpus, documents in real.items():
        group = most_common_group(documents)
        synthetic_values = measure_values(synthetic, name, group)
        real_values = measure_values(documents, name)
        if len(synthetic_values) and len(real_values):
            corpora[corpus] = {"group": group} | _compare_numbers(real_values, synthetic_values)
    groups = sorted({document.group for document in synthetic})
    ranges = {group: measure_values(synthetic, name, group) for group in groups}
    return {
        "what": MEASURES[name],
        "synthetic": {group: _quantiles(values) for group, values in ranges.items() if len(values)},
        "corpora": corpora,
    }


def _compare_numbers(real: Floats, synthetic: Floats) -> dict[str, Any]:
    low, high = (float(edge) for edge in np.quantile(synthetic, (0.01, 0.99)))
    rng = np.random.default_rng(len(real))
    draws = [distance(rng.choice(real, len(real)), synthetic) for _ in range(_RESAMPLES)]
    return _quantiles(real) | {
        "distance": round(distance(real, synthetic), 3),
        "distance_from_to": [round(float(edge), 3) for edge in np.quantile(draws, (0.05, 0.95))],
        "below": round(float((real < low - 1e-9).mean()), 3),
        "above": round(float((real > high + 1e-9).mean()), 3),
    }


def _quantiles(numbers: Floats) -> dict[str, Any]:
    edges = np.quantile(numbers, _QUANTILES)
    names = [f"p{round(100 * share):02d}" for share in _QUANTILES]
    shown = {name: float(f"{value:.4g}") for name, value in zip(names, edges, strict=True)}
    return {"n": len(numbers)} | shown


def _list_missing(
    kind: str, real: Mapping[str, Sequence[DocumentMeasures]], synthetic: Sequence[DocumentMeasures]
) -> list[dict[str, Any]]:
    """List the texts of at least two real documents and of no synthetic one, most frequent first.

    `layouts` counts the known layouts that print it; `elsewhere` is true where a synthetic
    document prints the head word anywhere.
    """
    synthetic_prints = frozenset[str]().union(*(getattr(document, kind) for document in synthetic))
    anywhere = frozenset[str]().union(*(document.words for document in synthetic))
    counts: dict[str, Counter[str]] = {}
    layouts: dict[str, set[str]] = {}
    for corpus, documents in real.items():
        for document in documents:
            for text in getattr(document, kind) - synthetic_prints:
                counts.setdefault(text, Counter())[corpus] += 1
                layouts.setdefault(text, set()).update({document.layout} - {""})
    entries = [
        {"text": text, "documents": sum(by.values()), "corpora": dict(by)}
        | {"layouts": len(layouts[text])}
        | ({"elsewhere": text in anywhere} if kind == "heads" else {})
        for text, by in counts.items()
        if sum(by.values()) > 1
    ]
    return sorted(entries, key=lambda entry: (-entry["documents"], entry["text"]))


def _measure_coverage(
    kind: str, real: Mapping[str, Sequence[DocumentMeasures]], synthetic: Sequence[DocumentMeasures]
) -> dict[str, float]:
    synthetic_prints = frozenset[str]().union(*(getattr(document, kind) for document in synthetic))
    shares = {}
    for corpus, documents in real.items():
        sets = [prints for document in documents if (prints := getattr(document, kind))]
        if sets:
            shares[corpus] = round(
                sum(len(prints & synthetic_prints) / len(prints) for prints in sets) / len(sets), 3
            )
    return shares
