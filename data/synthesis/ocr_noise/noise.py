"""Adds OCR errors to the words of a page: lost, misread, cut, merged and shifted words.

A scanner is drawn for the page, then its quality (a share of words read exactly, from the quantiles
for that scanner and that size of print); all rates follow from that. The reader of the service
sorts words by their boxes, so slips of order come from boxes that are off, and from nothing else.
"""

import random
from bisect import bisect
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.records import OUTSIDE_TABLES, Box, TablePlace
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
from data.synthesis.ocr_noise.rates import CODES, Floats, Ints, Rates, find_rates

A4 = (595.0, 842.0)
SCANNERS = ("clean", "light", "heavy", "paper")
_ODDS = (25, 50, 12, 13)  # of SCANNERS; most documents are scanned well


class TaggedWord(NamedTuple):
    """One word as a reader delivers it, with its true tag, item and place in a table.

    `confidence` is 0..1 or None.
    """

    text: str
    box: Box
    tag: str
    item: int
    confidence: float | None = None
    place: TablePlace = OUTSIDE_TABLES


class _Words(NamedTuple):
    """The words of a page as arrays; boxes in points."""

    words: list[TaggedWord]
    boxes: Floats  # (n, 4)
    ems: Floats
    kinds: Ints
    sizes: Ints
    paper: tuple[float, float]


def add_noise(
    rng: random.Random,
    words: Sequence[TaggedWord],
    paper: tuple[float, float] = A4,
    scanner: str | None = None,
    errors: ReadingErrors | None = None,
) -> list[TaggedWord]:
    """Return the words as Tesseract would read them, in reading order.

    `paper` is the page's width and height in points; `scanner` is one of `SCANNERS`, None draws
    one; `errors` are other statistics than those shipped.
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
    rates = find_rates(errors, quality, scanner)
    places = np.flatnonzero(~_draw_lost_words(rng, grain, page, rates))
    parts = _draw_readings(rng, grain, page, rates, places)
    scale = 1 / np.array([*paper, *paper])
    words_read = _merge_words(grain, page, rates, (places, parts), scale)
    words_read += _draw_specks(rng, grain, rates, usual * scale)
    return in_reading_order(words_read)


def remaining_skew(rng: random.Random) -> float:
    """Draw the skew that is left after deskewing, in degrees."""
    return float(np.interp(rng.random(), SHARES, reading_errors().skews))


def _as_arrays(words: list[TaggedWord], paper: tuple[float, float]) -> _Words:
    boxes = np.array([(w.box.left, w.box.top, w.box.right, w.box.bottom) for w in words])
    boxes *= (*paper, *paper)
    ems = print_sizes(words, paper[1])
    kinds = np.array([kind_of(word.text) for word in words])
    return _Words(words, boxes, ems, kinds, np.searchsorted(SIZES, ems, side="right"), paper)


def print_sizes(words: Sequence[TaggedWord], height: float) -> Floats:
    """The print size of each word in points, by its ink; the page is `height` points high.

    The ink of a dash or a dot gives no size: such words take the median size of the page.
    """
    tall = np.array([word.box.height for word in words]) * height
    reach = np.array([sum(ink_reach(word.text)) for word in words])
    readable = np.array([kind_of(word.text) > 0 for word in words], dtype=np.bool_)
    ems: Floats = np.maximum(tall / reach, 1.0)
    if readable.any() and not readable.all():
        ems[~readable] = np.median(ems[readable])
    return ems


def _draw_lost_words(
    rng: random.Random, grain: np.random.Generator, page: _Words, rates: Rates
) -> npt.NDArray[np.bool_]:
    """Draw the words that are not read: alone, in runs along a line, and by whole regions."""
    count = len(page.words)
    lost = np.zeros(count, dtype=np.bool_)
    begun = grain.random(count) < rates.drop[page.kinds, page.sizes]
    for place in np.flatnonzero(begun).tolist():
        lost[place] = True
        while place + 1 < count and _is_next_on_line(page, place):
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


def _is_next_on_line(page: _Words, place: int) -> bool:
    """Return whether the next word is on the same line."""
    box, next_box = page.boxes[place], page.boxes[place + 1]
    apart = abs(box[1] + box[3] - next_box[1] - next_box[3]) / 2
    return bool(next_box[0] >= box[0] and apart < 0.5 * page.ems[place])


def _draw_readings(
    rng: random.Random,
    grain: np.random.Generator,
    page: _Words,
    rates: Rates,
    places: Ints,
) -> list[list[tuple[str, float, float]]]:
    """Draw the parts of each word as read: text, and its begin and end in the word, 0..1.

    A word of which no character is left has no part.
    """
    texts = [page.words[place].text for place in places.tolist()]
    wrong, cut = _draw_hits(grain, texts, (page.sizes[places], page.kinds[places]), rates)
    parts = [[(text, 0.0, 1.0)] for text in texts]
    for place in wrong.keys() | cut.keys():
        hits = wrong.get(place, ()), cut.get(place, ())
        parts[place] = _rewrite_word(rng, rates.tables.errors, texts[place], hits)
    draws = grain.random((3, len(texts)))
    garbled = draws[0] < rates.garble[page.kinds[places], page.sizes[places]]
    samples = rates.tables.errors.garbled
    for place in np.flatnonzero(garbled).tolist():
        length = str(min(max(len(texts[place]), 3), len(samples) + 2))
        parts[place] = [(rng.choice(samples[length]), 0.0, 1.0)]
    for place in np.flatnonzero(draws[1] < rates.before).tolist():
        if parts[place]:
            text, start, end = parts[place][0]
            parts[place][0] = (_pick_weighted(rng, rates.tables.before) + text, start, end)
    for place in np.flatnonzero(draws[2] < rates.after).tolist():
        if parts[place]:
            text, start, end = parts[place][-1]
            parts[place][-1] = (text + _pick_weighted(rng, rates.tables.after), start, end)
    return parts


def _draw_hits(
    grain: np.random.Generator, texts: list[str], words: tuple[Ints, Ints], rates: Rates
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Draw by word the characters that are misread, and those that the word is cut in front of.

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
    return _places_by_owner(owners, places, wrong), _places_by_owner(owners, places, cut)


def _places_by_owner(
    owners: Ints, places: Ints, hit: npt.NDArray[np.bool_]
) -> dict[int, list[int]]:
    places_by_owner: dict[int, list[int]] = {}
    for owner, place in zip(owners[hit].tolist(), places[hit].tolist(), strict=True):
        places_by_owner.setdefault(owner, []).append(place)
    return places_by_owner


def _rewrite_word(
    rng: random.Random, errors: ReadingErrors, text: str, hits: tuple[Sequence[int], Sequence[int]]
) -> list[tuple[str, float, float]]:
    """Return the word's parts; `hits` are the characters misread and those to cut in front of."""
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
                confusion
                for confusion in errors.confusions.get(char, ())
                if text.startswith(confusion[0], place)
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


