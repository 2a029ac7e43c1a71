"""Which PO line each document line belongs to: by number, GTIN, code, description and price.

Never by position. Several lines may belong to one PO line. Among near ties the best pairing one to
one wins, because two alike lines rather belong to two alike PO lines; what is still close is said
to be ambiguous, with the runner-up.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process
from scipy.optimize import linear_sum_assignment

from data.records import Field, LineItem, OrderLine
from data.units import normalise_gtin
from serving.matching.line_units import LineUnits, base_unit

# A likeness below LEAST is none; between LEAST and SURE a person has to confirm it.
LEAST, SURE = 0.40, 0.70
# A runner-up this close makes the choice ambiguous.
MARGIN = 0.08
# Moving a line off its best PO line, for the sake of the pairing, may cost this much likeness.
PAIRING_GIVE = 0.08
SAME_PRICE = Fraction(5, 1000)
_CODES = ("product_code", "buyer_item_id", "gtin")
_ORDER_CODES = ("product_code", "vendor_item_id", "buyer_item_id", "gtin")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How probably a document line and a PO line are the same item (0..1), and what says so."""

    score: float
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The PO line of a document line. `order_line` None: none is like it.

    `runner_up` is set when another PO line is so close that the choice is ambiguous. `nearest` is
    the PO line that came closest where none was alike enough.
    """

    order_line: OrderLine | None
    score: float
    by: tuple[str, ...] = ()
    runner_up: OrderLine | None = None
    nearest: OrderLine | None = None

    @property
    def by_identifier(self) -> bool:
        return bool({"PO line number", "GTIN", "code"} & set(self.by))


@lru_cache(maxsize=65536)
def normalise_code(code: str) -> str:
    """A product code without case, punctuation and leading zeros.

    >>> normalise_code("00-4711 a")
    '4711A'
    """
    kept = re.sub(r"[^0-9A-Z]", "", code.upper())
    return kept.lstrip("0") or kept


@lru_cache(maxsize=65536)
def _words(text: str) -> str:
    """Case-folded words; letters and digits apart, so that "M6x20" and "M6 x 20" are one."""
    return " ".join(re.findall(r"[^\W\d_]+|\d+", text.casefold()))


def _text(leaf: Field | None) -> str:
    return (leaf.text or "") if leaf is not None else ""


@dataclass(frozen=True, slots=True)
class _Names:
    """What a line is called: normalised codes, valid GTINs, words of its description."""

    codes: frozenset[str]
    gtins: frozenset[str]
    words: str
    digits: frozenset[str]

    @classmethod
    def of(cls, codes: Sequence[str | None], description: str | None) -> "_Names":
        given = [code for code in codes if code]
        words = _words(description or "")
        return cls(
            codes=frozenset(filter(None, map(normalise_code, given))),
            gtins=frozenset(gtin for code in given if (gtin := normalise_gtin(code))),
            words=words,
            digits=frozenset(word for word in words.split() if word.isdigit()),
        )


def _printed_names(item: LineItem) -> _Names:
    return _Names.of([_text(item.field(name)) for name in _CODES], _text(item.description))


def _ordered_names(line: OrderLine) -> _Names:
    return _Names.of([getattr(line, name) for name in _ORDER_CODES], line.description)


def twin_groups(lines: Sequence[OrderLine]) -> list[tuple[int, ...]]:
    """For each PO line the lines that order the same item, itself included, as indices.

    The same item: a code in common, or no codes at all and the same description.
    """
    names = [_ordered_names(line) for line in lines]
    by_name: dict[str, set[int]] = {}
    keys = [sorted(one.codes) or ([f" {one.words}"] if one.words else []) for one in names]
    for index, own in enumerate(keys):
        for key in own:
            by_name.setdefault(key, set()).add(index)
    return [
        tuple(sorted({index}.union(*(by_name[key] for key in own))))
        for index, own in enumerate(keys)
    ]


def resemblance(first: str, second: str) -> float:
    """How many letters two descriptions share at best (0..1), part against whole included."""
    one, two = _words(first), _words(second)
    if not one or not two:
        return 0.0
    return max(float(fuzz.token_set_ratio(one, two)), float(fuzz.partial_ratio(one, two))) / 100


def description_likeness(first: str, second: str) -> float:
    """0..1; equal but for case, order and punctuation is 1. Different numbers count heavily.

    Texts that share 40 % of their letters by chance are not alike at all, so that scores 0.

    >>> description_likeness("Hex bolt M6x20", "hex bolt, M6 x 20")
    1.0
    """
    one, two = _Names.of([], first), _Names.of([], second)
    sort, contained = fuzz.token_sort_ratio, fuzz.token_set_ratio
    return _described(one, two, sort(one.words, two.words), contained(one.words, two.words))


def _described(one: _Names, two: _Names, sorted_ratio: float, set_ratio: float) -> float:
    if not one.words or not two.words:
        return 0.0
    likeness = float(sorted_ratio) / 100
    if min(len(one.words), len(two.words)) >= 6:
        likeness = max(likeness, 0.9 * float(set_ratio) / 100)
    # "M6x20" and "M6x30" are two items however alike the words are.
    if one.digits - two.digits and two.digits - one.digits:
        likeness *= 0.6
    return max(0.0, (likeness - 0.4) / 0.6)


@dataclass(slots=True)
class _Prices:
    """Ordered net prices per unit of measure, each worked out once."""

    lines: Sequence[OrderLine]
    known: dict[tuple[int, str | None], Fraction | None]

    def same(self, index: int, price: Fraction | None, unit: str | None) -> bool:
        """Whether a price per `unit` is the ordered one within half a percent."""
        if price is None:
            return False
        if (index, unit) not in self.known:
            units = LineUnits(self.lines[index], base_unit(self.lines[index]))
            ordered, size = units.ordered_price(), units.size(unit)
            known = None if ordered is None or size is None else ordered * size
            self.known[index, unit] = known
        ordered_price = self.known[index, unit]
        return bool(ordered_price) and abs(price / (ordered_price or 1) - 1) <= SAME_PRICE


def _likeness(one: _Names, two: _Names, described: float, same_number: bool | None) -> Likeness:
    """Likeness by names alone; `same_number` None: no PO line number is printed."""
    by: list[str] = []
    score = 0.0
    if one.gtins & two.gtins:
        by, score = ["GTIN"], 0.97
    if one.codes & two.codes:
        by, score = [*by, "code"], max(score, 0.95)
    if described * 0.9 > max(score, 0.3):
        by, score = ["description"], described * 0.9
    if one.gtins and two.gtins and not one.gtins & two.gtins and "code" not in by:
        # Two valid GTINs that differ name two articles.
        score = min(score, 0.3)
    if same_number:
        # A printed PO line number is strong, but not against what the line says it is.
        known = described >= 0.3 or bool(by)
        by, score = [*by, "PO line number"], max(score + 0.02, 0.9 if known else 0.6)
    elif same_number is not None:
        score -= 0.05
    return Likeness(max(0.0, min(score, 1.0)), tuple(by))


def _with_price(found: Likeness) -> Likeness:
    score = found.score + 0.03 if found.score >= LEAST else found.score + 0.35
    return Likeness(min(1.0, score), (*found.by, "price"))


def assign_lines(
    items: Sequence[tuple[LineItem, Fraction | None, str | None]], lines: Sequence[OrderLine]
) -> tuple[Assignment, ...]:
    """The PO line of each (document line, net price per unit, unit), in the order given."""
    if not items or not lines:
        return tuple(Assignment(None, 0.0) for _ in items)
    printed = [_printed_names(item) for item, _, _ in items]
    ordered, prices = [_ordered_names(line) for line in lines], _Prices(lines, {})
    texts = [one.words for one in printed], [one.words for one in ordered]
    by_sort = process.cdist(*texts, scorer=fuzz.token_sort_ratio)  # (items, PO lines)
    by_set = process.cdist(*texts, scorer=fuzz.token_set_ratio)
    found: list[list[Likeness]] = []
    for row, (item, price, unit) in enumerate(items):
        number = normalise_code(_text(item.po_line_number))
        likenesses = []
        for column, line in enumerate(lines):
            one, two = printed[row], ordered[column]
            described = _described(one, two, by_sort[row, column], by_set[row, column])
            same = normalise_code(line.po_line_number) == number if number else None
            likeness = _likeness(one, two, described, same)
            if prices.same(column, price, unit):
                likeness = _with_price(likeness)
            likenesses.append(likeness)
        found.append(likenesses)
    scores = np.array([[pair.score for pair in row] for row in found])
    rows, columns = linear_sum_assignment(-scores)
    paired = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    twins = twin_groups(lines)
    return tuple(
        _choose(row, scores[index], lines, twins, paired.get(index))
        for index, row in enumerate(found)
    )


def _choose(
    row: Sequence[Likeness],
    scores: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    lines: Sequence[OrderLine],
    twins: Sequence[tuple[int, ...]],
    paired: int | None,
) -> Assignment:
    best = int(scores.argmax())
    chosen = best
    if paired is not None and scores[best] - scores[paired] <= PAIRING_GIVE:
        chosen = paired
    if row[chosen].score < LEAST:
        return Assignment(None, row[best].score, row[best].by, nearest=lines[best])
    # A PO line for the same item is no rival: allocation spreads the quantity over both.
    rivals = [
        index
        for index in range(len(lines))
        if index != chosen
        and row[chosen].score - row[index].score < MARGIN
        and index not in twins[chosen]
    ]
    rival = max(rivals, key=lambda index: row[index].score, default=None)
    return Assignment(
        lines[chosen],
        row[chosen].score,
        row[chosen].by,
        runner_up=None if rival is None else lines[rival],
    )
