"""Turns the counts of read pages into rates, level by level: `error_statistics.ReadingErrors`.

Pages are divided into levels by the share of words that were read exactly. The rates of a level
with few pages are those of all pages, scaled, until its own counts outweigh them.
"""

import random
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from data.synthesis.ocr_fitting.shards import ReadPage
from data.synthesis.ocr_fitting.tally import Fate, Tally
from data.synthesis.ocr_fitting.tesseract_pages import SCANNERS
from data.synthesis.ocr_noise.error_statistics import (
    CLASSES,
    GAPS,
    KINDS,
    PAGE_SIZES,
    SHARES,
    SIZES,
    Level,
    ReadingErrors,
    class_of,
)

_BOUNDS = (0.25, 0.5, 0.7, 0.82, 0.89, 0.94, 0.97)  # recalls between the levels, bad to good
_LISTED = 20  # confusions a character, garbled words a length
_MIN_PAGES = 8  # of a scanner and size, below which all sizes of the scanner are taken
_PRIOR = 30.0  # weight, in words, of the rate of all levels in each level
_SEED = 20

Floats = npt.NDArray[np.float64]
Counted = tuple[ReadPage, Tally]


def fit(
    counted: Sequence[Counted], about: dict[str, object], held_out: dict[str, dict[str, float]]
) -> ReadingErrors:
    """Fit the statistics of the counted pages."""
    counts = [count for _, count in counted]
    pooled = _PooledCounts(counts)
    by_level: list[list[Tally]] = [[] for _ in range(len(_BOUNDS) + 1)]
    for count in counts:
        by_level[bisect(_BOUNDS, count.quality)].append(count)
    levels = [_level(pages, pooled) for pages in by_level if pages]
    rng = random.Random(_SEED)
    specks = [speck for count in counts for speck in count.specks if len(speck[0]) <= 12]
    return ReadingErrors(
        fitted_on=about,
        levels=tuple(reversed(levels)),
        qualities={scanner: _qualities(counted, scanner) for scanner in SCANNERS},
        skews=_quantiles([page.skew for page, _ in counted], SHARES),
        character=_round_values(pooled.character),
        characters=pooled.characters(),
        character_by_kind=_round_values(pooled.by_kind()),
        confusions=_list_confusions(counts),
        garbled=_sample_garbled(counts, rng),
        pair_split=tuple(_round_values(row) for row in pooled.pair_split()),
        pair_merge=tuple(_round_values(row) for row in pooled.pair_merge()),
        before=_most_common([count.before for count in counts]),
        after=_most_common([count.after for count in counts]),
        by_scanner=_by_scanner(counted, by_level),
        specks=tuple(rng.sample(specks, min(len(specks), 150))),
        held_out=held_out,
    )


class _PooledCounts:
    """The counts of all levels together, which the rates of each level are shrunk to."""

    def __init__(self, counts: Sequence[Tally]) -> None:
        self.lost, self.starts = _by_kind(counts, _is_loss_start), _by_kind(counts, _can_start_loss)
        self.go_on = _by_kind(counts, _is_loss_continued), _by_kind(counts, _can_continue_loss)
        self.garbled = _by_kind(counts, lambda fate: fate.fate == "garbled")
        self.legible = _by_kind(counts, _is_legible)
        self.wrong, self.total_characters = _by_class(counts)
        self.character = self.wrong.sum(axis=1) / np.maximum(self.total_characters.sum(axis=1), 1)
        self.counts = counts
        self.gaps, self.merged = _by_gap(counts)
        self.merge = self.merged / np.maximum(self.gaps, 1)

    def characters(self) -> dict[str, float]:
        """The factor of each character on the rate of its class."""
        total: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for count in self.counts:
            for spot, n in count.characters.items():
                total[spot.char] += n
            for spot, n in count.wrong.items():
                wrong[spot.char] += n
        factors = {}
        for char, n in sorted(total.items()):
            expected = n * float(self.character[class_of(char)])
            factor = (wrong[char] + 3) / (expected + 3)
            if n >= 20:
                factors[char] = round(factor, 2)
        return factors

    def by_kind(self) -> Floats:
        """The factor of the kind of word on the rate of its characters."""
        factors = self.characters()
        wrong, expected = np.zeros(len(KINDS)), np.zeros(len(KINDS))
        for count in self.counts:
            for spot, n in count.wrong.items():
                wrong[spot.kind] += n
            for spot, n in count.characters.items():
                rate = float(self.character[class_of(spot.char)])
                expected[spot.kind] += n * rate * factors.get(spot.char, 1.0)
        return np.asarray((wrong + 5) / (expected + 5))

    def pair_split(self) -> Floats:
        """The chance that a word is cut between two characters, by their classes."""
        total = np.zeros((len(CLASSES), len(CLASSES)))
        cut = np.zeros_like(total)
        for count in self.counts:
            for (pair, hit), n in count.joints.items():
                total[pair] += n
                cut[pair] += n * hit
        usual = cut.sum() / max(total.sum(), 1)
        return np.asarray((cut + 50 * usual) / (total + 50))

    def pair_merge(self) -> Floats:
        """The factor on the merge rate of a gap, by the classes of the characters beside it."""
        merged = np.zeros((len(CLASSES), len(CLASSES)))
        expected = np.zeros_like(merged)
        for count in self.counts:
            for (gap, pair, hit), n in count.gaps.items():
                merged[pair] += n * hit
                expected[pair] += n * self.merge[gap]
        return np.asarray((merged + 5) / (expected + 5))


