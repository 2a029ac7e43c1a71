"""Till receipts: narrow paper, items on one or two lines, taxes and cash below."""

import random
from decimal import Decimal

from data.synthesis import catalogues, wording
from data.synthesis.blocks import header_pairs
from data.synthesis.deals import Deal, DealLine, cents
from data.synthesis.heads import HEADS
from data.synthesis.sheets import Face, Line, Sheet, Span, TableFace

_FORMS = ("plain", "count_first", "two_lines", "two_lines_code", "columns", "columns_below", "at")


class _Paper:
    """The paper strip while it is printed, and the habits of the till."""

    def __init__(self, rng: random.Random, deal: Deal, face: Face) -> None:
        self.width = rng.uniform(190, 300)
        self.margin = self.width * rng.uniform(0.03, 0.1)
        mono = isinstance(face, TableFace) and face.pitch is not None
        self.size = rng.uniform(7, 9) if mono else rng.uniform(7.5, 10.5)
        self.leading = self.size * rng.uniform(1.1, 1.5)
        self.sheet = Sheet(self.width, 2000.0, face)
        self.y = rng.uniform(5, 40)
        self.rng, self.deal = rng, deal
        self.inner = self.width - 2 * self.margin
        self.form = rng.choice(_FORMS)
        self.code = rng.choice(("", "", "", "", " SR", " T", " A", "*", " B", " Z"))
        self.sign = rng.random() < 0.15
        self.caps = rng.random() < 0.6
        self.priced = rng.random() < 0.75
        self.coded = rng.random() < 0.5
        self.pad = self.width * rng.uniform(0.05, 0.6) if rng.random() < 0.25 else 0.0
        self.times = rng.choice(("x", "X", "@", "*", "x"))

    def put(
        self,
        line: Line,
        item: int = -1,
        align: str = "left",
        bold: bool = False,
        scale: float = 1.0,
    ) -> None:
        """The line at the current height."""
        self.sheet.write(
            self.margin,
            self.y,
            line,
            size=self.size * scale,
            item=item,
            bold=bold,
            align=align,
            width=self.inner,
        )

    def feed(self, lines: float = 1.0) -> None:
        self.y += self.leading * lines

    def money(self, value: Decimal) -> str:
        return self.deal.style.money(value, signed=self.sign)

    def dashes(self) -> None:
        """A separator: characters, a rule, or nothing."""
        draw = self.rng.random()
        self.feed()
        if draw < 0.5:
            char = self.rng.choice(("-", "=", "*", "- "))
            width = self.sheet.face.width("-" if char == "- " else char, False) * self.size
            self.put([Span(char * max(int(self.inner * 0.95 / max(width * len(char), 1)), 4))])
        elif draw < 0.85:
            self.sheet.rule(
                self.margin,
                self.y - self.size / 3,
                self.width - self.margin,
                self.y - self.size / 3,
            )


def till_receipt(rng: random.Random, deal: Deal, face: Face) -> Sheet:
    """One receipt on a strip whose length follows its content; discounts lines are not items."""
    paper = _Paper(rng, deal, face)
    for line in deal.lines:
        _till_quantity(rng, line)
    _top(paper)
    paper.dashes()
    if paper.form.startswith("columns"):
        _heads(paper)
    for place, line in enumerate(deal.lines):
        _item(paper, line, place)
        if rng.random() < 0.05:
            paper.feed()
            paper.put([Span(rng.choice(("NO MSG", "- less ice", "+ Large", "PROMO", "PLU 0042")))])
    paper.dashes()
    _bottom(paper)
    paper.sheet.height = max(paper.y + rng.uniform(5, 60), paper.width * 1.2)
    if paper.pad:
        _on_wider_paper(rng, paper.sheet, paper.pad)
    return paper.sheet


def _till_quantity(rng: random.Random, line: DealLine) -> None:
    """Few of each at a till, and prices of daily life."""
    if rng.random() < 0.9:
        line.quantity = Decimal(rng.choice((1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 10)))
    line.base = Decimal(1)
    price = line.price / 40 if line.price > 300 else line.price
    least = Decimal("0.05") if line.money_places else Decimal(5)
    line.price = max(cents(price, line.money_places), least)  # tills print no more decimals