def _pick_weighted(rng: random.Random, choice: tuple[tuple[str, ...], tuple[int, ...]]) -> str:
    texts, summed = choice
    return rng.choices(texts, cum_weights=summed)[0]


def _merge_words(
    grain: np.random.Generator,
    page: _Words,
    rates: Rates,
    readings: tuple[Ints, list[list[tuple[str, float, float]]]],
    scale: Floats,
) -> list[TaggedWord]:
    """Return the words as read, with shifted boxes; neighbours that are merged are one word.

    `readings` are the places of the words and the parts of each as read.
    """
    places, parts_by_word = readings
    joined = _draw_joined(grain, page, rates, places).tolist()
    boxes = _move_boxes(grain, page, rates, places, scale).tolist()
    draws = grain.random(len(places))
    confidences = {
        True: np.interp(draws, SHARES, rates.right_confidences).tolist(),
        False: np.interp(draws, SHARES, rates.wrong_confidences).tolist(),
    }
    words_read: list[TaggedWord] = []
    longest = 0  # characters of the part that gave the last word its tag
    for n, (place, parts) in enumerate(zip(places.tolist(), parts_by_word, strict=True)):
        word = page.words[place]
        left, top, right, bottom = boxes[n]
        for text, start, end in parts:
            wide = right - left
            box = Box(left + start * wide, top, left + end * wide, bottom)
            part = word._replace(text=text, box=box, confidence=confidences[text == word.text][n])
            if joined[n] and start == 0.0 and parts_by_word[n - 1]:
                last = words_read[-1]
                # The longer part decides what the merged word is
                main = last if longest >= len(text) else part
                words_read[-1] = main._replace(
                    text=last.text + text, box=last.box.union(box), confidence=confidences[False][n]
                )
                longest = max(longest, len(text))
            else:
                words_read.append(part)
                longest = len(text)
    return words_read


def _draw_joined(
    grain: np.random.Generator, page: _Words, rates: Rates, places: Ints
) -> npt.NDArray[np.bool_]:
    """Draw the words that are read as one with the word before them."""
    joined = np.zeros(len(places), dtype=np.bool_)
    if len(places) < 2:
        return joined
    boxes, ems = page.boxes[places], page.ems[places]
    texts = [page.words[place].text for place in places.tolist()]
    classes = rates.tables.classes
    last = classes[[min(ord(text[-1]), CODES - 1) for text in texts[:-1]]]
    first = classes[[min(ord(text[0]), CODES - 1) for text in texts[1:]]]
    gaps = (boxes[1:, 0] - boxes[:-1, 2]) / ems[:-1]
    rate = rates.merge[np.searchsorted(GAPS, gaps, side="right")]
    rate = rate * rates.tables.pair_merge[last, first]
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    level = np.abs(np.diff(middles)) < 0.5 * ems[:-1]
    beside = (np.diff(places) == 1) & level & (boxes[1:, 0] >= boxes[:-1, 0])
    joined[1:] = beside & (grain.random(len(places) - 1) < rate)
    return joined


def _move_boxes(
    grain: np.random.Generator, page: _Words, rates: Rates, places: Ints, scale: Floats
) -> Floats:
    """Return the words' boxes times `scale`, every edge shifted by a draw from its quantiles."""
    draws = grain.random((4, len(places)))
    off = np.stack([np.interp(draws[edge], SHARES, rates.edges[edge]) for edge in range(4)])
    moved = (page.boxes[places] + off.T * page.ems[places, None]) * scale
    moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2])
    clipped: Floats = np.clip(moved, 0.0, 1.0)
    return clipped


def _draw_specks(
    rng: random.Random, grain: np.random.Generator, rates: Rates, ems: Floats
) -> list[TaggedWord]:
    """Draw words read where nothing is printed; `ems` is the print size in page fractions."""
    count = int(np.interp(rng.random(), SHARES, rates.specks) + rng.random())
    places = grain.random((count, 2)).tolist()
    confidences = np.interp(grain.random(count), SHARES, rates.wrong_confidences).tolist()
    specks = []
    for (x, y), confidence in zip(places, confidences, strict=True):
        text, wide, tall = rng.choice(rates.tables.errors.specks)
        box = Box.clamped(x, y, x + wide * float(ems[0]), y + tall * float(ems[1]))
        specks.append(TaggedWord(text, box, "other", -1, confidence))
    return specks


def in_reading_order(words: list[TaggedWord]) -> list[TaggedWord]:
    """Sort words by line from top to bottom, and from left to right in a line."""
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
