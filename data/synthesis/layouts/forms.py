"""Writes parties and references as forms: titled boxes of label and value, in columns.

They can fill the whole first page, so that the items begin on the second, and hold dates, numbers
and codes in columns that are no items.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from data.synthesis.commerce import catalogues, parties, wording
from data.synthesis.commerce.deals import Deal, Pair
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.layouts.sheets import Shape, Sheet

_FIRST_NUMBER = 5  # of a party's values: tax number and what follows


@dataclass(slots=True)
class _Look:
    """The look of the boxes of one document."""

    across: int
    framed: bool
    zebra: bool
    labelled: str  # values with a label: all | none | numbers (all but name and address)
    bold_title: bool
    bold_name: bool
    size: float
    leading: float
    split: float  # where values begin, share of the box


def party_form(
    rng: random.Random, sheet: Sheet, deal: Deal, margin: float, y: float, size: float
) -> float:
    """Write vendor, customer, other parties, references and notes in boxes; return the free y."""
    look = _Look(
        across=rng.choice((1, 2, 2)),
        framed=rng.random() < 0.5,
        zebra=rng.random() < 0.35,
        labelled=rng.choices(("all", "numbers", "none"), (55, 20, 25))[0],
        bold_title=rng.random() < 0.8,
        bold_name=rng.random() < 0.5,
        size=size,
        leading=size * rng.uniform(1.2, 1.9),
        split=rng.choice((0.3, 0.35, 0.45, 0.55)),
    )
    boxes = _list_boxes(rng, deal, look)
    step = (sheet.width - 2 * margin) / look.across
    lows = [y] * look.across
    for place, (title, pairs) in enumerate(boxes):
        column = place % look.across
        low = lows[column] + look.leading * (len(pairs) + 2)
        if low > sheet.height - 60:
            continue
        area = (margin + column * step, lows[column], step - 12)
        lows[column] = _write_box(rng, sheet, title, pairs, area, look)
    return max(lows)


def _list_boxes(rng: random.Random, deal: Deal, look: _Look) -> list[tuple[str, list[Pair]]]:
    language = deal.style.language
    seller = wording.pick_label(rng, wording.SELLER_LABELS, language)
    buyer = wording.pick_label(rng, wording.BUYER_LABELS, language)
    boxes = [
        (seller, _party(rng, deal.vendor, language, "vendor_name", look)),
        (buyer, _party(rng, deal.customer, language, "customer_name", look)),
    ]
    for _ in range(rng.choice((1, 2, 3, 4, 6))):
        if rng.random() < 0.6:
            party = parties.make_party(rng, language)
            place = wording.pick_label(rng, wording.PLACE_LABELS, language)
            boxes.append((place, _party(rng, party, language, "other", look)))
        else:
            boxes.append(_references(rng, deal))
    if rng.random() < 0.3:
        rng.shuffle(boxes)
    return boxes


def _party(
    rng: random.Random, party: parties.Party, language: str, tag: str, look: _Look
) -> list[Pair]:
    names = wording.PARTY_LABELS[language]
    values = [party.name, ", ".join(party.address), catalogues.made_up_word(rng).title(),
              party.phone, party.mail, party.tax_id, catalogues.digits(rng, 9),
              catalogues.digits(rng, 13), catalogues.number(rng),
              catalogues.digits(rng, 6)]  # fmt: skip
    chosen = [0, *sorted(rng.sample(range(1, len(values)), rng.randint(1, 6)))]
    if rng.random() < 0.35:  # the party's numbers may be above its name
        numbers = [place for place in chosen if place >= _FIRST_NUMBER]
        above = numbers[: rng.randint(1, 2)]
        chosen = [*above, *(place for place in chosen if place not in above)]
    bare = {"all": (), "none": range(len(values)), "numbers": (0, 1)}[look.labelled]
    return [
        Pair("" if place in bare else names[place], values[place], tag if place == 0 else "other")
        for place in chosen
    ]


def _references(rng: random.Random, deal: Deal) -> tuple[str, list[Pair]]:
    """Numbers, dates and sums of other documents, or of none."""
    style = deal.style
    pairs = []
    for _ in range(rng.randint(1, 6)):
        day = style.day(deal.day - timedelta(days=rng.randint(0, 90)))
        value = rng.choice((catalogues.number(rng), day, catalogues.made_up_word(rng).upper(), ""))
        pairs.append(Pair(wording.pick_label(rng, wording.OTHER_FIELDS, style.language), value))
    title = rng.choice(("References", "Notes", "Delivery", "Terms", "Referenzen", "Lieferung", ""))
    return title, pairs


def _write_box(
    rng: random.Random,
    sheet: Sheet,
    title: str,
    pairs: list[Pair],
    area: tuple[float, float, float],
    look: _Look,
) -> float:
    left, top, width = area
    size, y = look.size, top
    if title:
        y += look.leading
        sheet.write(left + 2, y, [Span(title)], size=size, bold=look.bold_title)
    split = 2.0 if look.labelled != "all" else width * look.split
    for number, (label, value, tag, mark) in enumerate(pairs):
        y += look.leading
        if look.zebra and number % 2:
            low = y + look.leading * 0.3
            sheet.shapes.insert(0, Shape("fill", left, low - look.leading, left + width, low, 238))
        begin = left + split
        if label:
            end = sheet.write(left + 2, y, [Span(f"{label}:")], size=size)
            begin = max(begin, end + size * 0.4)
        text: Line = [Span(value, tag, mark)]
        bold = tag in ("vendor_name", "customer_name") and look.bold_name
        for part in sheet.wrap(text, size, max(left + width - begin - 4, width * 0.3))[:2]:
            sheet.write(begin, y, part, size=size, bold=bold)
            y += look.leading
        y -= look.leading
    low = y + look.leading * 0.5
    if look.framed:
        sheet.shapes.append(Shape("frame", left, top + 2, left + width, low))
    return low + look.leading * rng.choice((0.2, 0.6, 1.2))
