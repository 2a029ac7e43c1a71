"""Reading noise on written words: what Tesseract does to them, at rates measured on its readings.

A page draws a scanner, then how well it is read (a share of words read exactly, from the quantiles
for that scanner and that size of print); all rates follow from that. The reader of the service
sorts words by their boxes, so slips of order come from boxes that are off, and from nothing else.
"""

import random
from bisect import bisect
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from data.records import Box
from data.synthesis.reading_errors import (
    GAPS,
    PAGE_SIZES,
    SHARES,
    SIZES,
    TENTHS,
    ReadingErrors,
    class_of,
    ink_reach,
    kind_of,
    reading_errors,
)

A4 = (595.0, 842.0)
SCANNERS = ("clean", "light", "heavy", "paper")
_ODDS = (15, 40, 25, 20)
_STEPS = 40  # qualities told apart
_CODES = 0x2200  # code points with rates of their own; those above count as marks

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Seen(NamedTuple):
    """One word as a reader would deliver it, with its truth; `confidence` 0..1 if it states one."""

    text: str
    box: Box
    tag: str
    item: int
    confidence: float | None = None


class _Rates(NamedTuple):
    """Rates at one quality; arrays as in `reading_errors.Level`."""

    drop: Floats  # (kinds, sizes)
    go_on: float
    region: float
    garble: Floats  # (kinds, sizes)
    merge: Floats  # (gaps,)
    split: Floats  # (classes, classes)
    character: Floats  # (classes, sizes)
    before: float
    after: float
    edges: Floats  # (4, shares)
    specks: Floats
    sure: Floats
    unsure: Floats


class _Tables(NamedTuple):
    """What holds at every quality, ready to look up."""

    errors: ReadingErrors
    classes: npt.NDArray[np.int64]  # by code point
    factors: Floats  # by code point
    pair_merge: Floats
    before: tuple[tuple[str, ...], tuple[int, ...]]  # texts and summed weights
    after: tuple[tuple[str, ...], tuple[int, ...]]


class _Words(NamedTuple):
    """The words of a page as arrays; boxes in points."""

    seen: list[Seen]
    boxes: Floats  # (n, 4)
    ems: Floats
    kinds: Ints
    sizes: Ints


def add_noise(
    rng: random.Random,
    words: Sequence[Seen],
    paper: tuple[float, float] = A4,
    scanner: str | None = None,
) -> list[Seen]:
    """The words as Tesseract would have read them, in reading order.

    `paper` is the page's width and height in points; `scanner` (one of `SCANNERS`) says how it was
    scanned, None draws one.
    """
    if not words:
        return []
    grain = np.random.default_rng(rng.getrandbits(64))
    page = _as_arrays(in_reading_order(list(words)), paper)
    tables = _tables()
    usual = float(np.median(page.ems))
    scanner = scanner or rng.choices(SCANNERS, _ODDS)[0]
    qualities = tables.errors.qualities[scanner][bisect(PAGE_SIZES, usual)]
    quality = float(np.interp(rng.random(), TENTHS, qualities))
    rates = _rates(round(quality * _STEPS))
    kept = np.flatnonzero(~_lost(rng, grain, page, rates))
    read = _read(rng, grain, page, rates, kept)
    scale = 1 / np.array([*paper, *paper])
    seen = _merged(grain, page, rates, (kept, read, scale))
    seen += _specks(rng, grain, rates, usual * scale)
    return in_reading_order(seen)


def remaining_skew(rng: random.Random) -> float:
    """Degrees by which a page that was straightened is still askew."""
    return float(np.interp(rng.random(), SHARES, reading_errors().skews))


def _as_arrays(words: list[Seen], paper: tuple[float, float]) -> _Words:
    boxes = np.array([(w.box.left, w.box.top, w.box.right, w.box.bottom) for w in words])
    boxes *= (*paper, *paper)
    reach = np.array([sum(ink_reach(word.text)) for word in words])
    ems = np.maximum((boxes[:, 3] - boxes[:, 1]) / reach, 1.0)
    kinds = np.array([kind_of(word.text) for word in words])
    return _Words(words, boxes, ems, kinds, np.searchsorted(SIZES, ems, side="right"))


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    errors = reading_errors()
    characters = [chr(code) for code in range(_CODES)]
    factors = [errors.characters.get(char, 1.0) for char in characters]
    classes = [class_of(char) for char in characters]
    return _Tables(
        errors,
        np.array(classes),
        np.array(factors),
        np.array(errors.pair_merge),
        (tuple(errors.before), tuple(accumulate(errors.before.values()))),
        (tuple(errors.after), tuple(accumulate(errors.after.values()))),
    )


