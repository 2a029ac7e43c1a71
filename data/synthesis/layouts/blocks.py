"""Writes the blocks around the items: letterhead, addresses, header values, totals, small print."""

import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues, wording
from data.synthesis.commerce.deals import Deal, Pair
from data.synthesis.commerce.parties import Party
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.layouts import prose
from data.synthesis.layouts.sheets import Shape, Sheet
from data.synthesis.layouts.tables import Flow


def header_pairs(rng: random.Random, deal: Deal) -> list[Pair]:
    """Draw label/value pairs of the document: its number and date, and others by chance."""
    style = deal.style

    def label(tag: str) -> str:
        return wording.pick_field_label(rng, tag, deal.document_type, style.language)

    pairs = [Pair(label("document_id"), deal.number, "document_id")]
    if rng.random() < 0.95:
        pairs.append(Pair(label("document_date"), style.day(deal.day), "document_date"))
    # A confirmation has a number of its own and names the order that it answers
    if rng.random() < (0.25 if deal.document_type == "purchase_order" else 0.55):
        pairs.append(Pair(label("purchase_order"), deal.po_number, "purchase_order"))
    if deal.document_type == "invoice" and rng.random() < 0.45:
        pairs.append(Pair(label("due_date"), style.day(deal.due), "due_date"))
    if rng.random() < 0.25:
        day = style.day(deal.day - timedelta(days=rng.randint(0, 9)))
        pairs.append(Pair(label("delivery_date"), day, "delivery_date"))
    if rng.random() < 0.15:
        pairs.append(Pair(label("currency"), style.currency, "currency"))
    if deal.document_type == "credit_memo" and rng.random() < 0.7:
        pairs.append(
            Pair(label("original_invoice_id"), catalogues.number(rng), "original_invoice_id")
        )
    pairs += deal.pairs
    first = rng.sample(pairs, len(pairs)) if rng.random() < 0.3 else pairs
    extra = [_other_pair(rng, deal) for _ in range(rng.choice((0, 1, 2, 3, 4, 5, 6, 9, 14, 20)))]
    for pair in extra:
        first.insert(rng.randint(0, len(first)) if rng.random() < 0.4 else len(first), pair)
    return first


def _other_pair(rng: random.Random, deal: Deal) -> Pair:
    language = deal.style.language
    if rng.random() < 0.15:
        return _number_of_party(rng, rng.choice((deal.vendor, deal.customer)), language)
    label = wording.pick_label(rng, wording.OTHER_FIELDS, language)
    draw = rng.random()
    if draw < 0.35:
        value = catalogues.number(rng)
    elif draw < 0.5:
        start = deal.day - timedelta(days=rng.randint(0, 60))
        value = deal.style.day(start)
        if rng.random() < 0.5:
            value += f" - {deal.style.day(start + timedelta(days=28))}"
    elif draw < 0.6:
        value = ""
    elif draw < 0.7:
        codes = ("30", "15%", "100%", "1", "0.00", "NET 30", "A35+", "Adults 35+", "CIF", "UPS")
        value = rng.choice((*codes, "DHL", "P-12", "N/A", f"({catalogues.digits(rng, 5)})"))
    else:
        value = f"{catalogues.made_up_word(rng).title()} {catalogues.made_up_word(rng).title()}"
    return Pair(label, value)


def _number_of_party(rng: random.Random, party: Party, language: str) -> Pair:
    """A party's tax, register, location or account number: long, and no number of the document."""
    *_, tax, register, place, account, other = wording.PARTY_LABELS[language]
    kind = rng.randrange(5)
    values = (party.tax_id, catalogues.number(rng), catalogues.digits(rng, 13),
              catalogues.number(rng), catalogues.digits(rng, rng.randint(2, 9)))  # fmt: skip
    return Pair((tax, register, place, account, other)[kind], values[kind])


def letterhead(rng: random.Random, sheet: Sheet, deal: Deal, margin: float, size: float) -> float:
    """Write vendor name, address and logo; return the first free y."""
    top = rng.uniform(18, 50)
    place = rng.choice(("left", "left", "center", "right"))
    width = sheet.width - 2 * margin
    big = size * rng.uniform(1.0, 2.2)
    y = top + big
    if rng.random() < 0.4:
        side = rng.uniform(30, 80)
        x = margin if place != "left" else sheet.width - margin - side * 1.4
        kind = rng.choice(("logo", "logo", "logo", "blob"))
        sheet.shapes.append(Shape(kind, x, top, x + side * 1.4, top + side, rng.randint(20, 190)))
    bold = rng.random() < 0.7
    if rng.random() < 0.15:
        label = wording.pick_label(rng, wording.SELLER_LABELS, deal.style.language)
        sheet.write(margin, y, [Span(label)], size=size, align=place, width=width)
        y += big * 1.1
    sheet.write(
        margin,
        y,
        [Span(deal.vendor.name, "vendor_name")],
        size=big,
        bold=bold,
        align=place,
        width=width,
    )
    y += big * 0.4
    lines = [*deal.vendor.address, deal.vendor.phone, deal.vendor.mail]
    joined = rng.random() < 0.25
    for text in (
        [rng.choice((" · ", ", ", " - ")).join(lines)] if joined else lines[: rng.randint(1, 4)]
    ):
        y += size * 1.2
        sheet.write(margin, y, [Span(text)], size=size, align=place, width=width)
    return y + size


