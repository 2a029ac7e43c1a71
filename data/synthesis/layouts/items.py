"""Makes item tables by family: ordinary, detail rows, parent and child rows, schedule grids."""

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce import wording
from data.synthesis.commerce.deals import Deal, DealLine
from data.synthesis.commerce.tagged_text import Cell, Span
from data.synthesis.layouts import columns, fillers, interruptions
from data.synthesis.layouts.columns import Column
from data.synthesis.layouts.tables import Carry, Row, Table, pick_setting


def ordinary_table(rng: random.Random, deal: Deal, left: float, width: float, size: float) -> Table:
    """Make a table of one row per item, with random columns, notes, sections and sums."""
    cols = columns.pick_columns(rng, deal.document_type, deal.style, deal.lines, deal.kind)
    return table_of(rng, deal, cols, (left, width, size))


def table_of(
    rng: random.Random,
    deal: Deal,
    cols: list[Column],
    area: tuple[float, float, float],
    below: Callable[[int], list[Row]] | None = None,
) -> Table:
    """Make a table of one row per item under those columns, with notes, sections and sums.

    `area` is left edge, width and size of print; `below` makes rows under the item at a place.
    """
    tier = _move_description(rng, cols) if below is None else None
    habits = interruptions.pick_habits(rng, deal, cols)
    table, habit = blank_table(rng, cols, deal, *area)
    for place, line in enumerate(deal.lines):
        row = interruptions.main_row(
            deal, item_row(deal, line, place, cols, habit), line, habits, cols
        )
        table.rows += interruptions.rows_before_item(rng, deal, habits, place, table.wraps)
        table.rows += [row] if tier is None else _tier_rows(row, line, place, tier)
        table.rows += below(place) if below else []
        table.rows += interruptions.rows_after_item(rng, deal, habits, place, table, cols)
    if rng.random() < (0.18 if not deal.column_sums else 0.5):
        table.rows.append(interruptions.totals_row(rng, deal, cols))
    if deal.drawn and rng.random() < 0.08:
        interruptions.strike_out(rng.choice(table.rows))
    return table


def _move_description(rng: random.Random, cols: list[Column]) -> tuple[str, int] | None:
    """Move the description to its own line, sometimes: (above or below, its column)."""
    places = [n for n, col in enumerate(cols) if col.kind == "description" and not col.stacked]
    if not places or len(cols) < 4 or rng.random() > 0.14:
        return None
    description = cols.pop(places[0])
    host = rng.randint(0, 1)
    if rng.random() < 0.7:
        cols[host].head += "\n" + description.head
    return rng.choice(("above", "below", "below")), host


def _tier_rows(row: Row, line: DealLine, place: int, tier: tuple[str, int]) -> list[Row]:
    text: Cell = [[Span(line.product.description, "description")]]
    if line.product.extra:
        text.append([Span(line.product.extra, "description")])
    other = Row(free=[(tier[1], 0.0, text)], item=place)
    if tier[0] == "above":
        row.glued = True
        return [other, row]
    other.glued = True
    return [row, other]


def blank_table(
    rng: random.Random, cols: list[Column], deal: Deal, left: float, width: float, size: float
) -> tuple[Table, columns.Habit]:
    """Return a table without rows under those columns, and the habits of its cells."""
    places = [n for n, col in enumerate(cols) if "description" in (col.kind, *col.stacked)]
    table = Table(
        heads=[col.head for col in cols],
        aligns=[col.align for col in cols],
        rows=[],
        wraps=places[0] if places else 0,
        left=left,
        width=width,
        setting=pick_setting(rng, size),
        show_head=rng.random() < 0.93,
        fill=rng.choice((1.0, 1.0, 1.0, 0.6, 0.2)),
        groups=_head_groups(rng, deal, cols) if rng.random() < 0.07 else [],
        carry=_carry(rng, deal, cols) if rng.random() < 0.3 else None,
        breaks_items=rng.random() < 0.12,
    )
    if rng.random() < 0.2:
        table.head_aligns = [rng.choice(("left", "center"))] * len(cols)
    return table, columns.pick_habit(rng, deal.style)


