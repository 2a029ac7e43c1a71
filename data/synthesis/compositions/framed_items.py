"""Items in boxes instead of a table: one box an item, its labels inside, boxes side by side.

The labels are repeated in every box, over their values or beside them; the goods may stand above
them without a label. Boxes are framed, ruled, shaded or parted by space alone.
"""

import random
from dataclasses import dataclass

from data.synthesis.commerce import packing
from data.synthesis.commerce.deals import Deal, DealLine
from data.synthesis.commerce.tagged_text import Cell, Line, Span
from data.synthesis.compositions import quantity_columns
from data.synthesis.layouts import columns
from data.synthesis.layouts.columns import Column
from data.synthesis.layouts.sheets import Shape, Sheet
from data.synthesis.layouts.tables import Flow

_IDENTITY = {"line_number": 0.5, "product_code": 0.6, "buyer_item_id": 0.12, "gtin": 0.15,
             "po_number": 0.08, "date": 0.15}  # fmt: skip
_PRICED = {"quantity": 0.96, "unit": 0.3, "unit_price": 0.92, "discount_rate": 0.1,
           "tax_rate": 0.3, "tax_amount": 0.1, "amount": 0.98, "gross_amount": 0.1}  # fmt: skip
TITLED = 0.65  # goods above the fields, without a label
AMOUNT_IN_TITLE = 0.2
UNLABELLED = 0.06  # no labels at all


@dataclass(slots=True)
class _Look:
    """The look of the boxes of one document; lengths in points."""

    across: int  # boxes side by side
    down_first: bool  # items run down the first column of boxes, then down the next
    edge: str  # frame | rule | bar | shade | none
    over: bool  # labels over their values
    celled: bool  # each field in a frame of its own
    titled: bool
    title_right: bool  # the amount at the right of the title
    labelled: bool
    colon: str
    bold: bool
    right: bool  # values at the right edge of their field
    size: float
    leading: float
    pad: float
    gap: float
    width: float  # of a box
    split: float  # share of a field that its label takes
    fit: int  # fields in a row of a box


