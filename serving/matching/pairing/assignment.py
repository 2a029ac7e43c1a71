"""Assignment of document lines to PO lines, by number, GTIN, code, description and price.

Never by position. The assignment is the best of all: the sum of the likenesses is the largest that
any assignment gives, where each further line on one PO line costs `SHARING`. So several lines may
belong to one PO line, but two alike lines rather belong to two alike PO lines. A close choice is
marked as ambiguous, with the runner-up.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from data.order_records import Component, OrderLine, UnitCodeList
from data.records import Field, LineItem
from serving.matching.pairing.article_names import (
    Names,
    article_groups,
    article_names,
    names_likeness,
    normalise_code,
    ordered_names,
    printed_names,
    same_codes,
)
from serving.matching.pairing.best_assignment import best_assignment
from serving.matching.pairing.candidates import BY_CODE, Candidates
from serving.matching.pairing.line_units import LineUnits, base_unit

# A likeness below the minimum is none; between it and a sure one a person has to confirm it.
MIN_LIKENESS, SURE_LIKENESS = 0.40, 0.70
# A runner-up this close makes the choice ambiguous.
MARGIN = 0.08
# Likeness that a second line on one PO line costs: for less than that it moves to another one.
SHARING = 0.08
# Less alike than this, a line is not taken for a further one on a PO line that another one fits.
MIN_SHARING_LIKENESS = 0.50
# The most likeness that is left to what bears another article's code.
OTHER_ARTICLE = 0.30
# Words this alike may name one article though the codes differ; the most likeness left to it.
_SAME_WORDS, _DOUBTFUL = 0.9, 0.65
SAME_PRICE = Fraction(5, 1000)
_IDENTIFIERS = frozenset({"PO line number", "GTIN", "code"})
# Among PO lines for one article the older one is preferred by this much in all.
_AGE = 1e-6


@dataclass(frozen=True, slots=True)
class Likeness:
    """The probability that a document line and a PO line are one item (0..1), and its grounds."""

    score: float
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The PO line of a document line. `order_line` None: none is like it.

    `runner_up` is set when another PO line is so close that the choice is ambiguous, `rivals` are
    all that are. `nearest` is the PO line that came closest where none was alike enough.
    `component` is the part of the PO line's kit that the document line is. `cells` are the cells
    that name the PO line, `mistakable` where one of them is nearly another PO line's code.
    """

    order_line: OrderLine | None
    score: float
    by: tuple[str, ...] = ()
    runner_up: OrderLine | None = None
    rivals: tuple[OrderLine, ...] = ()
    nearest: OrderLine | None = None
    component: Component | None = None
    cells: Mapping[str, Field] = field(default_factory=dict)
    mistakable: bool = False

    @property
    def by_identifier(self) -> bool:
        return bool(_IDENTIFIERS & set(self.by))

    @property
    def is_substitute(self) -> bool:
        """True where the document line is an article that may be delivered instead."""
        return "substitute" in self.by


@dataclass(frozen=True, slots=True)
class _Target:
    """Something that a PO line may be billed as: itself, a part of its kit, or a substitute."""

    line: int
    names: Names
    component: Component | None = None
    substitute: bool = False


def _targets(lines: Sequence[OrderLine], line_names: Sequence[Names]) -> list[_Target]:
    """Return the lines themselves first, in their order, then their kit parts and substitutes."""
    targets = [_Target(index, names) for index, names in enumerate(line_names)]
    for index, line in enumerate(lines):
        targets += [_Target(index, article_names(part), part) for part in line.components]
        targets += [
            _Target(index, article_names(article), substitute=True) for article in line.substitutes
        ]
    return targets


def twin_groups(lines: Sequence[OrderLine]) -> list[tuple[int, ...]]:
    """Return for each PO line the indices of all lines for the same article, itself included."""
    numbers = article_groups([ordered_names(line) for line in lines])
    members: defaultdict[int, list[int]] = defaultdict(list)
    for index, number in enumerate(numbers):
        members[number].append(index)
    groups = {number: tuple(indices) for number, indices in members.items()}
    return [groups[number] for number in numbers]


