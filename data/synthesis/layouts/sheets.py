"""A sheet under construction: its words, rules and shades at positions in points.

Layouts call `Sheet.write`; this module is independent of invoices. A `Face` measures text: the
tables below replace fonts where no image is needed (no font file is opened); where the page is
drawn, a real font measures, so that boxes fit the ink.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol

from data.labels import LINE_TAGS
from data.records import OUTSIDE_TABLES, TablePlace
from data.synthesis.commerce.tagged_text import Cell, Line, Span

_ITEM_TAGS = frozenset(LINE_TAGS)
_ITEM_WITHOUT_TABLE = TablePlace(-2, -2, "item")  # in a block, a sentence, on a till's strip


class Ink(NamedTuple):
    """One written word: position in points (`baseline` from the top), tag and item number."""

    text: str
    left: float
    baseline: float
    width: float
    size: float
    bold: bool
    tag: str
    item: int
    grey: int = 0  # 0 black; light on a dark head
    mark: str = ""  # its name in the truth of a dispute
    place: TablePlace = OUTSIDE_TABLES


class Shape(NamedTuple):
    """A rule, a filled or an open rectangle, or a picture within one; `grey` 0 black .. 255 white.

    Pictures ("barcode", "square_code", "logo") are drawn from their position and size alone: the
    same shape always looks the same. A "blob" is a patch with round corners, an "ellipse" an open
    oval.
    """

    kind: str  # "line" "dashes" "fill" "frame" "blob" "ellipse" "barcode" "square_code" "logo"
    left: float
    top: float
    right: float
    bottom: float
    grey: int = 0
    thickness: float = 0.6


class Face(Protocol):
    """Measures one word in ems (multiply by the size in points)."""

    @property
    def space(self) -> float:
        """Width of a word space."""

    def width(self, word: str, bold: bool) -> float:
        """Width of the word."""


# Advance widths of a common sans-serif face in 1/1000 em, by group of characters.
_GROUPS: tuple[tuple[int, str], ...] = (
    (222, "ijl'`|"),
    (278, " !,./:;[]\\ftI"),
    (333, 'r()-{}"°'),
    (389, "*"),
    (500, "ckvxyzsJ"),
    (584, "+=<>~"),
    (611, "FTZ"),
    (667, "ABEKPSVXY&ÄÀÁÉÈ"),
    (722, "CDHNRUwÜÚ"),
    (778, "GOQÖÓ"),
    (833, "mM"),
    (889, "%"),
    (944, "Ww"),
    (1015, "@—"),
)
_WIDTHS: dict[str, float] = {char: w / 1000 for w, chars in _GROUPS for char in chars}


@lru_cache(maxsize=100_000)
def _sans_width(word: str) -> float:
    return sum(_WIDTHS.get(char, 0.556) for char in word)


@dataclass(frozen=True, slots=True)
class TableFace:
    """A face known only by its widths: sans, serif, narrow, wide, or fixed pitch."""

    stretch: float = 1.0
    pitch: float | None = None
    space: float = 0.278

    def width(self, word: str, bold: bool) -> float:
        if self.pitch is not None:
            return self.pitch * len(word)
        return _sans_width(word) * self.stretch * (1.06 if bold else 1.0)


FACES: dict[str, TableFace] = {
    "sans": TableFace(),
    "serif": TableFace(0.9, None, 0.25),
    "narrow": TableFace(0.82, None, 0.23),
    "wide": TableFace(1.14, None, 0.318),
    "mono": TableFace(1.0, 0.6, 0.6),
}


@dataclass(slots=True)
class Sheet:
    """One page under construction, `width` x `height` points."""

    width: float
    height: float
    face: Face
    inks: list[Ink] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    place: TablePlace = OUTSIDE_TABLES  # stamped on the words that are written
    rows: int = 0  # rows and columns of tables begun on this sheet
    columns: int = 0

    def inks_on_sheet(self) -> tuple[Ink, ...]:
        """Return the words that lie on the sheet, in the order of writing."""
        return tuple(
            ink
            for ink in self.inks
            if ink.left > -1
            and ink.left + ink.width < self.width + 1
            and 0 < ink.baseline < self.height
        )

    def measure(self, line: Line, size: float, bold: bool = False) -> float:
        """Return the width of a line in points."""
        total, count = 0.0, 0
        for span in line:
            for word in span.text.split():
                total += self.face.width(word, bold)
                count += 1
        return (total + max(count - 1, 0) * self.face.space) * size

    def write(
        self,
        x: float,
        baseline: float,
        line: Line,
        *,
        size: float,
        item: int = -1,
        bold: bool = False,
        align: str = "left",
        width: float = 0.0,
        grey: int = 0,
    ) -> float:
        """Write words from `x` (aligned within `width`); return the right end in points."""
        if align != "left":
            slack = width - self.measure(line, size, bold)
            x += slack if align == "right" else slack / 2
        gap = self.face.space * size
        right = x
        for text, tag, mark in line:
            inside = item >= 0 and tag in _ITEM_TAGS
            number = item if inside else -1
            place = _ITEM_WITHOUT_TABLE if inside and self.place == OUTSIDE_TABLES else self.place
            for word in text.split():
                wide = self.face.width(word, bold) * size
                self.inks.append(
                    Ink(word, x, baseline, wide, size, bold, tag, number, grey, mark, place)
                )
                right = x + wide
                x = right + gap
        return right

    def begin_row(self, role: str) -> None:
        """Begin a table row: words written until `end_row` are of it, in no column yet."""
        self.place = TablePlace(self.rows, -2, role)
        self.rows += 1

    def enter_column(self, column: int) -> None:
        """Write what follows in that column of the page; -2 where it stands in none."""
        self.place = self.place._replace(column=column)

    def end_row(self) -> None:
        """End the row: what follows stands outside the tables."""
        self.place = OUTSIDE_TABLES

    def begin_columns(self, count: int) -> int:
        """Begin that many columns of a table; return the first one's number on the page."""
        first, self.columns = self.columns, self.columns + count
        return first

    def rule(self, left: float, top: float, right: float, bottom: float, grey: int = 0) -> None:
        """Draw a thin straight rule."""
        self.shapes.append(Shape("line", left, top, right, bottom, grey))

    def wrap(self, line: Line, size: float, width: float, bold: bool = False) -> Cell:
        """Break the line at spaces so that no part is wider than `width` where possible."""
        parts: Cell = [[]]
        x = 0.0
        gap = self.face.space * size
        for text, tag, mark in line:
            for word in text.split():
                wide = self.face.width(word, bold) * size
                if parts[-1] and x + gap + wide > width:
                    parts.append([])
                    x = 0.0
                x += wide + (gap if parts[-1] else 0.0)
                parts[-1].append(Span(word, tag, mark))
        return parts
