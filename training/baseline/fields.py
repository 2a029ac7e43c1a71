"""Header fields by their labels: the value is right of the label, else below it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.labels import DATE_TAGS, DECIMAL_TAGS, HEADER_TAGS, TITLE_WORDS
from data.records import Page, Word
from data.values.dates import decide_day_first, read_date
from data.values.document_values import read_currency, read_number
from training.baseline.keywords import (
    RECEIPT_WORDS,
    fold,
    folded_tokens,
    label_tags,
    longest_phrase_length,
)
from training.decoding.printed_lines import (
    COLUMN_GAP,
    MONEY,
    Line,
    is_number,
    letter_width,
    printed_lines,
    split_at_gaps,
)

MAX_DATE_WORDS = 4
TOTALS = frozenset({"sub_total", "total_tax", "invoice_total", "amount_due"})
MAX_TITLE_WORDS = 8  # words: a longer line is a sentence
TITLE_MARKS = {
    "document_id": frozenset({"nr", "no", "n", "number", "numero", "#"}),
    "document_date": frozenset({"vom", "dated", "du", "del", "of", "from"}),
}


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """The words of one header value; `rank` is its label's, 0 the most specific."""

    tag: str
    page: Page
    words: tuple[Word, ...]
    rank: int

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def find_values(pages: Sequence[Page]) -> dict[str, LabelledValue]:
    """Find the words of every header field, by header tag.

    Of several the one with the most specific label counts: the first of a number or a date, the
    last of a sum, which is printed below the table.
    """
    values = [value for page in pages for value in _labelled_values(page)]
    chosen: dict[str, LabelledValue] = {}
    for tag in HEADER_TAGS:
        matches = [value for value in values if value.tag == tag]
        if tag in TOTALS:
            matches.reverse()
        if matches:
            chosen[tag] = min(matches, key=lambda value: (_is_zero(value), value.rank))
    return chosen


def find_type(page: Page) -> str:
    """Find the document type by the largest title on the page; else "receipt" or "other"."""
    best: tuple[float, str] | None = None
    lines = printed_lines(page)
    for line in lines:
        for segment in split_at_gaps(line, 2 * COLUMN_GAP):
            text = " ".join(word.text for word in segment).casefold()
            kind = next(
                (kind for kind, titles in _title_words() if any(title in text for title in titles)),
                None,
            )
            height = max(word.box.height for word in segment)
            if (
                kind
                and len(segment) <= MAX_TITLE_WORDS
                and (best is None or height > 1.1 * best[0])
            ):
                best = height, kind
    if best is not None:
        return best[1]
    words = {token for line in lines for token, _ in folded_tokens(line)}
    return "receipt" if words & RECEIPT_WORDS else "other"


def find_currency(pages: Sequence[Page]) -> str | None:
    """Find the ISO 4217 code that most currency marks of the document name; None without one."""
    codes = Counter(
        code
        for page in pages
        for word in page.words
        if len(word.text) <= 3 or not word.text.isalpha()
        if (code := read_currency(word.text))
    )
    return codes.most_common(1)[0][0] if codes else None


def find_day_first(pages: Sequence[Page]) -> bool | None:
    """True where the document's numeric dates put the day first; None where that is open."""
    return decide_day_first(word.text for page in pages for word in page.words)


def _is_zero(value: LabelledValue) -> bool:
    """True for a sum of 0: bills print those of discounts and prepayments too."""
    return value.tag in TOTALS and not any(char in "123456789" for char in value.text)


def _title_words() -> list[tuple[str, tuple[str, ...]]]:
    """The types with their title words, "invoice" last: "credit note for invoice 5"."""
    return sorted(TITLE_WORDS.items(), key=lambda item: item[0] == "invoice")


