"""Rows that are billed: the network's belief, weighed by where a row stands and what it says.

Rows that are no items look like items on tills and in forms: what was paid, slips of card
terminals, tax tables, advertisements. Each kind of evidence adds log-odds to those of the
network's belief. The weights are rounded from a logistic regression over ten sets of real
documents, each set judged by a fit to the others: of rows that are none, 105 of 154 on tills were
kept by belief alone.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from data.values.currencies import is_currency_mark
from data.values.document_values import NumberFormat, read_number
from training.decoding.grouping import TAG_INDEX, Cell, ItemCells, TaggedPage, line_height
from training.decoding.header_sums import TOTALS
from training.decoding.printed_lines import MONEY
from training.decoding.tables.column_heads import fold
from training.decoding.tables.table_heads import find_heads

QUANTITIES = (
    "quantity_shipped",
    "quantity_ordered",
    "quantity_received",
    "quantity_backordered",
    "quantity_rejected",
)
NUMBERS = ("amount", "unit_price", "quantity", *QUANTITIES)
PRICED = 0.7  # certainty of an amount from which a document prints line amounts
COUNTED = 2  # priced rows with a quantity from which its column shows
SURE_COUNT = 0.9  # certainty of a quantity from which its row may be an item without a price
LIKELY = 0.4  # certainty of an amount that stands beside a quantity and a unit price
SURE_TOTAL = 0.5  # probability of a total from which rows below it are below the bill
# Log-odds
SPARE = -3.0  # from here a row that was left out is tried where the others close with no total
DOUBT = -0.5  # of any row: belief alone is too high
FACTORS = 1.0  # a quantity or price beside the amount
BELOW_TOTALS = -3.0  # below a total, under no printed table head: none of 63 rows was an item
SUM = -3.0  # a line that begins as a sum does
PAYMENT = -1.5  # words of payments and sums, under no printed table head
NAMELESS = -1.0  # no words, where most rows have some
NO_CENTS = -1.5  # an amount without cents, where most have them
EXCESSIVE = -1.0  # an amount above every printed total

_SUM_WORDS = (
    "total totals subtotal summe gesamt gesamtsumme gesamtbetrag zwischensumme zwsumme netto "
    "nettosumme ubertrag totale subtotale totaal subtotaal suma razem celkem summa yhteensa "
    "osszesen toplam carried brought report riporto"
)
_PAYMENT_WORDS = (
    "visa mastercard maestro amex girocard kartenzahlung kreditkarte cash gegeben geg ruckgeld "
    "change tendered tender paid payment summe total gesamt gesamtbetrag betrag subtotal "
    "zwischensumme zwsumme mwst vat gst iva tva cambio efectivo tarjeta contant pin betaald "
    "wechselgeld eft terminal bezahlt zahlung especes rendu monnaie totale contanti resto "
    "bancomat dinheiro troco netto brutto steuer tax balance kembali tunai"
)
_SUMS = frozenset(_SUM_WORDS.split())
_PAYMENTS = frozenset(_PAYMENT_WORDS.split())


@dataclass(frozen=True, slots=True)
class _PageFacts:
    """Facts of a page about its rows: heights of its heads and totals, and its highest total."""

    tagged: TaggedPage
    head: float  # bottom of the first printed table head; infinite without one
    total: float  # middle of the first total


@dataclass(frozen=True, slots=True)
class WeighedRow:
    """A row with the log-odds that it is billed; at most 0 where it is more likely not."""

    item: ItemCells
    log_odds: float

    @property
    def is_likely(self) -> bool:
        return self.log_odds > 0


def weigh_rows(
    pages: Sequence[TaggedPage],
    items: Sequence[Sequence[ItemCells]],
    number_format: NumberFormat | None,
) -> list[list[WeighedRow]]:
    """The rows with the log-odds that they are items, page by page.

    Where a document prints line amounts, a row without one is a note, an address or a tax rate
    (measured: 4 of 220 such rows were lines, however sure the network was of their numbers), unless
    its quantity stands in the column of the others'. A line missed here still shows: the lines no
    longer sum to the printed total.
    """
    rows = [item for group in items for item in group]
    priced = any(_is_priced(item) for item in rows)
    named = _share([bool(item.of("description")) for item in rows]) > 0.5
    amounts = [item.of("amount")[0] for item in rows if item.of("amount")]
    cents = _share([bool(MONEY.search(cell.text)) for cell in amounts]) > 0.5
    highest = max(_printed_totals(pages, number_format), default=None)
    weighed = []
    for tagged, group in zip(pages, items, strict=True):
        facts = _page_facts(tagged)
        counted = _counted_rows(group, line_height(tagged.page.words))
        weighed.append(
            [
                WeighedRow(
                    item,
                    _belief(item, priced=priced, counted=item in counted)
                    + _place_odds(item, facts)
                    + _amount_odds(item, number_format, highest, cents=cents)
                    + (NAMELESS if named and not item.of("description") else 0.0),
                )
                for item in group
            ]
        )
    return weighed


def _belief(item: ItemCells, *, priced: bool, counted: bool) -> float:
    """Log-odds of the network's belief in the row; infinitely low without the numbers it needs."""
    needed = ("amount",) if priced else ("quantity", "unit_price", *QUANTITIES)
    if certainty(item, needed) > 0 or (priced and counted):
        return _log_odds(certainty(item, NUMBERS))
    return -math.inf