def _on_wider_paper(rng: random.Random, sheet: Sheet, pad: float) -> None:
    """The strip copied onto a larger sheet, away from its left and top edge."""
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


def _top(paper: _Paper) -> None:
    rng, deal = paper.rng, paper.deal
    align = rng.choice(("center", "center", "left"))
    paper.feed()
    paper.put(
        [Span(deal.vendor.name, "vendor_name")],
        align=align,
        bold=rng.random() < 0.5,
        scale=rng.choice((1, 1, 1.4)),
    )
    for text in [
        *deal.vendor.address,
        f"TEL : {deal.vendor.phone}",
        f"GST ID : {deal.vendor.tax_id}",
    ]:
        if rng.random() < 0.8:
            paper.feed()
            paper.put([Span(text)], align=align)
    title = wording.say(rng, wording.TITLES["receipt"], deal.style.language)
    if title and rng.random() < 0.8:
        paper.feed(1.4)
        paper.put([Span(title)], align="center", bold=True)
    paper.feed(0.5)
    pairs = header_pairs(rng, deal)[:6]
    together = rng.random() < 0.3
    for place, (label, value, tag, mark) in enumerate(pairs):
        if not together or place % 2 == 0:
            paper.feed()
        x = paper.margin + (paper.inner * 0.55 if together and place % 2 else 0)
        pair: Line = [Span(label + rng.choice((":", " :", ""))), Span(value, tag, mark)]
        if tag == "document_date" and rng.random() < 0.5:
            pair.append(Span(f"{rng.randint(7, 22)}:{rng.randint(10, 59)}:{rng.randint(10, 59)}"))
        paper.sheet.write(x, paper.y, pair, size=paper.size)


def _heads(paper: _Paper) -> None:
    language = paper.deal.style.language
    heads = [
        min(paper.rng.choices(HEADS[kind][language], k=3), key=len)
        for kind in ("description", "quantity", "unit_price", "amount")
    ]
    paper.feed()
    for place, (text, right) in enumerate(zip(heads, (0.0, 0.5, 0.75, 1.0), strict=True)):
        line = [Span(text, "column_header")]
        if place == 0:
            paper.put(line)
        else:
            _right(paper, line, right)
    paper.dashes()


def _right(paper: _Paper, line: Line, share: float, item: int = -1) -> None:
    paper.sheet.write(
        paper.margin,
        paper.y,
        line,
        size=paper.size,
        item=item,
        align="right",
        width=paper.inner * share,
    )


def _item(paper: _Paper, line: DealLine, item: int) -> None:
    style = paper.deal.style
    text = line.product.description.upper() if paper.caps else line.product.description
    name: Line = [Span(text, "description")]
    quantity: Line = [Span(style.quantity(line.quantity), "quantity")]
    price: Line = [Span(style.money(line.price, signed=paper.sign), "unit_price")]
    # the tax letter glued to or beside the amount is no part of it unless they are one word
    money: Line = [Span(paper.money(line.amount) + ("*" if paper.code == "*" else ""), "amount")]
    if paper.code.strip() and paper.code != "*":
        money.append(Span(paper.code.strip()))
    narrow = paper.form.startswith("columns")
    code: Line = [
        Span(
            line.product.code if narrow or paper.rng.random() < 0.5 else line.product.gtin,
            "product_code",
        )
    ]
    times: Line = [*quantity, Span(paper.times), *price]
    paper.feed()
    if paper.form == "plain":
        if line.quantity != 1 and paper.priced:
            _broken(paper, name, item, 1.0)
            paper.feed()
            paper.sheet.write(paper.margin + 14, paper.y, times, size=paper.size, item=item)
        else:
            _broken(paper, name, item, 0.72)
        _right(paper, money, 1.0, item)
    elif paper.form == "count_first":
        _broken(paper, [*quantity, *name], item, 0.74)
        _right(paper, money, 1.0, item)
    elif paper.form in ("two_lines", "two_lines_code", "at"):
        _broken(paper, name, item, 1.0)
        paper.feed()
        if paper.form == "two_lines_code" or (paper.form == "at" and paper.coded):
            paper.put(code, item)
            _right(paper, times, 0.74, item)
        else:
            paper.sheet.write(
                paper.margin + paper.inner * 0.12, paper.y, times, size=paper.size, item=item
            )
        _right(paper, money, 1.0, item)
    else:
        _column_item(paper, item, (name, code, quantity, price, money))


