"""Parent rows over their children: kits with parts, sets that sum their articles, options.

Either the parent is billed and its parts cost nothing, or the children are billed and the parent
names them, with their sum or without. What carries the money is the item.
"""

import random
from dataclasses import dataclass
from decimal import Decimal

from data.synthesis.commerce import catalogues, wording
from data.synthesis.commerce.deals import Deal, DealLine
from data.synthesis.commerce.tagged_text import Cell, Span
from data.synthesis.compositions import quantity_columns
from data.synthesis.layouts import columns, interruptions, items
from data.synthesis.layouts.columns import MEASURED, Column
from data.synthesis.layouts.tables import Row, Table

# Who carries the money, and the share of each form: the parent with parts that cost nothing; the
# children under a parent with their sum, or under one without money; base and options alike.
_FORMS = {"parts": 42, "summed": 20, "named": 22, "options": 16}
FORM_COLUMNS = 0.25  # of the priced documents: many counts among the columns
GROUP_TOTAL = 0.35
_NO_PRICE = ("", "", "0", "incl.", "-", "N/C")  # printed for parts; 0 as money
_LEADS = ("", "", "- ", "• ", "> ", "+ ", "— ")


@dataclass(frozen=True, slots=True)
class _Look:
    """The marks that tell parents from children in one document."""

    lead: str  # before the names of children
    indent: float
    parent_bold: bool
    child_numbers: str  # "" none | dotted 1.1 | own: one count for all
    coded: bool
    no_price: str
    per_set: bool  # parts are counted for one set
    parent_count: bool


def kit_table(rng: random.Random, deal: Deal, left: float, width: float, size: float) -> Table:
    """Make a table of parent and child rows; `Row.role` and the tags say which are items."""
    cols = _pick_columns(rng, deal)
    table, habit = items.blank_table(rng, cols, deal, left, width, size)
    look = _Look(
        lead=rng.choice(_LEADS),
        indent=rng.choice((0.0, 0.0, 8.0, 16.0, 24.0)),
        parent_bold=rng.random() < 0.5,
        child_numbers=rng.choice(("", "dotted", "dotted", "own")),
        coded=rng.random() < 0.7,
        no_price=rng.choice(_NO_PRICE),
        per_set=rng.random() < 0.4,
        parent_count=rng.random() < 0.4,
    )
    form = rng.choices(tuple(_FORMS), tuple(_FORMS.values()))[0] if deal.priced else "parts"
    maker = _Maker(rng, deal, cols, habit, look)
    if form == "parts":
        table.rows = maker.rows_of_parts()
    else:
        table.rows = maker.rows_of_groups(form, totalled=rng.random() < GROUP_TOTAL)
    if rng.random() < 0.15:
        table.rows.append(interruptions.totals_row(rng, deal, cols))
    return table


def _pick_columns(rng: random.Random, deal: Deal) -> list[Column]:
    if not deal.priced or rng.random() < FORM_COLUMNS:
        cols = quantity_columns.form_columns(rng, deal)
    else:
        cols = columns.pick_columns(rng, deal.document_type, deal.style, deal.lines, deal.kind)
    for col in cols:
        if "description" in col.stacked:
            col.kind, col.stacked = "description", ()
    if all(col.kind != "description" for col in cols):
        place = min(1, len(cols))
        made = columns.make_column(rng, "description", deal.style, deal.lines, False)
        cols.insert(place, made)
    return cols


