"""Makes a whole synthetic document: draws its type, layout family and arrangement."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from data.synthesis.commerce.deals import Deal
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.compositions import families, field_grids, other_tables
from data.synthesis.compositions.families import FAMILIES as FAMILIES
from data.synthesis.compositions.families import PRICED_TYPES
from data.synthesis.compositions.tills import till_receipt
from data.synthesis.layouts import blocks, forms, legal
from data.synthesis.layouts.sheets import FACES, Face, Sheet
from data.synthesis.layouts.tables import Flow, Setting

_TYPES = {
    "invoice": 46,
    "purchase_order": 15,
    "receipt": 17,
    "delivery_note": 8,
    "packing_slip": 6,
    "credit_memo": 4,
    "proof_of_delivery": 3,
    "bill_of_lading": 2,
    "other": 1,
}
_PAPERS = ((595.0, 842.0), (612.0, 792.0), (842.0, 595.0), (792.0, 612.0), (612.0, 1008.0))
FaceOf = Callable[[str], Face]


@dataclass(frozen=True, slots=True)
class SyntheticDocument:
    """Sheets with the truth of every word, the deal behind them, and the type and layout drawn."""

    sheets: tuple[Sheet, ...]
    deal: Deal
    document_type: str
    family: str
    face: str


@dataclass(slots=True)
class _Form:
    """Choices that hold for a whole document."""

    margin: float
    size: float
    width: float
    height: float
    top_form: str  # letter | form | plain | late | fields | cover (parties, items may come after)
    numbered: bool
    asides: tuple[bool, bool, bool]  # a table without items above, below, and below the sums
    sums_first: bool  # the sums are printed above the items
    barred: bool  # a barcode on each sheet
    small_print: list[Line]  # at the foot of every sheet
    setting: Setting | None  # the look of the item table, once it is written
    machine: list[Line]  # program names and versions at the head of every sheet


def table_face(name: str) -> Face:
    """Return the face that is measured by its table of widths; no font is opened."""
    return FACES[name]


def make_document(rng: random.Random, face_of: FaceOf = table_face) -> SyntheticDocument:
    """Draw a synthetic document."""
    document_type = rng.choices(tuple(_TYPES), tuple(_TYPES.values()))[0]
    family = families.pick_family(rng, document_type)
    deal = families.make_family_deal(rng, document_type, family)
    return set_document(rng, deal, family, face_of)


def set_document(
    rng: random.Random, deal: Deal, family: str, face_of: FaceOf = table_face
) -> SyntheticDocument:
    """Lay out the deal on sheets, in a random layout of that family (one of `FAMILIES`)."""
    deal.drawn = face_of is not table_face
    name = rng.choices(tuple(FACES), (46, 18, 16, 8, 12))[0]
    if family == "line_printer" or (family == "till" and rng.random() < 0.5):
        name = "mono"
    face = face_of(name)
    if family == "till":
        return SyntheticDocument(
            (till_receipt(rng, deal, face),), deal, deal.document_type, family, name
        )
    sheets = _lay_out_sheets(rng, deal, face, family)
    return SyntheticDocument(tuple(sheets), deal, deal.document_type, family, name)


def _lay_out_sheets(rng: random.Random, deal: Deal, face: Face, family: str) -> list[Sheet]:
    wide = family in ("schedule", "detail_rows", "parent_child")
    width, height = rng.choices(_PAPERS, (36, 34, 12, 12, 3) if not wide else (22, 30, 20, 25, 3))[
        0
    ]
    size = rng.choice((5.5, 6.5, 7, 7.5, 8, 8, 8.5, 9, 9, 10, 10, 11, 12))
    if family == "line_printer":
        size = rng.uniform(6.5, 9.5)
    margin = rng.uniform(14, 70) if rng.random() < 0.65 else rng.uniform(6, 26)
    form = _Form(
        margin,
        size,
        width,
        height,
        "fields" if family == "fiscal" else _pick_top(rng),
        rng.random() < 0.6,
        (rng.random() < 0.16, rng.random() < 0.14, rng.random() < 0.24),
        deal.document_type in PRICED_TYPES and deal.priced and rng.random() < 0.05,
        rng.random() < 0.12,
        [],
        None,
        legal.machine_lines(rng, deal) if rng.random() < 0.12 else [],
    )
    if rng.random() < 0.08:
        form.small_print = legal.foot_lines(rng, Sheet(width, height, face), deal, margin)
    elif rng.random() < 0.08:
        form.small_print = legal.machine_lines(rng, deal)

    def start(number: int) -> tuple[Sheet, float]:
        return _start_sheet(rng, Sheet(width, height, face), number, deal, form)

    max_sheets = 12 if len(deal.lines) > 60 else rng.choices((3, 6, 12), (84, 12, 4))[0]
    bottom = height - rng.uniform(40, 75) - len(form.small_print) * legal.FOOT_LEADING
    flow = Flow(start, bottom=bottom, max_sheets=max_sheets)
    flow.turn()
    _set_items(rng, flow, deal, form, family)
    _set_below_items(rng, flow, deal, form)
    if len(flow.sheets) < max_sheets and rng.random() < 0.03:
        legal.terms_sheet(rng, flow, deal, margin)
    _set_footers(rng, flow, deal, form)
    return flow.sheets


def _pick_top(rng: random.Random) -> str:
    tops = ("letter", "form", "plain", "late", "cover", "fields")
    return rng.choices(tops, (32, 16, 14, 18, 13, 7))[0]


def _start_sheet(
    rng: random.Random, sheet: Sheet, number: int, deal: Deal, form: _Form
) -> tuple[Sheet, float]:
    head = 0.0
    if form.machine:
        head = legal.set_head(sheet, form.machine, form.margin, min(form.size, 9.0))
    if number:
        y = max(rng.uniform(25, 60), head + 10)
        if rng.random() < 0.4:
            y = blocks.title(rng, sheet, deal, form.margin, y)
        return sheet, y + 10
    small = min(max(form.size, 6.5), 10.5)
    if form.top_form == "fields":
        y = field_grids.write_top(rng, sheet, deal, form.margin, small)
        return sheet, y + rng.choice((2, 4, 10, 24))
    y = rng.uniform(20, 60)
    # No letterhead below the program's lines: it begins at the edge
    before = rng.random() < 0.4 or bool(form.machine)
    if before:
        y = blocks.title(rng, sheet, deal, form.margin, head + rng.uniform(10, 30))
    if form.top_form != "plain":
        y = max(blocks.letterhead(rng, sheet, deal, form.margin, small) if not before else y, y)
    if not before:
        y = blocks.title(rng, sheet, deal, form.margin, y)
    if form.top_form == "cover":
        for pair_line in _cover_pairs(rng, deal):
            y += small * 1.4
            sheet.write(form.margin, y, pair_line, size=small)
        y = forms.party_form(rng, sheet, deal, form.margin, y + small, small)
        return sheet, y if rng.random() < 0.7 else form.height
    y = _set_header_blocks(rng, sheet, deal, form, (y, small))
    if form.top_form == "late":
        y = max(y, form.height * rng.uniform(0.4, 0.62))
    return sheet, y + rng.choice((4, 10, 20, 40))


def _cover_pairs(rng: random.Random, deal: Deal) -> list[Line]:
    """The document's number, date and other header values, one below the other."""
    return [
        [Span(f"{label}:" if label else ""), Span(value, tag, mark)]
        for label, value, tag, mark in blocks.header_pairs(rng, deal)
    ]


