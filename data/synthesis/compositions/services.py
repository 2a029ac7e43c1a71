"""Bills for services and subscriptions: few items, periods, hours at a rate, money at the edge.

Often one item alone. Periods, usage tiers, prorated credits and free lines stand among the items;
taxes and sums may be rows of the same table, or a headline above it.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from data.synthesis.commerce import vocabulary, wording
from data.synthesis.commerce.deals import Deal, DealLine, round_money
from data.synthesis.commerce.service_words import SERVICE_WORDS
from data.synthesis.commerce.tagged_text import Cell, Line, Span
from data.synthesis.layouts import columns, items
from data.synthesis.layouts.columns import Column
from data.synthesis.layouts.tables import Flow, Row, Table

ALONE = 0.45  # share of the bills with one item
HEADLINE = 0.22  # the sum and its date in large print above the items
WITHOUT_HEAD = 0.14
PRORATED = 0.16
TIERED = 0.1
FREE_LINE = 0.08
TAX_IN_TABLE = 0.28  # taxes and sums as rows of the table
PERIOD_BELOW = 0.35  # the period in a line below the item
COUNT_BELOW = 0.3  # hours and rate in a line below an item that has no columns for them
# Columns by shape of the table, and the share of each.
_SHAPES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (26, ("description", "amount")),
    (24, ("description", "quantity", "unit_price", "amount")),
    (8, ("description", "quantity", "amount")),
    (5, ("quantity", "description", "unit_price", "amount")),
    (6, ("description", "times", "amount")),
    (8, ("description", "period", "amount")),
    (7, ("description", "period", "quantity", "unit_price", "amount")),
    (4, ("description", "start", "end", "amount")),
    (6, ("date", "description", "quantity", "unit_price", "amount")),
    (3, ("date", "description", "amount")),
    (6, ("description", "quantity", "unit_price", "tax_rate", "amount")),
    (2, ("description", "quantity", "unit_price", "tax_amount", "amount")),
)


def count_services(rng: random.Random) -> int:
    """Draw how many items a bill for services has."""
    return 1 if rng.random() < ALONE else rng.choice((2, 2, 3, 3, 4, 5, 6, 8, 12, 20))


def prepare_services(rng: random.Random, deal: Deal) -> None:
    """Draw hours or seats for the quantities, and lines of tiers, prorated credits and gifts."""
    deal.shipping = deal.deduction = Decimal(0)
    form = rng.choice(("one", "one", "hours", "seats", "any"))
    words = SERVICE_WORDS[deal.style.language]
    for line in deal.lines:
        line.base, line.discount_rate = Decimal(1), Decimal(0)
        if form == "one":
            line.quantity = Decimal(1)
        elif form == "hours":
            line.quantity = Decimal(rng.randint(1, 160)) / rng.choice((1, 2, 4))
            line.product = line.product._replace(unit=rng.choice(words["hours"]))
        elif form == "seats":
            line.quantity = Decimal(rng.choice((1, 2, 3, 5, 7, 8, 10, 25, 50, 120)))
            line.product = line.product._replace(unit=rng.choice(words["seats"]))
    _add_lines(rng, deal)
    for line in deal.lines:
        if deal.style.money_places == 0 and line.quantity != line.quantity.to_integral_value():
            line.quantity = line.quantity.to_integral_value()


def _add_lines(rng: random.Random, deal: Deal) -> None:
    draw = rng.random()
    line = rng.choice(deal.lines)
    if draw < PRORATED:
        deal.lines += _prorated(rng, deal, line)
    elif draw < PRORATED + TIERED:
        place = deal.lines.index(line)
        deal.lines[place : place + 1] = _tiers(rng, deal, line)
    elif draw < PRORATED + TIERED + FREE_LINE:
        gift = _like(line, rng.choice(vocabulary.NOUNS["software"][deal.style.language]))
        gift.quantity, gift.price = Decimal(1), Decimal(0)
        deal.lines.insert(rng.randint(0, len(deal.lines)), gift)
    for place, numbered in enumerate(deal.lines):
        numbered.number = str(place + 1)


def _like(line: DealLine, text: str) -> DealLine:
    return replace(line, product=line.product._replace(description=text, extra=""), words={})


def _prorated(rng: random.Random, deal: Deal, line: DealLine) -> list[DealLine]:
    """Return a credit for unused time, and mostly the charge for the rest of it."""
    words, language = SERVICE_WORDS[deal.style.language], deal.style.language
    day = deal.style.day(deal.day - timedelta(days=rng.randint(1, 28)))
    prorated = []
    for kind, sign in (("unused", -1), ("remaining", 1)):
        noun = rng.choice(vocabulary.NOUNS["software"][language])
        charge = _like(line, rng.choice(words[kind]).format(noun=noun, day=day))
        share = Decimal(rng.randint(5, 95)) / 100
        price = round_money(abs(line.price) * share, deal.style.money_places)
        charge.quantity, charge.price = Decimal(1), max(price, Decimal(1)) * sign
        prorated.append(charge)
    return prorated if rng.random() < 0.7 else prorated[:1]


def _tiers(rng: random.Random, deal: Deal, line: DealLine) -> list[DealLine]:
    """Return an item's usage as lines of tiers, each at a lower price."""
    words, style = SERVICE_WORDS[deal.style.language], deal.style
    tiers, price = [], round_money(abs(line.price) / 20, style.price_places) + Decimal(1)
    for number in range(rng.choice((2, 2, 3))):
        count = Decimal(rng.choice((10, 50, 100, 250, 1000))) * (number + 1)
        text = rng.choice(words["more" if number else "first"])
        tier = _like(line, text.format(count=style.quantity(count)))
        tier.quantity = count if number == 0 else Decimal(rng.randint(1, 900))
        tier.price = price
        tier.words["tier_of"] = line.product.description
        price = max(round_money(price * Decimal("0.8"), style.price_places), Decimal("0.01"))
        if not style.money_places:
            price = max(price.to_integral_value(), Decimal(1))
        tiers.append(tier)
    return tiers


