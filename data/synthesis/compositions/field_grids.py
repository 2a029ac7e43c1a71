"""Framed fields edge to edge over the whole width: small labels, values, rows of uneven cells.

National fiscal notes and transport papers print parties, references, sums and the shipment so. Its
numbers look like items and are none.
"""

import random
from dataclasses import dataclass
from decimal import Decimal

from data.synthesis.commerce import catalogues, wording
from data.synthesis.commerce.deals import Deal, Pair
from data.synthesis.commerce.form_heads import FORM_HEADS
from data.synthesis.commerce.parties import Party
from data.synthesis.commerce.tagged_text import Span
from data.synthesis.layouts import blocks
from data.synthesis.layouts.sheets import Shape, Sheet

SHIPMENT = 0.4  # share of the papers with a row of packages and weights
SUMS = 0.35  # of the priced papers: the sums among the fields, above the items
STUB = 0.2  # a part to tear off at the top, for the receiver to sign


@dataclass(slots=True)
class _Look:
    """The look of all fields of a document; lengths in points."""

    size: float
    label_size: float
    height: float  # of a field
    capitals: bool
    titled: bool
    bold_values: bool
    right: bool  # numbers at the right edge of their field


def write_top(rng: random.Random, sheet: Sheet, deal: Deal, margin: float, size: float) -> float:
    """Write parties, references and perhaps shipment and sums as fields; return the free y."""
    look = _pick_look(rng, size)
    area = (margin, sheet.width - 2 * margin)
    y = rng.uniform(12, 40)
    if rng.random() < STUB:
        y = _write_stub(rng, sheet, deal, (*area, y), look)
    y = _write_masthead(rng, sheet, deal, (*area, y), look)
    sections = [_references(rng, deal), _party(rng, deal)]
    if rng.random() < SHIPMENT:
        sections.append(_shipment(rng, deal))
    if deal.priced and deal.document_type != "purchase_order" and rng.random() < SUMS:
        sections.append(_sums(rng, deal))
        deal.summed = True
    if rng.random() < 0.3:
        rng.shuffle(sections)
    for title, pairs in sections:
        y = _write_section(rng, sheet, (title, pairs), (*area, y), look)
    return y


def _pick_look(rng: random.Random, size: float) -> _Look:
    size = min(size, rng.choice((6.0, 7.0, 8.0, 9.0)))
    label_size = max(size * rng.choice((0.6, 0.7, 0.8)), 3.6)
    return _Look(
        size=size,
        label_size=label_size,
        height=label_size * 1.2 + size * rng.uniform(1.15, 1.7),
        capitals=rng.random() < 0.5,
        titled=rng.random() < 0.7,
        bold_values=rng.random() < 0.2,
        right=rng.random() < 0.5,
    )


def _write_stub(
    rng: random.Random, sheet: Sheet, deal: Deal, area: tuple[float, float, float], look: _Look
) -> float:
    """Write a part to sign and tear off; it names the document, its total by chance too."""
    left, width, y = area
    term = wording.pick_label(rng, wording.TERMS, deal.style.language)
    words = [Span(term), Span(deal.customer.name, "customer_name")]
    if deal.priced and rng.random() < 0.5:
        words.append(Span(deal.style.money(deal.total), "invoice_total"))
    top = y
    for line in sheet.wrap(words, look.size, width - 8)[:2]:
        y += look.size * 1.2
        sheet.write(left + 3, y, line, size=look.size)
    y += look.size * 0.5
    sheet.shapes.append(Shape("frame", left, top, left + width, y))
    labels = [wording.pick_label(rng, wording.FIELDS["delivery_date"], deal.style.language),
              wording.pick_label(rng, wording.OTHER_FIELDS, deal.style.language)]  # fmt: skip
    y = _write_row(rng, sheet, [Pair(label, "") for label in labels], (left, width, y), look)
    sheet.shapes.append(Shape("dashes", left, y + 5, left + width, y + 5, 60))
    return y + 10


