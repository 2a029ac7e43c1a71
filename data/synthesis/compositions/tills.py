"""Makes till receipts: narrow paper, items on one to three lines, taxes and cash below."""

import random
from dataclasses import replace
from decimal import Decimal

from data.synthesis.commerce import catalogues, wording
from data.synthesis.commerce.column_heads import HEADS
from data.synthesis.commerce.deals import Deal
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.compositions import till_blocks
from data.synthesis.layouts.blocks import header_pairs
from data.synthesis.layouts.sheets import Face, Sheet
from data.synthesis.layouts.strips import Strip
from data.synthesis.layouts.till_items import FORMS, add_modifiers, set_item, set_till_quantities

_TAXES = (
    "Tax",
    "GST 6%",
    "PB1 10%",
    "PPN",
    "VAT",
    "Pajak 10%",
    "SST",
    "MwSt 19%",
    "TVA",
    "Service",
)
_CASH = (
    "CASH",
    "VISA",
    "Cash",
    "BAR",
    "Tendered",
    "Cash Received",
    "Master",
    "TUNAI",
    "Tunai",
    "DEBIT",
    "Bayar",
)
_TOTALS = (
    "Total Rounded",
    "Total Incl. GST",
    "Total Sales (Incl GST)",
    "Net Total",
    "TOTAL RM",
    "Grand Total",
    "Amount Payable",
    "Total Amt",
    "JUMLAH",
)
_SUBTOTALS = ("Total Excl. GST", "Subttl", "Sub-total", "Total Sales (Excl GST)", "Amt Excl GST")
_CHANGE = ("CHANGE", "Change", "Rückgeld", "KEMBALI", "Kembalian", "Change Due", "Rendu")


def till_receipt(rng: random.Random, deal: Deal, face: Face) -> Sheet:
    """Make a receipt on a strip whose length follows its content; discount lines are no items."""
    if rng.random() < 0.13:  # a currency without cents
        group = rng.choice((",", ".", ","))
        point = "," if group == "." else "."
        deal.style = replace(deal.style, group=group, point=point, money_places=0, indian=False)
        for line in deal.lines:
            line.money_places = 0
    set_till_quantities(rng, deal)
    if rng.random() < 0.12:
        add_modifiers(rng, deal)
    strip = Strip(rng, deal, face, rng.choice(FORMS))
    part = rng.random() < 0.22  # only the items and what follows were photographed
    if not part:
        _set_top(strip)
        strip.put_separator()
    if strip.form.startswith("columns") and (not part or rng.random() < 0.5):
        _set_heads(strip)
    for place, line in enumerate(deal.lines):
        if rng.random() < 0.02:
            strip.feed()
            noun = catalogues.noun(rng, deal.kind, deal.style.language).upper()
            strip.put([Span(rng.choice((noun, f"** {noun} **", "DINE IN", "GROCERY")))])
        set_item(strip, line, place)
    strip.put_separator()
    _set_bottom(strip, ends=not part or rng.random() < 0.4)
    strip.sheet.height = max(strip.y + rng.uniform(3, 60), strip.width * rng.uniform(0.6, 1.2))
    if strip.pad:
        _move_onto_wider_paper(rng, strip.sheet, strip.pad)
    return strip.sheet


def _move_onto_wider_paper(rng: random.Random, sheet: Sheet, pad: float) -> None:
    """Move the strip onto a larger sheet, away from its left and top edge."""
    right, down = pad * rng.random(), pad * rng.random()
    sheet.inks = [
        ink._replace(left=ink.left + right, baseline=ink.baseline + down) for ink in sheet.inks
    ]
    sheet.shapes = [
        shape._replace(
            left=shape.left + right,
            right=shape.right + right,
            top=shape.top + down,
            bottom=shape.bottom + down,
        )
        for shape in sheet.shapes
    ]
    sheet.width += pad
    sheet.height += pad


def _set_top(strip: Strip) -> None:
    rng, deal = strip.rng, strip.deal
    align = rng.choice(("center", "center", "left"))
    strip.feed()
    strip.put(
        [Span(deal.vendor.name, "vendor_name")],
        align=align,
        bold=rng.random() < 0.5,
        scale=rng.choice((1, 1, 1.4, 2.2)),
    )
    for text in [
        *deal.vendor.address,
        f"TEL : {deal.vendor.phone}",
        f"GST ID : {deal.vendor.tax_id}",
    ]:
        if rng.random() < 0.8:
            strip.feed()
            strip.put([Span(text)], align=align)
    title = wording.pick_label(rng, wording.TITLES["receipt"], deal.style.language)
    if title and rng.random() < 0.8:
        strip.feed(1.4)
        strip.put([Span(title)], align="center", bold=True)
    strip.feed(0.5)
    pairs = header_pairs(rng, deal)[: rng.choice((2, 4, 6, 6))]
    together = rng.random() < 0.3
    for place, (label, value, tag, mark) in enumerate(pairs):
        if not together or place % 2 == 0:
            strip.feed()
        pair: Line = [Span(label + rng.choice((":", " :", ""))), Span(value, tag, mark)]
        if tag == "document_date" and rng.random() < 0.5:
            pair.append(Span(f"{rng.randint(7, 22)}:{rng.randint(10, 59)}:{rng.randint(10, 59)}"))
        strip.put_at(0.55 if together and place % 2 else 0.0, pair)


