"""Table headings found by keyword: the columns of one line, or stacked over several.

A heading line names a price or amount column and something it is the price of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from data.records import Box
from training.baseline.keywords import column_tags, folded_tokens, longest_phrase_length
from training.decoding.printed_lines import (
    COLUMN_GAP,
    MONEY,
    SPACE,
    Line,
    is_next_line,
    letter_width,
    split_at_gaps,
    union_of,
)

TIMES = frozenset(
    {"days", "hours", "nights", "hrs", "stunden", "std", "tage", "heures", "jours", "horas", "ore"}
)
PRICES = frozenset({"amount", "unit_price"})
QUANTITIES = ("quantity", "quantity_shipped", "quantity_ordered")
ITEM = frozenset({"description", "quantity", "unit_price", "amount"})
PRICED = frozenset({"description", "product_code", "gtin", *QUANTITIES})


@dataclass(frozen=True, slots=True)
class Column:
    """A heading with the line tag of the values under it, or "other"."""

    tag: str
    box: Box
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of one table, from left to right, and its last line's index on the page."""

    columns: tuple[Column, ...]
    last_line: int

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(column.tag for column in self.columns) - {"other"}


def find_header(lines: Sequence[Line], main: int) -> Header | None:
    """Find the table heading whose main line has that index, with the lines it wraps over."""
    line = lines[main]
    if any(MONEY.search(word.text) for word in line):
        return None
    columns = _split_into_columns(line)
    named = [column for column in columns if column.tag != "other"]
    if len(named) < 2:
        return None
    last = main
    for other in (main - 1, main + 1, main + 2):
        near = 0 <= other < len(lines) and is_next_line(
            lines[min(last, other)], lines[max(main, other)]
        )
        if (
            near
            and abs(other - last) <= 1
            and (grown := _stack_columns(columns, lines[other], other > main))
        ):
            columns, last = grown, max(last, other)
    columns = _keep_one_of_each(columns)
    tags = {column.tag for column in columns}
    words = sum(len(column.phrase.split()) for column in columns if column.tag != "other")
    # Three headings are no accident, however many other words are between them
    max_ratio = 6 if len(tags - {"other"}) >= 3 else 3
    is_table = bool(tags & PRICES) and bool(tags & PRICED) and max_ratio * words >= len(line)
    return Header(tuple(columns), last) if is_table and _is_spaced_out(columns) else None


def table_score(header: Header) -> int:
    """The likeness of the headings to an item table's: the more known tags, the higher."""
    return 2 * len(header.tags & ITEM) + len(header.tags)


def is_alike(header: Header, best: Header) -> bool:
    """True where both head the same table, perhaps on another page."""
    return len(header.tags & best.tags) >= 0.7 * len(header.tags | best.tags)


def _is_spaced_out(columns: Sequence[Column]) -> bool:
    """True for columns, false for a sentence: three and more, or two far from each other."""
    named = [column for column in columns if column.tag != "other"]
    widest = max((b.box.left - a.box.right for a, b in pairwise(named)), default=0.0)
    return widest > (0.02 if len(named) >= 3 else 0.08)


def _split_into_columns(line: Line) -> list[Column]:
    """Split the line into columns: every known heading, and the words between as "other"."""
    columns: list[Column] = []
    space = SPACE * letter_width(line)
    for segment in split_at_gaps(line, COLUMN_GAP):
        tokens = folded_tokens(segment)
        texts = [text for text, _ in tokens]
        start = 0
        while start < len(tokens):
            length = longest_phrase_length(texts, start, column_tags())
            phrase = tuple(texts[start : start + length])
            box = union_of([word for _, word in tokens[start : start + max(length, 1)]])
            joins = start > 0 and not length and box.left - columns[-1].box.right < space
            if joins:
                columns[-1] = replace(columns[-1], box=columns[-1].box.union(box))
            else:
                columns.append(Column(column_tags().get(phrase, "other"), box, " ".join(phrase)))
            start += max(length, 1)
    return columns


def _stack_columns(columns: Sequence[Column], line: Line, below: bool) -> list[Column] | None:
    """Complete headings by another line ("Unit" over "Price"); None where it completes none."""
    grown, changed = list(columns), False
    for other in _split_into_columns(line):
        under = [
            index
            for index, column in enumerate(grown)
            if min(column.box.right, other.box.right) > max(column.box.left, other.box.left)
        ]
        phrase = other.phrase
        if len(under) == 1:
            column = grown[under[0]]
            parts = (column.phrase, phrase) if below else (phrase, column.phrase)
            joined = " ".join(parts).strip()
            tag = column_tags().get(tuple(joined.split()))
            glued = tag or column_tags().get(("".join(parts),))
            if glued is not None and phrase and (column.tag == "other" or column.phrase):
                box = column.box.union(other.box)
                grown[under[0]] = Column(glued, box, joined)
                changed = True
        elif not under and other.tag in PRICES | PRICED:
            grown.append(other)
            changed = True
    return sorted(grown, key=lambda column: column.box.left) if changed else None


def _keep_one_of_each(columns: Sequence[Column]) -> list[Column]:
    """Keep one column of each tag; the others become "other"."""
    settled = list(columns)
    tags = [column.tag for column in settled]
    if "amount" not in tags and "gross_amount" in tags:
        settled = _rename_column(settled, tags.index("gross_amount"), "amount")
    elif "amount" not in tags and "unit_price" in tags and not {*tags} & {*QUANTITIES}:
        # The only money there is
        settled = _rename_column(settled, tags.index("unit_price"), "amount")
    amounts = [index for index, column in enumerate(settled) if column.tag == "amount"]
    prices = [index for index, column in enumerate(settled) if column.tag == "unit_price"]
    if len(amounts) > 1 and prices and amounts[0] < prices[0] and not {*tags} & {*QUANTITIES}:
        settled = _rename_column(settled, amounts[0], "quantity")  # "Amount Product Price Total"
        amounts = amounts[1:]
    if "quantity" not in tags:
        for tag in QUANTITIES[1:]:
            if tag in tags and "quantity" not in {column.tag for column in settled}:
                settled = _rename_column(settled, tags.index(tag), "quantity")
    counts = [index for index, column in enumerate(settled) if column.tag == "quantity"]
    for group in (amounts, prices, counts):
        better = [index for index in group if _is_preferred(settled[index])]
        for index in group:
            if index != (better or group)[-1]:
                settled = _rename_column(settled, index, "other")
    used_tags: set[str] = set()
    for index, column in enumerate(settled):
        if column.tag in used_tags:
            settled = _rename_column(settled, index, "other")
        used_tags.add(column.tag)
    return settled


def _is_preferred(column: Column) -> bool:
    """True for the column to prefer among equal tags: net money, pieces rather than days."""
    if column.tag in PRICES:
        return column.phrase.startswith("net")
    return column.phrase not in TIMES


def _rename_column(columns: Sequence[Column], index: int, tag: str) -> list[Column]:
    changed = list(columns)
    changed[index] = replace(changed[index], tag=tag)
    return changed
