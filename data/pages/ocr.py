"""OCR by Tesseract: the words of an upright page image, with boxes in fractions of that image."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from data.pages.attachments import OcrFailed, OcrTimeout
from data.pages.sandbox import MIB, Bounds, MissingProgram, run_task
from data.records import Box, GreyImage, Word

# Each language costs time: mean of 7 sheets with one, these three and five languages 1.5, 2.1 and
# 2.4 s; of 4 receipts 0.7, 1.4 and 2.1 s. Amounts found on 10 receipts: 19, 18 and 20 of 25, too
# few to tell them apart. Spanish and Italian, close to French in letters, are read when asked.
LANGUAGES = ("eng", "deu", "fra")
FULL_PAGE, ONE_BLOCK = 3, 6  # Tesseract's page segmentation modes
# Letters this large relative to the page's width mean a till receipt, about 45 letters across
# (measured: 21 of 23 receipts lie above .028, all of 62 sheets below .016).
RECEIPT_TEXT_HEIGHT = 0.022
# 18 receipts, amounts found of 30 and CPU seconds a page: as delivered 24, 1.03; 1200 px wide 25,
# 1.14; 1600 px 24, 1.39.
RECEIPT_WIDTH_PX = 1200
MAX_LONG_SIDE = 3500  # px; an A4 sheet at 300 dpi
_MAX_ENLARGEMENT = 3.0
_MEMORY_BYTES = 2048 * MIB
_TESSDATA = (  # where packages put trained data: Debian, Arch, Fedora, Homebrew
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
    "/opt/homebrew/share/tessdata",
    "/usr/local/share/tessdata",
)
# Rules are longer than this share of the page and than any letter, and thinner than that.
_RULE_SHARE_OF_HEIGHT = 40
_RULE_SHARE_OF_WIDTH = 25
_MIN_RULE_PX = 40
_MAX_RULE_THICKNESS_PX = 9


@dataclass(frozen=True, slots=True)
class Preparation:
    """Settings for one page in Tesseract: segmentation mode, enlargement, and the reason."""

    mode: int
    scale: float
    reason: str


def choose_preparation(image: GreyImage, text_height: float | None) -> Preparation:
    """Return mode and scale for an upright page whose letters are `text_height` of its width."""
    height, width = image.shape
    if text_height is not None and text_height > RECEIPT_TEXT_HEIGHT:
        room = min(_MAX_ENLARGEMENT, 2 * MAX_LONG_SIDE / max(height, width))
        scale = min(max(RECEIPT_WIDTH_PX / width, 1.0), max(room, 1.0))
        return Preparation(
            ONE_BLOCK,
            scale,
            f"letters {text_height:.1%} of the width: receipt, one block, scaled by {scale:.2f}",
        )
    shown = "no letter size" if text_height is None else f"letters {text_height:.1%} of the width"
    return Preparation(FULL_PAGE, 1.0, f"{shown}: sheet, page segmentation")


def remove_rules(image: GreyImage) -> GreyImage:
    """Return the page without the rules of tables, forms and boxes, which OCR reads as letters.

    Tesseract reads "1.0|Normal" and "$25.00]" in a ruled table. Removed are dark, thin lines that
    are longer than letters are tall; dark areas stay, since white letters may be on them.
    """
    height, width = image.shape
    # Darker than most of the page by a quarter: rules are often printed grey
    dark = (image < 0.75 * float(np.median(image))).astype(np.uint8)
    upright = _morphological_opening(dark, 1, max(height // _RULE_SHARE_OF_HEIGHT, _MIN_RULE_PX))
    level = _morphological_opening(dark, max(width // _RULE_SHARE_OF_WIDTH, _MIN_RULE_PX), 1)
    rules: GreyImage = upright | level
    if not rules.any():
        return image
    # A rule's grey edge goes with it
    rules = cast(GreyImage, cv2.dilate(rules, np.ones((3, 3), dtype=np.uint8)))
    areas = _morphological_opening(dark, _MAX_RULE_THICKNESS_PX, _MAX_RULE_THICKNESS_PX)
    rules[cv2.dilate(areas, np.ones((3, 3), dtype=np.uint8)) > 0] = 0
    cleaned = image.copy()
    cleaned[rules > 0] = 255
    return cleaned


def _morphological_opening(dark: GreyImage, width: int, height: int) -> GreyImage:
    """Return the dark pixels that a brush of that size can cover."""
    brush = np.ones((height, width), dtype=np.uint8)
    return cast(GreyImage, cv2.morphologyEx(dark, cv2.MORPH_OPEN, brush))


def recognise(
    image: GreyImage,
    timeout_s: float,
    preparation: Preparation,
    languages: Sequence[str] = LANGUAGES,
) -> tuple[Word, ...]:
    """Return the words in Tesseract's order, confidence 0..1; raise `OcrTimeout` or `OcrFailed`."""
    if preparation.scale > 1:
        image = cast(
            GreyImage,
            cv2.resize(
                image,
                None,
                fx=preparation.scale,
                fy=preparation.scale,
                interpolation=cv2.INTER_CUBIC,
            ),
        )
    image = remove_rules(image)
    height, width = image.shape
    table = _run_tesseract(image, timeout_s, preparation.mode, languages)
    return tuple(_words(table, width, height))