def write_framed_items(
    rng: random.Random, flow: Flow, deal: Deal, area: tuple[float, float], size: float
) -> None:
    """Write each item in a box of its own, as far as there is room."""
    left, width = area
    cols = _pick_columns(rng, deal)
    look = _pick_look(rng, width, min(size, 10.0))
    habit = columns.pick_habit(rng, deal.style)
    boxes = [_Box(deal, line, place, cols, habit) for place, line in enumerate(deal.lines)]
    _fit_fields(flow.sheet, boxes, look)
    if look.across > 1 and look.down_first:
        deep = -(-len(boxes) // look.across)
        boxes = [boxes[place] for row in range(deep) for place in range(row, len(boxes), deep)]
    flow.y += look.gap
    for start in range(0, len(boxes), look.across):
        row = boxes[start : start + look.across]
        height = max(_height(flow.sheet, box, look) for box in row)
        if not flow.fits(height) and not flow.turn():
            return
        for number, box in enumerate(row):
            x = left + number * (look.width + look.gap)
            _write_box(flow.sheet, box, (x, flow.y, height), look)
        flow.y += height + look.gap


class _Box:
    """The content of one item's box: its title, its fields with labels, the amount."""

    def __init__(
        self, deal: Deal, line: DealLine, place: int, cols: list[Column], habit: columns.Habit
    ) -> None:
        self.item = place
        self.fields: list[tuple[str, Line]] = []
        self.title: Line = []
        self.amount: Line = []
        for col in cols:
            text = columns.line_text(col.kind, line, deal.style, habit, col)
            if col.kind == "description":
                self.title = text
                if habit.extra_below and line.product.extra:
                    self.title = [*text, Span(line.product.extra, "description")]
                self.fields.append((col.head, self.title))
            else:
                if col.kind == "amount":
                    self.amount = text
                self.fields.append((col.head, text))

    def shown_fields(self, look: _Look) -> list[tuple[str, Line]]:
        """Return the fields below the title."""
        hidden = [self.title] if look.titled else []
        hidden += [self.amount] if look.title_right else []
        return [
            (head, text) for head, text in self.fields if not any(text is line for line in hidden)
        ]


def _pick_columns(rng: random.Random, deal: Deal) -> list[Column]:
    packing.pack(rng, deal)
    kinds = [kind for kind, odd in _IDENTITY.items() if rng.random() < odd]
    kinds.insert(rng.randint(0, len(kinds)), "description")
    if deal.priced:
        counts = [kind for kind, odd in _PRICED.items() if rng.random() < odd]
        if any(line.base != 1 for line in deal.lines):
            counts.append("price_base_quantity")
        if rng.random() < 0.15:
            rng.shuffle(counts)
        kinds += counts
    else:
        kinds += quantity_columns.pick_counts(rng, quantity_columns.use_of(deal))
    signed = rng.random() < 0.5
    cols = [quantity_columns.form_column(rng, deal, kind, signed) for kind in kinds]
    quantity_columns.tell_apart(rng, deal, cols)
    return cols


def _pick_look(rng: random.Random, width: float, size: float) -> _Look:
    across = rng.choices((1, 2, 3), (55, 36, 9))[0]
    gap = size * rng.choice((0.0, 0.4, 0.8, 1.2, 2.0))
    if across == 3:
        size = min(size, 8.0)
    titled = rng.random() < TITLED
    return _Look(
        across=across,
        down_first=rng.random() < 0.3,
        edge=rng.choices(("frame", "rule", "bar", "shade", "none"), (48, 18, 14, 10, 10))[0],
        over=rng.random() < 0.5,
        celled=rng.random() < 0.25,
        titled=titled,
        title_right=titled and rng.random() < AMOUNT_IN_TITLE,
        labelled=rng.random() > UNLABELLED,
        colon=rng.choice(("", ":", ":", " :")),
        bold=rng.random() < 0.4,
        right=rng.random() < 0.35,
        size=size,
        leading=size * rng.uniform(1.15, 1.6),
        pad=size * rng.choice((0.3, 0.6, 1.0)),
        gap=gap,
        width=(width - gap * (across - 1)) / across,
        split=rng.uniform(0.35, 0.55),
        fit=rng.choice((1, 2, 2, 3, 4, 5, 6)),
    )


def _fit_fields(sheet: Sheet, boxes: list[_Box], look: _Look) -> None:
    """Reduce the fields in a row until the widest one fits."""
    wide = look.size
    for box in boxes:
        for head, text in box.shown_fields(look):
            label = sheet.measure([Span(head + look.colon)], look.size, look.bold)
            value = min(sheet.measure(text, look.size), look.width / 2)
            together = max(label, value) if look.over else max(label / look.split, label + value)
            wide = max(wide, together if look.labelled else value)
    room = look.width - 2 * look.pad
    look.fit = max(min(look.fit, int(room // (wide + look.size * 0.6))), 1)


def _title_lines(sheet: Sheet, box: _Box, look: _Look) -> Cell:
    if not look.titled:
        return []
    room = look.width - 2 * look.pad
    if look.title_right:
        room -= sheet.measure(box.amount, look.size, True) + look.size
    return sheet.wrap(box.title, look.size, max(room, 40.0), look.bold)


def _field_rows(sheet: Sheet, box: _Box, look: _Look) -> list[list[tuple[str, Cell]]]:
    """Return the fields in rows, each value broken to the width of its field."""
    room = (look.width - 2 * look.pad) / look.fit - look.size * 0.5
    rows = []
    shown = box.shown_fields(look)
    for start in range(0, len(shown), look.fit):
        broken = []
        for head, text in shown[start : start + look.fit]:
            label = sheet.measure([Span(head + look.colon)], look.size, look.bold)
            reserved = 0.0 if look.over or not look.labelled else max(room * look.split, label)
            broken.append((head, sheet.wrap(text, look.size, max(room - reserved, 30.0))))
        rows.append(broken)
    return rows


def _row_height(row: list[tuple[str, Cell]], look: _Look) -> float:
    deep = max(len(cell) for _, cell in row)
    over = 0.9 if look.over and look.labelled else 0.0
    return (deep + over) * look.leading + (look.leading * 0.25 if look.celled else 0.0)


def _height(sheet: Sheet, box: _Box, look: _Look) -> float:
    lines = len(_title_lines(sheet, box, look)) * look.leading
    rows = sum(_row_height(row, look) for row in _field_rows(sheet, box, look))
    return lines + rows + 2 * look.pad


def _write_box(sheet: Sheet, box: _Box, corner: tuple[float, float, float], look: _Look) -> None:
    """Write one box at `corner` (x, y, height)."""
    x, y, height = corner
    right = x + look.width
    title = _title_lines(sheet, box, look)
    if look.edge == "frame":
        sheet.shapes.append(Shape("frame", x, y, right, y + height))
    elif look.edge == "rule":
        sheet.rule(x, y, right, y, 90)
    elif look.edge == "shade":
        sheet.shapes.insert(0, Shape("fill", x, y, right, y + height, 238))
    elif look.edge == "bar":
        low = y + look.pad + len(title) * look.leading
        sheet.shapes.insert(0, Shape("fill", x, y, right, low, 222))
        sheet.shapes.append(Shape("frame", x, y, right, y + height))
    level, inner = y + look.pad, look.width - 2 * look.pad
    for number, line in enumerate(title):
        base = level + look.size
        sheet.write(x + look.pad, base, line, size=look.size, item=box.item, bold=look.bold)
        if number == 0 and look.title_right:
            sheet.write(x + look.pad, base, box.amount, size=look.size, item=box.item,
                        bold=True, align="right", width=inner)  # fmt: skip
        level += look.leading
    for row in _field_rows(sheet, box, look):
        for place, (head, cell) in enumerate(row):
            left = x + look.pad + place * inner / look.fit
            _write_field(sheet, (head, cell), (left, level, inner / look.fit), (box.item, look))
        level += _row_height(row, look)


def _write_field(
    sheet: Sheet,
    field: tuple[str, Cell],
    area: tuple[float, float, float],
    item_and_look: tuple[int, _Look],
) -> None:
    """Write a label and its value in `area` (x, y, width)."""
    (head, cell), (x, y, width), (item, look) = field, area, item_and_look
    room = width - look.size * 0.5
    label: Line = [Span(head.replace("\n", " ") + look.colon, "column_header")]
    base, begin = y + look.size, x
    if look.labelled:
        small = look.size * (0.85 if look.over else 1.0)
        end = sheet.write(x, base, label, size=small, bold=look.bold)
        if look.over:
            base += look.leading * 0.9
        else:
            begin = max(x + room * look.split, end + look.size * 0.4)
    for number, line in enumerate(cell):
        sheet.write(begin, base + number * look.leading, line, size=look.size, item=item,
                    align="right" if look.right else "left", width=x + room - begin)  # fmt: skip
    if look.celled:
        low = y + _row_height([(head, cell)], look)
        sheet.shapes.append(Shape("frame", x - 2, y, x + width - 2, low))