@dataclass(slots=True)
class _Prices:
    """Ordered net prices per unit of measure, each worked out once."""

    lines: Sequence[OrderLine]
    code_list: UnitCodeList | None
    known: dict[tuple[int, str | None], Fraction | None]

    def is_ordered_price(self, index: int, price: Fraction | None, unit: str | None) -> bool:
        """Return whether a price per `unit` is the ordered one within half a percent."""
        if price is None:
            return False
        if (index, unit) not in self.known:
            line = self.lines[index]
            units = LineUnits(line, base_unit(line), self.code_list)
            ordered, size = units.ordered_price(), units.size(unit)
            known = None if ordered is None or size is None else ordered * size
            self.known[index, unit] = known
        ordered_price = self.known[index, unit]
        return bool(ordered_price) and abs(price / (ordered_price or 1) - 1) <= SAME_PRICE


def _likeness(printed: Names, target: _Target, same_number: bool | None) -> Likeness:
    """Return the likeness by names alone; `same_number` None: no PO line number is printed."""
    by: list[str] = []
    score, ordered = 0.0, target.names
    described = names_likeness(printed, ordered)
    if not printed.gtins.isdisjoint(ordered.gtins):
        by, score = ["GTIN"], 0.97
    if not printed.codes.isdisjoint(ordered.codes):
        by, score = [*by, "code"], max(score, 0.95)
    if described * 0.9 > max(score, 0.3):
        by, score = ["description"], described * 0.9
    if printed.gtins and ordered.gtins and "GTIN" not in by and "code" not in by:
        # Two valid GTINs that differ name two articles.
        score = min(score, OTHER_ARTICLE)
    if target.substitute and by:
        by = ["substitute", *by]
    if same_number:
        # A printed PO line number is strong, but not against the article printed on the line.
        known = described >= 0.3 or bool(by)
        by, score = [*by, "PO line number"], max(score + 0.02, 0.9 if known else 0.6)
    elif same_number is not None:
        score -= 0.05
    return Likeness(max(0.0, min(score, 1.0)), tuple(by))


def _with_price(likeness: Likeness) -> Likeness:
    more = 0.03 if likeness.score >= MIN_LIKENESS else 0.35
    return Likeness(min(1.0, likeness.score + more), (*likeness.by, "price"))


# Likenesses by document line: target index -> likeness.
_LikenessRows = list[dict[int, Likeness]]


def assign_lines(
    items: Sequence[tuple[LineItem, Fraction | None, str | None]],
    lines: Sequence[OrderLine],
    code_list: UnitCodeList | None = None,
) -> tuple[Assignment, ...]:
    """Return the PO line of each (document line, net price per unit, unit), in the same order.

    `lines` are in order of age, the oldest first; `code_list` is that of the vendor's unit codes.
    """
    if not items or not lines:
        return tuple(Assignment(None, 0.0) for _ in items)
    line_names = [ordered_names(line) for line in lines]
    targets, articles = _targets(lines, line_names), article_groups(line_names)
    printed = [printed_names(item) for item, _, _ in items]
    likenesses = _find_likenesses(items, printed, targets, _Prices(lines, code_list, {}))
    likenesses = _without_other_codes(likenesses, [item for item, _, _ in items], printed, targets)
    scores = [{index: likeness.score for index, likeness in row.items()} for row in likenesses]
    line_of = [target.line for target in targets]
    chosen = best_pairing(_without_weak_rivals(scores, line_of), line_of)
    assigned = []
    for (item, _, _), names, row, choice in zip(items, printed, likenesses, chosen, strict=True):
        assignment = _assignment(row, choice, lines, targets, articles)
        if choice is not None:
            article = articles[targets[choice].line]
            others = (targets[index] for index in row if articles[targets[index].line] != article)
            assignment = replace(
                assignment,
                cells=_naming_cells(item, assignment, targets[choice]),
                mistakable=any(names.has_similar_code(other.names) for other in others),
            )
        assigned.append(assignment)
    return tuple(assigned)


