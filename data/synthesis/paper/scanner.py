"""Captures a sheet as an image: its position on the glass, light, blur, noise and JPEG.

Works on eight bits throughout and takes noise from a stored pattern, for speed.
"""

import math
import random
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, cast

import cv2
import numpy as np
import numpy.typing as npt

from data.records import GreyImage
from data.synthesis.paper.conditions import Paper, Scanner
from data.synthesis.paper.warp import Points, Warp, Wave, fit_warp

_COARSE = 4  # light is computed on an image so many times smaller
_STORE = 2400  # pixels along a side of the stored noise
_NOISE_SIGMA = 32.0  # grey levels, of the stored noise
_MIN_LIGHT = 0.45
_HARD_LEVELS = np.clip((np.arange(256) - 100) * 2.6, 0, 255).astype(np.uint8)
_HALFTONES = {
    "ordered": ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5)),
    "dots": ((12, 5, 6, 13), (4, 0, 1, 7), (11, 3, 2, 8), (15, 10, 9, 14)),
}


class FlatSheet(NamedTuple):
    """A printed sheet before it is laid down."""

    size: tuple[int, int]  # width and height in pixels
    ink: tuple[float, float, float, float]  # bounds of all print in pixels
    scale: float  # pixels a point


def lay_sheet(scanner: Scanner, paper: Paper, flat: FlatSheet, rng: random.Random) -> Warp:
    """Draw the position of a sheet on glass or table; all of its print stays in the image."""
    if scanner.kind == "none":
        return Warp()
    width, height = flat.size
    waves = _waves(paper, flat, rng)
    angle = math.radians(max(min(rng.gauss(0, scanner.skew), 2.5), -2.5)) if scanner.skew else 0.0
    if not (angle or scanner.tilt or waves.upright) and scanner.size == 1.0:
        return Warp()
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width / 2, height / 2)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    room = abs(1 - scanner.size) / 2
    shift = np.array([rng.uniform(-room, room) * width, rng.uniform(-room, room) * height])
    moved = corners @ turn * scanner.size + (width / 2, height / 2) + shift
    if scanner.tilt:
        stray = scanner.tilt * max(flat.size)
        moved += np.array([[rng.uniform(-stray, stray) for _ in range(2)] for _ in range(4)])
    return fit_warp(flat.size, moved, flat.ink, waves)


def _waves(paper: Paper, flat: FlatSheet, rng: random.Random) -> Warp:
    """Draw the waves of the paper: a long one across the page, and weaker ones that bend rows."""
    if paper.waves <= 0:
        return Warp()
    width, height = flat.size
    across, down = rng.uniform(0.8, 2.5), rng.uniform(0.8, 2.5)
    # Paper on glass has no steeper slope than this
    high = min(paper.waves * flat.scale * rng.uniform(0.6, 1.0), 0.01 * width * across)
    return Warp(
        (Wave(0.3 * high, height * down, rng.uniform(0, math.tau)),),
        (
            Wave(high, width * across, rng.uniform(0, math.tau)),
            Wave(0.2 * high, width * rng.uniform(0.4, 0.8), rng.uniform(0, math.tau)),
        ),
    )


def capture(
    page: GreyImage, scanner: Scanner, warp: Warp, scale: float, rng: random.Random
) -> GreyImage:
    """Return the image that the machine makes of a page; `scale` pixels a point."""
    if scanner.kind == "none":
        return page
    picture = warp.warp_page(page, scanner.around)
    picture = _apply_light(picture, scanner, warp, scale, rng)
    picture = _apply_contrast(picture, scanner)
    picture = _soften(picture, scanner, scale)
    if scanner.halftone:
        picture = _apply_halftone(picture, scanner.halftone)
    if scanner.noise > 0.5:
        picture = _add_noise(picture, scanner, rng)
    if scanner.hard:
        picture = cast(GreyImage, cv2.LUT(picture, _HARD_LEVELS))
    _add_dirt(picture, scanner, scale, rng)
    if scanner.kind == "fax":
        cut = rng.randint(140, 175)
        picture = cast(GreyImage, cv2.threshold(picture, cut, 255, cv2.THRESH_BINARY)[1])
    if scanner.jpeg:
        quality = [cv2.IMWRITE_JPEG_QUALITY, scanner.jpeg]
        _, coded = cv2.imencode(".jpg", picture, quality)
        picture = cast(GreyImage, cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE))
    return picture


def _apply_light(
    picture: GreyImage, scanner: Scanner, warp: Warp, scale: float, rng: random.Random
) -> GreyImage:
    """Apply light falling off to one side, a shadow on the page, and that of the sheet's edge."""
    if not (scanner.fade > 0.01 or scanner.shade or (scanner.shadow and warp != Warp())):
        return picture
    height, width = picture.shape
    rows, columns = math.ceil(height / _COARSE), math.ceil(width / _COARSE)
    u = np.linspace(0, 1, columns, dtype=np.float32)[None, :]
    v = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    along = {"left": 1 - u, "right": u, "top": 1 - v, "bottom": v}[scanner.dark_side]
    light = np.ones((rows, columns), dtype=np.float32) - scanner.fade * along**2
    if scanner.shade:
        angle, soft = rng.uniform(0, math.tau), rng.uniform(0.01, 0.12)
        away = (u - 0.5) * math.cos(angle) + (v - 0.5) * math.sin(angle) - rng.uniform(-0.2, 0.45)
        light *= 1 - scanner.shade / (1 + np.exp(np.clip(-away / soft, -30, 30)))
    if scanner.shadow and warp != Warp():
        light *= 1 - scanner.shadow * _edge_shadow(warp, (height, width), light, scale)
    levels = (np.maximum(light, _MIN_LIGHT) * 255).astype(np.uint8)
    fine = cv2.resize(levels, (width, height))
    return cast(GreyImage, cv2.multiply(picture, fine, scale=1 / 255))


