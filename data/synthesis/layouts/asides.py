"""Tables that look like line items and are none: taxes, payments, statements, deliveries, banks.

They teach a model that not all text in columns is a line item.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues, wording
from data.synthesis.commerce.column_heads import HEADS
from data.synthesis.commerce.deals import Deal, round_money
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.layouts.sheets import Shape
from data.synthesis.layouts.tables import Flow

Rows = list[list[str]]


def write_aside(rng: random.Random, flow: Flow, deal: Deal, margin: float, size: float) -> None:
    """Write one table that holds no items, if there is room; the flow continues below it."""
    makers: list[tuple[Callable[[random.Random, Deal], Rows], int]] = [
        (_tax_rows, 30),
        (_monthly_rows, 40 if deal.kind == "advertising" else 8),
        (_allowance_rows, 16),
        (_payment_rows, 10),
        (_statement_rows, 8),
        (_delivery_rows, 8),
        (_contact_rows, 8),
        (_bank_rows, 6),
    ]
    if not deal.priced:
        makers = [(_delivery_rows, 50), (_contact_rows, 30)]
    maker = rng.choices([maker for maker, _ in makers], [weight for _, weight in makers])[0]
    rows = maker(rng, deal)
    shown = rng.randint(min(3, len(rows[0])), len(rows[0]))
    rows = [row[:shown] for row in rows]
    leading = size * rng.uniform(1.2, 1.7)
    if not flow.fits(leading * (len(rows) + 1)):
        return
    flow.y += rng.choice((4, 12, 24))
    _write_rows(rng, flow, rows, margin, size, leading)
    flow.y += leading


def _write_rows(
    rng: random.Random, flow: Flow, rows: Rows, margin: float, size: float, leading: float
) -> None:
    sheet = flow.sheet
    width = sheet.width - 2 * margin
    widths = [
        max(sheet.measure([Span(row[place])], size, number == 0) for number, row in enumerate(rows))
        + size * rng.uniform(0.8, 2.5)
        for place in range(len(rows[0]))
    ]
    total = sum(widths)
    if total > width:
        size *= width / total
        widths = [wide * width / total for wide in widths]
        total = width
    x = rng.choice((margin, margin, margin + width - total))
    aligned = rng.choice(("right", "right", "left"))
    rules = rng.choice(("none", "head", "grid", "shade"))
    top = flow.y
    for number, row in enumerate(rows):
        flow.y += leading
        left = x
        for place, (text, wide) in enumerate(zip(row, widths, strict=True)):
            align = "left" if place == 0 else aligned
            line: Line = [Span(text)]
            sheet.write(
                left, flow.y, line, size=size, bold=number == 0, align=align, width=wide - size / 2
            )
            left += wide
        low = flow.y + leading * 0.25
        if rules == "grid" or (rules == "head" and number == 0):
            sheet.rule(x, low, x + total, low, 90)
        if rules == "shade" and number % 2 == 0:
            sheet.shapes.insert(0, Shape("fill", x - 2, low - leading, x + total, low, 230))
    if rules == "grid":
        sheet.shapes.append(Shape("frame", x - 2, top, x + total, flow.y + leading * 0.25))


def _monthly_rows(rng: random.Random, deal: Deal) -> Rows:
    style = deal.style
    commission = round_money(deal.net * Decimal("0.15"), style.money_places)
    values = [
        style.quantity(sum((line.quantity for line in deal.lines), Decimal(0))),
        style.money(deal.net),
        style.money(-commission),
        style.money(deal.net - commission),
    ]
    span = f"{style.day(deal.day)} - {style.day(deal.due)}"
    if rng.random() < 0.4:
        span = deal.day.strftime("%B %Y")
    heads = [
        rng.choice(("Time Period", "Month", "Period")),
        rng.choice(("# of Spots", "Spots", "# Spots", "Units")),
        "Gross Amount",
        rng.choice(("Agency Comm.", "Commission", "Agency Commission")),
        "Net Amount",
    ]
    name = wording.pick_label(rng, wording.SUBTOTALS, style.language)
    return [heads, [span, *values], [name, *values]]


def _tax_rows(rng: random.Random, deal: Deal) -> Rows:
    style = deal.style
    names = (HEADS["tax_rate"], wording.TOTALS["sub_total"], wording.TOTALS["total_tax"])
    heads = [wording.pick_label(rng, name, style.language) for name in names]
    if style.language == "de" and rng.random() < 0.4:
        heads = ["Steuersatz", "Steuerbasisbetrag", "Steuerbetrag"]
    heads.append(wording.pick_label(rng, HEADS["gross_amount"], style.language))
    signed = rng.random() < 0.6
    return [
        heads,
        *(
            [
                f"{style.quantity(rate)} %",
                style.money(base, signed=signed),
                style.money(tax, signed=signed),
                style.money(base + tax, signed=signed),
            ]
            for rate, base, tax in deal.taxes()
        ),
    ]


def _allowance_rows(rng: random.Random, deal: Deal) -> Rows:
    """Rows of allowances and charges of the whole document, each with base and rate: no items."""
    style, language = deal.style, deal.style.language
    heads = [
        rng.choice(("Allowances / Charges", "Reason", "Grund", "Zu-/Abschlag", "Motif", "")),
        rng.choice(("Base", "Basisbetrag", "%", "Base HT", "Prozent", "Basismenge")),
        wording.pick_label(rng, HEADS["tax_rate"], language),
        wording.pick_label(rng, HEADS["amount"], language),
    ]
    rows = [heads]
    rate = style.quantity(rng.choice(deal.taxes())[0]) + rng.choice((" %", "%"))
    for _ in range(rng.randint(1, 3)):
        charged = rng.random() < 0.5
        names = wording.CHARGES if charged else wording.DISCOUNTS
        name = wording.pick_label(rng, names, language)
        share = Decimal(rng.choice((1, 2, 3, 5, 10)))
        value = round_money(deal.net * share / 100, style.money_places)
        shown = style.money(value if charged else -value)
        base = style.money(deal.net) if rng.random() < 0.5 else style.quantity(share) + " %"
        rows.append([name, base, rate, shown])
    return rows


def _payment_rows(rng: random.Random, deal: Deal) -> Rows:
    """Rows of instalments: due date, percentage and amount of each part of the total."""
    style = deal.style
    parts = rng.choice((1, 2, 3, 4))
    heads = [
        wording.pick_label(rng, wording.FIELDS["due_date"], style.language),
        rng.choice(("%", "Rate")),
        wording.pick_label(rng, HEADS["amount"], style.language),
    ]
    share = round_money(deal.total / parts, style.money_places)
    rows = [heads]
    for place in range(parts):
        last = deal.total - share * (parts - 1)
        amount = last if place == parts - 1 else share
        day = style.day(deal.due + timedelta(days=30 * place))
        rows.append([day, style.quantity(Decimal(100 // parts)), style.money(amount)])
    return rows


def _statement_rows(rng: random.Random, deal: Deal) -> Rows:
    """Rows of earlier documents of the account with their sums; none of them is billed here."""
    style = deal.style
    heads = [
        wording.pick_label(rng, wording.FIELDS["document_date"], style.language)
        .replace("{}", "")
        .strip(),
        rng.choice(("Document", "Invoice", "Ref", "Beleg")),
        wording.pick_label(rng, HEADS["amount"], style.language),
        rng.choice(("Paid", "Balance", "Open", "Saldo")),
    ]
    rows = [heads]
    for _ in range(rng.randint(1, 5)):
        amount = Decimal(rng.randint(500, 900_000)) / 100
        day = style.day(deal.day - timedelta(days=rng.randint(20, 200)))
        rows.append([day, catalogues.number(rng), style.money(amount), style.money(amount / 2)])
    return rows


def _delivery_rows(rng: random.Random, deal: Deal) -> Rows:
    """Rows of deliveries with packages and weights."""
    style = deal.style
    heads = [
        wording.pick_label(rng, wording.FIELDS["delivery_date"], style.language),
        rng.choice(("Shipment", "Delivery", "Lieferschein", "Tracking No.")),
        rng.choice(("Packages", "Cartons", "Colli", "Pallets")),
        rng.choice(("Weight", "kg", "lbs", "Gewicht")),
    ]
    rows = [heads]
    for _ in range(rng.randint(1, 4)):
        day = style.day(deal.day - timedelta(days=rng.randint(0, 20)))
        weight = style.number(Decimal(rng.randint(100, 90_000)) / 100, 2)
        rows.append([day, catalogues.number(rng), str(rng.randint(1, 40)), weight])
    return rows


def _contact_rows(rng: random.Random, deal: Deal) -> Rows:
    """Rows of people and offices with percentages and dates, as broadcasters print them."""
    style = deal.style
    heads = [
        rng.choice(("Account Executive", "Sales Rep", "Contact", "Sachbearbeiter")),
        rng.choice(("Sales Office", "Office", "Abteilung")),
        rng.choice(("Order %", "Share", "%")),
        rng.choice(("Start Date", "Valid from", "Datum")),
    ]
    rows = [heads]
    for _ in range(rng.randint(1, 3)):
        name = f"{catalogues.made_up_word(rng).title()} {catalogues.made_up_word(rng).title()}"
        office = catalogues.made_up_word(rng).upper()[:5]
        rows.append([name, office, rng.choice(("100%", "50%", "100.00")), style.day(deal.day)])
    return rows


def _bank_rows(rng: random.Random, deal: Deal) -> Rows:
    """Rows of bank accounts to pay into."""
    rows = [["Bank", "IBAN", "BIC", rng.choice(("Account", "Konto", "Currency"))]]
    for _ in range(rng.randint(1, 3)):
        fours = " ".join(catalogues.digits(rng, 4) for _ in range(4))
        rows.append(
            [
                f"{catalogues.made_up_word(rng).title()} Bank",
                f"{catalogues.letters(rng, 2)}{catalogues.digits(rng, 2)} {fours}",
                catalogues.letters(rng, 8),
                catalogues.digits(rng, 7),
            ]
        )
    return rows