def _labelled_values(page: Page) -> Iterator[LabelledValue]:
    """Yield every label on the page with the value right of it or below it."""
    lines = printed_lines(page)
    for number, line in enumerate(lines):
        yield from _title_values(page, line)
        tokens = folded_tokens(line)
        texts = [text for text, _ in tokens]
        start = 0
        while start < len(tokens):
            length = longest_phrase_length(texts, start, label_tags())
            if not length:
                start += 1
                continue
            label = tuple(word for _, word in tokens[start : start + length])
            for tag, rank in label_tags()[tuple(texts[start : start + length])]:
                words = _words_beside(tag, line, label) or _words_below(
                    tag, lines[number + 1 :], label
                )
                if words:
                    yield LabelledValue(tag, page, words, rank)
            start += length


def _title_values(page: Page, line: Line) -> Iterator[LabelledValue]:
    """Yield number and date from a title that has them: "Rechnung Nr. 17 vom 05.03.2024"."""
    text = " ".join(word.text for word in line).casefold()
    if len(line) > 2 * MAX_TITLE_WORDS or not any(
        title in text for _, titles in _title_words() for title in titles
    ):
        return
    for index, word in enumerate(line[:-1]):
        for tag, marks in TITLE_MARKS.items():
            if fold(word.text) in marks and (words := _fitting_words(tag, line[index + 1 :])):
                yield LabelledValue(tag, page, words, -1)


def _words_beside(tag: str, line: Line, label: Line) -> tuple[Word, ...]:
    """The value right of the label on its line, up to the next gap or label."""
    right = [word for word in line if word.box.left >= label[-1].box.right - 1e-4]
    right = [word for word in right if word not in label]
    if tag in TOTALS:
        return _last_number(right)
    segments = split_at_gaps(tuple(right), 2 * COLUMN_GAP)
    return _fitting_words(tag, segments[0]) if segments else ()


def _words_below(tag: str, lines: Sequence[Line], label: Line) -> tuple[Word, ...]:
    """The value right under the label, in the next line of print there."""
    left, right = label[0].box.left, label[-1].box.right
    reach = 3.5 * max(word.box.height for word in label)
    for line in lines[:3]:
        if line[0].box.center[1] - label[0].box.center[1] > reach:
            return ()
        for segment in split_at_gaps(line, 2 * COLUMN_GAP):
            if segment[0].box.left < right and segment[-1].box.right > left:
                start = left - 2 * letter_width(segment)
                under = tuple(word for word in segment if word.box.left >= start)
                return _last_number(under) if tag in TOTALS else _fitting_words(tag, under)
    return ()


def _last_number(words: Sequence[Word]) -> tuple[Word, ...]:
    """The last sum of money among the words: rates and bases come before it."""
    numbers = [
        word
        for word in words
        if is_number(word) and "%" not in word.text and read_number(word.text)
    ]
    money = [word for word in numbers if MONEY.search(word.text)]
    return tuple((money or numbers)[-1:])


def _fitting_words(tag: str, words: Sequence[Word]) -> tuple[Word, ...]:
    """The first words that can be a value of that tag; () when they cannot."""
    words = [word for word in words if any(char.isalnum() for char in word.text)]
    if not words:
        return ()
    if tag in DATE_TAGS:
        for length in range(min(MAX_DATE_WORDS, len(words)), 0, -1):
            if read_date(" ".join(word.text for word in words[:length]).strip(" :,;")):
                return tuple(words[:length])
        return ()
    if tag == "currency":
        return (words[0],) if read_currency(words[0].text) else ()
    if tag in DECIMAL_TAGS:
        return _last_number(words)
    if tag in ("document_id", "purchase_order"):
        first = words[0].text
        is_id = any(char.isdigit() for char in first) and not read_date(first.strip(" :,;"))
        return (words[0],) if is_id else ()
    texts = [text for text, _ in folded_tokens(tuple(words))]
    is_label = longest_phrase_length(texts, 0, label_tags()) > 0 or texts[:1] == ["name"]
    named = any(char.isalpha() for word in words for char in word.text)
    return tuple(words) if named and not is_label else ()
