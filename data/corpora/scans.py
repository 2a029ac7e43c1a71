"""Simulated scans at two damage levels: pages as an office scanner delivers them, read by OCR.

A page is rendered at the scanner's resolution, laid on the glass, shaded, and spoiled; what comes
out is a JPEG (a fax: a PNG in black and white) that goes through the reader's front door. The same
content, page and level always give the same bytes: everything is drawn from one seed, what belongs
to the scanner and the sheets once a document, how the sheet lies once a page.

| | light: a good scanner | heavy: a bad one, still legible |
|---|---|---|
| resolution | 200 dpi | 150 dpi; 3 documents of 10 resampled from 110 to 135 dpi |
| skew | up to 0.4 degrees | up to 1.5 degrees |
| size of the sheet on the scan | .985 to 1 | .965 to .99, the rest is margin |
| margin | white lid, thin shadow | 1 in 3 a dark lid, else grey; wide shadow |
| paper that does not lie flat | - | waves up to .05 % of the long side (1 px) |
| fold shadow | 3 in 10, takes 2 to 5 % of the light | 6 in 10, takes 10 to 30 % |
| light falling off to one side | up to 2 % | 5 to 15 % |
| blur (sigma) | .4 px | .45 to .75 px |
| noise (sigma) | 4 grey levels | 6 to 13 grey levels |
| contrast | .97 | .75 to .92 |
| fax threshold | - | 3 documents of 20 |
| JPEG quality | 75 | 40 |

An image has no size on paper. It keeps its pixels, up to those of an A4 sheet at that resolution.
"""

import hashlib
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal, cast

import cv2
import numpy as np
import numpy.typing as npt

from data.corpora.damage import Damage, light_damage, spoil
from data.pages.attachments import (
    Attachment,
    AttachmentError,
    CorruptDocument,
    open_attachment,
    open_attachment_file,
    render_page,
)
from data.pages.ocr import MAX_LONG_SIDE
from data.pages.orientation import compose_maps
from data.pages.words import read_page
from data.records import Affine, GreyImage, Page

DamageLevel = Literal["none", "light", "heavy"]
DPI = {"light": 200, "heavy": 150}

_A4_LONG_SIDE_INCHES = 11.69
_MIN_SIDE_PX = 16  # resampling leaves smaller images alone

Pixels = npt.NDArray[np.float32]  # (height, width)


@dataclass(frozen=True, slots=True)
class Scanner:
    """The scanner of one document and the folds of its sheets, the same on all of its pages.

    `coarse` is the resolution that the scan was resampled from, as a fraction of its own (1: not).
    `fade` is the share of the light lost at the darker side, `fold_depth` in a fold; `folds` are
    heights on the page (0..1). `lid` is the grey level beside the sheet, `shadow` the share of the
    light lost at the sheet's edge and `shadow_width` its reach in fractions of the long side.
    """

    level: DamageLevel
    coarse: float
    fade: float
    dark_side: Literal["left", "right", "top", "bottom"]
    folds: tuple[float, ...]
    fold_depth: float
    lid: int
    shadow: float
    shadow_width: float
    fax: bool


