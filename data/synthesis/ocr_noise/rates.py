"""The rates of reading errors at one page quality, as arrays that `noise` draws from."""

from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from data.synthesis.ocr_noise.error_statistics import ReadingErrors, class_of

_STEPS = 40  # distinct qualities
CODES = 0x2200  # code points with rates of their own; those above count as marks

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Rates(NamedTuple):
    """Rates at one quality; arrays as in `error_statistics.Level`."""

    tables: "Tables"
    drop: Floats  # (kinds, sizes)
    go_on: Floats  # (kinds,)
    region: float
    regions: tuple[tuple[float, float, float], ...]
    garble: Floats  # (kinds, sizes)
    merge: Floats  # (gaps,)
    split: Floats  # (classes, classes)
    character: Floats  # (classes, sizes)
    before: float
    after: float
    edges: Floats  # (4, shares)
    specks: Floats
    right_confidences: Floats
    wrong_confidences: Floats


class Tables(NamedTuple):
    """The tables that are the same at every quality."""

    errors: ReadingErrors
    classes: npt.NDArray[np.int64]  # by code point
    factors: Floats  # by code point
    kinds: Floats  # by kind of word
    pair_merge: Floats
    before: tuple[tuple[str, ...], tuple[int, ...]]  # texts and summed weights
    after: tuple[tuple[str, ...], tuple[int, ...]]


@lru_cache(maxsize=2)
def _make_tables(errors: ReadingErrors) -> Tables:
    characters = [chr(code) for code in range(CODES)]
    factors = [errors.characters.get(char, 1.0) for char in characters]
    classes = [class_of(char) for char in characters]
    return Tables(
        errors,
        np.array(classes),
        np.array(factors),
        np.array(errors.character_by_kind),
        np.array(errors.pair_merge),
        (tuple(errors.before), tuple(accumulate(errors.before.values()))),
        (tuple(errors.after), tuple(accumulate(errors.after.values()))),
    )


def find_rates(errors: ReadingErrors, recall: float, scanner: str) -> Rates:
    """Return the rates on a page of that scanner with that share of words read exactly."""
    return _interpolate_rates(errors, round(recall * _STEPS), scanner)


@lru_cache(maxsize=8 * _STEPS)
def _interpolate_rates(errors: ReadingErrors, step: int, scanner: str) -> Rates:
    """The rates at a recall of `step / _STEPS`: between those of the two levels around it."""
    levels = sorted(errors.levels, key=lambda level: level.recall)
    recalls = [level.recall for level in levels]
    nearest = min(levels, key=lambda level: abs(level.recall - step / _STEPS))
    many = errors.by_scanner[scanner]

    def rate(name: str) -> Any:
        values = np.array([getattr(level, name) for level in levels])
        flat = values.reshape(len(levels), -1)
        mixed = [np.interp(step / _STEPS, recalls, column) for column in flat.T]
        return np.array(mixed).reshape(values.shape[1:]) * many.get(name, 1.0)

    return Rates(
        _make_tables(errors),
        rate("drop")[:, None] * rate("drop_by_size"),
        rate("go_on"),
        float(rate("region")),
        nearest.regions or ((0.0, 1.0, 1.0),),
        rate("garble")[:, None] * rate("garble_by_size"),
        rate("merge"),
        np.array(errors.pair_split) * rate("split"),
        rate("character")[:, None] * rate("character_by_size"),
        float(rate("before")),
        float(rate("after")),
        rate("edges"),
        rate("specks"),
        rate("sure"),
        rate("unsure"),
    )
