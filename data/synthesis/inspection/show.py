"""Draws a labelled page for people: words in boxes coloured by tag, items tinted."""

import colorsys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from data.labels import HEADER_TAGS, LINE_TAGS
from data.records import LabelledPage
from data.synthesis.pages import labelled_pages
from data.synthesis.paper.rendering import font

Colour = tuple[int, int, int]

_COLOURS: dict[str, Colour] = {
    "column_header": (120, 120, 120),
    "subtotal_row": (110, 60, 60),
    "line_number": (150, 90, 0),
    "description": (0, 110, 240),
    "product_code": (0, 160, 170),
    "quantity": (0, 150, 0),
    "unit": (120, 180, 0),
    "unit_price": (255, 140, 0),
    "amount": (225, 0, 0),
}
_TINTS: tuple[Colour, ...] = (
    (255, 236, 179), (200, 230, 255), (214, 245, 214), (255, 215, 225), (230, 220, 255),
)  # fmt: skip
_NUMBERED = (90, 60, 0)
_DRAWN = 1400  # pixels of the long side of a page that has no image


def tag_colour(tag: str) -> Colour:
    """The colour of a tag, the same in every picture."""
    if tag in _COLOURS:
        return _COLOURS[tag]
    names = LINE_TAGS + HEADER_TAGS
    hue = 0.45 + 0.5 * names.index(tag) / len(names) if tag in names else 0.0
    red, green, blue = colorsys.hls_to_rgb(hue, 0.42, 0.75)
    return round(255 * red), round(255 * green), round(255 * blue)


def draw_page(
    labelled: LabelledPage, room: tuple[int, int] | None = None, *, tags: bool = True
) -> Image.Image:
    """Draw the page in colour, no larger than `room` (width, height in px; None: full size).

    A page without an image is drawn from its words alone, each in its box, so that misread and
    misplaced words can be seen. `tags` draws the boxes and the item numbers.
    """
    size = _size(labelled, room)
    grey = labelled.page.image
    if grey is None:
        page = Image.new("RGB", size, "white")
    else:
        page = Image.fromarray(grey).convert("RGB").resize(size, Image.Resampling.LANCZOS)
    if tags:
        _tint_items(page, labelled)
    pen = ImageDraw.Draw(page)
    if grey is None:
        _write_words(pen, labelled, size)
    if tags:
        _mark_words(pen, labelled, size)
    return page


def show(path: Path, seed: int, index: int, *, image: bool = True) -> None:
    """Write the document's pages side by side, full size, with a legend of the colours."""
    pages = [draw_page(page) for page in labelled_pages(seed, index, image=image)]
    used = {tag for page in labelled_pages(seed, index, image=image) for tag in page.tags}
    width = sum(page.width for page in pages)
    below = draw_legend(sorted(used), width)
    height = max(page.height for page in pages)
    sheet = Image.new("RGB", (width, height + below.height), "white")
    x = 0
    for page in pages:
        sheet.paste(page, (x, 0))
        x += page.width
    sheet.paste(below, (0, height))
    sheet.save(path)


def draw_legend(tags: Sequence[str], width: int) -> Image.Image:
    """Draw the tags in their colours, in as many lines as that width needs."""
    letters = font("sans", False, 16)
    places: list[tuple[int, int, str]] = []
    x, y = 12, 8
    for tag in (tag for tag in tags if tag != "other"):
        wide = round(letters.getlength(tag)) + 44
        if x > 12 and x + wide > width:
            x, y = 12, y + 26
        places.append((x, y, tag))
        x += wide
    strip = Image.new("RGB", (width, y + 30), "white")
    pen = ImageDraw.Draw(strip)
    for left, top, tag in places:
        pen.rectangle((left, top + 2, left + 16, top + 18), fill=tag_colour(tag))
        pen.text((left + 22, top + 16), tag, fill="black", font=letters, anchor="ls")
    return strip


def _size(labelled: LabelledPage, room: tuple[int, int] | None) -> tuple[int, int]:
    grey, aspect = labelled.page.image, labelled.page.upright_aspect
    if grey is not None:
        width, height = float(grey.shape[1]), float(grey.shape[0])
    else:
        width, height = _DRAWN * min(aspect, 1.0), _DRAWN * min(1 / aspect, 1.0)
    shrink = 1.0 if room is None else min(room[0] / width, room[1] / height, 1.0)
    return max(round(width * shrink), 1), max(round(height * shrink), 1)


def _tint_items(page: Image.Image, labelled: LabelledPage) -> None:
    """Lay a light colour behind the words of each item, so that items can be distinguished."""
    width, height = page.size
    veil = Image.new("RGB", page.size, "white")
    pen = ImageDraw.Draw(veil)
    for word, item in zip(labelled.page.words, labelled.items, strict=True):
        if item >= 0:
            box = word.box
            edges = (box.left * width - 2, box.top * height - 1,
                     box.right * width + 2, box.bottom * height + 1)  # fmt: skip
            pen.rectangle(edges, fill=_TINTS[item % len(_TINTS)])
    page.paste(ImageChops.multiply(page, veil))


def _write_words(pen: ImageDraw.ImageDraw, labelled: LabelledPage, size: tuple[int, int]) -> None:
    """Write each word as large as its box allows."""
    width, height = size
    for word in labelled.page.words:
        box = word.box
        pixels = max(round(box.height * height), 5)
        wide = font("sans", False, pixels).getlength(word.text)
        if wide > box.width * width > 0:
            pixels = max(round(pixels * box.width * width / wide), 5)
        place = (box.left * width, box.center[1] * height)
        letters = font("sans", False, pixels)
        pen.text(place, word.text, fill=(40, 40, 40), font=letters, anchor="lm")


def _mark_words(pen: ImageDraw.ImageDraw, labelled: LabelledPage, size: tuple[int, int]) -> None:
    """Draw a frame around each tagged word, and each item's number before its first word."""
    width, height = size
    letters = font("sans", True, 11)
    numbered = set()
    for word, tag, item in zip(labelled.page.words, labelled.tags, labelled.items, strict=True):
        if tag == "other":
            continue
        box = word.box
        edges = (box.left * width, box.top * height, box.right * width, box.bottom * height)
        pen.rectangle(edges, outline=tag_colour(tag), width=1)
        if item >= 0 and item not in numbered:
            numbered.add(item)
            place = (max(edges[0] - 3, 14), (edges[1] + edges[3]) / 2)
            pen.text(place, str(item), fill=_NUMBERED, font=letters, anchor="rm")
