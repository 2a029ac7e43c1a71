"""What one document has to print, before any layout: its deal, its rows and its header.

The layouts print a `Deal`; the two classes below are deals whose printed sums may be wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from data.synthesis.commerce.deals import Deal, DealLine
from data.synthesis.stories.trade.findings import number_text

# Names of the manifest that a layout may print more than one way; an empty set is not checked.
Texts = Mapping[str, frozenset[str]]


@dataclass(slots=True)
class PrintedLine(DealLine):
    """A deal's line whose amount is what the vendor printed, right or wrong."""

    stated: Decimal | None = None
    rejected: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        return self.gross - self.discount if self.stated is None else self.stated


@dataclass(slots=True)
class PrintedDeal(Deal):
    """A deal whose subtotal, tax and total are as the vendor printed them."""

    stated: tuple[Decimal, Decimal, Decimal] | None = None

    @property
    def net(self) -> Decimal:
        if self.stated is not None:
            return self.stated[0]
        return sum((line.amount for line in self.lines), Decimal(0))

    def taxes(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        """The one rate of the document, its base and its tax."""
        rate = max((line.tax_rate for line in self.lines), default=Decimal(0))
        base = self.net + self.shipping - self.deduction
        return [(rate, base, Decimal(0) if self.stated is None else self.stated[1])]

    @property
    def tax(self) -> Decimal:
        return self.taxes()[0][2]

    @property
    def total(self) -> Decimal:
        if self.stated is not None:
            return self.stated[2]
        return self.net + self.shipping - self.deduction


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: its key in the story, what is true of it, and how that may be printed.

    `values` are the manifest's strings by name. `texts` are the prints that say the same; a name
    that is not among them must not be printed. `must` names what has to be printed: "shipped" for
    whatever the document calls the quantity.
    """

    key: str
    line_type: str
    values: Mapping[str, str]
    texts: Texts
    must: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    printed_quantity: str | None = None
    struck: str | None = None
    glued: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """One document before it is laid out.

    `kind` is the fine type, `document_type` what the model calls it, `layout` the type whose
    layouts it is set in. `template` is the deal to print; a layout fills in its own copy of it.
    `special`: only a form of its own can show what there is to show.
    """

    key: str
    kind: str
    document_type: str
    layout: str
    family: str
    template: PrintedDeal
    rows: tuple[Row, ...]
    header: Mapping[str, str]
    header_texts: Texts
    columns: tuple[str, ...]
    special: bool = False
    split_after: int = 0
    by_buyer: bool = False

    def deal(self) -> PrintedDeal:
        """A fresh deal to lay out."""
        lines: list[DealLine] = [replace(line, words={}) for line in self.template.lines]
        return replace(self.template, lines=lines)


def texts(*choices: str) -> frozenset[str]:
    """The prints that are right; none given: any is."""
    return frozenset(choices)


def decimals_of(number: Decimal) -> int:
    """How many decimals a number has."""
    return len(number_text(number).partition(".")[2])