def installed_languages() -> tuple[str | None, frozenset[str]]:
    """Return the folder of Tesseract's trained data and the languages in it."""
    configured_folder = os.environ.get("TESSDATA_PREFIX")
    for folder in map(Path, (*((configured_folder,) if configured_folder else ()), *_TESSDATA)):
        languages = frozenset(path.stem for path in folder.glob("*.traineddata"))
        if languages:
            return str(folder), languages
    return None, frozenset()


def _run_tesseract(image: GreyImage, timeout_s: float, mode: int, languages: Sequence[str]) -> str:
    folder, installed = installed_languages()
    absent = [language for language in languages if language not in installed]
    if absent:
        packages = ", ".join(f"tesseract-ocr-{language}" for language in absent)
        raise MissingProgram(
            f"Tesseract's trained data for {', '.join(absent)} was not found in"
            f" {folder or ' or '.join(_TESSDATA)}; install it (Debian: {packages}) or set"
            " TESSDATA_PREFIX to its folder"
        )
    height, width = image.shape
    arguments = {
        "width": width,
        "height": height,
        "mode": mode,
        "languages": "+".join(languages),
        "tessdata": folder,
    }
    with tempfile.TemporaryFile() as file:
        file.write(image.tobytes())
        outcome, _ = run_task(
            "data.pages.tesseract", arguments, Bounds(timeout_s, _MEMORY_BYTES), file
        )
    if outcome.stopped == "time":
        raise OcrTimeout(
            f"Tesseract took over {timeout_s:g} s; scan the page in black and white at 300 dpi"
        )
    if outcome.stopped is not None or outcome.status != 0:
        messages = outcome.stderr.strip().splitlines()
        raise OcrFailed(
            f"Tesseract ended with status {outcome.status},"
            f" {outcome.stopped or 'no'} limit exceeded"
            f" ({messages[-1][:160] if messages else 'no reason given'});"
            " send the page again at 300 dpi"
        )
    return outcome.stdout.decode("utf-8", "replace")


def _words(table: str, width: int, height: int) -> list[Word]:
    """Return the words in the level-5 rows of Tesseract's TSV output."""
    words = []
    for row in table.split("\n"):
        cells = row.split("\t", 11)
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, wide, tall = (int(cell) for cell in cells[6:10])
        box = Box.clamped(left / width, top / height, (left + wide) / width, (top + tall) / height)
        words.append(Word(cells[11].strip(), box, min(max(float(cells[10]) / 100, 0.0), 1.0)))
    return words


def certainty(words: Sequence[Word]) -> float:
    """Return the mean confidence 0..1 of the words, weighted by letters and digits; 0 for none."""
    weights = [sum(c.isalnum() for c in word.text) for word in words]
    total = sum(weights)
    if not total:
        return 0.0
    pairs = zip(words, weights, strict=True)
    return sum((word.confidence or 0.0) * weight for word, weight in pairs) / total