def _column_item(paper: _Paper, item: int, parts: tuple[Line, Line, Line, Line, Line]) -> None:
    name, code, quantity, price, money = parts
    if paper.form == "columns_below":
        paper.put(code, item)
    else:
        _broken(paper, name, item, 0.4 if not paper.coded else 1.0)
        if paper.coded:
            paper.feed()
    _right(paper, quantity, 0.5, item)
    if paper.priced:
        _right(paper, price, 0.75, item)
    _right(paper, money, 1.0, item)
    if paper.form == "columns_below":
        paper.feed()
        _broken(paper, name, item, 1.0)


def _broken(paper: _Paper, line: Line, item: int, share: float) -> None:
    parts = paper.sheet.wrap(line, paper.size, paper.inner * share)
    for number, part in enumerate(parts):
        if number:
            paper.feed()
        paper.put(part, item)


def _bottom(paper: _Paper) -> None:
    rng = paper.rng
    aligned = rng.choice(("left", "left", "right"))
    for name, text, tag in _sums(paper):
        large = tag == "invoice_total" and rng.random() < 0.4
        paper.feed(1.6 if large else 1.0)
        label: Line = [Span(name + rng.choice(("", "", ":", " :")))]
        place, room = (paper.margin, paper.y), paper.inner * 0.62
        paper.sheet.write(*place, label, size=paper.size, align=aligned, width=room, bold=large)
        paper.put([Span(text, tag)], align="right", bold=large, scale=1.5 if large else 1.0)
    if rng.random() < 0.45:
        _tax_summary(paper)
    paper.dashes()
    for _ in range(rng.randint(0, 4)):
        paper.feed()
        term = wording.say(rng, wording.TERMS, paper.deal.style.language)
        text = rng.choice(("THANK YOU", "Please come again", term, catalogues.number(rng)))
        for part in paper.sheet.wrap([Span(text)], paper.size, paper.inner):
            paper.put(part, align="center")
            paper.feed()


def _sums(paper: _Paper) -> list[tuple[str, str, str]]:
    """Label, printed value and tag of what stands below the items; tax is on top or included."""
    rng, deal = paper.rng, paper.deal
    included = rng.random() < 0.5
    total = deal.net if included else deal.total
    rows: list[tuple[str, str, str]] = []

    def add(tag: str, value: Decimal) -> None:
        name = wording.say(rng, wording.TOTALS[tag], deal.style.language)
        rows.append((name, paper.money(value), tag))

    if rng.random() < 0.6:
        add("sub_total", deal.net)
    if rng.random() < 0.5 and not included:
        add("total_tax", deal.tax)
    if rng.random() < 0.25:
        rows.append(("Rounding", paper.money(Decimal("0.00")), "other"))
    if rng.random() < 0.3:
        name = rng.choice(("Total Qty", "Item(s)", "No. of items"))
        rows.append((name, str(len(deal.lines)), "other"))
    add("invoice_total", total)
    given = cents(total / 10).to_integral_value() * 10 + 10
    if rng.random() < 0.7:
        name = rng.choice(("CASH", "VISA", "Cash", "BAR", "Tendered", "Master"))
        rows.append((name, paper.money(given), "other"))
        name = rng.choice(("CHANGE", "Change", "Rückgeld"))
        rows.append((name, paper.money(given - total), "other"))
    return rows


def _tax_summary(paper: _Paper) -> None:
    style = paper.deal.style
    paper.feed(1.6)
    paper.put(
        [Span(paper.rng.choice(("GST SUMMARY", "GST Summary", "Tax Summary", "MwSt-Ausweis")))],
        bold=True,
    )
    paper.feed()
    heads = (("Tax Code", 0.25), ("%", 0.42), ("Amt", 0.7), ("Tax", 1.0))
    for text, share in heads:
        _right(paper, [Span(text)], share)
    for rate, base, tax in paper.deal.taxes():
        paper.feed()
        values = (
            "SR",
            style.quantity(rate),
            style.money(base, signed=False),
            style.money(tax, signed=False),
        )
        for (_, share), text in zip(heads, values, strict=True):
            _right(paper, [Span(text)], share)
