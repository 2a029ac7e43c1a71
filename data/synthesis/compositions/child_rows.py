"""Rows under an item that split it: deliveries by date, lots with expiry dates, serial numbers.

The item above has the whole quantity, so its children's counts are no quantities of items.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import Deal, DealLine
from data.synthesis.commerce.form_heads import names_of
from data.synthesis.commerce.tagged_text import Cell, Line, Span
from data.synthesis.layouts.columns import MEASURED, Column
from data.synthesis.layouts.tables import Row

DELIVERIES = 0.22  # share of the orders with a delivery schedule under their lines
LOTS = 0.14  # share of the forms that list lots or serial numbers under their items
RowsBelow = Callable[[int], list[Row]]


@dataclass(frozen=True, slots=True)
class _Form:
    """The print of the children of a document."""

    kind: str  # deliveries | lots | serials
    share: float  # of the items
    indent: float
    aligned: bool  # in the columns of their parent, where it has such columns
    labels: tuple[str, str, str]  # of date, count and lot; empty where none are printed
    numbered: bool


def pick_children(rng: random.Random, deal: Deal, cols: list[Column]) -> RowsBelow | None:
    """Draw whether items have children, and how; text begins where the description stands."""
    draw = rng.random()
    deliveries = DELIVERIES if deal.document_type == "purchase_order" else DELIVERIES / 4
    if draw > deliveries + LOTS:
        return None
    language = deal.style.language
    labelled = rng.random() < 0.6
    labels = [
        rng.choice(names_of(kind, language)) if labelled else "" for kind in ("date", "quantity")
    ]
    form = _Form(
        kind="deliveries" if draw < deliveries else rng.choice(("lots", "lots", "serials")),
        share=rng.choice((0.3, 0.6, 1.0)),
        indent=rng.choice((0.0, 8.0, 16.0, 30.0)),
        aligned=rng.random() < 0.5,
        labels=(labels[0], labels[1], rng.choice(names_of("lot", language))),
        numbered=rng.random() < 0.4,
    )

    def rows_below(place: int) -> list[Row]:
        if rng.random() > form.share:
            return []
        return _child_rows(rng, deal, deal.lines[place], (place, cols), form)

    return rows_below


def split(rng: random.Random, quantity: Decimal, parts: int) -> list[Decimal]:
    """Split a quantity in parts that sum to it; whole ones where it is whole."""
    if quantity < parts or quantity != quantity.to_integral_value():
        return [quantity]
    cuts = sorted(rng.sample(range(1, int(quantity)), parts - 1)) if quantity > parts else []
    edges = [0, *cuts, int(quantity)]
    return [Decimal(b - a) for a, b in pairwise(edges)]


def _child_rows(
    rng: random.Random,
    deal: Deal,
    line: DealLine,
    place_and_cols: tuple[int, list[Column]],
    form: _Form,
) -> list[Row]:
    place, cols = place_and_cols
    # Columns may have been taken out since the children were drawn.
    named = (n for n, col in enumerate(cols) if "description" in (col.kind, *col.stacked))
    described = next(named, 0)
    if form.kind == "serials":
        return [_serials(rng, line, (place, described), form)]
    rows = []
    counts = split(rng, line.quantity, rng.choice((1, 2, 2, 3, 4)))
    for number, count in enumerate(counts):
        day = deal.style.day(deal.day + timedelta(days=rng.choice((7, 14, 30)) * (number + 1)))
        text = deal.style.quantity(count)
        if form.kind == "deliveries" and form.aligned:
            rows.append(_aligned_row(cols, (day, text), place))
            continue
        words = _delivery(deal, (day, text), number, form, line.product.unit)
        if form.kind == "lots":
            words = _lot(rng, (day, text), form, line.product.unit)
        cell: Cell = [words]
        rows.append(
            Row(free=[(described, form.indent, cell)], item=place, glued=True, role="child")
        )
    return rows


def _aligned_row(cols: list[Column], day_and_count: tuple[str, str], place: int) -> Row:
    """Return a row with its date and count under its parent's columns."""
    day, count = day_and_count
    dated = next((n for n, col in enumerate(cols) if col.kind in ("date", "promised_date")), -1)
    named = next((n for n, col in enumerate(cols) if col.kind == "description"), 0)
    counted = next((n for n, col in enumerate(cols) if col.kind in MEASURED), -1)
    cells: list[Cell] = [[] for _ in cols]
    cells[dated if dated >= 0 else named] = [[Span(day)]]
    if counted >= 0:
        cells[counted] = [[Span(count)]]
    return Row(cells, item=place, glued=True, role="child")


def _delivery(
    deal: Deal, day_and_count: tuple[str, str], number: int, form: _Form, unit: str
) -> Line:
    day, count = day_and_count
    line: Line = [Span(f"{number + 1}.")] if form.numbered else []
    line += [Span(form.labels[0])] if form.labels[0] else []
    line.append(Span(day))
    line += [Span(form.labels[1])] if form.labels[1] else []
    return [*line, Span(count), Span(unit)]


def _lot(rng: random.Random, day_and_count: tuple[str, str], form: _Form, unit: str) -> Line:
    day, count = day_and_count
    line: Line = [Span(form.labels[2] + ":"), Span(catalogues.number(rng))]
    if form.numbered:
        line += [Span(rng.choice(("Exp", "EXP", "MHD", "Exp."))), Span(day)]
    return [*line, Span(count), Span(unit)]


def _serials(
    rng: random.Random, line: DealLine, place_and_column: tuple[int, int], form: _Form
) -> Row:
    """Return the serial numbers of an item in one row, as many as pieces but at most twelve."""
    place, column = place_and_column
    count = min(max(int(line.quantity), 1), 12)
    first = rng.randint(10_000, 9_000_000)
    numbers = ", ".join(str(first + number) for number in range(count))
    text: Cell = [[Span(rng.choice(("S/N", "SN:", "Serial No.", "Ser.-Nr."))), Span(numbers)]]
    return Row(free=[(column, form.indent, text)], item=place, glued=True, role="note")
