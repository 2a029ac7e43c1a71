"""Grids whose row sum is the quantity: sizes, stores, colours, months or weeks as columns.

The counts in the grid are no quantities of items. Some forms print the sizes of each article in a
line of their own above its counts.
"""

import random
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import Deal
from data.synthesis.commerce.tagged_text import Cell, Line, Span
from data.synthesis.compositions import quantity_columns
from data.synthesis.languages import LANGUAGES
from data.synthesis.layouts import columns, fillers, interruptions, items
from data.synthesis.layouts.columns import Column
from data.synthesis.layouts.tables import Row, Table

OWN_SIZES = 0.22  # share of the grids that print the sizes again for each article
GROUPED = 0.4  # a head over the grid
SUMMED = 0.4
_SCALES: tuple[tuple[str, ...], ...] = (
    ("XS", "S", "M", "L", "XL"), ("S", "M", "L", "XL", "XXL"), ("S", "M", "L", "XL", "2XL", "3XL"),
    ("36", "37", "38", "39", "40", "41", "42"), ("34", "36", "38", "40", "42", "44"),
    ("46", "48", "50", "52", "54", "56"), ("28", "30", "32", "34", "36", "38"),
    ("6", "6.5", "7", "7.5", "8", "8.5", "9", "10"), ("2Y", "4Y", "6Y", "8Y", "10Y", "12Y"),
    ("0-3M", "3-6M", "6-9M", "12M", "18M"), ("BLK", "WHT", "RED", "NVY"), ("250ml", "1l"),
)  # fmt: skip
_GROUP_HEADS = ("Sizes", "Size", "Größen", "Tailles", "Tallas", "Taglie", "Maten", "Stores",
                "Breakdown", "Schedule", "Allocation", "Sizes / Qty")  # fmt: skip
_IDENTITY = {"line_number": 0.35, "product_code": 0.7, "description": 0.92, "colour": 0.4,
             "gtin": 0.06, "date": 0.12}  # fmt: skip
_BLANKS = ("", "", "-", "0", ".")


def prepare_grid(rng: random.Random, deal: Deal) -> None:
    """Draw whole quantities, and for papers that may have none whether prices are printed."""
    quantity_columns.prepare_form(rng, deal)
    for line in deal.lines:
        line.quantity = Decimal(rng.choice((6, 10, 12, 18, 24, 36, 48, rng.randint(4, 400))))
        line.ordered, line.before, line.refused = line.quantity, Decimal(0), Decimal(0)


def grid_table(rng: random.Random, deal: Deal, left: float, width: float, size: float) -> Table:
    """Make a table with counts by size, store or month, and their sum as the quantity."""
    names = _pick_names(rng, deal)
    blank = rng.choice(_BLANKS)
    counts = [_counts(rng, line.quantity, len(names), blank) for line in deal.lines]
    if rng.random() < OWN_SIZES:
        return _table_of_own_sizes(rng, deal, (left, width, size), (names, counts))
    head, tail = _pick_sides(rng, deal)
    grid = [Column(f"grid{n}", name, "center") for n, name in enumerate(names)]
    for line, marks in zip(deal.lines, counts, strict=True):
        line.words |= {col.kind: mark for col, mark in zip(grid, marks, strict=True)}
    early = rng.random() < 0.15
    cols = [*head, *tail, *grid] if early else [*head, *grid, *tail]
    table, habit = items.blank_table(rng, cols, deal, left, width, size)
    if rng.random() < GROUPED:
        first = cols.index(grid[0])
        table.groups = [(first, first + len(grid) - 1, rng.choice(_GROUP_HEADS))]
    for place, line in enumerate(deal.lines):
        row = items.item_row(deal, line, place, cols, habit)
        row.amount = line.amount
        table.rows.append(row)
        if rng.random() < 0.06:
            table.rows += interruptions.note_rows(rng, deal, table.wraps, place)
    if rng.random() < SUMMED:
        _add_sums(deal, counts, grid)
        table.rows.append(interruptions.totals_row(rng, deal, cols))
    return table


def _pick_names(rng: random.Random, deal: Deal) -> list[str]:
    """Draw what the columns of the grid are: a scale of sizes, stores, months, weeks or days."""
    draw, count = rng.random(), rng.choice((3, 4, 5, 6, 8, 10, 12))
    if draw < 0.5:
        return list(rng.choice(_SCALES))
    if draw < 0.65:
        lead = rng.choice(("", "", "Store ", "F", "#", "Fil. "))
        return [lead + catalogues.digits(rng, rng.choice((2, 3, 4))) for _ in range(count)]
    if draw < 0.8:
        months = LANGUAGES[deal.style.language].short_months
        first = rng.randrange(12)
        year = rng.choice(("", "", f" {deal.day.year % 100}", f"/{deal.day.year % 100}"))
        return [months[(first + n) % 12] + year for n in range(min(count, 12))]
    if draw < 0.92:
        form = rng.choice(("W{:02d}", "KW{}", "S{}", "Wk {}", "{:02d}"))
        first = rng.randint(1, 40)
        return [form.format(first + n) for n in range(count)]
    form = rng.choice(("%d.%m", "%m/%d", "%d/%m"))
    return [(deal.day + timedelta(days=7 * n)).strftime(form) for n in range(count)]


