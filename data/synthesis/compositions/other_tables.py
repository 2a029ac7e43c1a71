"""Tables beside the bill that look like it: hour sheets, deliveries, statements, summaries.

They stand above the items, below them, after the sums or on a sheet of their own, often in the very
look of the item table. None of their rows is an item.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from data.records import OUTSIDE_TABLES
from data.synthesis.commerce import catalogues, wording
from data.synthesis.commerce.column_heads import HEADS
from data.synthesis.commerce.deals import Deal
from data.synthesis.commerce.form_heads import FORM_HEADS
from data.synthesis.commerce.service_words import SERVICE_WORDS
from data.synthesis.commerce.tagged_text import Span
from data.synthesis.layouts import asides
from data.synthesis.layouts.tables import Flow, Row, Setting, Table, lay_out, pick_setting
from data.synthesis.layouts.typesetting import set_table

NEW_KINDS = 0.55  # share of the tables beside the bill that are made here
SAME_LOOK = 0.5  # of them in the look of the item table
TITLED = 0.6
ON_A_NEW_SHEET = 0.15  # of those after the sums
SUMMED = 0.4

_Rows = list[list[str]]


@dataclass(slots=True)
class Content:
    """The texts of a table: its heads, its rows, the column that may wrap."""

    heads: list[str]
    rows: _Rows
    wraps: int
    title: str = ""


def write_table(
    rng: random.Random, flow: Flow, deal: Deal, form: tuple[float, float, Setting | None]
) -> None:
    """Write a table without items, where there is room; `form` is margin, size and setting.

    The setting is that of the item table, where one was written.
    """
    margin, size, setting = form
    if rng.random() > NEW_KINDS:
        asides.write_aside(rng, flow, deal, margin, size)
        return
    content = _pick_content(rng, deal)
    table = _table(rng, flow, content, (margin, size), setting)
    lay_out(table, flow.sheet, rng)
    height = sum(
        max((len(cell) for cell in row.cells), default=1) * table.setting.leading
        + table.setting.pad for row in table.rows
    ) + table.setting.leading * 4  # fmt: skip
    if not flow.fits(height):
        return
    flow.y += size
    start = len(flow.sheet.inks)
    if content.title and rng.random() < TITLED:
        flow.y += size * 1.3
        flow.sheet.write(margin, flow.y, [Span(content.title)], size=size * rng.choice((1.0, 1.2)),
                         bold=rng.random() < 0.7)  # fmt: skip
        flow.y += size * 0.5
    set_table(flow, table)
    _take_out(flow, start)
    flow.y += size


def write_details(
    rng: random.Random, flow: Flow, deal: Deal, form: tuple[float, float, Setting | None]
) -> None:
    """Write a table after the sums, sometimes on a new sheet."""
    if rng.random() < ON_A_NEW_SHEET:
        flow.turn()
    write_table(rng, flow, deal, form)


def _take_out(flow: Flow, start: int) -> None:
    """Say of the words written since `start` that they stand in no table of the bill."""
    sheet = flow.sheet
    sheet.inks[start:] = [
        ink._replace(place=OUTSIDE_TABLES, tag="other", item=-1) for ink in sheet.inks[start:]
    ]


def _table(
    rng: random.Random,
    flow: Flow,
    content: Content,
    form: tuple[float, float],
    setting: Setting | None,
) -> Table:
    margin, size = form
    width = flow.sheet.width - 2 * margin
    if rng.random() < 0.4:
        width *= rng.uniform(0.5, 0.9)
    left = rng.choice((margin, margin, flow.sheet.width - margin - width))
    if setting is not None and rng.random() < SAME_LOOK:
        setting, left, width = replace(setting), margin, flow.sheet.width - 2 * margin
    else:
        setting = pick_setting(rng, min(size, 9.0))
    count = len(content.heads)
    aligns = ["left" if _is_text(content.rows, place) else "right" for place in range(count)]
    rows = [Row([[[Span(text)]] if text else [] for text in row]) for row in content.rows]
    if rng.random() < 0.3:
        rows[-1].bold = rows[-1].ruled = bool(content.rows[-1][0])
    return Table(
        heads=content.heads, aligns=aligns, rows=rows, wraps=content.wraps, left=left,
        width=width, setting=setting, fill=rng.choice((1.0, 0.6, 0.2)),
        show_head=rng.random() < 0.94,
    )  # fmt: skip


def _is_text(rows: _Rows, place: int) -> bool:
    return not any(row[place][:1].isdigit() for row in rows) or place == 0


def _pick_content(rng: random.Random, deal: Deal) -> Content:
    makers = _UNPRICED if not deal.priced else _UNPRICED + _PRICED
    odds, choices = zip(*makers, strict=True)
    content: Content = rng.choices(choices, odds)[0](rng, deal)
    places = list(range(len(content.heads)))
    if len(places) > 3 and rng.random() < 0.3:  # without one of the columns
        gone = rng.choice([place for place in places if place != content.wraps])
        places.remove(gone)
    content.wraps = places.index(content.wraps)
    content.heads = [content.heads[place] for place in places]
    content.rows = [[row[place] for place in places] for row in content.rows]
    return content


def _head(rng: random.Random, deal: Deal, kind: str) -> str:
    language = deal.style.language
    if kind in HEADS:
        return wording.pick_label(rng, HEADS[kind], language)
    if kind in FORM_HEADS:
        return rng.choice(FORM_HEADS[kind][language])
    if kind in SERVICE_WORDS[language]:
        return rng.choice(SERVICE_WORDS[language][kind])
    return wording.pick_field_label(rng, "document_id", kind, language)


def _heads(rng: random.Random, deal: Deal, *kinds: str) -> list[str]:
    return [_head(rng, deal, kind) for kind in kinds]


def _title(rng: random.Random, deal: Deal, document_type: str) -> str:
    return wording.pick_label(rng, wording.TITLES[document_type], deal.style.language)


def _days(rng: random.Random, deal: Deal, count: int) -> list[str]:
    days = sorted(deal.day - timedelta(days=rng.randint(0, 40)) for _ in range(count))
    return [deal.style.day(day) for day in days]


def _hours(rng: random.Random, deal: Deal) -> Content:
    """Hours by day and person, with the work done; by choice at a rate."""
    style, count = deal.style, rng.randint(2, 9)
    rows, total = [], Decimal(0)
    for day in _days(rng, deal, count):
        hours = Decimal(rng.randint(1, 36)) / 4
        total += hours
        name = f"{catalogues.letters(rng, 1)}. {catalogues.made_up_word(rng).title()}"
        work = catalogues.noun(rng, "services", style.language)
        rows.append([day, name, work, style.number(hours, 2)])
    heads = [*_heads(rng, deal, "date"), rng.choice(("Name", "Staff", "Consultant", "")),
             *_heads(rng, deal, "description", "hours")]  # fmt: skip
    if rng.random() < SUMMED:
        rows.append([_sum_name(rng, deal), "", "", style.number(total, 2)])
    return Content(heads, rows, 2, _title(rng, deal, "proof_of_delivery"))


def _deliveries(rng: random.Random, deal: Deal) -> Content:
    """Earlier deliveries of the same goods, with numbers and counts."""
    style = deal.style
    rows = []
    for day in _days(rng, deal, rng.randint(1, 6)):
        line = rng.choice(deal.lines)
        count = style.quantity(Decimal(rng.randint(1, 500)))
        rows.append([day, catalogues.number(rng), line.product.description, count])
    heads = _heads(rng, deal, "date", "delivery_note", "description", "quantity_shipped")
    return Content(heads, rows, 2, _title(rng, deal, "delivery_note"))


def _packages(rng: random.Random, deal: Deal) -> Content:
    """The packages of the shipment with their sizes and weights."""
    style = deal.style
    rows = []
    for number in range(rng.randint(1, 6)):
        sides = " x ".join(str(rng.randint(10, 120)) for _ in range(3))
        weight = style.number(Decimal(rng.randint(50, 90_000)) / 100, 2)
        kind = rng.choice(("Carton", "Pallet", "Box", "EUP", "Crate"))
        rows.append([str(number + 1), kind, str(rng.randint(1, 12)), sides, weight])
    heads = _heads(rng, deal, "carton_range", "package_type", "cartons", "dimensions",
                   "gross_weight")  # fmt: skip
    return Content(heads, rows, 1, _title(rng, deal, "packing_slip"))


def _meters(rng: random.Random, deal: Deal) -> Content:
    """Readings of meters: before, now, and the difference."""
    style, day = deal.style, deal.style.day(deal.day)
    rows = []
    for _ in range(rng.randint(1, 4)):
        before = rng.randint(100, 90_000)
        used = rng.randint(1, 4_000)
        values = [style.quantity(Decimal(value)) for value in (before, before + used, used)]
        rows.append([catalogues.digits(rng, 8), day, *values])
    words = rng.choice((("Meter", "Read", "Previous", "Current", "Usage"),
                        ("Zähler", "Datum", "Alt", "Neu", "Verbrauch"),
                        ("Compteur", "Relevé", "Ancien", "Nouveau", "Conso."),
                        ("Contador", "Fecha", "Anterior", "Actual", "Consumo")))  # fmt: skip
    return Content(list(words), rows, 0, rng.choice(words))


def _statement(rng: random.Random, deal: Deal) -> Content:
    """Open items of the account, the balance running."""
    style = deal.style
    rows, balance = [], Decimal(0)
    for day in _days(rng, deal, rng.randint(2, 8)):
        amount = Decimal(rng.randint(500, 900_000)) / 100 * rng.choice((1, 1, 1, -1))
        balance += amount
        title = _title(rng, deal, "invoice" if amount > 0 else "credit_memo")
        rows.append([day, catalogues.number(rng), title, style.money(amount),
                     style.money(balance)])  # fmt: skip
    heads = [*_heads(rng, deal, "date", "invoice", "description", "amount"),
             wording.pick_label(rng, wording.TOTALS["amount_due"], style.language)]  # fmt: skip
    return Content(heads, rows, 2, _title(rng, deal, "other"))


def groups_of_goods(rng: random.Random, deal: Deal) -> Content:
    """The bill by group of goods: their amounts sum to that of the bill."""
    style = deal.style
    count = min(rng.randint(2, 5), len(deal.lines))
    sums = [sum((line.amount for line in deal.lines[n::count]), Decimal(0)) for n in range(count)]
    rows = [
        [catalogues.noun(rng, deal.kind, style.language), str(len(deal.lines[n::count])),
         style.money(value)]
        for n, value in enumerate(sums)
    ]  # fmt: skip
    if rng.random() < 0.6:
        rows.append([_sum_name(rng, deal), str(len(deal.lines)), style.money(deal.net)])
    heads = [rng.choice(("", *_heads(rng, deal, "description"))),
             *_heads(rng, deal, "quantity", "amount")]  # fmt: skip
    return Content(heads, rows, 0, rng.choice(wording.SUBTOTALS[style.language]))


def _account(rng: random.Random, deal: Deal) -> Content:
    """The account in short: before, paid, new, now due; labels beside their sums."""
    style, language = deal.style, deal.style.language
    before = Decimal(rng.randint(0, 500_000)) / 100
    labels = [
        rng.choice(("Previous Balance", "Saldo", "Vortrag", "Solde précédent", "B/F")),
        wording.pick_label(rng, wording.PAID, language),
        wording.pick_label(rng, wording.TOTALS["sub_total"], language),
        wording.pick_label(rng, wording.TOTALS["total_tax"], language),
    ]
    values = [before, -before, deal.net, deal.tax]
    rows = [[name, style.money(value)] for name, value in zip(labels, values, strict=True)]
    return Content(["", rng.choice((style.currency, ""))], rows, 0, _title(rng, deal, "other"))


def _customs(rng: random.Random, deal: Deal) -> Content:
    """Goods by tariff number and origin, with weight and value."""
    style = deal.style
    rows = []
    for line in deal.lines[: rng.randint(1, 5)]:
        weight = style.number(Decimal(rng.randint(10, 90_000)) / 100, 2)
        rows.append([catalogues.digits(rng, 8), rng.choice(("CN", "DE", "US", "IT", "TR", "MY")),
                     style.quantity(line.quantity), weight, style.money(line.amount)])  # fmt: skip
    heads = [rng.choice(("HS Code", "Tariff No.", "Zolltarifnr.", "Code SH", "NC")),
             rng.choice(("Origin", "COO", "Ursprung", "Origine", "Origen")),
             *_heads(rng, deal, "quantity", "net_weight", "declared_value")]  # fmt: skip
    return Content(heads, rows, 0)


def _sum_name(rng: random.Random, deal: Deal) -> str:
    return wording.pick_label(rng, wording.SUBTOTALS, deal.style.language)


_Makers = list[tuple[int, Callable[[random.Random, Deal], Content]]]
_UNPRICED: _Makers = [(14, _hours), (22, _deliveries), (20, _packages), (8, _meters)]
_PRICED: _Makers = [(24, _statement), (20, groups_of_goods), (16, _account), (12, _customs)]
