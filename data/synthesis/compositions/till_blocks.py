"""Blocks of a till receipt that look like items and are none: card slips, points, taxes, groups."""

import random
from decimal import Decimal

from data.synthesis.commerce import catalogues, wording
from data.synthesis.commerce.column_heads import HEADS
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.layouts.strips import Strip

CARD_SLIP = 0.22
LOYALTY = 0.14
GROUPS = 0.07  # sums by department
TAXES = 0.4

_SLIPS: tuple[tuple[str, ...], ...] = (
    ("CUSTOMER COPY", "{card}", "**** **** **** {four}", "AMOUNT {money}", "AUTH CODE {six}",
     "TERMINAL {eight}", "AID: A00000000{four}", "APPROVED", "{day} {clock}", "CONTACTLESS"),
    ("SALE", "{card} {four}", "Entry: Chip", "Total: {money}", "Tip: ______", "Approval {six}",
     "Trace {four}", "Batch {four}", "No signature required"),
    ("* * KUNDENBELEG * *", "Kartenzahlung", "girocard", "Betrag {money}", "Terminal-ID {eight}",
     "TA-Nr. {six} Beleg-Nr. {four}", "Kartennr. ####{four}", "Datum {day} Uhrzeit {clock}",
     "Zahlung erfolgt", "AS-Proc-Code = 00 {four}"),
    ("CARTE BANCAIRE", "{card} SANS CONTACT", "LE {day} A {clock}", "M {six}", "MONTANT {money}",
     "N. AUTO: {six}", "TICKET CLIENT", "A CONSERVER"),
    ("VENTA TARJETA", "{card} ***{four}", "IMPORTE {money}", "AUT {six}", "COPIA CLIENTE",
     "COM. {eight}", "OPERACION {four}"),
    ("PAGAMENTO ELETTRONICO", "{card} {four}", "IMPORTO {money}", "AUT. {six}", "STAN {six}",
     "TRANSAZIONE ESEGUITA"),
    ("BETALING", "{card} {four}", "Bedrag {money}", "Autorisatie {six}", "Akkoord"),
)  # fmt: skip
_CARDS = ("VISA", "MASTERCARD", "Visa Debit", "MAESTRO", "AMEX", "DEBIT", "V PAY", "Bankkarte")
_POINTS: tuple[tuple[str, ...], ...] = (
    ("Member {eight}", "Points earned {few}", "Points balance {many}", "You saved {money}"),
    ("MEMBERSHIP # {eight}", "PREVIOUS BALANCE {many}", "POINTS TODAY {few}"),
    ("Kundenkarte {eight}", "Punkte heute {few}", "Punktestand {many}", "Sie sparen {money}"),
    ("Carte fidélité {eight}", "Points acquis {few}", "Cumul {many}", "Avantage fidélité {money}"),
    ("Socio {eight}", "Puntos {few}", "Saldo puntos {many}", "Ha ahorrado {money}"),
    ("Tessera {eight}", "Punti spesa {few}", "Saldo punti {many}", "Hai risparmiato {money}"),
    ("TOTAL SAVINGS {money}", "YTD SAVINGS {money}", "Fuel points {few}"),
)


def write_card_slip(strip: Strip, total: str) -> None:
    """Write the slip of a card payment, with the amount once more."""
    rng = strip.rng
    _write_texts(strip, rng.choice(_SLIPS), total)


def write_points(strip: Strip) -> None:
    """Write points and savings of a customer card."""
    rng = strip.rng
    saved = strip.round_money(Decimal(rng.randint(10, 3000)) / 100)
    _write_texts(strip, rng.choice(_POINTS), strip.money(saved))


def _write_texts(strip: Strip, texts: tuple[str, ...], money: str) -> None:
    """Write lines of a form, each left, in the middle, or as label and value at both edges."""
    rng, day = strip.rng, strip.deal.style.day(strip.deal.day)
    card = rng.choice(_CARDS)
    align = rng.choice(("left", "center", "edges"))
    for text in texts:
        if rng.random() < 0.15:
            continue
        filled = text.format(
            card=card, four=catalogues.digits(rng, 4), six=catalogues.digits(rng, 6),
            eight=catalogues.digits(rng, 8), day=day, money=money,
            clock=f"{rng.randint(7, 22)}:{rng.randint(10, 59)}", few=str(rng.randint(1, 90)),
            many=strip.deal.style.quantity(Decimal(rng.randint(90, 9000))),
        )  # fmt: skip
        strip.feed()
        label, _, value = filled.rpartition(" ")
        if align == "edges" and label and value[:1].isdigit():
            strip.put([Span(label)])
            strip.put_right([Span(value)], 1.0)
        else:
            strip.put([Span(filled)], align="left" if align == "edges" else align)


def write_groups(strip: Strip) -> None:
    """Write sums by department: counts, names and amounts like items."""
    rng, deal = strip.rng, strip.deal
    count = min(rng.randint(2, 4), len(deal.lines))
    strip.feed(1.4)
    strip.put([Span(rng.choice(("SUMMARY", "BY DEPARTMENT", "Warengruppen", "RAYONS", "---")))])
    for number in range(count):
        part = deal.lines[number::count]
        total = sum((line.amount for line in part), Decimal(0))
        noun = catalogues.noun(rng, deal.kind, deal.style.language).upper()
        strip.feed()
        lead: Line = [Span(str(len(part)))] if rng.random() < 0.6 else []
        strip.put([*lead, Span(noun)])
        strip.put_right([Span(strip.money(total))], 1.0)


def write_taxes(strip: Strip, codes: dict[Decimal, str]) -> None:
    """Write the table of taxes: a row for each rate, with its code where items print one."""
    rng, style = strip.rng, strip.deal.style
    language = style.language
    heads = [
        rng.choice(("", "Code", "Tax Code", "Typ")),
        rng.choice(("%", min(HEADS["tax_rate"][language], key=len))),
        min(rng.choices(wording.TOTALS["sub_total"][language], k=4), key=len),
        min(HEADS["tax_amount"][language], key=len),
    ]
    gross = rng.random() < 0.4
    if gross:
        heads.append(min(rng.choices(HEADS["gross_amount"][language], k=4), key=len))
    shares = (0.16, 0.36, 0.68, 1.0) if not gross else (0.12, 0.3, 0.56, 0.76, 1.0)
    if rng.random() < 0.85:
        strip.feed(1.4)
        for text, share in zip(heads, shares, strict=True):
            strip.put_right([Span(text)], share)
    for number, (rate, base, tax) in enumerate(strip.deal.taxes()):
        strip.feed()
        code = codes.get(rate) or "ABCDEFGH"[number % 8]
        values = [code, style.quantity(rate) + rng.choice(("", "%")),
                  style.money(base, signed=False), style.money(tax, signed=False)]  # fmt: skip
        values += [style.money(base + tax, signed=False)] if gross else []
        for text, share in zip(values, shares, strict=True):
            strip.put_right([Span(text)], share)


def write_blocks(rng: random.Random, strip: Strip, total: str) -> None:
    """Write the blocks below the sums that this till prints."""
    if rng.random() < CARD_SLIP:
        strip.put_separator()
        write_card_slip(strip, total)
    if rng.random() < LOYALTY:
        strip.put_separator()
        write_points(strip)
    if rng.random() < GROUPS:
        write_groups(strip)
