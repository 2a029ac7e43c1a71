"""Writes item tables on sheets: heads, rows, rules, shades, and page breaks.

A page may end between items or, in a careless layout, inside one; the sum so far may be printed at
the foot of the page and again at the head of the next.
"""

from decimal import Decimal

from data.synthesis.commerce.tagged_text import Cell, Line, Span
from data.synthesis.layouts.sheets import Shape, Sheet
from data.synthesis.layouts.tables import Carry, Flow, Row, Setting, Table


def set_table(flow: Flow, table: Table) -> int:
    """Write the table into the flow; return the number of rows that had room."""
    if not flow.fits(table.setting.leading * 4):
        flow.turn()
    top, so_far = flow.y, Decimal(0)
    table.first_column = flow.sheet.begin_columns(len(table.heads))
    if table.show_head and not (table.rows and table.rows[0].headed):
        _set_head(flow, table)
    for place, row in enumerate(table.rows):
        if _lacks_room(flow, table, place):
            if table.carry is not None:
                _set_carried(flow, table, table.carry, table.carry.below, so_far)
            _close_table(flow, table, top)
            if not flow.turn():
                return place
            top = flow.y
            table.first_column = flow.sheet.begin_columns(len(table.heads))
            if table.show_head and table.setting.head_repeat and not row.headed:
                _set_head(flow, table)
            if table.carry is not None:
                _set_carried(flow, table, table.carry, table.carry.above, so_far)
        if row.headed:
            _set_head(flow, table)
        zebra = 235 if table.setting.rules == "zebra" and place % 2 == 1 else 255
        _set_row(flow, table, row, min(zebra, row.shade))
        so_far += row.amount or 0
    _close_table(flow, table, top)
    return len(table.rows)


def _lacks_room(flow: Flow, table: Table, place: int) -> bool:
    """Return whether the row, with the rows glued to it, has no room left on the sheet."""
    rows, setting = table.rows, table.setting
    height = _row_height(rows[place], setting)
    if rows[place].headed:
        height += setting.leading * 2
    if table.carry is not None:
        height += setting.leading + setting.pad
    if table.breaks_items:
        return not flow.fits(height)
    after = place + 1
    while after < len(rows) and rows[after].glued and after < place + 4:
        height += _row_height(rows[after], setting)
        after += 1
    return not rows[place].glued and not flow.fits(height)


def _set_carried(flow: Flow, table: Table, carry: Carry, name: str, so_far: Decimal) -> None:
    """Write a row with the sum so far; it is no item and no total of the document."""
    if not name or not so_far:
        return
    setting = table.setting
    label: Line = [Span(name, "subtotal_row")]
    value: Line = [Span(carry.text(so_far), "subtotal_row")]
    flow.y += setting.leading
    width = table.lefts[carry.column] - setting.gap - table.left
    flow.sheet.begin_row("carried_forward")
    flow.sheet.write(
        table.left,
        flow.y,
        label,
        size=setting.size,
        align="right" if carry.column > 1 else "left",
        width=width,
    )
    flow.sheet.enter_column(table.first_column + carry.column)
    flow.sheet.write(
        table.lefts[carry.column],
        flow.y,
        value,
        size=setting.size,
        align=table.aligns[carry.column],
        width=table.widths[carry.column],
    )
    flow.sheet.end_row()
    flow.y += setting.pad + setting.leading * 0.3


def _row_height(row: Row, setting: Setting) -> float:
    lines = [len(cell) for cell in row.cells] + [len(cell) for _, _, cell in row.free]
    return max(lines, default=0) * setting.leading + setting.pad + row.gap


def _set_head(flow: Flow, table: Table) -> None:
    setting, sheet = table.setting, flow.sheet
    _set_groups(flow, table)
    aligns = table.head_aligns or table.aligns
    count = max((len(cell) for cell in table.head_cells), default=1)
    height = count * setting.leading
    left, right = table.left, table.lefts[-1] + table.widths[-1]
    if setting.head_shade < 255:
        sheet.shapes.insert(
            0, _fill(left - 2, flow.y, right + 2, flow.y + height + 2, setting.head_shade)
        )
    sheet.begin_row("head")
    for place, cell in enumerate(table.head_cells):
        sheet.enter_column(table.first_column + place)
        drop = (count - len(cell)) * setting.leading if setting.valign != "top" else 0.0
        for number, line in enumerate(cell):
            sheet.write(
                table.lefts[place],
                flow.y + drop + number * setting.leading + setting.size,
                line,
                size=setting.size,
                bold=setting.head_bold,
                align=aligns[place],
                width=table.widths[place],
                grey=255 if setting.head_shade < 100 else 0,
            )
    sheet.end_row()
    flow.y += height + 2
    if setting.rules != "none":
        sheet.rule(left, flow.y, right, flow.y)
    flow.y += 1 + setting.pad / 2