def title(rng: random.Random, sheet: Sheet, deal: Deal, margin: float, y: float) -> float:
    """Write the document's title, sometimes with its number and date; return the free y."""
    size = rng.uniform(10, 26)
    titles = wording.TITLES[deal.document_type][deal.style.language]
    if deal.document_type == "receipt":
        # A till may call its receipt a bill; on a sheet of letter paper that is an invoice
        bills = wording.TITLES["invoice"][deal.style.language]
        titles = tuple(name for name in titles if name not in bills) or titles
    text = rng.choice(titles)
    if rng.random() < 0.06:
        text = " ".join(text.upper())  # letter by letter, as typewriters stressed a word
    line: Line = [Span(text)]
    if rng.random() < 0.2:
        size = min(size, 15.0)
        line = _heading(rng, deal, text)
    elif rng.random() < 0.15:
        line += [Span(rng.choice(("Nr.", "No.", "#", "n°"))), Span(deal.number, "document_id")]
    align = rng.choice(("left", "center", "right"))
    y += size * rng.uniform(0.2, 1.4)
    width = sheet.width - 2 * margin
    sheet.write(margin, y, line, size=size, bold=rng.random() < 0.7, align=align, width=width)
    return y + size * 0.8


def _heading(rng: random.Random, deal: Deal, title_text: str) -> Line:
    """The line of title, number and date: "Invoice No. 4711 dated 3 May 2024"."""
    line: Line = []
    for word in wording.pick_label(rng, wording.HEADINGS, deal.style.language).split():
        tag = "document_id" if "{number}" in word else "other"
        tag = "document_date" if "{day}" in word else tag
        day = deal.style.day(deal.day)
        line.append(Span(word.format(title=title_text, number=deal.number, day=day), tag))
    return line


def address(rng: random.Random, sheet: Sheet, deal: Deal, x: float, y: float, size: float) -> float:
    """Write the customer's address block, with or without a label; return the free y."""
    leading = size * rng.uniform(1.1, 1.35)
    if rng.random() < 0.2:
        # The sender in one small line, for the window of an envelope
        y += leading
        mark = rng.choice((",", " ·", " -", " |", " •"))
        rest = f"{mark} ".join(deal.vendor.address)
        line: Line = [Span(deal.vendor.name + mark, "vendor_name"), Span(rest)]
        sheet.write(x, y, line, size=size * 0.75)
    if rng.random() < 0.7:
        y += leading
        labels = wording.BUYER_LABELS if rng.random() < 0.85 else wording.PLACE_LABELS
        label = wording.pick_label(rng, labels, deal.style.language)
        sheet.write(x, y, [Span(label)], size=size, bold=rng.random() < 0.6)
    y += leading
    sheet.write(
        x, y, [Span(deal.customer.name, "customer_name")], size=size, bold=rng.random() < 0.3
    )
    for text in deal.customer.address:
        y += leading
        sheet.write(x, y, [Span(text)], size=size)
    return y + leading * 0.6


def pair_block(
    rng: random.Random,
    sheet: Sheet,
    pairs: Sequence[Pair],
    area: tuple[float, float, float],
    size: float,
) -> float:
    """Write pairs in `area` (x, y, width): beside, boxed or stacked; return the free y."""
    x, y, width = area
    form = rng.choice(("beside", "beside", "beside", "boxed", "stacked"))
    leading = size * rng.uniform(1.15, 1.9)
    colon = rng.choice((":", ":", "", " :"))
    bold = rng.random() < 0.5
    if form == "stacked":
        return _stacked_pairs(sheet, pairs, area, size, bold)
    split = max(sheet.measure([Span(label + colon)], size, bold) for label, *_ in pairs) + size
    split = min(max(split, width * rng.choice((0.0, 0.4, 0.5))), width * 0.7)
    align = rng.choice(("left", "left", "right"))
    for label, value, tag, mark in pairs:
        y += leading
        end = sheet.write(x, y, [Span(label + colon)], size=size, bold=bold)
        split = max(split, end - x + size * 0.5)
        sheet.write(
            x + split, y, [Span(value, tag, mark)], size=size, align=align, width=width - split
        )
        if form == "boxed":
            sheet.shapes.append(
                Shape("frame", x - 2, y - leading * 0.8, x + width, y + leading * 0.2)
            )
    return y + leading * 0.6