def _counted_rows(items: Sequence[ItemCells], height: float) -> list[ItemCells]:
    """Rows without an amount whose quantity stands in the column of the priced rows around them.

    A till prints what comes with a menu, or an article of another bill's, with its number alone.
    """
    priced = [item for item in items if item.of("amount") and item.of("quantity")]
    if len(priced) < COUNTED:
        return []
    top, bottom = min(item.box.top for item in priced), max(item.box.bottom for item in priced)
    columns = [item.of("quantity")[0].box for item in priced]
    counted = []
    for item in items:
        if item.of("amount") or certainty(item, ("quantity",)) < SURE_COUNT:
            continue
        box = item.of("quantity")[0].box
        is_aligned = sum(
            abs(box.left - other.left) < height / 2 or abs(box.right - other.right) < height / 2
            for other in columns
        )
        is_between = top - 3 * height < box.top and box.bottom < bottom + 3 * height
        if item.of("description") and is_between and 2 * is_aligned > len(columns):
            counted.append(item)
    return counted


def _is_priced(item: ItemCells) -> bool:
    """True where a row has an amount for certain, or a likely one with its quantity and price."""
    if certainty(item, ("amount",)) > PRICED:
        return True
    factors = ("quantity", "unit_price")
    return all(certainty(item, (tag,)) > LIKELY for tag in ("amount", *factors))


def certainty(item: ItemCells, tags: Sequence[str]) -> float:
    """Mean confidence of the item's cells with those tags; 0 when it has none.

    Words and currencies count for none; an unreadable number does.
    """
    cells = [
        cell.confidence
        for cell in item.cells
        if cell.tag in tags and not _is_word(cell.text) and not is_currency_mark(cell.text)
    ]
    return sum(cells) / len(cells) if cells else 0.0


def _is_word(text: str) -> bool:
    return any(map(str.isalpha, text)) and not any(map(str.isdigit, text))


def _log_odds(share: float) -> float:
    share = min(max(share, 0.001), 0.999)
    return math.log(share / (1 - share)) + DOUBT


def _share(facts: Sequence[bool]) -> float:
    return sum(facts) / len(facts) if facts else 0.0


def _page_facts(tagged: TaggedPage) -> _PageFacts:
    heads = find_heads(tagged)
    totals = [tagged.page.words[index].box.center[1] for index in _total_words(tagged)]
    return _PageFacts(
        tagged,
        min((head.bottom for head in heads), default=math.inf),
        min(totals, default=math.inf),
    )


def _total_words(tagged: TaggedPage) -> list[int]:
    """The indices of words with digits that are more likely a total of the document than not."""
    if not len(tagged.probabilities):
        return []
    believed = tagged.probabilities[:, [TAG_INDEX[tag] for tag in TOTALS]].sum(axis=1)
    words = tagged.page.words
    return [
        index
        for index in np.nonzero(believed >= SURE_TOTAL)[0].tolist()
        if any(char.isdigit() for char in words[index].text)
    ]


def _printed_totals(
    pages: Sequence[TaggedPage], number_format: NumberFormat | None
) -> Iterator[Decimal]:
    for tagged in pages:
        for index in _total_words(tagged):
            for reading in read_number(tagged.page.words[index].text, number_format)[:1]:
                yield abs(reading.value)


def _place_odds(item: ItemCells, facts: _PageFacts) -> float:
    """Log-odds by the row's place and line; below a printed head only a sum is no item."""
    numbers = [cell for cell in item.cells if cell.tag in NUMBERS] or list(item.cells)
    middle = float(np.median([cell.box.center[1] for cell in numbers]))
    height = max(cell.box.height for cell in numbers)
    line = sorted(
        (
            word
            for word in facts.tagged.page.words
            if abs(word.box.center[1] - middle) < 0.5 * height
        ),
        key=lambda word: word.box.left,
    )
    words = [text for word in line if (text := fold(word.text)) and not text.isdigit()]
    if words and words[0] in _SUMS:
        return SUM
    odds = FACTORS if {cell.tag for cell in numbers} - {"amount"} else 0.0
    if middle > facts.head:
        return odds
    if middle > facts.total + 0.3 * height:
        odds += BELOW_TOTALS
    return odds + (PAYMENT if any(text in _PAYMENTS for text in words) else 0.0)


def _amount_odds(
    item: ItemCells, number_format: NumberFormat | None, highest: Decimal | None, *, cents: bool
) -> float:
    """Log-odds by how the amount is printed, and by its size beside the printed totals."""
    cells: tuple[Cell, ...] = item.of("amount")
    if not cells:
        return 0.0
    odds = 0.0
    if cents and not any(MONEY.search(cell.text) for cell in cells):
        odds += NO_CENTS
    readings = read_number(cells[0].text, number_format)
    if highest and readings and abs(readings[0].value) > highest:
        odds += EXCESSIVE
    return odds
