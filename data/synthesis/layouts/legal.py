"""Where terms and conditions stand: at the foot of every sheet, or on a sheet of their own."""

import random

from data.synthesis.deals import Deal
from data.synthesis.layouts import prose
from data.synthesis.layouts.sheets import Line, Sheet, Span
from data.synthesis.layouts.tables import Flow

FOOT_SIZE = 6.0  # points
FOOT_LEADING = 7.2
_MOST_LINES = 10


def foot_lines(rng: random.Random, sheet: Sheet, deal: Deal, margin: float) -> list[Line]:
    """Small print for the foot of every sheet, broken to the width between the margins."""
    text = prose.paragraph(rng, deal, rng.choice((1, 2, 3, 5, 8)))
    return sheet.wrap([Span(text)], FOOT_SIZE, sheet.width - 2 * margin)[:_MOST_LINES]


def set_foot(sheet: Sheet, lines: list[Line], margin: float, top: float) -> None:
    """Write those lines below `top`, points from the upper edge."""
    for number, line in enumerate(lines):
        sheet.write(margin, top + 4 + FOOT_LEADING * (number + 1), line, size=FOOT_SIZE)


def terms_sheet(rng: random.Random, flow: Flow, deal: Deal, margin: float) -> None:
    """A last sheet that holds nothing but terms, in one to three columns."""
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
