"""Item lines of till receipts, without a table heading: words, and a price at the line's end.

Lines count down to the first sum; a page without one has no such lines, for then nothing shows that
the lines found are a whole bill.
"""

import re
from collections.abc import Sequence

from data.records import Page, Word
from training.baseline.columns import Row
from training.baseline.keywords import folded_tokens, longest_phrase_length, total_phrases
from training.decoding.printed_lines import Line, is_number, printed_lines

_PRICE = re.compile(r"\d[.,](\d\d|\d{3})\D{0,2}$")
_COUNT = re.compile(r"\d{1,3}[xX]?")
_TIMES = frozenset({"x", "X", "×", "@"})
MAX_MARKS = 2  # short words behind the price: a tax code, a currency


def find_till_rows(pages: Sequence[Page]) -> list[Row]:
    """Find the rows of every page with a sum under them."""
    return [row for page in pages for row in _page_rows(page)]


def _page_rows(page: Page) -> list[Row]:
    rows: list[Row] = []
    above: tuple[Word, ...] = ()  # words of a line without a price: the name of the next
    for line in printed_lines(page):
        priced = _line_up_to_price(line)
        if _is_sum(line):
            return rows
        if priced is None:
            above = tuple(word for word in line if any(char.isalpha() for char in word.text))
            continue
        cells = _cells(priced)
        if "description" not in cells and above:
            cells["description"] = above
        if "description" in cells:
            rows.append(Row(page, cells))
        above = ()
    return []


def _is_sum(line: Line) -> bool:
    words = [text for text, _ in folded_tokens(line)]
    is_priced = any(is_number(word) for word in line)
    return is_priced and any(
        longest_phrase_length(words, start, total_phrases()) for start in range(min(2, len(words)))
    )


def _line_up_to_price(line: Line) -> Line | None:
    """The line up to its price; None where it ends in none."""
    for dropped in range(min(MAX_MARKS + 1, len(line))):
        last = line[len(line) - 1 - dropped]
        if is_number(last) and _PRICE.search(last.text):
            return line[: len(line) - dropped]
        if len(last.text) > MAX_MARKS:
            return None
    return None


def _cells(line: Line) -> dict[str, tuple[Word, ...]]:
    """Amount last, a price and a count before it, a count first, and the words between."""
    cells: dict[str, tuple[Word, ...]] = {"amount": (line[-1],)}
    rest = list(line[:-1])
    if rest and is_number(rest[-1]) and _PRICE.search(rest[-1].text):
        cells["unit_price"] = (rest.pop(),)
    while rest and rest[-1].text in _TIMES:
        rest.pop()
    if rest and _COUNT.fullmatch(rest[-1].text):
        cells["quantity"] = (rest.pop(),)
    elif rest and _COUNT.fullmatch(rest[0].text):
        cells["quantity"] = (rest.pop(0),)
    words = tuple(word for word in rest if any(char.isalpha() for char in word.text))
    if words:
        cells["description"] = words
    return cells
