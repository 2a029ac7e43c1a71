"""Items of national fiscal notes: codes and taxes of every item in narrow framed columns.

Base, rate and amount of several taxes stand beside quantity, price and amount; the columns run down
to the foot of the page as empty frames.
"""

import random
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import Deal, DealLine, round_money
from data.synthesis.layouts import columns, items
from data.synthesis.layouts.columns import Column
from data.synthesis.layouts.sheets import Shape
from data.synthesis.layouts.tables import Flow, Setting, Table

LANGUAGES = {"pt": 34, "es": 15, "it": 11, "pl": 9, "tr": 8, "en": 12, "ro": 4, "hu": 4,
             "fr": 3}  # fmt: skip
RUN_DOWN = 0.5  # the frames of the columns go on below the last item

# Codes by language: heads, and patterns of values (# a digit, @ a letter).
_CODES: dict[str, tuple[tuple[str, str], ...]] = {
    "pt": (("NCM/SH|NCM|Cód. NCM|NCM / SH", "########"),
           ("CST|O/CST|CSOSN|CST/CSOSN", "#00|060|102"),
           ("CFOP|CFOP.", "5102|6108|5405|1202"), ("CEST|EX TIPI", "#######|00"),
           ("C. Benef.|Nat.", "@@######")),
    "es": (("Clave Prod/Serv|Cve. SAT|ClaveProdServ", "########"),
           ("Clave Unidad|Cve. Unid.", "H87|E48|KGM"),
           ("Obj. Imp.|ObjetoImp", "02|01"), ("Cód. Aranc.|Partida", "####.##"),
           ("No. Ident.|NoIdentificación", "@@####")),
    "it": (("Cod. IVA|C.IVA|Nat.", "22|10|N4|E15"), ("Cod. Centro|CdC", "####"),
           ("Tipo|TC", "P|S|A")),
    "pl": (("PKWiU|CN/PKWiU", "##.##.##"), ("GTU|Kod GTU", "GTU_##"), ("Lp. zam.", "#")),
    "tr": (("GTİP|GTIP No", "####.##.##"), ("Tevk. Kodu|Tevkifat", "6##"), ("İst. Kodu", "3##")),
    "en": (("HSN/SAC|HSN Code|HSN", "########|####"), ("Tax Code|TC|Tx", "SR|ZR|TX-#|GST#"),
           ("Comm. Code|Tariff", "####.##"), ("Cess %|Cess", "0.00")),
    "ro": (("Cod NC|NC8", "########"), ("CPV", "########-#")),
    "hu": (("VTSZ|VTSZ/SZJ", "####"), ("TESZOR|KN kód", "##.##.##")),
    "fr": (("Code NC|Nomenclature", "########"), ("Régime|CT", "1|2|4")),
}  # fmt: skip
# Heads of base, rate and amount of further taxes, which are included in the amount or added.
_TAXES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "pt": (("BC ICMS|B.Cálc. ICMS|Base ICMS",
            "Alíq. ICMS|% ICMS|ICMS %", "V. ICMS|Valor ICMS|ICMS"),
           ("BC IPI", "Alíq. IPI|% IPI", "V. IPI|Valor IPI|IPI"),
           ("BC ST|B.C. ICMS ST", "% ST|MVA", "V. ICMS ST|ICMS-ST"),
           ("BC PIS", "% PIS", "V. PIS"), ("BC COFINS", "% COF.", "V. COFINS")),
    "es": (("Base IVA|Base", "Tasa|IVA %|Tipo", "IVA Tras.|Imp. IVA|IVA"),
           ("Base IEPS", "IEPS %|Tasa IEPS", "IEPS"),
           ("Base Ret.", "Ret. %|ISR %", "ISR Ret.|Ret.")),
    "it": (("Imponib.|Base", "% IVA|Aliq.", "Imposta|IVA"), ("Base rit.", "% rit.", "Ritenuta")),
    "pl": (("Wart. netto VAT|Podst.", "Stawka VAT|VAT %", "Kwota VAT|VAT"),),
    "tr": (("Matrah", "KDV Oranı|KDV %", "KDV Tutarı|KDV"), ("ÖTV Mat.", "ÖTV %", "ÖTV Tutarı"),
           ("ÖİV Mat.", "ÖİV %", "ÖİV")),
    "en": (("Taxable Value|Assessable", "CGST %|CGST Rate", "CGST Amt|CGST"),
           ("Tax Base", "SGST %|SGST Rate", "SGST Amt|SGST"), ("IGST Base", "IGST %", "IGST Amt")),
    "ro": (("Baza TVA", "Cota TVA", "Val. TVA"),),
    "hu": (("Adóalap", "ÁFA kulcs|ÁFA %", "ÁFA érték|ÁFA"),),
    "fr": (("Base TVA", "Taux TVA", "Mt TVA"), ("Base taxe", "Taux", "Octroi de mer|Taxe")),
}  # fmt: skip
ONE_TAX = ("it", "pl", "ro", "hu", "fr")  # the one tax of the item: its rate and amount are read


