"""Prints, scans and reads synthetic pages by Tesseract, exactly as the service reads a scan.

Needs Tesseract and the reader of the service, both imported when a page is read: the rest of this
module runs without them.
"""

import logging
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import cv2
import numpy as np

from data.records import IDENTITY, Affine, Box, GreyImage, Page
from data.synthesis.layouts.documents import SyntheticDocument, make_document
from data.synthesis.ocr_fitting.shards import ReadPage, write_shard
from data.synthesis.ocr_noise.noise import TaggedWord
from data.synthesis.paper import rendering
from data.synthesis.paper.conditions import CLEAN, Condition, pick_condition

log = logging.getLogger(__name__)

# The damage of a page: none, the two scanners of the evaluation, the generator's own damage
Scanner = Literal["clean", "light", "heavy", "paper"]
SCANNERS: tuple[Scanner, ...] = ("clean", "light", "heavy", "paper")
_ODDS = (10, 36, 30, 24)
_DPI = {"clean": (200, 300), "light": (200,), "heavy": (150,), "paper": (150, 200, 200)}
_TILL_DPI = (110, 220)  # photographs and scans of tills have no usual resolution
_SHARD = 20  # pages a file


class _Print(NamedTuple):
    """A page to be read: the image file, its words, and the map from the file to their page."""

    content: bytes
    words: Sequence[TaggedWord]
    to_words: Affine


def write_read_pages(folder: Path, count: int, seed: int) -> None:
    """Write `count` pages read by Tesseract into `folder`, a shard of 20 at a time.

    Existing shards are kept: an interrupted run continues where it stopped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, count, _SHARD):
        path = folder / f"read-{seed}-{start:06d}.jsonl.gz"
        if path.exists():
            continue
        indices = range(start, min(start + _SHARD, count))
        pages = [read_synthetic(seed, index) for index in indices]
        write_shard(path, [page for page in pages if page is not None])
        log.info("%s of %s pages read", indices.stop, count)


def read_synthetic_pages(count: int, seed: int) -> Iterator[ReadPage]:
    """Yield pages as Tesseract reads them; pages that it turned the wrong way are left out."""
    for index in range(count):
        page = read_synthetic(seed, index)
        if page is not None:
            yield page


def read_synthetic(seed: int, index: int) -> ReadPage | None:
    """Read one page of one synthetic document; None where the reader turned it the wrong way."""
    from data.pages.attachments import open_attachment
    from data.pages.words import read_page

    rng = random.Random(f"read {seed}/{index}")
    document = make_document(rng, rendering.face_of)
    number = rng.randrange(len(document.sheets))
    scanner = rng.choices(SCANNERS, _ODDS)[0]
    print_ = _print_page(document, number, scanner, rng)
    attachment = open_attachment(print_.content, "page")
    page = read_page(attachment, 0, source="ocr", images=False, second_reading=False)
    if page.rotation or page.words_source == "none":
        return None
    return _make_read_page(document, number, scanner, print_, page)


def _print_page(
    document: SyntheticDocument, number: int, scanner: Scanner, rng: random.Random
) -> _Print:
    from data.corpora.scans import scan_page
    from data.pages.attachments import open_attachment

    sheet = document.sheets[number]
    dpi = rng.randint(*_TILL_DPI) if document.family == "till" else rng.choice(_DPI[scanner])
    long_side = round(max(sheet.width, sheet.height) / 72 * dpi)
    condition = _bad_condition(rng, document) if scanner == "paper" else CLEAN
    grey, words = rendering.scan(sheet, document.face, rng, condition, long_side)
    content = _png(grey)
    if scanner in ("light", "heavy"):
        scan = scan_page(open_attachment(content, "page"), 0, scanner)
        return _Print(scan.content, words, scan.to_page)
    return _Print(content, words, IDENTITY)


def _bad_condition(rng: random.Random, document: SyntheticDocument) -> Condition:
    fixed, till = document.face == "mono", document.family == "till"
    while (condition := pick_condition(rng, fixed_pitch=fixed, till=till)) == CLEAN:
        pass
    return condition


def _png(grey: GreyImage) -> bytes:
    done, content = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not done:
        raise ValueError(f"a page of {grey.shape} cannot be coded as PNG")
    return content.tobytes()


def _make_read_page(
    document: SyntheticDocument, number: int, scanner: Scanner, print_: _Print, page: Page
) -> ReadPage:
    """Make the page's record: printed words on the upright page, read words tagged by them."""
    from data.pages.orientation import compose_maps

    there = compose_maps(print_.to_words, page.to_page)
    printed = [word._replace(box=_map_back(there, word.box)) for word in print_.words]
    read = [TaggedWord(word.text, word.box, "other", -1, word.confidence) for word in page.words]
    sheet = document.sheets[number]
    tall = sheet.height / sheet.width
    skew = float(np.degrees(np.arctan2(-there[3] * tall, there[0])))
    return ReadPage(
        document.document_type,
        document.family,
        number,
        scanner,
        sheet.width,
        sheet.height,
        round(skew, 3),
        tuple(tag_read_words(read, printed)),
        tuple(printed),
    )


def _map_back(affine: Affine, box: Box) -> Box:
    """Map the box against the direction of `affine`; return the rectangle around it."""
    a, b, c, d, e, f = affine
    turned = np.linalg.inv(np.array([[a, b, c], [d, e, f], [0, 0, 1]]))
    xs, ys = (box.left, box.right), (box.top, box.bottom)
    corners = np.array([[x, y, 1.0] for x in xs for y in ys]) @ turned.T
    (left, top), (right, bottom) = corners[:, :2].min(axis=0), corners[:, :2].max(axis=0)
    return Box.clamped(float(left), float(top), float(right), float(bottom))


def tag_read_words(read: Sequence[TaggedWord], printed: Sequence[TaggedWord]) -> list[TaggedWord]:
    """Tag the read words with tag and item of the printed word that covers most of each.

    A word read where nothing is printed is "other".
    """
    if not printed:
        return list(read)
    edges = np.array([[w.box.left, w.box.top, w.box.right, w.box.bottom] for w in printed])
    areas = (edges[:, 2] - edges[:, 0]) * (edges[:, 3] - edges[:, 1])
    tagged_words = []
    for word in read:
        box = word.box
        wide = np.minimum(edges[:, 2], box.right) - np.maximum(edges[:, 0], box.left)
        tall = np.minimum(edges[:, 3], box.bottom) - np.maximum(edges[:, 1], box.top)
        shared = np.clip(wide, 0, None) * np.clip(tall, 0, None)
        smaller = np.minimum(areas, max(box.width * box.height, 1e-12))
        near = np.flatnonzero(shared > 0.3 * smaller).tolist()
        # A box that wrongly covers its neighbours still has the text of one printed word
        same = [place for place in near if printed[place].text == word.text]
        if near:
            best = printed[same[0] if len(same) == 1 else max(near, key=lambda n: shared[n])]
            word = word._replace(tag=best.tag, item=best.item, place=best.place)
        tagged_words.append(word)
    return tagged_words
