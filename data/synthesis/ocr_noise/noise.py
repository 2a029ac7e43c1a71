"""Reading noise on written words: what Tesseract does to them, at rates measured on its readings.

A page draws a scanner, then how well it is read (a share of words read exactly, from the quantiles
for that scanner and that size of print); all rates follow from that. The reader of the service
sorts words by their boxes, so slips of order come from boxes that are off, and from nothing else.
"""

import random
from bisect import bisect
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.records import Box
from data.synthesis.ocr_noise.error_statistics import (
    GAPS,
    PAGE_SIZES,
    SHARES,
    SIZES,
    ReadingErrors,
    ink_reach,
    kind_of,
    reading_errors,
)
from data.synthesis.ocr_noise.rates import CODES, Floats, Ints, Rates, rates_at

A4 = (595.0, 842.0)
SCANNERS = ("clean", "light", "heavy", "paper")
_ODDS = (25, 50, 12, 13)  # of SCANNERS; most of what is sent was scanned well


class Seen(NamedTuple):
    """One word as a reader would deliver it, with its truth; `confidence` 0..1 if it states one."""

    text: str
    box: Box
    tag: str
    item: int
    confidence: float | None = None


class _Words(NamedTuple):
    """The words of a page as arrays; boxes in points."""

    seen: list[Seen]
    boxes: Floats  # (n, 4)
    ems: Floats
    kinds: Ints
    sizes: Ints
    paper: tuple[float, float]


def add_noise(
    rng: random.Random,
    words: Sequence[Seen],
    paper: tuple[float, float] = A4,
    scanner: str | None = None,
    errors: ReadingErrors | None = None,
) -> list[Seen]:
    """The words as Tesseract would have read them, in reading order.

    `paper` is the page's width and height in points; `scanner` (one of `SCANNERS`) says how it was
    scanned, None draws one; `errors` are other statistics than those shipped.
    """
    if not words:
        return []
    grain = np.random.default_rng(rng.getrandbits(64))
    page = _as_arrays(in_reading_order(list(words)), paper)
    errors = errors or reading_errors()
    usual = float(np.median(page.ems))
    scanner = scanner or rng.choices(SCANNERS, _ODDS)[0]
    qualities = errors.qualities[scanner][bisect(PAGE_SIZES, usual)]
    quality = float(np.interp(rng.random(), SHARES, qualities))
    rates = rates_at(errors, quality, scanner)
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
    ems = print_sizes(words, paper[1])
    kinds = np.array([kind_of(word.text) for word in words])
    return _Words(words, boxes, ems, kinds, np.searchsorted(SIZES, ems, side="right"), paper)


def print_sizes(words: Sequence[Seen], height: float) -> Floats:
    """The size of each word's print in points, told by its ink; the page is `height` points high.

    The ink of a dash or a dot tells no size: such words take the usual one of the page.
    """
    tall = np.array([word.box.height for word in words]) * height
    reach = np.array([sum(ink_reach(word.text)) for word in words])
    telling = np.array([kind_of(word.text) > 0 for word in words], dtype=np.bool_)
    ems: Floats = np.maximum(tall / reach, 1.0)
    if telling.any() and not telling.all():
        ems[~telling] = np.median(ems[telling])
    return ems


def _lost(
    rng: random.Random, grain: np.random.Generator, page: _Words, rates: Rates
) -> npt.NDArray[np.bool_]:
    """Which words are not read: alone, in runs along a line, and by whole regions."""
    count = len(page.seen)
    lost = np.zeros(count, dtype=np.bool_)
    begun = grain.random(count) < rates.drop[page.kinds, page.sizes]
    for place in np.flatnonzero(begun).tolist():
        lost[place] = True
        while place + 1 < count and _beside(page, place):
            place += 1
            if rng.random() > rates.go_on[page.kinds[place]]:
                break
            lost[place] = True
    middles = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2
    for _ in range(grain.poisson(rates.region)):
        share, wide, tall = rng.choice(rates.regions)
        place = rng.randrange(count)
        away = np.abs(middles - middles[place]) / (wide * page.paper[0], tall * page.paper[1])
        lost[np.argsort(away.max(axis=1))[: round(share * count)]] = True
    return lost


def _beside(page: _Words, place: int) -> bool:
    """Whether the next word stands on the same line."""
    one, other = page.boxes[place], page.boxes[place + 1]
    apart = abs(one[1] + one[3] - other[1] - other[3]) / 2
    return bool(other[0] >= one[0] and apart < 0.5 * page.ems[place])


def _read(
    rng: random.Random,
    grain: np.random.Generator,
    page: _Words,
    rates: Rates,
    kept: Ints,
) -> list[list[tuple[str, float, float]]]:
    """For each kept word its parts as read: text, and where it begins and ends in the word, 0..1.

    A word of which no character is left has no part.
    """
    texts = [page.seen[place].text for place in kept.tolist()]
    wrong, cut = _hits(grain, texts, (page.sizes[kept], page.kinds[kept]), rates)
    read = [[(text, 0.0, 1.0)] for text in texts]
    for place in wrong.keys() | cut.keys():
        hits = wrong.get(place, ()), cut.get(place, ())
        read[place] = _rewritten(rng, rates.tables.errors, texts[place], hits)
    draws = grain.random((3, len(texts)))
    garbled = draws[0] < rates.garble[page.kinds[kept], page.sizes[kept]]
    samples = rates.tables.errors.garbled
    for place in np.flatnonzero(garbled).tolist():
        length = str(min(max(len(texts[place]), 3), len(samples) + 2))
        read[place] = [(rng.choice(samples[length]), 0.0, 1.0)]
    for place in np.flatnonzero(draws[1] < rates.before).tolist():
        if read[place]:
            text, start, end = read[place][0]
            read[place][0] = (_weighted(rng, rates.tables.before) + text, start, end)
    for place in np.flatnonzero(draws[2] < rates.after).tolist():
        if read[place]:
            text, start, end = read[place][-1]
            read[place][-1] = (text + _weighted(rng, rates.tables.after), start, end)
    return read