def _write_masthead(
    rng: random.Random, sheet: Sheet, deal: Deal, area: tuple[float, float, float], look: _Look
) -> float:
    """Write the seller at the left, title and number in a frame at the right."""
    left, width, top = area
    split = width * rng.uniform(0.42, 0.65)
    big, y = look.size * rng.uniform(1.2, 1.9), top
    align = rng.choice(("left", "center"))
    y += big * 1.2
    sheet.write(left + 4, y, [Span(deal.vendor.name, "vendor_name")], size=big, bold=True,
                align=align, width=split - 8)  # fmt: skip
    for text in (*deal.vendor.address, deal.vendor.phone):
        y += look.size * 1.2
        sheet.write(left + 4, y, [Span(text)], size=look.size, align=align, width=split - 8)
    title = rng.choice([text for text in wording.TITLES[deal.document_type][deal.style.language]
                        if text])  # fmt: skip
    x, base = left + split, top + big * 1.2
    right = {"align": "center", "width": width - split}
    sheet.write(x, base, [Span(title)], size=big, bold=True, **right)  # type: ignore[arg-type]
    label = rng.choice(("Nº", "No.", "N.", "Nr.", "N°", "#"))
    number = [Span(label), Span(deal.number, "document_id")]
    sheet.write(x, base + big * 1.3, number, size=big * 0.9, **right)  # type: ignore[arg-type]
    if rng.random() < 0.6:
        key = " ".join(catalogues.digits(rng, 4) for _ in range(rng.choice((5, 8, 11))))
        small = min(look.size, (width - split) / 30)
        sheet.write(x, base + big * 2.3, [Span(key)], size=small, **right)  # type: ignore[arg-type]
    low = max(y, base + big * 2.4) + look.size * 0.6
    sheet.shapes.append(Shape("frame", left, top, left + split, low))
    sheet.shapes.append(Shape("frame", x, top, left + width, low))
    return low


def _references(rng: random.Random, deal: Deal) -> tuple[str, list[Pair]]:
    pairs = [pair for pair in blocks.header_pairs(rng, deal) if pair.label][:12]
    return rng.choice(("References", "Data", "", wording.pick_label(
        rng, wording.TITLES[deal.document_type], deal.style.language))), pairs  # fmt: skip


def _party(rng: random.Random, deal: Deal) -> tuple[str, list[Pair]]:
    """Return the customer's fields."""
    names, party = wording.PARTY_LABELS[deal.style.language], deal.customer
    title = wording.pick_label(rng, wording.BUYER_LABELS, deal.style.language)
    pairs = [Pair(names[0], party.name, "customer_name"), Pair(names[1], party.address[-2])]
    pairs += _party_numbers(rng, names, party)
    return title, pairs


def _party_numbers(rng: random.Random, names: tuple[str, ...], party: Party) -> list[Pair]:
    values = ["", party.address[-1], "", party.phone, party.mail, party.tax_id,
              catalogues.digits(rng, 9), catalogues.digits(rng, 8), catalogues.digits(rng, 6),
              catalogues.digits(rng, 2)]  # fmt: skip
    chosen = sorted(rng.sample(range(3, 10), rng.randint(2, 6)))
    return [Pair(names[place], values[place]) for place in chosen]


def _shipment(rng: random.Random, deal: Deal) -> tuple[str, list[Pair]]:
    """Return packages, kind and weights of the shipment."""
    style, language = deal.style, deal.style.language
    net = Decimal(rng.randint(100, 900_000)) / 1000
    values = {
        "cartons": str(rng.randint(1, 80)),
        "package_type": rng.choice(("VOLUMES", "CTN", "PAL", "Colli", "")),
        "gross_weight": style.number(net * Decimal("1.05"), 3),
        "net_weight": style.number(net, 3),
        "volume": style.number(net / 300, 3),
    }
    kinds = rng.sample(tuple(values), rng.randint(2, 5))
    pairs = [Pair(rng.choice(FORM_HEADS[kind][language]), values[kind]) for kind in kinds]
    carrier = Pair(wording.pick_label(rng, wording.OTHER_FIELDS, language),
                   f"{catalogues.made_up_word(rng).upper()} LOGISTICA")  # fmt: skip
    return wording.pick_label(rng, wording.PLACE_LABELS, language), [carrier, *pairs]


