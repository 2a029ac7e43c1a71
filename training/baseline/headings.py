"""Table headings found by keyword: columns, over one line or stacked over several.

A heading line names a price or amount column and something it is the price of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from data.records import Box
from training.baseline.keywords import column_tags, folded_tokens, longest_phrase
from training.decoding.printed_lines import (
    COLUMN_GAP,
    MONEY,
    SPACE,
    Line,
    follows,
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
    """A heading and what stands under it: a line tag, or "other"."""

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


def find_header(lines: Sequence[Line], at: int) -> Header | None:
    """The table heading whose main line is that one, with the lines it is wrapped over."""
    line = lines[at]
    if any(MONEY.search(word.text) for word in line):
        return None
    columns = _headings(line)
    named = [column for column in columns if column.tag != "other"]
    if len(named) < 2:
        return None
    last = at
    for other in (at - 1, at + 1, at + 2):
        near = 0 <= other < len(lines) and follows(lines[min(last, other)], lines[max(at, other)])
        if (
            near
            and abs(other - last) <= 1
            and (grown := _stacked(columns, lines[other], other > at))
        ):
            columns, last = grown, max(last, other)
    columns = _settled(columns)
    tags = {column.tag for column in columns}
    words = sum(len(column.phrase.split()) for column in columns if column.tag != "other")
    # Three headings are no accident, however many others stand between
    most = 6 if len(tags - {"other"}) >= 3 else 3
    is_table = bool(tags & PRICES) and bool(tags & PRICED) and most * words >= len(line)
    return Header(tuple(columns), last) if is_table and _apart(columns) else None


def worth(header: Header) -> int:
    """How much of an item table the headings are."""
    return 2 * len(header.tags & ITEM) + len(header.tags)


def is_alike(header: Header, best: Header) -> bool:
    """Whether both head the same table, perhaps on another page."""
    return len(header.tags & best.tags) >= 0.7 * len(header.tags | best.tags)


def _apart(columns: Sequence[Column]) -> bool:
    """Whether these are columns and no sentence: three and more, or two far from each other."""
    named = [column for column in columns if column.tag != "other"]
    widest = max((b.box.left - a.box.right for a, b in pairwise(named)), default=0.0)
    return widest > (0.02 if len(named) >= 3 else 0.08)


def _headings(line: Line) -> list[Column]:
    """The line as columns: every known heading, and what stands between as "other"."""
    columns: list[Column] = []
    space = SPACE * letter_width(line)
    for segment in split_at_gaps(line, COLUMN_GAP):
        tokens = folded_tokens(segment)
        texts = [text for text, _ in tokens]
        at = 0
        while at < len(tokens):
            length = longest_phrase(texts, at, column_tags())
            phrase = tuple(texts[at : at + length])
            box = union_of([word for _, word in tokens[at : at + max(length, 1)]])
            joins = at > 0 and not length and box.left - columns[-1].box.right < space
            if joins:
                columns[-1] = replace(columns[-1], box=columns[-1].box.union(box))
            else:
                columns.append(Column(column_tags().get(phrase, "other"), box, " ".join(phrase)))
            at += max(length, 1)
    return columns


def _stacked(columns: Sequence[Column], line: Line, below: bool) -> list[Column] | None:
    """The columns with headings that another line completes ("Unit" over "Price"); else None."""
    grown, changed = list(columns), False
    for other in _headings(line):
        under = [
            index
            for index, column in enumerate(grown)
            if min(column.box.right, other.box.right) > max(column.box.left, other.box.left)
        ]
        said = other.phrase
        if len(under) == 1:
            column = grown[under[0]]
            parts = (column.phrase, said) if below else (said, column.phrase)
            joined = " ".join(parts).strip()
            tag = column_tags().get(tuple(joined.split()))
            glued = tag or column_tags().get(("".join(parts),))
            if glued is not None and said and (column.tag == "other" or column.phrase):
                box = column.box.union(other.box)
                grown[under[0]] = Column(glued, box, joined)
                changed = True
        elif not under and other.tag in PRICES | PRICED:
            grown.append(other)
            changed = True
    return sorted(grown, key=lambda column: column.box.left) if changed else None


def _settled(columns: Sequence[Column]) -> list[Column]:
    """The columns with one of each tag; the others count as "other"."""
    settled = list(columns)
    tags = [column.tag for column in settled]
    if "amount" not in tags and "gross_amount" in tags:
        settled = _renamed(settled, tags.index("gross_amount"), "amount")
    elif "amount" not in tags and "unit_price" in tags and not {*tags} & {*QUANTITIES}:
        settled = _renamed(settled, tags.index("unit_price"), "amount")  # the only money there is
    amounts = [index for index, column in enumerate(settled) if column.tag == "amount"]
    prices = [index for index, column in enumerate(settled) if column.tag == "unit_price"]
    if len(amounts) > 1 and prices and amounts[0] < prices[0] and not {*tags} & {*QUANTITIES}:
        settled = _renamed(settled, amounts[0], "quantity")  # "Amount Product Price Total"
        amounts = amounts[1:]
    if "quantity" not in tags:
        for tag in QUANTITIES[1:]:
            if tag in tags and "quantity" not in {column.tag for column in settled}:
                settled = _renamed(settled, tags.index(tag), "quantity")
    counts = [index for index, column in enumerate(settled) if column.tag == "quantity"]
    for group in (amounts, prices, counts):
        better = [index for index in group if _is_telling(settled[index])]
        for index in group:
            if index != (better or group)[-1]:
                settled = _renamed(settled, index, "other")
    seen: set[str] = set()
    for index, column in enumerate(settled):
        if column.tag in seen:
            settled = _renamed(settled, index, "other")
        seen.add(column.tag)
    return settled


def _is_telling(column: Column) -> bool:
    """Whether, of columns alike, this is the wanted one: net money, pieces rather than days."""
    if column.tag in PRICES:
        return column.phrase.startswith("net")
    return column.phrase not in TIMES


def _renamed(columns: Sequence[Column], index: int, tag: str) -> list[Column]:
    changed = list(columns)
    changed[index] = replace(changed[index], tag=tag)
    return changed
