"""Writes items without a table: as label/value blocks, or in running text."""

import random

from data.synthesis.commerce import wording
from data.synthesis.commerce.deals import Deal, DealLine
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.layouts import columns
from data.synthesis.layouts.columns import Column
from data.synthesis.layouts.sheets import Shape
from data.synthesis.layouts.tables import Flow

_KINDS = (
    ("line_number", 0.7),
    ("product_code", 0.6),
    ("gtin", 0.25),
    ("buyer_item_id", 0.2),
    ("description", 1.0),
    ("date", 0.2),
    ("quantity", 0.95),
    ("unit", 0.3),
    ("unit_price", 0.95),
    ("price_base_quantity", 0.3),
    ("tax_rate", 0.45),
    ("tax_amount", 0.1),
    ("amount", 1.0),
    ("gross_amount", 0.1),
)


def write_key_values(
    rng: random.Random, flow: Flow, deal: Deal, area: tuple[float, float], size: float
) -> None:
    """Write each item as a block of "Label: value" lines in columns, or label above value."""
    left, width = area
    kinds = [kind for kind, odds in _KINDS if rng.random() < odds]
    if not deal.priced:
        kinds = [kind for kind in kinds if kind not in columns.MONEY]
    if rng.random() < 0.4:
        kinds = [kind for kind in kinds if kind != "unit"]
        kinds = ["quantity_unit" if kind == "quantity" else kind for kind in kinds]
    if rng.random() < 0.2:
        tail = kinds[1:]
        rng.shuffle(tail)
        kinds = kinds[:1] + tail
    signed = rng.random() < 0.5
    cols = [columns.make_column(rng, kind, deal.style, deal.lines, signed) for kind in kinds]
    habit = columns.pick_habit(rng, deal.style)
    form = _Form(rng, width, size)
    for place, line in enumerate(deal.lines):
        rows = -(-len(cols) // form.across) * form.leading * (2.2 if form.stacked else 1)
        if not flow.fits(rows + size * 2) and not flow.turn():
            return
        if form.titled:
            flow.y += form.leading
            head = rng.choice(("Position", "Pos.", "Item", "Ligne")) if place == 0 else form.name
            form.name = head
            title: Line = [Span(head), Span(str(place + 1), "line_number")]
            flow.sheet.write(left, flow.y, title, size=size, item=place, bold=True)
        _write_block(
            flow,
            form,
            [(col, columns.line_text(col.kind, line, deal.style, habit, col)) for col in cols],
            (left, place),
        )
        if form.ruled:
            flow.sheet.rule(left, flow.y + size * 0.5, left + width, flow.y + size * 0.5, 120)
        flow.y += form.gap


class _Form:
    """The look of the blocks of one document."""

    def __init__(self, rng: random.Random, width: float, size: float) -> None:
        self.across = rng.choice((1, 1, 1, 2, 2, 3))
        self.stacked = rng.random() < 0.25
        self.framed = rng.random() < 0.35
        self.shaded = rng.random() < 0.25
        self.titled = rng.random() < 0.3
        self.ruled = rng.random() < 0.5
        self.colon = rng.choice((":", ":", "", " :"))
        self.bold = rng.random() < 0.4
        self.leading = size * rng.uniform(1.15, 1.8)
        self.gap = size * rng.uniform(0.5, 2.5)
        self.step = width / self.across
        self.split = self.step * rng.uniform(0.3, 0.55)
        self.align = rng.choice(("left", "left", "right")) if self.across == 1 else "left"
        self.inline = rng.random() < 0.25
        self.size = size
        self.name = ""


def _write_block(
    flow: Flow, form: _Form, entries: list[tuple[Column, Line]], left_and_item: tuple[float, int]
) -> None:
    left, item = left_and_item
    sheet, size = flow.sheet, form.size
    top = flow.y
    for start in range(0, len(entries), form.across):
        flow.y += form.leading
        for place, (col, value) in enumerate(entries[start : start + form.across]):
            x = left + place * form.step
            # The label belongs to the value beside it, not to a table's head.
            label: Line = [Span(col.head.replace("\n", " ") + form.colon, "column_header")]
            end = sheet.write(x, flow.y, label, size=size, bold=form.bold)
            if form.stacked:
                sheet.write(x, flow.y + form.leading, value, size=size, item=item)
            elif form.inline:
                sheet.write(end + size * 0.4, flow.y, value, size=size, item=item)
            else:
                begin = max(x + form.split, end + size * 0.4)
                room = max(x + form.step - begin, 0.0)
                align = form.align if sheet.measure(value, size) < room else "left"
                sheet.write(begin, flow.y, value, size=size, item=item, align=align, width=room)
            if form.framed and form.stacked:
                low = flow.y + form.leading * 1.35
                frame = Shape("frame", x - 3, flow.y - size, x + form.step - 3, low)
                sheet.shapes.append(frame)
        if form.stacked:
            flow.y += form.leading * 1.2
        elif form.shaded and (start // form.across) % 2:
            low = flow.y + form.leading * 0.3
            right = left + form.step * form.across
            sheet.shapes.insert(0, Shape("fill", left - 3, low - form.leading, right, low, 236))
    if form.framed and not form.stacked:
        right = left + form.step * form.across
        sheet.shapes.append(Shape("frame", left - 4, top + 2, right, flow.y + size * 0.6))


def write_free_text(
    rng: random.Random, flow: Flow, deal: Deal, area: tuple[float, float], size: float
) -> None:
    """Write items in sentences, the amount at the end or at the right edge."""
    left, width = area
    leading = size * rng.uniform(1.2, 1.6)
    joints = wording.JOINTS[deal.style.language]
    flow.y += leading
    flow.sheet.write(left, flow.y, [Span(rng.choice(joints[2:]))], size=size)
    at_right = rng.random() < 0.6
    for place, line in enumerate(deal.lines):
        text = _sentence(rng, deal, line, joints[0])
        money: Line = [Span(deal.style.money(line.amount), "amount")]
        room = width * 0.7 if at_right else width
        if not at_right:
            text += money
        parts = flow.sheet.wrap(text, size, room)
        if not flow.fits(leading * (len(parts) + 1)) and not flow.turn():
            return
        flow.y += leading * rng.choice((0.3, 0.6, 1.0))
        on = rng.choice((0, len(parts) - 1))
        for number, part in enumerate(parts):
            flow.y += leading
            flow.sheet.write(left, flow.y, part, size=size, item=place)
            if at_right and number == on:
                flow.sheet.write(
                    left, flow.y, money, size=size, item=place, align="right", width=width
                )
        if rng.random() < 0.4:
            flow.y += leading
            note = wording.pick_label(rng, wording.NOTES, deal.style.language).format(deal.number)
            flow.sheet.write(left, flow.y, [Span(note)], size=size)
    flow.y += leading


def _sentence(rng: random.Random, deal: Deal, line: DealLine, joint: str) -> Line:
    style = deal.style
    text: Line = []
    if rng.random() < 0.3:
        text.append(Span(rng.choice(("-", "•", "*"))))
    body = [Span(line.product.description, "description")]
    if line.product.extra and rng.random() < 0.5:
        body.append(Span(line.product.extra, "description"))
    if rng.random() < 0.65 and line.base == 1 and line.discount_rate == 0:
        _, middle, after = (part.strip() for part in joint.split("{}"))
        counted = [
            Span(style.quantity(line.quantity), "quantity"),
            Span(line.product.unit, "unit"),
            Span(middle),
            Span(style.money(line.price, style.price_places), "unit_price"),
        ]
        if after:
            counted.append(Span(after))
        first = rng.random() < 0.5
        return text + (counted + body if first and not after else body + counted)
    return text + body