def _naming_cells(item: LineItem, assignment: Assignment, target: _Target) -> dict[str, Field]:
    """Return the cells of a document line that identify its PO line."""
    names = printed_names(item)
    kinds = same_codes(item, target.names)
    if "PO line number" in assignment.by:
        kinds.append("po_line_number")
    if not kinds or names_likeness(names, target.names) >= SURE_LIKENESS:
        kinds.append("description")
    if "price" in assignment.by:
        kinds.append("unit_price" if item.unit_price is not None else "amount")
    leaves = ((name, item.field(name)) for name in kinds)
    return {name: leaf for name, leaf in leaves if leaf is not None and leaf.value is not None}


def _find_likenesses(
    items: Sequence[tuple[LineItem, Fraction | None, str | None]],
    printed: Sequence[Names],
    targets: Sequence[_Target],
    prices: _Prices,
) -> _LikenessRows:
    """Return the likenesses of each document line with all targets that may be it."""
    candidates = Candidates([target.names for target in targets])
    numbers = [normalise_code(line.po_line_number) for line in prices.lines]
    numbered: defaultdict[str, list[int]] = defaultdict(list)
    for index, target in enumerate(targets):
        numbered[numbers[target.line]].append(index)
    likenesses = []
    for (item, price, unit), names in zip(items, printed, strict=True):
        leaf = item.po_line_number
        number = normalise_code(leaf.text) if leaf is not None and leaf.text else ""
        near = {*candidates.find(names), *numbered.get(number, ())[:BY_CODE]}
        row = {}
        for index in sorted(near):
            target = targets[index]
            same = numbers[target.line] == number if number else None
            likeness = _likeness(names, target, same)
            whole = target.component is None and not target.substitute
            # Below this an equal price makes nothing of it.
            worth = likeness.score + 0.35 >= MIN_LIKENESS
            if whole and worth and prices.is_ordered_price(target.line, price, unit):
                likeness = _with_price(likeness)
            row[index] = likeness
        likenesses.append(row)
    return likenesses


def _without_other_codes(
    likenesses: _LikenessRows,
    items: Sequence[LineItem],
    printed: Sequence[Names],
    targets: Sequence[_Target],
) -> _LikenessRows:
    """Return the likenesses, lowered where a line bears another article's code.

    Where one line of the document is found by its code, order and document use the same codes of
    that kind: one that is not the PO line's, and not one character off it, is another article's.
    """
    shared = {
        kind
        for item, row in zip(items, likenesses, strict=True)
        for index, likeness in row.items()
        if {"code", "GTIN"} & set(likeness.by)
        for kind in same_codes(item, targets[index].names)
    }
    return [
        {
            index: likeness
            if _IDENTIFIERS & set(likeness.by)
            else _at_most(likeness, item, names, (targets[index].names, shared))
            for index, likeness in row.items()
        }
        for item, row, names in zip(items, likenesses, printed, strict=True)
    ]


def _at_most(
    likeness: Likeness, item: LineItem, names: Names, other: tuple[Names, set[str]]
) -> Likeness:
    """Return the likeness as far as the codes allow it.

    Codes of one shape that nobody had to read are of one list: two that differ are two articles.
    Where the words are the same, a person has to say.
    """
    target, shared = other
    limit = likeness.score
    if names.has_other_code(target, shared):
        limit = OTHER_ARTICLE
    elif _states_other_code(item, target):
        limit = _DOUBTFUL if names_likeness(names, target) >= _SAME_WORDS else OTHER_ARTICLE
    return replace(likeness, score=min(likeness.score, limit))


