"""The printed lines of a page and the numbers on them, as they are searched for values.

Digits that spaces group are one number ("7 220,00"), and no part of it is a number of its own; a
percentage is neither a price nor a quantity.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from data.corpora.labelling.prepared_pages import Sheet, numbers

_TOTAL_STEMS = re.compile(
    r"total|summe|gesamt|netto|brutto|mwst|ust\b|steuer|zahl|saldo|bar\b|rückgeld|gegeben|iva\b|tva"
    r"|ttc|tax|vat|gst|due|balance|cash|change|visa|master|card|karte|kredit|tender|suma"
    r"|gotówka|moms|kontant|tips?\b|gratuity|tarjeta|efectivo|importe|rabatt|discount|imposto|valor"
    r"|montant|\bht\b|à payer|a payer|zapłaty|razem"
)
# "7 220,00" as words: digits that may go on, and digits that go on
_HEAD_DIGITS = re.compile(r"\D{0,2}\d{1,3}")
_MORE_DIGITS = re.compile(r"\d{3}([.,]\d+)?\D{0,2}")
_DIGIT_GAP = 0.7  # word heights between the groups of digits of one number, at most
_MONEY = re.compile(r"[.,]\d\d(?!\d)")
_TAX_LETTER = re.compile(r"(?<=\d)[ *x×]?[A-Z]{1,2}\*?$")  # behind an amount of a till


@dataclass(frozen=True, slots=True)
class Print:
    """A number as printed: its words (more than one where spaces group its digits), its values."""

    words: tuple[int, ...]
    values: frozenset[Decimal]
    right: float  # edge of its last word
    is_money: bool  # printed with two decimals


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its sheet, its words that are still undecided, and the numbers among them."""

    sheet: Sheet
    words: tuple[int, ...]
    prints: tuple[Print, ...]
    names_total: bool  # a word of totals, taxes or payment is on it

    def find(self, value: Decimal) -> list[Print]:
        """The printed numbers that can be read as that value, from left to right."""
        return [number for number in self.prints if value in number.values]

    def is_row_without(self, values: Set[Decimal | None]) -> bool:
        """Return whether the line prints money, and none of these values: the row of another."""
        money = [number for number in self.prints if number.is_money]
        return bool(money) and not any(values & number.values for number in money)

    def is_free(self, number: Print) -> bool:
        """Return whether all words of a printed number are still undecided."""
        return len(self.sheet.undecided(number.words)) == len(number.words)


def readings(text: str) -> frozenset[Decimal]:
    """The numbers that a print can be read as, also with the tax letter of a till behind it."""
    return numbers(text) or numbers(_TAX_LETTER.sub("", text))


def printed_lines(sheets: Sequence[Sheet]) -> list[Line]:
    """The lines of all pages in reading order, with their undecided words."""
    return [
        Line(sheet, words, tuple(find_prints(sheet, words)), _names_total(sheet, words))
        for sheet in sheets
        for line in sheet.lines
        if (words := tuple(sheet.undecided(line)))
    ]


def _names_total(sheet: Sheet, words: Sequence[int]) -> bool:
    text = " ".join(sheet.text(index) for index in words).casefold()
    return _TOTAL_STEMS.search(text) is not None


def find_prints(sheet: Sheet, words: Sequence[int]) -> Iterator[Print]:
    """Yield the numbers among the words of a line, from left to right."""
    start = 0
    while start < len(words):
        end = start + 1
        if _HEAD_DIGITS.fullmatch(sheet.text(words[start])):
            while end < len(words) and _goes_on(sheet, words[end - 1], words[end]):
                end += 1
        run = tuple(words[start:end])
        text = " ".join(sheet.text(index) for index in run)
        values = readings(text)
        if values and "%" not in text:
            yield Print(run, values, sheet.edges(run[-1])[1], _MONEY.search(text) is not None)
        start = end


def _goes_on(sheet: Sheet, index: int, after: int) -> bool:
    """Return whether the next word goes on with the digits of a number: "7 220,00"."""
    box, next_box = sheet.page.words[index].box, sheet.page.words[after].box
    gap = (next_box.left - box.right) * sheet.page.upright_aspect
    near = gap <= _DIGIT_GAP * max(box.height, next_box.height)
    return near and _MORE_DIGITS.fullmatch(sheet.text(after)) is not None