def _edge_shadow(
    warp: Warp, shape: tuple[int, int], light: npt.NDArray[np.float32], scale: float
) -> npt.NDArray[np.float32]:
    """The shadow at the sheet's edge (1) and away from it (0), on the coarse image of the light."""
    height, width = shape
    line = np.zeros(light.shape, dtype=np.uint8)
    ends = (warp.forward(_outline(width, height)) / _COARSE * 16).astype(np.int32)
    thick = max(round(1.5 * scale / _COARSE), 1)
    cv2.polylines(line, [ends[:, None]], True, 255, thick, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(line, (0, 0), max(1.5 * scale / _COARSE, 0.5))
    return np.asarray(soft, dtype=np.float32) / np.float32(255)


def _outline(width: int, height: int) -> Points:
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height], [0, 0]], dtype=float)
    steps = np.linspace(0, 1, 9)[:-1, None]
    starts, ends = corners[:-1, None], corners[1:, None]
    return cast(Points, (starts + (ends - starts) * steps).reshape(-1, 2))


def _apply_contrast(picture: GreyImage, scanner: Scanner) -> GreyImage:
    if math.isclose(scanner.contrast, 1.0) and not scanner.fog:
        return picture
    levels = np.clip(255 - (255 - np.arange(256)) * scanner.contrast, 0, 255)
    levels = scanner.fog + levels * (255 - scanner.fog) / 255
    return cast(GreyImage, cv2.LUT(picture, levels.astype(np.uint8)))


def _soften(picture: GreyImage, scanner: Scanner, scale: float) -> GreyImage:
    """Soften the image: scanned at a lower resolution, and out of focus."""
    coarse = scanner.dpi / 72 / scale if scanner.dpi else 1.0
    if coarse < 0.95:
        height, width = picture.shape
        size = max(round(width * coarse), 16), max(round(height * coarse), 16)
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        picture = cast(GreyImage, cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))
    sigma = scanner.blur * scale
    if sigma > 0.25:
        picture = cast(GreyImage, cv2.GaussianBlur(picture, (0, 0), sigma))
    return picture


def _apply_halftone(picture: GreyImage, halftone: str) -> GreyImage:
    """Turn greys into black dots, a little blurred by the next machine."""
    dots = cv2.compare(picture, _crop(_screen, halftone, picture.shape, (0, 0)), cv2.CMP_GT)
    return cast(GreyImage, cv2.addWeighted(dots, 0.4, picture, 0.6, 0))


def _add_noise(picture: GreyImage, scanner: Scanner, rng: random.Random) -> GreyImage:
    """Add grey noise, each time from another part of the stored pattern, mirrored by chance."""
    start = rng.randrange(_STORE), rng.randrange(_STORE)
    kind = "grain" if scanner.grain else "pixel"
    noise = _crop(_noise, kind, picture.shape, start)[
        :: rng.choice((1, -1)), :: rng.choice((1, -1))
    ]
    share = scanner.noise / _NOISE_SIGMA
    return cast(GreyImage, cv2.addWeighted(picture, 1.0, noise, share, -128 * share))


@lru_cache(maxsize=2)
def _noise(kind: str) -> GreyImage:
    grain = np.random.default_rng(4).standard_normal((_STORE, _STORE), dtype=np.float32)
    if kind == "grain":
        grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), 0.8), dtype=np.float32)
    grain *= _NOISE_SIGMA / grain.std()
    return cast(GreyImage, np.clip(grain + 128.5, 0, 255).astype(np.uint8))


@lru_cache(maxsize=2)
def _screen(halftone: str) -> GreyImage:
    steps = np.array(_HALFTONES[halftone])
    # Print and bare paper stay unchanged: only shades and faint marks become dots
    tile = (125 + steps * (110 / 15)).astype(np.uint8)
    return np.tile(tile, (_STORE // 4, _STORE // 4))


def _crop(
    store: Callable[[str], GreyImage], kind: str, shape: tuple[int, ...], start: tuple[int, int]
) -> GreyImage:
    """Return a part of a stored pattern in that shape; repeated where the page is larger."""
    pattern = store(kind)
    height, width = shape[0], shape[1]
    if height > _STORE or width > _STORE:
        times = math.ceil(height / _STORE), math.ceil(width / _STORE)
        pattern = np.tile(pattern, times)
    top = min(start[0], pattern.shape[0] - height)
    left = min(start[1], pattern.shape[1] - width)
    return pattern[top : top + height, left : left + width]


def _add_dirt(picture: GreyImage, scanner: Scanner, scale: float, rng: random.Random) -> None:
    """Draw specks anywhere, and thin lines along the paper's way, into the image."""
    height, width = picture.shape
    for _ in range(scanner.specks and rng.randint(scanner.specks // 2, scanner.specks)):
        x, y, side = rng.randrange(width), rng.randrange(height), rng.choice((1, 1, 1, 2))
        picture[y : y + side, x : x + side] = rng.randint(0, 120)
    for _ in range(scanner.streaks):
        x, thick = rng.randrange(width), max(round(rng.uniform(0.2, 0.8) * scale), 1)
        column = picture[:, x : x + thick]
        dark, share = rng.choice((0, 0, 255)), rng.uniform(0.2, 0.8)
        column[:] = (column * (1 - share) + dark * share).astype(np.uint8)
