"""A plain form with chosen columns, blank cells and struck numbers.

Random layouts do not take a list of cells to print. Goods receipts and debit memos, for which there
is no random layout, and rows that need a certain look are laid out here.
"""

import random
from dataclasses import replace

from data.synthesis.commerce import wording
from data.synthesis.commerce.deals import Pair
from data.synthesis.commerce.tagged_text import Cell, Span
from data.synthesis.layouts import blocks, columns
from data.synthesis.layouts.documents import SyntheticDocument
from data.synthesis.layouts.sheets import Face, Shape, Sheet
from data.synthesis.layouts.tables import Flow, Setting, Table, lay_out
from data.synthesis.layouts.tables import Row as TableRow
from data.synthesis.layouts.typesetting import set_table
from data.synthesis.stories.papers import phrases
from data.synthesis.stories.papers.printed_content import Content, PrintedDeal, PrintedLine, Row

_PAPERS = ((595.0, 842.0), (612.0, 792.0))
_LEFT = {"description", "product_code", "unit", "line_number"}
_PRICED = {"invoice", "credit_memo", "purchase_order", "receipt", "debit_memo"}


def lay_out_form(
    rng: random.Random, content: Content, face_name: str, face: Face
) -> SyntheticDocument:
    """Return the document with all its columns printed; carried forward where it is split."""
    deal = content.deal()
    width, height = rng.choice(_PAPERS)
    margin, size = rng.uniform(36, 60), rng.choice((8.0, 9.0, 9.5, 10.0))

    def start(number: int) -> tuple[Sheet, float]:
        sheet = Sheet(width, height, face)
        if number:
            return sheet, rng.uniform(40, 70)
        return sheet, _head(rng, sheet, deal, content, (margin, size))

    flow = Flow(start, bottom=height - 70, max_sheets=4)
    flow.turn()
    parts = _parts(content)
    setting = _setting(rng, size)
    for place, part in enumerate(parts):
        if place:
            flow.turn()
        table = _table(deal, content, part, (margin, width - 2 * margin), replace(setting))
        _carry(table, deal, part, place, len(parts))
        lay_out(table, flow.sheet, random.Random(place))
        set_table(flow, table)
    if content.kind in _PRICED:
        blocks.totals(rng, flow, deal, margin, size)
    blocks.remarks(rng, flow, deal, margin, size)
    blocks.small_print(rng, flow, deal, margin, size * 0.85)
    for number, sheet in enumerate(flow.sheets):
        blocks.footer(rng, sheet, deal, margin, f"{number + 1}/{len(flow.sheets)}")
        _strike(sheet)
    _run_together(flow.sheets, content)
    return SyntheticDocument(tuple(flow.sheets), deal, content.document_type, "form", face_name)


def _parts(content: Content) -> list[range]:
    """Return the rows of each page, split where the content asks for it."""
    count, split = len(content.rows), content.split_after
    return [range(split), range(split, count)] if 0 < split < count else [range(count)]


def _head(
    rng: random.Random, sheet: Sheet, deal: PrintedDeal, content: Content, form: tuple[float, float]
) -> float:
    """Write letterhead, title, addresses and labels; returns the first free y."""
    margin, size = form
    language, small = deal.style.language, min(size, 9.5)
    if content.by_buyer:
        y = margin + small
        sheet.write(margin, y, [Span(deal.customer.name, "customer_name")], size=small * 1.5)
        for text in deal.customer.address:
            y += small * 1.3
            sheet.write(margin, y, [Span(text)], size=small)
        y += small
    else:
        y = blocks.letterhead(rng, sheet, deal, margin, small)
    titles = phrases.TITLES.get(content.kind) or wording.TITLES[content.layout]
    y += 22
    title = [Span(rng.choice([text for text in titles[language] if text]))]
    sheet.write(margin, y, title, size=rng.uniform(13, 20), bold=rng.random() < 0.7)
    y += 14
    if content.by_buyer:
        sheet.write(margin, y + small, [Span(deal.vendor.name, "vendor_name")], size=small)
        low = y + small * 2
    else:
        low = blocks.address(rng, sheet, deal, margin, y, small)
    area = (sheet.width / 2, y, sheet.width / 2 - margin)
    return max(low, blocks.pair_block(rng, sheet, _pairs(rng, deal), area, small)) + 18


