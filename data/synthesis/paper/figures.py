"""Draws the shapes of a sheet as pixels: rules, shades, frames, barcodes, logos."""

import random
from collections.abc import Callable

import cv2
import numpy as np

from data.records import GreyImage
from data.synthesis.layouts.sheets import Shape

Corners = tuple[int, int, int, int]  # left, top, right, bottom in pixels
_MODULES = 25  # squares along one side of a square code


def draw_shape(page: GreyImage, shape: Shape, scale: float) -> None:
    """Draw one shape into the page, at `scale` pixels a point."""
    corners = (
        round(shape.left * scale),
        round(shape.top * scale),
        round(shape.right * scale),
        round(shape.bottom * scale),
    )
    thick = max(round(shape.thickness * scale), 1)
    draw = _PICTURES.get(shape.kind)
    if draw is not None:
        seed = f"{shape.left:.1f} {shape.top:.1f} {shape.right:.1f} {shape.bottom:.1f}"
        draw(page, corners, shape.grey, random.Random(seed))
    elif shape.kind in ("fill", "blob"):
        _fill(page, corners, shape.grey, round_corners=shape.kind == "blob")
    elif shape.kind == "frame":
        left, top, right, bottom = corners
        half = thick / 2
        for edge in ((left, top, right, top), (left, bottom, right, bottom)):
            _rule(page, (edge[0] - half, edge[1], edge[2] + half, edge[3]), thick, shape.grey)
        for edge in ((left, top, left, bottom), (right, top, right, bottom)):
            _rule(page, edge, thick, shape.grey)
    elif shape.kind == "ellipse":
        left, top, right, bottom = corners
        middle = (left + right) // 2, (top + bottom) // 2
        axes = max((right - left) // 2, 0), max((bottom - top) // 2, 0)
        cv2.ellipse(page, middle, axes, 0, 0, 360, shape.grey, thick, cv2.LINE_AA)
    elif shape.kind == "dashes":
        _dashes(page, corners, thick, shape.grey)
    else:
        _rule(page, corners, thick, shape.grey)


def _rule(page: GreyImage, ends: tuple[float, float, float, float], thick: int, grey: int) -> None:
    left, top, right, bottom = ends
    if left != right and top != bottom:
        start, end = (round(left), round(top)), (round(right), round(bottom))
        cv2.line(page, start, end, grey, thick, cv2.LINE_AA)
        return
    x, y = sorted((left, right)), sorted((top, bottom))
    if top == bottom:
        y = [round(top - thick / 2), round(top - thick / 2) + thick]
    else:
        x = [round(left - thick / 2), round(left - thick / 2) + thick]
    page[max(round(y[0]), 0) : max(round(y[1]), 0), max(round(x[0]), 0) : max(round(x[1]), 0)] = (
        grey
    )


def _dashes(page: GreyImage, corners: Corners, thick: int, grey: int) -> None:
    left, top, right, bottom = corners
    long = max(abs(right - left), abs(bottom - top))
    step = thick * 5
    for start in range(0, long, step):
        begin_share, end_share = start / long, min(start + thick * 3, long) / long
        ends = (
            left + (right - left) * begin_share,
            top + (bottom - top) * begin_share,
            left + (right - left) * end_share,
            top + (bottom - top) * end_share,
        )
        _rule(page, ends, thick, grey)


def _fill(page: GreyImage, corners: Corners, grey: int, *, round_corners: bool) -> None:
    left, top, right, bottom = corners
    radius = min(right - left, bottom - top) // 3 if round_corners else 0
    if radius < 2:
        cv2.rectangle(page, (left, top), (right, bottom), grey, cv2.FILLED)
        return
    cv2.rectangle(page, (left + radius, top), (right - radius, bottom), grey, cv2.FILLED)
    cv2.rectangle(page, (left, top + radius), (right, bottom - radius), grey, cv2.FILLED)
    for x in (left + radius, right - radius):
        for y in (top + radius, bottom - radius):
            cv2.circle(page, (x, y), radius, grey, cv2.FILLED, cv2.LINE_AA)


def _barcode(page: GreyImage, corners: Corners, grey: int, rng: random.Random) -> None:
    """Draw bars and gaps of one to four modules across the width of the corners."""
    left, top, right, bottom = corners
    count = max((right - left) // rng.choice((3, 4, 5)), 20)
    widths: list[int] = []
    while sum(widths) < count:
        widths.append(rng.choice((1, 1, 1, 2, 2, 3, 4)))
    module = (right - left) / sum(widths)
    x = float(left)
    for number, width in enumerate(widths):
        if number % 2 == 0:
            _fill(page, (round(x), top, round(x + width * module) - 1, bottom), grey,
                  round_corners=False)  # fmt: skip
        x += width * module


def _square_code(page: GreyImage, corners: Corners, grey: int, rng: random.Random) -> None:
    """Draw a square of modules with the three corner marks that readers look for."""
    modules = np.random.default_rng(rng.getrandbits(32)).integers(0, 2, (_MODULES, _MODULES))
    mark = np.ones((8, 8), dtype=modules.dtype)
    mark[:7, :7] = 0
    mark[1:6, 1:6] = 1
    mark[2:5, 2:5] = 0
    modules[:8, :8], modules[:8, -8:], modules[-8:, :8] = mark, mark[:, ::-1], mark[::-1]
    _paste(page, corners, np.where(modules > 0, 255, grey).astype(np.uint8))


def _paste(page: GreyImage, corners: Corners, picture: GreyImage) -> None:
    height, width = page.shape
    left, top, right, bottom = corners
    if right <= left or bottom <= top:
        return
    sized = cv2.resize(picture, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST)
    above, before = max(-top, 0), max(-left, 0)
    place = page[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    place[:] = sized[above : above + place.shape[0], before : before + place.shape[1]]


def _logo(page: GreyImage, corners: Corners, grey: int, rng: random.Random) -> None:
    """Draw a mark of a few plain forms: discs, bars, a triangle, rings, a chequer."""
    left, top, right, bottom = corners
    width, height = right - left, bottom - top
    if width < 4 or height < 4:
        return
    middle, radius = ((left + right) // 2, (top + bottom) // 2), min(width, height) // 2
    form = rng.choice(("rings", "bars", "triangles", "disc", "chequer", "leaf"))
    if form == "rings":
        for part in range(rng.randint(2, 4)):
            inner = max(radius - part * radius // 3, 1)
            cv2.circle(page, middle, inner, grey, max(radius // 8, 1), cv2.LINE_AA)
    elif form == "bars":
        count = rng.randint(3, 5)
        for part in range(count):
            x = left + part * width // count
            low = top + round(height * rng.uniform(0.0, 0.6))
            edges = (x, low, x + width // count * 2 // 3, bottom)
            _fill(page, edges, grey, round_corners=False)
    elif form == "triangles":
        for part in range(rng.randint(1, 2)):
            tip = left + round(width * rng.uniform(0.3, 0.7))
            ends = [(left + part * width // 3, bottom), (tip, top), (right, bottom)]
            shade = min(grey + 70 * part, 200)
            cv2.fillPoly(page, [np.array(ends, dtype=np.int32)], shade, cv2.LINE_AA)
    elif form == "disc":
        cv2.circle(page, middle, radius, grey, cv2.FILLED, cv2.LINE_AA)
        angle = rng.randint(0, 360)
        cv2.ellipse(page, middle, (radius * 2 // 3,) * 2, angle, 0, 200, 255, cv2.FILLED,
                    cv2.LINE_AA)  # fmt: skip
    elif form == "chequer":
        fields = np.array([[rng.choice((grey, 255)) for _ in range(4)] for _ in range(3)])
        fields[0, 0] = grey
        _paste(page, corners, fields.astype(np.uint8))
    else:
        for angle in (30, -30):
            axes = (max(radius // 3, 1), radius)
            cv2.ellipse(page, middle, axes, angle, 0, 360, grey, cv2.FILLED, cv2.LINE_AA)


_PICTURES: dict[str, Callable[[GreyImage, Corners, int, random.Random], None]] = {
    "barcode": _barcode,
    "square_code": _square_code,
    "logo": _logo,
}
PICTURES = frozenset(_PICTURES)