def _states_other_code(item: LineItem, target: Names) -> bool:
    """Return whether a code that nobody had to read is another one of the order's kind of codes."""
    stated = [
        normalise_code(leaf.text)
        for kind in ("product_code", "buyer_item_id")
        if (leaf := item.field(kind)) is not None and leaf.text and leaf.confidence == 1
    ]
    shapes = {_shape(code) for code in target.codes}
    return any(_shape(code) in shapes for code in stated)


def _shape(code: str) -> str:
    return "".join("9" if letter.isdigit() else "A" for letter in code)


def best_pairing(scores: Sequence[Mapping[int, float]], line_of: Sequence[int]) -> list[int | None]:
    """Return for each row the column it belongs to (a key of its mapping); None: none is like it.

    `line_of` is the PO line of each column. The sum of the scores is the largest possible,
    where every row after the first on one PO line costs `SHARING`; equal sums prefer older PO
    lines. Rows that no PO line is at least `MIN_LIKENESS` like belong nowhere.
    """
    count = max(line_of, default=0) + 1
    best = [_best_by_line(row, line_of, count) for row in scores]
    able = [number for number, row in enumerate(best) if row]
    chosen: list[int | None] = [None] * len(scores)
    if not able:
        return chosen
    favourite = {number: max(best[number].values()) for number in able}
    lines = best_assignment(
        [{line: score for line, (score, _) in best[number].items()} for number in able],
        [favourite[number][0] - SHARING for number in able],
    )
    for number, line in zip(able, lines, strict=True):
        # A row without a PO line of its own shares the one it is most like.
        pair = favourite[number] if line is None else best[number][line]
        chosen[number] = pair[1]
    return chosen


def _best_by_line(
    row: Mapping[int, float], line_of: Sequence[int], count: int
) -> dict[int, tuple[float, int]]:
    """Return (score, column) by PO line alike enough; older PO lines score a trifle more."""
    best: dict[int, tuple[float, int]] = {}
    for column, score in row.items():
        aged = score - _AGE * line_of[column] / count
        if score >= MIN_LIKENESS and aged > best.get(line_of[column], (0.0, 0))[0]:
            best[line_of[column]] = aged, column
    return best


def _without_weak_rivals(
    scores: Sequence[dict[int, float]], line_of: Sequence[int]
) -> list[dict[int, float]]:
    """Return the scores without weak likenesses to a PO line that another row surely fits."""
    fitting: defaultdict[int, set[int]] = defaultdict(set)
    for number, row in enumerate(scores):
        for column, score in row.items():
            if score >= SURE_LIKENESS and score == max(row.values()):
                fitting[line_of[column]].add(number)
    return [
        {
            column: score
            for column, score in row.items()
            if score >= MIN_SHARING_LIKENESS or not fitting[line_of[column]] - {number}
        }
        for number, row in enumerate(scores)
    ]


def _assignment(
    row: Mapping[int, Likeness],
    choice: int | None,
    lines: Sequence[OrderLine],
    targets: Sequence[_Target],
    articles: Sequence[int],
) -> Assignment:
    if choice is None:
        nearest = max(row, key=lambda index: row[index].score, default=None)
        if nearest is None:
            return Assignment(None, 0.0)
        likeness = row[nearest]
        return Assignment(None, likeness.score, likeness.by, nearest=lines[targets[nearest].line])
    # A PO line for the same article is no rival: allocation spreads the quantity over both.
    line, chosen = targets[choice].line, row[choice]
    rivals = [
        index
        for index, likeness in row.items()
        if chosen.score - likeness.score < MARGIN
        and articles[targets[index].line] != articles[line]
    ]
    best = max(rivals, key=lambda index: row[index].score, default=None)
    return Assignment(
        lines[line],
        chosen.score,
        chosen.by,
        runner_up=None if best is None else lines[targets[best].line],
        rivals=tuple(lines[number] for number in sorted({targets[rival].line for rival in rivals})),
        component=targets[choice].component,
    )
