"""Measures one document, real or synthetic, by its words, boxes and items: `MEASURES`.

Every measure is one number a document, so that documents and not words are counted. Heights and
pitches are in text heights or in thousandths of the page's width: they do not depend on whether a
page came in points or in pixels.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from data.records import LabelledPage
from data.synthesis.commerce.column_heads import HEADS
from data.synthesis.inspection.lines import (
    Line,
    PrintedWord,
    count_clusters,
    printed_lines,
    split_cells,
)

# Name of a measure: its description on the page that shows it.
MEASURES: dict[str, str] = {
    "pages": "pages a document",
    "words_a_page": "words a page",
    "items": "line items a document",
    "items_a_page": "line items a page",
    "aspect": "width of the first page over its height",
    "width_pt": "width of the first page in points (PDFs and synthetic pages)",
    "text_height": "median word height, thousandths of the page's width",
    "text_heights": "tall words over small words (90th over 10th percentile of the heights)",
    "line_pitch": "distance of neighbouring lines, in text heights",
    "item_pitch": "distance of neighbouring items, in text heights",
    "item_height": "height of an item's words together, in text heights",
    "item_lines": "printed lines an item",
    "words_an_item": "words on the lines of items, an item",
    "words_a_line": "words a printed line",
    "cells_a_line": "cells a printed line (words without a wide gap between them)",
    "cells_an_item": "cells on the first line of an item",
    "left_columns": "places where at least three cells of item lines begin",
    "right_columns": "places where at least three cells of item lines end",
    "gap": "gap between words of a cell, in text heights",
    "wide_gaps": "share of gaps wider than three text heights",
    "left_margin": "leftmost word, thousandths of the page's width",
    "right_margin": "rightmost word's distance from the right edge, thousandths of the width",
    "top": "highest word, share of the page's height",
    "bottom": "lowest word, share of the page's height",
    "items_begin": "height of the first item on its page, share of the page's height",
    "items_end": "height of the last item on its page, share of the page's height",
    "words_before": "share of the words above the first item",
    "words_between": "share of the words between first and last item",
    "words_after": "share of the words below the last item",
    "digits": "share of characters that are digits",
    "capitals": "share of letters that are capitals",
    "marks": "share of characters that are neither letters nor digits",
    "beyond_ascii": "share of characters beyond ASCII",
    "word_length": "characters a word",
    "single": "share of words of one character",
    "long": "share of words of twelve and more characters",
    "numbers": "share of words that are numbers",
    "codes": "share of words that mix letters and digits",
    "dates": "share of words that are dates",
    "whole": "share of numbers without decimals",
    "cents": "share of numbers with two decimals",
    "finer": "share of numbers with three or more decimals",
    "comma": "share of decimal marks that are commas",
    "grouped": "share of numbers that group their thousands",
    "currency_glued": "share of numbers with a currency in the same word",
    "currency_apart": "words that are a currency, a number",
    "negative": "share of numbers with a minus or in brackets",
    "percent": "share of numbers with a percent sign",
    "long_numbers": "share of numbers of seven and more digits without a mark",
}

_NUMBER = re.compile(
    r"(?P<open>\(?)(?P<minus>[-−–]?)(?P<before>[^\W\d_]{1,3}\.?|[$€£₹¥]|)(?P<minus2>[-−–]?)"
    r"(?P<digits>\d{1,3}(?:[.,'’]\d{2,3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)"
    r"(?P<after>[$€£₹¥]|EUR|USD|)(?P<percent>%?)(?P<trailing>[-−–]?|CR)(?P<close>\)?)[*:;]?"
)
_CURRENCY = re.compile(r"[$€£₹¥]|USD|EUR|GBP|CHF|INR|MYR|RM|Rp\.?|IDR|CAD|AUD|SGD|US\$|Fr\.")
_DATE = re.compile(
    r"\(?\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\)?[,:;]?|\d{1,2}[-/]?[A-Za-z]{3}[-/]?\d{2,4}"
)
_HEAD_REACH = 4  # lines above the first item that may hold its table's head
_MIN_ROWS = 3  # cells that make an alignment a column
_ALIGNED = 0.006  # page widths between neighbouring edges of one column
_KNOWN_HEADS = 3  # known head words that make a line a head where no item is known


@dataclass(frozen=True, slots=True)
class Sample:
    """A document to measure: its pages with the known tags and items of their words.

    `name` is for people; `group` is "receipt" or "document", which are compared apart. `items` is
    the true count, None where it is unknown. `layout` names the document's layout where it is
    known: a word of many layouts matters more than one of many documents. `in_points`: the page's
    size is in points.
    """

    name: str
    group: str
    pages: tuple[LabelledPage, ...]
    items: int | None
    layout: str = ""
    in_points: bool = True


@dataclass(frozen=True, slots=True)
class DocumentMeasures:
    """One document's numbers by `MEASURES` name, and the sets of its printed texts."""

    name: str
    group: str
    layout: str
    values: Mapping[str, float]
    words: frozenset[str]  # folded, digits masked
    heads: frozenset[str]  # words of table heads
    labels: frozenset[str]  # texts before a colon or a value
    shapes: frozenset[str]  # numbers with every digit as 9


