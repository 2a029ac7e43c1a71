"""The content of one document before layout: its deal, its rows and its header.

The layouts print a `Deal`; the two classes below are deals whose printed sums may be wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from data.synthesis.commerce.deals import Deal, DealLine
from data.synthesis.stories.trade.findings import number_text

# The allowed printed texts by name in the manifest; an empty set allows any.
Texts = Mapping[str, frozenset[str]]


@dataclass(slots=True)
class PrintedLine(DealLine):
    """A deal's line with the amount that the vendor printed, right or wrong."""

    stated: Decimal | None = None
    rejected: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        return self.gross - self.discount if self.stated is None else self.stated


@dataclass(slots=True)
class PrintedDeal(Deal):
    """A deal with subtotal, tax and total as the vendor printed them."""

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
    """One printed row: its key in the story, its true values and their allowed texts.

    `values` are the manifest's strings by name. `texts` are the allowed printed texts of the same
    values; a name that is not among them must not be printed. `required_fields` have to be printed:
    "shipped" for the shipped quantity under any name.
    """

    key: str
    line_type: str
    values: Mapping[str, str]
    texts: Texts
    required_fields: frozenset[str] = frozenset()
    blank_cells: frozenset[str] = frozenset()
    printed_quantity: str | None = None
    struck_quantity: str | None = None
    runs_into_next: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """One document before it is laid out.

    `kind` is the fine type, `document_type` the type that the model reads, `layout` the type whose
    layouts are used. `template` is the deal to print; a layout fills in its own copy of it.
    `needs_form`: only the plain form can print all of it. `by_buyer`: the buyer writes it.
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
    needs_form: bool = False
    split_after: int = 0
    by_buyer: bool = False

    def deal(self) -> PrintedDeal:
        """Return a fresh copy of the deal to lay out."""
        lines: list[DealLine] = [replace(line, words={}) for line in self.template.lines]
        return replace(self.template, lines=lines)


def count_decimals(number: Decimal) -> int:
    """Return the number of decimals of a number."""
    return len(number_text(number).partition(".")[2])