def _set_groups(flow: Flow, table: Table) -> None:
    """Write the heads over several columns, in a line above the heads of the columns."""
    setting, sheet = table.setting, flow.sheet
    if not table.groups:
        return
    sheet.begin_row("head")
    for first, last, text in table.groups:
        left = table.lefts[first]
        width = table.lefts[last] + table.widths[last] - left
        line: Line = [Span(text, "column_header")]
        sheet.write(
            left,
            flow.y + setting.size,
            line,
            size=setting.size,
            bold=setting.head_bold,
            align="center",
            width=width,
        )
        if setting.rules != "none":
            low = flow.y + setting.leading
            sheet.rule(left, low, left + width, low)
    sheet.end_row()
    flow.y += setting.leading * 1.15


def _fill(left: float, top: float, right: float, bottom: float, grey: int) -> Shape:
    return Shape("fill", left, top, right, bottom, grey)


def _set_row(flow: Flow, table: Table, row: Row, shade: int) -> None:
    setting, sheet = table.setting, flow.sheet
    height = _row_height(row, setting)
    left, right = table.left, table.lefts[-1] + table.widths[-1]
    if shade < 255:
        sheet.shapes.insert(0, _fill(left, flow.y, right, flow.y + height, shade))
    if row.ruled or (setting.rules in ("rows", "grid", "dashes") and not row.glued):
        level = flow.y - setting.pad / 4
        kind = "dashes" if setting.rules == "dashes" else "line"
        sheet.shapes.append(Shape(kind, left, level, right, level, 90))
    top = flow.y + row.gap
    count = max((len(cell) for cell in row.cells), default=1)
    sheet.begin_row(row.role_in_bill())
    for place, cell in enumerate(row.cells):
        sheet.enter_column(table.first_column + place)
        drop = _drop(setting, count, len(cell)) if place != table.wraps else 0.0
        _set_cell(sheet, table, place, cell, top + drop, row)
    sheet.enter_column(-2)
    for column, indent, cell in row.free:
        for number, line in enumerate(cell):
            baseline = top + number * setting.leading + setting.size
            x = table.lefts[column] + indent
            sheet.write(x, baseline, line, size=setting.size, item=row.item, bold=row.bold)
    sheet.end_row()
    if row.struck:
        sheet.rule(left, top + setting.size * 0.6, right, top + setting.size * 0.7)
    flow.y += height


def _drop(setting: Setting, count: int, lines: int) -> float:
    if setting.valign == "top" or lines >= count:
        return 0.0
    spare = (count - lines) * setting.leading
    return spare if setting.valign == "bottom" else spare / 2


def _set_cell(sheet: Sheet, table: Table, place: int, cell: Cell, top: float, row: Row) -> None:
    setting = table.setting
    for number, line in enumerate(cell):
        sheet.write(
            table.lefts[place],
            top + number * setting.leading + setting.size,
            line,
            size=setting.size,
            item=row.item,
            bold=row.bold,
            align=table.aligns[place],
            width=table.widths[place],
        )


def _close_table(flow: Flow, table: Table, top: float) -> None:
    """Draw the frame or rules that enclose the rows set on this sheet."""
    setting, sheet = table.setting, flow.sheet
    right = table.lefts[-1] + table.widths[-1]
    if setting.rules in ("frame", "grid"):
        sheet.shapes.append(Shape("frame", table.left - 2, top, right + 2, flow.y))
        for x in table.lefts[1:]:
            sheet.rule(x - setting.gap / 2, top, x - setting.gap / 2, flow.y, 90)
    elif setting.rules == "head":
        sheet.rule(table.left, flow.y, right, flow.y)
