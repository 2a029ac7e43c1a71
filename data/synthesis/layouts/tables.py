"""Item tables before they are written: rows, look, column widths, line breaks, heads."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from data.labels import LINE_TAGS
from data.synthesis.commerce.tagged_text import Cell, Span
from data.synthesis.layouts.sheets import Sheet

_LINE_TAGS = frozenset(LINE_TAGS)


@dataclass(slots=True)
class Flow:
    """A document being written from top to bottom over sheets."""

    start: Callable[[int], tuple[Sheet, float]]  # sheet number -> blank sheet, first free y
    bottom: float
    sheets: list[Sheet] = field(default_factory=list)
    y: float = 0.0
    max_sheets: int = 3

    def turn(self) -> bool:
        """Begin the next sheet; False when the document has all its sheets."""
        if len(self.sheets) >= self.max_sheets:
            return False
        sheet, self.y = self.start(len(self.sheets))
        self.sheets.append(sheet)
        return True

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def fits(self, height: float) -> bool:
        return self.y + height <= self.bottom


@dataclass(slots=True)
class Row:
    """One table row: a cell per column, or `free` lines at offsets across the columns."""

    cells: list[Cell] = field(default_factory=list)
    item: int = -1
    bold: bool = False
    free: list[tuple[int, float, Cell]] = field(default_factory=list)  # column, indent, cell
    gap: float = 0.0
    glued: bool = False  # stays on the page of the row before
    ruled: bool = False  # a rule above
    struck: bool = False  # a pen stroke through it
    headed: bool = False  # the table's head is repeated above it
    shade: int = 255  # grey behind the row, 255 = none
    amount: Decimal | None = None  # added to the sum carried forward
    role: str = ""  # one of labels.ROW_ROLES; "" = item where it has words of one, else note

    def role_in_bill(self) -> str:
        """The row's role, read from its words where it was not given."""
        if self.role:
            return self.role
        lines = [line for cell in self.cells for line in cell]
        lines += [line for _, _, cell in self.free for line in cell]
        tags = {span.tag for line in lines for span in line}
        if not tags - {"column_header"} and tags:
            return "head"
        return "item" if tags & _LINE_TAGS else "note"


@dataclass(slots=True)
class Carry:
    """The carried sum of a table: its names at foot and head of a page, its column and format.

    An empty name leaves that row out.
    """

    below: str
    above: str
    column: int
    text: Callable[[Decimal], str]


@dataclass(slots=True)
class Setting:
    """The look of one table."""

    size: float
    leading: float
    pad: float  # space between rows, points
    gap: float  # space between columns, points
    rules: str  # none | head | rows | dashes | grid | zebra | frame
    head_bold: bool
    head_shade: int  # 255 = none
    head_repeat: bool
    valign: str  # top | bottom | middle
    head_case: str = "as_is"


def pick_setting(rng: random.Random, size: float) -> Setting:
    return Setting(
        size=size,
        leading=size * rng.uniform(1.08, 1.4),
        pad=size * rng.choice((0.0, 0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.6, 1.0, 1.6, 4.0)),
        gap=size * rng.choice((0.35, 0.5, 0.8, 1.0, 1.5)),
        rules=rng.choice(
            (
                "none",
                "none",
                "head",
                "head",
                "rows",
                "rows",
                "dashes",
                "grid",
                "grid",
                "zebra",
                "frame",
            )
        ),
        head_bold=rng.random() < 0.6,
        head_shade=rng.choice((255, 255, 255, 225, 200, 60, 0)),
        head_repeat=rng.random() < 0.85,
        valign=rng.choice(("top", "top", "top", "top", "bottom", "middle")),
        head_case=rng.choice(("as_is", "as_is", "as_is", "upper")),
    )