def _level(counts: Sequence[Tally], pooled: _PooledCounts) -> Level:
    lost, starts = _by_kind(counts, _is_loss_start), _by_kind(counts, _can_start_loss)
    garbled = _by_kind(counts, lambda fate: fate.fate == "garbled")
    legible = _by_kind(counts, _is_legible)
    drop = _shrink_rates(lost, starts, pooled.lost, pooled.starts)
    garble = _shrink_rates(garbled, legible, pooled.garbled, pooled.legible)
    wrong, total = _by_class(counts)
    scale = wrong.sum() / max(float((pooled.character[:, None] * total).sum()), 1e-9)
    character = (wrong.sum(axis=1) + 200 * pooled.character * scale) / (total.sum(axis=1) + 200)
    readable = max(sum(count.legible for count in counts), 1)
    split = pooled.pair_split()
    joints = [(pair, hit, n) for count in counts for (pair, hit), n in count.joints.items()]
    cuts = sum(n for _, hit, n in joints if hit)
    regions = [region for count in counts for region in count.regions]
    going_on = _by_kind(counts, _is_loss_continued), _by_kind(counts, _can_continue_loss)
    edges = np.array([edge for count in counts for edge in count.edges] or [(0.0,) * 4])
    right_confidences = [value for count in counts for value in count.right_confidences]
    wrong_confidences = [value for count in counts for value in count.wrong_confidences]
    return Level(
        recall=round(float(np.mean([count.quality for count in counts])), 4),
        pages=len(counts),
        drop=_round_values(drop),
        drop_by_size=_round_values(_size_factors(lost, starts, drop)),
        go_on=_round_values(_shrink_rates(*going_on, *pooled.go_on)),
        region=round(len(regions) / len(counts), 3),
        regions=tuple(random.Random(_SEED).sample(regions, min(len(regions), 2 * _LISTED))),
        garble=_round_values(garble),
        garble_by_size=_round_values(_size_factors(garbled, legible, garble)),
        merge=_round_values(_merge_rates(counts, pooled)),
        split=round(float((cuts + 1) / (sum(n * split[pair] for pair, _, n in joints) + 1)), 3),
        character=_round_values(character),
        character_by_size=_round_values(_size_factors(wrong, total, character)),
        before=round(sum(count.before.total() for count in counts) / readable, 5),
        after=round(sum(count.after.total() for count in counts) / readable, 5),
        edges=tuple(_quantiles(edges[:, edge], SHARES) for edge in range(4)),
        specks=_quantiles([len(count.specks) for count in counts], SHARES),
        sure=_quantiles(right_confidences, SHARES),
        unsure=_quantiles(wrong_confidences, SHARES),
    )


def _is_loss_start(fate: Fate) -> bool:
    return fate.fate == "lost" and not fate.after_lost


def _can_start_loss(fate: Fate) -> bool:
    return fate.fate != "region" and not fate.after_lost


def _is_loss_continued(fate: Fate) -> bool:
    return fate.fate == "lost" and fate.after_lost


def _can_continue_loss(fate: Fate) -> bool:
    return fate.fate != "region" and fate.after_lost


def _is_legible(fate: Fate) -> bool:
    return fate.fate not in ("lost", "region")


def _by_kind(counts: Sequence[Tally], counts_in: Callable[[Fate], bool]) -> Floats:
    """Count the words that `counts_in` accepts, by kind and size of print."""
    table = np.zeros((len(KINDS), len(SIZES) + 1))
    for count in counts:
        for fate in count.fates:
            table[fate.kind, fate.size] += counts_in(fate)
    return table


def _by_class(counts: Sequence[Tally]) -> tuple[Floats, Floats]:
    """Count the wrong and all characters, by class and size of print."""
    wrong = np.zeros((len(CLASSES), len(SIZES) + 1))
    total = np.zeros_like(wrong)
    for count in counts:
        for spot, n in count.characters.items():
            total[class_of(spot.char), spot.size] += n
        for spot, n in count.wrong.items():
            wrong[class_of(spot.char), spot.size] += n
    return wrong, total


def _by_gap(counts: Sequence[Tally]) -> tuple[Floats, Floats]:
    """Count all gaps between words and those read as no gap, by width."""
    total, merged = np.zeros(len(GAPS) + 1), np.zeros(len(GAPS) + 1)
    for count in counts:
        for (gap, _, hit), n in count.gaps.items():
            total[gap] += n
            merged[gap] += n * hit
    return total, merged


