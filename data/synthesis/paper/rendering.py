"""Renders sheets as grey images, clean or damaged, with each word's box in the image.

There are two kinds of damage. A `Condition` is drawn once for all pages of a document, from printer
to scanner (training pages have it). A `Damage` is a fixed amount of skew, blur and noise.
"""

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from data.corpora.damage import Damage, draw_marks, spoil
from data.records import Box, GreyImage, LabelledPage, Mark
from data.synthesis.layouts.documents import SyntheticDocument
from data.synthesis.layouts.sheets import Ink, Sheet
from data.synthesis.ocr_noise.noise import TaggedWord, add_noise, in_reading_order
from data.synthesis.paper.conditions import CLEAN, Condition, pick_condition
from data.synthesis.paper.figures import PICTURES, draw_shape
from data.synthesis.paper.fonts import face_of, faces_of, font
from data.synthesis.paper.page_record import as_page
from data.synthesis.paper.pen import draw_marks_by_hand
from data.synthesis.paper.printing import print_sheet, sheet_font
from data.synthesis.paper.scanner import FlatSheet, capture, lay_sheet
from data.synthesis.paper.warp import Boxes, Warp
from data.synthesis.paper.wear import add_wear

__all__ = ["LONG_SIDE", "face_of", "faces_of", "font", "photograph", "scan", "scanned_pages"]

LONG_SIDE = 1024
_FINER = 2  # drawn this much larger and averaged down: no hinting, as in a scan


class Photograph(NamedTuple):
    """An image of a page: its words in ink order, its map from the clean page, its marks by hand.

    `clean_boxes` are the words' boxes on the clean page in pixels; `marks` are where the image
    shows them.
    """

    grey: GreyImage
    words: list[TaggedWord]
    warp: Warp
    clean_boxes: Boxes
    marks: tuple[Mark, ...]


def scanned_pages(
    document: SyntheticDocument, rng: random.Random, long_side: int = LONG_SIDE
) -> tuple[LabelledPage, ...]:
    """Draw, damage and label the document's pages; `long_side` in pixels."""
    condition = pick_condition(
        rng, fixed_pitch=document.face == "mono", till=document.family == "till"
    )
    # A scanned page is read by an OCR engine; some pages keep their words as written, so that a
    # model learns from the image too
    scanner = "clean" if condition == CLEAN else "paper"
    noisy = rng.random() < (0.1 if condition == CLEAN else 0.6)
    pages = []
    for number, sheet in enumerate(document.sheets):
        grey, words, _, _, marks = photograph(sheet, document.face, rng, condition, long_side)
        size = sheet.width, sheet.height
        words = add_noise(rng, words, size, scanner) if noisy else in_reading_order(words)
        source = "ocr" if noisy or condition != CLEAN else "text"
        pages.append(as_page(document, number, words, source, grey, marks))
    return tuple(pages)


def scan(
    sheet: Sheet,
    face: str,
    rng: random.Random,
    damage: Damage | Condition,
    long_side: int = LONG_SIDE,
) -> tuple[GreyImage, list[TaggedWord]]:
    """Return the sheet as a grey image, and its words as the image shows them, in ink order."""
    if isinstance(damage, Damage):
        return _scan_evenly(sheet, face, rng, damage, long_side)
    picture = photograph(sheet, face, rng, damage, long_side)
    return picture.grey, picture.words


def photograph(
    sheet: Sheet, face: str, rng: random.Random, condition: Condition, long_side: int = LONG_SIDE
) -> Photograph:
    """Print, mark, wear and capture the sheet; keep the map from the clean page.

    A quantity that was struck out by hand is "other" in the words: the number that replaces it is
    only in the image.
    """
    scale = long_side / max(sheet.width, sheet.height)
    printed = print_sheet(sheet, face, scale, rng, condition.printer)
    marked, struck, drawn = draw_marks_by_hand(printed, condition.hand, scale, rng)
    scanner, paper = condition.scanner, condition.paper
    worn = add_wear(marked, paper, scanner.around, scale, rng)
    height, width = worn.shape
    flat = FlatSheet((width, height), _ink_bounds(printed.boxes, width, height), scale)
    warp = lay_sheet(scanner, paper, flat, rng)
    grey = capture(worn, scanner, warp, scale, rng)
    places = (warp.warp_boxes(printed.boxes) / (width, height, width, height)).tolist()
    words = [
        TaggedWord(ink.text, Box.clamped(*place), "other", -1, None, ink.place)
        if number in struck
        else TaggedWord(ink.text, Box.clamped(*place), ink.tag, ink.item, None, ink.place)
        for number, (ink, place) in enumerate(zip(printed.inks, places, strict=True))
    ]
    edges = np.array([mark.edges for mark in drawn]).reshape(-1, 4)
    bounds = (warp.warp_boxes(edges) / (width, height, width, height)).tolist()
    marks = tuple(
        Mark(mark.kind, Box.clamped(*place)) for mark, place in zip(drawn, bounds, strict=True)
    )
    return Photograph(grey, words, warp, printed.boxes, marks)


