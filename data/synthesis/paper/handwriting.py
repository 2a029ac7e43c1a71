"""Draws handwriting as pen strokes: words, figures and signatures, without any font.

A letter is one or more strokes through points on a small grid, bent into smooth curves; slant, size
and unrest depend on the hand, so that no two letters are the same.
"""

import math
import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from data.synthesis.paper.conditions import Hand

Stroke = npt.NDArray[np.float64]  # (N, 2) x to the right, y down

_CAP, _BASE = 0, 6  # grid rows of capitals' tops and of the baseline
# Strokes as pairs of digits, column (0..4) and row (0..9, 2 = top of small letters).
_LETTERS = {
    "0": "301002041636444230", "1": "122026", "2": "01103041330646",
    "3": "0110304132233345361605", "4": "200444 3236", "5": "100312324345361605 1040",
    "6": "30110305163645433313", "7": "00402316", "8": "30100112344536160514324130",
    "9": "41301001021333 414336",
    "a": "433212030516364442 4246", "b": "0006 0413324345361605", "c": "4332120305163645",
    "d": "4332120305163644 4046", "e": "04444332120305163645", "f": "40302126 0232",
    "g": "4332120305163644 4248391908", "h": "0006 0413324346", "i": "2226 2021",
    "j": "3238291908 3031", "k": "0006 420446", "l": "202536", "m": "0206 0312222326 2332434446",
    "n": "0206 0413324346", "o": "321203051636454332", "p": "0209 0312324345361605",
    "q": "4332120305163644 4249", "r": "0206 04123243", "s": "43321203143445361605",
    "t": "202536 0242", "u": "020516364442 4246", "v": "022642", "w": "0216243642",
    "x": "0246 4206", "y": "0224 4209", "z": "02420646",
    "A": "062046 1434", "B": "0006 003041330333453606", "C": "4130100204163645",
    "D": "0006 003042443606", "E": "40000646 0333", "F": "400006 0333",
    "G": "413010020416364424", "H": "0006 4046 0343", "I": "2026", "J": "40451605",
    "K": "0006 400346", "L": "000646", "M": "0600244046", "N": "06004640",
    "O": "301002041636444230", "P": "0006 0030413303", "Q": "301002041636444230 3447",
    "R": "0006 0030413303 2346", "S": "41301001123345361605", "T": "0040 2026",
    "U": "000516364540", "V": "002640", "W": "0016233640", "X": "0046 4006",
    "Y": "002340 2326", "Z": "00400646",
    ".": "2526", ",": "2617", "-": "1434", "/": "4006", "!": "2024 2526", "'": "2021",
    "#": "1016 3036 0242 0444", "?": "01103041322324 2526", "+": "2226 0444", ":": "2223 2526",
}  # fmt: skip
_NARROW = frozenset("iltj.,'!:1I")


def write_text(text: str, hand: Hand, height: float, rng: random.Random) -> list[Stroke]:
    """Return a text's strokes, capitals `height` high, from (0, 0) on the baseline."""
    unit = height / (_BASE - _CAP)
    pen, strokes = 0.0, []
    rise = rng.gauss(0, 0.04)  # slope of the line
    for char in text:
        if char == " ":
            pen += 3.5 * unit
            continue
        slack = hand.unrest * height
        lift = rng.gauss(0, slack * 0.6)
        for points in _letter_strokes(char):
            stray = np.array([[rng.gauss(0, slack), rng.gauss(0, slack)] for _ in points])
            shifted = points * unit * np.array([0.85, 1.0]) + stray * 0.7
            x = shifted[:, 0] - shifted[:, 1] * hand.slant + pen
            y = shifted[:, 1] + lift - x * rise
            strokes.append(curve(np.stack((x, y), axis=1)))
        pen += (3.2 if char in _NARROW else 5.0) * unit * rng.uniform(0.9, 1.1)
    return strokes


@lru_cache(maxsize=200)
def _letter_strokes(char: str) -> tuple[Stroke, ...]:
    """The letter's strokes with the baseline at 0; an unknown letter is a short dash."""
    strokes = []
    for part in _LETTERS.get(char, "1434").split():
        pairs = [(int(part[n]), int(part[n + 1]) - _BASE) for n in range(0, len(part), 2)]
        strokes.append(np.array(pairs, dtype=np.float64))
    return tuple(strokes)


def curve(points: Stroke, steps: int = 5) -> Stroke:
    """Return a smooth curve through the points (Catmull and Rom's)."""
    padded = np.concatenate((points[:1], points, points[-1:]))
    t = (np.arange(steps) / steps)[:, None]
    parts = []
    for before, first, second, after in zip(
        padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True
    ):
        parts.append(
            0.5
            * (
                2 * first
                + (second - before) * t
                + (2 * before - 5 * first + 4 * second - after) * t**2
                + (3 * first - before - 3 * second + after) * t**3
            )
        )
    return np.concatenate((*parts, points[-1:]))


def move_strokes(strokes: Sequence[Stroke], x: float, y: float) -> list[Stroke]:
    """Move the strokes so that they start at that place."""
    return [stroke + np.array((x, y)) for stroke in strokes]


def signature(hand: Hand, width: float, rng: random.Random) -> list[Stroke]:
    """Draw a signature: a capital, loops that run out into a line, sometimes a flourish below."""
    height = width * rng.uniform(0.2, 0.45)
    count = rng.randint(5, 11)
    points = [(0.0, -height * 0.3), (width * 0.08, -height), (width * 0.05, height * 0.25)]
    fading = rng.uniform(0.5, 0.9)
    size = height * 0.55
    for step in range(count):
        x = width * (0.12 + 0.75 * step / count)
        points.append((x + rng.gauss(0, width * 0.015), -size * rng.uniform(0.6, 1.3)))
        points.append((x + width * 0.04, size * rng.uniform(-0.1, 0.35)))
        size *= fading if rng.random() < 0.8 else 1.6
    points.append((width, -height * rng.uniform(-0.1, 0.3)))
    strokes = [_slant(curve(np.array(points)), hand)]
    if rng.random() < 0.4:
        low = height * rng.uniform(0.3, 0.5)
        flourish = [(width * 0.9, low * 0.5), (width * 0.1, low), (width * 0.8, low * 1.2)]
        strokes.append(_slant(curve(np.array(flourish)), hand))
    return strokes


def _slant(stroke: Stroke, hand: Hand) -> Stroke:
    return np.stack((stroke[:, 0] - stroke[:, 1] * hand.slant, stroke[:, 1]), axis=1)


def ring(width: float, height: float, rng: random.Random) -> Stroke:
    """Draw an oval by hand about (0, 0): it overlaps itself and does not quite close."""
    turn = rng.uniform(1.02, 1.2) * math.tau
    start = rng.uniform(0, math.tau)
    angles = start + np.linspace(0, turn, 14)
    away = 1 + np.linspace(0, rng.uniform(-0.1, 0.15), 14)
    away += np.array([rng.gauss(0, 0.025) for _ in range(14)])
    oval = np.stack((np.cos(angles) * away * width / 2, np.sin(angles) * away * height / 2), 1)
    return curve(oval)