def _merge_rates(counts: Sequence[Tally], pooled: _PooledCounts) -> Floats:
    total, merged = _by_gap(counts)
    scale = (merged.sum() + 1) / (float((total * pooled.merge).sum()) + 1)
    return np.asarray((merged + _PRIOR * pooled.merge * scale) / (total + _PRIOR))


def _shrink_rates(hits: Floats, total: Floats, all_hits: Floats, all_total: Floats) -> Floats:
    """Rates by kind (rows), shrunk to those of all levels scaled to this one."""
    usual = all_hits.sum(axis=1) / np.maximum(all_total.sum(axis=1), 1)
    scale = (hits.sum() + 1) / (float((usual[:, None] * total).sum()) + 1)
    return np.asarray((hits.sum(axis=1) + _PRIOR * usual * scale) / (total.sum(axis=1) + _PRIOR))


def _size_factors(hits: Floats, total: Floats, rates: Floats) -> Floats:
    expected = (total * rates[:, None]).sum(axis=0)
    return np.asarray((hits.sum(axis=0) + 5) / (expected + 5))


def _qualities(counted: Sequence[Counted], scanner: str) -> tuple[tuple[float, ...], ...]:
    counts_of_scanner = [count for page, count in counted if page.scanner == scanner]
    rows = []
    for size in range(len(PAGE_SIZES) + 1):
        recalls = [
            count.quality for count in counts_of_scanner if bisect(PAGE_SIZES, count.size) == size
        ]
        if len(recalls) < _MIN_PAGES:
            recalls = [count.quality for count in counts_of_scanner] or [1.0]
        rows.append(_quantiles(recalls, SHARES))
    return tuple(rows)


def _by_scanner(
    counted: Sequence[Counted], by_level: list[list[Tally]]
) -> dict[str, dict[str, float]]:
    """Factors on a level's rates by scanner: a good scan loses other words than a bad one."""
    factors_by_scanner: dict[str, dict[str, float]] = {str(scanner): {} for scanner in SCANNERS}
    for name, measure in _MEASURES.items():
        expected: dict[int, float] = {}
        for level in by_level:
            hits, total = np.array([measure(count) for count in level] or [(0, 1)]).sum(axis=0)
            expected |= {id(count): measure(count)[1] * hits / max(total, 1) for count in level}
        for scanner in SCANNERS:
            counts_of_scanner = [count for page, count in counted if page.scanner == scanner]
            hits = sum(measure(count)[0] for count in counts_of_scanner)
            factor = (hits + 10) / (sum(expected[id(count)] for count in counts_of_scanner) + 10)
            factors_by_scanner[scanner][name] = round(float(factor), 3)
    return factors_by_scanner


_MEASURES: dict[str, Callable[[Tally], tuple[float, float]]] = {
    "drop": lambda count: (_fates(count, "lost"), len(count.fates)),
    "region": lambda count: (len(count.regions), 1),
    "garble": lambda count: (_fates(count, "garbled"), len(count.fates)),
    "merge": lambda count: (
        sum(n for (_, _, hit), n in count.gaps.items() if hit),
        count.gaps.total(),
    ),
    "split": lambda count: (sum(n for (_, hit), n in count.joints.items() if hit), count.printed),
    "character": lambda count: (count.wrong.total(), count.characters.total()),
    "specks": lambda count: (len(count.specks), 1),
}


def _fates(count: Tally, name: str) -> int:
    return sum(fate.fate == name for fate in count.fates)


def _list_confusions(counts: Sequence[Tally]) -> dict[str, tuple[tuple[str, str, int], ...]]:
    total: Counter[tuple[str, str]] = Counter()
    for count in counts:
        total += count.confusions
    confusions: dict[str, list[tuple[str, str, int]]] = {}
    for (printed, read), n in sorted(total.items(), key=lambda entry: (-entry[1], entry[0])):
        confusions.setdefault(printed[0], []).append((printed, read, n))
    return {char: tuple(rows[:_LISTED]) for char, rows in sorted(confusions.items())}


def _sample_garbled(counts: Sequence[Tally], rng: random.Random) -> dict[str, tuple[str, ...]]:
    texts: dict[int, list[str]] = {}
    for count in counts:
        for length, text in count.garbled:
            texts.setdefault(length, []).append(text)
    samples = {}
    for length in range(3, max((length for length in texts if length < 20), default=3) + 1):
        near = texts.get(length) or texts[min(texts, key=lambda other: abs(other - length))]
        samples[str(length)] = tuple(rng.sample(near, min(len(near), 2 * _LISTED)))
    return samples


def _most_common(counters: Sequence[Counter[str]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counter in counters:
        total += counter
    return {text: n for text, n in total.most_common(60) if len(text) <= 4}


def _quantiles(values: Sequence[float] | Floats, shares: Sequence[float]) -> tuple[float, ...]:
    return _round_values(np.quantile(np.array(values if len(values) else [0.0]), shares), 3)


def _round_values(values: Floats, places: int = 5) -> tuple[float, ...]:
    return tuple(round(float(value), places) for value in values)