@lru_cache(maxsize=_STEPS + 1)
def _rates(step: int) -> _Rates:
    """The rates at a recall of `step / _STEPS`: between those of the two levels around it."""
    errors = reading_errors()
    levels = sorted(errors.levels, key=lambda level: level.recall)
    recalls = [level.recall for level in levels]

    def at(name: str) -> Any:
        values = np.array([getattr(level, name) for level in levels])
        flat = values.reshape(len(levels), -1)
        mixed = [np.interp(step / _STEPS, recalls, column) for column in flat.T]
        return np.array(mixed).reshape(values.shape[1:])

    return _Rates(
        at("drop")[:, None] * at("drop_by_size"),
        float(at("go_on")),
        float(at("region")),
        at("garble")[:, None] * at("garble_by_size"),
        at("merge"),
        np.array(errors.pair_split) * at("split"),
        at("character")[:, None] * at("character_by_size"),
        float(at("before")),
        float(at("after")),
        at("edges"),
        at("specks"),
        at("sure"),
        at("unsure"),
    )


def _lost(
    rng: random.Random, grain: np.random.Generator, page: _Words, rates: _Rates
) -> npt.NDArray[np.bool_]:
    """Which words are not read: alone, in runs along a line, and by whole regions."""
    count = len(page.seen)
    lost = np.zeros(count, dtype=np.bool_)
    begun = grain.random(count) < rates.drop[page.kinds, page.sizes]
    for place in np.flatnonzero(begun).tolist():
        lost[place] = True
        while place + 1 < count and rng.random() < rates.go_on and _beside(page, place):
            place += 1
            lost[place] = True
    for _ in range(grain.poisson(rates.region)):
        wide, tall, share = rng.choice(_tables().errors.regions)
        boxes = page.boxes
        left, top = boxes[rng.randrange(count), :2] - 0.1 * page.ems[0]
        # Width and height are fractions of a page: those of the part that is written on
        right = left + wide * (boxes[:, 2].max() - boxes[:, 0].min()) * 1.1
        low = top + tall * (boxes[:, 3].max() - boxes[:, 1].min()) * 1.1
        x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        inside = (x > left) & (x < right) & (y > top) & (y < low)
        lost |= inside & (grain.random(count) < share)
    return lost


def _beside(page: _Words, place: int) -> bool:
    """Whether the next word stands on the same line."""
    one, other = page.boxes[place], page.boxes[place + 1]
    return bool(other[0] >= one[0] and other[1] < one[3] and other[3] > one[1])


def _read(
    rng: random.Random,
    grain: np.random.Generator,
    page: _Words,
    rates: _Rates,
    kept: Ints,
) -> list[list[tuple[str, float, float]]]:
    """For each kept word its parts as read: text, and where it begins and ends in the word, 0..1.

    A word of which no character is left has no part.
    """
    texts = [page.seen[place].text for place in kept.tolist()]
    wrong, cut = _hits(grain, texts, page.sizes[kept], rates)
    read = [[(text, 0.0, 1.0)] for text in texts]
    for place in wrong.keys() | cut.keys():
        read[place] = _rewritten(rng, texts[place], wrong.get(place, ()), cut.get(place, ()))
    draws = grain.random((3, len(texts)))
    garbled = draws[0] < rates.garble[page.kinds[kept], page.sizes[kept]]
    samples = _tables().errors.garbled
    for place in np.flatnonzero(garbled).tolist():
        length = str(min(max(len(texts[place]), 3), len(samples) + 2))
        read[place] = [(rng.choice(samples[length]), 0.0, 1.0)]
    for place in np.flatnonzero(draws[1] < rates.before).tolist():
        if read[place]:
            text, start, end = read[place][0]
            read[place][0] = (_weighted(rng, _tables().before) + text, start, end)
    for place in np.flatnonzero(draws[2] < rates.after).tolist():
        if read[place]:
            text, start, end = read[place][-1]
            read[place][-1] = (text + _weighted(rng, _tables().after), start, end)
    return read


