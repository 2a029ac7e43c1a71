"""Reading noise on written words: what an OCR engine or a tight text layer does to them."""

import random
from typing import NamedTuple

from data.records import Box


class Seen(NamedTuple):
    """One word as a reader would deliver it, with its truth."""

    text: str
    box: Box
    tag: str
    item: int


_CONFUSED = {
    "0": "O", "O": "0", "1": "l", "l": "1", "I": "l", "5": "S", "S": "5", "8": "B", "B": "8",
    "6": "G", "G": "6", "2": "Z", "Z": "2", ",": ".", ".": ",", "e": "c", "c": "e", "m": "rn",
    "n": "r", "u": "v", "i": "j", "$": "S", "€": "E", "ß": "B", "ü": "u", "ä": "a", "ö": "o",
    "é": "e", "t": "f", "7": "1", "3": "8", "9": "g", "-": "~", ":": ";", "h": "b", "/": "7",
}  # fmt: skip


def add_noise(rng: random.Random, words: list[Seen]) -> list[Seen]:
    """The words with confusions, splits, merges, losses, jitter and slips of order."""
    level = rng.choice((0.3, 1.0, 1.0, 2.0))
    seen: list[Seen] = []
    for word in words:
        draw = rng.random()
        if draw < 0.004 * level:
            continue
        text = word.text
        if draw > 1 - 0.035 * level:
            text = _confuse(rng, text)
        box = word.box
        if level >= 1:
            box = _jitter(rng, box)
        word = Seen(text, box, word.tag, word.item)
        if draw < 0.012 * level and len(text) > 3:
            seen += _split(rng, word)
        elif seen and 0.012 * level <= draw < 0.1 * level and _touching(seen[-1], word):
            seen[-1] = _merged(seen[-1], word)
        else:
            seen.append(word)
    if rng.random() < 0.3:
        _specks(rng, seen)
    return seen


def _confuse(rng: random.Random, text: str) -> str:
    places = [n for n, char in enumerate(text) if char in _CONFUSED]
    if not places:
        return text
    at = rng.choice(places)
    if rng.random() < 0.15 and len(text) > 2:
        return text[:at] + text[at + 1 :]
    return text[:at] + _CONFUSED[text[at]] + text[at + 1 :]


def _jitter(rng: random.Random, box: Box) -> Box:
    x, y = box.height * 0.08, box.height * 0.12
    return Box.clamped(
        box.left + rng.gauss(0, x),
        box.top + rng.gauss(0, y),
        box.right + rng.gauss(0, x),
        box.bottom + rng.gauss(0, y),
    )


def _split(rng: random.Random, word: Seen) -> list[Seen]:
    at = rng.randint(1, len(word.text) - 1)
    x = word.box.left + word.box.width * at / len(word.text)
    box = word.box
    first = Seen(word.text[:at], Box(box.left, box.top, x, box.bottom), word.tag, word.item)
    rest = Seen(word.text[at:], Box(x, box.top, box.right, box.bottom), word.tag, word.item)
    return [first, rest]


def _touching(one: Seen, other: Seen) -> bool:
    """Same line, and a gap below a third of the height."""
    gap = other.box.left - one.box.right
    level = abs(one.box.center[1] - other.box.center[1]) < one.box.height * 0.3
    return level and -0.002 < gap < one.box.height * 0.33 * 1.4


def _merged(one: Seen, other: Seen) -> Seen:
    # The longer part decides what the merged word is.
    main = one if len(one.text) >= len(other.text) else other
    return Seen(one.text + other.text, one.box.union(other.box), main.tag, main.item)


def _specks(rng: random.Random, seen: list[Seen]) -> None:
    for _ in range(rng.randint(1, 5)):
        x, y = rng.random() * 0.98, rng.random() * 0.99
        box = Box.clamped(x, y, x + rng.uniform(0.002, 0.02), y + rng.uniform(0.002, 0.01))
        text = rng.choice(("|", ".", "-", "_", "~", "'", "—", "i", "|", ":"))
        seen.insert(rng.randint(0, len(seen)), Seen(text, box, "other", -1))


def in_reading_order(words: list[Seen], rng: random.Random | None = None) -> list[Seen]:
    """Lines from top to bottom, left to right in a line; with `rng`, a slip now and then."""
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
    if rng is not None:
        for place in range(len(lines) - 1):
            if rng.random() < 0.03:
                lines[place], lines[place + 1] = lines[place + 1], lines[place]
    return [word for line in lines for word in line]