@dataclass(slots=True)
class Table:
    """A table to lay out: heads, alignments, rows; `wraps` is the column that is wrapped."""

    heads: list[str]
    aligns: list[str]
    rows: list[Row]
    wraps: int
    left: float
    width: float
    setting: Setting
    show_head: bool = True
    fill: float = 1.0  # share of the spare width that is handed to the columns
    groups: list[tuple[int, int, str]] = field(default_factory=list)  # heads over columns a..b
    carry: Carry | None = None
    head_aligns: list[str] = field(default_factory=list)  # none: as the columns
    breaks_items: bool = False  # a page may end inside an item
    head_cells: list[Cell] = field(default_factory=list)
    lefts: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    first_column: int = 0  # number on the current sheet of the table's first column


def lay_out(table: Table, sheet: Sheet, rng: random.Random) -> None:
    """Fix font size, column positions and line breaks so that the table fits its width."""
    _place_columns(table, _natural_widths(table, sheet), rng)
    size, right = table.setting.size, table.left + table.width
    for row in table.rows:
        if row.cells:
            width = table.widths[table.wraps] + 0.5
            row.cells[table.wraps] = [
                part
                for line in row.cells[table.wraps]
                for part in sheet.wrap(line, size, width, row.bold)
            ]
        row.free = [
            (column, indent, _break_cell(sheet, cell, size, right - table.lefts[column] - indent))
            for column, indent, cell in row.free
        ]
    _break_heads(table, sheet)


def _place_columns(table: Table, natural: list[float], rng: random.Random) -> None:
    """Shrink the print when the columns are too wide; share spare width when they are not."""
    setting, wraps = table.setting, table.wraps
    room = table.width - setting.gap * (len(natural) - 1)
    fixed = sum(natural) - natural[wraps]
    min_width = min(natural[wraps], max(table.width * 0.16, 40.0))
    if fixed + min_width > room:
        shrink = max(room / (fixed + min_width), 0.45)
        setting.size *= shrink
        setting.leading *= shrink
        setting.pad *= shrink
        setting.gap *= shrink
        natural = [wide * shrink for wide in natural]
        room = table.width - setting.gap * (len(natural) - 1)
        fixed *= shrink
    wrapped = natural[wraps]
    natural[wraps] = min(wrapped, max(room - fixed, 30.0))
    if wrapped > 120 and rng.random() < 0.3:
        natural[wraps] = min(natural[wraps], wrapped * rng.uniform(0.4, 0.8))
    spare = max(room - sum(natural), 0.0) * table.fill
    shares = [rng.random() ** 2 * (3.0 if n == wraps else 1.0) for n in range(len(natural))]
    total = sum(shares) or 1.0
    table.widths = [w + spare * share / total for w, share in zip(natural, shares, strict=True)]
    table.lefts = [table.left]
    for wide in table.widths[:-1]:
        table.lefts.append(table.lefts[-1] + wide + setting.gap)


def _break_cell(sheet: Sheet, cell: Cell, size: float, width: float) -> Cell:
    """Break the cell's lines where they would run off the table."""
    return [part for line in cell for part in sheet.wrap(line, size, max(width, 40.0))]


def _natural_widths(table: Table, sheet: Sheet) -> list[float]:
    size = table.setting.size
    widths = [size * 1.2] * len(table.heads)
    for row in table.rows:
        for place, cell in enumerate(row.cells):
            for line in cell:
                wide = sheet.measure(line, size, row.bold)
                if wide > widths[place]:
                    widths[place] = wide
    if table.show_head:
        for place, head in enumerate(table.heads):
            for word in head.split():
                wide = sheet.face.width(word, table.setting.head_bold) * size
                widths[place] = max(widths[place], min(wide, size * 9))
    return widths


def _break_heads(table: Table, sheet: Sheet) -> None:
    setting = table.setting
    table.head_cells = []
    for head, wide in zip(table.heads, table.widths, strict=True):
        text = head.upper() if setting.head_case == "upper" else head
        cell: Cell = []
        for part in text.split("\n"):
            line = [Span(part, "column_header")]
            cell += sheet.wrap(line, setting.size, wide + 1, setting.head_bold)
        table.head_cells.append([line for line in cell if line])
