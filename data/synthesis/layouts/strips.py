"""The paper strip of a till under construction, and the print habits of the till."""

import random
from decimal import Decimal

from data.synthesis.commerce.deals import Deal, round_money
from data.synthesis.commerce.tagged_text import Line, Span
from data.synthesis.layouts.sheets import Face, Sheet


class Strip:
    """A strip of paper whose length follows its content; `y` is the current baseline in points."""

    def __init__(self, rng: random.Random, deal: Deal, face: Face, form: str) -> None:
        self.width = rng.uniform(170, 310)
        self.margin = self.width * rng.choice((rng.uniform(0.0, 0.03), rng.uniform(0.02, 0.1)))
        self.size = rng.uniform(7, 10.5)
        self.leading = self.size * rng.uniform(1.05, 1.6)
        if rng.random() < 0.14:  # a long strip with wide gaps between its lines
            self.leading *= rng.uniform(1.2, 1.8)
        self.sheet = Sheet(self.width, 6000.0, face)
        self.y = rng.uniform(5, 40)
        self.rng, self.deal, self.form = rng, deal, form
        self.inner = self.width - 2 * self.margin
        self.code = rng.choice(("", "", "", "", "SR", "T", "A", "*", "B", "Z", "S", "TX"))
        self.code_glued = rng.random() < 0.3
        # The letter beside an amount tells its tax rate, where there is more than one letter
        rates = sorted({line.tax_rate for line in deal.lines})
        letters = rng.choice(("ABCDEFGH", "12345678", "BACDEFGH", "NYTXEFGH"))
        coded = bool(self.code) and rng.random() < 0.5
        self.codes = {rate: letters[n % 8] for n, rate in enumerate(rates)} if coded else {}
        self.per_unit = rng.random() < 0.5  # "/kg" behind a price by weight
        self.sign = rng.random() < 0.15
        self.shouts = rng.random() < 0.35  # everything in capitals
        self.caps = rng.random() < 0.6
        self.priced = rng.random() < 0.75
        self.coded = rng.random() < 0.5
        self.counted = rng.random() < 0.35  # "2 x Tea" instead of "2 Tea"
        self.above = rng.random() < 0.2
        self.at_below = rng.random() < 0.35
        self.price_first = rng.random() < 0.12
        self.united = rng.choices(("", "beside", "glued"), (86, 9, 5))[0]
        self.pad = self.width * rng.uniform(0.05, 0.9) if rng.random() < 0.25 else 0.0
        self.times = rng.choice(("x", "X", "@", "*", "x", "×"))

    def put(
        self,
        line: Line,
        item: int = -1,
        align: str = "left",
        bold: bool = False,
        scale: float = 1.0,
    ) -> None:
        """Write the line at the current height."""
        self.sheet.write(
            self.margin,
            self.y,
            self.set_case(line),
            size=self.size * scale,
            item=item,
            bold=bold,
            align=align,
            width=self.inner,
        )

    def put_at(self, share: float, line: Line, item: int = -1) -> None:
        """Write the line from that share of the width on."""
        self.sheet.write(self.margin + self.inner * share, self.y, line, size=self.size, item=item)

    def put_right(self, line: Line, share: float, item: int = -1) -> None:
        """Write the line so that it ends at that share of the width."""
        self.sheet.write(
            self.margin,
            self.y,
            self.set_case(line),
            size=self.size,
            item=item,
            align="right",
            width=self.inner * share,
        )

    def put_wrapped(self, line: Line, item: int, share: float) -> None:
        """Write the line broken at that share of the width."""
        parts = self.sheet.wrap(self.set_case(line), self.size, self.inner * share)
        for number, part in enumerate(parts):
            if number:
                self.feed()
            self.put(part, item)

    def set_case(self, line: Line) -> Line:
        """Return the line in capitals if the till prints only capitals."""
        return [span._replace(text=span.text.upper()) for span in line] if self.shouts else line

    def feed(self, lines: float = 1.0) -> None:
        self.y += self.leading * lines

    def round_money(self, value: Decimal) -> Decimal:
        """Round the value to the places of this till's money."""
        return round_money(value, self.deal.style.money_places)

    def money(self, value: Decimal) -> str:
        return self.deal.style.money(value, signed=self.sign)

    def put_separator(self) -> None:
        """Write a separator: characters, a rule, or only space."""
        draw = self.rng.random()
        self.feed()
        if draw < 0.38:
            char = self.rng.choice(("-", "=", "*", "- "))
            width = self.sheet.face.width("-" if char == "- " else char, False) * self.size
            self.put([Span(char * max(int(self.inner * 0.95 / max(width * len(char), 1)), 4))])
        elif draw < 0.75:
            level = self.y - self.size / 3
            self.sheet.rule(self.margin, level, self.width - self.margin, level)
