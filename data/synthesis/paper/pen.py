"""Draws marks by hand on a printed page: rings, ticks, strikes, notes, signatures, stamps.

All is drawn on the flat page, before it is folded and scanned. Marks do not change the truth of the
printed words, but for numbers that are struck out: `MarkedPage.struck` lists them.
"""

import random
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from data.records import GreyImage
from data.synthesis.layouts.sheets import Ink
from data.synthesis.paper.conditions import Hand
from data.synthesis.paper.fonts import glyph
from data.synthesis.paper.handwriting import (
    Stroke,
    curve,
    move_strokes,
    ring,
    signature,
    write_text,
)
from data.synthesis.paper.printing import PrintedPage
from data.synthesis.paper.warp import Boxes

QUANTITIES = frozenset(("quantity", "quantity_shipped", "quantity_received"))
_NUMBERS = QUANTITIES | {"unit_price", "amount", "invoice_total", "quantity_ordered"}
_NOTES = (
    "short", "short {} cs", "{} missing", "damaged", "{} damaged", "OK", "ok!", "rec'd {}",
    "price?", "wrong item", "not ordered", "paid", "see PO {}", "backorder", "{} cs short",
    "call vendor", "refused", "net {}", "fehlt {}", "beschaedigt", "erhalten", "manque {}",
    "recu {}", "falta {}", "PO {}", "dup?", "credit due", "{}/{}", "Chk {}", "approved", "#{}",
    "per Mike", "1 of {}", "{} pcs", "checked",
)  # fmt: skip
_STAMPS = (
    "PAID", "RECEIVED", "COPY", "APPROVED", "DUPLICATE", "POSTED", "ENTERED", "VOID", "ORIGINAL",
    "PAST DUE", "BEZAHLT", "EINGANG", "EINGEGANGEN", "KOPIE", "GEBUCHT", "ERHALTEN", "PAYE",
    "COPIE", "RECU", "PAGADO", "RECIBIDO", "PAGATO", "BETAALD", "ZAPLACONO",
)  # fmt: skip
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_FRACTION_BITS = 4  # places are drawn to a sixteenth of a pixel


class DrawnMark(NamedTuple):
    """A mark of one of `labels.MARKS` and the edges of its box on the flat page in pixels."""

    kind: str
    edges: tuple[float, float, float, float]


class MarkedPage(NamedTuple):
    """The page with its marks, and the positions of words (in ink order) that were struck out.

    `marks` are those with a meaning of their own; ticks, rings and lines have none.
    """

    page: GreyImage
    struck: frozenset[int]
    marks: tuple[DrawnMark, ...] = ()


