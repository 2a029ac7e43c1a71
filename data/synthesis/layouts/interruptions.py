"""Rows between the items of a table: section titles, subtotals, notes, parts, discounts.

Every choice is made once a document, so that an interruption recurs as it does on real paper.
None of these rows is an item; those about an item (a note, a discount) carry its number.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues, wording
from data.synthesis.commerce.deals import Deal, DealLine
from data.synthesis.commerce.tagged_text import Cell, Line, Span
from data.synthesis.layouts import columns
from data.synthesis.layouts.columns import Column
from data.synthesis.layouts.tables import Row, Table


@dataclass(slots=True)
class Habits:
    """The interruptions of one document."""

    notes: float  # share of the items followed by notes
    subtotals: float  # share of the items followed by a sum of what came before
    parts: float  # share of the items followed by their parts
    discounts: str  # "" in columns | rows: gross, discount and net | below: net, discount below
    sections: tuple[int, ...]  # items before which a section begins
    titled: bool
    summed: bool
    headed: bool  # the head again in each section
    shade: int


def pick_habits(rng: random.Random, deal: Deal, cols: list[Column]) -> Habits:
    """Draw the interruptions of a document; most have one kind or none."""
    count = len(deal.lines)
    sections: tuple[int, ...] = ()
    if count >= 2 and rng.random() < 0.12:
        starts = rng.sample(range(1, count), min(rng.choice((1, 1, 2, 3, 5)), count - 1))
        sections = (0, *sorted(starts))
    titled = rng.random() < 0.85
    return Habits(
        notes=0.5 if rng.random() < 0.25 else 0.0,
        subtotals=0.2 if rng.random() < 0.07 else 0.0,
        parts=rng.uniform(0.2, 1.0) if rng.random() < 0.06 else 0.0,
        discounts=_discount_form(rng, deal, cols),
        sections=sections,
        titled=titled,
        summed=rng.random() < 0.55 if titled else True,
        headed=rng.random() < 0.2,
        shade=rng.choice((255, 255, 230, 205)),
    )


def _discount_form(rng: random.Random, deal: Deal, cols: list[Column]) -> str:
    """Draw the form of discount rows: "" where there are no discounts or no column for them."""
    kinds = {col.kind for col in cols}
    if any("discount_rate" in col.stacked for col in cols):
        return ""
    shown = any(line.discount for line in deal.lines) and "amount" in kinds
    if not shown or rng.random() < 0.6:
        return ""
    for col in [*cols]:
        if col.kind in ("discount_rate", "discount_amount"):
            cols.remove(col)
    return rng.choice(("rows", "rows", "below"))


def rows_before_item(
    rng: random.Random, deal: Deal, habits: Habits, place: int, column: int
) -> list[Row]:
    """Return the rows above the item at that place: a section title."""
    if place not in habits.sections:
        return []
    rows = []
    if habits.titled:
        line: Line = [Span(_section_title(rng, deal, habits.sections.index(place) + 1))]
        title_column = rng.choice((0, column))
        rows.append(
            Row(
                free=[(title_column, 0.0, [line])],
                bold=rng.random() < 0.7,
                gap=3.0,
                shade=habits.shade,
                role="heading",
            )
        )
    if habits.headed and rows:
        rows[0].headed = place > 0 or rng.random() < 0.5
    return rows


def rows_after_item(
    rng: random.Random, deal: Deal, habits: Habits, place: int, table: Table, cols: list[Column]
) -> list[Row]:
    """Return the rows below the item at that place: its own rows, then the end of its section."""
    line = deal.lines[place]
    rows: list[Row] = []
    if habits.discounts and line.discount:
        rows += _discount_rows(rng, deal, line, (place, habits.discounts), (table.wraps, cols))
    if habits.notes and rng.random() < habits.notes:
        rows += note_rows(rng, deal, table.wraps, place)
    if habits.parts and rng.random() < habits.parts:
        rows += _part_rows(rng, deal, cols, place)
    ends = place + 1 in habits.sections or (place + 1 == len(deal.lines) and habits.sections)
    if ends and habits.summed:
        begin = max(start for start in habits.sections if start <= place)
        rows.append(_subtotal_row(rng, deal, cols, (begin, place + 1)))
    elif habits.subtotals and rng.random() < habits.subtotals:
        since = rng.choice((0, max(place + 1 - rng.randint(1, 5), 0)))
        rows.append(_subtotal_row(rng, deal, cols, (since, place + 1)))
    return rows


def main_row(deal: Deal, row: Row, line: DealLine, habits: Habits, cols: list[Column]) -> Row:
    """Return the item's row; where gross, discount and net have rows, its amount is the gross."""
    row.amount = line.amount
    if habits.discounts == "rows" and line.discount:
        for place, col in enumerate(cols):
            if col.kind == "amount":
                row.cells[place] = [[Span(deal.style.money(line.gross, signed=col.signed))]]
    return row


def _section_title(rng: random.Random, deal: Deal, number: int) -> str:
    text = wording.pick_label(rng, wording.SECTIONS, deal.style.language)
    noun = catalogues.noun(rng, deal.kind, deal.style.language)
    day = deal.style.day(deal.day - timedelta(days=rng.randint(0, 40)))
    return text.format(catalogues.number(rng), n=number, noun=noun, day=day)