def _pairs(rng: random.Random, deal: PrintedDeal) -> list[Pair]:
    def label(choices: wording.Labels) -> str:
        return wording.pick_label(rng, choices, deal.style.language)

    number = Pair(label(phrases.NUMBER), deal.number, "document_id")
    day = Pair(label(phrases.DATE), deal.style.day(deal.day), "document_date")
    order = Pair(label(phrases.ORDER), deal.po_number, "purchase_order")
    others = [pair for pair in deal.pairs if pair.tag != "purchase_order"]
    return [number, day, *([order] if deal.number != deal.po_number else []), *others]


def _setting(rng: random.Random, size: float) -> Setting:
    return Setting(
        size=size,
        leading=size * 1.25,
        pad=size * rng.choice((0.3, 0.5, 0.8)),
        gap=size * 1.2,
        rules=rng.choice(("head", "rows", "grid", "zebra")),
        head_bold=rng.random() < 0.6,
        head_shade=rng.choice((255, 255, 225, 200)),
        head_repeat=True,
        valign="top",
    )


def _table(
    deal: PrintedDeal,
    content: Content,
    part: range,
    area: tuple[float, float],
    setting: Setting,
) -> Table:
    # The same heads on every page, and for every document of this vendor.
    rng = random.Random(f"{deal.vendor.name}/{content.kind}")
    cols = [columns.make_column(rng, kind, deal.style, [], False) for kind in content.columns]
    habit = replace(columns.pick_habit(rng, deal.style), extra_below=False, unit_in_price=False)
    rows = []
    for place in part:
        line, row = deal.lines[place], content.rows[place]
        cells = [
            _cell(line, row, column, deal, habit) if isinstance(line, PrintedLine) else []
            for column in cols
        ]
        rows.append(TableRow(cells, item=place))
    left, width = area
    return Table(
        heads=[column.head for column in cols],
        aligns=["left" if column.kind in _LEFT else "right" for column in cols],
        rows=rows,
        wraps=content.columns.index("description"),
        left=left,
        width=width,
        setting=setting,
    )


def _cell(
    line: PrintedLine, row: Row, column: columns.Column, deal: PrintedDeal, habit: columns.Habit
) -> Cell:
    kind = column.kind
    if kind in row.blank_cells:
        return []
    if kind == "quantity" and row.printed_quantity is not None:
        return [[Span(row.printed_quantity, "quantity")]]
    cell = columns.cell(line, column, deal.style, habit)
    if kind == "quantity_rejected":
        return [[Span(deal.style.quantity(line.rejected), kind)]]
    if kind == "quantity" and row.struck_quantity is not None:
        return [[Span(row.struck_quantity, "other", f"struck_quantity:{row.key}"), *cell[0]]]
    return cell


def _carry(table: Table, deal: PrintedDeal, part: range, place: int, count: int) -> None:
    """Add the sum so far at the foot of a page, or at the head of the next."""
    if count == 1:
        return
    done = part.stop if place == 0 else part.start
    total = sum((line.amount for line in deal.lines[:done]), deal.shipping * 0)
    words = phrases.CARRIED if place == 0 else phrases.BROUGHT
    cells: list[Cell] = [[] for _ in table.heads]
    name = words[deal.style.language][0]
    cells[table.wraps] = [[Span(name, "subtotal_row", "carried_forward")]]
    cells[-1] = [[Span(deal.style.money(total), "subtotal_row", "carried_forward")]]
    row = TableRow(cells, bold=True, ruled=True)
    table.rows = [*table.rows, row] if place == 0 else [row, *table.rows]


def _strike(sheet: Sheet) -> None:
    """Draw a pen stroke through the numbers that are struck out."""
    for ink in sheet.inks:
        if ink.mark.startswith("struck_quantity"):
            y = ink.baseline - ink.size * 0.33
            left, right = ink.left - 1.5, ink.left + ink.width + 1.5
            sheet.shapes.append(Shape("line", left, y + 1, right, y - 1, 0, 1.1))


def _run_together(sheets: list[Sheet], content: Content) -> None:
    """Move the amount after a row with `runs_into_next` against it: both read as one number."""
    for place, row in enumerate(content.rows[:-1]):
        if row.runs_into_next:
            for sheet in sheets:
                _join(sheet, place)


def _join(sheet: Sheet, item: int) -> None:
    amounts = {ink.item: place for place, ink in enumerate(sheet.inks) if ink.tag == "amount"}
    if not {item, item + 1} <= set(amounts):
        return
    below, above = sheet.inks[amounts[item + 1]], sheet.inks[amounts[item]]
    moved = below._replace(left=above.left + above.width, baseline=above.baseline)
    sheet.inks[amounts[item + 1]] = moved
