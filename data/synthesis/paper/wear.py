"""Draws the wear of a sheet before it is scanned: folds, creases, holes, staples, stains.

All is drawn on the flat page; its position on the glass comes later, and bends these marks with the
print.
"""

import random
from typing import cast

import cv2
import numpy as np

from data.records import GreyImage
from data.synthesis.paper.conditions import Fold, Paper
from data.synthesis.paper.handwriting import curve
from data.synthesis.paper.pen import draw_ink

_HOLES = {2: (-113, 113), 3: (-306, 0, 306), 4: (-340, -113, 113, 340)}  # points from the middle
_HOLE_RADIUS = 8.5  # points
_FOLD_WIDTH = 3.5  # points that a fold's shadow reaches


def add_wear(
    page: GreyImage, paper: Paper, around: int, scale: float, rng: random.Random
) -> GreyImage:
    """Return the page with its wear, `scale` pixels a point; `around` shows through holes."""
    if paper == Paper():
        return page
    page = page.copy()
    if paper.behind > 0:
        page = _add_reverse(page, paper.behind, rng)
    for _ in range(paper.stains):
        _stain(page, scale, rng)
    for fold in paper.folds:
        _fold(page, fold, scale)
    for _ in range(paper.creases):
        _crease(page, scale, rng)
    if paper.tone < 255:
        page = cast(GreyImage, cv2.convertScaleAbs(page, alpha=paper.tone / 255))
    if paper.staple:
        _staple(page, scale, rng)
    if paper.holes:
        _punch(page, paper, around, scale, rng)
    return page


def _add_reverse(page: GreyImage, share: float, rng: random.Random) -> GreyImage:
    """Add a printed reverse side seen through the paper: mirrored, shifted, soft and faint."""
    mirrored = np.roll(page[:, ::-1], int(rng.uniform(0.1, 0.9) * page.shape[0]), axis=0)
    half = cv2.resize(mirrored, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    soft = np.asarray(cv2.resize(cv2.blur(half, (3, 3)), page.shape[::-1]), dtype=np.uint8)
    return cast(GreyImage, cv2.subtract(page, cv2.convertScaleAbs(~soft, alpha=share)))


def _fold(page: GreyImage, fold: Fold, scale: float) -> None:
    """Draw a fold: one side of it turns away from the lamp, the other a little towards it."""
    lines = page.T if fold.upright else page
    reach = _FOLD_WIDTH * scale
    middle, room = round(fold.place * len(lines)), round(3 * reach) + 1
    part = lines[max(middle - room, 0) : middle + room]
    away = (np.arange(len(part)) - min(room, middle)) / reach
    dark = np.exp(-0.5 * away**2) * np.exp(-np.maximum(away, 0))
    bright = np.exp(-0.5 * (away - 1.5) ** 2)
    light = 1 - fold.depth * (dark - 0.25 * bright)
    part[:] = np.clip(part * light[:, None], 0, 255).astype(np.uint8)


def _crease(page: GreyImage, scale: float, rng: random.Random) -> None:
    """Draw a short wrinkle: a shadow, and along it a line where the ink has cracked off."""
    high, wide = page.shape
    x, y = rng.random() * wide, rng.random() * high
    points = [(x, y)]
    turn = np.array([rng.gauss(0, 1), rng.gauss(0, 1)]) * 30 * scale
    for _ in range(rng.randint(2, 4)):
        step = turn + np.array([rng.gauss(0, 1), rng.gauss(0, 1)]) * 8 * scale
        points.append((points[-1][0] + step[0], points[-1][1] + step[1]))
    line = curve(np.array(points))
    draw_ink(page, [line + scale], rng.randint(190, 235), 1.6 * scale)
    cracked = np.round(line * 16).astype(np.int32)[:, None]
    cv2.polylines(page, [cracked], False, 245, max(round(0.5 * scale), 1), cv2.LINE_AA, 4)


def _stain(page: GreyImage, scale: float, rng: random.Random) -> None:
    """Draw the ring of a cup, or a spot of dirt; print below stays readable."""
    ring = rng.random() < 0.5
    radius = round((rng.uniform(60, 110) if ring else rng.uniform(3, 35)) * scale)
    side = 2 * radius + round(12 * scale)
    field = np.zeros((side, side), dtype=np.uint8)
    middle, depth = (side // 2, side // 2), rng.randint(14, 52)
    axes = radius, round(radius * rng.uniform(0.85, 1.0))
    thick = round(rng.uniform(1.5, 5) * scale) if ring else cv2.FILLED
    start = rng.randint(0, 360)
    cv2.ellipse(field, middle, axes, 0, start, start + rng.randint(250, 400), depth, thick)
    if ring:
        cv2.ellipse(field, middle, axes, 0, 0, 360, depth // 5, cv2.FILLED)
        cv2.ellipse(field, middle, axes, 0, start, start + rng.randint(250, 400), depth, thick)
    field = np.asarray(cv2.blur(field, (max(round(1.5 * scale), 1),) * 2), dtype=np.uint8)
    high, wide = page.shape
    x, y = round(rng.random() * wide) - radius, round(rng.random() * high) - radius
    part = page[max(y, 0) : max(y + side, 0), max(x, 0) : max(x + side, 0)]
    field = field[max(-y, 0) :, max(-x, 0) :][: part.shape[0], : part.shape[1]]
    if part.size:
        part[:] = cv2.subtract(part, field)


def _staple(page: GreyImage, scale: float, rng: random.Random) -> None:
    """Draw a staple in the top left corner, with its shadow."""
    x, y = rng.uniform(12, 40) * scale, rng.uniform(12, 36) * scale
    turn = rng.choice((rng.gauss(-0.8, 0.15), rng.gauss(0, 0.1)))
    half = 6.5 * scale * np.array([np.cos(turn), np.sin(turn)])
    ends = np.array([-half, half]) + np.array((x, y))
    draw_ink(page, [ends + 1.2 * scale], rng.randint(150, 200), 1.8 * scale)
    draw_ink(page, [ends], rng.randint(30, 110), 1.3 * scale)


def _punch(page: GreyImage, paper: Paper, around: int, scale: float, rng: random.Random) -> None:
    """Punch holes in a row along one edge, torn a little, through which the lid shows."""
    edge = rng.uniform(20, 30)
    middle = page.shape[0 if paper.holes_side == "left" else 1] / 2 + rng.gauss(0, 8) * scale
    for place in _HOLES[paper.holes]:
        along, across = middle + place * scale, edge * scale
        position = (across, along) if paper.holes_side == "left" else (along, across)
        center = round(position[0] * 16), round(position[1] * 16)
        radius = round(_HOLE_RADIUS * scale * 16)
        rim = max(round(0.8 * scale), 1)
        cv2.circle(page, center, radius, max(around - 25, 0), cv2.FILLED, cv2.LINE_AA, 4)
        cv2.circle(page, center, radius, rng.randint(90, 200), rim, cv2.LINE_AA, 4)
