"""Scan damage in fixed amounts: pen strokes, then blur, noise, fax and JPEG (`Damage`).

The damage levels of the evaluation rest on this, so its effect on a page never changes. Training
pages are damaged in more ways (`data.synthesis.paper.conditions`).
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from data.records import GreyImage

Pixels = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Damage:
    """The damage of one document's scan; `strength` 0 is a clean rendering. `angle` in degrees."""

    strength: float
    angle: float = 0.0
    blur: float = 0.0  # sigma in pixels
    noise: float = 0.0  # sigma in grey levels
    jpeg: int = 0  # quality, 0 = none
    contrast: float = 1.0
    fax: bool = False
    marks: int = 0  # stamps, strokes and signatures


NO_DAMAGE = Damage(0.0)


def light_damage(rng: random.Random) -> Damage:
    """The damage of a good office scanner: little skew, faint noise, JPEG."""
    return Damage(0.2, angle=rng.uniform(-0.4, 0.4), blur=0.4, noise=4.0, jpeg=75, contrast=0.97)


def draw_marks(
    page: Image.Image, boxes: Sequence[Pixels], rng: random.Random, damage: Damage
) -> None:
    """Draw stamps, pen strokes, ticks and signatures over the page."""
    pen = ImageDraw.Draw(page)
    width, height = page.size
    for _ in range(damage.marks):
        kind = rng.choice(("stamp", "stroke", "ring", "tick", "signature", "hole"))
        x, y = rng.uniform(0.05, 0.8) * width, rng.uniform(0.05, 0.9) * height
        if boxes and rng.random() < 0.5:
            x, y = rng.choice(boxes)[:2]
        grey = rng.randint(0, 150)
        if kind == "stamp":
            _stamp(page, rng, (x, y), grey)
        elif kind == "ring":
            wide = rng.uniform(30, 120)
            pen.ellipse((x, y, x + wide, y + wide * rng.uniform(0.4, 1)), outline=grey, width=2)
        elif kind == "tick":
            pen.line((x, y, x + 5, y + 8, x + 16, y - 10), fill=grey, width=2)
        elif kind == "hole":
            pen.ellipse((4, y, 24, y + 20), fill=rng.randint(0, 80))
        else:
            _scribble(pen, rng, (x, y), grey, 4 if kind == "stroke" else 14)


def _stamp(page: Image.Image, rng: random.Random, corner: tuple[float, float], grey: int) -> None:
    text = rng.choice(("PAID", "RECEIVED", "COPY", "APPROVED", "DUPLICATE", "Bezahlt", "EINGANG"))
    size = rng.randint(16, 60)
    stamp = Image.new("L", (size * 6, size * 2), 0)
    pen = ImageDraw.Draw(stamp)
    pen.text((size * 0.4, size * 0.3), text, fill=255, font=ImageFont.load_default(size))
    if rng.random() < 0.6:
        pen.rectangle((2, 2, size * 6 - 3, size * 2 - 3), outline=255, width=3)
    turned = stamp.rotate(rng.uniform(-25, 25), expand=True)
    veil = turned.point(lambda value: int(value * 0.55))
    page.paste(grey, (int(corner[0]), int(corner[1])), veil)


def _scribble(
    pen: ImageDraw.ImageDraw, rng: random.Random, start: tuple[float, float], grey: int, turns: int
) -> None:
    x, y = start
    points = [(x, y)]
    for step in range(turns):
        x += rng.uniform(2, 14)
        y += rng.gauss(0, 9) * math.cos(step)
        points.append((x, y))
    pen.line(points, fill=grey, width=rng.choice((1, 2, 3)), joint="curve")


def spoil(grey: GreyImage, rng: random.Random, damage: Damage) -> GreyImage:
    """The page after contrast, blur, noise, fax threshold and JPEG; geometry is untouched."""
    if damage.strength == 0:
        return grey
    page = grey.astype(np.float32)
    if damage.blur > 0.15:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), damage.blur), dtype=np.float32)
    page = 255 - (255 - page) * damage.contrast - (1 - min(damage.contrast, 1.0)) * 40
    if damage.noise > 0.5:
        grain = np.random.default_rng(rng.getrandbits(32))
        page += grain.standard_normal(page.shape, dtype=np.float32) * damage.noise
    spoiled = np.clip(page, 0, 255).astype(np.uint8)
    if damage.fax:
        spoiled = np.where(spoiled > 150, 255, 0).astype(np.uint8)
    if damage.jpeg:
        _, coded = cv2.imencode(".jpg", spoiled, [cv2.IMWRITE_JPEG_QUALITY, damage.jpeg])
        spoiled = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return spoiled