def write_opening(rng: random.Random, flow: Flow, deal: Deal, left: float, size: float) -> None:
    """Write what may stand above the items: the sum in large print, a sentence."""
    if rng.random() < HEADLINE:
        _headline(rng, flow, deal, left, size)
    if rng.random() < 0.15:
        flow.y += size * 1.6
        greeting = rng.choice(wording.JOINTS[deal.style.language][2:])
        flow.sheet.write(left, flow.y, [Span(greeting)], size=size)
        flow.y += size


def _headline(rng: random.Random, flow: Flow, deal: Deal, left: float, size: float) -> None:
    """Write the sum to pay and its date in large print, and perhaps a line to click on."""
    words = SERVICE_WORDS[deal.style.language]
    large = size * rng.uniform(1.1, 2.0)
    line: Line = []
    for part in rng.choice(words["due"]).split():
        if part == "{amount}":
            line.append(Span(deal.style.money(deal.total), "amount_due"))
        elif part == "{day}":
            line.append(Span(deal.style.day(deal.due), "due_date"))
        else:
            line.append(Span(part))
    flow.y += large * 1.4
    flow.sheet.write(left, flow.y, line, size=large, bold=rng.random() < 0.7)
    if rng.random() < 0.5:
        flow.y += size * 1.8
        flow.sheet.write(left, flow.y, [Span(rng.choice(words["link"]))], size=size)
    flow.y += size * rng.uniform(1.0, 3.0)


def service_table(rng: random.Random, deal: Deal, left: float, width: float, size: float) -> Table:
    """Make the table of a bill for services."""
    odds, shapes = zip(*_SHAPES, strict=True)
    kinds = list(rng.choices(shapes, odds)[0])
    if rng.random() < 0.2:
        kinds.insert(0, "line_number")
    cols = _columns(rng, deal, kinds)
    table, habit = items.blank_table(rng, cols, deal, left, width, size)
    table.show_head = rng.random() > (WITHOUT_HEAD if len(kinds) > 2 else 2 * WITHOUT_HEAD)
    table.breaks_items = False
    below = _below(rng, deal, kinds, table.wraps)
    blank_credits = rng.random() < 0.5
    for place, line in enumerate(deal.lines):
        table.rows += _tier_heading(deal, place, table.wraps)
        row = items.item_row(deal, line, place, cols, habit)
        if blank_credits and line.price <= 0:
            row.cells = [
                [] if col.kind in ("quantity", "unit_price", "times") else cell
                for cell, col in zip(row.cells, cols, strict=True)
            ]
        row.amount = line.amount
        table.rows.append(row)
        table.rows += below(line, place)
    if rng.random() < TAX_IN_TABLE:
        table.rows += _sum_rows(rng, deal, cols)
    return table


def _columns(rng: random.Random, deal: Deal, kinds: list[str]) -> list[Column]:
    words, style = SERVICE_WORDS[deal.style.language], deal.style
    signed = rng.random() < 0.65
    joint = rng.choice(words["each"])
    timed = rng.random() < 0.4
    _fill_periods(rng, deal)
    cols = []
    for kind in kinds:
        if kind in ("period", "start", "end"):
            cols.append(Column(kind, rng.choice(words[kind]), rng.choice(("left", "center"))))
            continue
        col = columns.make_column(rng, kind, style, deal.lines, signed)
        if timed and kind in ("quantity", "unit_price"):
            col.head = rng.choice(words["hours" if kind == "quantity" else "rate"])
        if kind == "times":
            col.joint = joint
        cols.append(col)
    columns.rename_heads(rng, cols, style, deal.kind)
    return cols