def _set_heads(strip: Strip) -> None:
    language = strip.deal.style.language
    heads = [
        min(strip.rng.choices(HEADS[kind][language], k=3), key=len)
        for kind in ("description", "quantity", "unit_price", "amount")
    ]
    strip.feed()
    for place, (text, share) in enumerate(zip(heads, (0.0, 0.5, 0.75, 1.0), strict=True)):
        line = [Span(text, "column_header")]
        if place == 0:
            strip.put(line)
        else:
            strip.put_right(line, share)
    strip.put_separator()


def _set_bottom(strip: Strip, *, ends: bool) -> None:
    rng = strip.rng
    aligned = rng.choice(("left", "left", "right"))
    inset = rng.choice((0.0, 0.0, 0.15, 0.3))
    sums = _list_sums(strip)
    for name, text, tag in sums:
        large = tag == "invoice_total" and rng.random() < 0.4
        strip.feed(1.6 if large else 1.0)
        label: Line = [Span(name + rng.choice(("", "", ":", " :")))]
        strip.sheet.write(
            strip.margin + strip.inner * inset,
            strip.y,
            strip.set_case(label),
            size=strip.size,
            align=aligned,
            width=strip.inner * (0.62 - inset),
            bold=large,
        )
        strip.put(
            [Span(text, tag)],
            align="right",
            bold=large,
            scale=rng.choice((1.5, 2.0)) if large else 1.0,
        )
    if rng.random() < till_blocks.TAXES:
        if rng.random() < 0.35:
            _set_tax_summary(strip)
        else:
            till_blocks.write_taxes(strip, strip.codes)
    total = next(text for _, text, tag in sums if tag == "invoice_total")
    till_blocks.write_blocks(rng, strip, total)
    if ends:
        _set_end(strip)


def _set_end(strip: Strip) -> None:
    """Write thanks, terms and numbers at the end of the strip."""
    rng = strip.rng
    strip.put_separator()
    for _ in range(rng.randint(0, 4)):
        strip.feed()
        term = wording.pick_label(rng, wording.TERMS, strip.deal.style.language)
        text = rng.choice(("THANK YOU", "Please come again", term, catalogues.number(rng)))
        for part in strip.sheet.wrap([Span(text)], strip.size, strip.inner):
            strip.put(part, align="center")
            strip.feed()


def _list_sums(strip: Strip) -> list[tuple[str, str, str]]:
    """(label, printed value, tag) of the sums below the items; tax is on top or included."""
    rng, deal = strip.rng, strip.deal
    included = rng.random() < 0.5
    service = strip.round_money(deal.net / 20) if rng.random() < 0.12 else Decimal(0)
    tax = Decimal(0) if included else strip.round_money(deal.tax)
    total = deal.net + tax + service
    rows: list[tuple[str, str, str]] = []

    def add(tag: str, value: Decimal) -> None:
        name = wording.pick_label(rng, wording.TOTALS[tag], deal.style.language)
        other = {"total_tax": _TAXES, "invoice_total": _TOTALS, "sub_total": _SUBTOTALS}[tag]
        if rng.random() < 0.35:
            name = rng.choice(other)
        rows.append((name, strip.money(value), tag))

    counted = (rng.choice(("Total Qty", "Item(s)", "No. of items", "Items", "Qty")), "other")
    count = sum((line.quantity for line in deal.lines), Decimal(0))
    if rng.random() < 0.12:
        rows.append((counted[0], deal.style.quantity(count), "other"))
    if rng.random() < 0.6:
        add("sub_total", deal.net)
    if service:
        rows.append((rng.choice(("Service", "Service Charge 5%", "Srv Chg")),
                     strip.money(service), "other"))  # fmt: skip
    if not included and (tax or rng.random() < 0.5):
        add("total_tax", tax)
    if rng.random() < 0.25:
        rows.append((rng.choice(("Rounding", "Rounding Adjustment", "Rounding Adj", "Pembulatan")),
                     strip.money(Decimal(0)), "other"))  # fmt: skip
    if rng.random() < 0.2:
        rows.append((counted[0], str(len(deal.lines)), "other"))
    add("invoice_total", total)
    step = Decimal(10) if deal.style.money_places else Decimal(10_000)
    cash = (total / step).to_integral_value() * step + step
    if rng.random() < 0.7:
        rows.append((rng.choice(_CASH), strip.money(cash), "other"))
        rows.append((rng.choice(_CHANGE), strip.money(cash - total), "other"))
    return rows


def _set_tax_summary(strip: Strip) -> None:
    style = strip.deal.style
    strip.feed(1.6)
    title = strip.rng.choice(("GST SUMMARY", "GST Summary", "Tax Summary", "MwSt-Ausweis"))
    strip.put([Span(title)], bold=True)
    strip.feed()
    heads = (("Tax Code", 0.25), ("%", 0.42), ("Amt", 0.7), ("Tax", 1.0))
    for text, share in heads:
        strip.put_right([Span(text)], share)
    for rate, base, tax in strip.deal.taxes():
        strip.feed()
        values = (
            "SR",
            style.quantity(rate),
            style.money(base, signed=False),
            style.money(tax, signed=False),
        )
        for (_, share), text in zip(heads, values, strict=True):
            strip.put_right([Span(text)], share)