def _set_header_blocks(
    rng: random.Random, sheet: Sheet, deal: Deal, form: _Form, y_and_size: tuple[float, float]
) -> float:
    """Write address and pairs side by side, one below the other, or in boxes; return the free y."""
    y, size = y_and_size
    pairs = blocks.header_pairs(rng, deal)
    inner = form.width - 2 * form.margin
    draw = rng.random()
    if draw < 0.5:
        split = inner * rng.uniform(0.45, 0.65)
        sides = (form.margin, form.margin + split)
        if rng.random() < 0.2:
            right = (form.margin, y, split - 20)
            low = blocks.pair_block(rng, sheet, pairs, right, size)
            return max(low, blocks.address(rng, sheet, deal, sides[1], y, size))
        low = blocks.address(rng, sheet, deal, sides[0], y, size)
        return max(low, blocks.pair_block(rng, sheet, pairs, (sides[1], y, inner - split), size))
    y = blocks.address(rng, sheet, deal, form.margin, y, size)
    if draw < 0.68:
        for start in range(0, len(pairs), 6):
            y = blocks.pair_row(rng, sheet, pairs[start : start + 6], (form.margin, y, inner), size)
        return y
    count = rng.choice((1, 2, 2, 3, 3, 4))
    share = -(-len(pairs) // count)
    step = inner / count
    lows = [y]
    for place in range(count):
        part = pairs[place * share : (place + 1) * share]
        if part:
            area = (form.margin + place * step, y, step - 14)
            lows.append(blocks.pair_block(rng, sheet, part, area, size))
    return max(lows)


def _set_items(rng: random.Random, flow: Flow, deal: Deal, form: _Form, family: str) -> None:
    if deal.document_type == "other":
        blocks.small_print(rng, flow, deal, form.margin, form.size)
        return
    if form.asides[0]:
        other_tables.write_table(rng, flow, deal, (form.margin, min(form.size, 9.0), None))
        flow.y += 10
    if form.sums_first:
        blocks.totals(rng, flow, deal, form.margin, min(form.size, 10.5))
        flow.y += 14
    form.setting = families.write_items(rng, flow, deal, family, (form.margin, form.size))
    if form.setting is not None:
        form.size = max(min(form.size, form.setting.size * 1.3), 5.0)


def _set_below_items(rng: random.Random, flow: Flow, deal: Deal, form: _Form) -> None:
    size = min(max(form.size, 6.0), 10.5)
    beside = (form.margin, size, form.setting)
    if form.asides[1]:
        other_tables.write_table(rng, flow, deal, beside)
    owed = deal.document_type in PRICED_TYPES and deal.priced and not form.sums_first
    if owed and rng.random() < (0.25 if deal.summed else 0.93):
        blocks.totals(rng, flow, deal, form.margin, size)
    if form.asides[2]:
        other_tables.write_details(rng, flow, deal, beside)
    blocks.remarks(rng, flow, deal, form.margin, size)
    blocks.small_print(rng, flow, deal, form.margin, size * rng.uniform(0.7, 1.0))


def _set_footers(rng: random.Random, flow: Flow, deal: Deal, form: _Form) -> None:
    word = rng.choice(("Page {} of {}", "Page {} / {}", "Seite {} von {}", "{}/{}", "Page: {}"))
    for number, sheet in enumerate(flow.sheets):
        page = word.format(number + 1, len(flow.sheets)) if form.numbered else ""
        blocks.footer(rng, sheet, deal, form.margin, page)
        legal.set_foot(sheet, form.small_print, form.margin, flow.bottom)
        if form.barred:
            blocks.barcode(rng, sheet, deal)
