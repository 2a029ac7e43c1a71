"""Which way a page lies and how far it is skewed, and the page made upright with its way back.

Angles are in degrees, clockwise as the viewer sees them. A quarter turn is seen from the shape of
words, the skew from the profile of text rows (Postl 1986: the sum of squared steps between
neighbouring rows is largest when rows and text lines run alike). Upside down looks the same to
both; `words` finds it by reading.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from data.records import IDENTITY, Affine, GreyImage

LOOK_LONG_SIDE = 1024  # px, long side of the image that is looked at
MAX_SKEW = 8.0
MIN_SKEW = 0.25  # below this, resampling costs more than the skew
_MAX_POINTS = 30_000

_QUARTER_TURNS: dict[int, Affine] = {
    0: IDENTITY,
    90: (0.0, -1.0, 1.0, 1.0, 0.0, 0.0),
    180: (-1.0, 0.0, 1.0, 0.0, -1.0, 1.0),
    270: (0.0, 1.0, 0.0, -1.0, 0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Lie:
    """How a page lies: turned by 90 or 270 (`sideways`) or not, and the skew of its text lines.

    `text_height` is the median height of a letter as a fraction of the upright page's width, None
    where nothing looks like text.
    """

    sideways: bool
    skew: float
    text_height: float | None


@dataclass(frozen=True, slots=True)
class Upright:
    """An upright image and the map from its fractions to those of the page as delivered."""

    image: GreyImage
    rotation: int
    skew: float
    to_page: Affine


def shrink(image: GreyImage, long_side: int) -> GreyImage:
    """The image with its longer side at most `long_side` pixels."""
    scale = long_side / max(image.shape)
    if scale >= 1:
        return image
    height, width = (max(round(side * scale), 1) for side in image.shape)
    return cast(GreyImage, cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))


def text_ink(look: GreyImage) -> npt.NDArray[np.bool_]:
    """The pixels (height, width) that may be print: dark against their surroundings, in pieces the
    size of letters and words. `look` is at most `LOOK_LONG_SIDE` long; rules, frames, black
    borders, solid pictures and specks are left out.
    """
    dark = cv2.adaptiveThreshold(
        look, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, blockSize=31, C=15
    )
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    longer, shorter = np.maximum(wide, tall), np.minimum(wide, tall)
    kept = (longer <= 160) & (shorter <= 48) & (stats[:, cv2.CC_STAT_AREA] >= 4)
    kept &= (longer < 12 * shorter) & (longer >= 3)
    kept[0] = False  # the paper
    return cast(npt.NDArray[np.bool_], kept[pieces])


def estimate_lie(look: GreyImage) -> Lie:
    """How the page lies, from an image at most `LOOK_LONG_SIDE` long."""
    ink = text_ink(look)
    if np.count_nonzero(ink) < 50:
        return Lie(False, 0.0, None)
    sideways, letter_px = _word_shape(ink)
    skew = _skew(np.rot90(ink) if sideways else ink)
    width = look.shape[0] if sideways else look.shape[1]
    return Lie(sideways, skew, letter_px / width if letter_px else None)


def _word_shape(ink: npt.NDArray[np.bool_]) -> tuple[bool, float | None]:
    """Whether words stand taller than wide, and the height of their letters in pixels."""
    # 5 px at about 90 dpi close the gaps between letters but not those between lines
    grown = cv2.dilate(ink.astype(np.uint8), np.ones((5, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    wide = stats[1:, cv2.CC_STAT_WIDTH].astype(float) - 4
    tall = stats[1:, cv2.CC_STAT_HEIGHT].astype(float) - 4
    lying, standing = wide > 1.6 * tall, tall > 1.6 * wide
    # Letters count by the length of their word; merged lines are capped, else one would decide
    lying_votes = np.minimum(wide, 8 * tall)[lying].sum()
    standing_votes = np.minimum(tall, 8 * wide)[standing].sum()
    sideways = bool(standing_votes > 1.3 * lying_votes)
    heights = wide[standing] if sideways else tall[lying]
    return sideways, float(np.median(heights)) if len(heights) else None


def _skew(ink: npt.NDArray[np.bool_]) -> float:
    """Degrees by which text lines run down to the right; 0 when no angle stands out."""
    y, x = np.nonzero(ink)
    step = len(x) // _MAX_POINTS + 1
    x, y = x[::step] - ink.shape[1] / 2, y[::step] - ink.shape[0] / 2
    coarse = np.arange(-MAX_SKEW, MAX_SKEW + 0.01, 0.5)
    scores = [_row_contrast(x, y, angle) for angle in coarse]
    best = int(np.argmax(scores))
    if scores[best] < 1.15 * float(np.median(scores)):
        return 0.0
    fine = coarse[best] + np.arange(-0.5, 0.51, 0.1)
    angle = float(fine[int(np.argmax([_row_contrast(x, y, angle) for angle in fine]))])
    return round(angle, 2) if MIN_SKEW <= abs(angle) <= MAX_SKEW else 0.0


def _row_contrast(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], angle: float) -> float:
    turned = y * np.cos(np.radians(angle)) - x * np.sin(np.radians(angle))
    rows = np.bincount((turned - turned.min()).astype(np.int64)).astype(np.float64)
    return float(np.sum(np.diff(rows) ** 2))


def make_upright(image: GreyImage, rotation: int, skew: float) -> Upright:
    """The page with a clockwise turn of `rotation` (0, 90, 180, 270) and `skew` undone.

    The canvas keeps the page's proportions and grows as far as the corners need; what comes in at
    the edges is white.
    """
    turned = np.ascontiguousarray(np.rot90(image, rotation // 90))
    if not skew:
        return Upright(turned, rotation, 0.0, _QUARTER_TURNS[rotation])
    height, width = turned.shape
    cos, sin = np.cos(np.radians(skew)), np.sin(np.radians(skew))
    growth = max(cos + abs(sin) * height / width, cos + abs(sin) * width / height)
    size = round(width * growth), round(height * growth)
    # From canvas to turned image: the canvas is turned clockwise about the common centre
    there = np.array(
        [
            [cos, -sin, width / 2 - cos * size[0] / 2 + sin * size[1] / 2],
            [sin, cos, height / 2 - sin * size[0] / 2 - cos * size[1] / 2],
        ]
    )
    straight = cv2.warpAffine(
        turned,
        there,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=255,
    )
    in_turned = (
        float(there[0, 0] * size[0] / width),
        float(there[0, 1] * size[1] / width),
        float(there[0, 2] / width),
        float(there[1, 0] * size[0] / height),
        float(there[1, 1] * size[1] / height),
        float(there[1, 2] / height),
    )
    to_page = chain(_QUARTER_TURNS[rotation], in_turned)
    return Upright(cast(GreyImage, straight), rotation, skew, to_page)


def quarter_turn(rotation: int) -> Affine:
    """The map from upright fractions to those of a page turned clockwise by `rotation`."""
    return _QUARTER_TURNS[rotation]


def chain(outer: Affine, inner: Affine) -> Affine:
    """The map that applies `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (
        a * g + b * j,
        a * h + b * k,
        a * i + b * m + c,
        d * g + e * j,
        d * h + e * k,
        d * i + e * m + f,
    )
