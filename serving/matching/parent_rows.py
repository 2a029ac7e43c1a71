"""Rows that are the sums of rows below them: a week above its spots, a set above its parts.

They bill the same money twice. Where the invoice's own sums hold only without one of the two sides,
that side is a subtotal; where no sum tells, the rows are in doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.records import ExtractedDocument, LineItem
from serving.matching.findings.arithmetic import AMOUNT_SLACK
from serving.matching.invoice.sums import header_number, is_balanced
from serving.matching.pairing.article_names import printed_names
from serving.matching.pairing.billed_line import CHARGE_TYPES, SILENT_TYPES

# A row is compared with the sum of at most this many rows below it.
_MOST_CHILDREN = 60
_SHORTEST_WORD = 3


@dataclass(frozen=True, slots=True)
class Family:
    """A row and the rows below it that sum to it, by their numbers from 0."""

    parent: int
    children: tuple[int, ...]

    @property
    def rows(self) -> tuple[int, ...]:
        return (self.parent, *self.children)


def without_parents(document: ExtractedDocument) -> ExtractedDocument:
    """Return the document with rows that its sums do not hold as subtotals.

    Kept is the side that says what it bills: the parent where it prints quantity and price.
    """
    if not _has_sums(document) or is_balanced(document):
        return document
    families = _families(document.line_items)
    if not families:
        return document
    silent = {number for family in families for number in _silent_side(document, family)}
    items = tuple(
        replace(item, line_type="subtotal") if number in silent else item
        for number, item in enumerate(document.line_items)
    )
    changed = replace(document, line_items=items)
    return changed if is_balanced(changed) else document


def doubted_rows(document: ExtractedDocument) -> dict[int, str]:
    """Return by number (from 0) why a row may bill what others bill, where no sum tells."""
    if is_balanced(document):
        return {}
    doubts = dict[int, str]()
    for family in _families(document.line_items):
        rows = [document.line_items[number] for number in family.rows]
        # Rows that each state quantity and price are parts of one delivery rather.
        is_whole = all(item.quantity is not None and item.unit_price is not None for item in rows)
        if not is_whole and _are_akin(document.line_items, family):
            sentence = f"line {family.parent + 1} may be the sum of the rows below it"
            doubts |= dict.fromkeys(family.rows, sentence)
    return doubts


def _has_sums(document: ExtractedDocument) -> bool:
    return any(header_number(document, name) is not None for name in ("sub_total", "invoice_total"))


def _silent_side(document: ExtractedDocument, family: Family) -> tuple[int, ...]:
    parent = document.line_items[family.parent]
    is_whole = parent.quantity is not None and parent.unit_price is not None
    return family.children if is_whole else (family.parent,)


def _families(items: Sequence[LineItem]) -> list[Family]:
    """Return rows with the rows below them that sum to them, none of them twice."""
    amounts = [_amount(item) for item in items]
    families, number = [], 0
    while number < len(items):
        family = _family_of(number, amounts)
        # A single row below is the same money once more only where it says less.
        is_one = family is not None and len(family.children) == 1
        if family is None or (is_one and not _says_less(items, family)):
            number += 1
            continue
        families.append(family)
        number = family.children[-1] + 1
    return families


def _family_of(number: int, amounts: Sequence[Fraction | None]) -> Family | None:
    whole = amounts[number]
    if whole is None or whole <= 0:
        return None
    total, children = Fraction(0), list[int]()
    for place in range(number + 1, min(len(amounts), number + 1 + _MOST_CHILDREN)):
        amount = amounts[place]
        if amount is None or amount <= 0:
            break
        total += amount
        children.append(place)
        if abs(total - whole) <= AMOUNT_SLACK:
            return Family(number, tuple(children))
        if total > whole:
            break
    return None


def _amount(item: LineItem) -> Fraction | None:
    """Return the amount of a row of goods; None for other rows and where none was read."""
    if item.line_type in CHARGE_TYPES | SILENT_TYPES or item.amount is None:
        return None
    return None if item.amount.decimal is None else Fraction(item.amount.decimal)


def _says_less(items: Sequence[LineItem], family: Family) -> bool:
    parent, child = items[family.parent], items[family.children[0]]
    is_counted = parent.quantity is not None and child.quantity is None
    return is_counted and _shares_words(parent, child)


def _are_akin(items: Sequence[LineItem], family: Family) -> bool:
    """Return whether every row below names what the parent names, in part."""
    parent = items[family.parent]
    return all(_shares_words(parent, items[number]) for number in family.children)


def _shares_words(parent: LineItem, child: LineItem) -> bool:
    words = {word for word in printed_names(parent).words.split() if len(word) >= _SHORTEST_WORD}
    return bool(words & set(printed_names(child).words.split()))