def _hits(
    grain: np.random.Generator, texts: list[str], words: tuple[Ints, Ints], rates: Rates
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """By word: which characters are misread, and in front of which ones the word is cut.

    `words` are the sizes and kinds of the words.
    """
    tables = rates.tables
    sizes, kinds = words
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    owners = np.repeat(np.arange(len(texts)), lengths)
    places = np.arange(len(codes)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    codes = np.minimum(codes, CODES - 1)
    classes = tables.classes[codes]
    rate = rates.character[classes, sizes[owners]] * tables.factors[codes]
    rate *= tables.kinds[kinds[owners]]
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
    rng: random.Random, errors: ReadingErrors, text: str, hits: tuple[Sequence[int], Sequence[int]]
) -> list[tuple[str, float, float]]:
    """The parts of the word; `hits` are the misread characters and those it is cut in front of."""
    wrong, cut = hits
    pieces, starts = [""], [0]
    place = 0
    while place < len(text):
        if place in cut and pieces[-1]:
            pieces.append("")
            starts.append(place)
        char, step = text[place], 1
        if place in wrong:
            fitting = [
                one for one in errors.confusions.get(char, ()) if text.startswith(one[0], place)
            ]
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
    rates: Rates,
    given: tuple[Ints, list[list[tuple[str, float, float]]], Floats],
) -> list[Seen]:
    """The kept words with boxes that are off; neighbours that ran together are one word."""
    kept, read, scale = given
    joined = _joined(grain, page, rates, kept).tolist()
    moved = _moved(grain, page, rates, kept) * scale
    moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2])
    boxes = np.clip(moved, 0.0, 1.0).tolist()
    draws = grain.random(len(kept))
    sure = np.interp(draws, SHARES, rates.sure).tolist()
    unsure = np.interp(draws, SHARES, rates.unsure).tolist()
    seen: list[Seen] = []
    longest = 0  # characters of the part that gave the last word its tag
    for n, (place, parts) in enumerate(zip(kept.tolist(), read, strict=True)):
        word = page.seen[place]
        left, top, right, bottom = boxes[n]
        for text, start, end in parts:
            wide = right - left
            box = Box(left + start * wide, top, left + end * wide, bottom)
            right_text = text == word.text
            part = Seen(text, box, word.tag, word.item, (sure if right_text else unsure)[n])
            if joined[n] and start == 0.0 and read[n - 1]:
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
    grain: np.random.Generator, page: _Words, rates: Rates, kept: Ints
) -> npt.NDArray[np.bool_]:
    """Which of the kept words is read as one with the word before it."""
    joined = np.zeros(len(kept), dtype=np.bool_)
    if len(kept) < 2:
        return joined
    boxes, ems = page.boxes[kept], page.ems[kept]
    texts = [page.seen[place].text for place in kept.tolist()]
    classes = rates.tables.classes
    last = classes[[min(ord(text[-1]), CODES - 1) for text in texts[:-1]]]
    first = classes[[min(ord(text[0]), CODES - 1) for text in texts[1:]]]
    gaps = (boxes[1:, 0] - boxes[:-1, 2]) / ems[:-1]
    rate = rates.merge[np.searchsorted(GAPS, gaps, side="right")]
    rate = rate * rates.tables.pair_merge[last, first]
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    level = np.abs(np.diff(middles)) < 0.5 * ems[:-1]
    beside = (np.diff(kept) == 1) & level & (boxes[1:, 0] >= boxes[:-1, 0])
    joined[1:] = beside & (grain.random(len(kept) - 1) < rate)
    return joined


def _moved(grain: np.random.Generator, page: _Words, rates: Rates, kept: Ints) -> Floats:
    """Boxes of the kept words, every edge off by a draw from its quantiles."""
    draws = grain.random((4, len(kept)))
    off = np.stack([np.interp(draws[edge], SHARES, rates.edges[edge]) for edge in range(4)])
    moved: Floats = page.boxes[kept] + off.T * page.ems[kept, None]
    return moved


def _specks(
    rng: random.Random, grain: np.random.Generator, rates: Rates, ems: Floats
) -> list[Seen]:
    """Words read where nothing is printed; `ems` are the size of the page's print in fractions."""
    count = int(np.interp(rng.random(), SHARES, rates.specks) + rng.random())
    places = grain.random((count, 2)).tolist()
    sure = np.interp(grain.random(count), SHARES, rates.unsure).tolist()
    seen = []
    for (x, y), confidence in zip(places, sure, strict=True):
        text, wide, tall = rng.choice(rates.tables.errors.specks)
        box = Box.clamped(x, y, x + wide * float(ems[0]), y + tall * float(ems[1]))
        seen.append(Seen(text, box, "other", -1, confidence))
    return seen


def in_reading_order(words: list[Seen]) -> list[Seen]:
    """Lines from top to bottom, left to right in a line."""
    spans = [(word.box.top + word.box.bottom, word.box.bottom - word.box.top) for word in words]
    lefts = [word.box.left for word in words]
    lines: list[list[int]] = []
    level, height = -1.0, 0.0  # twice the middle of the line's first word, and its height
    for place in sorted(range(len(words)), key=spans.__getitem__):
        middle, tall = spans[place]
        if lines and middle - level < (height if height > tall else tall) * 0.8:
            lines[-1].append(place)
        else:
            lines.append([place])
            level, height = middle, tall
    for line in lines:
        line.sort(key=lefts.__getitem__)
    return [words[place] for line in lines for place in line]
