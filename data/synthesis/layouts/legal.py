"""Writes terms and conditions, and lines of the printing program, on every sheet or the last."""

import random
from datetime import timedelta

from data.synthesis.commerce import catalogues
from data.synthesis.commerce.deals import Deal
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.layouts import prose
from data.synthesis.layouts.sheets import Sheet
from data.synthesis.layouts.tables import Flow

FOOT_SIZE = 6.0  # points
FOOT_LEADING = 7.2
_MAX_LINES = 10


def foot_lines(rng: random.Random, sheet: Sheet, deal: Deal, margin: float) -> list[Line]:
    """Draw small print for the foot of every sheet, broken to the width between the margins."""
    text = prose.paragraph(rng, deal, rng.choice((1, 2, 3, 5, 8)))
    return sheet.wrap([Span(text)], FOOT_SIZE, sheet.width - 2 * margin)[:_MAX_LINES]


_MACHINE = (
    "{name} version {v} - {day}", "(c) {name} {year}", "{name} v{v}", "{name} {year}",
    "Rev. {day}", "{code} Rev. {v} {day}", "Release {v} / {day}",
    "{name} {v} ({day})", "Template {code} {day}", "{day} {time}", "Ref {v} {day} {time}",
    "Copyright {year} {name}", "Form {code} ({year})",
)  # fmt: skip

# With a label, as programs that print electronic documents name the standard they follow.
_MACHINE_PAIRS = (
    "Version: {v}", "Version: {v} {day}", "Profile: {word}", "Profil: {word}",
    "Standard: {name} {v}", "File: {file}.xml", "Datei: {file}.xml", "Fichier: {file}.pdf",
    "URN: {urn}", "Identifier: {urn}", "Codelist: {v} {day}", "Type: {code}",
    "Format: {name} {v} {word}",
)  # fmt: skip

_MAKERS = ("ERP", "e.V.", "Soft", "Ltd", "X")


def machine_lines(rng: random.Random, deal: Deal) -> list[Line]:
    """Draw lines of the printing program: its version, dates and years, none of the document's."""
    lines: list[Line] = []
    forms = rng.choice((_MACHINE, _MACHINE, _MACHINE_PAIRS, _MACHINE + _MACHINE_PAIRS))
    for text in rng.sample(forms, rng.choice((1, 1, 2, 3, 4))):
        day = deal.day - timedelta(days=rng.randint(-3, 2500))
        words = [catalogues.made_up_word(rng) for _ in range(3)]
        printed = text.format(
            name=f"{catalogues.made_up_word(rng).title()} {rng.choice(_MAKERS)}",
            v=f"{rng.randint(1, 14)}.{rng.randint(0, 30)}",
            day=deal.style.day(day),
            year=day.year,
            code=f"{catalogues.made_up_word(rng).upper()[:3]}-{rng.randint(1, 400)}",
            time=f"{rng.randint(0, 23)}:{rng.randint(0, 59):02d}",
            word=words[0].upper(),
            file=f"{words[0].upper()}_{words[1].title()}_{rng.randint(1, 999)}",
            urn=f"urn:{words[0]}.eu:{words[1]}:{rng.randint(2015, 2027)}#{words[2]}",
        )
        lines.append([Span(printed)])
    return lines


def set_head(sheet: Sheet, lines: list[Line], margin: float, size: float) -> float:
    """Write those lines at the upper edge; return the first free y."""
    y = 14.0
    for line in lines:
        sheet.write(margin, y, line, size=size)
        y += size * 1.25
    return y


def set_foot(sheet: Sheet, lines: list[Line], margin: float, top: float) -> None:
    """Write those lines below `top`, points from the upper edge."""
    for number, line in enumerate(lines):
        sheet.write(margin, top + 4 + FOOT_LEADING * (number + 1), line, size=FOOT_SIZE)


def terms_sheet(rng: random.Random, flow: Flow, deal: Deal, margin: float) -> None:
    """Write a last sheet that holds only terms, in one to three columns."""
    if not flow.turn():
        return
    sheet = flow.sheet
    size = rng.uniform(5.0, 9.0)
    across = rng.choice((1, 1, 2, 3))
    step = (sheet.width - 2 * margin) / across
    share = rng.choice((0.4, 0.8, 1.0))
    for column in range(across):
        y = flow.y
        while y < flow.bottom * share:
            text = prose.paragraph(rng, deal, rng.choice((1, 2, 4, 6)))
            for line in sheet.wrap([Span(text)], size, step - 10):
                y += size * 1.2
                if y > flow.bottom:
                    break
                sheet.write(margin + column * step, y, line, size=size)
            y += size * 0.8
    flow.y = flow.bottom