class _Desk(NamedTuple):
    """The page being marked, its printed words, and the hand that marks it."""

    page: GreyImage
    inks: Sequence[Ink]
    boxes: Boxes
    hand: Hand
    scale: float  # pixels a point
    rng: random.Random

    def draw(self, strokes: Sequence[Stroke]) -> tuple[float, float, float, float]:
        """Draw strokes with the hand's pen; return their edges."""
        draw_ink(self.page, strokes, self.hand.grey, self.hand.width * self.scale)
        points = np.concatenate(strokes)
        (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return left, top, right, bottom


def draw_marks_by_hand(
    printed: PrintedPage, hand: Hand, scale: float, rng: random.Random
) -> MarkedPage:
    """Draw the marks of the hand on the page, `scale` pixels a point."""
    inks = printed.inks
    if hand == Hand() or not inks:
        return MarkedPage(printed.page, frozenset())
    desk = _Desk(printed.page.copy(), inks, printed.boxes, hand, scale, rng)
    numbers = [
        place
        for place, ink in enumerate(inks)
        if ink.tag in _NUMBERS and any(map(str.isdigit, ink.text))
    ]
    for place in _sample_places(range(len(inks)), hand.highlights, rng):
        _highlight(desk, place)
    marks = [_stamp(desk.page, scale, rng) for _ in range(_draw_count(hand.stamps, rng))]
    for place in _sample_places(numbers, hand.ticks, rng):
        _tick(desk, place)
    for place in _sample_places(numbers, hand.rings, rng):
        _ring(desk, place)
    for place in _sample_places(range(len(inks)), hand.lines, rng):
        _line(desk, place)
    struck = _sample_places(_struckable_places(inks), hand.strikes, rng)
    for place in struck:
        marks += _strike(desk, place)
    marks += [_write_note(desk) for _ in range(_draw_count(hand.notes, rng))]
    marks += [_write_signature(desk) for _ in range(_draw_count(hand.signatures, rng))]
    return MarkedPage(desk.page, frozenset(struck), tuple(marks))


def _draw_count(expected: float, rng: random.Random) -> int:
    return int(expected + rng.random()) if expected else 0


def _sample_places(places: Sequence[int], expected: float, rng: random.Random) -> list[int]:
    """Sample about the expected number of places."""
    return rng.sample(places, min(_draw_count(expected, rng), len(places)))


def _struckable_places(inks: Sequence[Ink]) -> list[int]:
    """The quantities that can be struck out as a whole: a single word of digits."""
    parts = Counter((ink.item, ink.tag) for ink in inks if ink.tag in QUANTITIES)
    return [
        place
        for place, ink in enumerate(inks)
        if ink.tag in QUANTITIES
        and parts[ink.item, ink.tag] == 1
        and ink.text.replace(".", "").replace(",", "").isdigit()
    ]


def draw_ink(page: GreyImage, strokes: Sequence[Stroke], grey: int, width: float) -> None:
    """Draw strokes (in pixels of the page) with a pen of that width; print below stays dark."""
    points = np.concatenate(strokes)
    edge = int(width) + 3
    high, wide = page.shape
    left, top = np.maximum(np.floor(points.min(axis=0)) - edge, 0).astype(int)
    right, bottom = np.ceil(points.max(axis=0)).astype(int) + edge
    part = page[top : min(bottom, high), left : min(right, wide)]
    if not part.size:
        return
    sheet = np.full(part.shape, 255, dtype=np.uint8)
    lines = [
        np.round((stroke - (left, top)) * 2**_FRACTION_BITS).astype(np.int32)[:, None]
        for stroke in strokes
    ]
    # A pen thinner than a pixel leaves a lighter line
    shade = grey if width >= 1 else round(255 - (255 - grey) * max(width, 0.4))
    cv2.polylines(sheet, lines, False, shade, max(round(width), 1), cv2.LINE_AA, _FRACTION_BITS)
    np.minimum(part, sheet, out=part)


def _tick(desk: _Desk, place: int) -> None:
    """Draw a tick on the side of a word where there is more room."""
    left, top, right, bottom = desk.boxes[place].tolist()
    rng = desk.rng
    size = rng.uniform(5, 10) * desk.scale
    sides = (right + rng.uniform(1, 4) * desk.scale, left - size * 1.2)
    x = min(sides, key=lambda side: _ink_darkness(desk.page, side, top, size, bottom - top))
    tick = np.array([(0.0, -0.4), (0.3, 0.0), (0.5, -0.3), (1.1, -1.2)])
    tick += np.array([[rng.gauss(0, 0.06), rng.gauss(0, 0.06)] for _ in tick])
    desk.draw(move_strokes([curve(tick) * size], x, bottom))


def _ring(desk: _Desk, place: int) -> None:
    left, top, right, bottom = desk.boxes[place].tolist()
    rng = desk.rng
    room = rng.uniform(4, 9) * desk.scale
    oval = ring(right - left + 2 * room, bottom - top + 1.4 * room, rng)
    middle = (left + right) / 2 + rng.gauss(0, 1), (top + bottom) / 2 + rng.gauss(0, 1)
    desk.draw(move_strokes([oval], *middle))


def _line(desk: _Desk, place: int) -> None:
    """Draw a line under a word, or down the margin beside some rows."""
    left, top, right, bottom = desk.boxes[place].tolist()
    rng, scale = desk.rng, desk.scale
    if rng.random() < 0.7:
        low = bottom + rng.uniform(0.5, 2.5) * scale
        ends = [(left - 2, low), ((left + right) / 2, low + rng.gauss(0, 1.5)), (right + 3, low)]
    else:
        x = max(desk.page.shape[1] * 0.02, left - rng.uniform(8, 20) * scale)
        ends = [(x, top), (x + rng.gauss(0, 3), bottom + 20 * scale), (x, bottom + 40 * scale)]
    desk.draw([curve(np.array(ends))])


def _strike(desk: _Desk, place: int) -> tuple[DrawnMark, DrawnMark]:
    """Cross the number out and write another beside it, where there is most room."""
    left, top, right, bottom = desk.boxes[place].tolist()
    rng, scale = desk.rng, desk.scale
    width, height = right - left, max(bottom - top, 5 * scale)
    strokes = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        drop = rng.uniform(-0.35, 0.35) * height
        middle = (top + bottom) / 2
        ends = (left - 0.15 * height, middle + drop), (right + 0.2 * height, middle - drop)
        strokes.append(np.array(ends))
    desk.draw(strokes)
    number = pick_other_number(desk.inks[place].text, rng)
    size = max(height * rng.uniform(1.1, 1.7), 6 * scale)
    wide = size * 0.85 * len(number)
    places = [(right + 0.4 * height, bottom), (left - wide - 0.4 * height, bottom),
              (left + width * 0.4, top - 0.25 * height), (right + 0.2 * height, top)]  # fmt: skip
    x, y = min(
        places, key=lambda corner: _ink_darkness(desk.page, corner[0], corner[1] - size, wide, size)
    )
    written = desk.draw(move_strokes(write_text(number, desk.hand, size, rng), x, y))
    return DrawnMark("strike", (left, top, right, bottom)), DrawnMark("handwriting", written)


def pick_other_number(text: str, rng: random.Random) -> str:
    """Draw the number written for a struck one: near it, mostly less, and never the same."""
    groups = text.replace(",", ".").split(".")
    # The digits after the last point are decimals, unless they can only be a thousands group
    decimals = len(groups) > 1 and (len(groups[-1]) != 3 or groups[-1] == "000")
    value = int("".join(groups[:-1] if decimals else groups))
    step = rng.randint(1, max(value // 3, 1))
    return str(value - step if value >= step and rng.random() < 0.8 else value + step)


def _ink_darkness(page: GreyImage, x: float, y: float, width: float, height: float) -> float:
    """The mean ink of an area (0 none); an area off the page is the worst."""
    high, wide = page.shape
    if x < 2 or y < 2 or x + width > wide - 2 or y + height > high - 2:
        return 999.0
    return 255.0 - float(page[int(y) : int(y + height) + 1, int(x) : int(x + width) + 1].mean())


def _free_place(
    page: GreyImage, width: float, height: float, rng: random.Random, tries: int
) -> tuple[float, float]:
    """The top left corner of the emptiest of some random places of that size."""
    high, wide = page.shape
    places = [
        (rng.uniform(0.03, 0.97) * (wide - width), rng.uniform(0.03, 0.97) * (high - height))
        for _ in range(tries)
    ]
    return min(places, key=lambda corner: _ink_darkness(page, corner[0], corner[1], width, height))


def _write_note(desk: _Desk) -> DrawnMark:
    rng = desk.rng
    text = rng.choice(_NOTES).replace("{}", str(rng.randint(1, 99)))
    size = rng.uniform(7, 15) * desk.scale
    wide = size * 0.85 * len(text)
    x, y = _free_place(desk.page, wide, size * 1.4, rng, 14)
    return DrawnMark(
        "handwriting", desk.draw(move_strokes(write_text(text, desk.hand, size, rng), x, y + size))
    )


def _write_signature(desk: _Desk) -> DrawnMark:
    """Draw a signature on a line for it, else in a free place of the lower half."""
    rng, scale = desk.rng, desk.scale
    wide = rng.uniform(60, 150) * scale
    lines = [
        place for place, ink in enumerate(desk.inks) if "____" in ink.text or "...." in ink.text
    ]
    if lines:
        left, _, _, bottom = desk.boxes[rng.choice(lines)].tolist()
        x, y = left + rng.uniform(2, 20) * scale, bottom - rng.uniform(1, 4) * scale
    else:
        half = desk.page.shape[0] // 2
        x, y = _free_place(desk.page[half:], wide, wide * 0.4, rng, 10)
        y += half + wide * 0.3
    return DrawnMark("signature", desk.draw(move_strokes(signature(desk.hand, wide, rng), x, y)))


def _highlight(desk: _Desk, place: int) -> None:
    """Draw a lighter grey band along a word, or along its whole row."""
    left, top, right, bottom = desk.boxes[place].tolist()
    rng, boxes = desk.rng, desk.boxes
    if rng.random() < 0.5:
        level = np.abs((boxes[:, 1] + boxes[:, 3]) / 2 - (top + bottom) / 2) < (bottom - top) / 2
        left, right = float(boxes[level, 0].min()), float(boxes[level, 2].max())
    room, tilt = rng.uniform(0.5, 2.5) * desk.scale, rng.gauss(0, 0.8) * desk.scale
    ends = np.array([
        (left - room, top - room + tilt), (right + room, top - room),
        (right + 1.5 * room, bottom + room), (left - room, bottom + room + tilt),
    ])  # fmt: skip
    high = max(int(ends[:, 1].min()) - 1, 0)
    part = desk.page[high : int(ends[:, 1].max()) + 2]
    band = np.full_like(part, 255)
    corners = np.round((ends - (0, high)) * 2**_FRACTION_BITS).astype(np.int32)
    cv2.fillConvexPoly(band, corners, rng.randint(195, 235), cv2.LINE_AA, _FRACTION_BITS)
    part[:] = cv2.multiply(part, band, scale=1 / 255)


def _stamp(page: GreyImage, scale: float, rng: random.Random) -> DrawnMark:
    """Draw a rubber stamp over the page: uneven ink through which print shows."""
    size = rng.uniform(11, 24) * scale
    words = [rng.choice(_STAMPS)]
    if rng.random() < 0.5:
        day = f"{rng.randint(1, 28)} {rng.choice(_MONTHS)} {rng.randint(2015, 2026)}"
        words.append(day if rng.random() < 0.7 else f"No. {rng.randint(100, 99999)}")
    rubber = _stamp_face(words, size, rng)
    high, wide = rubber.shape
    angle = rng.gauss(0, 9)
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    face = cv2.warpAffine(rubber, turn, (wide, high))
    grain = np.random.default_rng(rng.getrandbits(32))
    patches = (255 * grain.uniform(0.35, 1.0, (9, 16))).astype(np.uint8)
    inked = cv2.multiply(face, cv2.resize(patches, (wide, high)), scale=rng.uniform(0.4, 0.8) / 255)
    veil = ~np.asarray(inked, dtype=np.uint8)
    x, y = (max(int(place), 0) for place in _free_place(page, wide, high, rng, 4))
    part = page[y : y + high, x : x + wide]
    part[:] = cv2.multiply(part, veil[: part.shape[0], : part.shape[1]], scale=1 / 255)
    return DrawnMark("stamp", (x, y, x + wide, y + high))


def _stamp_face(words: Sequence[str], size: float, rng: random.Random) -> GreyImage:
    """Draw the stamp's face, 255 for ink: lines of text, mostly framed, with room to be turned."""
    lines = [_set_line(words[0], size, True)]
    lines += [_set_line(word, size * 0.55, False) for word in words[1:]]
    gap = int(size * 0.35)
    wide = max(line.shape[1] for line in lines) + 2 * gap
    high = sum(line.shape[0] + gap for line in lines) + gap
    room = int(wide * 0.2)
    face = np.zeros((high + 2 * room, wide + 2 * gap), dtype=np.uint8)
    y = room + gap
    for line in lines:
        x = (face.shape[1] - line.shape[1]) // 2
        face[y : y + line.shape[0], x : x + line.shape[1]] = line
        y += line.shape[0] + gap
    if rng.random() < 0.75:
        thick = max(round(size * 0.1), 1)
        ends = (gap, room), (face.shape[1] - gap, room + high)
        cv2.rectangle(face, *ends, 255, thick, cv2.LINE_AA)
        if rng.random() < 0.3:
            inner = 2 * thick
            cv2.rectangle(
                face, (gap + inner, room + inner),
                (face.shape[1] - gap - inner, room + high - inner), 255, max(thick // 2, 1),
            )  # fmt: skip
    return face


def _set_line(text: str, size: float, bold: bool) -> GreyImage:
    glyphs = [glyph("sans", bold, max(round(size), 4), char) for char in text]
    wide = int(sum(letter.advance for letter in glyphs)) + 4
    line = np.zeros((int(size * 1.1) + 2, wide), dtype=np.uint8)
    pen = 0.0
    for mask, left, top, advance in glyphs:
        x, y = max(round(pen) + left, 0), max(round(size * 0.85) + top, 0)
        part = line[y : y + mask.shape[0], x : x + mask.shape[1]]
        np.maximum(part, mask[: part.shape[0], : part.shape[1]], out=part)
        pen += advance
    rows = np.flatnonzero(line.any(axis=1))
    return line[rows[0] : rows[-1] + 1] if len(rows) else line