def _hits(
    grain: np.random.Generator, texts: list[str], sizes: Ints, rates: _Rates
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """By word: which characters are misread, and in front of which ones the word is cut."""
    tables = _tables()
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    owners = np.repeat(np.arange(len(texts)), lengths)
    places = np.arange(len(codes)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    codes = np.minimum(codes, _CODES - 1)
    classes = tables.classes[codes]
    rate = rates.character[classes, sizes[owners]] * tables.factors[codes]
    wrong = grain.random(len(codes)) < rate
    cut = np.zeros(len(codes), dtype=np.bool_)
    cut[1:] = grain.random(max(len(codes) - 1, 0)) < rates.split[classes[:-1], classes[1:]]
    cut &= places > 0
    return _by_owner(owners, places, wrong), _by_owner(owners, places, cut)


def _by_owner(owners: Ints, places: Ints, hit: npt.NDArray[np.bool_]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for owner, place in zip(owners[hit].tolist(), places[hit].tolist(), strict=True):
        found.setdefault(owner, []).append(place)
    return found


def _rewritten(
    rng: random.Random, text: str, wrong: Sequence[int], cut: Sequence[int]
) -> list[tuple[str, float, float]]:
    confusions = _tables().errors.confusions
    pieces, starts = [""], [0]
    place = 0
    while place < len(text):
        if place in cut and pieces[-1]:
            pieces.append("")
            starts.append(place)
        char, step = text[place], 1
        if place in wrong:
            fitting = [one for one in confusions.get(char, ()) if text.startswith(one[0], place)]
            if fitting:
                weights = [weight for _, _, weight in fitting]
                printed, char, _ = rng.choices(fitting, weights)[0]
                step = len(printed)
        pieces[-1] += char
        place += step
    ends = [*starts[1:], len(text)]
    return [
        (piece, start / len(text), end / len(text))
        for piece, start, end in zip(pieces, starts, ends, strict=True)
        if piece
    ]


def _weighted(rng: random.Random, choice: tuple[tuple[str, ...], tuple[int, ...]]) -> str:
    texts, summed = choice
    return rng.choices(texts, cum_weights=summed)[0]


def _merged(
    grain: np.random.Generator,
    page: _Words,
    rates: _Rates,
    given: tuple[Ints, list[list[tuple[str, float, float]]], Floats],
) -> list[Seen]:
    """The kept words with boxes that are off; neighbours that ran together are one word."""
    kept, read, scale = given
    joined = _joined(grain, page, rates, kept).tolist()
    moved = _moved(grain, page, rates, kept) * scale
    moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2])
    moved = np.clip(moved, 0.0, 1.0)
    draws = grain.random(len(kept) * 2)
    sure = np.interp(draws, TENTHS, rates.sure).tolist()
    unsure = np.interp(draws, TENTHS, rates.unsure).tolist()
    seen: list[Seen] = []
    longest = 0  # characters of the part that gave the last word its tag
    for n, (place, parts) in enumerate(zip(kept.tolist(), read, strict=True)):
        word = page.seen[place]
        left, top, right, bottom = moved[n].tolist()
        for text, start, end in parts:
            wide = right - left
            box = Box(left + start * wide, top, left + end * wide, bottom)
            right_text = text == word.text
            part = Seen(text, box, word.tag, word.item, (sure if right_text else unsure)[n])
            if joined[n] and start == 0.0 and seen:
                last = seen[-1]
                # The longer part decides what the merged word is
                main = last if longest >= len(text) else part
                whole = Seen(last.text + text, last.box.union(box), main.tag, main.item, unsure[n])
                seen[-1] = whole
                longest = max(longest, len(text))
            else:
                seen.append(part)
                longest = len(text)
    return seen


def _joined(
    grain: np.random.Generator, page: _Words, rates: _Rates, kept: Ints
) -> npt.NDArray[np.bool_]:
    """Which of the kept words is read as one with the word before it."""
    joined = np.zeros(len(kept), dtype=np.bool_)
    if len(kept) < 2:
        return joined
    boxes, ems = page.boxes[kept], page.ems[kept]
    texts = [page.seen[place].text for place in kept.tolist()]
    classes = _tables().classes
    last = classes[[min(ord(text[-1]), _CODES - 1) for text in texts[:-1]]]
    first = classes[[min(ord(text[0]), _CODES - 1) for text in texts[1:]]]
    gaps = (boxes[1:, 0] - boxes[:-1, 2]) / ems[:-1]
    rate = rates.merge[np.searchsorted(GAPS, gaps, side="right")]
    rate = rate * _tables().pair_merge[last, first]
    level = np.abs(boxes[1:, [1, 3]] - boxes[:-1, [1, 3]]).max(axis=1) < 0.6 * ems[:-1]
    beside = (np.diff(kept) == 1) & level & (boxes[1:, 0] >= boxes[:-1, 0])
    joined[1:] = beside & (grain.random(len(kept) - 1) < rate)
    return joined


def _moved(grain: np.random.Generator, page: _Words, rates: _Rates, kept: Ints) -> Floats:
    """Boxes of the kept words, every edge off by a draw from its quantiles."""
    draws = grain.random((4, len(kept)))
    off = np.stack([np.interp(draws[edge], SHARES, rates.edges[edge]) for edge in range(4)])
    moved: Floats = page.boxes[kept] + off.T * page.ems[kept, None]
    return moved


def _specks(
    rng: random.Random, grain: np.random.Generator, rates: _Rates, ems: Floats
) -> list[Seen]:
    """Words read where nothing is printed; `ems` are the size of the page's print in fractions."""
    count = int(np.interp(rng.random(), TENTHS, rates.specks) + rng.random())
    places = grain.random((count, 2)).tolist()
    sure = np.interp(grain.random(count), TENTHS, rates.unsure).tolist()
    seen = []
    for (x, y), confidence in zip(places, sure, strict=True):
        text, wide, tall = rng.choice(_tables().errors.specks)
        box = Box.clamped(x, y, x + wide * float(ems[0]), y + tall * float(ems[1]))
        seen.append(Seen(text, box, "other", -1, confidence))
    return seen


def in_reading_order(words: list[Seen]) -> list[Seen]:
    """Lines from top to bottom, left to right in a line."""
    ordered = sorted(words, key=lambda word: word.box.top + word.box.bottom)
    lines: list[list[Seen]] = []
    middle, height = -1.0, 0.0
    for word in ordered:
        center = (word.box.top + word.box.bottom) / 2
        if lines and center - middle < max(height, word.box.height) * 0.4:
            lines[-1].append(word)
        else:
            lines.append([word])
            middle, height = center, word.box.height
    for line in lines:
        line.sort(key=lambda word: word.box.left)
    return [word for line in lines for word in line]
