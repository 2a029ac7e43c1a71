"""Words and numbers of a reading against the true ones: recall and precision, in counts that add.

Words are compared as a bag: casefolded, without punctuation at their ends, each as often as it is
printed. Numbers are compared by value, however they are written; a true number is found when some
reading of one to three words in a row has its value.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from data import labels
from data.corpora.truth import TrueDocument, is_decimal
from data.records import Page
from data.values.numerals import read_number
from data.values.printed_values import read_printed_values

_ITEM_NUMBERS = ("amount", "quantity", "unit_price")
_ENDS = ".,:;!?()[]{}\"'|*-_=/\\ "


@dataclass(frozen=True, slots=True)
class ReadingCounts:
    """Counts of one or more readings; a share without anything to count is None.

    `words_true` and what follows from it are 0 where a corpus brings no words of its own.
    """

    documents: int = 0
    seconds: float = 0.0
    pages: int = 0
    numbers_true: int = 0
    numbers_found: int = 0
    words_true: int = 0
    words_read: int = 0
    words_right: int = 0

    def __add__(self, other: "ReadingCounts") -> "ReadingCounts":
        return ReadingCounts(
            self.documents + other.documents,
            self.seconds + other.seconds,
            self.pages + other.pages,
            self.numbers_true + other.numbers_true,
            self.numbers_found + other.numbers_found,
            self.words_true + other.words_true,
            self.words_read + other.words_read,
            self.words_right + other.words_right,
        )

    @property
    def number_recall(self) -> float | None:
        """The share of true numbers that were read."""
        return self.numbers_found / self.numbers_true if self.numbers_true else None

    @property
    def word_recall(self) -> float | None:
        """The share of printed words that were read."""
        return self.words_right / self.words_true if self.words_true else None

    @property
    def word_precision(self) -> float | None:
        """The share of read words that are printed; None where the true words are not known."""
        return self.words_right / self.words_read if self.words_true and self.words_read else None

    @property
    def seconds_a_page(self) -> float | None:
        """The mean seconds of reading a page."""
        return self.seconds / self.pages if self.pages else None


def count_reading(
    document: TrueDocument, pages: Sequence[Page], true_pages: Sequence[Page], seconds: float
) -> ReadingCounts:
    """Return the counts of one document; `true_pages` holds the corpus's own words, or nothing."""
    needed = true_numbers(document)
    present = {abs(number) for number in read_printed_values(pages).numbers}
    true_words, read_words = _bag(true_pages), _bag(pages)
    return ReadingCounts(
        documents=1,
        seconds=seconds,
        pages=len(pages),
        numbers_true=len(needed),
        numbers_found=sum(abs(number) in present for number in needed),
        words_true=true_words.total(),
        words_read=read_words.total() if true_words else 0,
        words_right=(true_words & read_words).total(),
    )


def true_numbers(document: TrueDocument) -> list[Decimal]:
    """Return the printed numbers of the truth: of its items and of its header fields."""
    numbers = [
        number
        for item in document.items
        for name in _ITEM_NUMBERS
        if (number := item.visible_decimal(name)) is not None
    ]
    numbers += [
        Decimal(text)
        for name, text in document.fields.items()
        if name in labels.DECIMAL_TAGS and name in document.fields_visible and is_decimal(text)
    ]
    return numbers


def _bag(pages: Iterable[Page]) -> Counter[str]:
    """Return the words of the pages, numbers by their best value."""
    return Counter(
        plain
        for page in pages
        for word in page.words
        for part in word.text.split()
        if (plain := _plain(part))
    )


def _plain(text: str) -> str:
    readings = read_number(text) if any(map(str.isdigit, text)) else ()
    if readings and not readings[0].repaired:
        return str(readings[0].value)
    return text.casefold().strip(_ENDS)