def note_rows(rng: random.Random, deal: Deal, column: int, place: int) -> list[Row]:
    """Return one to three remarks on the item at that place: serial numbers, periods, origins."""
    rows = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        text = wording.pick_label(rng, wording.NOTES, deal.style.language)
        value = catalogues.number(rng)
        if rng.random() < 0.4:
            value = deal.style.day(deal.day - timedelta(days=rng.randint(0, 99)))
        elif rng.random() < 0.4:
            value = deal.style.money(Decimal(rng.randint(10, 99999)) / 100)
        line = [Span(text.format(value))]
        rows.append(
            Row(
                free=[(column, rng.choice((0.0, 0.0, 8.0)), [line])],
                item=place,
                glued=True,
                role="note",
            )
        )
    return rows


def _part_rows(rng: random.Random, deal: Deal, cols: list[Column], place: int) -> list[Row]:
    """Return rows of an item's parts: texts and counts that are no items, as they cost nothing."""
    rows = []
    style = deal.style
    lead = wording.pick_label(rng, wording.PARTS, style.language)
    for _ in range(rng.choice((1, 2, 2, 3))):
        noun = catalogues.noun(rng, deal.kind, style.language)
        count = style.quantity(Decimal(rng.randint(1, 12)))
        cells: list[Cell] = []
        for col in cols:
            text = ""
            if "description" in (col.kind, *col.stacked):
                text = rng.choice((f"- {noun}", f"{lead} {noun}", f"{count} x {noun}"))
            elif col.kind == "quantity" and rng.random() < 0.7:
                text = count
            elif col.kind == "product_code" and rng.random() < 0.5:
                text = catalogues.code(rng)
            elif col.kind == "amount" and rng.random() < 0.15:
                text = rng.choice(("incl.", "0.00", "-", "N/C", "inkl."))
            cells.append([[Span(text)]] if text else [])
        rows.append(Row(cells, item=place, glued=True, role="child"))
    return rows


def _discount_rows(
    rng: random.Random,
    deal: Deal,
    line: DealLine,
    place_and_kind: tuple[int, str],
    column_and_cols: tuple[int, list[Column]],
) -> list[Row]:
    """Return an item's discount as a row, and the net below it where that is the amount."""
    style, (place, kind), (column, cols) = deal.style, place_and_kind, column_and_cols
    rate = style.quantity(line.discount_rate) + rng.choice((" %", "%"))
    name: Line = [Span(wording.pick_label(rng, wording.DISCOUNTS, style.language))]
    if rng.random() < 0.7:
        name.append(Span(rate, "discount_rate"))
    minus = line.discount if rng.random() < 0.2 else -line.discount
    value = Span(style.money(minus, signed=False), "discount_amount")
    rows = [_labelled_row(cols, column, name, value, place)]
    if kind == "rows":
        text = wording.pick_label(rng, wording.NETS, style.language) if rng.random() < 0.6 else ""
        amount = Span(style.money(line.amount, signed=False), "amount")
        rows.append(_labelled_row(cols, column, [Span(text)] if text else [], amount, place))
    return rows


def _labelled_row(cols: list[Column], column: int, name: Line, value: Span, place: int) -> Row:
    cells: list[Cell] = [[] for _ in cols]
    if name:
        cells[column] = [name]
    for number, col in enumerate(cols):
        if col.kind == "amount":
            cells[number] = [[value]]
    return Row(cells, item=place, glued=True)


def _subtotal_row(rng: random.Random, deal: Deal, cols: list[Column], span: tuple[int, int]) -> Row:
    """Return a subtotal row: the sum of those lines' amounts in the amount column."""
    total = sum((line.amount for line in deal.lines[span[0] : span[1]]), Decimal(0))
    name = wording.pick_label(rng, wording.SUBTOTALS, deal.style.language)
    values = {"amount": deal.style.money(total)}
    return sum_row(cols, name, values, rng.random() < 0.5, "subtotal_row")


def sum_row(cols: list[Column], name: str, values: dict[str, str], bold: bool, tag: str) -> Row:
    """Return a row of sums by column kind; its name is in the first free column that has room."""
    cells: list[Cell] = []
    named = False
    for col in cols:
        text = values.get(col.kind, "")
        cell: Cell = [[Span(text, tag)]] if text else []
        if not named and not text and col.kind not in columns.NARROW:
            cell, named = [[Span(name, "subtotal_row")]], True
        cells.append(cell)
    return Row(cells, bold=bold, ruled=True, gap=2.0, role="subtotal")


def totals_row(rng: random.Random, deal: Deal, cols: list[Column]) -> Row:
    """Return a closing row under the columns; its sum of amounts is the document's subtotal."""
    style = deal.style
    values = deal.column_sums | {"amount": style.money(deal.net)}
    if rng.random() < 0.5:
        count = style.quantity(sum((line.quantity for line in deal.lines), Decimal(0)))
        values["quantity"] = values["quantity_shipped"] = count
    name = wording.pick_label(rng, wording.SUBTOTALS, style.language)
    row = sum_row(cols, name, values, True, "sub_total")
    for place, col in enumerate(cols):
        if col.kind != "amount" and row.cells[place]:
            row.cells[place] = [
                [Span(span.text, "subtotal_row") for span in line] for line in row.cells[place]
            ]
    return row


def strike_out(row: Row) -> None:
    """Strike out a row: its words are no item any more; only the image shows the stroke."""
    if row.item < 0 or not row.cells:
        return
    row.struck, row.role = True, "note"
    row.cells = [[[Span(span.text) for span in line] for line in cell] for cell in row.cells]