_GROUPED = {
    "quantity": {
        "quantity",
        "quantity_ordered",
        "quantity_shipped",
        "quantity_backordered",
        "quantity_received",
        "quantity_rejected",
        "unit",
        "quantity_unit",
    },
    "money": {"unit_price", "discount_rate", "tax_rate", "tax_amount", "amount", "gross_amount"},
    "article": {"line_number", "product_code", "buyer_item_id", "gtin", "description"},
}


def _head_groups(rng: random.Random, deal: Deal, cols: list[Column]) -> list[tuple[int, int, str]]:
    """Draw heads over runs of two columns and more of one group: (first, last, text)."""
    groups = []
    for name, kinds in _GROUPED.items():
        places = [place for place, col in enumerate(cols) if col.kind in kinds]
        run = places == list(range(places[0], places[-1] + 1)) if places else False
        if run and len(places) > 1 and rng.random() < 0.7:
            text = wording.pick_label(rng, wording.HEAD_GROUPS[name], deal.style.language)
            groups.append((places[0], places[-1], text.format(currency=deal.style.currency)))
    return groups


def _carry(rng: random.Random, deal: Deal, cols: list[Column]) -> Carry | None:
    """Draw how the sum so far is carried: at the foot of a page, the head of the next, or both."""
    places = [place for place, col in enumerate(cols) if col.kind == "amount"]
    if not places:
        return None
    names = [wording.pick_label(rng, wording.SUBTOTALS, deal.style.language) for _ in range(2)]
    below, above = rng.choice(((names[0], names[1]), (names[0], ""), ("", names[1])))
    return Carry(below, above, places[0], deal.style.money)


def item_row(
    deal: Deal, line: DealLine, place: int, cols: list[Column], habit: columns.Habit
) -> Row:
    """Return the item's row, a cell for each column."""
    return Row([columns.cell(line, col, deal.style, habit) for col in cols], item=place)


def detail_table(rng: random.Random, deal: Deal, left: float, width: float, size: float) -> Table:
    """Make a table of items whose main row has the amount, with detail rows under a small head.

    The unit price is in the detail rows and only sometimes also in the main row; where both print
    it, the main row's is the item's.
    """
    cols = columns.pick_columns(rng, deal.document_type, deal.style, deal.lines, deal.kind)
    if rng.random() < 0.6:
        cols = [col for col in cols if "unit_price" not in (col.kind, *col.stacked)]
    table, habit = blank_table(rng, cols, deal, left, width, size)
    priced = any("unit_price" in (col.kind, *col.stacked) for col in cols)
    labels = wording.DETAIL_HEADS[deal.style.language]
    chosen = sorted(rng.sample(range(6), rng.randint(3, 6)) + ([] if priced else [4]))
    chosen = list(dict.fromkeys(chosen))
    step = size * rng.uniform(0.52, 0.7)  # points per character of the widest cell
    indent = rng.choice((8.0, 20.0, 40.0))
    lead = rng.choice(("", "Week:", "Line:", "-"))
    once = rng.random() < 0.3
    for place, line in enumerate(deal.lines):
        table.rows.append(item_row(deal, line, place, cols, habit))
        if rng.random() < 0.3 and line.product.extra:
            table.rows.append(_free_row([(0, indent, [[Span(line.product.extra)]])], place))
        if place == 0 or not once:
            starts = _column_starts(deal, labels, chosen, (indent, step))
            heads: list[tuple[int, float, Cell]] = [
                (0, x, [[Span(labels[k], "column_header")]])
                for x, k in zip(starts, chosen, strict=True)
            ]
            table.rows.append(_free_row(heads, place))
        for week in range(rng.choice((1, 1, 1, 2, 3))):
            table.rows.append(
                _detail_row(rng, deal, line, (place, week), (chosen, indent, step, lead, priced))
            )
    return table