def _fill_periods(rng: random.Random, deal: Deal) -> None:
    """Draw the period of each line: mostly the same for all, a month or a year."""
    style = deal.style
    joint = rng.choice((" - ", " – ", " to ", "-", " / ", " … "))
    if rng.random() < 0.4 and style.language in ("en", "de", "fr"):
        joint = {"en": " through ", "de": " bis ", "fr": " au "}[style.language]
    start, days = _period(rng, deal.day)
    for line in deal.lines:
        if rng.random() < 0.2:
            start, days = _period(rng, deal.day)
        first, last = style.day(start), style.day(start + timedelta(days=days))
        line.words |= {"start": first, "end": last, "period": first + joint + last}


def _period(rng: random.Random, day: date) -> tuple[date, int]:
    return day - timedelta(days=rng.randint(0, 60)), rng.choice((6, 13, 27, 29, 30, 30, 89, 364))


def _below(
    rng: random.Random, deal: Deal, kinds: list[str], column: int
) -> Callable[[DealLine, int], list[Row]]:
    """Return the maker of the lines below an item: its period, or its hours at a rate."""
    dated = rng.random() < PERIOD_BELOW and not {"period", "start", "date"} & set(kinds)
    counted = rng.random() < COUNT_BELOW and not {"quantity", "times"} & set(kinds)
    indent = rng.choice((0.0, 0.0, 6.0, 12.0))
    label = rng.choice(("", "", rng.choice(SERVICE_WORDS[deal.style.language]["period"]) + ":"))
    first = rng.random() < 0.5

    def rows(line: DealLine, place: int) -> list[Row]:
        made = []
        if dated:
            words: Line = [Span(label)] if label else []
            words.append(Span(line.words["period"]))
            made.append(_row_below(column, indent, words, place, "note"))
        if counted and line.price > 0:
            made.append(_row_below(column, indent, _count_line(deal, line), place, "item"))
        return made if first else made[::-1]

    return rows


def _count_line(deal: Deal, line: DealLine) -> Line:
    style = deal.style
    each = SERVICE_WORDS[style.language]["each"][0]
    return [
        Span(style.quantity(line.quantity), "quantity"),
        Span(line.product.unit, "unit"),
        Span(each),
        Span(style.money(line.price, style.price_places), "unit_price"),
    ]


def _row_below(column: int, indent: float, words: Line, place: int, role: str) -> Row:
    cell: Cell = [words]
    return Row(free=[(column, indent, cell)], item=place, glued=True, role=role)


def _tier_heading(deal: Deal, place: int, column: int) -> list[Row]:
    """Return a row that names what the tiers below it are of, above the first of them."""
    name = deal.lines[place].words.get("tier_of")
    if not name or (place and deal.lines[place - 1].words.get("tier_of") == name):
        return []
    return [Row(free=[(column, 0.0, [[Span(name)]])], bold=place % 2 == 0, role="heading")]


def _sum_rows(rng: random.Random, deal: Deal, cols: list[Column]) -> list[Row]:
    """Return rows of the sum before tax, the tax and the total, in the columns of the items."""
    style, language = deal.style, deal.style.language
    money = next(place for place, col in enumerate(cols) if col.kind == "amount")
    signed = cols[money].signed
    values: list[tuple[str, Decimal, str]] = []
    if rng.random() < 0.5:
        values.append(("sub_total", deal.net, "subtotal"))
    taxes = deal.taxes()
    if len(taxes) == 1:
        values.append(("total_tax", deal.tax, "tax"))
    values.append(("invoice_total", deal.total, "subtotal"))
    named = rng.choice((0, max(money - 1, 0)))
    rows = []
    for tag, value, role in values if len(taxes) == 1 else values[:-1]:
        name = wording.pick_label(rng, wording.TOTALS[tag], language)
        if role == "tax" and rng.random() < 0.6:
            name += f" {style.quantity(taxes[0][0])}%"
        cells: list[Cell] = [[] for _ in cols]
        cells[named] = [[Span(name)]]
        cells[money] = [[Span(style.money(value, signed=signed), tag)]]
        rows.append(Row(cells, bold=tag == "invoice_total", role=role))
        deal.summed = deal.summed or tag == "invoice_total"
    return rows