def measure(sample: Sample) -> DocumentMeasures:
    """Measure a document; a measure that it does not have is left out."""
    pages = [lines for page in sample.pages if (lines := printed_lines(page))]
    words = [word for lines in pages for line in lines for word in line]
    values: dict[str, float | None] = {"pages": len(sample.pages), "items": sample.items}
    if words:
        first = sample.pages[0].page
        values["words_a_page"] = len(words) / len(sample.pages)
        values["items_a_page"] = None if not sample.items else sample.items / len(sample.pages)
        values["aspect"] = first.upright_aspect
        values["width_pt"] = first.width if sample.in_points else None
        values |= _sizes(pages, words)
        values |= _margins(sample, pages)
        values |= _items(pages)
        values |= _word_shares(pages)
        values |= _characters([word.text for word in words])
        values |= _numbers([word.text for word in words])
    known = {name: float(value) for name, value in values.items() if value is not None}
    texts = [word.text for word in words]
    return DocumentMeasures(
        name=sample.name,
        group=sample.group,
        layout=sample.layout,
        values=known,
        words=frozenset(filter(None, map(fold_word, texts))),
        heads=frozenset(word for lines in pages for word in find_head_words(lines)),
        labels=frozenset(label for lines in pages for label in find_labels(lines)),
        shapes=frozenset(re.sub(r"\d", "9", text) for text in texts if _match_number(text)),
    )


def fold_word(text: str) -> str:
    """Fold case, outer marks and digits' values: "No.:" and "NO" are one word."""
    return re.sub(r"\d+", "9", text.casefold().strip(".,:;()[]*'\"|-_/"))


def find_head_words(lines: Sequence[Line]) -> set[str]:
    """Find the words of the table heads of a page, folded.

    They are tagged, or on a line of several cells and no money shortly above the first item, or on
    any line with at least three known head words.
    """
    words = {fold_word(word.text) for line in lines for word in line if word.tag == "column_header"}
    first = next((place for place, line in enumerate(lines) if _has_item(line)), None)
    if first is not None:
        for line in lines[max(first - _HEAD_REACH, 0) : first]:
            money = any(_is_money(word.text) for word in line)
            if not money and (
                len(split_cells(line)) >= 3 or _count_known_heads(line) >= _KNOWN_HEADS
            ):
                words |= {fold_word(word.text) for word in line}
    for line in lines:
        known = _count_known_heads(line)
        if known >= _KNOWN_HEADS and 2 * known >= len(line):
            words |= {fold_word(word.text) for word in line}
    return {word for word in words if any(char.isalpha() for char in word)}


def find_labels(lines: Iterable[Line]) -> set[str]:
    """Find the labels before a colon or before a cell with a digit, folded, at most four words."""
    labels = set()
    for line in lines:
        parts = split_cells(line)
        for place, part in enumerate(parts):
            colon = next(
                (index for index, word in enumerate(part) if word.text.endswith(":")), None
            )
            after = parts[place + 1] if place + 1 < len(parts) else []
            if colon is not None:
                words = part[: colon + 1]
            elif after and any(char.isdigit() for word in after for char in word.text):
                words = part
            else:
                continue
            text = " ".join(filter(None, (fold_word(word.text) for word in words)))
            letters = sum(char.isalpha() for char in text)
            if len(words) <= 4 and letters >= 2 and "9" not in text:
                labels.add(text)
    return labels