def _column_starts(
    deal: Deal, labels: tuple[str, ...], chosen: list[int], form: tuple[float, float]
) -> list[float]:
    """The left edges of the detail columns, wide enough for head and value."""
    x, step = form
    day = len(deal.style.day(deal.day))
    min_lengths = (day, day, 7, 3, 11, 5)
    starts = []
    for k in chosen:
        starts.append(x)
        x += (max(len(labels[k]), min_lengths[k]) + 1) * step
    return starts


def _free_row(parts: list[tuple[int, float, Cell]], item: int) -> Row:
    return Row(free=parts, item=item, glued=True)


def _detail_row(
    rng: random.Random,
    deal: Deal,
    line: DealLine,
    place_and_week: tuple[int, int],
    form: tuple[list[int], float, float, str, bool],
) -> Row:
    chosen, indent, step, lead, priced = form
    place, week = place_and_week
    start = line.day + timedelta(days=7 * week)
    texts = (
        Span(deal.style.day(start)),
        Span(deal.style.day(start + timedelta(days=6))),
        Span(fillers.weekdays(rng)),
        Span(str(rng.randint(1, 9))),
        Span(
            deal.style.money(line.price, deal.style.price_places),
            "other" if priced else "unit_price",
        ),
        Span(deal.style.number(Decimal(0), 2)),
    )
    parts: list[tuple[int, float, Cell]] = []
    starts = _column_starts(deal, wording.DETAIL_HEADS[deal.style.language], chosen, (indent, step))
    for x, k in zip(starts, chosen, strict=True):
        parts.append((0, x, [[texts[k]]]))
    if lead:
        parts.insert(0, (0, max(indent - 28, 0.0), [[Span(lead)]]))
    return _free_row(parts, place)


def parent_child_table(
    rng: random.Random, deal: Deal, left: float, width: float, size: float
) -> Table:
    """Make a table of parent rows that describe and child rows with dates and money.

    Each child is an item; the parent's words belong to its first child.
    """
    names, kinds = _pick_parent_and_all_kinds(rng)
    signed = rng.random() < 0.7
    cols = [columns.make_column(rng, kind, deal.style, deal.lines, signed) for kind in kinds]
    columns.rename_heads(rng, cols, deal.style, deal.kind)
    table, habit = blank_table(rng, cols, deal, left, width, size)
    bold, ranged = rng.random() < 0.6, rng.random() < 0.5
    numbered = set(rng.sample(("line_number", "channel"), rng.randint(0, 1)))
    place = 0
    while place < len(deal.lines):
        count = min(rng.choice((1, 1, 1, 2, 3, 4)), len(deal.lines) - place)
        group = deal.lines[place : place + count]
        parent = item_row(deal, group[0], place, cols, habit)
        parent.cells = [
            cell if col.kind in names else [] for cell, col in zip(parent.cells, cols, strict=True)
        ]
        parent.bold = bold
        table.rows.append(parent)
        if rng.random() < 0.25:
            table.rows += interruptions.note_rows(rng, deal, 1, place)
        if ranged:
            table.rows.append(_range_row(rng, deal, group[0], cols, place))
        for offset, line in enumerate(group):
            table.rows.append(
                _child_row(deal, line, place + offset, (cols, names, numbered), habit)
            )
        place += count
    return table


def _pick_parent_and_all_kinds(rng: random.Random) -> tuple[list[str], list[str]]:
    """Draw the column kinds that parent rows print, and the kinds of all columns."""
    names = ["line_number", "description"]
    names += rng.sample(("channel", "time", "type"), rng.randint(1, 2))
    below = ["date", *rng.sample(("day", "length", "clock", "ad", "page"), rng.randint(1, 4))]
    if rng.random() < 0.35:
        below += ["quantity", "unit_price"]
    if rng.random() < 0.12:
        rng.shuffle(below)
    kinds = [*names, *below, "amount"]
    if rng.random() < 0.3:
        kinds.insert(
            rng.randint(len(names), len(kinds)), rng.choice(("reconciliation", "tax_code"))
        )
    return names, kinds


