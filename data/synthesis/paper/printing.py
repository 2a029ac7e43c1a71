"""Prints a sheet as pixels: letters from cached glyphs, and the faults of the printer.

Pages are drawn twice as large and averaged down, as a scanner's sensor averages letters. Each
letter of a font and size is drawn once and copied from then on. A word is spread over the width
that the layout gave it, so that columns stay flush in every font.
"""

import random
from typing import NamedTuple, cast

import cv2
import numpy as np
import numpy.typing as npt

from data.records import GreyImage
from data.synthesis.layouts.sheets import Ink, Sheet
from data.synthesis.paper.conditions import Printer
from data.synthesis.paper.figures import draw_shape
from data.synthesis.paper.fonts import FontFace, Mask, glyph
from data.synthesis.paper.warp import Boxes

_FINER = 2
_DOTS_AN_EM = 14.0  # of a needle printer


class PrintedPage(NamedTuple):
    """The printed page, the words on it, and the boxes of their ink in pixels."""

    page: GreyImage
    inks: tuple[Ink, ...]
    boxes: Boxes


def sheet_font(sheet: Sheet, face: str) -> str:
    """Return the font that measured the sheet, or the face where no font did."""
    return sheet.face.name if isinstance(sheet.face, FontFace) else face


def print_sheet(
    sheet: Sheet, face: str, scale: float, rng: random.Random, printer: Printer
) -> PrintedPage:
    """Print the sheet at `scale` pixels a point in that face (or the font that measured it)."""
    width, height = round(sheet.width * scale), round(sheet.height * scale)
    finer = scale * _FINER
    fine = np.full((height * _FINER, width * _FINER), 255, dtype=np.uint8)
    for shape in sheet.shapes:
        draw_shape(fine, shape, finer)
    inks, name = sheet.inks_on_sheet(), sheet_font(sheet, face)
    struck = np.full_like(fine, 255) if printer.kind == "dots" else fine
    boxes = np.empty((len(inks), 4))
    tall = round(printer.tall, 1)  # so that documents share glyphs
    for place, ink in enumerate(inks):
        # Needle printers hold the line less well
        slip = rng.uniform(-0.8, 0.8) if printer.kind == "dots" else 0.0
        page = fine if ink.grey > 127 else struck
        boxes[place] = _set_word(page, ink, (name, tall), finer, slip)
    if printer.kind == "dots":
        _print_dots(fine, struck, _dot_pitch(inks, finer))
        boxes += np.array([-1.0, -1.0, 1.0, 1.0]) * _dot_pitch(inks, finer) / 2
    if printer.weight:
        # Grey is dark where it is low: to erode it is to broaden the ink
        change = cv2.erode if printer.weight > 0 else cv2.dilate
        fine = cast(GreyImage, change(fine, np.ones((2, 2), dtype=np.uint8)))
        boxes += np.array([0.0, 0.0, 1.0, 1.0])
    small = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)
    return PrintedPage(
        _apply_ink(cast(GreyImage, small), rng, printer, scale), inks, boxes / _FINER
    )


def _set_word(
    page: GreyImage, ink: Ink, font: tuple[str, float], scale: float, slip: float
) -> tuple[float, float, float, float]:
    """Set one word letter by letter; return the box of its ink in pixels of the page.

    `font` is its name and the factor on the height of its letters.
    """
    name, tall = font
    # Even sizes only, so that documents share glyphs
    pixels = max(round(ink.size * scale / 2) * 2, 4)
    glyphs = [glyph(name, ink.bold, pixels, char, tall) for char in ink.text]
    spread = ink.width * scale / max(sum(letter.advance for letter in glyphs), 1.0)
    pen, base = ink.left * scale, round(ink.baseline * scale + slip)
    left, top, right, bottom = 1e9, 1e9, -1e9, -1e9
    for mask, beside, above, advance in glyphs:
        rows, columns = mask.shape
        if columns and rows:
            x, y = round(pen) + beside, base + above
            _stroke(page, mask, x, y, ink.grey)
            left, top = min(left, x), min(top, y)
            right, bottom = max(right, x + columns), max(bottom, y + rows)
        pen += advance * spread
    if right < left:  # no letter has ink
        return ink.left * scale, base - 1.0, pen, float(base)
    return left, top, right, bottom


def _stroke(page: GreyImage, mask: Mask, x: int, y: int, grey: int) -> None:
    rows, columns = mask.shape
    if x < 0 or y < 0:
        mask = mask[max(-y, 0) :, max(-x, 0) :]
        x, y = max(x, 0), max(y, 0)
        rows, columns = mask.shape
    place = page[y : y + rows, x : x + columns]
    if place.shape != mask.shape:
        mask = mask[: place.shape[0], : place.shape[1]]
    if grey == 0:
        np.minimum(place, ~mask, out=place)
    elif grey < 128:
        lighter = mask.astype(np.uint16) * (255 - grey) // 255
        np.minimum(place, ~lighter.astype(np.uint8), out=place)
    else:
        place[:] = (place + (grey - place.astype(np.int16)) * mask // 255).astype(np.uint8)


def _dot_pitch(inks: tuple[Ink, ...], scale: float) -> float:
    """The pixels from needle to needle, by the median size of the words."""
    sizes = sorted(ink.size for ink in inks) or [9.0]
    return max(sizes[len(sizes) // 2] * scale / _DOTS_AN_EM, 1.0)


def _print_dots(fine: GreyImage, struck: GreyImage, pitch: float) -> None:
    """Print the text on the page as the dots of a needle printer."""
    height, width = fine.shape
    size = max(round(width / pitch), 1), max(round(height / pitch), 1)
    coarse = cv2.resize(struck, size, interpolation=cv2.INTER_AREA)
    dots = cv2.LUT(coarse, np.where(np.arange(256) < 165, 0, 255).astype(np.uint8))
    np.minimum(fine, cv2.resize(dots, (width, height)), out=fine)


def _apply_ink(page: GreyImage, rng: random.Random, printer: Printer, scale: float) -> GreyImage:
    """Weaken the ink of the page as the printer does."""
    if printer.kind == "carbon":
        page = cast(GreyImage, cv2.GaussianBlur(page, (0, 0), 0.35 * scale))
    if printer.fading > 0:
        weak = cv2.resize(_ink_loss(rng, printer), page.shape[::-1])
        page = cast(GreyImage, cv2.add(page, cv2.multiply(~page, weak, scale=1 / 255)))
    if printer.black:
        steps = np.arange(256) * ((255 - printer.black) / 255) + printer.black
        page = cast(GreyImage, cv2.LUT(page, steps.astype(np.uint8)))
    return page


def _ink_loss(rng: random.Random, printer: Printer) -> npt.NDArray[np.uint8]:
    """Draw the loss of ink, 0..255, as a coarse image: down the page, across, or in patches."""
    grain = np.random.default_rng(rng.getrandbits(32))
    shape = {"worn": (3, 14), "dots": (60, 4), "thermal": (24, 7)}.get(printer.kind, (20, 14))
    patches = grain.random(shape, dtype=np.float32) ** 2
    if printer.kind == "thermal":
        # Fades from one end, where the light came in
        first, last = rng.choice(((0.2, 1.0), (1.0, 0.2), (0.6, 0.6)))
        patches *= np.linspace(first, last, shape[0])[:, None]
    return cast(npt.NDArray[np.uint8], (patches * (255 * printer.fading)).astype(np.uint8))
