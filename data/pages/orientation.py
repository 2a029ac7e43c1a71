"""Rotation and skew of a page: estimated from its pixels and undone, with the map back.

Angles are in degrees, clockwise as the viewer sees them. A quarter turn is estimated from the shape
of words, the skew from the profile of text rows (Postl 1986: the sum of squared steps between
neighbouring rows is largest when rows and text lines are parallel). Upside down looks the same to
both; `data.pages.words` finds it by reading.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from data.records import IDENTITY, Affine, GreyImage

PREVIEW_LONG_SIDE = 1024  # px, long side of the image that is analysed
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
class PageOrientation:
    """The orientation of a page: turned by 90 or 270 (`sideways`) or not, and its text skew.

    `text_height` is the median height of a letter as a fraction of the upright page's width, None
    where nothing looks like text.
    """

    sideways: bool
    skew: float
    text_height: float | None


@dataclass(frozen=True, slots=True)
class UprightImage:
    """An upright image and the map from its fractions to those of the page as delivered."""

    image: GreyImage
    rotation: int
    skew: float
    to_page: Affine


def shrink(image: GreyImage, long_side: int) -> GreyImage:
    """Return the image with its longer side at most `long_side` pixels."""
    scale = long_side / max(image.shape)
    if scale >= 1:
        return image
    height, width = (max(round(side * scale), 1) for side in image.shape)
    return cast(GreyImage, cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))


def text_ink(preview: GreyImage) -> npt.NDArray[np.bool_]:
    """Return the mask (height, width) of pixels that may be printed text.

    They are darker than their surroundings, in pieces the size of letters and words. `preview` is
    at most `PREVIEW_LONG_SIDE` long; rules, frames, black borders, solid pictures and specks are
    left out.
    """
    dark = cv2.adaptiveThreshold(
        preview, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, blockSize=31, C=15
    )
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    longer, shorter = np.maximum(wide, tall), np.minimum(wide, tall)
    is_text_piece = (longer <= 160) & (shorter <= 48) & (stats[:, cv2.CC_STAT_AREA] >= 4)
    is_text_piece &= (longer < 12 * shorter) & (longer >= 3)
    is_text_piece[0] = False  # the paper
    return cast(npt.NDArray[np.bool_], is_text_piece[pieces])


def estimate_orientation(preview: GreyImage) -> PageOrientation:
    """Return the page's orientation, from an image at most `PREVIEW_LONG_SIDE` long."""
    ink = text_ink(preview)
    if np.count_nonzero(ink) < 50:
        return PageOrientation(False, 0.0, None)
    sideways, letter_px = _word_shape(ink)
    skew = _estimate_skew(np.rot90(ink) if sideways else ink)
    width = preview.shape[0] if sideways else preview.shape[1]
    return PageOrientation(sideways, skew, letter_px / width if letter_px else None)


def _word_shape(ink: npt.NDArray[np.bool_]) -> tuple[bool, float | None]:
    """Return whether words are taller than wide, and the height of their letters in pixels."""
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


def _estimate_skew(ink: npt.NDArray[np.bool_]) -> float:
    """Return the degrees by which text lines fall to the right; 0 without a clear maximum."""
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


def make_upright(image: GreyImage, rotation: int, skew: float) -> UprightImage:
    """Return the page with a clockwise turn of `rotation` (0, 90, 180, 270) and `skew` undone.

    The canvas keeps the page's proportions and grows as far as the corners need; its new edges are
    white.
    """
    turned = np.ascontiguousarray(np.rot90(image, rotation // 90))
    if not skew:
        return UprightImage(turned, rotation, 0.0, _QUARTER_TURNS[rotation])
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
    to_page = compose_maps(_QUARTER_TURNS[rotation], in_turned)
    return UprightImage(cast(GreyImage, straight), rotation, skew, to_page)


def quarter_turn(rotation: int) -> Affine:
    """Return the map from upright fractions to those of a page turned clockwise by `rotation`."""
    return _QUARTER_TURNS[rotation]


def compose_maps(outer: Affine, inner: Affine) -> Affine:
    """Return the map that applies `inner`, then `outer`."""
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
