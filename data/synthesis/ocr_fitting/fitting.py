"""Counts of read pages divided into rates: the statistics of `errors`, level by level.

Pages are divided into levels by the share of words that were read exactly. A level with few pages
leans on all of them: its rates are those of the whole, scaled, until its own counts outweigh them.
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
_LEAST_PAGES = 8  # of a scanner and size, below which all sizes of the scanner are taken
_PRIOR = 30.0  # words whose weight the rate of all levels has in each
_SEED = 20

Floats = npt.NDArray[np.float64]
Counted = tuple[ReadPage, Tally]


def fit(
    counted: Sequence[Counted], about: dict[str, object], held_out: dict[str, dict[str, float]]
) -> ReadingErrors:
    """The statistics of the counted pages."""
    counts = [count for _, count in counted]
    pooled = _Pooled(counts)
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
        character=_rounded(pooled.character),
        characters=pooled.characters(),
        character_by_kind=_rounded(pooled.by_kind()),
        confusions=_confusions(counts),
        garbled=_garbled(counts, rng),
        pair_split=tuple(_rounded(row) for row in pooled.pair_split()),
        pair_merge=tuple(_rounded(row) for row in pooled.pair_merge()),
        before=_common([count.before for count in counts]),
        after=_common([count.after for count in counts]),
        by_scanner=_by_scanner(counted, by_level),
        specks=tuple(rng.sample(specks, min(len(specks), 150))),
        held_out=held_out,
    )


class _Pooled:
    """Counts of all levels together: what single levels lean on."""

    def __init__(self, counts: Sequence[Tally]) -> None:
        self.lost, self.starts = _by_kind(counts, _begins_a_loss), _by_kind(counts, _may_begin)
        self.go_on = _by_kind(counts, _goes_on), _by_kind(counts, _may_go_on)
        self.garbled = _by_kind(counts, lambda fate: fate.fate == "garbled")
        self.legible = _by_kind(counts, _is_legible)
        self.wrong, self.characters_seen = _by_class(counts)
        self.character = self.wrong.sum(axis=1) / np.maximum(self.characters_seen.sum(axis=1), 1)
        self.counts = counts
        self.gaps, self.merged = _by_gap(counts)
        self.merge = self.merged / np.maximum(self.gaps, 1)

    def characters(self) -> dict[str, float]:
        """Factor of each character on the rate of its class."""
        seen: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for count in self.counts:
            for spot, n in count.characters.items():
                seen[spot.char] += n
            for spot, n in count.wrong.items():
                wrong[spot.char] += n
        factors = {}
        for char, n in sorted(seen.items()):
            expected = n * float(self.character[class_of(char)])
            factor = (wrong[char] + 3) / (expected + 3)
            if n >= 20:
                factors[char] = round(factor, 2)
        return factors

    def by_kind(self) -> Floats:
        """Factor of the kind of word on the rate of its characters."""
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
        seen = np.zeros((len(CLASSES), len(CLASSES)))
        cut = np.zeros_like(seen)
        for count in self.counts:
            for (pair, hit), n in count.joints.items():
                seen[pair] += n
                cut[pair] += n * hit
        usual = cut.sum() / max(seen.sum(), 1)
        return np.asarray((cut + 50 * usual) / (seen + 50))

    def pair_merge(self) -> Floats:
        """Factor on the chance of the gap, by the classes of the characters beside it."""
        merged = np.zeros((len(CLASSES), len(CLASSES)))
        expected = np.zeros_like(merged)
        for count in self.counts:
            for (gap, pair, hit), n in count.gaps.items():
                merged[pair] += n * hit
                expected[pair] += n * self.merge[gap]
        return np.asarray((merged + 5) / (expected + 5))


def _level(counts: Sequence[Tally], pooled: _Pooled) -> Level:
    lost, starts = _by_kind(counts, _begins_a_loss), _by_kind(counts, _may_begin)
    garbled = _by_kind(counts, lambda fate: fate.fate == "garbled")
    legible = _by_kind(counts, _is_legible)
    drop = _shrunk(lost, starts, pooled.lost, pooled.starts)
    garble = _shrunk(garbled, legible, pooled.garbled, pooled.legible)
    wrong, seen = _by_class(counts)
    scale = wrong.sum() / max(float((pooled.character[:, None] * seen).sum()), 1e-9)
    character = (wrong.sum(axis=1) + 200 * pooled.character * scale) / (seen.sum(axis=1) + 200)
    readable = max(sum(count.legible for count in counts), 1)
    split = pooled.pair_split()
    joints = [(pair, hit, n) for count in counts for (pair, hit), n in count.joints.items()]
    cuts = sum(n for _, hit, n in joints if hit)
    regions = [region for count in counts for region in count.regions]
    going_on = _by_kind(counts, _goes_on), _by_kind(counts, _may_go_on)
    edges = np.array([edge for count in counts for edge in count.edges] or [(0.0,) * 4])
    return Level(
        recall=round(float(np.mean([count.quality for count in counts])), 4),
        pages=len(counts),
        drop=_rounded(drop),
        drop_by_size=_rounded(_size_factors(lost, starts, drop)),
        go_on=_rounded(_shrunk(*going_on, *pooled.go_on)),
        region=round(len(regions) / len(counts), 3),
        regions=tuple(random.Random(_SEED).sample(regions, min(len(regions), 2 * _LISTED))),
        garble=_rounded(garble),
        garble_by_size=_rounded(_size_factors(garbled, legible, garble)),
        merge=_rounded(_merge_rates(counts, pooled)),
        split=round(float((cuts + 1) / (sum(n * split[pair] for pair, _, n in joints) + 1)), 3),
        character=_rounded(character),
        character_by_size=_rounded(_size_factors(wrong, seen, character)),
        before=round(sum(count.before.total() for count in counts) / readable, 5),
        after=round(sum(count.after.total() for count in counts) / readable, 5),
        edges=tuple(_quantiles(edges[:, edge], SHARES) for edge in range(4)),
        specks=_quantiles([len(count.specks) for count in counts], SHARES),
        sure=_quantiles([one for count in counts for one in count.sure], SHARES),
        unsure=_quantiles([one for count in counts for one in count.unsure], SHARES),
    )


def _begins_a_loss(fate: Fate) -> bool:
    return fate.fate == "lost" and not fate.after_lost


def _may_begin(fate: Fate) -> bool:
    return fate.fate != "region" and not fate.after_lost


def _goes_on(fate: Fate) -> bool:
    return fate.fate == "lost" and fate.after_lost


def _may_go_on(fate: Fate) -> bool:
    return fate.fate != "region" and fate.after_lost


def _is_legible(fate: Fate) -> bool:
    return fate.fate not in ("lost", "region")


def _by_kind(counts: Sequence[Tally], counts_in: Callable[[Fate], bool]) -> Floats:
    """Number of words by kind and size of print."""
    table = np.zeros((len(KINDS), len(SIZES) + 1))
    for count in counts:
        for fate in count.fates:
            table[fate.kind, fate.size] += counts_in(fate)
    return table


def _by_class(counts: Sequence[Tally]) -> tuple[Floats, Floats]:
    """Wrong characters and all, by class and size of print."""
    wrong = np.zeros((len(CLASSES), len(SIZES) + 1))
    seen = np.zeros_like(wrong)
    for count in counts:
        for spot, n in count.characters.items():
            seen[class_of(spot.char), spot.size] += n
        for spot, n in count.wrong.items():
            wrong[class_of(spot.char), spot.size] += n
    return wrong, seen


def _by_gap(counts: Sequence[Tally]) -> tuple[Floats, Floats]:
    """All gaps between words and the ones read over, by width."""
    seen, merged = np.zeros(len(GAPS) + 1), np.zeros(len(GAPS) + 1)
    for count in counts:
        for (gap, _, hit), n in count.gaps.items():
            seen[gap] += n
            merged[gap] += n * hit
    return seen, merged


def _merge_rates(counts: Sequence[Tally], pooled: _Pooled) -> Floats:
    seen, merged = _by_gap(counts)
    scale = (merged.sum() + 1) / (float((seen * pooled.merge).sum()) + 1)
    return np.asarray((merged + _PRIOR * pooled.merge * scale) / (seen + _PRIOR))


def _shrunk(hits: Floats, seen: Floats, all_hits: Floats, all_seen: Floats) -> Floats:
    """Rates by kind (rows), leaning on those of all levels scaled to this one."""
    usual = all_hits.sum(axis=1) / np.maximum(all_seen.sum(axis=1), 1)
    scale = (hits.sum() + 1) / (float((usual[:, None] * seen).sum()) + 1)
    return np.asarray((hits.sum(axis=1) + _PRIOR * usual * scale) / (seen.sum(axis=1) + _PRIOR))


def _size_factors(hits: Floats, seen: Floats, rates: Floats) -> Floats:
    expected = (seen * rates[:, None]).sum(axis=0)
    return np.asarray((hits.sum(axis=0) + 5) / (expected + 5))


def _qualities(counted: Sequence[Counted], scanner: str) -> tuple[tuple[float, ...], ...]:
    mine = [count for page, count in counted if page.scanner == scanner]
    rows = []
    for size in range(len(PAGE_SIZES) + 1):
        recalls = [count.quality for count in mine if bisect(PAGE_SIZES, count.size) == size]
        if len(recalls) < _LEAST_PAGES:
            recalls = [count.quality for count in mine] or [1.0]
        rows.append(_quantiles(recalls, SHARES))
    return tuple(rows)


def _by_scanner(
    counted: Sequence[Counted], by_level: list[list[Tally]]
) -> dict[str, dict[str, float]]:
    """Factors on the rates of a level, by scanner: a good scan loses other words than a bad one."""
    found: dict[str, dict[str, float]] = {str(scanner): {} for scanner in SCANNERS}
    for name, measure in _MEASURES.items():
        expected: dict[int, float] = {}
        for level in by_level:
            hits, seen = np.array([measure(count) for count in level] or [(0, 1)]).sum(axis=0)
            expected |= {id(count): measure(count)[1] * hits / max(seen, 1) for count in level}
        for scanner in SCANNERS:
            mine = [count for page, count in counted if page.scanner == scanner]
            hits = sum(measure(count)[0] for count in mine)
            factor = (hits + 10) / (sum(expected[id(count)] for count in mine) + 10)
            found[scanner][name] = round(float(factor), 3)
    return found


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


def _confusions(counts: Sequence[Tally]) -> dict[str, tuple[tuple[str, str, int], ...]]:
    total: Counter[tuple[str, str]] = Counter()
    for count in counts:
        total += count.confusions
    found: dict[str, list[tuple[str, str, int]]] = {}
    for (printed, read), n in sorted(total.items(), key=lambda one: (-one[1], one[0])):
        found.setdefault(printed[0], []).append((printed, read, n))
    return {char: tuple(rows[:_LISTED]) for char, rows in sorted(found.items())}


def _garbled(counts: Sequence[Tally], rng: random.Random) -> dict[str, tuple[str, ...]]:
    texts: dict[int, list[str]] = {}
    for count in counts:
        for length, text in count.garbled:
            texts.setdefault(length, []).append(text)
    found = {}
    for length in range(3, max((length for length in texts if length < 20), default=3) + 1):
        near = texts.get(length) or texts[min(texts, key=lambda other: abs(other - length))]
        found[str(length)] = tuple(rng.sample(near, min(len(near), 2 * _LISTED)))
    return found


def _common(counters: Sequence[Counter[str]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counter in counters:
        total += counter
    return {text: n for text, n in total.most_common(60) if len(text) <= 4}


def _quantiles(values: Sequence[float] | Floats, shares: Sequence[float]) -> tuple[float, ...]:
    return _rounded(np.quantile(np.array(values if len(values) else [0.0]), shares), 3)


def _rounded(values: Floats, places: int = 5) -> tuple[float, ...]:
    return tuple(round(float(value), places) for value in values)