def _ink_bounds(boxes: Boxes, width: int, height: int) -> tuple[float, float, float, float]:
    """The box of all ink on the page; the page's middle where there is none."""
    if not len(boxes):
        return width * 0.4, height * 0.4, width * 0.6, height * 0.6
    left, top = np.maximum(boxes[:, :2].min(axis=0), 0.0).tolist()
    right, bottom = np.minimum(boxes[:, 2:].max(axis=0), (width, height)).tolist()
    return left, top, right, bottom


def _scan_evenly(
    sheet: Sheet, face: str, rng: random.Random, damage: Damage, long_side: int
) -> tuple[GreyImage, list[TaggedWord]]:
    scale = long_side / max(sheet.width, sheet.height)
    name = sheet_font(sheet, face)
    fine, inks = _draw_clean(sheet, name, scale * _FINER)
    size = round(sheet.width * scale), round(sheet.height * scale)
    small = cv2.resize(np.asarray(fine, dtype=np.uint8), size, interpolation=cv2.INTER_AREA)
    drawn = Image.fromarray(np.asarray(small, dtype=np.uint8))
    boxes = _ink_boxes(name, inks, scale)
    draw_marks(drawn, boxes, rng, damage)
    turned, matrix = _rotate(np.asarray(drawn, dtype=np.uint8), damage.angle)
    grey = spoil(turned, rng, damage)
    height, width = grey.shape
    words = [
        TaggedWord(
            ink.text, _move_box(box, matrix, width, height), ink.tag, ink.item, None, ink.place
        )
        for ink, box in zip(inks, boxes, strict=True)
    ]
    return grey, words


def _draw_clean(sheet: Sheet, name: str, scale: float) -> tuple[Image.Image, tuple[Ink, ...]]:
    """Draw the clean page at `scale` pixels per point; return it with the words on it."""
    width, height = round(sheet.width * scale), round(sheet.height * scale)
    blank = np.full((height, width), 255, dtype=np.uint8)
    for shape in sheet.shapes:
        if shape.kind in PICTURES:
            draw_shape(blank, shape, scale)
    page = Image.fromarray(blank)
    pen = ImageDraw.Draw(page)
    for kind, left, top, right, bottom, grey, thickness in sheet.shapes:
        box = (left * scale, top * scale, right * scale, bottom * scale)
        if kind == "fill":
            pen.rectangle(box, fill=grey)
        elif kind == "frame":
            pen.rectangle(box, outline=grey, width=max(round(thickness * scale), 1))
        elif kind == "blob":
            pen.rounded_rectangle(box, radius=min(box[2] - box[0], box[3] - box[1]) / 3, fill=grey)
        elif kind == "ellipse":
            pen.ellipse(box, outline=grey, width=max(round(thickness * scale), 1))
        elif kind not in PICTURES:
            pen.line(box, fill=grey, width=max(round(thickness * scale), 1))
    inks = sheet.inks_on_sheet()
    for ink in inks:
        letters = font(name, ink.bold, max(round(ink.size * scale), 4))
        place = (ink.left * scale, ink.baseline * scale)
        pen.text(place, ink.text, fill=ink.grey, font=letters, anchor="ls")
    return page, inks


def _ink_boxes(
    name: str, inks: Sequence[Ink], scale: float
) -> list[tuple[float, float, float, float]]:
    """The boxes of the drawn words, in pixels of the small page."""
    boxes = []
    for ink in inks:
        pixels = max(round(ink.size * scale * _FINER), 4)
        left, top, right, bottom = (
            edge / _FINER for edge in _extent(name, ink.bold, pixels, ink.text)
        )
        x, y = ink.left * scale, ink.baseline * scale
        boxes.append((x + left, y + top, x + max(right, left + 1), y + max(bottom, top + 1)))
    return boxes


@lru_cache(maxsize=100_000)
def _extent(name: str, bold: bool, pixels: int, text: str) -> tuple[float, float, float, float]:
    return font(name, bold, pixels).getbbox(text, anchor="ls")


def _rotate(grey: GreyImage, angle: float) -> tuple[GreyImage, npt.NDArray[np.float64]]:
    """Turn the page about its middle by `angle` degrees; return it with the matrix."""
    height, width = grey.shape
    matrix = np.asarray(
        cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), dtype=np.float64
    )
    if math.isclose(angle, 0.0):
        return grey.copy(), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    turned = cv2.warpAffine(grey, matrix, (width, height), borderValue=255)
    return np.asarray(turned, dtype=np.uint8), matrix


def _move_box(
    box: tuple[float, float, float, float],
    matrix: npt.NDArray[np.float64],
    width: int,
    height: int,
) -> Box:
    (a, b, c), (d, e, f) = matrix.tolist()
    left, top, right, bottom = box
    corners = ((left, top), (right, top), (left, bottom), (right, bottom))
    xs = [a * x + b * y + c for x, y in corners]
    ys = [d * x + e * y + f for x, y in corners]
    return Box.clamped(min(xs) / width, min(ys) / height, max(xs) / width, max(ys) / height)