def _counts(rng: random.Random, quantity: Decimal, places: int, blank: str) -> list[str]:
    """Split the quantity over the places of a grid, as printed; some places get nothing."""
    share = rng.choice((0.5, 0.8, 1.0))
    open_places = [n for n in range(places) if rng.random() < share] or [rng.randrange(places)]
    marks, left = [0] * places, int(quantity)
    for number, place in enumerate(open_places):
        rest = len(open_places) - number
        part = left if rest == 1 else min(left, rng.randint(0, max(2 * left // rest, 1)))
        marks[place] = part
        left -= part
    return [str(mark) if mark else blank for mark in marks]


def _pick_sides(rng: random.Random, deal: Deal) -> tuple[list[Column], list[Column]]:
    """Draw the columns before the grid and those after it; the sum of the row is after it."""
    front = [kind for kind, odd in _IDENTITY.items() if rng.random() < odd]
    if not {"description", "product_code"} & set(front):
        front.append("description")
    delivery = quantity_columns.use_of(deal) == "delivery"
    back = [rng.choice(("quantity", "quantity", "quantity_shipped")) if delivery else "quantity"]
    back += ["unit"] if rng.random() < 0.15 else []
    if deal.priced:
        back += ["unit_price"]
        back += ["price_base_quantity"] if any(line.base != 1 for line in deal.lines) else []
        back += ["discount_rate"] if any(line.discount_rate for line in deal.lines) else []
        back += ["amount"]
        if rng.random() < 0.15:
            rng.shuffle(back)
    signed = rng.random() < 0.4
    head, tail = (
        [
            columns.make_column(rng, kind, deal.style, deal.lines, signed)
            if kind in fillers.FILLERS
            else quantity_columns.form_column(rng, deal, kind, signed)
            for kind in kinds
        ]
        for kinds in (front, back)
    )
    return head, tail


def _add_sums(deal: Deal, counts: list[list[str]], grid: list[Column]) -> None:
    """Sum the columns of the grid, for the closing row."""
    for place, col in enumerate(grid):
        total = sum(int(marks[place]) for marks in counts if marks[place].isdigit())
        deal.column_sums[col.kind] = str(total)


def _table_of_own_sizes(
    rng: random.Random,
    deal: Deal,
    area: tuple[float, float, float],
    names_and_counts: tuple[list[str], list[list[str]]],
) -> Table:
    """Make a table of articles, each with a line of its sizes and a line of their counts."""
    names, counts = names_and_counts
    head, tail = _pick_sides(rng, deal)
    cols = [*head, *tail]
    table, habit = items.blank_table(rng, cols, deal, *area)
    step = max(area[2] * rng.uniform(2.2, 3.4), max(map(len, names)) * area[2] * 0.7)
    begin = rng.choice((0.0, 10.0, 30.0))
    label = rng.choice(("", "", "Size", "Gr.", "T."))
    scales = [names] if rng.random() < 0.6 else [list(scale) for scale in _SCALES]
    for place, line in enumerate(deal.lines):
        row = items.item_row(deal, line, place, cols, habit)
        row.amount = line.amount
        sizes = rng.choice(scales)[: len(names)]
        marks = [mark for mark in counts[place][: len(sizes)]]
        if len(sizes) < len(names):
            marks = _counts(rng, line.quantity, len(sizes), "-")
        table.rows += [
            row,
            _spaced_row(sizes, (begin, step), place, label),
            _spaced_row(marks, (begin, step), place, ""),
        ]
    return table


def _spaced_row(texts: list[str], form: tuple[float, float], place: int, label: str) -> Row:
    """Return a row of texts at equal distances, across the columns of the table."""
    begin, step = form
    parts: list[tuple[int, float, Cell]] = []
    shift = step * 1.2 if label else 0.0
    if label:
        line: Line = [Span(label)]
        parts.append((0, begin, [line]))
    parts += [
        (0, begin + shift + number * step, [[Span(text)]])
        for number, text in enumerate(texts)
        if text
    ]
    return Row(free=parts, item=place, glued=True, role="child")
