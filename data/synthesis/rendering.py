"""Drawing sheets with the fonts of this machine: grey pages whose ink lies in the words' boxes."""

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from data.records import Box, GreyImage, LabelledPage
from data.synthesis.damage import Damage, marks_on, pick_damage, spoil
from data.synthesis.documents import SyntheticDocument
from data.synthesis.noise import Seen, add_noise, in_reading_order
from data.synthesis.sheets import Face, Ink, Sheet

LONG_SIDE = 1024
_FINER = 2  # drawn this much larger and averaged down: no hinting, as in a scan
_PLACES = (
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/liberation",
    "/usr/share/fonts/dejavu",
)
_FILES = {
    "sans": ("LiberationSans-Regular", "DejaVuSans"),
    "serif": ("LiberationSerif-Regular", "DejaVuSerif"),
    "narrow": ("LiberationSansNarrow-Regular", "DejaVuSansCondensed", "LiberationSans-Regular"),
    "wide": ("DejaVuSans", "LiberationSans-Regular"),
    "mono": ("LiberationMono-Regular", "DejaVuSansMono"),
}
_BOLD = {"DejaVuSans": "DejaVuSans-Bold", "DejaVuSerif": "DejaVuSerif-Bold",
         "DejaVuSansCondensed": "DejaVuSansCondensed-Bold",
         "DejaVuSansMono": "DejaVuSansMono-Bold"}  # fmt: skip
_EM = 64  # pixels at which a font is measured
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=32)
def _file(name: str, bold: bool) -> str | None:
    for stem in _FILES[name]:
        wanted = stem.replace("Regular", "Bold") if "Regular" in stem else _BOLD[stem]
        for place in _PLACES:
            path = Path(place) / f"{wanted if bold else stem}.ttf"
            if path.exists():
                return str(path)
    return None


@lru_cache(maxsize=600)
def font(name: str, bold: bool, pixels: int) -> Font:
    """The font for a face, or the one built into Pillow where the system has none."""
    path = _file(name, bold)
    if path is None:
        return ImageFont.load_default(pixels)
    return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=200_000)
def _ems(name: str, bold: bool, word: str) -> float:
    return float(font(name, bold, _EM).getlength(word)) / _EM


class FontFace:
    """Measures words with the font that will draw them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.space = _ems(name, False, " ")

    def width(self, word: str, bold: bool) -> float:
        return _ems(self.name, bold, word)


@lru_cache(maxsize=8)
def face_of(name: str) -> Face:
    """The drawable face of that name."""
    return FontFace(name)


def scanned_pages(document: SyntheticDocument, rng: random.Random) -> tuple[LabelledPage, ...]:
    """The document's pages drawn, damaged and labelled."""
    from data.synthesis.pages import as_page

    damage = pick_damage(rng)
    noisy = rng.random() < 0.4
    pages = []
    for number, sheet in enumerate(document.sheets):
        grey, words = scan(sheet, document.face, rng, damage)
        paper = sheet.width, sheet.height
        words = add_noise(rng, words, paper) if noisy else in_reading_order(words)
        source = "ocr" if noisy or damage.strength > 0 else "text"
        pages.append(as_page(document, number, words, source, grey))
    return tuple(pages)


def scan(
    sheet: Sheet, face: str, rng: random.Random, damage: Damage, long_side: int = LONG_SIDE
) -> tuple[GreyImage, list[Seen]]:
    """The sheet as a grey image and its words where the damaged page shows them."""
    scale = long_side / max(sheet.width, sheet.height)
    fine, inks = draw(sheet, face, scale * _FINER)
    size = round(sheet.width * scale), round(sheet.height * scale)
    small = cv2.resize(np.asarray(fine, dtype=np.uint8), size, interpolation=cv2.INTER_AREA)
    drawn = Image.fromarray(np.asarray(small, dtype=np.uint8))
    boxes = _ink_boxes(face, inks, scale)
    marks_on(drawn, boxes, rng, damage)
    turned, matrix = _turn(np.asarray(drawn, dtype=np.uint8), damage.angle)
    grey = spoil(turned, rng, damage)
    height, width = grey.shape
    words = [
        Seen(ink.text, _moved(box, matrix, width, height), ink.tag, ink.item)
        for ink, box in zip(inks, boxes, strict=True)
    ]
    return grey, words


def draw(sheet: Sheet, face: str, scale: float) -> tuple[Image.Image, list[Ink]]:
    """The clean page at `scale` pixels per point, and the words that lie on it."""
    width, height = round(sheet.width * scale), round(sheet.height * scale)
    page = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(page)
    for kind, left, top, right, bottom, grey, thickness in sheet.shapes:
        box = (left * scale, top * scale, right * scale, bottom * scale)
        if kind == "fill":
            pen.rectangle(box, fill=grey)
        elif kind == "frame":
            pen.rectangle(box, outline=grey, width=max(round(thickness * scale), 1))
        elif kind == "blob":
            pen.rounded_rectangle(box, radius=min(box[2] - box[0], box[3] - box[1]) / 3, fill=grey)
        else:
            pen.line(box, fill=grey, width=max(round(thickness * scale), 1))
    inks = []
    for ink in sheet.inks:
        inside = ink.left > -1 and ink.left + ink.width < sheet.width + 1
        if inside and 0 < ink.baseline < sheet.height:
            inks.append(ink)
            letters = font(face, ink.bold, max(round(ink.size * scale), 4))
            place = (ink.left * scale, ink.baseline * scale)
            pen.text(place, ink.text, fill=ink.grey, font=letters, anchor="ls")
    return page, inks


def _ink_boxes(
    face: str, inks: Sequence[Ink], scale: float
) -> list[tuple[float, float, float, float]]:
    """Boxes around what was drawn, in pixels of the small page."""
    boxes = []
    for ink in inks:
        pixels = max(round(ink.size * scale * _FINER), 4)
        left, top, right, bottom = (
            edge / _FINER for edge in _extent(face, ink.bold, pixels, ink.text)
        )
        x, y = ink.left * scale, ink.baseline * scale
        boxes.append((x + left, y + top, x + max(right, left + 1), y + max(bottom, top + 1)))
    return boxes


@lru_cache(maxsize=100_000)
def _extent(face: str, bold: bool, pixels: int, text: str) -> tuple[float, float, float, float]:
    return font(face, bold, pixels).getbbox(text, anchor="ls")


def _turn(grey: GreyImage, angle: float) -> tuple[GreyImage, npt.NDArray[np.float64]]:
    """The page turned about its middle by `angle` degrees, and the matrix that did it."""
    height, width = grey.shape
    matrix = np.asarray(
        cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), dtype=np.float64
    )
    if math.isclose(angle, 0.0):
        return grey.copy(), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    turned = cv2.warpAffine(grey, matrix, (width, height), borderValue=255)
    return np.asarray(turned, dtype=np.uint8), matrix


def _moved(
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