def fiscal_table(rng: random.Random, deal: Deal, left: float, width: float, size: float) -> Table:
    """Make a table of items with codes and taxes in narrow columns."""
    cols = _pick_columns(rng, deal)
    size = min(size, rng.choice((5.0, 5.5, 6.0, 6.5, 7.0, 8.0)))
    table, habit = items.blank_table(rng, cols, deal, left, width, size)
    table.fill = 1.0
    table.setting.rules = rng.choice(("grid", "grid", "grid", "frame", "rows", "head"))
    table.setting.pad = min(table.setting.pad, size * 0.6)
    table.setting.head_case = rng.choice(("upper", "as_is"))
    for place, line in enumerate(deal.lines):
        row = items.item_row(deal, line, place, cols, habit)
        row.amount = line.amount
        table.rows.append(row)
    return table


def run_down(rng: random.Random, flow: Flow, setting: Setting, area: tuple[float, float]) -> None:
    """Go on with the outer frame of the items down the page, by chance; nothing stands in it."""
    left, width = area
    low = flow.bottom - rng.choice((60.0, 100.0, 160.0))
    if setting.rules in ("grid", "frame") and flow.y < low and rng.random() < RUN_DOWN:
        flow.sheet.shapes.append(Shape("frame", left - 2, flow.y, left + width + 2, low))
        flow.y = low


def _pick_columns(rng: random.Random, deal: Deal) -> list[Column]:
    language = deal.style.language
    signed = False

    def make(kind: str) -> Column:
        return columns.make_column(rng, kind, deal.style, deal.lines, signed)

    codes = rng.sample(_CODES[language], rng.randint(1, len(_CODES[language])))
    cols = [make("product_code")] if rng.random() < 0.8 else []
    cols += [make("line_number")] if rng.random() < 0.3 else []
    cols.append(make("description"))
    cols += [_code_column(rng, deal, number, code) for number, code in enumerate(codes)]
    cols += [make("unit")] if rng.random() < 0.85 else []
    cols += [make("quantity"), make("unit_price")]
    if any(line.base != 1 for line in deal.lines):
        cols.append(make("price_base_quantity"))
    if any(line.discount_rate for line in deal.lines):
        cols.append(make(rng.choice(("discount_rate", "discount_amount"))))
    cols.append(make("amount"))
    taxes = _TAXES[language]
    for number in range(rng.randint(1, len(taxes))):
        cols += _tax_columns(rng, deal, number, taxes[number])
    if language in ONE_TAX and rng.random() < 0.4:
        cols.append(make("gross_amount"))
    if rng.random() < 0.2:
        place = rng.randrange(len(cols))
        cols.insert(rng.randint(0, len(cols) - 1), cols.pop(place))
    return cols


def _code_column(rng: random.Random, deal: Deal, number: int, code: tuple[str, str]) -> Column:
    heads, patterns = code
    kind = f"grid_code{number}"
    pattern = rng.choice(patterns.split("|"))
    text = _fill(rng, pattern)
    for line in deal.lines:
        line.words[kind] = text if rng.random() < 0.6 else _fill(rng, pattern)
    return Column(kind, rng.choice(heads.split("|")), rng.choice(("left", "center")))


def _fill(rng: random.Random, pattern: str) -> str:
    return "".join(
        str(rng.randint(0, 9)) if char == "#" else
        catalogues.letters(rng, 1) if char == "@" else char
        for char in pattern
    )  # fmt: skip


def _tax_columns(
    rng: random.Random, deal: Deal, number: int, heads: tuple[str, str, str]
) -> list[Column]:
    """Return base, amount and rate of one tax, some of them; zero for taxes that do not apply."""
    names = [rng.choice(part.split("|")) for part in heads]
    kinds = [f"grid_base{number}", f"grid_rate{number}", f"grid_tax{number}"]
    if number == 0 and deal.style.language in ONE_TAX:
        kinds[1:] = ["tax_rate", "tax_amount"]
    applies = number == 0 or rng.random() < 0.35
    rate = Decimal(rng.choice((4, 5, 7, 9, 12, 18, 18))) if number else None
    for line in deal.lines:
        _print_tax(deal, line, number, (rate, applies))
    chosen = [place for place in range(3) if rng.random() < (0.7, 0.8, 0.85)[place]] or [2]
    if rng.random() < 0.4:
        chosen.reverse()
    return [Column(kinds[place], names[place], "right") for place in chosen]


def _print_tax(
    deal: Deal, line: DealLine, number: int, rate_and_use: tuple[Decimal | None, bool]
) -> None:
    """Compute one tax of a line; the first is the line's own rate."""
    rate, applies = rate_and_use
    style = deal.style
    rate = line.tax_rate if rate is None else rate
    base = line.amount if applies else Decimal(0)
    tax = round_money(base * rate / 100, style.money_places)
    line.words |= {
        f"grid_base{number}": style.money(base, signed=False),
        f"grid_rate{number}": style.number(rate if applies else Decimal(0), 2),
        f"grid_tax{number}": style.money(tax, signed=False),
    }