def _stacked_pairs(
    sheet: Sheet, pairs: Sequence[Pair], area: tuple[float, float, float], size: float, bold: bool
) -> float:
    """Write label above value, several beside one another, as in ruled forms."""
    x, y, width = area
    per_row = max(min(int(width // (size * 11)), 5, len(pairs)), 1)
    step = width / per_row
    for start in range(0, len(pairs), per_row):
        for place, (label, value, tag, mark) in enumerate(pairs[start : start + per_row]):
            left = x + place * step
            sheet.write(left, y + size * 1.1, [Span(label)], size=size * 0.85, bold=bold)
            sheet.write(left + 2, y + size * 2.2, [Span(value, tag, mark)], size=size)
            sheet.shapes.append(Shape("frame", left - 2, y, left + step - 2, y + size * 2.6))
        y += size * 2.8
    return y + size * 0.5


def pair_row(
    rng: random.Random,
    sheet: Sheet,
    pairs: Sequence[Pair],
    area: tuple[float, float, float],
    size: float,
) -> float:
    """Write pairs as a one-row table under labels, as found above the items; return the free y."""
    x, y, width = area
    fit = max(int(width // (size * 9)), 1)
    if len(pairs) > fit:
        y = pair_row(rng, sheet, pairs[:fit], area, size)
        return pair_row(rng, sheet, pairs[fit:], (x, y, width), size)
    step = width / len(pairs)
    for place, (label, value, tag, mark) in enumerate(pairs):
        sheet.write(x + place * step, y + size * 1.2, [Span(label)], size=size * 0.9, bold=True)
        sheet.write(x + place * step, y + size * 2.6, [Span(value, tag, mark)], size=size)
    if rng.random() < 0.6:
        sheet.rule(x, y + size * 1.5, x + width, y + size * 1.5)
        sheet.shapes.append(Shape("frame", x - 2, y, x + width, y + size * 3))
    return y + size * 3.6


def totals(rng: random.Random, flow: Flow, deal: Deal, margin: float, size: float) -> None:
    """Write the document's sums at the right (or across), if there is room."""
    style, language = deal.style, deal.style.language
    rows: list[tuple[str, Decimal, str]] = []

    def add(tag: str, value: Decimal) -> None:
        rows.append((wording.pick_label(rng, wording.TOTALS[tag], language), value, tag))

    if rng.random() < 0.85:
        add("sub_total", deal.net)
    if deal.deduction:
        add("total_discount", -deal.deduction if rng.random() < 0.6 else deal.deduction)
    if deal.shipping:
        add("shipping_charge", deal.shipping)
    taxes = deal.taxes()
    if len(taxes) > 1 and rng.random() < 0.6:
        for rate, _, tax in taxes:
            name = wording.pick_label(rng, wording.TOTALS["total_tax"], language)
            rows.append((f"{name} {style.quantity(rate)}%", tax, "other"))
    elif deal.tax or rng.random() < 0.3:
        add("total_tax", deal.tax)
        if len(taxes) == 1 and rng.random() < 0.5:
            rows[-1] = (
                f"{rows[-1][0]} ({style.quantity(taxes[0][0])} %)",
                rows[-1][1],
                "total_tax",
            )
    add("invoice_total", deal.total)
    if rng.random() < 0.2:
        rows.append((wording.pick_label(rng, wording.PAID, language), Decimal(0), "other"))
        add("amount_due", deal.total)
    _write_totals(rng, flow, rows, deal, (margin, size))


def _write_totals(
    rng: random.Random,
    flow: Flow,
    rows: list[tuple[str, Decimal, str]],
    deal: Deal,
    form: tuple[float, float],
) -> None:
    margin, size = form
    leading = size * rng.uniform(1.2, 1.8)
    if not flow.fits(leading * (len(rows) + 1)) and not flow.turn():
        return
    sheet = flow.sheet
    if rng.random() < 0.1:
        pairs = [Pair(name, deal.style.money(value), tag) for name, value, tag in rows]
        flow.y = pair_row(rng, sheet, pairs, (margin, flow.y + 4, sheet.width - 2 * margin), size)
        return
    right = sheet.width - margin - rng.choice((0, 0, 0, 10, 60))
    width = rng.uniform(140, 260)
    left = right - width
    side = rng.choice(("left", "left", "right"))
    framed = rng.random() < 0.2
    colon = rng.choice(("", "", ":"))
    flow.y += rng.choice((2, 6, 14, 30))
    for name, value, tag in rows:
        flow.y += leading
        strong = tag in ("invoice_total", "amount_due") and rng.random() < 0.6
        room = width * 0.62
        sheet.write(
            left, flow.y, [Span(name + colon)], size=size, bold=strong, align=side, width=room
        )
        text = deal.style.money(value)
        sheet.write(
            left, flow.y, [Span(text, tag)], size=size, bold=strong, align="right", width=width
        )
        if framed:
            sheet.shapes.append(
                Shape("frame", left - 2, flow.y - leading * 0.8, right + 3, flow.y + leading * 0.2)
            )
        elif strong:
            sheet.rule(left + room, flow.y - leading * 0.85, right, flow.y - leading * 0.85)
    flow.y += leading


def remarks(rng: random.Random, flow: Flow, deal: Deal, margin: float, size: float) -> None:
    """Write the remarks of the deal below its items, if it has any."""
    flow.y += size if deal.remarks else 0.0
    for remark in deal.remarks:
        for line in flow.sheet.wrap(remark, size, flow.sheet.width - 2 * margin):
            if not flow.fits(size * 1.3):
                flow.turn()
            flow.y += size * rng.uniform(1.2, 1.6)
            flow.sheet.write(margin, flow.y, line, size=size)


def small_print(rng: random.Random, flow: Flow, deal: Deal, margin: float, size: float) -> None:
    """Write terms, bank data and remarks below everything else, as far as there is room."""
    width = flow.sheet.width - 2 * margin
    flow.y += rng.choice((6, 15, 30))
    for _ in range(rng.choice((0, 1, 1, 2, 3, 5))):
        count = rng.choice((1, 1, 2, 3))
        if rng.random() < 0.2:
            text = prose.paragraph(rng, deal, count)
        else:
            terms = [
                wording.pick_label(rng, wording.TERMS, deal.style.language) for _ in range(count)
            ]
            text = " ".join(terms)
        for line in flow.sheet.wrap([Span(text)], size, width):
            if not flow.fits(size * 1.3):
                return
            flow.y += size * 1.25
            flow.sheet.write(margin, flow.y, line, size=size)


def footer(rng: random.Random, sheet: Sheet, deal: Deal, margin: float, page: str) -> None:
    """Write page number and company data at the foot of a sheet."""
    size = rng.uniform(5.5, 8)
    width = sheet.width - 2 * margin
    base = sheet.height - rng.uniform(12, 24)
    if page:
        sheet.write(
            margin,
            base,
            [Span(page)],
            size=size,
            align=rng.choice(("right", "center", "left")),
            width=width,
        )
    if rng.random() < 0.4:
        _company_columns(rng, sheet, deal, (margin, base - size * 1.2, width), size)


def _company_columns(
    rng: random.Random,
    sheet: Sheet,
    deal: Deal,
    area: tuple[float, float, float],
    size: float,
) -> None:
    """Write company, bank and register data in columns; `area` is left, bottom, width."""
    left, bottom, width = area
    vendor = deal.vendor
    fours = " ".join(catalogues.digits(rng, 4) for _ in range(4))
    parts = [
        vendor.name,
        f"IBAN {catalogues.letters(rng, 2)}{fours}",
        vendor.tax_id,
        vendor.mail,
        *vendor.address,
        vendor.phone,
        f"{catalogues.made_up_word(rng).title()} Bank",
        f"BIC {catalogues.letters(rng, 8)}",
        f"www.{catalogues.made_up_word(rng)}.com",
        f"HRB {catalogues.digits(rng, 5)}",
    ]
    chosen = parts[: rng.randint(2, len(parts))]
    across = rng.randint(2, 5)
    deep = -(-len(chosen) // across)
    for place, text in enumerate(chosen):
        column, row = divmod(place, deep)
        baseline = bottom - size * 1.2 * (deep - row)
        sheet.write(left + column * width / across, baseline, [Span(text)], size=size)
    if rng.random() < 0.4:
        level = bottom - size * 1.2 * (deep + 1)
        sheet.rule(left, level, left + width, level, 120)


def barcode(rng: random.Random, sheet: Sheet, deal: Deal) -> None:
    """Draw a code at the edge of the sheet: bars, mostly with their text below, or squares."""
    square = rng.random() < 0.3
    width, height = rng.uniform(60, 190), rng.uniform(12, 32)
    if square:
        width = height = rng.uniform(26, 60)
    left = rng.uniform(10, max(sheet.width - width - 10, 11))
    low = sheet.height - height - rng.uniform(10, 14)
    top = rng.choice((rng.uniform(4, 24), low))
    kind = "square_code" if square else "barcode"
    sheet.shapes.append(Shape(kind, left, top, left + width, top + height))
    if rng.random() < 0.7 and not square:
        text = rng.choice((deal.number, f"*{deal.number}*", catalogues.digits(rng, 13)))
        size = rng.uniform(5, 9)
        sheet.write(left, top + height + size, [Span(text)], size=size, align="center", width=width)
