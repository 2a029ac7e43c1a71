"""A page with its tags in colour, for people who look at what the generator makes."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from data.labels import HEADER_TAGS, LINE_TAGS
from data.synthesis.pages import labelled_pages

_COLOURS = {
    "line_number": (150, 90, 0),
    "description": (0, 120, 255),
    "product_code": (0, 170, 170),
    "quantity": (0, 160, 0),
    "unit": (120, 190, 0),
    "unit_price": (255, 140, 0),
    "amount": (230, 0, 0),
    "column_header": (150, 150, 150),
    "subtotal_row": (110, 60, 60),
}


def show(path: Path, seed: int, index: int) -> None:
    """Write the document's pages side by side with coloured boxes and item numbers."""
    images = []
    for labelled in labelled_pages(seed, index, image=True):
        grey = labelled.page.image if labelled.page.image is not None else np.zeros((1, 1))
        picture = Image.fromarray(grey).convert("RGB")
        pen = ImageDraw.Draw(picture)
        width, height = picture.size
        truth = zip(labelled.page.words, labelled.tags, labelled.items, strict=True)
        for word, tag, item in truth:
            if tag == "other":
                continue
            box = word.box
            colour = _COLOURS.get(tag, (200, 0, 200) if tag in LINE_TAGS else (120, 60, 255))
            edges = (box.left * width, box.top * height, box.right * width, box.bottom * height)
            pen.rectangle(edges, outline=colour, width=2)
            if item >= 0:
                pen.text((edges[0], edges[1] - 9), str(item), fill=colour)
            elif tag in HEADER_TAGS:
                pen.text((edges[0], edges[1] - 10), tag, fill=colour)
        images.append(picture)
    total = sum(picture.width for picture in images)
    sheet = Image.new("RGB", (total, max(picture.height for picture in images)), "white")
    x = 0
    for picture in images:
        sheet.paste(picture, (x, 0))
        x += picture.width
    sheet.save(path)