def _range_row(
    rng: random.Random, deal: Deal, line: DealLine, cols: list[Column], place: int
) -> Row:
    date_column = next(n for n, col in enumerate(cols) if col.kind == "date")
    joint = rng.choice((" to ", " - ", "-"))
    start = line.day - timedelta(days=line.day.weekday())
    text = deal.style.day(start) + joint + deal.style.day(start + timedelta(days=6))
    parts: list[tuple[int, float, Cell]] = [(date_column, -14.0, [[Span(text)]])]
    if rng.random() < 0.7:
        later = min(date_column + 2, len(cols) - 1)
        parts.append((later, 6.0, [[Span(f"{rng.randint(1, 5)}x"), Span(fillers.weekdays(rng))]]))
    return _free_row(parts, place)


def _child_row(
    deal: Deal,
    line: DealLine,
    place: int,
    form: tuple[list[Column], list[str], set[str]],
    habit: columns.Habit,
) -> Row:
    cols, names, numbered = form
    row = item_row(deal, line, place, cols, habit)
    row.glued = True
    row.cells = [
        [] if col.kind in names and col.kind not in numbered else cell
        for cell, col in zip(row.cells, cols, strict=True)
    ]
    return row


def schedule_table(rng: random.Random, deal: Deal, left: float, width: float, size: float) -> Table:
    """Make a grid with a column of counts per week (or weekday), then total, rate and amount."""
    style = deal.style
    weeks = rng.choice((3, 4, 5, 6, 7, 8, 13))
    by_day = rng.random() < 0.45
    weeks = 7 if by_day else weeks
    front = [
        kind for kind in ("line_number", "date", "time", "length", "type") if rng.random() < 0.5
    ]
    front.insert(rng.randint(0, len(front)), "description")
    tail = ["quantity", "unit_price", "amount"]
    if rng.random() < 0.3:
        rng.shuffle(tail)
    early = rng.random() < 0.2
    signed = rng.random() < 0.6
    head = [columns.make_column(rng, kind, style, deal.lines, signed) for kind in front]
    end = [columns.make_column(rng, kind, style, deal.lines, signed) for kind in tail]
    columns.rename_heads(rng, [*head, *end], style, deal.kind)
    grid = _week_columns(rng, deal, weeks, by_day)
    cols = [*head, *end, *grid] if early else [*head, *grid, *end]
    while rng.random() < 0.4:
        filler = columns.make_column(
            rng, rng.choice(tuple(fillers.FILLERS)), style, deal.lines, signed
        )
        if filler.kind not in {col.kind for col in cols}:
            cols.insert(rng.choice((0, len(head), len(cols), len(cols))), filler)
    table, habit = blank_table(rng, cols, deal, left, width, size)
    crossed = by_day and rng.random() < 0.5
    for place, line in enumerate(deal.lines):
        marks = _week_marks(rng, weeks, int(line.quantity) if not crossed else 0)
        for number, col in enumerate(grid):
            line.words[col.kind] = marks[number]
        table.rows.append(item_row(deal, line, place, cols, habit))
        if rng.random() < 0.1:
            table.rows += interruptions.note_rows(rng, deal, table.wraps, place)
    if rng.random() < 0.4:
        table.rows.append(interruptions.totals_row(rng, deal, cols))
    return table


def _week_columns(rng: random.Random, deal: Deal, weeks: int, by_day: bool) -> list[Column]:
    days = rng.choice(
        (
            ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
            tuple("MTWTFSS"),
            ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        )
    )
    form = rng.choice(("%m/%d", "%d.%m", "%b %d", "%d-%b", "W%V"))
    start = deal.day
    heads = [
        days[n] if by_day else (start + timedelta(days=7 * n)).strftime(form) for n in range(weeks)
    ]
    return [Column(f"grid{n}", head, "center") for n, head in enumerate(heads)]


def _week_marks(rng: random.Random, count: int, total: int) -> list[str]:
    if total <= 0:
        return [rng.choice(("X", "X", "-", "")) for _ in range(count)]
    marks = [0] * count
    for _ in range(min(total, 60)):
        marks[rng.randrange(count)] += 1
    blank = rng.choice(("", "-", "0", "."))
    return [str(mark) if mark else blank for mark in marks]