@cache
def _known_heads() -> frozenset[str]:
    head_texts = (
        text for choices in HEADS.values() for texts in choices.values() for text in texts
    )
    return frozenset(
        fold_word(word) for text in head_texts for word in text.split() if len(word) > 2
    )


def _count_known_heads(line: Line) -> int:
    return sum(fold_word(word.text) in _known_heads() for word in line)


def _has_item(line: Line) -> bool:
    return any(word.item >= 0 for word in line)


def _is_money(text: str) -> bool:
    return _match_number(text) is not None and re.search(r"[.,]\d\d\D*$", text) is not None


def _median(numbers: Sequence[float]) -> float | None:
    return float(np.median(numbers)) if len(numbers) else None


def _sizes(
    pages: Sequence[Sequence[Line]], words: Sequence[PrintedWord]
) -> dict[str, float | None]:
    heights = np.array([word.height for word in words])
    small, typical, tall = np.quantile(heights, (0.1, 0.5, 0.9))
    lines = [line for page in pages for line in page]
    pitches = [
        (_middle(below) - _middle(above)) / typical
        for page in pages
        for above, below in pairwise(page)
    ]
    gaps = np.array(
        [
            (after.left - before.right) / typical
            for line in lines
            for before, after in pairwise(line)
        ]
    )
    inside = gaps[(gaps > -0.2) & (gaps < 1)]
    return {
        "text_height": 1000 * float(typical),
        "text_heights": float(tall / max(small, 1e-6)),
        "line_pitch": _median(pitches),
        "words_a_line": len(words) / len(lines),
        "cells_a_line": sum(len(split_cells(line)) for line in lines) / len(lines),
        "gap": _median(inside.tolist()),
        "wide_gaps": float((gaps > 3).mean()) if len(gaps) else None,
    }


def _middle(line: Line) -> float:
    return sum(word.middle for word in line) / len(line)


def _margins(sample: Sample, pages: Sequence[Sequence[Line]]) -> dict[str, float | None]:
    tall = 1 / sample.pages[0].page.upright_aspect
    words = [word for line in pages[0] for word in line]
    return {
        "left_margin": 1000 * min(word.left for word in words),
        "right_margin": 1000 * (1 - max(word.right for word in words)),
        "top": min(word.top for word in words) / tall,
        "bottom": max(word.bottom for word in words) / tall,
        **_places(pages, tall),
    }


def _places(pages: Sequence[Sequence[Line]], tall: float) -> dict[str, float | None]:
    holding = [page for page in pages if any(map(_has_item, page))]
    if not holding:
        return {}
    first = next(line for line in holding[0] if _has_item(line))
    last = next(line for line in reversed(holding[-1]) if _has_item(line))
    return {"items_begin": _middle(first) / tall, "items_end": _middle(last) / tall}


def _items(pages: Sequence[Sequence[Line]]) -> dict[str, float | None]:
    """Measure the items by the words whose item is known."""
    typical = _median([word.height for page in pages for line in page for word in line]) or 1.0
    items_of_pages = [_lines_of_items(page) for page in pages]
    tops = [sorted(_middle(lines[0]) for lines in items.values()) for items in items_of_pages]
    words_of_items = [
        [word for line in lines for word in line if word.item == item]
        for items in items_of_pages
        for item, lines in items.items()
    ]
    heights = [max(w.bottom for w in words) - min(w.top for w in words) for words in words_of_items]
    lines_of_items = [lines for items in items_of_pages for lines in items.values()]
    rows = [split_cells(line) for page in pages for line in page if _has_item(line)]
    lefts = [cell[0].left for row in rows for cell in row]
    rights = [cell[-1].right for row in rows for cell in row]
    enough = len(lines_of_items) >= _MIN_ROWS
    return {
        "item_pitch": _median(
            [(low - high) / typical for places in tops for high, low in pairwise(places)]
        ),
        "item_height": _median([height / typical for height in heights]),
        "item_lines": _mean([len(lines) for lines in lines_of_items]),
        # Not its labelled words: of some real items only few are known
        "words_an_item": sum(len(cell) for row in rows for cell in row) / len(lines_of_items)
        if lines_of_items
        else None,
        "cells_an_item": _median([len(split_cells(lines[0])) for lines in lines_of_items]),
        "left_columns": count_clusters(lefts, _ALIGNED, _MIN_ROWS) if enough else None,
        "right_columns": count_clusters(rights, _ALIGNED, _MIN_ROWS) if enough else None,
    }