def _sums(rng: random.Random, deal: Deal) -> tuple[str, list[Pair]]:
    """Return the sums of the paper among fields of other taxes, mostly zero."""
    style, language = deal.style, deal.style.language

    def field(tag: str, value: Decimal) -> Pair:
        label = wording.pick_label(rng, wording.TOTALS[tag], language)
        return Pair(label, style.money(value), tag)

    zero = style.money(Decimal(0), signed=False)
    others = []
    for _ in range(rng.randint(1, 6)):
        name = f"{catalogues.letters(rng, rng.choice((2, 3, 4)))} {rng.choice(('', 'ST', '%'))}"
        others.append(Pair(name.strip(), zero))
    pairs = [field("sub_total", deal.net)]
    pairs += [field("shipping_charge", deal.shipping)] if deal.shipping else []
    pairs += [field("total_discount", deal.deduction)] if deal.deduction else []
    pairs += [field("total_tax", deal.tax)]
    for other in others:
        pairs.insert(rng.randint(0, len(pairs)), other)
    pairs.append(field("invoice_total", deal.total))
    return wording.pick_label(rng, wording.TOTALS["total_tax"], language), pairs


def _write_section(
    rng: random.Random,
    sheet: Sheet,
    section: tuple[str, list[Pair]],
    area: tuple[float, float, float],
    look: _Look,
) -> float:
    """Write a title and rows of fields; return the free y."""
    (title, pairs), (left, width, y) = section, area
    if look.titled and title:
        text = title.upper() if look.capitals else title
        y += look.size * 1.1
        sheet.write(left + 1, y, [Span(text)], size=look.size * 0.9, bold=True)
        y += look.size * 0.25
    start = 0
    while start < len(pairs):
        count = rng.choice((3, 3, 4, 4, 5, 6, 7))
        row = pairs[start : start + count]
        y = _write_row(rng, sheet, row, (left, width, y), look)
        start += count
    return y


def _write_row(
    rng: random.Random,
    sheet: Sheet,
    pairs: list[Pair],
    area: tuple[float, float, float],
    look: _Look,
) -> float:
    """Write fields side by side, each as wide as its text asks for."""
    left, width, y = area
    labels = [pair.label.upper() if look.capitals else pair.label for pair in pairs]
    needs = []
    for label, pair in zip(labels, pairs, strict=True):
        wide = sheet.measure([Span(label)], look.label_size)
        needs.append(max(wide, sheet.measure([Span(pair.value)], look.size)) + look.size)
    spare = width - sum(needs)
    shrink = min(width / sum(needs), 1.0)
    shares = [rng.random() + 0.1 for _ in pairs]
    x = left
    for place, (label, pair) in enumerate(zip(labels, pairs, strict=True)):
        room = needs[place] * shrink + max(spare, 0.0) * shares[place] / sum(shares)
        sheet.write(x + 2, y + look.label_size * 1.15, [Span(label)],
                    size=look.label_size * shrink)  # fmt: skip
        right = look.right and pair.value[:1].isdigit()
        sheet.write(x + 2, y + look.height - look.size * 0.3,
                    [Span(pair.value, pair.tag, pair.mark)], size=look.size * shrink,
                    bold=look.bold_values, align="right" if right else "left",
                    width=room - 4)  # fmt: skip
        sheet.shapes.append(Shape("frame", x, y, x + room, y + look.height))
        x += room
    return y + look.height