@dataclass(slots=True)
class _Maker:
    """Makes the rows of one document."""

    rng: random.Random
    deal: Deal
    cols: list[Column]
    habit: columns.Habit
    look: _Look

    def rows_of_parts(self) -> list[Row]:
        """Return each item with the parts that it consists of; some items have none."""
        rows = []
        share = self.rng.choice((0.4, 0.7, 1.0))
        for place, line in enumerate(self.deal.lines):
            row = items.item_row(self.deal, line, place, self.cols, self.habit)
            row.bold, row.amount = self.look.parent_bold, line.amount
            rows.append(row)
            if self.rng.random() < share:
                count = self.rng.choice((2, 2, 3, 3, 4, 6))
                rows += [self._part_row(line, place, number) for number in range(count)]
        return rows

    def rows_of_groups(self, form: str, *, totalled: bool) -> list[Row]:
        """Return items in groups, each under a parent row or under its first item."""
        rows: list[Row] = []
        place = number = 0
        while place < len(self.deal.lines):
            count = min(self.rng.choice((1, 2, 2, 3, 3, 4, 5)), len(self.deal.lines) - place)
            group = self.deal.lines[place : place + count]
            number += 1
            if form != "options":
                rows.append(self._parent_row(group, number, summed=form == "summed"))
            for offset, line in enumerate(group):
                rows.append(self._child_row(line, (place + offset, offset), number, form))
            if totalled and form != "summed" and count > 1:
                rows.append(self._total_row(group))
            place += count
        return rows

    def _part_row(self, line: DealLine, place: int, number: int) -> Row:
        """Return a part: its name, code and count, without a price."""
        rng, style = self.rng, self.deal.style
        noun = catalogues.noun(rng, self.deal.kind, style.language)
        count = Decimal(rng.choice((1, 1, 2, 2, 4, 6, 8, 12)))
        if not self.look.per_set:
            count *= abs(line.quantity)
        texts = {"description": noun, "unit": line.product.unit}
        if self.look.coded:
            texts["product_code"] = catalogues.code(rng)
        if self.look.child_numbers == "dotted":
            texts["line_number"] = f"{line.number.rstrip('.')}.{number + 1}"
        for col in self.cols:
            if col.kind in MEASURED and not col.kind.endswith(("ordered", "rejected")):
                texts[col.kind] = style.quantity(count)
            elif col.kind == "quantity_unit":
                texts[col.kind] = f"{style.quantity(count)} {line.product.unit}"
            elif col.kind in ("unit_price", "amount"):
                texts[col.kind] = (
                    style.money(Decimal(0))
                    if self.look.no_price == "0"
                    else (self.look.no_price if col.kind == "amount" else "")
                )
        cells: list[Cell] = [
            [[Span(texts[col.kind])]] if texts.get(col.kind) else [] for col in self.cols
        ]
        return self._indented(Row(cells, item=place, glued=True, role="child"))

    def _parent_row(self, group: list[DealLine], number: int, *, summed: bool) -> Row:
        """Return the row that names a group, by choice with the sum of its amounts."""
        rng, style = self.rng, self.deal.style
        noun = catalogues.noun(rng, self.deal.kind, style.language)
        texts = {"description": rng.choice((noun, noun.upper(), f"Set {noun}", f"{noun} Kit"))}
        if self.look.coded:
            texts["product_code"] = catalogues.code(rng)
        texts["line_number"] = str(number)
        if self.look.parent_count:
            texts["quantity"] = style.quantity(Decimal(rng.choice((1, 1, 1, 2, 5))))
        cells: list[Cell] = [
            [[Span(texts[col.kind])]] if texts.get(col.kind) else [] for col in self.cols
        ]
        total = sum((line.amount for line in group), Decimal(0))
        for place, col in enumerate(self.cols):
            if summed and col.kind == "amount":
                cells[place] = [[Span(style.money(total, signed=col.signed), "subtotal_row")]]
        return Row(cells, bold=self.look.parent_bold, role="parent", gap=2.0)

    def _child_row(
        self, line: DealLine, place_and_offset: tuple[int, int], number: int, form: str
    ) -> Row:
        """Return a billed child: an item like any other."""
        place, offset = place_and_offset
        if self.look.child_numbers == "dotted":
            line.number = f"{number}.{offset + 1}" if form != "options" or offset else str(number)
        row = items.item_row(self.deal, line, place, self.cols, self.habit)
        row.amount, row.glued = line.amount, offset > 0
        if form != "options" or offset:
            return self._indented(row)
        row.bold = self.look.parent_bold
        return row

    def _indented(self, row: Row) -> Row:
        """Print a mark before the row's name, or move the name to the right."""
        place = next(n for n, col in enumerate(self.cols) if col.kind == "description")
        cell = row.cells[place]
        if self.look.lead and cell:
            cell[0] = [Span(self.look.lead), *cell[0]]
        elif self.look.indent and cell:
            row.free = [(place, self.look.indent, cell)]
            row.cells[place] = []
        return row

    def _total_row(self, group: list[DealLine]) -> Row:
        total = sum((line.amount for line in group), Decimal(0))
        name = wording.pick_label(self.rng, wording.SUBTOTALS, self.deal.style.language)
        values = {"amount": self.deal.style.money(total)}
        return interruptions.sum_row(self.cols, name, values, False, "subtotal_row")