def _lines_of_items(page: Sequence[Line]) -> dict[int, list[Line]]:
    """The lines on which each item of the page has a word, by item."""
    lines_by_item: dict[int, list[Line]] = {}
    for line in page:
        for item in sorted({word.item for word in line if word.item >= 0}):
            lines_by_item.setdefault(item, []).append(line)
    return lines_by_item


def _mean(numbers: Sequence[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None


def _word_shares(pages: Sequence[Sequence[Line]]) -> dict[str, float | None]:
    lines = [line for page in pages for line in page]
    holding = [place for place, line in enumerate(lines) if _has_item(line)]
    if not holding:
        return {}
    total = sum(map(len, lines))
    before = sum(map(len, lines[: holding[0]]))
    after = sum(map(len, lines[holding[-1] + 1 :]))
    return {
        "words_before": before / total,
        "words_between": (total - before - after) / total,
        "words_after": after / total,
    }


def _characters(texts: Sequence[str]) -> dict[str, float | None]:
    joined_text = "".join(texts)
    letters = [char for char in joined_text if char.isalpha()]
    return {
        "digits": sum(char.isdigit() for char in joined_text) / len(joined_text),
        "capitals": sum(char.isupper() for char in letters) / max(len(letters), 1),
        "marks": sum(not char.isalnum() for char in joined_text) / len(joined_text),
        "beyond_ascii": sum(not char.isascii() for char in joined_text) / len(joined_text),
        "word_length": len(joined_text) / len(texts),
        "single": sum(len(text) == 1 for text in texts) / len(texts),
        "long": sum(len(text) >= 12 for text in texts) / len(texts),
    }


def _numbers(texts: Sequence[str]) -> dict[str, float | None]:
    dates = [text for text in texts if _DATE.fullmatch(text)]
    numbers = [number for text in texts if (number := _match_number(text))]
    mixed = [text for text in texts if re.search(r"\d", text) and re.search(r"[^\W\d_]", text)]
    values: dict[str, float | None] = {
        "numbers": len(numbers) / len(texts),
        "codes": len(mixed) / len(texts),
        "dates": len(dates) / len(texts),
    }
    if not numbers:
        return values
    digits = [number["digits"] for number in numbers]
    places = [len(match[2]) if (match := _match_decimals(text)) else 0 for text in digits]
    marks = [match[1] for text in digits if (match := _match_decimals(text))]
    parted = [re.search(r"[.,'’]\d{3}(?!\d)", text) is not None for text in digits]
    count = len(numbers)
    return values | {
        "whole": sum(n == 0 for n in places) / count,
        "cents": sum(n == 2 for n in places) / count,
        "finer": sum(n > 2 for n in places) / count,
        "comma": sum(mark == "," for mark in marks) / len(marks) if marks else None,
        "grouped": sum(parted) / count,
        "currency_glued": sum(bool(n["before"] or n["after"]) for n in numbers) / count,
        "currency_apart": sum(_CURRENCY.fullmatch(text) is not None for text in texts) / count,
        "negative": sum(
            bool(n["minus"] or n["minus2"] or n["trailing"] or n["open"]) for n in numbers
        )
        / count,
        "percent": sum(bool(n["percent"]) for n in numbers) / count,
        "long_numbers": sum(text.isdigit() and len(text) >= 7 for text in digits) / count,
    }


def _match_number(text: str) -> re.Match[str] | None:
    """Match the parts of a number with or without a currency; None for a date or a code."""
    match = _NUMBER.fullmatch(text)
    if match is None or _DATE.fullmatch(text):
        return None
    return None if match["before"] and not _CURRENCY.fullmatch(match["before"]) else match


def _match_decimals(text: str) -> re.Match[str] | None:
    """Match the decimal mark and the decimals; three digits after a lone mark are a group."""
    match = re.search(r"([.,])(\d+)$", text)
    if match is None or (len(match[2]) == 3 and len(text) > 4 and not text.startswith("0")):
        return None
    return match