@dataclass(frozen=True, slots=True)
class Lay:
    """The position of one sheet on the scanner's glass.

    The sheet is turned clockwise by `angle` degrees about its middle and drawn `scale` as large,
    then moved by `shift` (fractions of width and height). `wave` is the height of the paper's waves
    in fractions of the long side, `phases` where the two begin.
    """

    angle: float
    scale: float
    shift: tuple[float, float]
    wave: float
    phases: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned page: the file that the scanner sends, and its map back to the undamaged page.

    `to_page` maps fractions of the scan to those of the page; waves in the paper are left out.
    """

    content: bytes
    to_page: Affine


def scan_pages(
    path: Path, level: DamageLevel, *, images: bool = True, second_reading: bool = True
) -> Iterator[Page]:
    """Yield the pages of the file, each damaged and read by OCR as the caller comes to it.

    Page numbers, sizes and polygons are those of the undamaged file. A page that cannot be rendered
    comes without words, as from `words.read_pages`. Raises `AttachmentError` for a file that cannot
    be opened, `ValueError` for the level "none".
    """
    _require_damage(level, path.name)
    attachment = open_attachment_file(path)
    for number in range(attachment.page_count):
        width, height = attachment.page_sizes[number]
        try:
            scan = scan_page(attachment, number, level)
            scanned = open_attachment(scan.content, f"{path.name}, scanned page {number + 1}")
        except AttachmentError as error:
            yield Page(number, width, height, (), "none", f"{error.code}: {error}")
            continue
        page = read_page(scanned, 0, source="ocr", images=images, second_reading=second_reading)
        to_page = compose_maps(scan.to_page, page.to_page)
        yield replace(page, number=number, width=width, height=height, to_page=to_page)


def scan_page(
    attachment: Attachment,
    number: int,
    level: DamageLevel,
    *,
    file: IO[bytes] | None = None,
    dpi: int | None = None,
) -> Scan:
    """The scan of page `number` (from 0) at a damage level.

    `file` as in `attachments.render_page`; `dpi` replaces the level's own resolution. Raises
    `AttachmentError` when the page cannot be rendered, `ValueError` for the level "none".
    """
    _require_damage(level, attachment.name)
    clean = render_page(
        attachment, number, _long_side(attachment, number, dpi or DPI[level]), file=file
    )
    seed = f"{hashlib.sha256(attachment.content).hexdigest()} {level}"
    scanner = pick_scanner(random.Random(seed), level)
    rng = random.Random(f"{seed} {number}")
    damage, lay = pick_page(rng, scanner)
    to_page = scan_to_sheet(lay, clean.shape[1] / clean.shape[0])
    laid = _resample(lay_on_glass(clean, lay, scanner), scanner.coarse)
    spoiled = spoil(laid, rng, replace(damage, jpeg=0, fax=scanner.fax))
    # Coded once, here: the file is the scanner's own; a fax is never a JPEG
    quality = [] if scanner.fax else [cv2.IMWRITE_JPEG_QUALITY, damage.jpeg]
    done, content = cv2.imencode(".png" if scanner.fax else ".jpg", spoiled, quality)
    if not done:
        raise CorruptDocument(f"{attachment.name}: page {number + 1} cannot be coded as an image")
    return Scan(content.tobytes(), to_page)


def _require_damage(level: DamageLevel, name: str) -> None:
    if level not in DPI:
        raise ValueError(f"{name}: a scan needs the damage light or heavy, got {level!r}")


def _long_side(attachment: Attachment, number: int, dpi: int) -> int:
    inches = _A4_LONG_SIDE_INCHES
    if attachment.kind == "pdf":
        inches = max(attachment.page_sizes[number]) / 72
    return max(min(round(inches * dpi), MAX_LONG_SIDE), 1)


def pick_scanner(rng: random.Random, level: DamageLevel) -> Scanner:
    """Draw the scanner of one document and the folds of its sheets."""
    heavy = level == "heavy"
    third = rng.uniform(0.31, 0.35)
    creased = rng.random() < (0.6 if heavy else 0.3)
    folds = rng.choice(((third, 2 * third), (rng.uniform(0.48, 0.52),))) if creased else ()
    dark_lid = heavy and rng.random() < 1 / 3
    lid = rng.randint(20, 70) if dark_lid else rng.randint(190, 235) if heavy else 250
    return Scanner(
        level=level,
        coarse=rng.uniform(110, 135) / DPI["heavy"] if heavy and rng.random() < 0.3 else 1.0,
        fade=rng.uniform(0.05, 0.15) if heavy else rng.uniform(0.0, 0.02),
        dark_side=rng.choice(("left", "right", "top", "bottom")),
        folds=folds,
        fold_depth=rng.uniform(0.10, 0.30) if heavy else rng.uniform(0.02, 0.05),
        lid=lid,
        shadow=rng.uniform(0.3, 0.6) if heavy else rng.uniform(0.05, 0.2),
        shadow_width=0.004 if heavy else 0.0012,
        fax=heavy and rng.random() < 0.15,
    )


def pick_page(rng: random.Random, scanner: Scanner) -> tuple[Damage, Lay]:
    """Draw the damage that the sensor does to one page, and the position of its sheet."""
    if scanner.level == "light":
        damage = light_damage(rng)
        scale, wave = rng.uniform(0.985, 1.0), 0.0
    else:
        damage = Damage(
            strength=0.9,
            angle=max(min(rng.gauss(0, 0.8), 1.5), -1.5),
            blur=rng.uniform(0.45, 0.75),
            noise=rng.uniform(6, 13),
            jpeg=40,
            contrast=rng.uniform(0.75, 0.92),
        )
        scale, wave = rng.uniform(0.965, 0.99), rng.uniform(0.0, 0.0005)
    room = (1 - scale) / 2
    shift = rng.uniform(-room, room), rng.uniform(-room, room)
    phases = rng.uniform(0, math.tau), rng.uniform(0, math.tau)
    return damage, Lay(damage.angle, scale, shift, wave, phases)


def scan_to_sheet(lay: Lay, aspect: float) -> Affine:
    """The map from fractions of the scan to fractions of a sheet of that width over height."""
    cos = math.cos(math.radians(lay.angle)) / lay.scale
    sin = math.sin(math.radians(lay.angle)) / lay.scale
    x, y = 0.5 + lay.shift[0], 0.5 + lay.shift[1]  # where the sheet's middle lies
    right, down = sin / aspect, sin * aspect
    return (cos, right, 0.5 - cos * x - right * y, -down, cos, 0.5 + down * x - cos * y)


def lay_on_glass(clean: GreyImage, lay: Lay, scanner: Scanner) -> GreyImage:
    """The sheet turned, moved and waved on the glass, with its shadows; same size as `clean`."""
    height, width = clean.shape
    a, b, c, d, e, f = scan_to_sheet(lay, width / height)
    u = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None, :]
    v = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    wave, (first, second) = lay.wave * max(width, height), lay.phases
    # Where on the sheet each pixel of the scan looks, in pixels of the sheet
    x = (a * u + b * v + c) * width + wave * np.sin(math.tau * 1.5 * v + first)
    y = (d * u + e * v + f) * height + wave * np.sin(math.tau * 2.0 * u + second)
    x, y = x.astype(np.float32), y.astype(np.float32)
    laid = cv2.remap(
        clean, x - 0.5, y - 0.5, cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT, borderValue=scanner.lid,
    )  # fmt: skip
    light = _edge_light(x, y, clean, scanner) * _fold_light(y / height, scanner)
    light *= _falling_light(u, v, scanner)
    return np.clip(laid * light, 0, 255).astype(np.uint8)


def _edge_light(x: Pixels, y: Pixels, sheet: GreyImage, scanner: Scanner) -> Pixels:
    """The light left at and beyond the edge of the sheet; `x`, `y` in pixels of the sheet."""
    height, width = sheet.shape
    beyond = np.maximum(np.maximum(-x, x - width), np.maximum(-y, y - height))
    reach = max(scanner.shadow_width * max(width, height), 1.0)
    # The sheet itself is lit: the shadow falls on the lid
    beyond = np.where(beyond < 0, 2 * beyond, beyond) / reach
    return cast(Pixels, 1 - scanner.shadow * np.exp(-0.5 * beyond**2))


def _fold_light(v: Pixels, scanner: Scanner) -> Pixels:
    """The light left around the folds; `v` is the height on the sheet, 0..1."""
    light = np.ones_like(v)
    for fold in scanner.folds:
        away = (v - fold) / 0.006
        # One side of a crease turns away from the lamp, the other a little towards it
        dark = np.exp(-0.5 * away**2) * np.exp(-np.maximum(away, 0))
        bright = np.exp(-0.5 * (away - 1.5) ** 2)
        light -= scanner.fold_depth * (dark - 0.25 * bright)
    return light


def _falling_light(u: Pixels, v: Pixels, scanner: Scanner) -> Pixels:
    """The light left as it falls off towards the darker side of the scan."""
    along = {"left": 1 - u, "right": u, "top": 1 - v, "bottom": v}[scanner.dark_side]
    return cast(Pixels, 1 - scanner.fade * along**2)


def _resample(page: GreyImage, coarse: float) -> GreyImage:
    """The page brought to `coarse` times its resolution and back to its size."""
    height, width = page.shape
    if coarse >= 1 or min(height, width) < _MIN_SIDE_PX:
        return page
    small = cv2.resize(
        page, (round(width * coarse), round(height * coarse)), interpolation=cv2.INTER_AREA
    )
    return cast(GreyImage, cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))
